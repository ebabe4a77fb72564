//! Actions that are mocked, and clocks that are set.

use crate::draft::{Draft, accepted, calls, conformance, run, state};
use flowright::prelude::*;
use flowright::testing::{ManualClock, MockActions};
use flowright::{CheckedWorkflow, Clock, Policy};
use serde_json::{Value, json};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

struct Bank;

/// Charge.
#[engine_action(aliases("debit"))]
#[allow(clippy::unused_async, reason = "its function is replaced, and is of either kind")]
async fn charge(bank: &Bank, cents: u32, #[input(default = "EUR")] currency: String) -> String {
    let _ = bank;
    format!("{cents} {currency}")
}

/// What time it is, in seconds since 1970.
#[engine_action]
fn time(context: &ActionContext) -> Option<u64> {
    context.now().duration_since(UNIX_EPOCH).ok().map(|since| since.as_secs())
}

fn registry() -> Registry {
    Registry::builder().actions(actions![charge, time]).build().expect("it is right")
}

fn two_charges(registry: &Registry) -> CheckedWorkflow {
    let draft = Draft::new().action("1", "charge", json!({ "cents": "!ref($.event.data)" }));
    let draft = draft.action("2", "debit", json!({ "cents": 7, "currency": "USD" }));
    accepted(registry.check(draft.start("1").edge("1", "2").text()))
}

fn mocked(mocks: &MockActions, registry: &Registry) -> Engine {
    let builder = mocks.apply_to(Engine::builder(registry.clone())).expect("the mocks fit");
    builder.build().expect("what is mocked borrows nothing")
}

#[test]
fn a_mock_stands_in_place_of_a_function_and_keeps_what_it_was_called_with() {
    let registry = registry();
    let mocks = MockActions::new().returns("charge", "receipt");
    let outcome = run(&mocked(&mocks, &registry), &two_charges(&registry), json!({ "data": 250 }));
    assert_eq!(state(&outcome), json!({ "1": "receipt", "2": "receipt" }));
    let first = json!({ "cents": 250, "currency": "EUR" });
    assert_eq!(mocks.calls("charge"), [first, json!({ "cents": 7, "currency": "USD" })]);
}

#[test]
fn a_mock_of_an_alias_is_one_of_the_action() {
    let registry = registry();
    let mocks = MockActions::new().returns("debit", "receipt");
    run(&mocked(&mocks, &registry), &two_charges(&registry), json!({ "data": 250 }));
    assert_eq!(mocks.calls("debit").len(), 2);
}

#[test]
fn a_mock_can_fail() {
    let registry = registry();
    for (error, calls) in [(ActionError::fatal("broke"), 1), (ActionError::retryable("broke"), 2)] {
        let mocks = MockActions::new().fails("charge", error);
        let once_more = Policy::new().retries(1).backoff(Duration::ZERO, Duration::ZERO);
        let builder = mocks.apply_to(Engine::builder(registry.clone())).expect("the mocks fit");
        let engine = builder.policy("charge", once_more).build().expect("what is mocked borrows nothing");
        let outcome = run(&engine, &two_charges(&registry), json!({ "data": 250 }));
        let failure = outcome.failure().expect("it fails");
        assert_eq!(
            (failure.action_id(), failure.code(), &*failure.message()),
            ("1", "action-failed", "broke")
        );
        assert_eq!(mocks.calls("charge").len(), calls, "nothing starts after a failure");
    }
}

#[test]
fn the_output_of_a_mock_is_of_the_type_of_the_action() {
    let registry = registry();
    let mocks = MockActions::new().handler("charge", |call| Ok(json!([call.input::<u32>("cents")?])));
    let outcome = run(&mocked(&mocks, &registry), &two_charges(&registry), json!({ "data": 250 }));
    assert_eq!(outcome.failure().expect("it is an array").code(), "wrong-type");
    assert_eq!(state(&outcome), json!({}));
}

#[test]
fn the_inputs_of_a_mock_are_of_the_types_of_the_action() {
    let registry = registry();
    let mocks = MockActions::new().returns("charge", "receipt");
    let outcome = run(&mocked(&mocks, &registry), &two_charges(&registry), json!({ "data": "all" }));
    assert_eq!(outcome.failure().expect("it is no number").code(), "wrong-type");
    assert_eq!(mocks.calls("charge"), [Value::Null; 0]);
    assert_eq!(calls(&outcome), [""; 0]);
}

#[test]
fn mocks_that_the_registry_has_no_place_for_are_all_named() {
    let mocks = MockActions::new().returns("chrage", 1).returns("charge", 1).returns("builtin:if", true);
    let error = mocks.apply_to(Engine::builder(registry())).expect_err("none is right");
    assert_eq!(
        error.to_string(),
        "actions cannot be mocked:\n\
         - action `builtin:if`: it is part of the engine, and is not mocked\n\
         - action `charge`: what its mock returns does not fit its output: expected `string`, found `1`\n\
         - action `chrage`: the registry has no such kind; did you mean `charge`?"
    );
    assert_eq!(error.faults().len(), 3);
}

#[test]
fn what_is_not_mocked_is_called_and_lacks_its_resources() {
    let mocks = MockActions::new().returns("time", 1);
    let builder = mocks.apply_to(Engine::builder(registry())).expect("the mock fits");
    let missing = builder.build().expect_err("nothing is borrowed for `charge`");
    assert_eq!(missing.iter().map(|missing| &*missing.kind).collect::<Vec<_>>(), ["charge"]);
    let engine = mocks.apply_to(Engine::builder(conformance()));
    assert!(engine.is_err(), "another registry has no `time`");
}

#[test]
#[should_panic(expected = "`chrage` is not mocked; these are: `charge`")]
fn calls_are_those_of_a_mock() {
    MockActions::new().returns("charge", 1).calls("chrage");
}

#[test]
fn actions_read_the_clock_of_their_engine() {
    let registry = registry();
    let workflow = accepted(registry.check(Draft::new().action("1", "time", json!({})).start("1").text()));
    let clock = ManualClock::at(UNIX_EPOCH);
    let builder = Engine::builder(registry).resource(Bank);
    let engine = builder.clock(clock.clone()).build().expect("it lacks nothing");
    for seconds in [0, 60, 120] {
        assert_eq!(state(&run(&engine, &workflow, json!({}))), json!({ "1": seconds }));
        clock.advance(Duration::from_mins(1));
    }
    clock.set(UNIX_EPOCH + Duration::from_secs(5));
    assert_eq!(state(&run(&engine, &workflow, json!({}))), json!({ "1": 5 }));
    assert_eq!(clock.now(), UNIX_EPOCH + Duration::from_secs(5));
}

#[test]
fn an_engine_has_the_clock_of_the_system() {
    let registry = registry();
    let workflow = accepted(registry.check(Draft::new().action("1", "time", json!({})).start("1").text()));
    let engine = Engine::builder(registry).resource(Bank).build().expect("it lacks nothing");
    let before = SystemTime::now();
    let told: u64 = run(&engine, &workflow, json!({})).output("1").expect("a number");
    let seconds = |time: SystemTime| time.duration_since(UNIX_EPOCH).expect("later").as_secs();
    assert!((seconds(before)..=seconds(SystemTime::now())).contains(&told));
}
