//! Runs that are kept, from their submission to their end, and several of them beside each other.

use crate::draft::{Draft, accepted};
use crate::runtime::{self, End, MOMENT, Place};
use flowright::prelude::*;
use flowright::{CheckedWorkflow, Policy};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Semaphore;

/// What actions did, and what they wait for.
struct World {
    done: Mutex<Vec<String>>,
    gate: Semaphore,
}

impl World {
    fn note(&self, what: impl Into<String>) {
        self.done.lock().unwrap().push(what.into());
    }

    fn done(&self) -> Vec<String> {
        self.done.lock().unwrap().clone()
    }
}

/// Say a word.
#[engine_action]
fn say(world: &World, context: &ActionContext, text: String) -> String {
    world.note(format!("{} says {text}", context.run_id()));
    text
}

/// Go through a gate that somebody opens.
#[engine_action]
async fn gate(world: &World, context: &ActionContext) -> Result<(), ActionError> {
    world.note(format!("{} knocks", context.run_id()));
    world.gate.acquire().await.map_err(|_| ActionError::fatal("the gate is gone"))?.forget();
    Ok(())
}

/// Sleep for an hour.
#[engine_action]
async fn nap(step: &Step, world: &World, context: &ActionContext) -> Result<(), ActionError> {
    world.note(format!("{} naps", context.run_id()));
    step.sleep("nap", Duration::from_hours(1)).await
}

/// Fail, and be tried again an hour later.
#[engine_action(retries = 1)]
fn give_up(world: &World, context: &ActionContext) -> Result<(), ActionError> {
    world.note(format!("{} gives up", context.run_id()));
    Err(ActionError::retryable("not now"))
}

#[derive(Deserialize, JsonSchema)]
struct Approval {
    by: String,
}

/// Wait for an approval.
#[engine_action]
async fn approval(step: &Step, world: &World, context: &ActionContext) -> Result<String, ActionError> {
    world.note(format!("{} asks", context.run_id()));
    let approval = step.wait_for_event::<Approval>("approved", None).await?;
    Ok(approval.map(|approval| approval.by).unwrap_or_default())
}

/// Panic.
#[engine_action]
fn panic(world: &World) -> u32 {
    world.note("panic");
    panic!("on purpose")
}

/// Panic in a sub-step.
#[engine_action(retries = 3)]
async fn stumble(world: &World, step: &Step) -> Result<u32, ActionError> {
    step.run("work", || async {
        world.note("panic");
        panic!("on purpose")
    })
    .await
}

fn registry() -> Registry {
    let actions = actions![say, gate, nap, give_up, approval, panic, stumble];
    Registry::builder().actions(actions).event::<Approval>("approved").event::<Value>("go").build().unwrap()
}

fn go() -> Event {
    Event::new("go", json!(null))
}

/// A place, and what is done there.
struct Trial {
    place: Place,
    registry: Registry,
    world: Arc<World>,
}

impl Trial {
    fn new() -> Self {
        Self::at(|engine| engine)
    }

    fn at(configured: impl FnOnce(flowright::EngineBuilder) -> flowright::EngineBuilder) -> Self {
        let (registry, world) =
            (registry(), Arc::new(World { done: Mutex::default(), gate: Semaphore::new(0) }));
        let hour = Duration::from_hours(1);
        let builder = runtime::engine(registry.clone()).shared(Arc::clone(&world));
        let engine = configured(builder.default_policy(Policy::new().backoff(hour, hour))).build().unwrap();
        Trial { place: Place::of(&engine), registry, world }
    }

    /// A workflow of actions one behind the other.
    fn chain(&self, actions: &[(&str, Value)]) -> CheckedWorkflow {
        let mut draft = Draft::new();
        let mut from = "$source".to_owned();
        for (at, (kind, inputs)) in actions.iter().enumerate() {
            let id = (at + 1).to_string();
            draft = draft.action(&id, kind, inputs.clone()).edge(&from, &id);
            from = id;
        }
        accepted(self.registry.check_for("go", draft.text()))
    }

    fn submit(&self, workflow: &CheckedWorkflow) -> String {
        let id = runtime::new_id();
        assert_eq!(self.place.submit(&id, workflow, go()), Ok(true));
        id
    }

    fn until_done(&self, what: &str) {
        self.place.until(|| self.world.done().iter().any(|done| done == what));
    }

