//! A clock that jumps back.

use crate::trial::Trial;
use flowright::Clock;
use flowright::testing::ManualClock;
use flowright_sqlite::{RunStatus, What};
use serde_json::json;
use std::time::{Duration, SystemTime};

const HOUR: Duration = Duration::from_hours(1);

/// Lets workers look at the journal a few times.
async fn some_looks() {
    tokio::time::sleep(Duration::from_millis(200)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sleeps_end_when_they_were_going_to_end_also_where_the_clock_jumps_back() {
    let trial = Trial::new();
    let clock = ManualClock::at(SystemTime::now() + HOUR);
    trial.submit("short", &[("nap", json!({ "ms": 5_000 }))]).await;
    trial.submit("long", &[("nap", json!({ "ms": 60_000 }))]).await;
    let worker = trial.worker_by(&clock).start().unwrap();
    trial.until(|trial| trial.status("long") == RunStatus::Waiting).await;
    trial.until(|trial| !trial.written("short", What::Sleep).is_empty()).await;
    let begun = clock.now();
    let due = |id: &str| trial.written(id, What::Sleep)[0].due_ms;
    let dues = (due("short"), due("long"));

    clock.set(begun - HOUR / 2);
    some_looks().await;
    clock.set(begun + Duration::from_millis(4_990));
    some_looks().await;
    assert_eq!(trial.world.done(), ["nap", "nap"]);
    clock.set(begun + Duration::from_secs(5));
    assert_eq!(trial.end("short").await.status, RunStatus::Completed);
    clock.set(begun + Duration::from_millis(59_990));
    some_looks().await;
    assert_eq!(trial.status("long"), RunStatus::Waiting);
    clock.set(begun + Duration::from_mins(1));
    assert_eq!(trial.end("long").await.status, RunStatus::Completed);
    worker.stop().await;
    assert_eq!((due("short"), due("long")), dues);
    // The long one left the memory, and began anew past its recorded sleep.
    assert_eq!(trial.world.done(), ["nap", "nap", "awake", "nap", "awake"]);
    assert_eq!(trial.written("long", What::Sleep).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_lives_keeps_its_runs_when_the_clock_jumps_back() {
    let trial = Trial::new();
    let clock = ManualClock::at(SystemTime::now() + HOUR);
    trial.submit("a", &[("gate", json!({}))]).await;
    let one = trial.worker_by(&clock).start().unwrap();
    trial.until(|trial| trial.world.done() == ["knock a/1"]).await;
    let name = trial.client.get("a").unwrap().worker;
    clock.set(clock.now() - HOUR * 2);
    let two = trial.worker_by(&clock).start().unwrap();
    for _ in 0..10 {
        some_looks().await;
        clock.advance(Duration::from_millis(200));
        assert_eq!(trial.client.get("a").unwrap().worker, name);
    }
    trial.world.gate.add_permits(1);
    assert_eq!(trial.end("a").await.status, RunStatus::Completed);
    one.stop().await;
    two.stop().await;
    assert_eq!(trial.world.done(), ["knock a/1", "through a/1"]);
    assert_eq!(trial.written("a", What::Started).len(), 1);
}
