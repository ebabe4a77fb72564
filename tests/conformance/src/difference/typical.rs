//! What refs can lead to.

use super::ways::ways;
use crate::case::Case;
use crate::reference::actions;
use serde_json::{Map, Value, json};

/// The event, and what each action comes to if everything before it runs, whatever conditions say: its kind is that of every
/// output of that action. One that fails has none.
pub(crate) fn typical(case: &Case) -> Value {
    let mut state = Map::new();
    let (order, _) = ways(case);
    for id in order {
        let action = case.actions().iter().find(|action| action["id"] == *id).unwrap_or(&Value::Null);
        let root = json!({ "event": case.event, "state": state });
        if let Some(output) = actions::call(action, &root) {
            state.insert(id.to_owned(), output);
        }
    }
    json!({ "event": case.event, "state": state })
}
