//! Durable parts of actions: sub-steps, sleeps, waits for events.

use crate::draft::{Draft, accepted};
use crate::runtime::{self, Live, MOMENT};
use flowright::prelude::*;
use flowright::{Outcome, Policy};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Longer than a run may take here.
const HOUR: Duration = Duration::from_hours(1);

/// What happened, in order.
#[derive(Default)]
struct Diary(Mutex<Vec<String>>);

impl Diary {
    fn note(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }

    fn notes(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// Do one thing, sleep, do another, and fail at first.
#[engine_action(retries = 1)]
async fn twice(step: &Step, diary: &Diary, context: &ActionContext) -> Result<u32, ActionError> {
    let key = step.idempotency_key().to_owned();
    let one = step
        .run("one", || async {
            diary.note(format!("one {key}"));
            Ok(1)
        })
        .await?;
    let begun = context.now();
    // It is slept for as long as the first attempt says.
    step.sleep("a while", if context.attempt() == 1 { 4 * MOMENT } else { HOUR }).await?;
    if context.attempt() == 1 {
        let slept = context.now().duration_since(begun).unwrap_or_default();
        // Times may be cut to milliseconds.
        assert!(slept > 3 * MOMENT, "{slept:?}");
        return Err(ActionError::retryable("not yet"));
    }
    let two = step
        .run("two", || async {
            diary.note(format!("two {key}"));
            Ok(2)
        })
        .await?;
    Ok(one + two)
}

/// Lie down, and sleep for too long.
#[engine_action(timeout = "500ms", retries = 1)]
async fn oversleep(step: &Step, diary: &Diary, context: &ActionContext) -> Result<(), ActionError> {
    diary.note(format!("attempt {}", context.attempt()));
    let lie_down = || async {
        diary.note("lie down");
        Ok(())
    };
    step.run("lie down", lie_down).await?;
    step.sleep("nap", HOUR).await
}

/// Fail in a sub-step, at first.
#[engine_action(retries = 1)]
async fn trip(step: &Step, context: &ActionContext) -> Result<u32, ActionError> {
    let work = || async {
        if context.attempt() == 1 { Err(ActionError::retryable("oops")) } else { Ok(context.attempt()) }
    };
    step.run("work", work).await
}

/// Begin two sub-steps at once.
#[engine_action(retries = 5)]
async fn hasty(step: &Step) -> Result<(), ActionError> {
    let sleep = step.sleep("nap", HOUR);
    let run = step.run("work", || async { Ok(()) });
    futures_util::try_join!(sleep, run).map(|_| ())
}

/// Give two sub-steps one name.
#[engine_action]
async fn alike(step: &Step) -> Result<u32, ActionError> {
    let one: u32 = step.run("work", || async { Ok(1) }).await?;
    Ok(one + step.run("work", || async { Ok(2) }).await?)
}

#[derive(Deserialize, JsonSchema)]
struct Approval {
    by: String,
}

/// Wait for two approvals, for the first one so long.
#[engine_action]
async fn approved(
    step: &Step,
    diary: &Diary,
    moments: Option<u32>,
) -> Result<Vec<Option<String>>, ActionError> {
    let first = moments.map_or(HOUR, |moments| moments * MOMENT);
    let one = step.wait_for_event::<Approval>("approved", first).await?;
    diary.note("waits on");
    let two = step.wait_for_event::<Approval>("approved", HOUR).await?;
    Ok(vec![one.map(|approval| approval.by), two.map(|approval| approval.by)])
}

/// Wait until it goes on.
#[engine_action]
async fn gate(step: &Step) -> Result<(), ActionError> {
    step.wait_for_event::<()>("go", None).await.map(drop)
}

/// Wait for what nobody sends.
#[engine_action]
async fn misspelt(step: &Step) -> Result<bool, ActionError> {
    Ok(step.wait_for_event::<Value>("aproved", None).await?.is_some())
}

fn registry() -> Registry {
    let actions = actions![twice, oversleep, trip, hasty, alike, approved, gate, misspelt];
    Registry::builder().actions(actions).event::<Approval>("approved").event::<()>("go").build().unwrap()
}

/// A run of a few actions one behind the other, by their kinds.
fn chain(kinds: &[(&str, Value)]) -> (Live, Arc<Diary>) {
    let diary = Arc::<Diary>::default();
    let registry = registry();
    let engine = runtime::engine(registry.clone())
        .shared(Arc::clone(&diary))
        .default_policy(Policy::new().backoff(MOMENT / 8, MOMENT / 8))
        .build()
        .unwrap();
    let (draft, _) = kinds.iter().zip(1..).fold(
        (Draft::new(), "$source".to_owned()),
        |(draft, from), ((kind, inputs), id): (_, u32)| {
            let id = id.to_string();
            (draft.action(&id, kind, inputs.clone()).edge(&from, &id), id)
        },
    );
    let workflow = accepted(registry.check_for("go", draft.text()));
    (runtime::begin(&engine, &workflow, Event::new("go", json!(null))), diary)
}

fn begin(kind: &str) -> (Live, Arc<Diary>) {
    chain(&[(kind, json!({}))])
}

fn failure(outcome: &Outcome) -> String {
    outcome.failure().expect("it failed").message()
}

#[test]
fn what_a_sub_step_came_to_is_given_back_to_the_next_attempt() {
    let (run, diary) = begin("twice");
    let key = format!("{}/1", run.id());
    assert_eq!(run.outcome().value("1"), Some(&json!(3)));
    assert_eq!(diary.notes(), [format!("one {key}"), format!("two {key}")]);
}

#[test]
fn an_attempt_that_takes_too_long_is_over_and_its_sub_steps_are_known_to_the_next() {
    let (run, diary) = begin("oversleep");
    let outcome = run.outcome();
    assert_eq!(failure(&outcome), "it did not end within 500ms");
    assert_eq!(outcome.failure().unwrap().attempt(), 2);
    let attempts = diary.notes();
    let attempts = attempts.iter().filter(|note| note.starts_with("attempt"));
    // One that is over before it could be called again is not called in vain.
    assert!((1..=2).contains(&attempts.count()));
    assert_eq!(diary.notes()[..2], ["attempt 1", "lie down"]);
    assert_eq!(diary.notes().iter().filter(|note| *note == "lie down").count(), 1);
}

#[test]
fn a_sub_step_that_failed_is_done_again() {
    assert_eq!(begin("trip").0.outcome().value("1"), Some(&json!(2)));
}

#[test]
fn two_sub_steps_at_once_fail_for_good() {
    let outcome = begin("hasty").0.outcome();
    assert_eq!(
        failure(&outcome),
        "sub-step `work` began before `nap` had ended: await each before the next begins"
    );
    assert_eq!(outcome.failure().unwrap().attempt(), 1);
}

#[test]
fn two_sub_steps_of_one_name_fail() {
    assert_eq!(
        failure(&begin("alike").0.outcome()),
        "two sub-steps are named `work`: give each a name of its own, such as `work 2`"
    );
}

fn approve(run: &Live, by: &str) {
    run.send("approved", json!({ "by": by })).unwrap();
}

#[test]
fn events_are_taken_in_the_order_they_came_also_those_that_came_before() {
    let (mut run, diary) = chain(&[("gate", json!({})), ("approved", json!({}))]);
    approve(&run, "Ada");
    run.send("go", json!(null)).unwrap();
    run.until(|| diary.notes() == ["waits on"]);
    approve(&run, "Bob");
    assert_eq!(run.outcome().value("2"), Some(&json!(["Ada", "Bob"])));
}

#[test]
fn each_wait_takes_one_event_wherever_it_stands() {
    let (run, _) = chain(&[("gate", json!({})), ("approved", json!({})), ("approved", json!({}))]);
    for by in ["Ada", "Ada", "Bob", "Eve"] {
        approve(&run, by);
    }
    run.send("go", json!(null)).unwrap();
    let outcome = run.outcome();
    assert_eq!(outcome.value("2"), Some(&json!(["Ada", "Ada"])));
    assert_eq!(outcome.value("3"), Some(&json!(["Bob", "Eve"])));
}

#[test]
fn what_does_not_come_in_time_is_nothing() {
    let (mut run, diary) = chain(&[("approved", json!({ "moments": 2 }))]);
    run.until(|| diary.notes() == ["waits on"]);
    approve(&run, "Ada");
    assert_eq!(run.outcome().value("1"), Some(&json!([null, "Ada"])));
}

#[test]
fn an_event_of_another_type_or_name_is_not_sent() {
    let (run, _) = begin("approved");
    let refused = |event: &str, data: Value| run.send(event, data).unwrap_err();
    assert_eq!(
        refused("approved", json!({ "by": 7 })),
        "the event `approved` is refused: `$.event.data.by`: expected `string`, found `7`"
    );
    assert_eq!(
        refused("aproved", json!(null)),
        "the registry has no event `aproved`; did you mean `approved`?"
    );
}

#[test]
fn nothing_waits_for_an_event_that_the_registry_does_not_have() {
    let outcome = begin("misspelt").0.outcome();
    assert_eq!(failure(&outcome), "the registry has no event `aproved`; did you mean `approved`?");
}
