//! Attempts that take too long.

use crate::trial::Trial;
use flowright::testing::ManualClock;
use flowright::{Clock, Policy};
use flowright_sqlite::{RunStatus, RunningWorker, What, Worker};
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

/// A nap of an hour that may take so long.
async fn long_nap(trial: &Trial) -> ManualClock {
    trial.submit("a", &[("brief_nap", json!({ "ms": 3_600_000 }))]).await;
    ManualClock::at(SystemTime::now())
}

fn assert_timed_out(run: &flowright_sqlite::RunRecord) {
    assert_eq!(run.status, RunStatus::Failed);
    assert_eq!(run.outcome["failed"]["message"], "it did not end within 60s");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nap_that_takes_too_long_fails_in_time_also_where_the_run_left_the_memory() {
    let trial = Trial::new();
    let clock = long_nap(&trial).await;
    let worker = trial.worker_by(&clock).start().unwrap();
    trial.until(|trial| trial.status("a") == RunStatus::Waiting).await;
    clock.advance(Duration::from_secs(59));
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(trial.status("a"), RunStatus::Waiting);
    clock.advance(Duration::from_secs(1));
    assert_timed_out(&trial.end("a").await);
    worker.stop().await;
    assert_eq!(trial.world.done(), ["nap"], "it is not called in vain");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_has_no_more_time_for_being_started_again() {
    let trial = Trial::new();
    let clock = long_nap(&trial).await;
    for _ in 0..3 {
        let worker = trial.worker_by(&clock).start().unwrap();
        trial.until(|trial| trial.status("a") == RunStatus::Waiting).await;
        worker.stop().await;
        clock.advance(Duration::from_secs(15));
    }
    clock.advance(Duration::from_secs(15));
    let begun = trial.world.done().len();
    let worker = trial.worker_by(&clock).start().unwrap();
    assert_timed_out(&trial.end("a").await);
    worker.stop().await;
    assert_eq!(trial.world.done().len(), begun, "it is not called in vain");
}

/// A run of `hasty` whose writes fail once from when the file is locked on.
struct Hasty {
    trial: Trial,
    clock: ManualClock,
    worker: RunningWorker,
    lock: Arc<Mutex<Lock>>,
}

#[derive(Default)]
struct Lock {
    connection: Option<Connection>,
    /// How many commits began or ended since the file was locked.
    boundaries: u32,
}

impl Hasty {
    async fn new() -> Self {
        let lock = Arc::<Mutex<Lock>>::default();
        let seen = Arc::clone(&lock);
        let trial = Trial::with_boundaries(move || {
            let mut lock = seen.lock().unwrap();
            if let Some(connection) = &lock.connection {
                // One write fails, and what comes next is written before it is tried again.
                if lock.boundaries == 2 {
                    connection.execute_batch("rollback").unwrap();
                    lock.connection = None;
                }
                lock.boundaries += 1;
            }
        });
        trial.submit("a", &[("hasty", json!({}))]).await;
        let clock = ManualClock::at(SystemTime::now());
        let policy = Policy::new().backoff(Duration::from_secs(20), Duration::from_secs(20));
        let engine = trial.engine().clock(clock.clone()).policy("hasty", policy).build().unwrap();
        let worker = Worker::new(&trial.journal, engine).lease(Duration::from_hours(1)).start().unwrap();
        trial.until(|trial| trial.world.done() == ["work"]).await;
        Hasty { trial, clock, worker, lock }
    }

    /// The first attempt goes through a gate, and times out while what it does then cannot be written.
    async fn times_out_in_a_write(&self) {
        let connection = Connection::open(self.trial.file()).unwrap();
        connection.execute_batch("begin immediate").unwrap();
        *self.lock.lock().unwrap() = Lock { connection: Some(connection), boundaries: 0 };
        self.trial.world.gate.add_permits(1);
        self.trial.until(|_| self.lock.lock().unwrap().boundaries > 0).await;
        self.clock.advance(Duration::from_mins(1));
        self.trial.until(|trial| trial.status("a") == RunStatus::Waiting).await;
        self.clock.advance(Duration::from_mins(1));
    }

    async fn done(&self, done: &[&str]) {
        self.trial.until(|trial| trial.world.done() == done).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sub_step_that_ended_is_not_done_again_where_its_attempt_timed_out_before_it_was_written() {
    let hasty = Hasty::new().await;
    hasty.times_out_in_a_write().await;
    hasty.done(&["work", "tired"]).await;
    assert_eq!(hasty.trial.written("a", What::Step).len(), 1);
    hasty.trial.world.gate.add_permits(1);
    hasty.worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sleep_keeps_its_due_time_where_its_attempt_timed_out_before_it_was_written() {
    let hasty = Hasty::new().await;
    hasty.trial.world.gate.add_permits(1);
    hasty.trial.until(|trial| trial.written("a", What::Step).len() == 1).await;
    let (ms, now) = (3_600_000, hasty.clock.now().duration_since(SystemTime::UNIX_EPOCH).unwrap());
    hasty.times_out_in_a_write().await;
    hasty.trial.world.gate.add_permits(1);
    hasty.done(&["work", "tired", "tired"]).await;
    hasty.trial.until(|trial| trial.status("a") == RunStatus::Waiting).await;
    let sleeps: Vec<_> = hasty.trial.written("a", What::Sleep).iter().map(|sleep| sleep.due_ms).collect();
    assert_eq!(sleeps, [Some(i64::try_from(now.as_millis()).unwrap() + ms)]);
    hasty.worker.stop().await;
}
