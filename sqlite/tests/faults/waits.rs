//! Many who wait for one run.

use crate::trial::{Trial, go};
use flowright::Event;
use flowright_sqlite::RunStatus;
use serde_json::json;
use std::time::Instant;

#[tokio::test(flavor = "multi_thread")]
async fn many_who_wait_for_the_end_of_a_run_do_not_read_all_of_it_at_every_change() {
    let trial = Trial::new();
    let worker = trial.worker();
    let many: Vec<u32> = (0..100_000).collect();
    let workflow = trial.chain(&[("gate", json!({}))]);
    assert!(trial.client.submit("a", &workflow, Event::new("go", json!(many))).await.unwrap());
    trial.until(|trial| trial.world.done().len() == 1).await;
    let begun = Instant::now();
    assert!(trial.client.get("a").unwrap().event["data"].is_array());
    let reading = begun.elapsed();
    let waits: Vec<_> = (0..20)
        .map(|_| {
            let client = trial.client.clone();
            tokio::spawn(async move { client.wait("a").await.unwrap() })
        })
        .collect();
    let begun = Instant::now();
    let workflow = trial.chain(&[("say", json!({ "text": "one" }))]);
    for at in 0..30 {
        let id = format!("other {at}");
        assert!(trial.client.submit(&id, &workflow, go()).await.unwrap());
        trial.end(&id).await;
    }
    trial.world.gate.add_permits(1);
    for wait in waits {
        let run = wait.await.unwrap();
        assert!(run.status == RunStatus::Completed && run.event["data"] == json!(many));
    }
    let took = begun.elapsed();
    worker.stop().await;
    // Each of them reads it twice.
    let times = took.as_micros() / reading.as_micros();
    println!("{took:?}, which is {times} times {reading:?}");
    assert!(times < 250, "{times}");
}