    /// The outputs of a run that completed.
    #[track_caller]
    fn state(&self, id: &str, workflow: &CheckedWorkflow) -> Value {
        match self.place.end(id, workflow) {
            End::Ended(outcome) if outcome.is_completed() => outcome.to_json()["state"].clone(),
            end => panic!("`{id}` did not complete: {end:?}"),
        }
    }
}

fn say_one() -> (&'static str, Value) {
    ("say", json!({ "text": "one" }))
}

#[test]
fn a_run_is_executed_to_its_end() {
    let trial = Trial::new();
    let workflow = trial.chain(&[say_one(), ("say", json!({ "text": "!ref($.state.1)" }))]);
    let id = trial.submit(&workflow);
    let End::Ended(outcome) = trial.place.end(&id, &workflow) else { panic!("it did not end") };
    assert_eq!(outcome.to_json()["state"], json!({ "1": "one", "2": "one" }));
    assert_eq!(outcome.output::<String>("2").unwrap(), "one");
    assert_eq!(trial.world.done(), [format!("{id} says one"), format!("{id} says one")]);
}

#[test]
fn a_run_is_submitted_once() {
    let trial = Trial::new();
    let (workflow, other) = (trial.chain(&[say_one()]), trial.chain(&[say_one(), say_one()]));
    let id = trial.submit(&workflow);
    let refused =
        format!("there is a run `{id}` already, of another document or event: give this one another id");
    let again = |trial: &Trial| {
        assert_eq!(trial.place.submit(&id, &workflow, go()), Ok(false));
        assert_eq!(trial.place.submit(&id, &other, go()), Err(refused.clone()));
        let event = Event::new("go", json!(1));
        assert_eq!(trial.place.submit(&id, &workflow, event), Err(refused.clone()));
    };
    again(&trial);
    trial.state(&id, &workflow);
    again(&trial);
    assert_eq!(trial.world.done().len(), 1);
}

#[test]
fn what_cannot_be_kept_is_refused_when_it_is_submitted() {
    let trial = Trial::new();
    let workflow = trial.chain(&[say_one()]);
    let refused = |id: &str, event: Event| trial.place.submit(id, &workflow, event).unwrap_err();
    let deep = (0..200).fold(json!(1), |value, _| Value::Array(vec![value]));
    let said = refused("a", Event::new("go", deep));
    assert!(said.contains("nested deeper than 120"), "{said}");
    let said = refused("a", Event::new("come", json!(1)));
    assert!(said.contains("is started by `go`"), "{said}");
    for id in ["", "a/b", "a\nb", &"a".repeat(129)] {
        let said = refused(id, go());
        assert!(said.contains("cannot be the id of a run"), "{said}");
    }
    assert_eq!(trial.place.submit(&"ä".repeat(128), &workflow, go()), Ok(true));
}

#[test]
fn events_that_cannot_be_taken_are_refused() {
    let trial = Trial::new();
    let workflow = trial.chain(&[("approval", json!({}))]);
    let id = trial.submit(&workflow);
    let send = |run: &str, event: &str, data: Value| trial.place.send(run, event, data);
    let ada = || json!({ "by": "Ada" });
    assert_eq!(send("nobody", "approved", ada()), Err("there is no run `nobody`".to_owned()));
    let said = send(&id, "approved", json!({ "by": 1 })).unwrap_err();
    assert!(said.starts_with("the event `approved` is refused: "), "{said}");
    let said = send(&id, "aproved", ada()).unwrap_err();
    assert!(said.ends_with("did you mean `approved`?"), "{said}");
    send(&id, "approved", ada()).unwrap();
    assert_eq!(trial.state(&id, &workflow), json!({ "1": "Ada" }));
    let ended = format!("the run `{id}` has ended, and takes no more events");
    assert_eq!(send(&id, "approved", ada()), Err(ended));
}

#[test]
fn events_are_those_of_one_run() {
    let trial = Trial::new();
    let workflow = trial.chain(&[("approval", json!({}))]);
    let (one, two) = (trial.submit(&workflow), trial.submit(&workflow));
    for (id, by) in [(&two, "Bob"), (&one, "Ada")] {
        trial.place.send(id, "approved", json!({ "by": by })).unwrap();
    }
    assert_eq!(trial.state(&one, &workflow), json!({ "1": "Ada" }));
    assert_eq!(trial.state(&two, &workflow), json!({ "1": "Bob" }));
}

