//! The actions that every registry has unless told otherwise.

use crate::action::{ActionDefinition, ActionError, EdgeDefinition};
use serde_json::json;

pub(crate) const IF: &str = "builtin:if";

/// `builtin:if`: evaluates a `JsonLogic` rule. The engine evaluates the rule as it was compiled from the document,
/// so the handler is never called.
pub(crate) fn if_definition() -> ActionDefinition {
    ActionDefinition::builder(IF)
        .name("If")
        .description("Branch on a condition.")
        .input_schema(
            "condition",
            json!({
                "title": "Condition",
                "description": "A JsonLogic rule, `true` or `false`, or a ref to a boolean.",
                "examples": [{ "==": ["!ref($.event.data.status)", "published"] }],
            }),
            true,
        )
        .output_schema(json!({
            "type": "object",
            "properties": { "result": { "type": "boolean", "description": "Whether the condition holds." } },
            "required": ["result"],
            "additionalProperties": false,
        }))
        .allow_add_edges(false)
        .edge(EdgeDefinition::when("True", "$.output.result"))
        .edge(EdgeDefinition::otherwise("False", "$.output.result"))
        .handler(|_| Err(ActionError::fatal("`builtin:if` is evaluated by the engine")))
        .build()
}
