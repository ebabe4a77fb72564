//! How actions are tried: how often, how long, how many at once; and how long a run may take.

use crate::draft::{Draft, accepted};
use crate::runtime::{self, Live, MOMENT};
use flowright::prelude::*;
use flowright::{ActionStatus, EngineBuilder, Outcome, Policy};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Longer than a run may take here.
const HOUR: Duration = Duration::from_hours(1);

#[derive(Default)]
struct Calls {
    made: AtomicU32,
    under_way: AtomicU32,
}

impl Calls {
    fn next(&self) -> u32 {
        self.made.fetch_add(1, Ordering::Relaxed) + 1
    }
}

/// Fail as asked.
#[engine_action(retries = 2)]
fn flaky(calls: &Calls, fails: u32, fatal: bool) -> Result<u32, ActionError> {
    let call = calls.next();
    match (call <= fails, fatal) {
        (false, _) => Ok(call),
        (true, false) => Err(ActionError::retryable("not now")),
        (true, true) => Err(ActionError::fatal("never")),
    }
}

/// Take an hour.
#[engine_action(timeout = "100ms", retries = 1)]
async fn slow(step: &Step, calls: &Calls) -> Result<u32, ActionError> {
    let call = calls.next();
    step.sleep("an hour", HOUR).await?;
    Ok(call)
}

/// Never end, in a sub-step.
#[engine_action(timeout = "100ms")]
async fn slow_work(step: &Step, calls: &Calls) -> Result<u32, ActionError> {
    let work = || async {
        let call = calls.next();
        std::future::pending::<()>().await;
        Ok(call)
    };
    step.run("work", work).await
}

/// Take some time, and count the others that do.
#[engine_action(max_concurrency = 1)]
async fn turn(step: &Step, calls: &Calls) -> Result<u32, ActionError> {
    let others = calls.under_way.fetch_add(1, Ordering::SeqCst);
    step.sleep("a while", 2 * MOMENT).await?;
    calls.under_way.fetch_sub(1, Ordering::SeqCst);
    Ok(others)
}

/// Fail when it is told to.
#[engine_action]
async fn told(step: &Step) -> Result<(), ActionError> {
    step.wait_for_event::<()>("fail", None).await?;
    Err(ActionError::fatal("it was told to"))
}

/// End at once.
#[engine_action]
fn quick() {}

fn registry() -> Registry {
    Registry::builder().actions(actions![flaky, slow, slow_work, turn, told, quick]).build().unwrap()
}

fn begin(draft: &Draft, configured: impl FnOnce(EngineBuilder) -> EngineBuilder) -> (Live, Arc<Calls>) {
    begin_of(registry(), draft, configured)
}

fn begin_of(
    registry: Registry,
    draft: &Draft,
    configured: impl FnOnce(EngineBuilder) -> EngineBuilder,
) -> (Live, Arc<Calls>) {
    let calls = Arc::<Calls>::default();
    let workflow = accepted(registry.check(draft.text()));
    let builder = runtime::engine(registry)
        .shared(Arc::clone(&calls))
        .default_policy(Policy::new().backoff(MOMENT / 8, MOMENT / 8));
    (runtime::begin(&configured(builder).build().unwrap(), &workflow, json!({}).into()), calls)
}

fn outcome(draft: &Draft, configured: impl FnOnce(EngineBuilder) -> EngineBuilder) -> Outcome {
    begin(draft, configured).0.outcome()
}

fn flaky_draft(fails: u32, fatal: bool) -> Draft {
    Draft::new().action("1", "flaky", json!({ "fails": fails, "fatal": fatal })).start("1")
}

fn slow_draft() -> Draft {
    Draft::new().action("1", "slow", json!({})).start("1")
}

#[test]
fn what_may_succeed_later_is_tried_as_often_as_the_attribute_says() {
    let succeeded = outcome(&flaky_draft(2, false), |engine| engine).to_json();
    assert_eq!(succeeded["state"], json!({ "1": 3 }));
    let failed = outcome(&flaky_draft(3, false), |engine| engine).to_json();
    assert_eq!(
        failed["failed"],
        json!({ "action": "1", "kind": "flaky", "attempt": 3, "code": "action-failed", "message": "not now" })
    );
}

#[test]
fn what_is_fatal_is_not_tried_again() {
    let failed = outcome(&flaky_draft(1, true), |engine| engine);
    assert_eq!(failed.failure().unwrap().attempt(), 1);
}

