//! A registry's actions for language models.

mod example;
mod instructions;
mod names;

use crate::action::ActionDefinition;
use crate::registry::{Registered, Registry};
use flowright_schema::{FitVerdict, Type};
use serde_json::{Map, Value, json};

/// How often a ref at the root of a schema is followed.
const HOPS: usize = 16;

impl Registry {
    /// The actions as tools for language models, and instructions by which a model writes workflows of them.
    ///
    /// ```json
    /// {
    ///   "tools": [{
    ///     "name": "send_email",
    ///     "title": "Send email",
    ///     "description": "Delivers one message.",
    ///     "inputSchema": { "type": "object", "properties": { "to": { "type": "string" } }, "required": ["to"], "…": "…" },
    ///     "outputSchema": { "type": "object", "…": "…" },
    ///     "_meta": { "kind": "send_email" }
    ///   }],
    ///   "instructions": "# Workflows\n…"
    /// }
    /// ```
    ///
    /// `tools` are those of the Model Context Protocol (`tools/list`). `inputSchema` is of the plain values, without
    /// refs. `outputSchema` is there where every output is an object, for the protocol knows no others. A name has at
    /// most 64 ASCII letters, digits, `_` and `-`: it is the kind, or what becomes of it with `_` in place of all else;
    /// where that is the name of another action, a number made of the kind follows. `_meta.kind` is the kind itself.
    ///
    /// `instructions` is Markdown for a prompt: the document format with refs, edges, conditions and rules, the
    /// registry's events and actions with their types, how to read a [report's JSON](crate::Report::to_json), and how
    /// to repair a document by it. Its examples are documents that this registry accepts.
    ///
    /// ```
    /// use flowright::prelude::*;
    ///
    /// /// Say hello.
    /// #[engine_action(kind = "app/greet")]
    /// fn greet(name: String) -> String {
    ///     format!("Hello, {name}!")
    /// }
    ///
    /// let registry = Registry::builder().without_builtins().actions(actions![greet]).build()?;
    /// let tools = registry.tools();
    /// assert_eq!(tools["tools"][0]["name"], "app_greet");
    /// assert_eq!(tools["tools"][0]["inputSchema"]["required"], serde_json::json!(["name"]));
    /// assert!(tools["instructions"].as_str().is_some_and(|text| text.contains("`app/greet`")));
    /// # Ok::<(), flowright::RegistryError>(())
    /// ```
    pub fn tools(&self) -> Value {
        let names = names::of(self.kinds());
        let actions = self.kinds().filter_map(|kind| self.position(kind)).map(|at| self.registered(at));
        let tools: Value = actions.zip(names).map(|(action, name)| tool(action, name)).collect();
        json!({ "tools": tools, "instructions": instructions::of(self) })
    }
}

fn tool(action: &Registered, name: String) -> Value {
    let definition = &action.definition;
    let mut tool = Map::new();
    tool.insert("name".to_owned(), name.into());
    tool.insert("title".to_owned(), definition.name().into());
    tool.extend(described(definition).map(|description| ("description".to_owned(), description.into())));
    tool.insert("inputSchema".to_owned(), as_object(definition.inputs_schema()));
    if action.output.fits(&Type::object([], true)).verdict == FitVerdict::Fits {
        tool.insert("outputSchema".to_owned(), as_object(definition.output_schema()));
    }
    tool.insert("_meta".to_owned(), json!({ "kind": definition.kind() }));
    Value::Object(tool)
}

fn described(definition: &ActionDefinition) -> Option<String> {
    let deprecated = definition.deprecated().map(|instead| format!("Deprecated: {instead}"));
    let said: Vec<String> =
        definition.description().map(str::to_owned).into_iter().chain(deprecated).collect();
    (!said.is_empty()).then(|| said.join("\n\n"))
}

/// A schema that only objects fit as the protocol takes it: its keywords at the root, the type among them.
fn as_object(schema: Value) -> Value {
    let Value::Object(mut keywords) = schema else { return json!({ "type": "object" }) };
    for _ in 0..HOPS {
        let is_ref =
            keywords.keys().all(|keyword| matches!(&**keyword, "$ref" | "$defs" | "title" | "description"));
        let target = keywords.get("$ref").and_then(Value::as_str).filter(|_| is_ref);
        let target = target.and_then(|target| target.strip_prefix("#/$defs/"));
        let definition = target.and_then(|name| keywords.get("$defs")?.get(name)?.as_object().cloned());
        let Some(definition) = definition else { break };
        keywords.remove("$ref");
        for (keyword, value) in definition {
            keywords.entry(keyword).or_insert(value);
        }
    }
    keywords.insert("type".to_owned(), "object".into());
    // The protocol takes no booleans for the schemas of members.
    for property in keywords.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten() {
        match property.1 {
            Value::Bool(true) => *property.1 = json!({}),
            Value::Bool(false) => *property.1 = json!({ "not": {} }),
            _ => {}
        }
    }
    Value::Object(keywords)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(schema: Value) -> Value {
        let action =
            ActionDefinition::builder("a").output_schema(schema).handler(|_| Ok(Value::Null)).build();
        let registry = Registry::builder().without_builtins().action(action).build().unwrap();
        registry.tools()["tools"][0].get("outputSchema").cloned().unwrap_or_default()
    }

    #[test]
    fn the_schema_of_an_output_is_there_where_all_outputs_are_objects() {
        let object = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
        assert_eq!(output(object.clone()), object);
        let refers = json!({ "$ref": "#/$defs/a", "$defs": { "a": { "$ref": "#/$defs/b" }, "b": object } });
        let inlined = output(refers);
        assert_eq!((&inlined["type"], &inlined["properties"]), (&json!("object"), &object["properties"]));
        assert_eq!(inlined.get("$ref"), None);
        let either =
            output(json!({ "anyOf": [object, { "type": "object", "additionalProperties": false }] }));
        assert_eq!((&either["type"], either["anyOf"].as_array().map(Vec::len)), (&json!("object"), Some(2)));
        let any = output(json!({ "type": "object", "properties": { "a": true, "b": false } }));
        assert_eq!(any["properties"], json!({ "a": {}, "b": { "not": {} } }));
        for other in [json!(true), json!({ "type": ["object", "null"] }), json!({ "type": "string" })] {
            assert_eq!(output(other), Value::Null);
        }
    }

    #[test]
    fn a_deprecated_action_says_what_to_use() {
        let action = ActionDefinition::builder("a")
            .description("Does.")
            .deprecated("use `b`")
            .handler(|_| Ok(Value::Null))
            .build();
        let registry = Registry::builder().without_builtins().action(action).build().unwrap();
        assert_eq!(registry.tools()["tools"][0]["description"], "Does.\n\nDeprecated: use `b`");
    }
}
