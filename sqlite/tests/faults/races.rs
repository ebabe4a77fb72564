//! What comes at the same time, and twice.

use crate::trial::{Trial, go};
use flowright_sqlite::{RunStatus, What};
use rusqlite::Connection;
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn of_a_cancel_and_a_completion_one_wins() {
    let trial = Trial::new();
    let worker = trial.worker();
    let mut cancelled = Vec::new();
    for round in 0..50 {
        let id = format!("{round:02}");
        trial.submit(&id, &[("gate", json!({}))]).await;
        let knock = format!("knock {id}/1");
        trial.until(|trial| trial.world.done().contains(&knock)).await;
        let (client, cancel_of) = (trial.client.clone(), id.clone());
        trial.world.gate.add_permits(1);
        let cancel = tokio::spawn(async move {
            for _ in 0..round * 100 {
                tokio::task::yield_now().await;
            }
            client.cancel(&cancel_of).await.unwrap()
        });
        let has_won = cancel.await.unwrap();
        let run = trial.end(&id).await;
        if has_won {
            // Nobody may have gone through the gate.
            trial.world.gate.forget_permits(1);
            assert_eq!((run.status, &run.outcome), (RunStatus::Cancelled, &json!(null)));
        } else {
            assert_eq!(
                (run.status, &run.outcome["state"]),
                (RunStatus::Completed, &json!({ "1": format!("{id}/1") }))
            );
            assert_eq!(trial.completed(&id), ["1"]);
        }
        assert!(trial.completed(&id).len() <= 1);
        assert_eq!(run.worker, None);
        cancelled.push((id, has_won, run, trial.client.history(&format!("{round:02}")).unwrap()));
    }
    worker.stop().await;
    println!("{} of 50 were cancelled", cancelled.iter().filter(|(_, has_won, ..)| *has_won).count());
    for (id, has_won, run, history) in cancelled {
        assert_eq!(trial.client.get(&id).unwrap(), run);
        assert_eq!(trial.client.history(&id).unwrap(), history);
        assert!(!trial.client.cancel(&id).await.unwrap(), "{id}: {has_won}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_is_sent_twice_is_two_and_each_wait_takes_one() {
    let trial = Trial::new();
    let ada = json!({ "by": "Ada" });
    trial.submit("chain", &[("approval", json!({})), ("approval", json!({})), ("approval", json!({}))]).await;
    let waits =
        trial.side_by_side(&[("approval", json!({})), ("approval", json!({})), ("approval", json!({}))]);
    assert!(trial.client.submit("aside", &waits, go()).await.unwrap());
    for id in ["chain", "aside"] {
        trial.client.send(id, "approved", ada.clone()).await.unwrap();
        trial.client.send(id, "approved", ada.clone()).await.unwrap();
    }
    let worker = trial.worker();
    for id in ["chain", "aside"] {
        trial.until(|trial| trial.status(id) == RunStatus::Waiting && trial.completed(id).len() == 2).await;
        assert_eq!(trial.written(id, What::Waited).len(), 2);
    }
    for id in ["chain", "aside"] {
        trial.client.send(id, "approved", json!({ "by": "Bob" })).await.unwrap();
        let run = trial.end(id).await;
        let mut by: Vec<_> = run.outcome["state"].as_object().unwrap().values().cloned().collect();
        by.sort_by_key(ToString::to_string);
        assert_eq!(by, [json!("Ada"), json!("Ada"), json!("Bob")]);
        assert_eq!(trial.written(id, What::Waited).len(), 3);
    }
    worker.stop().await;
    let connection = Connection::open(trial.file()).unwrap();
    let sql = "select count(*), count(distinct run || ' ' || taken_by) from event";
    let taken: (u32, u32) = connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    assert_eq!(taken, (6, 6));
}

#[tokio::test(flavor = "multi_thread")]
async fn waits_for_an_event_write_nothing_when_another_one_comes_and_each_takes_one_of_many() {
    const WAITS: usize = 30;
    let boundaries = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&boundaries);
    let trial = Trial::with_boundaries(move || {
        counted.fetch_add(1, Ordering::SeqCst);
    });
    // The gate keeps the run in memory.
    let mut actions = vec![("approval", json!({})); WAITS];
    actions.push(("gate", json!({})));
    assert!(trial.client.submit("a", &trial.side_by_side(&actions), go()).await.unwrap());
    let worker = trial.idle_worker().lease(Duration::from_hours(1)).start().unwrap();
    trial.until(|trial| trial.written("a", What::Wait).len() == WAITS).await;
    trial.until(|trial| trial.world.done().len() == 1).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let before = boundaries.load(Ordering::SeqCst);
    for _ in 0..5 {
        trial.client.send("a", "go", json!(null)).await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(boundaries.load(Ordering::SeqCst) - before, 10);

    for by in 0..WAITS {
        trial.client.send("a", "approved", json!({ "by": by.to_string() })).await.unwrap();
    }
    trial.world.gate.add_permits(1);
    let run = trial.end("a").await;
    assert_eq!(run.status, RunStatus::Completed);
    let by: BTreeSet<_> =
        (1..=WAITS).filter_map(|at| run.outcome["state"][at.to_string()].as_str()).collect();
    assert_eq!(by.len(), WAITS);
    worker.stop().await;
}
