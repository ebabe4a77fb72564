//! What the language service of JSON takes to validate a document of 50 actions by the schema of 500 kinds, beside a
//! schema with a flat `oneOf`: `cargo bench -p flowright-tests --bench schema`.
//!
//! The line is `schema <ms>, flat oneOf <ms>, ratio <the one by the other> spread <lower>–<upper quartile>`.

use flowright::{ActionDefinition, InputDefinition, Registry};
use flowright_tests::node::Package;
use serde_json::{Value, json};

const KINDS: usize = 500;
const ACTIONS: usize = 50;

/// An action with inputs of many types.
fn kind(number: usize) -> ActionDefinition {
    let address = json!({
        "type": "object",
        "properties": { "street": { "type": "string" }, "number": { "type": "integer", "minimum": 1 } },
        "required": ["street"],
    });
    ActionDefinition::builder(format!("kind_{number}"))
        .description(format!("Do the thing of number {number}."))
        .input::<String>("text")
        .input::<u32>("count")
        .input::<bool>("now")
        .input_definition(InputDefinition::of::<Option<String>>("email").with_format("email"))
        .input_schema("plan", json!({ "enum": ["free", "team", "enterprise"] }), false)
        .input_schema(
            "tags",
            json!({ "type": "array", "items": { "type": "string", "maxLength": 20 } }),
            false,
        )
        .input_schema("address", address, false)
        .handler(|_| Ok(Value::Null))
        .build()
}

fn action(number: usize) -> Value {
    let inputs = json!({
        "text": "Hello, !ref($.event.data.name)",
        "count": if number.is_multiple_of(2) { json!(number) } else { json!("!ref($.event.data.count)") },
        "now": true,
        "email": "!ref($.event.data.email)",
        "plan": "team",
        "tags": ["a", "!ref($.event.data.tag)", "c"],
        "address": { "street": "Main Street", "number": 7 },
    });
    json!({ "id": number.to_string(), "kind": format!("kind_{}", number * KINDS / ACTIONS), "inputs": inputs })
}

fn main() {
    let registry = Registry::builder().actions((0..KINDS).map(kind)).build().expect("it is right");
    let actions: Vec<Value> = (0..ACTIONS).map(action).collect();
    let edges: Vec<Value> =
        (0..ACTIONS).map(|to| json!({ "from": "$source", "to": to.to_string() })).collect();
    let document = json!({ "actions": actions, "edges": edges });
    registry.check(&*document.to_string()).unwrap_or_else(|report| panic!("{report}"));
    let input = json!({ "schema": registry.workflow_schema(), "document": document.to_string() });
    print!("{}", Package::at("tests/language-services").run("measure.js", &[], &input.to_string()));
}
