//! Which edges are taken is decided once.

use crate::trial::Trial;
use flowright::Event;
use flowright_sqlite::{RunStatus, What, Worker};
use serde_json::{Value, json};
use std::time::Duration;

/// A run that is stopped before its first action completes, or before its second one does.
async fn decided(at: &str) -> Trial {
    let trial = Trial::new();
    let say = |text: &str| json!({ "id": text, "kind": "say", "inputs": { "text": text } });
    let edge = |from: &str, to: &str, conditional: Value| json!({ "from": from, "to": to, "conditional": conditional });
    let is = |test: &str, reference: &str| json!({ "type": test, "ref": reference });
    let document = json!({
        "actions": [say("first"), say("other"), { "id": "gate", "kind": "gate" }, say("yes"), say("no")],
        "edges": [
            edge("$source", "first", is("if", "!ref($.event.data)")),
            edge("$source", "other", is("else", "!ref($.event.data)")),
            edge("first", "yes", is("if", "!ref($.output)")),
            edge("first", "no", is("else", "!ref($.output)")),
            { "from": "$source", "to": "gate" }
        ]
    });
    let workflow = trial.registry.check_for("go", document.to_string()).unwrap();
    trial.client.submit("a", &workflow, Event::new("go", json!(at == "first"))).await.unwrap();
    let worker = Worker::new(&trial.journal, trial.engine()).grace(Duration::ZERO).start().unwrap();
    trial.until(|trial| trial.world.done().iter().any(|done| done.starts_with("knock"))).await;
    trial.until(|trial| trial.world.done().len() == if at == "first" { 3 } else { 2 }).await;
    worker.stop().await;
    trial
}

fn edges(trial: &Trial, what: What, action: &str) -> Option<Vec<usize>> {
    let history = trial.client.history("a").unwrap();
    let entry = history.into_iter().find(|entry| entry.what == what && entry.action == action);
    entry.expect("it is written").edges.map(Vec::from)
}

#[tokio::test]
async fn edges_that_were_taken_are_written_down_and_conditions_are_not_looked_at_again() {
    let trial = decided("first").await;
    assert_eq!(edges(&trial, What::Began, "$source"), Some(vec![0]));
    assert_eq!(edges(&trial, What::Completed, "first"), Some(vec![2]));
    assert_eq!(edges(&trial, What::Completed, "yes"), None);
    // As if the condition had come out the other way then.
    let alter = "update entry set edges = '[3]' where action = 'first' and what = 'completed';
                 delete from entry where action = 'yes'";
    trial.journal.alter(alter).await.unwrap();
    let worker = trial.worker();
    trial.until(|trial| trial.world.done().contains(&"no".to_owned())).await;
    trial.world.gate.notify_one();
    let run = trial.end("a").await;
    worker.stop().await;
    assert_eq!(run.status, RunStatus::Completed);
    assert_eq!(run.outcome["state"]["no"], "no");
    assert!(run.outcome["state"].get("yes").is_none());
}

#[tokio::test]
async fn what_an_event_decides_is_decided_once_as_well() {
    let trial = decided("other").await;
    assert_eq!(edges(&trial, What::Began, "$source"), Some(vec![1]));
    let alter =
        "update entry set edges = '[0]' where what = 'began'; delete from entry where action = 'other'";
    trial.journal.alter(alter).await.unwrap();
    let worker = trial.worker();
    trial.until(|trial| trial.world.done().contains(&"yes".to_owned())).await;
    trial.world.gate.notify_one();
    let run = trial.end("a").await;
    worker.stop().await;
    assert!(run.outcome["state"].get("other").is_none());
}
