//! What an action's failure does to its run, and how actions run beside each other.

use crate::draft::{Draft, accepted, calls, engine, run, state};
use crate::runtime;
use flowright::{
    ActionDefinition, ActionError, ActionStatus, Engine, Happened, Outcome, Registry, RunProgress, Status,
};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{Barrier, Notify};

/// An action that passes only together with others.
fn meets(kind: &str, barrier: &Arc<Barrier>) -> ActionDefinition {
    let barrier = barrier.clone();
    ActionDefinition::builder(kind)
        .handler_async(move |_| {
            let barrier = barrier.clone();
            async move {
                barrier.wait().await;
                Ok(json!("met"))
            }
        })
        .build()
}

/// An action that ends only when it is told to.
fn waits(kind: &str, told: &Arc<Notify>, result: fn() -> Result<Value, ActionError>) -> ActionDefinition {
    let told = told.clone();
    ActionDefinition::builder(kind)
        .handler_async(move |_| {
            let told = told.clone();
            async move {
                told.notified().await;
                result()
            }
        })
        .build()
}

fn fails(kind: &str) -> ActionDefinition {
    ActionDefinition::builder(kind).handler(|_| Err(ActionError::fatal("first"))).build()
}

/// Runs actions of which one is told of the first failure.
#[track_caller]
fn run_telling(draft: &Draft, registry: Registry, told: &Arc<Notify>) -> Outcome {
    let workflow = accepted(registry.check(draft.text()));
    let told = Arc::clone(told);
    let engine = Engine::builder(registry).observer(move |progress: &RunProgress<'_>| {
        if matches!(progress.happened, Happened::Failed { .. }) {
            told.notify_one();
        }
    });
    run(&engine.build().expect("nothing is borrowed"), &workflow, Value::Null)
}

fn tells(kind: &str, told: &Arc<Notify>, result: fn() -> Result<Value, ActionError>) -> ActionDefinition {
    let told = told.clone();
    ActionDefinition::builder(kind)
        .handler(move |_| {
            told.notify_one();
            result()
        })
        .build()
}

fn registry(actions: impl IntoIterator<Item = ActionDefinition>) -> Registry {
    let registry = Registry::builder().actions(flowright_tests::actions::ACTIONS).actions(actions);
    registry.build().expect("the actions are right")
}

#[test]
fn independent_actions_run_at_the_same_time() {
    let barrier = Arc::new(Barrier::new(3));
    let draft = Draft::new()
        .action("a", "meet", json!({}))
        .action("b", "meet", json!({}))
        .action("c", "meet", json!({}))
        .echo("join", json!(["!ref($.state.a)", "!ref($.state.b)", "!ref($.state.c)"]))
        .start("a")
        .start("b")
        .start("c")
        .edge("a", "join")
        .edge("b", "join")
        .edge("c", "join");
    let outcome = draft.run_with(registry([meets("meet", &barrier)]), Value::Null);
    assert_eq!(calls(&outcome), ["a", "b", "c", "join"]);
    assert_eq!(outcome.value("join"), Some(&json!(["met", "met", "met"])));
}

#[test]
fn branches_do_not_wait_for_each_other() {
    let barrier = Arc::new(Barrier::new(2));
    let draft = Draft::new()
        .action("first", "meet", json!({}))
        .echo("a", 1)
        .echo("b", 2)
        .action("second", "meet", json!({}))
        .start("first")
        .start("a")
        .edge("a", "b")
        .edge("b", "second");
    let outcome = draft.run_with(registry([meets("meet", &barrier)]), Value::Null);
    assert!(outcome.is_completed());
    assert_eq!(calls(&outcome), ["first", "a", "b", "second"]);
}

