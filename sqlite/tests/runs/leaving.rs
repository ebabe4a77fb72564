//! What a run is left as, and how it goes on.

use crate::trial::{Trial, World};
use flowright::prelude::*;
use flowright::testing::ManualClock;
use flowright_sqlite::{Client, RunStatus, Worker};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Cancel the run while a sub-step is under way
#[engine_action]
async fn give_up(client: &Client, step: &Step, context: &ActionContext) -> Result<(), ActionError> {
    let id = context.run_id().to_owned();
    let cancel = || async {
        client.cancel(&id).await.map_err(ActionError::fatal)?;
        Ok(())
    };
    step.run("cancel", cancel).await
}

fn engine(registry: Registry, world: &Arc<World>) -> Engine {
    Engine::builder(registry).shared(Arc::clone(world)).build().unwrap()
}

#[tokio::test]
async fn what_a_stopping_worker_does_not_start_is_due_at_once_whatever_else_sleeps() {
    let trial = Trial::new();
    let document = json!({
        "actions": [
            { "id": "nap", "kind": "nap", "inputs": { "ms": 86_400_000 } },
            { "id": "gate", "kind": "gate" },
            { "id": "say", "kind": "say", "inputs": { "text": "later" } }
        ],
        "edges": [
            { "from": "$source", "to": "nap" }, { "from": "$source", "to": "gate" }, { "from": "gate", "to": "say" }
        ]
    });
    let workflow = trial.registry.check_for("go", document.to_string()).unwrap();
    trial.client.submit("a", &workflow, Event::new("go", json!(null))).await.unwrap();
    let worker = trial.worker();
    trial.until(|trial| trial.world.done().len() == 2).await;
    let stopped = tokio::spawn(worker.stop());
    tokio::task::yield_now().await;
    trial.world.gate.notify_one();
    stopped.await.unwrap();
    let worker = trial.worker();
    trial.until(|trial| trial.world.done().last().is_some_and(|last| last == "later")).await;
    worker.stop().await;
}

#[tokio::test]
async fn nothing_starts_in_a_run_that_has_had_its_time() {
    let trial = Trial::new();
    trial.submit("a", &[("say", json!({ "text": "late" }))]).await;
    let clock = ManualClock::at(SystemTime::now() + Duration::from_hours(1));
    let engine = Engine::builder(trial.registry.clone())
        .shared(Arc::clone(&trial.world))
        .clock(clock)
        .deadline(Duration::from_mins(1))
        .build()
        .unwrap();
    let worker = Worker::new(&trial.journal, engine).start().unwrap();
    let run = trial.end("a").await;
    worker.stop().await;
    assert_eq!((&run.outcome["failed"]["code"], &run.outcome["state"]), (&json!("deadline"), &json!({})));
    assert_eq!(trial.world.done(), [] as [String; 0]);
}

/// Say a number
#[engine_action(kind = "say")]
fn say_number(world: &World, text: String) -> u32 {
    world.note(&text);
    7
}

#[tokio::test]
async fn a_recorded_output_of_another_type_than_todays_parks_the_run() {
    let trial = Trial::new();
    trial.submit("a", &[("say", json!({ "text": "one" })), ("gate", json!({}))]).await;
    let worker = Worker::new(&trial.journal, trial.engine()).grace(Duration::ZERO).start().unwrap();
    trial.until(|trial| trial.world.done().len() == 2).await;
    worker.stop().await;
    let today = Registry::builder().actions(actions![say_number, crate::trial::gate]).event::<Value>("go");
    let worker = Worker::new(&trial.journal, engine(today.build().unwrap(), &trial.world)).start().unwrap();
    let run = trial.end("a").await;
    assert_eq!(run.status, RunStatus::Parked);
    let report = run.outcome.as_str().unwrap();
    assert!(report.starts_with("the output that is recorded of action `1` is of another type"), "{report}");
    worker.stop().await;
}

/// The same as `gate`, with a sub-step of another type.
#[engine_action(kind = "gate")]
async fn numbered_gate(step: &Step, _world: &World) -> Result<String, ActionError> {
    let knock: u32 = step.run("knock", || async { Ok(1) }).await?;
    Ok(knock.to_string())
}

