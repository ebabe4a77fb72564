//! What a document says.

use serde_json::Value;

/// A document as far as it could be read: what is missing or wrong is `None`, and was reported.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Document {
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) metadata: Option<Value>,
    /// As many as the document's array has elements.
    pub(crate) actions: Vec<WorkflowAction>,
    /// As many as the document's array has elements.
    pub(crate) edges: Vec<WorkflowEdge>,
    /// Whether there is an array of edges at all.
    pub(crate) has_edges: bool,
}

/// One action of a workflow: `{ "id": "1", "kind": "send_email", "inputs": { … } }`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorkflowAction {
    pub(crate) id: Option<String>,
    pub(crate) kind: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) inputs: Vec<(String, Value)>,
    pub(crate) has_inputs: bool,
    /// Whether `inputs` is something else than an object, so that nothing is known of them.
    pub(crate) inputs_are_lost: bool,
}

// INVARIANT: only a workflow hands its actions and edges out, and it is there only where nothing was reported: what
// the format requires is there.
impl WorkflowAction {
    /// The action's id, unique in the workflow.
    pub fn id(&self) -> &str {
        self.id.as_deref().unwrap_or_default()
    }

    /// Which of the registered actions it is.
    pub fn kind(&self) -> &str {
        self.kind.as_deref().unwrap_or_default()
    }

    /// What the user calls it.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// What the user says about it.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// Its inputs as they are written, in the document's order, refs and all.
    pub fn inputs(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.inputs.iter().map(|(name, value)| (name.as_str(), value))
    }
}

/// One edge of a workflow: `{ "from": "$source", "to": "1" }`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorkflowEdge {
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) conditional: Option<Conditional>,
}

impl WorkflowEdge {
    /// The id of the action that runs first, or `$source`.
    pub fn from(&self) -> &str {
        self.from.as_deref().unwrap_or_default()
    }

    /// The id of the action that runs behind it.
    pub fn to(&self) -> &str {
        self.to.as_deref().unwrap_or_default()
    }

    /// What the user calls it.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// When it is taken; always, where there is none.
    pub fn conditional(&self) -> Option<&Conditional> {
        self.conditional.as_ref()
    }
}

/// When an edge is taken: `{ "type": "match", "ref": "!ref($.output.status)", "value": "bounced" }`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conditional {
    pub(crate) test: Option<Test>,
    pub(crate) reference: Option<String>,
}

impl Conditional {
    /// How the ref's value is tested.
    pub fn test(&self) -> &Test {
        self.test.as_ref().unwrap_or(&Test::If)
    }

    /// The ref, as it is written.
    pub fn reference(&self) -> &str {
        self.reference.as_deref().unwrap_or_default()
    }
}

/// How a condition tests its ref's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// `"if"`: the value is truthy.
    If,
    /// `"else"`: it is not.
    Else,
    /// `"match"`: it equals this.
    Match(Value),
}
