//! A clock that jumps.

use crate::trial::{LEASE, Trial};
use flowright::Clock;
use flowright::testing::ManualClock;
use flowright_sqlite::{RunStatus, What};
use serde_json::json;
use std::time::{Duration, Instant, SystemTime};

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

/// Lets the clock jump an hour back, or forward.
fn jump(clock: &ManualClock, is_back: bool) {
    clock.set(if is_back { clock.now() - HOUR } else { clock.now() + HOUR });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_lives_keeps_its_runs_wherever_the_clock_jumps() {
    for is_back in [true, false] {
        let trial = Trial::new();
        let clock = ManualClock::at(SystemTime::now() + HOUR);
        trial.submit("a", &[("gate", json!({}))]).await;
        let one = trial.worker_by(&clock).start().unwrap();
        trial.until(|trial| trial.world.done() == ["knock a/1"]).await;
        let name = trial.client.get("a").unwrap().worker;
        let two = trial.worker_by(&clock).start().unwrap();
        some_looks().await;
        jump(&clock, is_back);
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
}

#[tokio::test(flavor = "multi_thread")]
async fn the_runs_of_a_worker_that_crashed_are_taken_over_after_its_lease_wherever_the_clock_jumps() {
    for is_back in [true, false] {
        let trial = Trial::new();
        let clock = ManualClock::at(SystemTime::now() + HOUR);
        trial.submit("new", &[("gate", json!({}))]).await;
        trial.submit("slept", &[("nap", json!({ "ms": 60_000 })), ("gate", json!({}))]).await;
        let worker = Trial::doomed(trial.worker_by(&clock));
        trial.until(|trial| trial.status("slept") == RunStatus::Waiting).await;
        clock.advance(Duration::from_mins(1));
        let knocks = ["knock new/1", "knock slept/2"].map(str::to_owned);
        trial.until(|trial| knocks.iter().all(|knock| trial.world.done().contains(knock))).await;
        trial.until(|trial| trial.written("slept", What::Step).len() == 1).await;
        worker.crash();
        jump(&clock, is_back);
        let begun = Instant::now();
        let other = trial.worker_by(&clock).start().unwrap();
        trial
            .until(|trial| ["new", "slept"].iter().all(|id| trial.written(id, What::Started).len() > 1))
            .await;
        assert!(begun.elapsed() > LEASE);
        trial.world.gate.add_permits(2);
        for id in ["new", "slept"] {
            assert_eq!(trial.end(id).await.status, RunStatus::Completed);
        }
        other.stop().await;
        let done = trial.world.done();
        assert_eq!(done.iter().filter(|done| done.starts_with("through")).count(), 2, "{done:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_stopping_worker_did_not_start_is_due_at_once_also_where_the_clock_jumps_back() {
    let trial = Trial::new();
    let clock = ManualClock::at(SystemTime::now() + HOUR);
    trial.submit("a", &[("gate", json!({})), ("say", json!({ "text": "later" }))]).await;
    let worker = trial.worker_by(&clock).start().unwrap();
    trial.until(|trial| trial.world.done() == ["knock a/1"]).await;
    let stopped = tokio::spawn(worker.stop());
    some_looks().await;
    trial.world.gate.add_permits(1);
    stopped.await.unwrap();
    assert_eq!((trial.status("a"), trial.completed("a").len()), (RunStatus::Waiting, 1));
    jump(&clock, true);
    let worker = trial.worker_by(&clock).start().unwrap();
    assert_eq!(trial.end("a").await.status, RunStatus::Completed);
    worker.stop().await;
}
