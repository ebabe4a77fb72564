//! Workers that show signs of life, and such that do not.

use crate::trial::{LEASE, Trial};
use flowright_sqlite::{RunStatus, What};
use rusqlite::Connection;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
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

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_is_written_down_until_it_stops_or_is_dead_and_without_runs() {
    let trial = Trial::new();
    trial.submit("a", &[("gate", json!({}))]).await;
    let doomed = Trial::doomed(trial.idle_worker());
    trial.until(|trial| trial.world.done() == ["knock a/1"]).await;
    let dead = trial.client.get("a").unwrap().worker.unwrap();
    assert_eq!(trial.workers(), [&*dead]);
    doomed.crash();
    // It has no room for another one's run, which is not removed while it has one.
    let full = trial.idle_worker().max_runs(1);
    trial.submit("b", &[("gate", json!({}))]).await;
    let full = full.start().unwrap();
    trial.until(|trial| trial.world.done().contains(&"knock b/1".to_owned())).await;
    tokio::time::sleep(LEASE * 3).await;
    assert_eq!((trial.workers().len(), trial.client.get("a").unwrap().worker), (2, Some(dead.clone())));

    trial.world.gate.add_permits(2);
    trial.end("a").await;
    trial.until(|trial| trial.workers().len() == 1).await;
    assert!(!trial.workers().contains(&dead));
    full.stop().await;
    assert_eq!(trial.workers(), [] as [String; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_claimed_for_a_worker_that_knows_nothing_of_it_is_taken_by_it() {
    let trial = Trial::new();
    let worker = trial.worker();
    trial.until(|trial| trial.workers().len() == 1).await;
    trial.submit("a", &[("say", json!({ "text": "one" }))]).await;
    trial.end("a").await;
    let claim = "update run set status = 'running', finished_ms = null, outcome = null,
                                claim = claim + 1, worker = (select name from worker)";
    trial.journal.alter(claim).await.unwrap();
    assert_eq!(trial.end("a").await.status, RunStatus::Completed);
    worker.stop().await;
}

/// How long workers have their runs whose rows are damaged between two beats.
const LONG: Duration = Duration::from_secs(8);

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_whose_row_is_damaged_keeps_its_runs() {
    for damage in
        ["lease_ms = -lease_ms", "lease_ms = 0", "name = name || 'x'", "name = cast(x'ff41' as text)"]
    {
        let trial = Trial::new();
        trial.submit("a", &[("gate", json!({}))]).await;
        let worker = trial.idle_worker().lease(LONG).start().unwrap();
        trial.until(|trial| trial.world.done() == ["knock a/1"]).await;
        let first = trial.client.get("a").unwrap().worker.unwrap();
        let other = trial.idle_worker().lease(LONG).start().unwrap();
        trial.until(|trial| trial.workers().len() == 2).await;
        let connection = Connection::open(trial.file()).unwrap();
        let damaged = connection.execute(&format!("update worker set {damage} where name = ?1"), [&first]);
        assert_eq!(damaged, Ok(1));
        assert!(trial.journal.faults().unwrap()[0].contains("the table `worker`"), "{damage}");
        tokio::time::sleep(LONG / 4 + Duration::from_millis(500)).await;
        assert_eq!(trial.client.get("a").unwrap().worker, Some(first), "{damage}");
        trial.world.gate.add_permits(1);
        trial.end("a").await;
        assert_eq!(trial.world.done(), ["knock a/1", "through a/1"], "{damage}");
        worker.stop().await;
        other.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_row_that_stands_still_is_that_of_a_dead_worker() {
    for damage in ["lease_ms = lease_ms << 30", "name = name || 'x'", "lease_ms = x'00', sum = ''"] {
        let trial = Trial::new();
        trial.submit("a", &[("gate", json!({}))]).await;
        let doomed = Trial::doomed(trial.idle_worker());
        trial.until(|trial| trial.world.done() == ["knock a/1"]).await;
        doomed.crash();
        let connection = Connection::open(trial.file()).unwrap();
        // Whatever of it still beats has ended by then.
        tokio::time::sleep(LEASE).await;
        connection.execute(&format!("update worker set {damage}"), []).unwrap();
        trial.world.gate.add_permits(1);
        let worker = trial.worker();
        assert_eq!(trial.end("a").await.status, RunStatus::Completed);
        trial.until(|trial| trial.workers().len() == 1).await;
        worker.stop().await;
        assert_eq!(trial.journal.faults().unwrap(), [] as [String; 0]);
    }
}

/// How many of the trial's files are open.
#[cfg(target_os = "linux")]
fn open_in(folder: &std::path::Path) -> usize {
    let open = std::fs::read_dir("/proc/self/fd").unwrap();
    let open = open.filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok());
    open.filter(|file| file.starts_with(folder)).count()
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_journal_is_closed_soon_after_its_worker_has_stopped_however_long_its_lease_is() {
    for is_dropped in [false, true] {
        let trial = Trial::new();
        let worker = trial.idle_worker().lease(Duration::MAX);
        if is_dropped {
            let doomed = Trial::doomed(worker);
            trial.until(|trial| trial.workers().len() == 1).await;
            doomed.crash();
        } else {
            let worker = worker.start().unwrap();
            trial.until(|trial| trial.workers().len() == 1).await;
            worker.stop().await;
        }
        let Trial { folder, journal, client, .. } = trial;
        drop((journal, client));
        let begun = Instant::now();
        while open_in(folder.path()) > 0 {
            assert!(begun.elapsed() < Duration::from_secs(10), "it is open, dropped: {is_dropped}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// A trial, and how often it has written.
fn counted() -> (Trial, Arc<AtomicUsize>) {
    let boundaries = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&boundaries);
    let trial = Trial::with_boundaries(move || {
        counted.fetch_add(1, Ordering::SeqCst);
    });
    (trial, boundaries)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_has_nothing_to_do_writes_nothing_but_its_beats() {
    let (trial, commits) = counted();
    // One that sleeps, and one of another worker.
    trial.submit("a", &[("nap", json!({ "ms": 86_400_000 }))]).await;
    trial.submit("b", &[("gate", json!({}))]).await;
    let other = trial.idle_worker().start().unwrap();
    trial.until(|trial| trial.status("a") == RunStatus::Waiting).await;
    trial.until(|trial| trial.world.done().contains(&"knock b/1".to_owned())).await;
    let idle = trial.idle_worker().lease(Duration::from_hours(1)).start().unwrap();
    trial.until(|trial| trial.workers().len() == 2).await;
    let (before, begun) = (commits.load(Ordering::SeqCst), Instant::now());
    tokio::time::sleep(Duration::from_secs(1)).await;
    let commits = (commits.load(Ordering::SeqCst) - before).div_ceil(2);
    let beats = begun.elapsed().as_millis().div_ceil(LEASE.as_millis() / 4);
    assert!(commits > 5 && commits <= usize::try_from(beats).unwrap() + 1, "{commits} commits");
    trial.world.gate.add_permits(1);
    idle.stop().await;
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_another_worker_has_by_now_is_stopped() {
    let trial = Trial::new();
    for id in ["a", "b"] {
        trial.submit(id, &[("gate", json!({}))]).await;
    }
    let worker = trial.worker();
    trial.until(|trial| trial.world.done().len() == 2).await;
    trial.until(|trial| trial.written("a", What::Step).len() == 1).await;
    let takeover = "insert into worker values ('other', 1, 0, 3600000, 0);
                    update run set worker = 'other', claim = claim + 1 where id = 'a'";
    trial.journal.alter(takeover).await.unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    // Nobody waits at the gate for `a` any more.
    trial.world.gate.add_permits(2);
    assert_eq!(trial.end("b").await.status, RunStatus::Completed);
    worker.stop().await;
    assert_eq!(trial.world.done().iter().filter(|done| done.starts_with("through")).count(), 1);
    assert_eq!(trial.client.get("a").unwrap().worker.as_deref(), Some("other"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_finds_nothing_to_forget_writes_nothing() {
    let (trial, boundaries) = counted();
    trial.submit("a", &[("say", json!({ "text": "one" }))]).await;
    let hour = Duration::from_hours(1);
    let worker = trial.idle_worker().lease(hour).keep_finished(hour).start().unwrap();
    trial.end("a").await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    let before = boundaries.load(Ordering::SeqCst);
    tokio::time::sleep(Duration::from_millis(2_200)).await;
    assert_eq!(boundaries.load(Ordering::SeqCst), before);
    worker.stop().await;
}
