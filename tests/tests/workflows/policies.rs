//! How actions are tried: how often, how long, how many at once; and how long a run may take.

use crate::draft::{Draft, accepted};
use flowright::prelude::*;
use flowright::testing::ManualClock;
use flowright::{ActionStatus, CheckedWorkflow, EngineBuilder, Policy};
use futures_util::FutureExt;
use serde_json::json;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, UNIX_EPOCH};

const SECOND: Duration = Duration::from_secs(1);

#[derive(Default)]
struct Calls(AtomicU32);

/// Fail as asked.
#[engine_action(retries = 2)]
fn flaky(calls: &Calls, fails: u32, fatal: bool) -> Result<u32, ActionError> {
    let call = calls.0.fetch_add(1, Ordering::Relaxed) + 1;
    match (call <= fails, fatal) {
        (false, _) => Ok(call),
        (true, false) => Err(ActionError::retryable("not now")),
        (true, true) => Err(ActionError::fatal("never")),
    }
}

/// Take a minute.
#[engine_action(timeout = "30s", retries = 1, max_concurrency = 1)]
async fn slow(step: &Step, calls: &Calls) -> Result<u32, ActionError> {
    let call = calls.0.fetch_add(1, Ordering::Relaxed) + 1;
    step.sleep("a minute", 60 * SECOND).await?;
    Ok(call)
}

fn registry() -> Registry {
    Registry::builder().actions(actions![flaky, slow]).build().unwrap()
}

struct Trial {
    clock: ManualClock,
    engine: Engine,
    workflow: CheckedWorkflow,
}

fn trial(draft: Draft, configured: impl FnOnce(EngineBuilder) -> EngineBuilder) -> Trial {
    let clock = ManualClock::at(UNIX_EPOCH);
    let registry = registry();
    let workflow = accepted(registry.check(draft.text()));
    let builder = Engine::builder(registry)
        .clock(clock.clone())
        .resource(Calls::default())
        .default_policy(Policy::new().backoff(SECOND, SECOND));
    Trial { clock, engine: configured(builder).build().unwrap(), workflow }
}

impl Trial {
    /// The outcome after so many seconds, as JSON; null where there is none yet.
    fn after(&self, seconds: u64) -> serde_json::Value {
        let mut outcome = Box::pin(self.engine.run(&self.workflow, json!({})));
        let mut ended = outcome.as_mut().now_or_never();
        for _ in 0..seconds {
            if ended.is_none() {
                self.clock.advance(SECOND);
                ended = outcome.as_mut().now_or_never();
            }
        }
        ended.map_or(json!(null), |outcome| outcome.unwrap().to_json())
    }
}

fn flaky_draft(fails: u32, fatal: bool) -> Draft {
    Draft::new().action("1", "flaky", json!({ "fails": fails, "fatal": fatal })).start("1")
}

#[test]
fn what_may_succeed_later_is_tried_as_often_as_the_attribute_says() {
    let outcome = trial(flaky_draft(2, false), |engine| engine).after(10);
    assert_eq!(outcome["state"], json!({ "1": 3 }));
    let outcome = trial(flaky_draft(3, false), |engine| engine).after(10);
    assert_eq!(
        outcome["failed"],
        json!({ "action": "1", "kind": "flaky", "attempt": 3, "code": "action-failed", "message": "not now" })
    );
}

#[test]
fn what_is_fatal_is_not_tried_again() {
    let outcome = trial(flaky_draft(1, true), |engine| engine).after(10);
    assert_eq!(outcome["failed"]["attempt"], json!(1));
}

#[test]
fn the_engine_goes_before_the_attribute() {
    let none = |engine: EngineBuilder| engine.policy("flaky", Policy::new().retries(0));
    assert_eq!(trial(flaky_draft(1, false), none).after(10)["failed"]["attempt"], json!(1));
    let more = |engine: EngineBuilder| engine.policy("flaky", Policy::new().retries(9));
    assert_eq!(trial(flaky_draft(9, false), more).after(60)["state"], json!({ "1": 10 }));
}

#[test]
fn an_attempt_that_takes_too_long_is_stopped() {
    let draft = Draft::new().action("1", "slow", json!({})).start("1");
    let outcome = trial(draft, |engine| engine).after(100);
    assert_eq!(outcome["failed"]["message"], json!("it did not end within 30s"));
    assert_eq!(outcome["failed"]["attempt"], json!(2));
}

#[test]
fn calls_wait_for_their_turn_and_their_time_begins_with_it() {
    let draft =
        Draft::new().action("1", "slow", json!({})).action("2", "slow", json!({})).start("1").start("2");
    let longer = |engine: EngineBuilder| engine.policy("slow", Policy::new().timeout(61 * SECOND));
    let trial = trial(draft, longer);
    assert_eq!(trial.after(119), json!(null));
    let draft =
        Draft::new().action("1", "slow", json!({})).action("2", "slow", json!({})).start("1").start("2");
    let trial = self::trial(draft, longer);
    assert_eq!(trial.after(120)["state"], json!({ "1": 1, "2": 2 }));
}

#[test]
fn a_run_ends_at_its_deadline() {
    let draft = Draft::new().action("1", "slow", json!({})).start("1");
    let trial = trial(draft, |engine| engine.deadline(10 * SECOND));
    let outcome = trial.after(11);
    assert_eq!(
        outcome["failed"],
        json!({ "action": "1", "kind": "slow", "attempt": 1, "code": "deadline", "message": "the run did not end within 10s" })
    );
    assert_eq!(outcome["actions"][0]["status"], json!("failed"));
}

#[test]
fn a_failure_ends_the_pause_of_what_would_be_tried_again() {
    let draft = Draft::new()
        .action("1", "flaky", json!({ "fails": 9, "fatal": false }))
        .action("2", "flaky", json!({ "fails": 9, "fatal": true }))
        .start("1")
        .start("2");
    let trial = trial(draft, |engine| engine);
    let outcome =
        trial.engine.run(&trial.workflow, json!({})).now_or_never().expect("it ends at once").unwrap();
    let ended: Vec<_> =
        outcome.failures().iter().map(|failure| (failure.action_id(), failure.attempt())).collect();
    assert_eq!(ended, [("2", 1), ("1", 1)]);
    assert_eq!(outcome.action("1"), Some(ActionStatus::Failed));
}

#[test]
fn a_policy_for_no_action_is_refused() {
    let built =
        Engine::builder(registry()).policy("flakey", Policy::new()).resource(Calls::default()).build();
    let message = built.unwrap_err().to_string();
    assert_eq!(message, "`.policy(\"flakey\", …)` is for an action that the registry does not have");
}
