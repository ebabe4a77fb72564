//! Unions: what an editor is offered of them, and which branch a mistake is told by.

use super::constants::{self, Listed};
use serde_json::{Map, Value};

/// A union whose branches are told apart by a member.
pub(super) struct Tagged<'s> {
    pub(super) tag: &'s str,
    /// The value of the tag, what is said about it, and the branch.
    pub(super) cases: Vec<(&'s Value, Option<&'s str>, &'s Map<String, Value>)>,
}

/// The branches as one with a tag: two or more objects that require a member whose value is another in each.
pub(super) fn tagged<'s>(branches: &[&'s Value]) -> Option<Tagged<'s>> {
    let first = branches.first()?.as_object()?;
    let tags = first.get("properties")?.as_object()?.keys();
    tags.map(String::as_str).find_map(|tag| {
        let mut cases: Vec<(&Value, Option<&str>, &Map<String, Value>)> = Vec::new();
        for branch in branches {
            let branch = branch.as_object()?;
            let case = case(branch, tag)?;
            if cases.iter().any(|(known, ..)| *known == case) {
                return None;
            }
            cases.push((case, branch.get("description").and_then(Value::as_str), branch));
        }
        (cases.len() > 1).then_some(Tagged { tag, cases })
    })
}

/// The value that a branch's tag has.
fn case<'s>(branch: &'s Map<String, Value>, tag: &str) -> Option<&'s Value> {
    let is_object = branch.get("type").and_then(Value::as_str) == Some("object");
    let required = branch.get("required")?.as_array()?;
    let is_required = required.iter().any(|name| name == tag);
    let tag = branch.get("properties")?.get(tag)?.as_object()?;
    match *constants::listed(tag)? {
        [case] if is_object && is_required && case.is_string() => Some(case),
        _ => None,
    }
}

/// Those branches that list plain values, as one list, and the others.
pub(super) fn listed<'s>(branches: impl IntoIterator<Item = &'s Value>) -> (Listed, Vec<&'s Value>) {
    let mut listed = Listed::default();
    let mut others = Vec::new();
    for branch in branches {
        let values = branch.as_object().and_then(constants::listed);
        match values {
            Some(values) if !values.iter().any(|value| constants::has_parts(value)) => {
                let note = branch.get("description").and_then(Value::as_str);
                for value in values {
                    listed.add(value, note);
                }
            }
            _ => others.push(branch),
        }
    }
    (listed, others)
}
