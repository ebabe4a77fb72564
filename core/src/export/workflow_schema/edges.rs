//! Edges and their conditions.

use super::{described, refs, snippets, unknown_member};
use crate::action::{EdgeCondition, EdgeTest};
use crate::check::edges::SOURCE;
use crate::registry::Registry;
use serde_json::{Map, Value, json};

/// The edges of a document.
pub(super) fn edges(registry: &Registry) -> Value {
    let mut properties = Map::new();
    let from = json!({
        "type": "string",
        "markdownDescription": "The action that runs first, by its id; or `$source`, the start.",
        "defaultSnippets": [
            { "label": "\"$source\"", "markdownDescription": "The start.", "bodyText": "\"\\$source\"" },
            { "label": "\"<action id>\"", "markdownDescription": "An action.", "bodyText": "\"${1:id}\"" },
        ],
    });
    let to = json!({
        "type": "string",
        "markdownDescription": "The action that runs behind it, by its id.",
        "pattern": r"^(?!\$source$)",
        "patternErrorMessage": format!("no edge leads to `{SOURCE}`: a workflow begins there"),
    });
    for (name, schema) in [
        ("from", from),
        ("to", to),
        ("name", described("string", "What the edge is called.")),
        ("conditional", conditional()),
    ] {
        properties.insert(name.to_owned(), schema);
    }
    let edge = json!({
        "type": "object",
        "required": ["from", "to"],
        "additionalProperties": unknown_member("an edge", &properties),
        "properties": properties,
        "defaultSnippets": offered(registry),
    });
    json!({
        "type": "array",
        "markdownDescription": "In which order the actions run: an action runs once all edges to it are decided, \
            where any of them was taken.",
        "maxItems": registry.limits().edges,
        "items": edge,
    })
}

fn conditional() -> Value {
    let mut properties = Map::new();
    let tests = [
        ("if", "The edge is taken where the value is neither false, null, absent, `0` nor `\"\"`."),
        ("else", "The edge is taken where `if` is not."),
        ("match", "The edge is taken where the value equals `value`."),
    ];
    let (names, meanings): (Vec<_>, Vec<_>) = tests.into_iter().unzip();
    for (name, schema) in [
        (
            "type",
            json!({
                "markdownDescription": "How the value is tested.",
                "enum": names,
                "markdownEnumDescriptions": meanings,
            }),
        ),
        ("ref", {
            let mut reference = refs::of_condition();
            reference["markdownDescription"] = "The value that is tested, as a ref.".into();
            reference["defaultSnippets"] = json!([{
                "label": "!ref($.output.<field>)", "body": r#"^"!ref(\$.output.${1:field})""#,
            }]);
            reference
        }),
        (
            "value",
            json!({ "markdownDescription": "What `match` compares with.", "defaultSnippets": [{ "label": "a value", "body": "^$1" }] }),
        ),
    ] {
        properties.insert(name.to_owned(), schema);
    }
    let by_type = |tests: &[&str], then: &Value| {
        let ty = json!({ "enum": tests, "doNotSuggest": true });
        json!({ "if": { "type": "object", "properties": { "type": ty }, "required": ["type"] }, "then": then })
    };
    let means_nothing = json!({ "deprecationMessage": "only `match` compares with a value" });
    json!({
        "type": "object",
        "markdownDescription": "When the edge is taken; always, where there is none.",
        "required": ["type", "ref"],
        "additionalProperties": unknown_member("a condition", &properties),
        "properties": properties,
        "allOf": [
            by_type(&["match"], &json!({ "required": ["value"] })),
            by_type(&["if", "else"], &json!({ "properties": { "value": means_nothing } })),
        ],
        "defaultSnippets": [{ "label": "a condition", "body": condition("if", None) }],
    })
}

/// A condition to be filled in.
fn condition(test: &str, value: Option<Value>) -> Value {
    let mut condition = json!({ "type": test, "ref": r#"^"!ref(\$.output.${3:field})""# });
    if let Some(value) = value {
        condition["value"] = value;
    }
    condition
}

/// Edges to be filled in, and those that actions predefine.
fn offered(registry: &Registry) -> Vec<Value> {
    let mut offered = vec![
        snippets::edge("an edge", "It is always taken.", None, None),
        snippets::edge(
            "an edge: if",
            "It is taken where the value is truthy.",
            None,
            Some(condition("if", None)),
        ),
        snippets::edge(
            "an edge: else",
            "It is taken where the value is not.",
            None,
            Some(condition("else", None)),
        ),
        snippets::edge(
            "an edge: match",
            "It is taken where the value equals another.",
            None,
            Some(condition("match", Some("^$4".into()))),
        ),
    ];

    for definition in registry.definitions().filter(|definition| definition.deprecated().is_none()) {
        for edge in definition.edges().predefined() {
            let Some(condition) = edge.condition() else { continue };
            let label = format!("an edge from {}: {}", definition.kind(), edge.name());
            let text = format!("`{}`", definition.kind());
            offered.push(snippets::edge(&label, &text, Some(edge.name()), Some(predefined(condition))));
        }
    }
    offered
}

fn predefined(condition: &EdgeCondition) -> Value {
    let reference = snippets::verbatim(&condition.reference().into());
    match condition.test() {
        EdgeTest::If => json!({ "type": "if", "ref": reference }),
        EdgeTest::Else => json!({ "type": "else", "ref": reference }),
        EdgeTest::Match(value) => {
            json!({ "type": "match", "ref": reference, "value": snippets::verbatim(value) })
        }
    }
}
