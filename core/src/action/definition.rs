//! Everything there is to know of an action.

use super::builder::ActionBuilder;
use super::edges::EdgesDefinition;
use super::handler::Handler;
use super::host::Own;
use super::input::{Described, InputDefinition};
use super::naming::short_type_name;
use crate::policy::Policy;
use serde_json::{Map, Value, json};
use std::any::TypeId;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// Everything there is to know of an action, and the function itself. Cheap to clone.
#[derive(Clone)]
pub struct ActionDefinition {
    pub(super) facts: Arc<Facts>,
    pub(super) handler: Handler,
}

#[derive(Clone, Debug)]
pub(super) struct Facts {
    pub(super) kind: String,
    pub(super) aliases: Vec<String>,
    pub(super) deprecated: Option<String>,
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) icon: Option<String>,
    pub(super) inputs: Vec<InputDefinition>,
    /// Which inputs each owned parameter carries; empty where it is one each.
    pub(super) parameters: Vec<Range<usize>>,
    pub(super) input_definitions: Map<String, Value>,
    pub(super) output: Value,
    pub(super) needs: Vec<Need>,
    pub(super) borrows: Borrows,
    pub(super) edges: EdgesDefinition,
    pub(super) policy: Policy,
    pub(super) described_at_run_time: bool,
    pub(super) faults: Vec<String>,
}

/// What an action borrows that every engine provides by itself.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Borrows {
    pub(crate) context: bool,
    pub(crate) step: bool,
}

impl Borrows {
    pub(super) fn note<T: ?Sized + 'static>(&mut self) {
        match Own::of::<T>() {
            Some(Own::Context) => self.context = true,
            Some(Own::Step) => self.step = true,
            None => {}
        }
    }
}

/// A resource that an action borrows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    type_id: TypeId,
    name: String,
}

impl Need {
    /// `None` for what every engine provides by itself.
    pub(super) fn of<T: ?Sized + 'static>() -> Option<Self> {
        Own::of::<T>().is_none().then(|| Need { type_id: TypeId::of::<T>(), name: short_type_name::<T>() })
    }

    /// A resource of which only the name is known.
    pub(super) fn elsewhere(name: String) -> Self {
        enum Elsewhere {}
        Need { type_id: TypeId::of::<Elsewhere>(), name }
    }

    /// The resource's type.
    pub fn type_id(&self) -> TypeId {
        self.type_id
    }

    /// The type's name without its modules, to be shown to the engine's author.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl ActionDefinition {
    /// Begins the definition of an action that is described at run time: by a plugin, by a database, by hand.
    ///
    /// ```
    /// # use flowright::{ActionDefinition, InputDefinition};
    /// # use serde_json::json;
    /// let add = ActionDefinition::builder("add")
    ///     .description("Adds two numbers.")
    ///     .input::<f64>("a")
    ///     .input_definition(InputDefinition::with_default("b", 1.0).with_title("Second"))
    ///     .output_schema(json!({ "type": "number" }))
    ///     .handler(|call| Ok(json!(call.input::<f64>("a")? + call.input::<f64>("b")?)))
    ///     .build();
    /// assert_eq!(add.inputs_schema()["required"], json!(["a"]));
    /// ```
    pub fn builder(kind: impl Into<String>) -> ActionBuilder {
        ActionBuilder::new(kind.into())
    }

    /// What documents call the action.
    pub fn kind(&self) -> &str {
        &self.facts.kind
    }

    /// Other kinds, which documents may still use.
    pub fn aliases(&self) -> &[String] {
        &self.facts.aliases
    }

    /// Why new documents should not use the action, and what to use instead.
    pub fn deprecated(&self) -> Option<&str> {
        self.facts.deprecated.as_deref()
    }

    /// What an editor calls the action. Made of its kind unless set.
    pub fn name(&self) -> &str {
        self.facts.name.as_deref().unwrap_or(&self.facts.kind)
    }

    /// What the action does, in Markdown.
    pub fn description(&self) -> Option<&str> {
        self.facts.description.as_deref()
    }

    /// The description's first paragraph.
    pub fn summary(&self) -> Option<&str> {
        self.description().map(|description| description.split("\n\n").next().unwrap_or(description))
    }

    /// Text that an editor shows as the action's picture.
    pub fn icon(&self) -> Option<&str> {
        self.facts.icon.as_deref()
    }

    /// What the action takes, in order.
    pub fn inputs(&self) -> &[InputDefinition] {
        &self.facts.inputs
    }

    /// What the action takes, as the JSON Schema of one closed object: `{ "type": "object", "properties": …,
    /// "required": […], "additionalProperties": false, "$defs": … }`.
    pub fn inputs_schema(&self) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for input in &self.facts.inputs {
            if let Described::AsMember(schema) = &input.described {
                properties.insert(input.name.clone(), schema.clone());
            }
            if input.required() {
                required.push(Value::from(input.name()));
            }
        }
        let mut schema = json!({
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        });
        if !self.facts.input_definitions.is_empty() {
            schema["$defs"] = Value::Object(self.facts.input_definitions.clone());
        }
        schema
    }

    /// What the action produces, as a JSON Schema with its `$defs`.
    pub fn output_schema(&self) -> Value {
        self.facts.output.clone()
    }

    /// What of the run it borrows; a function that was made at run time may ask for anything.
    pub(crate) fn borrows(&self, handler: &Handler) -> Borrows {
        match handler {
            Handler::Sync(_) | Handler::Async(_) => self.facts.borrows,
            Handler::Dynamic(_) => Borrows { context: true, step: true },
        }
    }

    /// The resources that the action borrows.
    pub fn needs(&self) -> &[Need] {
        &self.facts.needs
    }

    /// The edges that an editor offers below the action.
    pub fn edges(&self) -> &EdgesDefinition {
        &self.facts.edges
    }

    /// How the action is tried, as far as it says.
    pub fn policy(&self) -> &Policy {
        &self.facts.policy
    }

    /// Whether a builder described the action, so that nothing but a check at run time ties its output to its schema.
    pub fn described_at_run_time(&self) -> bool {
        self.facts.described_at_run_time
    }

    /// What is wrong with the definition itself. A registry takes no action that has any.
    pub fn faults(&self) -> &[String] {
        &self.facts.faults
    }

    pub(crate) fn handler(&self) -> &Handler {
        &self.handler
    }

    /// The inputs that one owned parameter of the function carries.
    #[inline]
    pub(super) fn inputs_of(&self, parameter: usize) -> Range<usize> {
        match self.facts.parameters.get(parameter) {
            Some(inputs) => inputs.clone(),
            None => parameter..parameter.saturating_add(1),
        }
    }
}

impl fmt::Debug for ActionDefinition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ActionDefinition").field(&self.facts).finish()
    }
}
