//! Runs that are forgotten.

use crate::trial::Trial;
use flowright::prelude::*;
use flowright::testing::ManualClock;
use flowright_sqlite::{JournalError, RunStatus, RunningWorker, Worker};
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const HOUR: Duration = Duration::from_hours(1);

impl Trial {
    fn is_forgotten(&self, id: &str) -> bool {
        match self.client.get(id) {
            Ok(_) => false,
            Err(JournalError::NoRun(_)) => true,
            Err(error) => panic!("{error}"),
        }
    }

    fn count(&self, table: &str) -> u32 {
        let sql = format!("select count(*) from {table}");
        self.connection().query_row(&sql, [], |row| row.get(0)).unwrap()
    }

    /// Forgets all that has ended.
    async fn forget(&self) -> u64 {
        self.client.forget_finished(SystemTime::now() + HOUR).await.unwrap()
    }

    fn forgetful_worker(&self, clock: &ManualClock, keep: Duration) -> RunningWorker {
        let builder = Engine::builder(self.registry.clone()).shared(Arc::clone(&self.world));
        let engine = builder.clock(clock.clone()).build().unwrap();
        Worker::new(&self.journal, engine).keep_finished(keep).start().unwrap()
    }
}

#[tokio::test]
async fn what_completed_failed_or_was_cancelled_is_forgotten_and_nothing_else() {
    let trial = Trial::new();
    for id in ["parked", "waiting", "queued", "cancelled"] {
        trial.submit(id, &[("approval", json!({}))]).await;
    }
    let worker = trial.worker();
    for id in ["parked", "waiting", "queued", "cancelled"] {
        trial.until(|trial| trial.status(id) == RunStatus::Waiting).await;
    }
    trial.submit("completed", &[("approval", json!({}))]).await;
    trial.client.send("completed", "approved", json!({ "by": "Ada" })).await.unwrap();
    trial.submit("failed", &[("flaky", json!({ "fails": 9 }))]).await;
    assert_eq!(trial.end("completed").await.status, RunStatus::Completed);
    assert_eq!(trial.end("failed").await.status, RunStatus::Failed);
    worker.stop().await;
    trial.client.cancel("cancelled").await.unwrap();
    for (id, status) in [("parked", "parked"), ("queued", "queued")] {
        trial.journal.alter(&format!("update run set status = '{status}' where id = '{id}'")).await.unwrap();
    }

    assert_eq!(trial.client.forget_finished(SystemTime::now() - HOUR).await.unwrap(), 0);
    assert_eq!(trial.forget().await, 3);
    assert_eq!(trial.forget().await, 0);
    for id in ["completed", "failed", "cancelled"] {
        assert!(trial.is_forgotten(id), "{id}");
        assert!(matches!(trial.client.history(id), Err(JournalError::NoRun(_))));
    }
    for id in ["parked", "waiting", "queued"] {
        assert!(!trial.is_forgotten(id), "{id}");
        assert_eq!(trial.client.history(id).unwrap().len(), 2);
    }
    assert_eq!((trial.count("entry"), trial.count("event")), (6, 0));
}

#[tokio::test]
async fn what_finished_at_a_time_did_not_finish_before_it() {
    let trial = Trial::new();
    for (id, finished_ms) in [("a", 5_000), ("b", 6_000)] {
        trial.submit(id, &[("say", json!({ "text": id }))]).await;
        trial.client.cancel(id).await.unwrap();
        let update = format!("update run set finished_ms = {finished_ms} where id = '{id}'");
        trial.journal.alter(&update).await.unwrap();
    }
    assert_eq!(trial.client.forget_finished(UNIX_EPOCH + Duration::from_secs(6)).await.unwrap(), 1);
    assert!(trial.is_forgotten("a") && !trial.is_forgotten("b"));
}

