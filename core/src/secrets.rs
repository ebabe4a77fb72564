//! What a workflow hands to secret inputs, and how its document, event and outputs look without that.

use crate::checked::CheckedWorkflow;
use crate::plan::{Plan, Work};
use crate::registry::Registry;
use crate::template::{Input, Piece, Place, Root, Template};
use flowright_schema::{Fault, Path};
use serde_json::Value;
use std::collections::HashMap;

/// What stands where a secret was, in what people read.
pub(crate) const MASK: &str = "(secret)";

impl CheckedWorkflow {
    /// Whether it gives anything to a secret input.
    pub fn has_secrets(&self) -> bool {
        (0..self.plan().actions.len()).any(|action| self.takes_secrets(action))
    }

    /// Whether the action of this id is given a secret, or has an output that a secret input is given: what it does in between
    /// may be one as well.
    pub fn handles_secrets(&self, action: &str) -> bool {
        let Some(at) = self.plan().position(action) else { return false };
        self.takes_secrets(at) || self.secret_places().0.contains_key(&Root::Output(at))
    }

    fn takes_secrets(&self, action: usize) -> bool {
        let action = &self.plan().actions[action];
        let Work::Call { inputs, .. } = &action.work else { return false };
        let mut inputs = self.registry().registered(action.kind).inputs.iter().zip(inputs);
        inputs.any(|(input, given)| input.secret && given.template.is_some())
    }

    /// The document as people may read it, with `"(secret)"` in place of what it writes into secret inputs; `None` where it
    /// writes nothing there. Refs stay.
    pub fn document_without_secrets(&self) -> Option<String> {
        let mut document: Value = serde_json::from_str(self.workflow().source().as_str()).ok()?;
        let mut masked = false;
        let actions = document.get_mut("actions").and_then(Value::as_array_mut)?;
        for (at, action) in actions.iter_mut().enumerate() {
            let registered = self.registry().registered(self.plan().actions.get(at)?.kind);
            let Some(written) = action.get_mut("inputs").and_then(Value::as_object_mut) else { continue };
            for (name, value) in written {
                let Some(input) = registered.input(name).filter(|input| registered.inputs[*input].secret)
                else {
                    continue;
                };
                if !self.is_ref(at, input) {
                    *value = MASK.into();
                    masked = true;
                }
            }
        }
        masked.then(|| format!("{document:#}"))
    }

    /// An event as people may read it, with `"(secret)"` in place of what refs take from it for secret inputs; `None`
    /// where they take nothing.
    pub fn event_without_secrets(&self, event: &Value) -> Option<Value> {
        self.masked(Root::Event, event)
    }

    /// The same of an output of the action of this id.
    pub fn output_without_secrets(&self, action: &str, output: &Value) -> Option<Value> {
        self.masked(Root::Output(self.plan().position(action)?), output)
    }

    fn is_ref(&self, action: usize, input: usize) -> bool {
        let Work::Call { inputs, .. } = &self.plan().actions[action].work else { return false };
        matches!(inputs.get(input), Some(Input { template: Some(Template::Ref(_)), .. }))
    }

    fn masked(&self, root: Root, value: &Value) -> Option<Value> {
        let paths = self.secret_places().0.get(&root)?;
        let mut masked = value.clone();
        for path in paths {
            mask(path, &mut masked);
        }
        Some(masked)
    }
}

/// The places that refs in secret inputs lead to.
#[derive(Debug, Default)]
pub(crate) struct SecretPlaces(HashMap<Root, Vec<Path>>);

impl SecretPlaces {
    /// What is wrong with a value that stands there: without the value, where secret inputs take something from it.
    pub(crate) fn told(&self, root: Root, fault: Fault) -> Fault {
        if self.0.contains_key(&root) { Fault { kind: fault.kind.concealed(), ..fault } } else { fault }
    }

    pub(crate) fn of(plan: &Plan, registry: &Registry) -> Self {
        let mut places = SecretPlaces::default();
        for action in &plan.actions {
            let Work::Call { inputs, .. } = &action.work else { continue };
            let registered = registry.registered(action.kind);
            let secret = registered.inputs.iter().zip(inputs).filter(|(input, _)| input.secret);
            for template in secret.filter_map(|(_, input)| input.template.as_ref()) {
                for_each_place(template, &mut |Place { root, path }| {
                    places.0.entry(*root).or_default().push(path.clone());
                });
            }
        }
        places
    }
}

fn for_each_place(template: &Template, see: &mut dyn FnMut(&Place)) {
    match template {
        Template::Literal(_) => {}
        Template::Ref(place) => see(place),
        Template::Text(pieces) => pieces.iter().for_each(|piece| {
            if let Piece::Ref(place) = piece {
                see(place);
            }
        }),
        Template::Array(elements) => elements.iter().for_each(|element| for_each_place(element, see)),
        Template::Object(members) => members.iter().for_each(|(_, member)| for_each_place(member, see)),
    }
}

/// Masks what is at a path, if anything is.
fn mask(path: &Path, value: &mut Value) {
    let mut at = value;
    for segment in path.segments() {
        let inside = match at {
            Value::Object(members) => segment.as_member().and_then(|name| members.get_mut(name)),
            Value::Array(elements) => {
                segment.position(elements.len()).and_then(|position| elements.get_mut(position))
            }
            _ => None,
        };
        let Some(inside) = inside else { return };
        at = inside;
    }
    *at = MASK.into();
}
