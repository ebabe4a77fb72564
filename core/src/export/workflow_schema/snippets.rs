//! What an editor writes at once, with places to be filled in.

use super::shapes::Shapes;
use serde_json::{Map, Value, json};

/// How many values are listed to choose from.
const MOST_CHOICES: usize = 20;

/// JSON as a snippet's text: its own signs are escaped.
pub(super) fn plain(value: &Value) -> String {
    escaped(&value.to_string(), &['\\', '$', '}'])
}

fn escaped(text: &str, signs: &[char]) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if signs.contains(&c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// A value that is to stand in a snippet's body as it is.
pub(super) fn verbatim(value: &Value) -> Value {
    format!("^{}", plain(value)).into()
}

/// A place to be filled in with one of these values, or with one of these kinds.
pub(super) fn place(number: usize, shapes: Shapes, listed: &[Value]) -> Value {
    let choice = |values: &[Value]| {
        let values: Vec<String> =
            values.iter().map(|value| escaped(&value.to_string(), &['\\', '$', '}', ',', '|'])).collect();
        Value::from(format!("^${{{number}|{}|}}", values.join(",")))
    };
    if listed.len() > 1 && listed.len() <= MOST_CHOICES {
        return choice(listed);
    }
    match shapes.only() {
        Some("string") => format!("^\"${number}\"").into(),
        Some("boolean") => choice(&[true.into(), false.into()]),
        Some("array") => format!("^[${number}]").into(),
        Some("object") => format!("^{{${number}}}").into(),
        _ => format!("^${number}").into(),
    }
}

/// Whether a name can stand in a snippet's body.
pub(super) fn can_be_written(name: &str) -> bool {
    !name.contains(['$', '}', '\\', '"'])
}

/// A whole action.
pub(super) fn action(kind: &str, text: &str, inputs: &Map<String, Value>) -> Value {
    let mut body = Map::new();
    body.insert("id".to_owned(), "^\"${1:1}\"".into());
    body.insert("kind".to_owned(), verbatim(&kind.into()));
    if !inputs.is_empty() {
        body.insert("inputs".to_owned(), inputs.clone().into());
    }
    json!({ "label": kind, "markdownDescription": text, "body": body })
}

/// A document with one action.
pub(super) fn workflow() -> Value {
    json!({
        "label": "a workflow",
        "body": {
            "name": "${1:name}",
            "actions": [{ "id": "^\"1\"", "kind": "^\"$2\"" }],
            "edges": [{ "from": "^\"\\$source\"", "to": "^\"1\"" }],
        },
    })
}

/// An edge, and what it says of its condition.
pub(super) fn edge(label: &str, text: &str, name: Option<&str>, conditional: Option<Value>) -> Value {
    let from = if conditional.is_some() { "^\"${1:id}\"" } else { "^\"${1:\\$source}\"" };
    let mut body = Map::new();
    body.insert("from".to_owned(), from.into());
    body.insert("to".to_owned(), "^\"${2:id}\"".into());
    body.extend(name.map(|name| ("name".to_owned(), verbatim(&name.into()))));
    body.extend(conditional.map(|conditional| ("conditional".to_owned(), conditional)));
    json!({ "label": label, "markdownDescription": text, "body": body })
}
