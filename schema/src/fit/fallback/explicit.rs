//! A schema that says in keywords of JSON Schema all that flowright takes it to mean.

use crate::SchemaPart;
use serde_json::{Map, Value, json};

/// Where a root goes that refers to itself: `"#"` of one schema cannot be held against that of another.
const ROOT: &str = "flowright-root";

/// The schema with what its formats mean said in keywords, and its root among its definitions where it refers to
/// itself; `None` where it or a part of it has a name of its own, which refs are resolved against.
pub(super) fn explicit(schema: &Value) -> Option<Value> {
    if is_named(schema, SchemaPart::Schema) {
        return None;
    }
    let mut said = said(schema, SchemaPart::Schema);
    let Some(members) = said.as_object_mut() else { return Some(said) };
    members.remove("$schema");
    let is_taken = members.get("$defs").is_some_and(|definitions| definitions.get(ROOT).is_some());
    if is_taken {
        return None;
    }
    let mut moves = false;
    redirect(&mut said, SchemaPart::Schema, &mut moves);
    Some(if moves { among_its_definitions(said) } else { said })
}

fn is_named(schema: &Value, part: SchemaPart) -> bool {
    match (schema, part) {
        (_, SchemaPart::Data) => false,
        (Value::Array(elements), _) => elements.iter().any(|element| is_named(element, part)),
        (Value::Object(members), _) => {
            (part == SchemaPart::Schema && members.contains_key("$id"))
                || members.iter().any(|(name, value)| is_named(value, part.member(name)))
        }
        _ => false,
    }
}

// A small schema is not deep.
fn said(schema: &Value, part: SchemaPart) -> Value {
    match (schema, part) {
        (_, SchemaPart::Data) => schema.clone(),
        (Value::Array(elements), _) => elements.iter().map(|element| said(element, part)).collect(),
        (Value::Object(members), _) => {
            let member = |(name, value): (&String, &Value)| (name.clone(), said(value, part.member(name)));
            let mut members: Map<String, Value> = members.iter().map(member).collect();
            if let (SchemaPart::Schema, Some(meaning)) = (part, meaning(&members)) {
                let before = members.remove("allOf");
                let mut all = vec![meaning];
                all.extend(before.and_then(|before| before.as_array().cloned()).unwrap_or_default());
                members.insert("allOf".to_owned(), Value::from(all));
            }
            Value::Object(members)
        }
        (other, _) => other.clone(),
    }
}

/// What a schema's format means, where no validator knows it.
fn meaning(schema: &Map<String, Value>) -> Option<Value> {
    let format = schema.get("format")?.as_str()?;
    if format == "ip" {
        return Some(json!({ "anyOf": [{ "format": "ipv4" }, { "format": "ipv6" }] }));
    }
    let (least, greatest) = crate::parse::integers(format)?;
    // The greatest `u64` would make the whole schema opaque to the canonical form.
    let (least, greatest) = (i64::try_from(least).ok(), i64::try_from(greatest).ok()?);
    (schema.get("type")? == "integer").then(|| json!({ "minimum": least, "maximum": greatest }))
}

/// Makes refs into the root lead to where it goes; `moves` tells whether there are any.
fn redirect(schema: &mut Value, part: SchemaPart, moves: &mut bool) {
    match (schema, part) {
        (Value::Array(elements), _) => elements.iter_mut().for_each(|element| redirect(element, part, moves)),
        (Value::Object(members), _) => {
            for (name, value) in members {
                match (part, name.as_str(), &mut *value) {
                    (SchemaPart::Schema, "$ref", Value::String(target)) => {
                        if let Some(inside) = target.strip_prefix('#')
                            && !inside.starts_with("/$defs/")
                            && !inside.starts_with("/definitions/")
                        {
                            *moves = true;
                            *target = format!("#/$defs/{ROOT}{inside}");
                        }
                    }
                    _ => redirect(value, part.member(name), moves),
                }
            }
        }
        _ => {}
    }
}

/// The schema as a ref to itself among its definitions.
fn among_its_definitions(mut schema: Value) -> Value {
    let mut whole = Map::new();
    if let Some(members) = schema.as_object_mut() {
        for keyword in ["$defs", "definitions"] {
            whole.extend(members.remove(keyword).map(|definitions| (keyword.to_owned(), definitions)));
        }
    }
    let definitions = whole.entry("$defs").or_insert_with(|| Value::Object(Map::new()));
    if let Some(definitions) = definitions.as_object_mut() {
        definitions.insert(ROOT.to_owned(), schema);
    }
    whole.insert("$ref".to_owned(), Value::from(format!("#/$defs/{ROOT}")));
    Value::Object(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_that_refers_to_itself_goes_among_its_definitions() {
        let list = json!({
            "type": "object",
            "properties": { "next": { "$ref": "#" }, "head": { "$ref": "#/properties/next" }, "n": { "$ref": "#/$defs/n" } },
            "anyOf": [{ "required": ["n"] }, { "$ref": "#/$defs/n" }, { "not": { "$ref": "#" }, "const": { "$ref": "#" } }],
            "$defs": { "n": { "type": "integer", "format": "uint8" } }
        });
        let said = explicit(&list).unwrap();
        assert_eq!(said["$ref"], "#/$defs/flowright-root");
        let whole = &said["$defs"]["flowright-root"];
        assert_eq!(whole["properties"]["next"]["$ref"], "#/$defs/flowright-root");
        assert_eq!(whole["properties"]["head"]["$ref"], "#/$defs/flowright-root/properties/next");
        assert_eq!(whole["properties"]["n"]["$ref"], "#/$defs/n");
        assert_eq!(whole["anyOf"][1]["$ref"], "#/$defs/n");
        let branch = &whole["anyOf"][2];
        assert_eq!(branch["not"]["$ref"], "#/$defs/flowright-root");
        assert_eq!(branch["const"]["$ref"], "#", "data is not followed");
        assert_eq!(whole.get("$defs"), None);
        assert_eq!(said["$defs"]["n"]["allOf"], json!([{ "minimum": 0, "maximum": 255 }]));
    }

    #[test]
    fn what_is_data_says_nothing() {
        let schema =
            json!({ "const": { "type": "integer", "format": "uint8", "$ref": "#" }, "required": ["format"] });
        assert_eq!(explicit(&schema), Some(schema));
    }

    #[test]
    fn a_schema_with_a_name_of_its_own_is_not_asked_about() {
        let named = json!({ "$id": "https://example.com/a", "type": "object" });
        assert_eq!(explicit(&named), None);
        assert_eq!(explicit(&json!({ "items": { "anyOf": [named] } })), None);
        let data = json!({ "properties": { "$id": { "const": named } } });
        assert_eq!(explicit(&data), Some(data));
    }
}
