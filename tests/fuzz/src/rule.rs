//! Rules: whatever they are and are given, they end.

use crate::choices::{Choices, is_text};
use crate::{grammar, run};
use flowright::{Cause, Engine, Registry};
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
/// Where the rule comes to something else when it is evaluated again, or fails in a way that no rule does.
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
    let document = json!({
        "actions": [{ "id": "1", "kind": "builtin:if", "inputs": { "condition": rule } }],
        "edges": [{ "from": "$source", "to": "1" }],
    });
    let workflow = match ENGINE.registry().check(document.to_string()) {
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
}
