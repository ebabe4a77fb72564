//! The JSON Schemas of one side of an action, with all their definitions in one place.

use flowright_schema::SchemaPart;
use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

const DEFINITIONS: [&str; 2] = ["$defs", "definitions"];

/// Collects the definitions that the schemas of one side refer to.
pub(super) struct Contract {
    generator: SchemaGenerator,
}

impl Contract {
    /// What an action accepts.
    pub(super) fn of_inputs() -> Self {
        Contract { generator: SchemaSettings::draft2020_12().for_deserialize().into_generator() }
    }

    /// What an action produces.
    pub(super) fn of_outputs() -> Self {
        Contract { generator: SchemaSettings::draft2020_12().for_serialize().into_generator() }
    }

    pub(super) fn of_type(&mut self, schema_of: fn(&mut SchemaGenerator) -> Schema) -> Value {
        schema_of(&mut self.generator).to_value()
    }

    /// What `#/$defs/<name>` leads to.
    pub(super) fn definition(&self, reference: &str) -> Option<&Value> {
        self.generator.definitions().get(&*decoded(reference.strip_prefix("#/$defs/")?))
    }

    /// A schema that was given, its definitions moved to where those of all others are. To be asked for after every
    /// type: names are made unique against those that are there.
    pub(super) fn of_schema(&mut self, owner: &str, mut schema: Value) -> Value {
        let Some(root) = schema.as_object_mut() else { return schema };
        root.remove("$schema");
        root.remove("$id");
        let mut moved = Vec::new();
        let mut names = HashMap::new();
        for keyword in DEFINITIONS {
            let Some(Value::Object(definitions)) = root.remove(keyword) else { continue };
            for (name, definition) in definitions {
                let unique = self.unique(&name);
                self.generator.definitions_mut().insert(unique.clone(), Value::Bool(true));
                names.insert((keyword, name), unique.clone());
                moved.push((unique, definition));
            }
        }
        let mut references = Rewriting { names, root: None, unique_root: self.unique(owner) };
        for (_, definition) in &mut moved {
            references.rewrite(definition);
        }
        references.rewrite(&mut schema);
        let definitions = self.generator.definitions_mut();
        definitions.extend(moved);
        match references.root {
            None => schema,
            Some(name) => {
                let reference = format!("#/$defs/{name}");
                definitions.insert(name, schema);
                json!({ "$ref": reference })
            }
        }
    }

    fn unique(&self, name: &str) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() || "_.-".contains(c) { c } else { '_' };
        let plain: String = name.chars().map(plain).collect();
        let taken = self.generator.definitions();
        let mut unique = plain.clone();
        let mut count = 2;
        while taken.contains_key(&unique) {
            unique = format!("{plain}{count}");
            count += 1;
        }
        unique
    }

    /// The schema as one document.
    pub(super) fn finish(mut self, schema: Value) -> Value {
        let definitions = self.generator.take_definitions(true);
        let mut root = match schema {
            Value::Object(root) => root,
            other if definitions.is_empty() => return other,
            other => Map::from_iter([("allOf".to_owned(), Value::Array(vec![other]))]),
        };
        if !definitions.is_empty() {
            root.insert("$defs".to_owned(), Value::Object(definitions));
        }
        Value::Object(root)
    }
}

/// Makes refs lead to where the definitions have gone.
struct Rewriting {
    names: HashMap<(&'static str, String), String>,
    /// The name of the root itself, once something leads into it.
    root: Option<String>,
    unique_root: String,
}

impl Rewriting {
    fn rewrite(&mut self, schema: &mut Value) {
        let mut left = vec![(schema, SchemaPart::Schema)];
        while let Some((value, part)) = left.pop() {
            match value {
                _ if part == SchemaPart::Data => {}
                Value::Array(elements) => left.extend(elements.iter_mut().map(|element| (element, part))),
                Value::Object(members) => {
                    for (name, value) in members {
                        match (part, name.as_str(), value) {
                            (SchemaPart::Schema, "$ref", Value::String(reference)) => {
                                self.redirect(reference);
                            }
                            (_, name, value) => left.push((value, part.member(name))),
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn redirect(&mut self, reference: &mut String) {
        let Some(pointer) = reference.strip_prefix('#') else { return };
        for keyword in DEFINITIONS {
            let below = pointer
                .strip_prefix('/')
                .and_then(|p| p.strip_prefix(keyword))
                .and_then(|p| p.strip_prefix('/'));
            let Some(below) = below else { continue };
            let (name, rest) = below.split_at(below.find('/').unwrap_or(below.len()));
            if let Some(unique) = self.names.get(&(keyword, decoded(name))) {
                *reference = format!("#/$defs/{unique}{rest}");
                return;
            }
        }
        if pointer.is_empty() || pointer.starts_with('/') {
            let root = self.root.get_or_insert_with(|| self.unique_root.clone());
            *reference = format!("#/$defs/{root}{pointer}");
        }
    }
}

/// A segment of a JSON pointer in a URI fragment, as the member's name.
pub(crate) fn decoded(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let [byte, tail @ ..] = rest {
        let escaped = match (byte, tail) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        bytes.push(escaped.unwrap_or(*byte));
        rest = if escaped.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
    }
    String::from_utf8_lossy(&bytes).replace("~1", "/").replace("~0", "~")
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_of_given_schemas_move_to_the_root_and_keep_apart() {
        let mut contract = Contract::of_inputs();
        let given =
            |of: &str| json!({ "$defs": { "a/b": { "type": of } }, "items": { "$ref": "#/$defs/a~1b" } });
        let first = contract.of_schema("first", given("string"));
        let second = contract.of_schema("second", given("number"));
        assert_eq!(first, json!({ "items": { "$ref": "#/$defs/a_b" } }));
        assert_eq!(second, json!({ "items": { "$ref": "#/$defs/a_b2" } }));
        let root = contract.finish(json!({ "prefixItems": [first, second] }));
        assert_eq!(root["$defs"], json!({ "a_b": { "type": "string" }, "a_b2": { "type": "number" } }));
    }

    #[test]
    fn a_schema_that_leads_back_to_its_own_root_becomes_a_definition() {
        let mut contract = Contract::of_inputs();
        let tree = json!({ "type": "object", "properties": { "below": { "items": { "$ref": "#" } }, "$ref": true } });
        assert_eq!(contract.of_schema("tree", tree), json!({ "$ref": "#/$defs/tree" }));
        let root = contract.finish(json!({}));
        assert_eq!(root["$defs"]["tree"]["properties"]["below"]["items"], json!({ "$ref": "#/$defs/tree" }));
    }

    #[test]
    fn a_segment_of_a_ref_is_decoded() {
        assert_eq!(decoded("a~1b~0c%20%C3%A9%zz%"), "a/b~c \u{e9}%zz%");
    }

    #[test]
    fn what_is_data_in_a_schema_is_left_alone() {
        let mut contract = Contract::of_inputs();
        let schema =
            json!({ "const": { "$ref": "#" }, "properties": { "default": { "$ref": "#/properties/x" } } });
        assert_eq!(contract.of_schema("s", schema), json!({ "$ref": "#/$defs/s" }));
        let root = contract.finish(json!({}));
        assert_eq!(root["$defs"]["s"]["const"], json!({ "$ref": "#" }));
        assert_eq!(root["$defs"]["s"]["properties"]["default"]["$ref"], "#/$defs/s/properties/x");
    }
}
