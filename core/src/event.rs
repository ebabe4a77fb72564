//! What starts a run.

use crate::diagnostic::Report;
use crate::run::{dismantle, size};
use crate::source::Source;
use crate::workflow::read_value;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// What starts a run: any JSON, which refs see as `$.event`; usually `{ "name": …, "data": … }`.
///
/// ```
/// # use flowright::Event;
/// let event = Event::new("order.placed", serde_json::json!({ "id": 7 }));
/// assert_eq!(event.name(), Some("order.placed"));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Event(Value);

impl Event {
    /// The event `{ "name": name, "data": data }`.
    pub fn new(name: &str, data: Value) -> Self {
        Event(Value::Object(Map::from_iter([("name".to_owned(), json!(name)), ("data".to_owned(), data)])))
    }

    /// The event `{ "name": name, "data": data }` of a Rust value.
    pub fn of<T: Serialize>(name: &str, data: &T) -> Result<Self, serde_json::Error> {
        Ok(Event::new(name, serde_json::to_value(data)?))
    }

    /// Reads an event from the text of a file or a request. Fails with all that is wrong with the text, and with every
    /// number that nothing can hold as it is written: an integer outside `i64` and `u64` is refused, not rounded.
    ///
    /// ```
    /// # use flowright::Event;
    /// let event = Event::parse(r#"{ "name": "order.placed", "data": { "id": 7 } }"#)?;
    /// assert_eq!(event.name(), Some("order.placed"));
    ///
    /// let report = Event::parse(r#"{ "name": "order.placed", "data": { "id": -9223372036854775809 } }"#).unwrap_err();
    /// let number = report.iter().next().ok_or("no number is refused")?;
    /// assert_eq!(number.pointer().to_string(), "/data/id");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parse(source: impl Into<Source>) -> Result<Self, Report> {
        read_value(&source.into()).map(Event)
    }

    /// The event's `name`, where it has one.
    pub fn name(&self) -> Option<&str> {
        self.0.get("name")?.as_str()
    }

    /// The event as JSON.
    pub fn as_value(&self) -> &Value {
        &self.0
    }

    /// The event as JSON.
    pub fn into_value(mut self) -> Value {
        self.0.take()
    }
}

/// An event of any depth is dropped without overflowing the stack.
impl Drop for Event {
    fn drop(&mut self) {
        if size(&self.0).is_err() {
            dismantle(self.0.take());
        }
    }
}

impl From<Value> for Event {
    fn from(value: Value) -> Self {
        Event(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_is_no_event_is_not_held_to_be_a_workflow() {
        for (text, message) in [("", "the end of the text"), ("hello", "`h`")] {
            let report = Event::parse(text).expect_err("it is no JSON");
            let found = report.iter().next().map(|found| (found.message().to_owned(), found.help()));
            assert_eq!(found, Some((format!("expected a JSON value, but found {message}"), None)), "{text}");
        }
    }
}
