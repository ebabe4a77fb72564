//! Makes definitions of actions.

use super::call::{ActionCall, OwnedActionCall};
use super::contract::Contract;
use super::definition::{ActionDefinition, Borrows, Facts, Need};
use super::edges::{EdgeDefinition, EdgesDefinition};
use super::error::{ActionError, ActionResult};
use super::handler::{Call, Handler};
use super::input::{ActionInput, Described, InputDefinition};
use super::naming::humanised;
use super::output::{ActionOutput, OutputDefinition};
use super::resources::ActionResource;
use crate::policy::Policy;
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::sync::Arc;

/// Makes an [`ActionDefinition`]. What is wrong with it is kept for the registry, which reports all of it at once.
#[must_use]
pub struct ActionBuilder(Box<Draft>);

struct Draft {
    facts: Facts,
    output: OutputDefinition,
    handler: Option<Handler>,
}

impl ActionBuilder {
    pub(super) fn new(kind: String) -> Self {
        let facts = Facts {
            kind,
            aliases: Vec::new(),
            deprecated: None,
            name: None,
            description: None,
            icon: None,
            inputs: Vec::new(),
            parameters: Vec::new(),
            input_definitions: Map::new(),
            output: Value::Null,
            needs: Vec::new(),
            borrows: Borrows::default(),
            edges: EdgesDefinition::default(),
            policy: Policy::new(),
            described_at_run_time: true,
            faults: Vec::new(),
        };
        ActionBuilder(Box::new(Draft { facts, output: OutputDefinition::anything(), handler: None }))
    }

    /// What an editor calls the action.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.0.facts.name = Some(name.into());
        self
    }

    /// What the action does, in Markdown. The first paragraph is also its summary.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        let description = description.into();
        let description = description.trim();
        self.0.facts.description = (!description.is_empty()).then(|| description.to_owned());
        self
    }

    /// Text that an editor shows as the action's picture.
    pub fn icon(mut self, icon: impl Into<String>) -> Self {
        self.0.facts.icon = Some(icon.into());
        self
    }

    /// Another kind, which documents may still use.
    pub fn alias(mut self, kind: impl Into<String>) -> Self {
        self.0.facts.aliases.push(kind.into());
        self
    }

    /// Still works, and new documents should not use it: why, and what to use instead.
    pub fn deprecated(mut self, note: impl Into<String>) -> Self {
        self.0.facts.deprecated = Some(note.into());
        self
    }

    /// A required or optional input of type `T`, nothing more said of it.
    pub fn input<T: ActionInput>(self, name: impl Into<String>) -> Self {
        self.input_definition(InputDefinition::of::<T>(name))
    }

    /// An input of the type that a JSON Schema describes. Its definitions move to the root of the inputs' schema.
    pub fn input_schema(self, name: impl Into<String>, schema: impl Into<Value>, required: bool) -> Self {
        self.input_definition(InputDefinition::from_schema(name, schema, required))
    }

    /// An input of which more is said than its type.
    pub fn input_definition(mut self, input: InputDefinition) -> Self {
        self.0.facts.inputs.push(input);
        self
    }

    /// The output is a `T`.
    pub fn output<T: ActionOutput>(self) -> Self {
        self.output_definition(OutputDefinition::of::<T>())
    }

    /// The output is what this JSON Schema says. Without either, it may be anything.
    pub fn output_schema(self, schema: impl Into<Value>) -> Self {
        self.output_definition(OutputDefinition::from_schema(schema))
    }

    #[doc(hidden)]
    pub fn output_definition(mut self, output: OutputDefinition) -> Self {
        self.0.output = output;
        self
    }

    /// An edge that an editor offers.
    pub fn edge(mut self, edge: EdgeDefinition) -> Self {
        self.0.facts.edges.predefined.push(edge);
        self
    }

    /// Whether a user may draw further edges. They may unless this says otherwise.
    pub fn allow_add_edges(mut self, allow: bool) -> Self {
        self.0.facts.edges.allow_add = allow;
        self
    }

    /// How the action is tried: how often, how long, and how many at once.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.0.facts.policy = policy;
        self
    }

    /// A resource that the handler asks for, so that an engine can say at once that it lacks it.
    pub fn needs<T: ?Sized + ActionResource>(mut self) -> Self {
        self.0.facts.borrows.note::<T>();
        if let Some(need) = Need::of::<T>().filter(|need| !self.0.facts.needs.contains(need)) {
            self.0.facts.needs.push(need);
        }
        self
    }

    /// The function, where it answers at once.
    pub fn handler<F>(self, handler: F) -> Self
    where
        F: Fn(ActionCall<'_, '_>) -> ActionResult + Send + Sync + 'static,
    {
        self.handled_by(Handler::Dynamic(Arc::new(move |call| Call::Ready(handler(call)))))
    }

    /// The function, where it answers by a future.
    pub fn handler_async<F, R>(self, handler: F) -> Self
    where
        F: Fn(OwnedActionCall) -> R + Send + Sync + 'static,
        R: Future<Output = ActionResult> + Send + 'static,
    {
        self.handled_by(Handler::Dynamic(Arc::new(move |call| match call.to_owned() {
            Ok(call) => Call::Pending(Box::pin(handler(call))),
            Err(error) => Call::Ready(Err(error)),
        })))
    }

    pub(crate) fn handled_by(mut self, handler: Handler) -> Self {
        self.0.handler = Some(handler);
        self
    }

    /// The function of an annotated action: its types are its own.
    #[doc(hidden)]
    pub fn annotated(mut self, handler: Handler) -> ActionDefinition {
        self.0.facts.described_at_run_time = false;
        self.handled_by(handler).build()
    }

    /// The definition. It may have [`faults`](ActionDefinition::faults).
    #[must_use]
    pub fn build(self) -> ActionDefinition {
        let Draft { mut facts, output, handler } = *self.0;
        let mut faults = std::mem::take(&mut facts.faults);
        if handler.is_none() {
            faults.push("it has no handler".to_owned());
        }
        let handler =
            handler.unwrap_or(Handler::Sync(|_| Err(ActionError::fatal("the action has no handler"))));
        let mut contract = Contract::of_inputs();
        flatten(&mut facts, &mut contract, &mut faults);
        describe_inputs(&mut facts.inputs, &mut contract, &mut faults);
        if let Value::Object(mut inputs) = contract.finish(Value::Object(Map::new()))
            && let Some(Value::Object(definitions)) = inputs.remove("$defs")
        {
            facts.input_definitions = definitions;
        }
        facts.output = output.schema().unwrap_or_else(|fault| {
            faults.push(format!("output: {fault}"));
            Value::Bool(true)
        });
        if facts.name.is_none() {
            facts.name = Some(humanised(&facts.kind));
        }
        find_bad_names(&facts, &mut faults);
        facts.faults = faults;
        ActionDefinition { facts: Arc::new(facts), handler }
    }
}

