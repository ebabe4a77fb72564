//! Runs from their submission to their end.

use crate::trial::{Trial, nap};
use flowright::prelude::*;
use flowright_sqlite::{RunStatus, What, Worker};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};

#[tokio::test]
async fn what_happens_in_a_run_is_written_down_in_order() {
    let trial = Trial::new();
    trial
        .submit("a", &[("say", json!({ "text": "one" })), ("say", json!({ "text": "!ref($.state.1)" }))])
        .await;
    assert_eq!(trial.status("a"), RunStatus::Queued);
    let worker = trial.worker();
    assert_eq!(trial.end("a").await.status, RunStatus::Completed);
    let history = trial.client.history("a").unwrap();
    let history: Vec<_> = history.iter().map(|entry| (entry.what, &*entry.action)).collect();
    assert_eq!(
        history,
        [(What::Started, "1"), (What::Completed, "1"), (What::Started, "2"), (What::Completed, "2")]
    );
    worker.stop().await;
}

#[tokio::test]
async fn what_sleeps_long_goes_on_with_the_next_worker() {
    let trial = Trial::new();
    trial.submit("a", &[("nap", json!({ "ms": 11_000 }))]).await;
    let worker = trial.worker();
    trial.until(|trial| trial.status("a") == RunStatus::Waiting).await;
    let due_ms = trial.client.get("a").unwrap().due_ms;
    worker.stop().await;
    let run = trial.client.get("a").unwrap();
    assert_eq!((run.status, run.due_ms, run.worker), (RunStatus::Waiting, due_ms, None));
}

#[tokio::test]
async fn of_a_run_that_was_cancelled_nothing_starts_and_no_worker_waits_for_it() {
    let trial = Trial::new();
    for id in ["queued", "under way"] {
        trial.submit(id, &[("gate", json!({})), ("say", json!({ "text": "never" }))]).await;
    }
    assert!(trial.client.cancel("queued").await.unwrap());
    let worker = trial.worker();
    trial.until(|trial| trial.world.done() == ["knock under way/1"]).await;
    assert!(trial.client.cancel("under way").await.unwrap());
    assert_eq!(trial.end("under way").await.status, RunStatus::Cancelled);
    let begun = Instant::now();
    worker.stop().await;
    // Nothing was under way any more that it would have given time to end.
    assert!(begun.elapsed() < Duration::from_secs(20));
    assert_eq!(trial.world.done(), ["knock under way/1"]);
}

#[tokio::test]
async fn a_worker_that_stops_lets_end_what_is_under_way_and_starts_nothing_more() {
    let trial = Trial::new();
    trial.submit("a", &[("gate", json!({})), ("say", json!({ "text": "later" }))]).await;
    let worker = trial.worker();
    trial.until(|trial| !trial.world.done().is_empty()).await;
    let stopped = tokio::spawn(worker.stop());
    tokio::time::sleep(Duration::from_millis(50)).await;
    trial.world.gate.notify_one();
    stopped.await.unwrap();
    assert_eq!(trial.world.done(), ["knock a/1", "through a/1"]);
    let worker = trial.worker();
    trial.end("a").await;
    worker.stop().await;
    assert_eq!(trial.world.done(), ["knock a/1", "through a/1", "later"]);
}

#[tokio::test]
async fn a_worker_may_be_given_all_the_time_there_is_to_stop_and_to_keep_its_runs() {
    let trial = Trial::new();
    trial.submit("a", &[("gate", json!({}))]).await;
    let worker = Worker::new(&trial.journal, trial.engine());
    let worker =
        worker.lease(Duration::MAX).grace(Duration::MAX).keep_finished(Duration::MAX).start().unwrap();
    trial.until(|trial| trial.world.done() == ["knock a/1"]).await;
    let stopped = tokio::spawn(worker.stop());
    tokio::time::sleep(Duration::from_millis(100)).await;
    trial.world.gate.notify_one();
    stopped.await.unwrap();
    assert_eq!(trial.status("a"), RunStatus::Completed);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_workers_one_has_a_run_and_the_other_takes_it_over() {
    let trial = Trial::new();
    for id in 0..20 {
        trial.submit(&format!("{id:02}"), &[("say", json!({ "text": id.to_string() }))]).await;
    }
    let (one, two) = (trial.worker(), trial.worker());
    for id in 0..20 {
        trial.end(&format!("{id:02}")).await;
    }
    let mut done = trial.world.done();
    done.sort_by_key(|word| word.parse::<u32>().unwrap());
    assert_eq!(done, (0..20).map(|id| id.to_string()).collect::<Vec<_>>());
    one.stop().await;
    two.stop().await;
}

#[tokio::test]
async fn a_run_whose_document_no_longer_fits_is_parked_with_the_report_until_it_is_resumed() {
    let trial = Trial::new();
    trial.submit("a", &[("say", json!({ "text": "one" }))]).await;
    let without = Registry::builder().actions(actions![nap]).event::<Value>("go").build().unwrap();
    let engine = Engine::builder(without).shared(Arc::clone(&trial.world)).build().unwrap();
    let worker = Worker::new(&trial.journal, engine).start().unwrap();
    let run = trial.end("a").await;
    assert_eq!(run.status, RunStatus::Parked);
    assert_eq!(run.outcome["diagnostics"][0]["code"], json!("unknown-kind"));
    worker.stop().await;
    let worker = trial.worker();
    assert!(trial.client.resume("a").await.unwrap());
    assert_eq!(trial.end("a").await.status, RunStatus::Completed);
    assert!(!trial.client.resume("a").await.unwrap());
    worker.stop().await;
}
