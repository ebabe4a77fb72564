//! A file that another program has locked.

use crate::trial::{Trial, go};
use flowright::{Happened, RunProgress};
use flowright_sqlite::{Journal, JournalError, RunStatus, What, Worker};
use rusqlite::Connection;
use serde_json::json;
use std::sync::Mutex;

fn assert_is_locked(error: &JournalError) {
    assert!(error.is_passing(), "{error}");
    assert_eq!(
        error.to_string(),
        "the journal cannot be used: database is locked: another program has it locked; try again when it has ended"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_file_is_locked_submits_fail_and_outputs_are_kept_when_it_no_longer_is() {
    for how in ["begin immediate", "begin exclusive"] {
        let trial = Trial::new();
        trial.submit("a", &[("gate", json!({})), ("say", json!({ "text": "!ref($.state.1)" }))]).await;
        let worker = trial.worker();
        trial.until(|trial| trial.world.done() == ["knock a/1"]).await;
        trial.until(|trial| !trial.written("a", flowright_sqlite::What::Step).is_empty()).await;
        let other = Connection::open(trial.file()).unwrap();
        other.busy_timeout(std::time::Duration::from_secs(30)).unwrap();
        other.execute_batch(how).unwrap();
        trial.world.gate.add_permits(1);
        trial.until(|trial| trial.world.done().len() == 2).await;
        let workflow = trial.chain(&[("say", json!({ "text": "b" }))]);
        assert_is_locked(&trial.client.submit("b", &workflow, go()).await.unwrap_err());
        // It can be looked at.
        let file = trial.file();
        drop(tokio::task::spawn_blocking(move || Journal::open(file)).await.unwrap().unwrap());
        assert_eq!((trial.status("a"), trial.completed("a").len()), (RunStatus::Running, 0));
        other.execute_batch("rollback").unwrap();
        let run = trial.end("a").await;
        assert_eq!(run.outcome["state"], json!({ "1": "a/1", "2": "a/1" }));
        assert!(trial.client.submit("b", &workflow, go()).await.unwrap());
        assert_eq!(trial.end("b").await.status, RunStatus::Completed);
        worker.stop().await;
        assert_eq!(trial.world.done(), ["knock a/1", "through a/1", "a/1", "b"]);
        assert_eq!(trial.completed("a"), ["1", "2"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_run_begins_with_is_written_before_what_follows_also_where_the_file_was_locked() {
    let trial = Trial::new();
    trial.submit("a", &[("say", json!({ "text": "one" })), ("say", json!({ "text": "two" }))]).await;
    let file = trial.file();
    let lock = Mutex::new(Some(move || {
        let other = Connection::open(file).unwrap();
        other.execute_batch("begin immediate").unwrap();
        std::thread::spawn(move || {
            // For longer than a write waits.
            std::thread::sleep(std::time::Duration::from_millis(5_400));
            drop(other);
        });
    }));
    let observer = move |progress: &RunProgress<'_>| {
        if let Happened::Began = progress.happened
            && let Some(lock) = lock.lock().unwrap().take()
        {
            lock();
        }
    };
    let engine = trial.engine().observer(observer).build().unwrap();
    let worker =
        Worker::new(&trial.journal, engine).lease(std::time::Duration::from_mins(1)).start().unwrap();
    assert_eq!(trial.end("a").await.status, RunStatus::Completed);
    worker.stop().await;
    let history: Vec<_> =
        trial.client.history("a").unwrap().into_iter().map(|entry| (entry.what, entry.action)).collect();
    let of = |what, action: &str| (what, action.to_owned());
    let expected =
        [of(What::Started, "1"), of(What::Completed, "1"), of(What::Started, "2"), of(What::Completed, "2")];
    assert_eq!(history, expected);
}
