//! What is run: a document and an event.

use serde_json::{Map, Number, Value, json};
use std::collections::BTreeMap;
use std::fmt;

/// A document and the event that starts it.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The document.
    pub workflow: Value,
    /// The event.
    pub event: Value,
}

impl Case {
    /// The actions of the document.
    pub fn actions(&self) -> &[Value] {
        self.workflow["actions"].as_array().map_or(&[], Vec::as_slice)
    }

    /// The edges of the document.
    pub fn edges(&self) -> &[Value] {
        self.workflow["edges"].as_array().map_or(&[], Vec::as_slice)
    }

    /// The ids of the actions, in the order of the document.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.actions().iter().map(|action| text(&action["id"]))
    }

    /// As one JSON value.
    pub fn to_json(&self) -> Value {
        json!({ "workflow": self.workflow, "event": self.event })
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\nwith the event {}", self.workflow, self.event)
    }
}

/// What is text in every document that is well formed.
pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// What a run came to, whoever ran it.
#[derive(Clone, Debug, PartialEq)]
pub struct Ran {
    /// Whether it failed.
    pub failed: bool,
    /// How far each action came.
    pub statuses: BTreeMap<String, Status>,
    /// The outputs.
    pub state: Map<String, Value>,
}

/// How far an action came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It has an output.
    Completed,
    /// No edge to it was taken.
    Skipped,
    /// It has none of the inputs that it may have.
    Failed,
    /// A failure came before its turn.
    NotStarted,
}

/// The same JSON with one spelling for each number: `3` for `3.0`, as JavaScript has it.
pub fn plain(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::Number(plain_number(number)),
        Value::Array(elements) => elements.iter().map(plain).collect(),
        Value::Object(members) => plain_members(members).into(),
        other => other.clone(),
    }
}

/// The same of each member.
pub fn plain_members(members: &Map<String, Value>) -> Map<String, Value> {
    members.iter().map(|(name, member)| (name.clone(), plain(member))).collect()
}

fn plain_number(number: &Number) -> Number {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match number.as_f64() {
        #[allow(clippy::cast_possible_truncation, reason = "it is whole and in range")]
        Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() <= EXACT => {
            Number::from(float as i64)
        }
        _ => number.clone(),
    }
}
