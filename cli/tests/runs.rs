//! `flowright runs`, as users call it.

use flowright::prelude::*;
use flowright::{ActionDefinition, ActionError};
use flowright_sqlite::{Journal, RunStatus, Worker};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

/// A journal in which three runs have ended, failed and not begun.
struct Trial {
    _folder: TempDir,
    file: PathBuf,
}

struct Ended {
    code: Option<i32>,
    out: String,
    err: String,
}

fn registry() -> Registry {
    let action = ActionDefinition::builder("halve").input::<i64>("value").output::<i64>();
    let action = action.handler(|call| match call.input::<i64>("value")? {
        odd if odd % 2 == 1 => Err(ActionError::fatal(format!("{odd} is odd"))),
        even => Ok(json!(even / 2)),
    });
    Registry::builder().action(action.build()).build().unwrap()
}

impl Trial {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("runs.db");
        let registry = registry();
        let journal = Journal::open(&file).unwrap();
        let client = journal.client(&registry);
        let workflow = |value: i64| {
            let document = json!({
                "name": "Halve",
                "actions": [{ "id": "half", "kind": "halve", "inputs": { "value": value } }],
                "edges": [{ "from": "$source", "to": "half" }]
            });
            registry.check(document.to_string()).unwrap()
        };
        for (id, value) in [("even", 8), ("odd", 7)] {
            client.submit(id, &workflow(value), json!({})).await.unwrap();
        }
        let worker =
            Worker::new(&journal, Engine::builder(registry.clone()).build().unwrap()).start().unwrap();
        for id in ["even", "odd"] {
            client.wait(id).await.unwrap();
        }
        worker.stop().await;
        client.submit("waiting", &workflow(2), json!({})).await.unwrap();
        Trial { _folder: folder, file }
    }

    fn runs(&self, arguments: &[&str]) -> Ended {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flowright"));
        command.arg("runs").args(arguments).arg("--journal").arg(&self.file);
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let ended = self.runs(&[arguments, &["--format", "json"]].concat());
        assert_eq!((ended.code, &*ended.err), (Some(0), ""));
        serde_json::from_str(&ended.out).unwrap()
    }

    fn status(&self, id: &str) -> Value {
        self.json(&["show", id])["status"].clone()
    }
}

#[tokio::test]
async fn runs_are_listed_the_latest_first() {
    let trial = Trial::new().await;
    let listed = trial.runs(&["list"]);
    assert_eq!((listed.code, &*listed.err), (Some(0), ""));
    let lines: Vec<Vec<&str>> =
        listed.out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).collect();
    let shown: Vec<(&str, &str, &str)> = lines.iter().map(|words| (words[0], words[1], words[3])).collect();
    assert_eq!(
        shown,
        [("waiting", "queued", "Halve"), ("odd", "failed", "Halve"), ("even", "completed", "Halve")]
    );
    assert_eq!(trial.runs(&["list", "--limit", "1"]).out.lines().count(), 1);
    let failed = trial.json(&["list", "--status", "failed"]);
    assert_eq!((failed.as_array().unwrap().len(), &failed[0]["id"]), (1, &json!("odd")));
}

#[tokio::test]
async fn a_run_is_shown_action_by_action() {
    let trial = Trial::new().await;
    let even = trial.json(&["show", "even"]);
    assert_eq!(even["outcome"]["state"], json!({ "half": 4 }));
    let attempt = &even["actions"][0]["attempts"][0];
    assert_eq!((&attempt["number"], &attempt["end"]), (&json!(1), &json!("completed")));
    let odd = trial.runs(&["show", "odd"]).out;
    let lines: Vec<&str> = odd.lines().collect();
    assert_eq!(lines[0], "odd failed, Halve");
    assert!(lines[1].starts_with("submitted 2"), "{odd}");
    assert_eq!(lines[4], "half");
    assert!(lines[5].starts_with("  attempt 1 at +") && lines[5].ends_with(": 7 is odd"), "{odd}");
    assert_eq!(lines[7], "failed at half: 7 is odd");
}

