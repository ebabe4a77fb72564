//! An action as data: all of it but the function.

use super::builder::find_bad_names;
use super::definition::{ActionDefinition, Facts, Need};
use super::edges::{EdgeCondition, EdgeDefinition, EdgeTest, EdgesDefinition};
use super::error::ActionError;
use super::handler::Handler;
use super::input::{Described, InputDefinition};
use crate::policy::Policy;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::sync::Arc;

/// An action of an exported registry.
#[derive(Serialize, Deserialize)]
pub(crate) struct ActionRecord {
    kind: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deprecated: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    icon: Option<String>,
    #[serde(default)]
    inputs: Vec<InputRecord>,
    #[serde(rename = "$defs", default, skip_serializing_if = "Map::is_empty")]
    definitions: Map<String, Value>,
    output: Value,
    /// The names of resources.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    needs: Vec<String>,
    #[serde(default)]
    edges: EdgesRecord,
    /// Whether the schemas were written by hand, and not made of Rust types.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    described_at_run_time: bool,
}

#[derive(Serialize, Deserialize)]
struct InputRecord {
    name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    deprecated: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    secret: bool,
    #[serde(default)]
    required: bool,
    /// As a list, which tells no default from the default null.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    default: Vec<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    field_type: Option<String>,
    schema: Value,
}

#[derive(Default, Serialize, Deserialize)]
struct EdgesRecord {
    #[serde(default)]
    allow_add: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    predefined: Vec<EdgeRecord>,
}

#[derive(Serialize, Deserialize)]
struct EdgeRecord {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    conditional: Option<ConditionRecord>,
}

#[derive(Serialize, Deserialize)]
struct ConditionRecord {
    #[serde(flatten)]
    test: TestRecord,
    #[serde(rename = "ref")]
    reference: String,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum TestRecord {
    If,
    Else,
    Match { value: Value },
}

impl ActionRecord {
    pub(crate) fn of(definition: &ActionDefinition) -> Self {
        let facts = &*definition.facts;
        ActionRecord {
            kind: facts.kind.clone(),
            aliases: facts.aliases.clone(),
            deprecated: facts.deprecated.clone(),
            name: facts.name.clone(),
            description: facts.description.clone(),
            icon: facts.icon.clone(),
            inputs: facts.inputs.iter().map(InputRecord::of).collect(),
            definitions: facts.input_definitions.clone(),
            output: facts.output.clone(),
            needs: facts.needs.iter().map(|need| need.name().to_owned()).collect(),
            edges: EdgesRecord {
                allow_add: facts.edges.allow_add,
                predefined: facts.edges.predefined.iter().map(EdgeRecord::of).collect(),
            },
            described_at_run_time: facts.described_at_run_time,
        }
    }

    /// The definition, with a function that says that there is none.
    pub(crate) fn into_definition(self) -> ActionDefinition {
        let mut facts = Facts {
            policy: Policy::new(),
            kind: self.kind,
            aliases: self.aliases,
            deprecated: self.deprecated,
            name: self.name,
            description: self.description,
            icon: self.icon,
            inputs: self.inputs.into_iter().map(InputRecord::into_definition).collect(),
            parameters: Vec::new(),
            input_definitions: self.definitions,
            output: self.output,
            borrows: super::definition::Borrows::default(),
            needs: self.needs.into_iter().map(Need::elsewhere).collect(),
            edges: EdgesDefinition {
                allow_add: self.edges.allow_add,
                predefined: self.edges.predefined.into_iter().map(EdgeRecord::into_definition).collect(),
            },
            described_at_run_time: self.described_at_run_time,
            faults: Vec::new(),
        };
        let mut faults = Vec::new();
        find_bad_names(&facts, &mut faults);
        facts.faults = faults;
        let refuse =
            || ActionError::fatal("the action is of an exported registry, which checks and does not run");
        ActionDefinition {
            facts: Arc::new(facts),
            handler: Handler::Dynamic(Arc::new(move |_| super::handler::Call::Ready(Err(refuse())))),
        }
    }
}

impl InputRecord {
    fn of(input: &InputDefinition) -> Self {
        let schema = match &input.described {
            Described::AsMember(schema) => schema.clone(),
            // INVARIANT: a definition that is finished has inputs of schemas only.
            _ => Value::Bool(true),
        };
        InputRecord {
            name: input.name.clone(),
            aliases: input.aliases.clone(),
            deprecated: input.deprecated,
            secret: input.secret,
            required: input.required,
            default: input.default.iter().map(|default| Value::clone(default)).collect(),
            field_type: input.field_type.clone(),
            schema,
        }
    }

    fn into_definition(self) -> InputDefinition {
        let own = |keyword: &str| self.schema.get(keyword).and_then(Value::as_str).map(str::to_owned);
        let (title, description) = (own("title"), own("description"));
        let default = self.default.into_iter().next().map(Arc::new);
        let input = InputDefinition::from_schema(self.name, Value::Bool(true), self.required);
        InputDefinition {
            title,
            description,
            aliases: self.aliases,
            deprecated: self.deprecated,
            secret: self.secret,
            default,
            field_type: self.field_type,
            described: Described::AsMember(self.schema),
            ..input
        }
    }
}

impl EdgeRecord {
    fn of(edge: &EdgeDefinition) -> Self {
        let conditional = edge.condition.as_ref().map(|condition| ConditionRecord {
            test: match &condition.test {
                EdgeTest::If => TestRecord::If,
                EdgeTest::Else => TestRecord::Else,
                EdgeTest::Match(value) => TestRecord::Match { value: value.clone() },
            },
            reference: condition.reference.clone(),
        });
        EdgeRecord { name: edge.name.clone(), conditional }
    }

    fn into_definition(self) -> EdgeDefinition {
        let condition = self.conditional.map(|conditional| EdgeCondition {
            test: match conditional.test {
                TestRecord::If => EdgeTest::If,
                TestRecord::Else => EdgeTest::Else,
                TestRecord::Match { value } => EdgeTest::Match(value),
            },
            reference: conditional.reference,
        });
        EdgeDefinition { name: self.name, condition }
    }
}
