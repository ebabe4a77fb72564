//! What secret inputs are given stands nowhere in the file that people could read it.

use crate::trial::{Trial, World};
use flowright::prelude::*;
use flowright_sqlite::{Client, Journal, JournalError, Key, RunRecord, RunStatus, What, Worker};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;

/// Make a token
#[engine_action]
async fn issue(step: &Step) -> Result<Value, ActionError> {
    let told: Option<String> = step.wait_for_event("told", None).await?;
    Ok(json!({ "token": told, "user": "Ada" }))
}

/// Log in
#[engine_action]
async fn log_in(
    step: &Step,
    world: &World,
    #[input(secret)] password: String,
    #[input(secret)] token: String,
    #[input(secret)] salt: String,
) -> Result<String, ActionError> {
    step.run("note", || async {
        world.note(format!("{password} {token} {salt}"));
        Ok(format!("{password} {token}"))
    })
    .await?;
    world.gate.notified().await;
    Err(ActionError::fatal(format_args!("no {password} and no {token}")))
}

fn registry() -> Registry {
    let builder = Registry::builder().actions(actions![issue, log_in]);
    builder.event::<Value>("go").event::<String>("told").build().unwrap()
}

const SECRETS: [&str; 3] = ["sent-h7nter2", "told-h7nter2", "written-h7nter2"];

/// A run that is under way in a worker which is stopped then.
async fn submit(trial: &Trial, client: &Client) -> bool {
    let document = json!({
        "actions": [
            { "id": "1", "kind": "issue" },
            { "id": "2", "kind": "log_in", "inputs": {
                "password": "!ref($.event.data.password)", "token": "!ref($.state.1.token)", "salt": "written-h7nter2"
            } }
        ],
        "edges": [{ "from": "$source", "to": "1" }, { "from": "1", "to": "2" }],
        "metadata": { "flowright": { "leave": { "2": ["/password", "/token"] } } }
    });
    let workflow = registry().check_for("go", document.to_string()).unwrap();
    assert!(trial.world.done().is_empty());
    let event = Event::new("go", json!({ "password": "sent-h7nter2", "user": "Ada" }));
    let is_new = client.submit("a", &workflow, event).await.unwrap();
    if is_new {
        client.send("a", "told", json!("told-h7nter2")).await.unwrap();
    }
    is_new
}

fn worker(trial: &Trial, journal: &Journal) -> Worker {
    let engine = Engine::builder(registry()).shared(Arc::clone(&trial.world)).build().unwrap();
    Worker::new(journal, engine)
}

/// What stands in the files of the journal, but the key.
fn written(file: &Path) -> Vec<u8> {
    let mut written = std::fs::read(file).unwrap();
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    written.extend(std::fs::read(log).unwrap());
    written
}

fn assert_hidden(text: &[u8]) {
    for secret in SECRETS {
        let found = text.windows(secret.len()).any(|part| part == secret.as_bytes());
        assert!(!found, "{secret}");
    }
}

async fn end(client: &Client) -> RunRecord {
    tokio::time::timeout(std::time::Duration::from_secs(20), client.wait("a"))
        .await
        .expect("it ends")
        .unwrap()
}

