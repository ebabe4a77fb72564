//! A registry's actions for Workflow Kit's visual editor.

use super::inlined::inlined;
use crate::action::{ActionDefinition, EdgeDefinition, EdgeTest, InputDefinition};
use crate::registry::Registry;
use serde_json::{Map, Value, json};

impl Registry {
    /// The actions as Workflow Kit's editor takes them in `availableActions`: an array of `PublicEngineAction`.
    ///
    /// ```json
    /// [{
    ///   "kind": "send_email",
    ///   "name": "Send email",
    ///   "description": "Delivers one message.",
    ///   "icon": "✉",
    ///   "inputs": { "to": { "type": { "title": "To", "type": "string", "format": "email" }, "fieldType": "text" } },
    ///   "outputs": { "type": "object", "…": "…" },
    ///   "edges": { "allowAdd": false, "edges": [
    ///     { "name": "True", "conditional": { "type": "if", "ref": "!ref($.output.result)" } }
    ///   ] }
    /// }]
    /// ```
    ///
    /// The schema of each input has a title, which the editor shows, and no `$ref`, which the editor does not follow;
    /// where a type contains itself, it is described once. `description`, `icon` and `fieldType` are there where they
    /// are known. Deprecated actions are among them: documents may still have them.
    ///
    /// ```
    /// use flowright::prelude::*;
    ///
    /// /// Say hello.
    /// #[engine_action(icon = "👋")]
    /// fn greet(#[input(title = "Who", field_type = "textarea")] name: String) -> String {
    ///     format!("Hello, {name}!")
    /// }
    ///
    /// let registry = Registry::builder().without_builtins().actions(actions![greet]).build()?;
    /// assert_eq!(
    ///     registry.public_actions()[0]["inputs"],
    ///     serde_json::json!({ "name": { "type": { "title": "Who", "type": "string" }, "fieldType": "textarea" } })
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn public_actions(&self) -> Value {
        self.definitions().map(action).collect()
    }
}

fn action(definition: &ActionDefinition) -> Value {
    let mut action = Map::new();
    action.insert("kind".to_owned(), definition.kind().into());
    action.insert("name".to_owned(), definition.name().into());
    for (name, text) in [("description", definition.description()), ("icon", definition.icon())] {
        action.extend(text.map(|text| (name.to_owned(), text.into())));
    }
    action.insert("inputs".to_owned(), inputs(definition));
    let outputs = definition.output_schema();
    action.insert("outputs".to_owned(), Value::Object(keywords(inlined(&outputs, definitions(&outputs)))));
    action.insert("edges".to_owned(), edges(definition));
    Value::Object(action)
}

fn inputs(definition: &ActionDefinition) -> Value {
    let schema = definition.inputs_schema();
    let input = |input: &InputDefinition| {
        let ty = inlined(&schema["properties"][input.name()], definitions(&schema));
        let mut shown = Map::from_iter([("type".to_owned(), titled(ty, input.title()))]);
        // The editor knows these two fields, and shows the first where it is told nothing.
        let field = input.field_type().filter(|field| matches!(*field, "text" | "textarea"));
        shown.extend(field.map(|field| ("fieldType".to_owned(), field.into())));
        (input.name().to_owned(), Value::Object(shown))
    };
    Value::Object(definition.inputs().iter().map(input).collect())
}

/// The schema of an action's input, without refs.
pub(crate) fn inlined_input(definition: &ActionDefinition, name: &str) -> Value {
    let schema = definition.inputs_schema();
    inlined(&schema["properties"][name], definitions(&schema))
}

/// The editor reads the title of whatever the type is.
fn titled(ty: Value, title: &str) -> Value {
    let mut ty = keywords(ty);
    ty.insert("title".to_owned(), title.into());
    Value::Object(ty)
}

/// A schema as an object, which the editor takes for granted.
fn keywords(schema: Value) -> Map<String, Value> {
    match schema {
        Value::Object(keywords) => keywords,
        Value::Bool(false) => Map::from_iter([("not".to_owned(), Value::Object(Map::new()))]),
        _ => Map::new(),
    }
}

fn definitions(schema: &Value) -> &Map<String, Value> {
    static NONE: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
    schema.get("$defs").and_then(Value::as_object).unwrap_or(&NONE)
}

fn edges(definition: &ActionDefinition) -> Value {
    let edge = |edge: &EdgeDefinition| {
        let mut shown = json!({ "name": edge.name() });
        if let Some(condition) = edge.condition() {
            let mut conditional = json!({ "type": "if", "ref": condition.reference() });
            match condition.test() {
                EdgeTest::If => {}
                EdgeTest::Else => conditional["type"] = "else".into(),
                EdgeTest::Match(value) => {
                    conditional["type"] = "match".into();
                    conditional["value"] = value.clone();
                }
            }
            shown["conditional"] = conditional;
        }
        shown
    };
    let edges: Value = definition.edges().predefined().iter().map(edge).collect();
    json!({ "allowAdd": definition.edges().allow_add(), "edges": edges })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::ActionDefinition;

    fn exported(definition: ActionDefinition) -> Value {
        let registry = Registry::builder().without_builtins().action(definition).build().unwrap();
        registry.public_actions()[0].take()
    }

    #[test]
    fn what_is_not_known_is_absent() {
        let plain = ActionDefinition::builder("plain").handler(|_| Ok(Value::Null)).build();
        assert_eq!(
            exported(plain),
            json!({
                "kind": "plain", "name": "Plain", "inputs": {}, "outputs": {},
                "edges": { "allowAdd": true, "edges": [] },
            })
        );
    }

    #[test]
    fn every_input_has_a_title_whatever_its_schema_is() {
        let action = ActionDefinition::builder("a")
            .input_schema("anything", json!(true), true)
            .input_schema("itself", json!({ "properties": { "next": { "$ref": "#" } } }), true)
            .handler(|_| Ok(Value::Null))
            .build();
        let exported = exported(action);
        assert_eq!(exported["inputs"]["anything"], json!({ "type": { "title": "Anything" } }));
        assert_eq!(exported["inputs"]["itself"]["type"]["title"], "Itself");
        assert!(!exported.to_string().contains("$ref"), "{exported}");
    }

    #[test]
    fn edges_carry_their_conditions() {
        let action = ActionDefinition::builder("a")
            .output_schema(
                json!({ "type": "object", "properties": { "s": { "type": "string" } }, "required": ["s"] }),
            )
            .edge(EdgeDefinition::matching("X", "$.output.s", "x"))
            .edge(EdgeDefinition::otherwise("None", "$.output.s"))
            .edge(EdgeDefinition::new("Always"))
            .handler(|_| Ok(Value::Null))
            .build();
        assert_eq!(
            exported(action)["edges"]["edges"],
            json!([
                { "name": "X", "conditional": { "type": "match", "ref": "!ref($.output.s)", "value": "x" } },
                { "name": "None", "conditional": { "type": "else", "ref": "!ref($.output.s)" } },
                { "name": "Always" },
            ])
        );
    }
}
