//! What a workflow uses of a registry.

use super::change::{Change, Changed};
use crate::checked::CheckedWorkflow;
use crate::reference::{self, Parsed, PieceOf, RefRoot, Reference};
use crate::workflow::{WorkflowAction, WorkflowEdge};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// What a workflow uses of the registry that accepts it. Actions go by their kinds, not by the names that it writes.
pub(super) struct Uses<'w> {
    trigger: Option<&'w str>,
    /// The kinds as they are written, by which names ever.
    names: HashSet<&'w str>,
    /// What is given to each kind.
    inputs: HashMap<&'w str, Given<'w>>,
    /// The kinds whose outputs are read.
    outputs: HashSet<&'w str>,
    event: bool,
}

/// The inputs that are given to a kind.
#[derive(Default)]
struct Given<'w> {
    /// By their own names.
    inputs: HashSet<&'w str>,
    /// As they are written.
    names: HashSet<&'w str>,
}

impl<'w> Uses<'w> {
    pub(super) fn of(workflow: &'w CheckedWorkflow) -> Self {
        let (registry, document) = (workflow.registry(), workflow.workflow());
        let mut uses = Uses {
            trigger: workflow.trigger(),
            names: document.actions().iter().map(WorkflowAction::kind).collect(),
            inputs: HashMap::new(),
            outputs: HashSet::new(),
            event: false,
        };
        let mut kinds = HashMap::new();
        for action in document.actions() {
            let Some(at) = registry.position(action.kind()) else { continue };
            let registered = registry.registered(at);
            kinds.insert(action.id(), registered.kind());
            let given = uses.inputs.entry(registered.kind()).or_default();
            for (name, _) in action.inputs() {
                given.names.insert(name);
                given.inputs.extend(registered.input(name).map(|input| &*registered.inputs[input].name));
            }
        }
        for action in document.actions() {
            action.inputs().for_each(|(_, value)| uses.read(value, &kinds));
        }
        for edge in document.edges() {
            uses.test(edge, &kinds);
        }
        uses
    }

    /// What the refs in a value read.
    fn read(&mut self, value: &Value, kinds: &HashMap<&str, &'w str>) {
        let mut open = vec![value];
        while let Some(value) = open.pop() {
            match value {
                Value::String(text) => refs(text, |reference| match &reference.root {
                    RefRoot::Event => self.event = true,
                    RefRoot::State(id) => self.outputs.extend(kinds.get(&**id)),
                    RefRoot::Output => {}
                }),
                Value::Array(elements) => open.extend(elements),
                Value::Object(members) => open.extend(members.values()),
                _ => {}
            }
        }
    }

    /// What the condition of an edge reads.
    fn test(&mut self, edge: &WorkflowEdge, kinds: &HashMap<&str, &'w str>) {
        let Some(condition) = edge.conditional() else { return };
        refs(condition.reference(), |reference| match &reference.root {
            RefRoot::Event => self.event = true,
            RefRoot::State(id) => self.outputs.extend(kinds.get(&**id)),
            RefRoot::Output => self.outputs.extend(kinds.get(edge.from())),
        });
    }

    pub(super) fn concerns(&self, change: &Change) -> bool {
        match (change.action(), change.event()) {
            (Some(kind), _) => {
                self.inputs.get(kind).is_some_and(|given| self.concerns_use(kind, given, change))
            }
            (None, Some(event)) => {
                let is_meant = self.trigger.is_none_or(|trigger| trigger == event);
                match change.what() {
                    Changed::EventAdded => self.event,
                    Changed::EventRemoved => is_meant && (self.event || self.trigger.is_some()),
                    _ => is_meant && self.event,
                }
            }
            (None, None) => true,
        }
    }

    fn concerns_use(&self, kind: &str, given: &Given<'_>, change: &Change) -> bool {
        match change.what() {
            Changed::OutputType(_) => self.outputs.contains(kind),
            Changed::ActionRenamed { .. } => self.names.contains(kind),
            Changed::AliasRemoved { alias } | Changed::AliasMoved { alias, .. } => {
                self.names.contains(&**alias)
            }
            Changed::InputRenamed { input: name, .. }
            | Changed::InputAliasRemoved { alias: name, .. }
            | Changed::InputAliasMoved { alias: name, .. } => given.names.contains(&**name),
            Changed::InputRemoved { input, .. }
            | Changed::InputDeprecated { input }
            | Changed::InputType { input, .. } => given.inputs.contains(&**input),
            Changed::InputsMerged { input, with } => {
                given.inputs.contains(&**input) && given.inputs.contains(&**with)
            }
            _ => true,
        }
    }
}

/// The refs in a text.
fn refs(text: &str, mut with: impl FnMut(&Reference)) {
    match reference::parse(text, usize::MAX) {
        Ok(Parsed::Ref(reference)) => with(&reference),
        Ok(Parsed::Text(pieces)) => pieces.iter().for_each(|piece| {
            if let PieceOf::Ref(reference) = piece {
                with(reference);
            }
        }),
        _ => {}
    }
}
