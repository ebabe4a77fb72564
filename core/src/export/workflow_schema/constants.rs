//! Schemas that list their values.

use super::shapes::Shapes;
use serde_json::{Map, Value, json};

/// The values that a schema lists by `const` or `enum`, those that its `type` refuses left out.
pub(super) fn listed(schema: &Map<String, Value>) -> Option<Vec<&Value>> {
    let shapes = Shapes::by_type(schema);
    let is_allowed = |value: &&Value| shapes.has_some(Shapes::of_value(value));
    if let Some(constant) = schema.get("const") {
        return Some(Some(constant).into_iter().filter(is_allowed).collect());
    }
    Some(schema.get("enum")?.as_array()?.iter().filter(is_allowed).collect())
}

/// Values in a list, each with what is said about it.
#[derive(Default)]
pub(super) struct Listed {
    values: Vec<Value>,
    notes: Vec<String>,
}

impl Listed {
    pub(super) fn add(&mut self, value: &Value, note: Option<&str>) {
        if !self.values.contains(value) {
            self.values.push(value.clone());
            self.notes.push(note.unwrap_or_default().to_owned());
        }
    }

    /// The schema, where there are any.
    pub(super) fn schema(self) -> Option<Value> {
        if self.values.is_empty() {
            return None;
        }
        let mut schema = json!({ "enum": self.values });
        if self.notes.iter().any(|note| !note.is_empty()) {
            schema["markdownEnumDescriptions"] = self.notes.into();
        }
        Some(schema)
    }
}

/// Whether a value is an array or an object, any part of which may be a ref.
pub(super) fn has_parts(value: &Value) -> bool {
    value.is_array() || value.is_object()
}

/// The schema of JSON Schema's own that a listed array or object is the only value of.
pub(super) fn taken_apart(value: &Value) -> Value {
    match value {
        Value::Array(elements) => json!({
            "type": "array",
            "prefixItems": elements.iter().map(constant).collect::<Vec<_>>(),
            "minItems": elements.len(),
            "maxItems": elements.len(),
        }),
        Value::Object(members) => {
            let properties: Map<String, Value> =
                members.iter().map(|(name, member)| (name.clone(), constant(member))).collect();
            let required: Vec<&String> = members.keys().collect();
            json!({
                "type": "object", "properties": properties, "required": required, "additionalProperties": false,
            })
        }
        other => constant(other),
    }
}

fn constant(value: &Value) -> Value {
    json!({ "const": value })
}
