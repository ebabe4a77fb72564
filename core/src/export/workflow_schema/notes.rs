//! What an editor shows of a value, and offers in its place.

use super::constants;
use super::definitions::target;
use super::shapes::Shapes;
use serde_json::{Map, Value, json};

pub(super) struct Notes {
    pub(super) title: Option<String>,
    /// In Markdown.
    pub(super) text: Option<String>,
    pub(super) default: Option<Value>,
    pub(super) examples: Vec<Value>,
}

impl Notes {
    /// What a schema says about itself, or else what it refers to does.
    pub(super) fn of(schema: &Value, root: &Value) -> Notes {
        let referred = schema.get("$ref").and_then(Value::as_str);
        let referred = referred.and_then(|reference| target(root, reference));
        let said = |keyword: &str| {
            let said = schema.get(keyword).or_else(|| referred?.get(keyword));
            said.and_then(Value::as_str).map(str::to_owned)
        };
        let deprecated = schema.get("deprecated") == Some(&Value::Bool(true));
        let deprecated = deprecated.then(|| "Deprecated.".to_owned());
        let text: Vec<String> = deprecated.into_iter().chain(said("description")).collect();
        Notes {
            title: said("title"),
            text: Some(text.join(" ")).filter(|text| !text.is_empty()),
            default: schema.get("default").cloned(),
            examples: schema.get("examples").and_then(Value::as_array).cloned().unwrap_or_default(),
        }
    }

    /// The keywords by which editors show and offer it.
    pub(super) fn shown(self, schema: &Value, root: &Value, shapes: Shapes) -> Map<String, Value> {
        let Notes { title, text, default, mut examples } = self;
        let mut shown = Map::new();
        shown.extend(title.map(|title| ("title".to_owned(), title.into())));
        shown.extend(text.map(|text| ("markdownDescription".to_owned(), text.into())));
        if default.is_none() && examples.is_empty() {
            examples.extend(listed(schema, root).into_iter().take(2));
        }
        if default.is_none() && examples.is_empty() {
            let (keyword, hint) = hint(shapes);
            shown.insert(keyword.to_owned(), hint);
        }
        shown.extend(default.map(|default| ("default".to_owned(), default)));
        if !examples.is_empty() {
            shown.insert("examples".to_owned(), examples.into());
        }
        shown
    }
}

/// A keyword that says nothing about the value, without which editors would write the name of a member and nothing
/// behind it.
fn hint(shapes: Shapes) -> (&'static str, Value) {
    let snippet = |label: &str, body: &str| ("defaultSnippets", json!([{ "label": label, "body": body }]));
    match shapes.only() {
        Some("object") => ("properties", json!({})),
        Some("array") => ("items", json!({})),
        Some("boolean") => ("examples", json!([true, false])),
        Some("string") => snippet("a string", "$1"),
        Some("integer") => snippet("an integer", "^$1"),
        Some("number") => snippet("a number", "^$1"),
        _ => snippet("a value", "^$1"),
    }
}

/// The plain values that a schema lists.
pub(super) fn listed(schema: &Value, root: &Value) -> Vec<Value> {
    let referred = schema.get("$ref").and_then(Value::as_str).and_then(|reference| target(root, reference));
    let schema = referred.unwrap_or(schema);
    let branches = ["oneOf", "anyOf"].into_iter().find_map(|keyword| schema.get(keyword)?.as_array());
    let schemas = branches.map_or_else(|| vec![schema], |branches| branches.iter().collect());
    let listed = schemas.into_iter().filter_map(|schema| constants::listed(schema.as_object()?));
    listed.flatten().filter(|value| !constants::has_parts(value)).cloned().collect()
}
