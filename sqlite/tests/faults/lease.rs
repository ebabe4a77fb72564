//! Workers whose threads are all held up.

use crate::trial::Trial;
use flowright_sqlite::{RunStatus, What};
use serde_json::json;
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread")]
async fn an_action_that_blocks_all_of_its_worker_does_not_lose_it_the_run() {
    let trial = Trial::new();
    trial.submit("a", &[("block", json!({})), ("say", json!({ "text": "!ref($.state.1)" }))]).await;
    let (stop, mut stopped) = tokio::sync::watch::channel(());
    let worker = trial.idle_worker().lease(Duration::from_millis(100));
    let slow = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let worker = worker.start().unwrap();
            drop(stopped.changed().await);
            worker.stop().await;
        });
    });
    trial.until(|trial| trial.world.done() == ["block 1"]).await;
    let first = trial.client.get("a").unwrap().worker;
    let other = trial.worker();
    let begun = Instant::now();
    trial.until(|_| begun.elapsed() > Duration::from_millis(500)).await;
    assert_eq!(trial.client.get("a").unwrap().worker, first);
    trial.world.unblock(1);
    let run = trial.end("a").await;
    stop.send_replace(());
    tokio::task::spawn_blocking(|| slow.join().unwrap()).await.unwrap();
    other.stop().await;
    assert_eq!((run.status, &run.outcome["state"]), (RunStatus::Completed, &json!({ "1": "1", "2": "1" })));
    assert_eq!(trial.world.done(), ["block 1", "1"]);
    assert_eq!(trial.written("a", What::Started).len(), 2);
}