#[tokio::test]
async fn secrets_are_sealed_in_the_file_and_a_run_goes_on_with_them() {
    let trial = Trial::new();
    let client = trial.journal.client(&registry());
    assert!(submit(&trial, &client).await);
    assert!(!submit(&trial, &client).await);
    let running = worker(&trial, &trial.journal).grace(std::time::Duration::ZERO).start().unwrap();
    trial.until(|trial| trial.world.done().len() == 1).await;
    trial.until(|_| client.history("a").unwrap().iter().any(|entry| entry.what == What::Step)).await;
    running.stop().await;
    assert_hidden(&written(&trial.file()));

    // Another process, which knows the file and the key beside it.
    let journal = Journal::open(trial.file()).unwrap();
    let client = journal.client(&registry());
    let running = worker(&trial, &journal).start().unwrap();
    trial.until(|trial| trial.status("a") == RunStatus::Running).await;
    trial.world.gate.notify_one();
    let run = end(&client).await;
    running.stop().await;
    assert_eq!(trial.world.done(), ["sent-h7nter2 told-h7nter2 written-h7nter2"]);
    assert_eq!(run.outcome["failed"]["message"], "no (secret) and no (secret)");
    assert_eq!(run.outcome["state"]["1"], json!({ "token": "told-h7nter2", "user": "Ada" }));
    assert_eq!(run.event["data"]["password"], "sent-h7nter2");
    assert!(run.document.contains("written-h7nter2") && !run.hides_secrets);
    assert_hidden(&written(&trial.file()));

    let readable = Journal::open_without_key(trial.file()).unwrap().client(&registry());
    let shown = readable.get("a").unwrap();
    assert!(shown.hides_secrets);
    assert_eq!(shown.event["data"], json!({ "password": "(secret)", "user": "Ada" }));
    assert_eq!(shown.outcome["state"]["1"], json!({ "token": "(secret)", "user": "Ada" }));
    let document: Value = serde_json::from_str(&shown.document).unwrap();
    assert_eq!(document["actions"][1]["inputs"]["salt"], "(secret)");
    assert_hidden(format!("{shown:?} {:?}", readable.history("a").unwrap()).as_bytes());
}

#[tokio::test]
async fn a_run_whose_secrets_cannot_be_opened_is_parked_and_goes_on_when_the_key_is_back() {
    let trial = Trial::new();
    let client = trial.journal.client(&registry());
    submit(&trial, &client).await;
    let (key, away) = (trial.file().with_extension("db.key"), trial.file().with_extension("away"));
    std::fs::rename(&key, &away).unwrap();
    let journal = Journal::open(trial.file()).unwrap();
    let running = worker(&trial, &journal).start().unwrap();
    let parked = end(&client).await;
    assert_eq!(parked.status, RunStatus::Parked);
    let why = parked.outcome.as_str().unwrap();
    assert!(why.contains("runs.db.key` cannot be read"), "{why}");
    let others = journal.client(&registry());
    let error =
        others.submit("b", &accepted(), Event::new("go", json!({ "password": "" }))).await.unwrap_err();
    assert!(matches!(error, JournalError::Key(_)), "{error}");
    assert!(!key.exists(), "no second key is made");

    std::fs::rename(&away, &key).unwrap();
    assert!(client.resume("a").await.unwrap());
    trial.until(|trial| trial.world.done().len() == 1).await;
    trial.world.gate.notify_one();
    assert_eq!(end(&client).await.status, RunStatus::Failed);
    running.stop().await;
}

/// A workflow with a secret.
fn accepted() -> flowright::CheckedWorkflow {
    let inputs = json!({ "password": "p", "token": "t", "salt": "s" });
    let document = json!({
        "actions": [{ "id": "1", "kind": "log_in", "inputs": inputs }], "edges": [{ "from": "$source", "to": "1" }]
    });
    registry().check_for("go", document.to_string()).unwrap()
}

#[tokio::test]
async fn the_key_may_be_the_programs_own() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("runs.db");
    let event = || Event::new("go", json!(null));
    let client = |key: u8| Journal::open_with_key(&file, Key::new([key; 32])).unwrap().client(&registry());
    assert!(client(1).submit("a", &accepted(), event()).await.unwrap());
    assert!(!client(1).submit("a", &accepted(), event()).await.unwrap());
    assert!(!client(1).get("a").unwrap().hides_secrets);
    assert!(client(2).get("a").unwrap().hides_secrets);
    let error = client(2).submit("b", &accepted(), event()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the secrets of the journal cannot be used: the key that was given is not the one by which they were sealed"
    );
    assert!(!file.with_extension("db.key").exists());
}

#[tokio::test]
async fn without_secrets_no_key_is_made() {
    let trial = Trial::new();
    trial.submit("a", &[("say", json!({ "text": "one" }))]).await;
    let worker = trial.worker();
    trial.end("a").await;
    worker.stop().await;
    assert!(!trial.file().with_extension("db.key").exists());
}
