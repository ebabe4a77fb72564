//! What the actions do is what those of `flowright_tests::actions` do, with pauses.

use super::gate::Gate;
use flowright::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// All of them.
pub(super) const ACTIONS: [&dyn Action; 5] = actions![add, concat, echo, make_user, upper];

/// Add two numbers.
#[engine_action]
async fn add(gate: &Gate, a: f64, b: f64) -> f64 {
    gate.pass().await;
    a + b
}

/// Join texts.
#[engine_action]
async fn concat(gate: &Gate, parts: Vec<String>) -> String {
    gate.pass().await;
    gate.pass().await;
    parts.concat()
}

/// Give back a value.
#[engine_action]
async fn echo(gate: &Gate, value: Value) -> Value {
    gate.pass().await;
    value
}

/// A user.
#[derive(Serialize, JsonSchema)]
struct User {
    name: String,
    age: u64,
    email: Option<String>,
}

/// Make a user.
#[engine_action]
async fn make_user(gate: &Gate, name: String, age: u64, email: Option<String>) -> User {
    for _ in 0..3 {
        gate.pass().await;
    }
    User { name, age, email }
}

/// Write a text in capitals.
#[engine_action]
async fn upper(gate: &Gate, text: String) -> String {
    gate.pass().await;
    text.to_uppercase()
}
