//! A JSON Schema of a registry's documents, for editors.

mod alternatives;
mod asked;
mod constants;
mod definitions;
mod edges;
mod inputs;
mod kinds;
mod notes;
mod numbers;
mod refs;
mod rules;
mod shapes;
mod snippets;
mod texts;
mod values;

use crate::registry::Registry;
use asked::Asked;
use definitions::Definitions;
use serde_json::{Map, Value, json};

/// The draft that the editors' language services know best.
const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

impl Registry {
    /// A JSON Schema of the documents that may be checked, for editors of JSON and YAML: they complete kinds, inputs,
    /// values and refs by it, show what each is for, and mark what is wrong.
    ///
    /// ```json
    /// {
    ///   "$schema": "http://json-schema.org/draft-07/schema#",
    ///   "type": "object",
    ///   "required": ["actions", "edges"],
    ///   "properties": {
    ///     "actions": { "type": "array", "items": {
    ///       "properties": { "id": {}, "kind": { "enum": ["greet"], "markdownEnumDescriptions": ["…"] }, "inputs": {} },
    ///       "allOf": [{ "if": { "properties": { "kind": { "enum": ["greet"] } } }, "then": { "allOf": ["…"] } }]
    ///     } },
    ///     "edges": {}
    ///   },
    ///   "definitions": {}
    /// }
    /// ```
    ///
    /// It is of draft 7, with the keywords that VS Code's language service adds to it: `markdownDescription`,
    /// `markdownEnumDescriptions`, `errorMessage`, `patternErrorMessage`, `deprecationMessage`, `defaultSnippets` and
    /// `doNotSuggest`. Other validators pass over them.
    ///
    /// Whatever [`check`](Registry::check) accepts, the schema accepts: a ref stands wherever a value does, text with
    /// refs wherever text does, and what is only a warning is no error here. Where the schema refuses a value, the
    /// check does. The reverse does not hold: what a ref leads to, the order of actions, and a few keywords of types,
    /// such as `not`, `uniqueItems` and steps that are no integers, are left to the check.
    ///
    /// ```
    /// use flowright::prelude::*;
    ///
    /// /// Say hello.
    /// #[engine_action]
    /// fn greet(#[input(max_length = 80)] name: String) -> String {
    ///     format!("Hello, {name}!")
    /// }
    ///
    /// let registry = Registry::builder().without_builtins().actions(actions![greet]).build()?;
    /// let schema = registry.workflow_schema();
    /// let action = &schema["properties"]["actions"]["items"];
    /// assert_eq!(action["properties"]["kind"]["enum"], serde_json::json!(["greet"]));
    ///
    /// // A registry that was exported has the same schema.
    /// let elsewhere = Registry::from_exported(&registry.exported())?;
    /// assert_eq!(elsewhere.workflow_schema(), schema);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn workflow_schema(&self) -> Value {
        let mut definitions = Definitions::new();
        let asked = Asked::by(self);
        let actions = kinds::actions(self, asked, &mut definitions);
        let edges = edges::edges(self);
        refs::define(self, &mut definitions);
        let mut properties = Map::new();
        for (name, schema) in [
            ("name", described("string", "What the workflow is called.")),
            ("description", described("string", "What the workflow does.")),
            ("metadata", metadata()),
            ("actions", actions),
            ("edges", edges),
        ] {
            properties.insert(name.to_owned(), schema);
        }
        json!({
            "$schema": DRAFT,
            "title": "Workflow",
            "markdownDescription": "Actions, and the edges that say in which order they run.",
            "type": "object",
            "required": ["actions", "edges"],
            "additionalProperties": unknown_member("a workflow", &properties),
            "properties": properties,
            "defaultSnippets": [snippets::workflow()],
            "definitions": definitions.finish(),
        })
    }
}

/// A member of the format.
fn described(ty: &str, description: &str) -> Value {
    json!({ "type": ty, "markdownDescription": description })
}

/// What a member that the format does not know is held against: it is kept, and a warning says that it means nothing.
fn unknown_member(owner: &str, known: &Map<String, Value>) -> Value {
    let known: Vec<String> = known.keys().map(|name| format!("`{name}`")).collect();
    json!({ "deprecationMessage": format!("{owner} has no such member; it has {}", known.join(", ")) })
}

/// What editors and programs keep with a workflow. Only its form is fixed; the rest is offered.
fn metadata() -> Value {
    let pointers = json!({
        "items": { "markdownDescription": "A value of the action's inputs, as a JSON pointer: `/<input>`." },
        "defaultSnippets": [{ "label": "[\"/<input>\"]", "body": ["/${1:input}"] }],
    });
    let leave = json!({
        "markdownDescription": "Values that are checked when the workflow runs, and not before: by the id of their \
            action, JSON pointers into its inputs.",
        "additionalProperties": pointers,
        "defaultSnippets": [{ "label": "{ \"<action id>\": [\"/<input>\"] }", "body": { "${1:id}": ["/${2:input}"] } }],
    });
    json!({
        "type": "object",
        "markdownDescription": "What editors and programs keep with the workflow.",
        "properties": { "flowright": {
            "markdownDescription": "What the checker heeds.",
            "properties": { "leave": leave },
            "defaultSnippets": [{ "label": "{ \"leave\": {} }", "body": { "leave": {} } }],
        } },
    })
}
