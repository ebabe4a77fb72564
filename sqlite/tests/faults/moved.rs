//! A file that is moved, removed or replaced while it is open.
#![cfg(unix)]

use crate::trial::{LEASE, Trial, go};
use flowright_sqlite::{Journal, JournalError, RunStatus};
use serde_json::json;
use std::fs;
use std::path::Path;

/// Moves a file and what stands beside it.
fn rename(from: &Path, to: &Path) {
    for ending in ["", "-wal", "-shm"] {
        let [from, to] = [from, to].map(|path| {
            let mut path = path.as_os_str().to_owned();
            path.push(ending);
            path
        });
        drop(fs::rename(from, to));
    }
}

fn assert_is_moved<T: std::fmt::Debug>(done: Result<T, JournalError>, file: &Path) {
    let error = done.unwrap_err();
    assert!(matches!(error, JournalError::Moved(_)) && !error.is_passing());
    let message = format!(
        "the file `{}` of the journal was moved, removed or replaced while it was open: open it anew",
        file.display()
    );
    assert_eq!(error.to_string(), message);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_gone_or_another_one_by_now_takes_nothing_and_its_worker_nothing_of_it() {
    for is_replaced in [false, true] {
        let trial = Trial::new();
        trial.submit("a", &[("gate", json!({}))]).await;
        trial.submit("b", &[("gate", json!({}))]).await;
        let worker = trial.idle_worker().max_runs(1).start().unwrap();
        trial.until(|trial| !trial.world.done().is_empty()).await;
        let (file, away) = (trial.file(), trial.folder.path().join("away.db"));
        rename(&file, &away);
        if is_replaced {
            drop(Journal::open(&file).unwrap());
        }
        let workflow = trial.chain(&[("say", json!({ "text": "c" }))]);
        assert_is_moved(trial.client.submit("c", &workflow, go()).await, &file);
        assert_is_moved(trial.client.send("b", "approved", json!({ "by": "Ada" })).await, &file);
        tokio::time::sleep(LEASE).await;
        // There is room for the other one by then.
        trial.world.gate.add_permits(2);
        tokio::time::sleep(LEASE * 2).await;
        assert_eq!(trial.world.done().len(), 2, "{:?}", trial.world.done());

        rename(&away, &file);
        assert!(trial.client.submit("c", &workflow, go()).await.unwrap());
        for id in ["a", "b", "c"] {
            assert_eq!(trial.end(id).await.status, RunStatus::Completed);
        }
        worker.stop().await;
    }
}