#[tokio::test]
async fn many_runs_are_forgotten_at_once() {
    let trial = Trial::new();
    let runs = "with recursive runs (at) as (select 1 union all select at + 1 from runs where at < 1500)
                insert into run (id, status, created_ms, due_ms, finished_ms, claim, entries, events, sum)
                select at, 'completed', 0, 0, at, 0, 0, 0, 0 from runs";
    trial.journal.alter(runs).await.unwrap();
    let clock = ManualClock::at(UNIX_EPOCH + HOUR);
    let worker = trial.forgetful_worker(&clock, Duration::from_millis(3_599_100));
    trial.until(|trial| trial.count("run") == 601).await;
    worker.stop().await;
    assert_eq!(trial.forget().await, 601);
}

#[tokio::test]
async fn a_worker_forgets_what_finished_longer_ago_by_its_clock_than_it_is_to_keep() {
    let trial = Trial::new();
    let clock = ManualClock::at(UNIX_EPOCH + HOUR);
    let worker = trial.forgetful_worker(&clock, HOUR);
    trial.submit("a", &[("say", json!({ "text": "a" }))]).await;
    trial.end("a").await;
    clock.advance(HOUR);
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert!(!trial.is_forgotten("a"));
    clock.advance(Duration::from_millis(1));
    trial.until(|trial| trial.is_forgotten("a")).await;
    worker.stop().await;
}

#[tokio::test]
async fn a_worker_of_which_nothing_else_is_said_keeps_all_runs() {
    let trial = Trial::new();
    trial.submit("a", &[("say", json!({ "text": "a" }))]).await;
    trial.client.cancel("a").await.unwrap();
    trial.journal.alter("update run set finished_ms = 0").await.unwrap();
    let worker = trial.worker();
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    worker.stop().await;
    assert!(!trial.is_forgotten("a"));
}

#[tokio::test]
async fn the_id_of_a_forgotten_run_may_be_submitted_anew_and_is_another_run() {
    let trial = Trial::new();
    let number = |trial: &Trial| -> i64 {
        trial.connection().query_row("select number from run", [], |row| row.get(0)).unwrap()
    };
    let worker = trial.worker();
    trial.submit("a", &[("say", json!({ "text": "one" }))]).await;
    trial.end("a").await;
    let first = number(&trial);
    assert_eq!(trial.forget().await, 1);
    trial.submit("a", &[("say", json!({ "text": "two" }))]).await;
    assert_eq!(trial.end("a").await.outcome["state"], json!({ "1": "two" }));
    assert!(number(&trial) > first, "what is still written of the first is not written of the second");
    worker.stop().await;
    assert_eq!(trial.world.done(), ["one", "two"]);
}

#[tokio::test]
async fn a_run_that_somebody_cancelled_and_forgot_at_once_stops() {
    let trial = Trial::new();
    trial.submit("a", &[("gate", json!({}))]).await;
    let worker = trial.worker();
    trial.until(|trial| trial.world.done() == ["knock a/1"]).await;
    trial.journal.alter("delete from entry; delete from submission; delete from run").await.unwrap();
    tokio::time::timeout(Duration::from_secs(20), worker.stop()).await.expect("it stops");
    assert_eq!((trial.count("run"), trial.count("entry")), (0, 0));
}

#[tokio::test]
async fn the_room_of_what_is_forgotten_is_used_again() {
    let trial = Trial::new();
    let pages = |trial: &Trial| -> u32 {
        trial.connection().query_row("pragma page_count", [], |row| row.get(0)).unwrap()
    };
    let worker = trial.worker();
    let mut after_round = Vec::new();
    for round in 0..6 {
        for run in 0..20 {
            let text = format!("{round} {run} {}", "x".repeat(5_000));
            trial.submit(&format!("{round} {run}"), &[("say", json!({ "text": text }))]).await;
        }
        for run in 0..20 {
            trial.end(&format!("{round} {run}")).await;
        }
        assert_eq!(trial.forget().await, 20);
        after_round.push(pages(&trial));
    }
    worker.stop().await;
    assert!(after_round[0] > 50 && after_round[5] < after_round[0] * 2, "{after_round:?}");
}
