//! Actions: which kinds there are, and what each asks of its inputs.

use super::asked::Asked;
use super::definitions::Definitions;
use super::{described, inputs, snippets, unknown_member};
use crate::action::ActionDefinition;
use crate::registry::Registry;
use serde_json::{Map, Value, json};

/// The actions of a document.
///
/// What a kind asks for stands in groups of about as many kinds as there are groups: so a validator tries two times the
/// square root of all kinds, and not all of them.
pub(super) fn actions(registry: &Registry, asked: Asked, definitions: &mut Definitions) -> Value {
    let mut kinds = Kinds::default();
    let mut cases = Vec::new();
    let mut offered = Vec::new();
    for definition in registry.definitions() {
        let Some(position) = registry.position(definition.kind()) else { continue };
        let of_kind = inputs::of_kind(registry.registered(position), asked, definitions);
        kinds.add(definition.kind(), text(definition));
        for alias in definition.aliases() {
            kinds.add(
                alias,
                format!("Deprecated: another name of `{}`.\n\n{}", definition.kind(), text(definition)),
            );
        }
        if definition.deprecated().is_none() {
            offered.push(snippets::action(definition.kind(), &text(definition), &of_kind.required));
        }
        cases.push(Case { names: names(definition), then: of_kind.schema });
    }
    let mut properties = Map::new();
    for (name, schema) in [
        ("id", id()),
        ("kind", kinds.schema()),
        ("name", described("string", "What the action is called here.")),
        ("description", described("string", "What the action does here.")),
        ("inputs", described("object", "What the action takes, by name: values, or refs to them.")),
    ] {
        properties.insert(name.to_owned(), schema);
    }
    let mut action = json!({
        "type": "object",
        "required": ["id", "kind"],
        "additionalProperties": unknown_member("an action", &properties),
        "properties": properties,
        "defaultSnippets": offered,
    });
    if !cases.is_empty() {
        action["allOf"] = grouped(cases).into();
    }
    json!({
        "type": "array",
        "markdownDescription": "What the workflow does.",
        "maxItems": registry.limits().actions,
        "items": action,
    })
}

/// What holds of the actions of one kind.
struct Case {
    /// The kind and its aliases.
    names: Vec<Value>,
    then: Value,
}

fn grouped(cases: Vec<Case>) -> Vec<Value> {
    let size = cases.len().isqrt().max(1);
    let mut groups = Vec::new();
    let mut cases = cases.into_iter().peekable();
    while cases.peek().is_some() {
        let group: Vec<Case> = cases.by_ref().take(size).collect();
        let names: Vec<Value> = group.iter().flat_map(|case| case.names.clone()).collect();
        let each: Vec<Value> = group.iter().map(|case| chosen(&case.names, &case.then)).collect();
        groups.push(chosen(&names, &json!({ "allOf": each })));
    }
    groups
}

/// What holds where the kind is one of these.
fn chosen(names: &[Value], then: &Value) -> Value {
    let kind = match names {
        [only] => json!({ "const": only, "doNotSuggest": true }),
        several => json!({ "enum": several, "doNotSuggest": true }),
    };
    json!({ "if": { "type": "object", "properties": { "kind": kind }, "required": ["kind"] }, "then": then })
}

fn names(definition: &ActionDefinition) -> Vec<Value> {
    let aliases = definition.aliases().iter().map(String::as_str);
    std::iter::once(definition.kind()).chain(aliases).map(Value::from).collect()
}

/// What is shown of a kind.
fn text(definition: &ActionDefinition) -> String {
    let heading = match definition.icon() {
        Some(icon) => format!("**{}** {icon}", definition.name()),
        None => format!("**{}**", definition.name()),
    };
    let deprecated = definition.deprecated().map(|advice| format!("Deprecated: {advice}."));
    let paragraphs = [Some(heading), deprecated, definition.description().map(str::to_owned)];
    paragraphs.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

#[derive(Default)]
struct Kinds {
    names: Vec<Value>,
    texts: Vec<String>,
}

impl Kinds {
    fn add(&mut self, name: &str, text: String) {
        self.names.push(name.into());
        self.texts.push(text);
    }

    fn schema(self) -> Value {
        json!({
            "markdownDescription": "Which action it is.",
            "enum": self.names,
            "markdownEnumDescriptions": self.texts,
            "errorMessage": "no action of this kind is registered",
        })
    }
}

fn id() -> Value {
    const CONTROL: &str = r"\x00-\x1f\x7f-\x9f";
    json!({
        "type": "string",
        "markdownDescription": "What edges and refs call the action; each has its own.",
        "pattern": format!("^[^${CONTROL}][^{CONTROL}]{{0,127}}$"),
        "patternErrorMessage": "an id has 1 to 128 characters, none of them a control character, and does not begin with `$`",
    })
}