#[test]
fn the_engine_goes_before_the_attribute() {
    let none = |engine: EngineBuilder| engine.policy("flaky", Policy::new().retries(0));
    assert_eq!(outcome(&flaky_draft(1, false), none).failure().unwrap().attempt(), 1);
    let more = |engine: EngineBuilder| engine.policy("flaky", Policy::new().retries(9));
    assert_eq!(outcome(&flaky_draft(9, false), more).value("1"), Some(&json!(10)));
    let longer = |engine: EngineBuilder| engine.policy("slow", Policy::new().timeout(MOMENT).retries(0));
    let failed = outcome(&slow_draft(), longer);
    let failure = failed.failure().unwrap();
    assert_eq!((failure.attempt(), failure.message()), (1, format!("it did not end within {MOMENT:?}")));
}

#[test]
fn an_attempt_that_takes_too_long_is_stopped() {
    let failed = outcome(&slow_draft(), |engine| engine);
    let failure = failed.failure().unwrap();
    assert_eq!((failure.attempt(), &*failure.message()), (2, "it did not end within 100ms"));
}

#[test]
fn the_work_of_a_sub_step_that_takes_too_long_is_over_with_its_attempt() {
    let (run, calls) = begin(&Draft::new().action("1", "slow_work", json!({})).start("1"), |engine| engine);
    let failed = run.outcome();
    let failure = failed.failure().unwrap();
    assert_eq!((failure.attempt(), &*failure.message()), (1, "it did not end within 100ms"));
    assert_eq!(calls.made.load(Ordering::Relaxed), 1);
}

#[test]
fn calls_wait_for_their_turn_and_their_time_begins_with_it() {
    let ids: Vec<String> = (1..=9).map(|id| id.to_string()).collect();
    let draft = ids.iter().fold(Draft::new(), |draft, id| draft.action(id, "turn", json!({})).start(id));
    // Each has more time than it takes, and less than all of them take together.
    let bounded = |engine: EngineBuilder| engine.policy("turn", Policy::new().timeout(16 * MOMENT));
    let outcome = outcome(&draft, bounded);
    assert!(outcome.is_completed(), "{outcome}");
    assert!(outcome.outputs().all(|(_, others)| *others == json!(0)), "{outcome}");
}

#[test]
fn the_policies_of_a_subset_are_those_of_its_own_actions() {
    let subset = registry().subset(["slow", "quick", "told"]).unwrap();
    let failed = begin_of(subset, &slow_draft(), |engine| engine).0.outcome();
    assert_eq!(failed.failure().unwrap().message(), "it did not end within 100ms");
}

#[test]
fn a_run_ends_at_its_deadline() {
    let patient = |engine: EngineBuilder| engine.policy("slow", Policy::new().timeout(HOUR));
    let failed = outcome(&slow_draft(), |engine| patient(engine).deadline(20 * MOMENT)).to_json();
    let message = format!("the run did not end within {:?}", 20 * MOMENT);
    assert_eq!(
        failed["failed"],
        json!({ "action": "1", "kind": "slow", "attempt": 1, "code": "deadline", "message": message })
    );
    assert_eq!(failed["actions"][0]["status"], json!("failed"));
}

#[test]
fn a_failure_ends_the_pause_of_what_would_be_tried_again() {
    let draft = Draft::new()
        .action("1", "flaky", json!({ "fails": 9, "fatal": false }))
        .action("2", "told", json!({}))
        .action("3", "flaky", json!({ "fails": 0, "fatal": false }))
        .start("1")
        .start("2")
        .edge("2", "3");
    let later = |engine: EngineBuilder| engine.policy("flaky", Policy::new().backoff(HOUR, HOUR));
    let (mut run, calls) = begin(&draft, later);
    run.until(|| calls.made.load(Ordering::Relaxed) == 1);
    run.send("fail", json!(null)).unwrap();
    let outcome = run.outcome();
    let ended: Vec<_> =
        outcome.failures().iter().map(|failure| (failure.action_id(), failure.attempt())).collect();
    assert_eq!(ended, [("2", 1), ("1", 1)]);
    assert_eq!(outcome.action("1"), Some(ActionStatus::Failed));
    assert_eq!(outcome.action("3"), Some(ActionStatus::NotStarted));
}

#[test]
fn a_policy_for_no_action_is_refused() {
    let built =
        Engine::builder(registry()).policy("flakey", Policy::new()).resource(Calls::default()).build();
    let message = built.unwrap_err().to_string();
    assert_eq!(message, "`.policy(\"flakey\", …)` is for an action that the registry does not have");
}
