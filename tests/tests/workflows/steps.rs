//! Durable parts of actions: sub-steps, sleeps, waits for events.

use crate::draft::{Draft, accepted};
use flowright::prelude::*;
use flowright::testing::ManualClock;
use flowright::{EventSender, Outcome, Policy, Run};
use futures_util::FutureExt;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Mutex;
use std::time::{Duration, UNIX_EPOCH};

const DAY: Duration = Duration::from_hours(24);

/// What happened, in order.
#[derive(Default)]
struct Diary(Mutex<Vec<String>>);

impl Diary {
    fn note(&self, what: &str) {
        self.0.lock().unwrap().push(what.to_owned());
    }
}

/// Do one thing, sleep, do another, and fail at first.
#[engine_action(retries = 1)]
async fn twice(step: &Step, diary: &Diary, context: &ActionContext) -> Result<u32, ActionError> {
    let key = step.idempotency_key().to_owned();
    let one = step
        .run("one", || async {
            diary.note(&format!("one {key}"));
            Ok(1)
        })
        .await?;
    step.sleep("a day", DAY).await?;
    if context.attempt() == 1 {
        return Err(ActionError::retryable("not yet"));
    }
    let two = step
        .run("two", || async {
            diary.note(&format!("two {key}"));
            Ok(2)
        })
        .await?;
    Ok(one + two)
}

/// Begin two sub-steps at once.
#[engine_action(retries = 5)]
async fn hasty(step: &Step) -> Result<(), ActionError> {
    let sleep = step.sleep("nap", DAY);
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

/// Wait for two approvals.
#[engine_action]
async fn approved(step: &Step) -> Result<Vec<Option<String>>, ActionError> {
    let mut by = Vec::new();
    for _ in 0..2 {
        by.push(step.wait_for_event::<Approval>("approved", DAY).await?.map(|approval| approval.by));
    }
    Ok(by)
}

/// Wait for what nobody sends.
#[engine_action]
async fn misspelt(step: &Step) -> Result<bool, ActionError> {
    Ok(step.wait_for_event::<Value>("aproved", None).await?.is_some())
}

fn registry() -> Registry {
    let actions = actions![twice, hasty, alike, approved, misspelt];
    Registry::builder().actions(actions).event::<Approval>("approved").event::<()>("go").build().unwrap()
}

/// A run of one action by a clock that stands still.
fn begin(kind: &str) -> (Run, ManualClock, std::sync::Arc<Diary>) {
    let (clock, diary) = (ManualClock::at(UNIX_EPOCH), std::sync::Arc::<Diary>::default());
    let registry = registry();
    let engine = Engine::builder(registry.clone())
        .clock(clock.clone())
        .shared(std::sync::Arc::clone(&diary))
        .default_policy(Policy::new().backoff(Duration::from_secs(1), Duration::from_secs(1)))
        .build()
        .unwrap();
    let workflow =
        accepted(registry.check_for("go", Draft::new().action("1", kind, json!({})).start("1").text()));
    let event = Event::new("go", json!(null));
    (engine.begin(&workflow, event).unwrap(), clock, diary)
}

/// The outcome of a run that waits for nothing.
fn outcome(run: Run) -> Outcome {
    run.outcome().now_or_never().expect("it waits for nothing")
}

fn failure(outcome: &Outcome) -> String {
    outcome.failure().expect("it failed").message()
}

#[test]
fn what_a_sub_step_came_to_is_given_back_to_the_next_attempt() {
    let (run, clock, diary) = begin("twice");
    let key = format!("{}/1", run.id());
    let mut outcome = Box::pin(run.outcome());
    assert!(outcome.as_mut().now_or_never().is_none());
    clock.advance(DAY);
    assert!(outcome.as_mut().now_or_never().is_none(), "the second attempt comes after a pause");
    clock.advance(Duration::from_secs(2));
    let outcome = outcome.now_or_never().expect("nothing sleeps any more");
    assert_eq!(outcome.value("1"), Some(&json!(3)));
    assert_eq!(*diary.0.lock().unwrap(), [format!("one {key}"), format!("two {key}")]);
}

#[test]
fn two_sub_steps_at_once_fail_for_good() {
    let (run, ..) = begin("hasty");
    assert_eq!(
        failure(&outcome(run)),
        "sub-step `work` began before `nap` had ended: await each before the next begins"
    );
}

#[test]
fn two_sub_steps_of_one_name_fail() {
    let (run, ..) = begin("alike");
    assert_eq!(
        failure(&outcome(run)),
        "two sub-steps are named `work`: give each a name of its own, such as `work 2`"
    );
}

fn approve(events: &EventSender, by: &str) {
    events.send("approved", json!({ "by": by })).unwrap();
}

#[test]
fn events_are_taken_in_the_order_they_came_also_those_that_came_before() {
    let (run, ..) = begin("approved");
    let events = run.events();
    approve(&events, "Ada");
    let mut outcome = Box::pin(run.outcome());
    assert!(outcome.as_mut().now_or_never().is_none());
    approve(&events, "Bob");
    assert_eq!(outcome.now_or_never().unwrap().value("1"), Some(&json!(["Ada", "Bob"])));
}

#[test]
fn what_does_not_come_in_time_is_nothing() {
    let (run, clock, _) = begin("approved");
    let events = run.events();
    let mut outcome = Box::pin(run.outcome());
    assert!(outcome.as_mut().now_or_never().is_none());
    clock.advance(DAY);
    assert!(outcome.as_mut().now_or_never().is_none(), "the second wait begins when the first is over");
    approve(&events, "Ada");
    assert_eq!(outcome.now_or_never().unwrap().value("1"), Some(&json!([null, "Ada"])));
}

#[test]
fn an_event_of_another_type_or_name_is_not_sent() {
    let (run, ..) = begin("approved");
    let refused = |event: &str, data: Value| run.events().send(event, data).unwrap_err().to_string();
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
    let (run, ..) = begin("misspelt");
    assert_eq!(failure(&outcome(run)), "the registry has no event `aproved`; did you mean `approved`?");
}
