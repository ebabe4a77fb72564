//! The actions that `conform` knows.

use flowright::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// All of them.
pub const ACTIONS: [&dyn Action; 7] = actions![add, concat, echo, fail, make_user, upper, send_email];

/// Add two numbers.
#[engine_action]
fn add(
    /// The first number.
    a: f64,
    /// The second number.
    b: f64,
) -> f64 {
    a + b
}

/// Join texts.
#[engine_action]
fn concat(
    /// The texts, in order.
    parts: Vec<String>,
) -> String {
    parts.concat()
}

/// Give back a value.
#[engine_action]
fn echo(
    /// Any JSON.
    value: Value,
) -> Value {
    value
}

/// Fail.
#[engine_action]
fn fail(
    /// What the failure says.
    message: String,
) -> Result<Value, ActionError> {
    Err(ActionError::fatal(message))
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
fn make_user(
    /// The user's name.
    name: String,
    /// The user's age, in years.
    age: u64,
    /// Where the user is written to.
    email: Option<String>,
) -> User {
    User { name, age, email }
}

/// Write a text in capitals.
#[engine_action]
fn upper(
    /// The text.
    text: String,
) -> String {
    text.to_uppercase()
}

/// A message that was sent.
#[derive(Serialize, JsonSchema)]
struct EmailSent {
    id: String,
    sent: bool,
}

/// Send an email.
#[engine_action]
fn send_email(
    /// The recipient's address.
    #[input(format = "email")]
    to: String,
    /// The subject line.
    #[allow(unused_variables, reason = "nothing is delivered")]
    subject: String,
    /// The text.
    #[allow(unused_variables, reason = "nothing is delivered")]
    body: String,
) -> EmailSent {
    EmailSent { id: format!("msg-{to}"), sent: true }
}