#[test]
fn a_cancelled_run_stops_wherever_it_is() {
    let trial = Trial::new();
    for (kind, does) in [("gate", "knocks"), ("nap", "naps"), ("approval", "asks"), ("give_up", "gives up")] {
        let workflow = trial.chain(&[(kind, json!({})), say_one()]);
        let id = trial.submit(&workflow);
        trial.until_done(&format!("{id} {does}"));
        assert_eq!(trial.place.cancel(&id), Ok(true), "{kind}");
        let end = trial.place.end(&id, &workflow);
        assert!(matches!(end, End::Cancelled), "{kind}: {end:?}");
        assert_eq!(trial.place.cancel(&id), Ok(false));
        let ended = format!("the run `{id}` has ended, and takes no more events");
        assert_eq!(trial.place.send(&id, "approved", json!({ "by": "Ada" })), Err(ended));
    }
    assert!(!trial.world.done().iter().any(|done| done.ends_with("says one")));
    assert_eq!(trial.place.cancel("nobody"), Err("there is no run `nobody`".to_owned()));
}

#[test]
fn a_run_that_sleeps_longer_than_it_may_take_fails_when_its_time_is_over() {
    let trial = Trial::at(|engine| engine.deadline(10 * MOMENT));
    for kind in ["nap", "approval", "give_up"] {
        let workflow = trial.chain(&[(kind, json!({}))]);
        let id = trial.submit(&workflow);
        let End::Ended(outcome) = trial.place.end(&id, &workflow) else { panic!("it did not end") };
        assert_eq!(outcome.failure().map(flowright::Failure::code), Some("deadline"), "{kind}");
    }
}

#[test]
fn runs_wait_beside_each_other_and_one_does_not_hold_another_up() {
    let trial = Trial::new();
    let waits = trial.chain(&[("gate", json!({})), say_one()]);
    let waiting: Vec<String> = (0..9).map(|_| trial.submit(&waits)).collect();
    for id in &waiting {
        trial.until_done(&format!("{id} knocks"));
    }
    let quick = trial.chain(&[say_one()]);
    let id = trial.submit(&quick);
    assert_eq!(trial.state(&id, &quick), json!({ "1": "one" }));
    trial.world.gate.add_permits(waiting.len());
    for id in &waiting {
        assert_eq!(trial.state(id, &waits), json!({ "1": null, "2": "one" }));
    }
}

#[test]
fn a_run_whose_action_panics_is_parked_and_the_others_go_on() {
    let trial = Trial::new();
    let beside = Draft::new()
        .action("1", "panic", json!({}))
        .action("2", "say", json!({ "text": "beside" }))
        .start("1")
        .start("2");
    let beside = accepted(trial.registry.check_for("go", beside.text()));
    let parked = [trial.chain(&[("panic", json!({}))]), trial.chain(&[("stumble", json!({}))]), beside];
    let ids: Vec<String> = parked.iter().map(|workflow| trial.submit(workflow)).collect();
    let other = trial.chain(&[say_one()]);
    let id = trial.submit(&other);
    assert_eq!(trial.state(&id, &other), json!({ "1": "one" }));
    for (id, workflow) in ids.iter().zip(&parked) {
        let End::Parked(why) = trial.place.end(id, workflow) else { panic!("it is not parked") };
        assert!(why.as_str().is_some_and(|why| why.starts_with("something panicked")), "{why}");
    }
    assert_eq!(trial.world.done().iter().filter(|done| *done == "panic").count(), 3, "each is tried once");
}

#[test]
fn a_run_whose_observer_panics_is_parked() {
    let observer = |_: &flowright::RunProgress<'_>| panic!("the observer is broken");
    let trial = Trial::at(|engine| engine.observer(observer));
    let workflow = trial.chain(&[say_one()]);
    let id = trial.submit(&workflow);
    let End::Parked(why) = trial.place.end(&id, &workflow) else { panic!("it is not parked") };
    assert!(why.as_str().is_some_and(|why| why.starts_with("something panicked")), "{why}");
}

#[test]
fn a_run_whose_document_does_not_fit_the_actions_is_parked_with_the_report() {
    let trial = Trial::new();
    let newer = Registry::builder().actions(actions![say, whisper]).event::<Value>("go").build().unwrap();
    let draft = Draft::new().action("1", "whisper", json!({})).start("1");
    let workflow = accepted(newer.check_for("go", draft.text()));
    let id = trial.submit(&workflow);
    let End::Parked(report) = trial.place.end(&id, &workflow) else { panic!("it is not parked") };
    assert_eq!(report["diagnostics"][0]["code"], json!("unknown-kind"), "{report}");
    assert!(report["diagnostics"][0]["message"].as_str().is_some_and(|said| said.contains("`whisper`")));
}

/// Say nothing.
#[engine_action]
fn whisper() {}
