//! What a run came to, as `run` prints it: that of a run in memory, and that which a journal keeps.

use crate::output::{self, Exit};
use flowright::Failure;
use serde_json::Value;
use std::fmt::Write as _;

/// Prints an outcome, the JSON of [`flowright::Outcome::to_json`].
pub(crate) fn print(outcome: &Value, trace: bool) -> Result<Exit, String> {
    let shown = if trace { traced(outcome) } else { format!("{outcome:#}\n") };
    output::print(&shown)?;
    Ok(if outcome.get("failed").is_none() { Exit::Clean } else { Exit::Faulty })
}

/// Each action in the order in which they started: how far it came, and its output.
fn traced(outcome: &Value) -> String {
    let mut trace = String::new();
    for action in outcome.get("actions").and_then(Value::as_array).into_iter().flatten() {
        let text = |name: &str| action.get(name).and_then(Value::as_str).unwrap_or_default();
        let (id, status) = (text("id"), came(text("status")));
        let output = outcome.get("state").and_then(|state| state.get(id));
        let output = output.map_or_else(String::new, |output| format!(": {output}"));
        let _ = writeln!(trace, "{id} {status}{output}");
    }
    let failure = outcome.get("failed").and_then(Failure::from_json);
    let end = failure.map_or_else(|| "completed".to_owned(), |failure| format!("failed: {failure}"));
    trace + &end + "\n"
}

/// How far an action came, in words.
fn came(status: &str) -> &str {
    match status {
        "skipped" => "was skipped",
        "not-started" => "did not start",
        status => status,
    }
}

/// Why a run is set aside: as its report says, or in words.
pub(crate) fn why_set_aside(report: &Value) -> String {
    let diagnostics = report.get("diagnostics").and_then(Value::as_array).into_iter().flatten();
    let errors = diagnostics.filter(|one| one.get("severity").is_some_and(|severity| severity == "error"));
    let messages: Vec<&str> = errors.filter_map(|one| one.get("message")?.as_str()).collect();
    report.as_str().map_or_else(|| messages.join("; "), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_trace_says_of_every_action_how_far_it_came() {
        let actions = [("a", "completed"), ("b", "skipped"), ("c", "failed"), ("d", "not-started")];
        let actions = actions.map(|(id, status)| json!({ "id": id, "kind": "say", "status": status }));
        let failed =
            json!({ "action": "c", "kind": "say", "attempt": 1, "code": "action-failed", "message": "no" });
        let outcome =
            json!({ "status": "failed", "state": { "a": [1] }, "actions": actions, "failed": failed });
        let expected = "a completed: [1]\nb was skipped\nc failed\nd did not start\n\
                        failed: action `c` (say) failed: no\n";
        assert_eq!(traced(&outcome), expected);
    }
}