#[test]
fn an_action_starts_when_its_own_parents_are_done_not_when_all_in_flight_are() {
    let told = Arc::new(Notify::new());
    let draft = Draft::new()
        .action("slow", "wait", json!({}))
        .action("tell", "tell", json!({}))
        .echo("a", 1)
        .start("slow")
        .start("a")
        .edge("a", "tell");
    let actions = [waits("wait", &told, || Ok(json!(1))), tells("tell", &told, || Ok(json!(2)))];
    let outcome = draft.run_with(registry(actions), Value::Null);
    assert_eq!(state(&outcome), json!({ "slow": 1, "tell": 2, "a": 1 }));
    assert_eq!(calls(&outcome), ["slow", "a", "tell"]);
}

#[test]
fn a_failure_keeps_what_was_settled_and_starts_nothing_more() {
    let draft = Draft::new()
        .echo("before", 1)
        .action("bad", "fail", json!({ "message": "no !ref($.state.before)" }))
        .echo("below", 2)
        .echo("beside", 3)
        .start("before")
        .edge("before", "bad")
        .edge("bad", "below")
        .edge("before", "beside")
        .echo("further", 4)
        .edge("beside", "further");
    let outcome = draft.run(Value::Null);
    assert_eq!(outcome.status(), Status::Failed);
    // What stands beside starts together with what fails, and ends.
    assert_eq!((outcome.value("before"), outcome.value("beside")), (Some(&json!(1)), Some(&json!(3))));
    assert_eq!(calls(&outcome)[..3], ["before", "bad", "beside"]);
    assert_eq!(outcome.action("bad"), Some(ActionStatus::Failed));
    assert_eq!(outcome.action("below"), Some(ActionStatus::NotStarted));
    if runtime::IN_ORDER {
        assert_eq!(
            outcome.action("further"),
            Some(ActionStatus::NotStarted),
            "nothing starts after a failure"
        );
    }
    let failure = outcome.failure().expect("it failed");
    assert_eq!((failure.action_id(), failure.kind(), failure.attempt()), ("bad", "fail", 1));
    assert_eq!(failure.code(), "action-failed");
    assert_eq!(failure.message(), "no 1");
}

#[test]
fn what_is_in_flight_at_a_failure_finishes_and_is_recorded() {
    let told = Arc::new(Notify::new());
    let draft = Draft::new()
        .action("slow", "wait", json!({}))
        .action("bad", "bad", json!({}))
        .echo("below", 1)
        .start("slow")
        .start("bad")
        .edge("slow", "below");
    let actions = [waits("wait", &told, || Ok(json!("late"))), fails("bad")];
    let outcome = run_telling(&draft, registry(actions), &told);
    assert_eq!(outcome.status(), Status::Failed);
    assert_eq!(state(&outcome), json!({ "slow": "late" }));
    assert_eq!(outcome.action("below"), Some(ActionStatus::NotStarted));
    assert_eq!(calls(&outcome), ["slow", "bad"]);
    assert_eq!(outcome.failures().len(), 1);
}

#[test]
fn an_action_that_fails_while_the_run_fails_is_recorded_second() {
    let told = Arc::new(Notify::new());
    let draft = Draft::new()
        .action("slow", "wait", json!({}))
        .action("bad", "bad", json!({}))
        .start("slow")
        .start("bad");
    let actions = [waits("wait", &told, || Err(ActionError::retryable("second"))), fails("bad")];
    let outcome = run_telling(&draft, registry(actions), &told);
    let failed: Vec<_> =
        outcome.failures().iter().map(|failure| (failure.action_id(), failure.message())).collect();
    assert_eq!(failed, [("bad", "first".to_owned()), ("slow", "second".to_owned())]);
    assert_eq!(outcome.failure().expect("it failed").action_id(), "bad");
    assert_eq!(state(&outcome), json!({}));
}

