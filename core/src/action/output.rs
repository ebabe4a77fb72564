//! What an action produces.

use super::contract::Contract;
use super::error::{ActionError, ActionResult};
use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;
use serde_json::Value;

/// What an action may produce.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the output of an action",
    label = "an output needs `serde::Serialize` and `schemars::JsonSchema`",
    note = "write `#[derive(serde::Serialize, schemars::JsonSchema)]` on it, or return a type that has both"
)]
pub trait ActionOutput: Serialize + JsonSchema {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + JsonSchema> ActionOutput for T {}

/// The type of an action's output.
#[derive(Clone, Debug)]
pub struct OutputDefinition(Described);

#[derive(Clone, Debug)]
enum Described {
    ByType(fn(&mut SchemaGenerator) -> schemars::Schema),
    BySchema(Value),
}

impl OutputDefinition {
    /// The output is a `T`.
    pub fn of<T: ActionOutput>() -> Self {
        OutputDefinition(Described::ByType(SchemaGenerator::subschema_for::<T>))
    }

    /// The output is what this JSON Schema says.
    pub fn from_schema(schema: impl Into<Value>) -> Self {
        OutputDefinition(Described::BySchema(schema.into()))
    }

    pub(super) fn anything() -> Self {
        Self::from_schema(true)
    }

    /// The JSON Schema, with `$defs`.
    pub(super) fn schema(self) -> Result<Value, String> {
        let mut contract = Contract::of_outputs();
        let schema = match self.0 {
            Described::ByType(schema_of) => contract.of_type(schema_of),
            Described::BySchema(schema @ (Value::Object(_) | Value::Bool(_))) => {
                contract.of_schema("Output", schema)
            }
            Described::BySchema(_) => return Err("its schema is neither an object nor a boolean".to_owned()),
        };
        Ok(contract.finish(schema))
    }
}

pub(super) fn written<T: Serialize>(output: &T) -> ActionResult {
    serde_json::to_value(output).map_err(|error| {
        ActionError::fatal(format_args!("the output cannot be written as JSON: {error}")).with_source(error)
    })
}
