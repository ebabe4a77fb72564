//! Which actions run.

use super::{actions, refs, truth};
use crate::case::{Case, Ran, Status, plain_members, text};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Runs a document. Where an action fails, everything that does not come after it still runs: so this says what each action comes
/// to in any order of events, and a run that stops at a failure comes to a part of it.
pub fn run(case: &Case) -> Ran {
    let mut statuses = BTreeMap::new();
    let mut state = Map::new();
    // What comes to something makes more decided: until nothing does.
    loop {
        let mut went_on = false;
        for action in case.actions() {
            let id = text(&action["id"]);
            if statuses.contains_key(id) {
                continue;
            }
            let to = |edge: &&Value| edge["to"] == *id;
            let root = json!({ "event": case.event, "state": state });
            let decided: Option<Vec<bool>> =
                case.edges().iter().filter(to).map(|edge| is_taken(edge, &statuses, &root)).collect();
            let Some(taken) = decided else { continue };
            let status = if !taken.contains(&true) {
                Status::Skipped
            } else if let Some(output) = actions::call(action, &root) {
                state.insert(id.to_owned(), output);
                Status::Completed
            } else {
                Status::Failed
            };
            statuses.insert(id.to_owned(), status);
            went_on = true;
        }
        if !went_on {
            break;
        }
    }
    let failed = statuses.values().any(|status| *status == Status::Failed);
    for id in case.ids() {
        statuses.entry(id.to_owned()).or_insert(Status::NotStarted);
    }
    Ran { failed, statuses, state: plain_members(&state) }
}

/// Whether an edge is taken; `None` where that is not decided.
fn is_taken(edge: &Value, statuses: &BTreeMap<String, Status>, root: &Value) -> Option<bool> {
    let from = text(&edge["from"]);
    if from != "$source" {
        match statuses.get(from)? {
            Status::Completed => {}
            Status::Skipped => return Some(false),
            Status::Failed | Status::NotStarted => return None,
        }
    }
    let Some(conditional) = edge.get("conditional") else { return Some(true) };
    let mut root = root.clone();
    if let Some(output) = root["state"].get(from).cloned() {
        root["output"] = output;
    }
    let steps = refs::whole(text(&conditional["ref"])).expect("a condition is on one ref");
    let found = refs::find(&steps, &root);
    Some(match text(&conditional["type"]) {
        "if" => truth::truthy(found),
        "else" => !truth::truthy(found),
        "match" => found.is_some_and(|found| truth::equal(found, &conditional["value"])),
        other => panic!("no condition `{other}` is known"),
    })
}
