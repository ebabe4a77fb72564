//! `metadata.flowright.leave`: values that the document leaves to run-time checks.

use super::ids::Ids;
use crate::diagnostic::{Findings, LeaveFault, Pointer, Problem};
use crate::fault::kind_of;
use crate::suggest::Suggestions;
use crate::workflow::{Document, WorkflowAction};
use serde_json::Value;
use std::cell::Cell;
use std::collections::BTreeMap;

/// The values that are left, by the position of their action and where they stand in its inputs.
#[derive(Debug, Default)]
pub(crate) struct Leave(BTreeMap<usize, BTreeMap<String, Asked>>);

#[derive(Debug)]
struct Asked {
    /// Where the document asks for it.
    here: Pointer,
    /// Whether something there could not be proven.
    needed: Cell<bool>,
}

/// Reads what the document leaves; it cannot be wrong in a way that keeps the document from running.
pub(crate) fn read(
    document: &Document,
    ids: &Ids<'_>,
    suggestions: &Suggestions,
    findings: &mut Findings,
) -> Leave {
    let mut leave = Leave::default();
    let written = document.metadata.as_ref().and_then(|metadata| metadata.get("flowright")?.get("leave"));
    let Some(written) = written else { return leave };
    let here = Pointer::root().member("metadata").member("flowright").member("leave");
    let Value::Object(actions) = written else {
        let fault = LeaveFault::Shape {
            what: "`leave` is an object of action ids",
            found: kind_of(written),
            write: "`{ \"<action id>\": [\"/<input>\"] }`",
        };
        findings.report(here, Problem::Leave(fault));
        return leave;
    };
    for (id, pointers) in actions {
        let here = here.member(id);
        let Some(action) = ids.get(id) else {
            if !ids.some_are_missing() {
                let nearest = suggestions.nearest_id(id, ids.names());
                let fault = LeaveFault::UnknownAction { id: id.clone(), nearest };
                findings.report(here, Problem::Leave(fault));
            }
            continue;
        };
        let Value::Array(pointers) = pointers else {
            let fault = LeaveFault::Shape {
                what: "what is left of an action is an array of pointers into its inputs",
                found: kind_of(pointers),
                write: "`[\"/<input>\"]`",
            };
            findings.report(here, Problem::Leave(fault));
            continue;
        };
        let asked = leave.0.entry(action).or_default();
        for (position, pointer) in pointers.iter().enumerate() {
            let here = here.element(position);
            match inside(pointer, &document.actions[action]) {
                Ok(inside) => {
                    asked.entry(inside).or_insert(Asked { here, needed: Cell::new(false) });
                }
                Err(fault) => findings.report(here, Problem::Leave(fault)),
            }
        }
    }
    leave
}

/// A pointer that leads to a value inside the inputs of an action.
fn inside(pointer: &Value, action: &WorkflowAction) -> Result<String, LeaveFault> {
    let Value::String(written) = pointer else {
        let what = "a value that is left is named by a pointer into the action's inputs";
        return Err(LeaveFault::Shape { what, found: kind_of(pointer), write: "`\"/<input>\"`" });
    };
    let nowhere = || LeaveFault::Nowhere {
        pointer: written.clone(),
        known: action.inputs().map(|(name, _)| Pointer::root().member(name).to_string()).collect(),
    };
    let pointer: Pointer = written.parse().map_err(|_| nowhere())?;
    let first = pointer.steps().next().ok_or_else(nowhere)?;
    let (name, value) = action.inputs().find(|(name, _)| *name == first).ok_or_else(nowhere)?;
    let input = Pointer::root().member(name);
    let below = written.get(input.as_str().len()..).ok_or_else(nowhere)?;
    value.pointer(below).ok_or_else(nowhere)?;
    Ok(written.clone())
}

impl Leave {
    /// Whether what stands at `pointer`, inside an action's inputs, is left to run time. It is known from here on that
    /// this is needed.
    pub(crate) fn covers(&self, action: usize, pointer: &Pointer) -> bool {
        let Some(asked) = self.0.get(&action) else { return false };
        let inputs = Pointer::root().member("actions").element(action).member("inputs");
        let inside = pointer.as_str().get(inputs.as_str().len()..).unwrap_or_default();
        let ends = inside.match_indices('/').map(|(end, _)| end).skip(1).chain([inside.len()]);
        let mut covers = false;
        for around in ends.filter_map(|end| asked.get(inside.get(..end)?)) {
            around.needed.set(true);
            covers = true;
        }
        covers
    }

    /// Reports what is left for nothing; of actions whose kind is not known nothing is said.
    pub(crate) fn report_needless(&self, kinds: &[Option<usize>], findings: &mut Findings) {
        let known = self.0.iter().filter(|(action, _)| kinds[**action].is_some());
        let needless = known.flat_map(|(_, asked)| asked.values()).filter(|asked| !asked.needed.get());
        for asked in needless {
            findings.report(asked.here.clone(), Problem::Leave(LeaveFault::Needless));
        }
    }
}
