//! Runs from their submission to their end.

use crate::trial::{Trial, nap};
use flowright::prelude::*;
use flowright_sqlite::{JournalError, RunStatus, What, Worker};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_run_is_executed_to_its_end() {
    let trial = Trial::new();
    trial
        .submit("a", &[("say", json!({ "text": "one" })), ("say", json!({ "text": "!ref($.state.1)" }))])
        .await;
    assert_eq!(trial.status("a"), RunStatus::Queued);
    let worker = trial.worker();
    let run = trial.end("a").await;
    assert_eq!(
        (run.status, &run.outcome["state"]),
        (RunStatus::Completed, &json!({ "1": "one", "2": "one" }))
    );
    let history = trial.client.history("a").unwrap();
    let history: Vec<_> = history.iter().map(|entry| (entry.what, &*entry.action)).collect();
    assert_eq!(
        history,
        [(What::Started, "1"), (What::Completed, "1"), (What::Started, "2"), (What::Completed, "2")]
    );
    worker.stop().await;
}

#[tokio::test]
async fn a_run_is_submitted_once() {
    let trial = Trial::new();
    let actions = [("say", json!({ "text": "one" }))];
    trial.submit("a", &actions).await;
    let again = trial.client.submit("a", &trial.chain(&actions), Event::new("go", json!(null))).await;
    assert!(!again.unwrap());
    let other = trial.client.submit("a", &trial.chain(&actions), Event::new("go", json!(1))).await;
    assert!(matches!(other, Err(JournalError::OtherRun(id)) if id == "a"));
    let worker = trial.worker();
    trial.end("a").await;
    worker.stop().await;
    assert_eq!(trial.world.done(), ["one"]);
}

#[tokio::test]
async fn what_has_failed_for_now_is_tried_again() {
    let trial = Trial::new();
    trial.submit("a", &[("flaky", json!({ "fails": 2 }))]).await;
    trial.submit("b", &[("flaky", json!({ "fails": 9 }))]).await;
    let worker = trial.worker();
    assert_eq!(trial.end("a").await.outcome["state"], json!({ "1": 3 }));
    let failed = trial.end("b").await;
    assert_eq!(failed.status, RunStatus::Failed);
    assert_eq!(
        failed.outcome["failed"],
        json!({ "action": "1", "kind": "flaky", "attempt": 4, "code": "action-failed", "message": "not now" })
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
async fn an_event_ends_a_wait_also_where_it_came_before() {
    let trial = Trial::new();
    trial.submit("a", &[("approval", json!({})), ("approval", json!({}))]).await;
    trial.client.send("a", "approved", json!({ "by": "Ada" })).await.unwrap();
    let worker = trial.worker();
    trial.until(|trial| trial.status("a") == RunStatus::Waiting).await;
    trial.client.send("a", "approved", json!({ "by": "Bob" })).await.unwrap();
    assert_eq!(trial.end("a").await.outcome["state"], json!({ "1": "Ada", "2": "Bob" }));
    worker.stop().await;
}

#[tokio::test]
async fn a_wait_ends_in_time() {
    let trial = Trial::new();
    trial.submit("a", &[("approval", json!({ "ms": 30 }))]).await;
    let worker = trial.worker();
    assert_eq!(trial.end("a").await.outcome["state"], json!({ "1": null }));
    worker.stop().await;
}

#[tokio::test]
async fn events_that_cannot_be_taken_are_refused() {
    let trial = Trial::new();
    trial.submit("a", &[("say", json!({ "text": "one" }))]).await;
    let send = async |run: &str, event: &str, data: Value| {
        trial.client.send(run, event, data).await.unwrap_err().to_string()
    };
    assert_eq!(send("z", "approved", json!({ "by": "Ada" })).await, "there is no run `z`");
    assert!(send("a", "approved", json!({ "by": 1 })).await.starts_with("the event `approved` is refused: "));
    assert!(send("a", "aproved", json!(1)).await.ends_with("did you mean `approved`?"));
    let worker = trial.worker();
    trial.end("a").await;
    assert_eq!(
        send("a", "approved", json!({ "by": "Ada" })).await,
        "the run `a` has ended, and takes no more events"
    );
    worker.stop().await;
}

#[tokio::test]
async fn a_cancelled_run_stops_wherever_it_is() {
    let trial = Trial::new();
    for id in ["queued", "under way"] {
        trial.submit(id, &[("gate", json!({})), ("say", json!({ "text": "never" }))]).await;
    }
    assert!(trial.client.cancel("queued").await.unwrap());
    let worker = trial.worker();
    trial.until(|trial| trial.world.done() == ["knock under way/1"]).await;
    assert!(trial.client.cancel("under way").await.unwrap());
    assert!(!trial.client.cancel("under way").await.unwrap());
    assert_eq!(trial.end("under way").await.status, RunStatus::Cancelled);
    let begun = Instant::now();
    worker.stop().await;
    // Nothing was under way any more that it would have given time to end.
    assert!(begun.elapsed() < Duration::from_secs(20));
    assert_eq!(trial.world.done(), ["knock under way/1"]);
    assert!(matches!(trial.client.cancel("z").await, Err(JournalError::NoRun(_))));
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
