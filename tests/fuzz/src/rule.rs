//! Rules: whatever they are and are given, they end.

use crate::choices::{Choices, is_text};
use crate::{grammar, run};
use flowright::{Cause, CheckedWorkflow, Code, Engine, Outcome, Registry, Report, Severity};
use serde_json::{Value, json};
use std::sync::LazyLock;

/// Nothing is known of its events.
static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let registry = Registry::builder().build().expect("it is empty");
    Engine::builder(registry).build().expect("it needs nothing")
});

/// Holds for a rule and an event: `{ "rule", "event" }` as text, or by choices.
///
/// # Panics
///
/// Where the rule comes to something else when it is evaluated again, or inside of another rule, or fails in a way that no rule
/// does.
pub fn hold(bytes: &[u8]) {
    let (rule, event) = if is_text(bytes) {
        let Ok(Value::Object(mut case)) = serde_json::from_slice(bytes) else { return };
        let mut part = |name| case.remove(name).unwrap_or_default();
        (part("rule"), part("event"))
    } else {
        let mut choices = Choices::new(bytes);
        (grammar::rule(&mut choices), choices.json(4))
    };
    ends(&rule, &event);
}

fn ends(rule: &Value, event: &Value) {
    let workflow = match checked(rule) {
        Ok(workflow) => workflow,
        Err(report) => return drop(report.render(true)),
    };
    let Ok(outcome) = run::run(&ENGINE, &workflow, event.clone()) else { return };
    let again = run::run(&ENGINE, &workflow, event.clone()).expect("the event was accepted");
    assert_eq!(again.to_json(), outcome.to_json(), "{rule}");
    if let Some(failure) = outcome.failure() {
        let is_of_rules =
            matches!(failure.cause(), Cause::Input(_) | Cause::Limit { .. } | Cause::Rule { .. });
        assert!(is_of_rules, "{failure}: {rule}");
    }
    // A ref that is not inside of anything has to lead to a boolean.
    if outcome.is_completed() || !rule.is_string() {
        is_the_same_inside(rule, event, &result(&outcome));
    }
}

fn is_the_same_inside(rule: &Value, event: &Value, result: &Result<bool, &'static str>) {
    let opposite = result.map(|result| !result);
    for (other, expected) in [
        (json!({ "!": [rule] }), opposite),
        (json!({ "!!": [rule] }), *result),
        (json!({ "if": [rule, true, false] }), *result),
    ] {
        let found = match checked(&other) {
            Ok(workflow) => {
                let outcome = run::run(&ENGINE, &workflow, event.clone()).expect("the event was accepted");
                self::result(&outcome)
            }
            // It is one operator deeper.
            Err(report) => {
                let mut errors = report.iter().filter(|found| found.severity() == Severity::Error);
                assert!(errors.all(|found| found.code() == Code::Limit), "{report}");
                continue;
            }
        };
        // It takes a few steps more.
        assert!(found == expected || found == Err(Code::Limit.slug()), "{found:?}: {other} on {event}");
    }
}

fn checked(rule: &Value) -> Result<CheckedWorkflow, Report> {
    let document = json!({
        "actions": [{ "id": "1", "kind": "builtin:if", "inputs": { "condition": rule } }],
        "edges": [{ "from": "$source", "to": "1" }],
    });
    ENGINE.registry().check(document.to_string())
}

/// What the rule came to, or the slug of what it failed by.
fn result(outcome: &Outcome) -> Result<bool, &'static str> {
    match outcome.failure() {
        Some(failure) => Err(failure.code()),
        None => Ok(outcome.value("1").expect("it completed")["result"].as_bool().expect("it is a boolean")),
    }
}
