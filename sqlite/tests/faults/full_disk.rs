//! A disk without room.

use crate::trial::{Trial, go};
use flowright_sqlite::{JournalError, RunStatus};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// More than a small file has room for.
const MUCH: usize = 200_000;

fn assert_is_full(error: &JournalError) {
    assert!(error.is_passing(), "{error}");
    assert_eq!(
        error.to_string(),
        "the journal cannot be used: database or disk is full: make room on the disk, and try again"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn outputs_that_a_full_disk_has_no_room_for_are_kept_when_there_is_room_and_nothing_is_done_twice() {
    let boundaries = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&boundaries);
    let trial = Trial::with_boundaries(move || {
        counted.fetch_add(1, Ordering::SeqCst);
    });
    let ids = ["a", "b", "c", "d"];
    for id in ids {
        let big = ("much", json!({ "text": id, "times": MUCH }));
        trial
            .submit(id, &[("gate", json!({})), big, ("say", json!({ "text": format!("after {id}") }))])
            .await;
    }
    let worker = trial.worker();
    trial.until(|trial| trial.world.done().len() == ids.len()).await;
    // It holds also where what is committed together with it finds no room any more.
    drop(trial.journal.limit_pages(1).await);
    trial.world.gate.add_permits(ids.len());
    // Gates can be passed or not, as there is room for a small entry or not; the much is too much.
    trial.until(|trial| trial.world.done().iter().any(|done| done.starts_with("through"))).await;
    let big = trial.chain(&[("say", json!({ "text": "x".repeat(MUCH) }))]);
    assert_is_full(&trial.client.submit("e", &big, go()).await.unwrap_err());
    let seen = boundaries.load(Ordering::SeqCst);
    trial.until(|_| boundaries.load(Ordering::SeqCst) > seen + 30).await;
    for id in ids {
        assert_eq!(trial.status(id), RunStatus::Running);
        assert!(!trial.completed(id).contains(&"2".to_owned()));
    }
    assert!(!trial.world.done().iter().any(|done| done.starts_with("after")));

    trial.make_room().await;
    for id in ids {
        let run = trial.end(id).await;
        assert_eq!(run.status, RunStatus::Completed);
        assert_eq!(run.outcome["state"]["2"], json!(id.repeat(MUCH)));
        assert_eq!(trial.completed(id), ["1", "2", "3"]);
    }
    worker.stop().await;
    let mut done = trial.world.done();
    done.sort();
    let each = |what: fn(&str) -> String| ids.map(what).to_vec();
    let mut expected = [
        each(|id| format!("knock {id}/1")),
        each(|id| format!("through {id}/1")),
        each(str::to_owned),
        each(|id| format!("after {id}")),
    ]
    .concat();
    expected.sort();
    assert_eq!(done, expected);
    assert!(trial.client.submit("e", &big, go()).await.unwrap());
}
