//! Attempts that are stopped while what they do is written.

use crate::trial::Trial;
use flowright::testing::ManualClock;
use flowright_sqlite::{RunStatus, What};
use rusqlite::Connection;
use serde_json::json;
use std::path::PathBuf;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, SystemTime};

/// Whether a wait has taken an event, in this file.
fn is_taken(file: &PathBuf) -> bool {
    let connection = Connection::open(file).unwrap();
    let sql = "select exists (select 1 from event where taken_by is not null)";
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_was_taken_for_an_attempt_that_timed_out_meanwhile_is_the_next_ones() {
    let file = Arc::<OnceLock<PathBuf>>::default();
    let (taken, was_taken) = channel::<()>();
    let (go_on, may_go_on) = channel::<()>();
    let (seen, once) = (Arc::clone(&file), Mutex::new(Some((taken, may_go_on))));
    let trial = Trial::with_boundaries(move || {
        if seen.get().is_some_and(is_taken)
            && let Some((taken, may_go_on)) = once.lock().unwrap().take()
        {
            taken.send(()).unwrap();
            may_go_on.recv_timeout(Duration::from_secs(30)).unwrap();
        }
    });
    file.set(trial.file()).unwrap();
    trial.submit("a", &[("hurried", json!({}))]).await;
    for by in ["Ada", "Bob"] {
        trial.client.send("a", "approved", json!({ "by": by })).await.unwrap();
    }
    let clock = ManualClock::at(SystemTime::now());
    let worker = trial.worker_by(&clock).lease(Duration::from_hours(1)).start().unwrap();
    trial.until(|_| was_taken.try_recv().is_ok()).await;
    clock.advance(Duration::from_mins(1));
    trial.until(|trial| trial.world.done() == ["attempt 1", "over"]).await;
    go_on.send(()).unwrap();
    let again = |trial: &Trial| {
        clock.advance(Duration::from_millis(50));
        trial.world.done().contains(&"attempt 2".to_owned())
    };
    trial.until(again).await;
    let run = trial.end("a").await;
    assert_eq!((run.status, &run.outcome["state"]), (RunStatus::Completed, &json!({ "1": "Ada" })));
    worker.stop().await;
    assert_eq!(trial.written("a", What::Waited).len(), 1);
    let connection = Connection::open(trial.file()).unwrap();
    let sql = "select data from event where taken_by is null";
    let left: String = connection.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(left, r#"{"by":"Bob"}"#);
}
