//! What the actions do, and which inputs they take.

use super::{refs, rules, text};
use serde_json::{Map, Value, json};

/// The output of an action with the inputs that a document gives it; `None` where it fails.
///
/// # Panics
///
/// At a kind that is not known.
pub fn call(action: &Value, root: &Value) -> Option<Value> {
    let none = Map::new();
    let written = action.get("inputs").and_then(Value::as_object).unwrap_or(&none);
    if action["kind"] == "builtin:if" {
        return Some(json!({ "result": condition(written.get("condition")?, root)? }));
    }
    let mut inputs = Map::new();
    for (name, value) in written {
        if let Some(value) = text::fill(value, root).ok()? {
            inputs.insert(name.clone(), value);
        }
    }
    let input = |name: &str| inputs.get(name);
    match action["kind"].as_str().expect("an action has a kind") {
        "add" => Some(json!(input("a")?.as_f64()? + input("b")?.as_f64()?)),
        "concat" => {
            let parts: Option<Vec<&str>> = input("parts")?.as_array()?.iter().map(Value::as_str).collect();
            Some(json!(parts?.concat()))
        }
        "echo" => input("value").cloned(),
        "make_user" => {
            let email = match input("email") {
                None | Some(Value::Null) => None,
                Some(email) => Some(email.as_str()?),
            };
            let age = input("age").filter(|age| is_age(age))?;
            Some(json!({ "name": input("name")?.as_str()?, "age": age, "email": email }))
        }
        "upper" => Some(json!(input("text")?.as_str()?.to_uppercase())),
        other => panic!("no action `{other}` is known"),
    }
}

/// A whole number that is not negative.
fn is_age(value: &Value) -> bool {
    value.as_f64().is_some_and(|age| age >= 0.0 && age.fract() == 0.0)
}

/// What a condition comes to; `None` where it is not a boolean that can be told.
fn condition(condition: &Value, root: &Value) -> Option<bool> {
    match condition {
        Value::Bool(truth) => Some(*truth),
        Value::String(string) => refs::find(&refs::whole(string)?, root)?.as_bool(),
        rule => Some(rules::truthy(&rules::apply(rule, root).ok()?)),
    }
}
