//! What one kind of action takes.

use super::asked::Asked;
use super::definitions::{Definitions, Referred};
use super::notes::{self, Notes};
use super::shapes::Shapes;
use super::values::Values;
use super::{refs, rules, snippets};
use crate::action::InputDefinition;
use crate::registry::{Builtin, Registered, RegisteredInput};
use serde_json::{Map, Value, json};

/// After how many characters a type leaves things out.
const TYPE: usize = 120;

/// What is said of an action by its kind.
pub(super) struct OfKind {
    /// What holds beside what holds of every action.
    pub(super) schema: Value,
    /// The inputs that it requires, with places to be filled in.
    pub(super) required: Map<String, Value>,
}

pub(super) fn of_kind(registered: &Registered, asked: Asked, definitions: &mut Definitions) -> OfKind {
    let definition = &registered.definition;
    let root = definition.inputs_schema();
    let none = Value::Bool(true);
    let owner = definition.kind();
    let mut values = Values { root: &root, referred: Referred::new(owner), definitions, asked };
    let mut properties = Map::new();
    let mut required = Vec::new();
    let mut by_other_names = Vec::new();
    let mut places = Map::new();
    for (input, known) in definition.inputs().iter().zip(&registered.inputs) {
        let schema = root.get("properties").and_then(|inputs| inputs.get(input.name())).unwrap_or(&none);
        let mut value = match registered.builtin {
            Some(Builtin::If) => rules::condition(&notes(input, known, schema), values.definitions),
            None => values.value(schema, notes(input, known, schema), known.null_is_absent()),
        };
        if input.deprecated()
            && let Some(value) = value.as_object_mut()
        {
            let message = format!("input `{}` is deprecated", input.name());
            value.insert("deprecationMessage".to_owned(), message.into());
        }
        for alias in input.aliases() {
            let mut alike = value.clone();
            alike["doNotSuggest"] = true.into();
            properties.insert(alias.clone(), alike);
        }
        properties.insert(input.name().to_owned(), value);
        if !input.required() {
            continue;
        }
        if input.aliases().is_empty() {
            required.push(Value::from(input.name()));
        } else {
            let names = std::iter::once(input.name()).chain(input.aliases().iter().map(String::as_str));
            let one_of: Vec<Value> = names.map(|name| json!({ "required": [name] })).collect();
            by_other_names.push(json!({ "anyOf": one_of }));
        }
        if snippets::can_be_written(input.name()) {
            let shapes = Shapes::of(schema, &root);
            let place = snippets::place(places.len() + 2, shapes, &notes::listed(schema, &root));
            places.insert(input.name().to_owned(), place);
        }
    }
    values.define();
    let takes_something = !required.is_empty() || !by_other_names.is_empty();
    let body = if places.is_empty() { "^{$1}".into() } else { Value::from(places.clone()) };
    let mut inputs = json!({
        "properties": properties,
        "required": required,
        "additionalProperties": if asked.known_inputs { false.into() } else { refs::anything() },
        "defaultSnippets": [{ "label": format!("inputs of {owner}"), "body": body }],
    });
    if !by_other_names.is_empty() {
        inputs["allOf"] = by_other_names.into();
    }
    let mut of_kind = json!({ "inputs": inputs });
    if let Some(advice) = definition.deprecated() {
        let message = format!("kind `{owner}` is deprecated: {advice}");
        of_kind["kind"] = json!({ "deprecationMessage": message });
    }
    let mut schema = json!({ "properties": of_kind });
    if takes_something {
        schema["required"] = json!(["inputs"]);
    }
    OfKind { schema, required: places }
}

/// What is shown of an input; of a secret no value is.
fn notes(input: &InputDefinition, known: &RegisteredInput, schema: &Value) -> Notes {
    let mut about = Vec::new();
    if !known.ty.is_any() {
        let ty = format!("{:.TYPE$}", known.ty);
        about.push(if ty.contains('`') { format!("`` {ty} ``") } else { format!("`{ty}`") });
    }
    let default = input.default().filter(|_| !input.secret());
    match default {
        Some(default) => about.push(format!("`{default}` unless given")),
        None if !input.required() => about.push("optional".to_owned()),
        None => {}
    }
    if input.secret() {
        about.push("secret".to_owned());
    }
    let about = Some(about.join(", ")).filter(|about| !about.is_empty());
    let paragraphs: Vec<String> = input.description().map(str::to_owned).into_iter().chain(about).collect();
    let text = paragraphs.join("\n\n");
    let examples = schema.get("examples").and_then(Value::as_array).filter(|_| !input.secret());
    Notes {
        title: Some(input.title().to_owned()),
        text: Some(text).filter(|text| !text.is_empty()),
        default: default.map(|default| Value::clone(default)),
        examples: examples.cloned().unwrap_or_default(),
    }
}