/// Puts the members of flattened structs in the place of each.
fn flatten(facts: &mut Facts, contract: &mut Contract, faults: &mut Vec<String>) {
    if !facts.inputs.iter().any(|input| matches!(input.described, Described::ByMembers(_))) {
        return;
    }
    for input in std::mem::take(&mut facts.inputs) {
        let start = facts.inputs.len();
        if matches!(input.described, Described::ByMembers(_)) {
            match input.members(contract) {
                Ok(members) => facts.inputs.extend(members),
                Err(fault) => faults.push(of_input(&input.name, &fault)),
            }
        } else {
            facts.inputs.push(input);
        }
        facts.parameters.push(start..facts.inputs.len());
    }
}

/// Types before given schemas: the latter's definitions are named after those of the former.
fn describe_inputs(inputs: &mut [InputDefinition], contract: &mut Contract, faults: &mut Vec<String>) {
    for given in [false, true] {
        for input in
            inputs.iter_mut().filter(|input| matches!(input.described, Described::BySchema(_)) == given)
        {
            input.finish(contract);
        }
    }
    for input in inputs {
        faults.extend(input.faults.drain(..).map(|fault| of_input(&input.name, &fault)));
    }
}

fn of_input(name: &str, fault: &str) -> String {
    format!("input `{name}`: {fault}")
}

pub(super) fn find_bad_names(facts: &Facts, faults: &mut Vec<String>) {
    let mut kinds = HashSet::from([facts.kind.as_str()]);
    for alias in &facts.aliases {
        if !kinds.insert(alias) && !alias.is_empty() {
            faults.push(format!("`{alias}` is its kind or alias more than once"));
        }
    }
    let mut inputs = HashSet::new();
    for name in facts.inputs.iter().flat_map(|input| std::iter::once(&input.name).chain(&input.aliases)) {
        if name.is_empty() {
            faults.push("the name of an input is empty".to_owned());
        } else if !inputs.insert(name) {
            faults.push(format!("`{name}` is the name or alias of more than one input"));
        }
    }
    let mut edges = HashSet::new();
    for edge in &facts.edges.predefined {
        if edge.name.is_empty() {
            faults.push("the name of an edge is empty".to_owned());
        } else if !edges.insert(&edge.name) {
            faults.push(format!("more than one edge is named `{}`", edge.name));
        }
    }
}
