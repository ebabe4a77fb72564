//! Actions that are functions, which an engine calls by a shorter way than those that were described at run time. They come to the
//! same whenever they are given the same, and no time passes.

use flowright::prelude::*;
use flowright::{Action, Cause, Failure};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::future::ready;

/// All of them, as they are registered.
pub(crate) fn all() -> impl Iterator<Item = ActionDefinition> {
    const ALL: [&dyn Action; 10] =
        actions![sum, repeat, later, half, ratio, bill, busy, refuse, refuse_later, wrap];
    ALL.into_iter().map(Action::definition)
}

/// Whether an action that is a function may fail so.
pub(crate) fn may_fail(failure: &Failure) -> bool {
    match failure.cause() {
        Cause::Action(_) => ["busy", "refuse", "refuse_later"].contains(&failure.kind()),
        // What is neither a number nor null is written as null.
        Cause::Output { .. } => failure.kind() == "ratio",
        _ => false,
    }
}

/// Ends when it is polled again.
async fn once_pending() {
    tokio::task::yield_now().await;
}

/// Add two numbers, at once.
#[engine_action]
fn sum(a: u8, b: i32) -> i64 {
    i64::from(a) + i64::from(b)
}

/// Repeat the beginning of a text, by a future that is ready.
#[engine_action]
async fn repeat(text: String, times: Option<u8>) -> String {
    ready(beginning(&text).repeat(usize::from(times.unwrap_or(2) % 4))).await
}

/// So little that nothing grows with each action.
fn beginning(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Give a text back when it is asked for again.
#[engine_action]
async fn later(text: String) -> String {
    once_pending().await;
    text
}

/// Halve a number, where that leaves nothing.
#[engine_action]
fn half(of: i64) -> Option<i64> {
    (of % 2 == 0).then_some(of / 2)
}

/// Divide a number by another, which may be 0.
#[engine_action]
async fn ratio(a: f64, b: f64) -> f64 {
    once_pending().await;
    a / b
}

/// What is to be paid.
#[derive(Deserialize, JsonSchema, Serialize)]
struct Bill {
    number: u64,
    title: String,
    price: f64,
    note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Vec<String>>,
}

/// Write a bill.
#[engine_action]
fn bill(title: String, price: f64, note: Option<String>) -> Bill {
    let tags = note.is_some().then(|| vec![beginning(&title); title.len() % 3]);
    Bill { number: 7, title, price, note, tags }
}

/// Fail now, though another time it could be well. There is no other time.
#[engine_action(retries = 0)]
fn busy(text: String) -> Result<String, ActionError> {
    if text.len() % 3 == 1 { Err(ActionError::retryable(format!("no line for `{text}`"))) } else { Ok(text) }
}

/// Fail for good.
#[engine_action]
fn refuse(text: String) -> Result<usize, ActionError> {
    if text.len() % 3 == 1 { Err(ActionError::fatal(format!("no `{text}`"))) } else { Ok(text.len()) }
}

/// Fail for good, when it is asked for again.
#[engine_action]
async fn refuse_later(text: String) -> Result<Vec<String>, ActionError> {
    once_pending().await;
    if text.len() % 3 == 1 { Err(ActionError::fatal(format!("no `{text}`"))) } else { Ok(vec![text]) }
}

/// Wrap anything.
#[engine_action]
async fn wrap(value: serde_json::Value) -> Vec<serde_json::Value> {
    ready(vec![value]).await
}