#[tokio::test]
async fn a_run_is_cancelled_once() {
    let trial = Trial::new().await;
    assert_eq!(trial.runs(&["cancel", "waiting"]).out, "waiting is cancelled\n");
    assert_eq!(trial.status("waiting"), json!(RunStatus::Cancelled.as_str()));
    assert_eq!(trial.runs(&["cancel", "waiting"]).out, "waiting had ended\n");
}

#[tokio::test]
async fn what_is_not_parked_is_not_resumed() {
    let trial = Trial::new().await;
    assert_eq!(trial.runs(&["resume", "waiting"]).out, "waiting is not parked\n");
    let journal = Journal::open(&trial.file).unwrap();
    let without = Registry::builder().build().unwrap();
    let client = journal.client(&without);
    let worker = Worker::new(&journal, Engine::builder(without).build().unwrap()).start().unwrap();
    assert_eq!(client.wait("waiting").await.unwrap().status, RunStatus::Parked);
    worker.stop().await;
    assert_eq!(trial.runs(&["resume", "waiting"]).out, "waiting goes on\n");
    assert_eq!(trial.status("waiting"), json!("queued"));
}

#[tokio::test]
async fn what_is_not_there_exits_with_2() {
    let trial = Trial::new().await;
    for arguments in [["show", "nobody"], ["cancel", "nobody"], ["resume", "nobody"]] {
        let ended = trial.runs(&arguments);
        assert_eq!(
            (ended.code, &*ended.err),
            (Some(2), "error: there is no run `nobody`\n"),
            "{arguments:?}"
        );
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowright"));
    let output = command.args(["runs", "list", "--journal", "nowhere.db"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "error: there is no journal `nowhere.db`\n");
}

#[tokio::test]
async fn an_event_is_sent_to_a_run_that_has_not_ended() {
    let trial = Trial::new().await;
    let sent = trial.runs(&["send", "waiting", "approved", r#"{ "by": "Ada" }"#]);
    assert_eq!((sent.code, &*sent.out), (Some(0), "`approved` is sent to waiting\n"));
    let connection = rusqlite::Connection::open(&trial.file).unwrap();
    let select = "select name, data from event";
    let found: (String, String) =
        connection.query_row(select, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    assert_eq!(found, ("approved".to_owned(), r#"{"by":"Ada"}"#.to_owned()));
    let ended = trial.runs(&["send", "even", "approved"]);
    assert_eq!(
        (ended.code, &*ended.err),
        (Some(2), "error: the run `even` has ended, and takes no more events\n")
    );
    let no_json = trial.runs(&["send", "waiting", "approved", "yes"]);
    assert!(no_json.err.contains("write text within quotes, such as '\"yes\"'"), "{}", no_json.err);
}

#[tokio::test]
async fn a_journal_is_looked_through_and_a_damaged_run_is_shown_as_one() {
    let trial = Trial::new().await;
    let sound = trial.runs(&["check"]);
    assert_eq!((sound.code, &*sound.out), (Some(0), "the journal is as it was written\n"));
    let connection = rusqlite::Connection::open(&trial.file).unwrap();
    connection.execute("update run set due_ms = 7 where id = 'waiting'", []).unwrap();
    let damaged = trial.runs(&["check"]);
    assert_eq!(damaged.code, Some(1));
    assert!(
        damaged.err.starts_with("error: run `waiting`: the journal is damaged: a row of the table `run`")
    );
    let shown = trial.runs(&["show", "waiting"]);
    assert_eq!(shown.code, Some(0));
    assert!(shown.out.contains("damaged: the journal is damaged: a row of the table `run`"), "{}", shown.out);
    assert!(trial.runs(&["list"]).out.lines().any(|line| line.starts_with("waiting  damaged")));
}