#[test]
fn a_failed_check_of_an_input_fails_the_run_before_the_call() {
    let called = Arc::new(AtomicUsize::new(0));
    let count = called.clone();
    let takes = ActionDefinition::builder("take")
        .input::<u8>("n")
        .handler(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
            Ok(Value::Null)
        })
        .build();
    let registry = registry([takes]);
    let draft = Draft::new()
        .echo("ok", 1)
        .action("1", "take", json!({ "n": "!ref($.event.n)" }))
        .start("ok")
        .edge("ok", "1");
    let workflow = accepted(registry.check(draft.text()));
    assert_eq!(workflow.report().left_to_run_time().len(), 1);
    let engine = engine(registry);
    for (n, code) in [
        (json!("7"), "wrong-type"),
        (json!(1.5), "wrong-type"),
        (json!(null), "wrong-type"),
        (json!([7]), "wrong-type"),
        (json!(256), "out-of-range"),
        (json!(-1), "out-of-range"),
    ] {
        let outcome = run(&engine, &workflow, json!({ "n": n }));
        let failure = outcome.failure().unwrap_or_else(|| panic!("{n}: {outcome}"));
        assert_eq!(failure.code(), code, "{n}");
        assert_eq!(failure.reference(), Some("!ref($.event.n)"));
        assert_eq!(failure.pointer().unwrap().as_str(), "/actions/1/inputs/n");
        assert!(failure.message().starts_with("expected "), "{failure:?}");
        assert_eq!(calls(&outcome), ["ok"]);
        assert_eq!(state(&outcome), json!({ "ok": 1 }));
    }
    assert_eq!(called.load(Ordering::Relaxed), 0);
    for n in [json!(7), json!(7.0), json!(255)] {
        assert!(
            run(&engine, &workflow, json!({ "n": n })).is_completed(),
            "{n}: integral numbers are integers"
        );
    }
    assert_eq!(called.load(Ordering::Relaxed), 3);
}

#[test]
fn an_output_that_lies_about_its_type_is_a_failure_and_is_not_kept() {
    let liar = ActionDefinition::builder("lie")
        .input_schema("value", json!({}), true)
        .output_schema(
            json!({ "type": "object", "properties": { "n": { "type": "integer" } }, "required": ["n"] }),
        )
        .handler(|call| call.input("value"))
        .build();
    let registry = registry([liar]);
    let draft = Draft::new()
        .action("1", "lie", json!({ "value": "!ref($.event)" }))
        .echo("2", "!ref($.state.1.n)")
        .start("1")
        .edge("1", "2");
    let workflow = accepted(registry.check(draft.text()));
    let engine = engine(registry);
    assert_eq!(state(&run(&engine, &workflow, json!({ "n": 1 }))), json!({ "1": { "n": 1 }, "2": 1 }));
    for (output, code) in
        [(json!({ "n": "1" }), "wrong-type"), (json!({}), "missing-member"), (json!(1), "wrong-type")]
    {
        let outcome = run(&engine, &workflow, output.clone());
        let failure = outcome.failure().unwrap_or_else(|| panic!("{output}: {outcome}"));
        assert_eq!(failure.pointer(), None, "{failure}");
        assert_eq!((failure.action_id(), failure.code()), ("1", code), "{output}");
        assert_eq!(state(&outcome), json!({}));
        assert_eq!(calls(&outcome), ["1"], "it was called");
        assert_eq!(outcome.action("2"), Some(ActionStatus::NotStarted));
    }
}

#[test]
fn an_output_of_any_depth_is_a_failure_and_is_dropped_in_peace() {
    let digs = ActionDefinition::builder("dig")
        .handler(|_| Ok((0..100_000).fold(json!(1), |inner, _| Value::Array(vec![inner]))))
        .build();
    let draft = Draft::new().action("1", "dig", json!({})).echo("2", 1).start("1").edge("1", "2");
    let outcome = draft.run_with(registry([digs]), Value::Null);
    let failure = outcome.failure().expect("it is too deep");
    assert_eq!((failure.action_id(), failure.code()), ("1", "limit"), "{failure}");
    assert_eq!(state(&outcome), json!({}));
    assert_eq!(outcome.action("2"), Some(ActionStatus::NotStarted));
}