#[tokio::test]
async fn a_recorded_sub_step_of_another_type_than_todays_parks_the_run() {
    let trial = Trial::new();
    trial.submit("a", &[("gate", json!({}))]).await;
    let worker = Worker::new(&trial.journal, trial.engine()).grace(Duration::ZERO).start().unwrap();
    trial.until(|trial| !trial.client.history("a").unwrap().iter().all(|entry| entry.step.is_none())).await;
    worker.stop().await;
    let today = Registry::builder().actions(actions![numbered_gate]).event::<Value>("go").build().unwrap();
    let worker = Worker::new(&trial.journal, engine(today, &trial.world)).start().unwrap();
    let run = trial.end("a").await;
    assert_eq!(run.status, RunStatus::Parked);
    let why = run.outcome.as_str().unwrap();
    assert!(why.starts_with("what sub-step `knock` came to is recorded as another type"), "{why}");
    worker.stop().await;
    trial.world.gate.notify_one();
    let worker = trial.worker();
    assert!(trial.client.resume("a").await.unwrap());
    assert_eq!(trial.end("a").await.status, RunStatus::Completed);
    worker.stop().await;
}

#[tokio::test]
async fn what_had_started_before_another_failed_goes_on_after_a_restart() {
    let trial = Trial::new();
    let document = json!({
        "actions": [
            { "id": "flaky", "kind": "flaky", "inputs": { "fails": 9 } },
            { "id": "say", "kind": "say", "inputs": { "text": "one" } },
            { "id": "gate", "kind": "gate" }
        ],
        "edges": [
            { "from": "$source", "to": "flaky" }, { "from": "$source", "to": "say" }, { "from": "say", "to": "gate" }
        ]
    });
    let workflow = trial.registry.check_for("go", document.to_string()).unwrap();
    trial.client.submit("a", &workflow, Event::new("go", json!(null))).await.unwrap();
    let worker = trial.worker();
    let failed = |trial: &Trial| {
        trial.client.history("a").unwrap().iter().any(|entry| entry.what == flowright_sqlite::What::Failed)
    };
    trial.until(failed).await;
    drop(worker);
    let worker = trial.worker();
    trial.until(|trial| trial.world.done().iter().filter(|done| *done == "knock a/gate").count() == 1).await;
    trial.world.gate.notify_one();
    trial.world.gate.notify_one();
    let run = trial.end("a").await;
    assert_eq!(run.status, RunStatus::Failed);
    assert_eq!(run.outcome["state"], json!({ "say": "one", "gate": "a/gate" }));
    worker.stop().await;
}

#[tokio::test]
async fn a_worker_that_nobody_holds_stops() {
    let trial = Trial::new();
    drop(trial.worker());
    trial.submit("a", &[("say", json!({ "text": "one" }))]).await;
    tokio::task::yield_now().await;
    let worker = trial.worker();
    assert_eq!(trial.end("a").await.status, RunStatus::Completed);
    worker.stop().await;
    assert_eq!(trial.world.done(), ["one"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_run_that_is_cancelled_in_a_sub_step_nothing_stays_in_memory() {
    let trial = Trial::new();
    let registry = Registry::builder().actions(actions![give_up]).event::<Value>("go").build().unwrap();
    let document = json!({
        "actions": [{ "id": "1", "kind": "give_up" }], "edges": [{ "from": "$source", "to": "1" }]
    });
    let workflow = registry.check_for("go", document.to_string()).unwrap();
    let engine = Engine::builder(registry).resource(trial.client.clone()).build().unwrap();
    let worker = Worker::new(&trial.journal, engine).start().unwrap();
    for id in 0..9 {
        trial.client.submit(&id.to_string(), &workflow, Event::new("go", json!(null))).await.unwrap();
        assert_eq!(trial.end(&id.to_string()).await.status, RunStatus::Cancelled);
    }
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    trial.until(|_| tasks() == 1).await;
    worker.stop().await;
}
