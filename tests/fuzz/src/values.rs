//! Choices as values of a schema, most of them right.

use crate::choices::{Choices, NAMES};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// How many refs of a schema are followed one after another, and how many parts of parts are looked at.
const HOPS: usize = 8;

pub(crate) fn followed<'s>(schema: &'s Value, root: &'s Value) -> &'s Value {
    let next = |schema: &'s Value| {
        let pointer = schema["$ref"].as_str().and_then(|path| path.strip_prefix('#'));
        pointer.and_then(|pointer| root.pointer(pointer))
    };
    std::iter::successors(Some(schema), |schema| next(schema)).take(HOPS).last().unwrap_or(schema)
}

/// The schema with all its parts in one, as far as they do not contradict each other: where they do, the first is right.
fn whole<'s>(schema: &'s Value, root: &'s Value, choices: &mut Choices) -> Cow<'s, Value> {
    let schema = followed(schema, root);
    if schema.get("allOf").is_none() && schema.get("if").is_none() {
        return Cow::Borrowed(schema);
    }
    let mut members = Map::new();
    gather(schema, root, choices, HOPS, &mut members);
    Cow::Owned(members.into())
}

fn gather(schema: &Value, root: &Value, choices: &mut Choices, hops: usize, into: &mut Map<String, Value>) {
    let Value::Object(members) = followed(schema, root) else { return };
    for (name, member) in members {
        match (name.as_str(), into.get_mut(name), member) {
            ("allOf" | "if" | "then" | "else", ..) => {}
            ("properties", Some(Value::Object(known)), Value::Object(more)) => {
                more.iter().for_each(|(name, schema)| {
                    known.entry(name.clone()).or_insert_with(|| schema.clone());
                });
            }
            ("required", Some(Value::Array(known)), Value::Array(more)) => known.extend_from_slice(more),
            (_, None, member) => drop(into.insert(name.clone(), member.clone())),
            _ => {}
        }
    }
    let Some(hops) = hops.checked_sub(1) else { return };
    for part in members.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        gather(part, root, choices, hops, into);
    }
    if members.contains_key("if") {
        let parts: &[&str] = if choices.percent(50) { &["if", "then"] } else { &["else"] };
        for part in parts.iter().filter_map(|part| members.get(*part)) {
            gather(part, root, choices, hops, into);
        }
    }
}

/// The JSON type of a schema's values, where they are of one.
pub(crate) fn type_of(schema: &Value) -> Option<String> {
    let text = if schema.get("enum").is_some() { Some("string") } else { schema["type"].as_str() };
    text.map(str::to_owned)
}

/// A value of a schema, mostly.
pub(crate) fn value(schema: &Value, root: &Value, choices: &mut Choices, levels: usize) -> Value {
    let schema = &*whole(schema, root, choices);
    if let Some(value) = schema.get("const") {
        return value.clone();
    }
    for of in ["enum", "anyOf", "oneOf"] {
        let Some(all) = schema[of].as_array().filter(|all| !all.is_empty()) else { continue };
        let one = choices.pick(all);
        return match levels.checked_sub(1) {
            _ if of == "enum" => one.clone(),
            Some(levels) => value(one, root, choices, levels),
            // A choice may lead to itself.
            None => Value::Null,
        };
    }
    let ty = schema["type"].as_array().filter(|all| !all.is_empty()).map(|all| choices.pick(all));
    match ty.unwrap_or(&schema["type"]).as_str() {
        Some("null") => Value::Null,
        Some("boolean") => choices.percent(50).into(),
        Some("integer" | "number") => {
            let bound = |name: &str| schema[name].as_i64();
            let step = schema["multipleOf"].as_i64().unwrap_or(1);
            let min = bound("minimum").unwrap_or(0);
            match choices.below(3) {
                0 => json!(bound("maximum").unwrap_or(7) / step * step),
                1 => json!((min + choices.below(2).try_into().unwrap_or(0)) / step * step),
                _ => json!(min),
            }
        }
        Some("string") => match (schema["format"].as_str(), schema["pattern"].as_str()) {
            (Some("email"), _) => "a@b.co".into(),
            (Some("uri"), _) => "https://example.org/".into(),
            (Some("date-time"), _) => "2026-01-02T03:04:05Z".into(),
            (_, Some(pattern)) if pattern.contains('Z') => "ABC".into(),
            (_, Some(_)) => "01234".into(),
            _ if schema.get("minLength").is_some() => "text".into(),
            _ => choices.text().into(),
        },
        Some("array") if levels > 0 => {
            let prefix = schema["prefixItems"].as_array().map_or(&[] as &[Value], Vec::as_slice);
            let min = usize::try_from(schema["minItems"].as_u64().unwrap_or(0)).unwrap_or(0);
            let more = if schema.get("items").is_some_and(Value::is_boolean) { 0 } else { choices.below(3) };
            let count = min.max(prefix.len()).min(9) + more;
            let elements = (0..count).map(|at| {
                let element = prefix.get(at).unwrap_or(&schema["items"]);
                value(element, root, choices, levels - 1)
            });
            elements.collect()
        }
        Some("object") if levels > 0 => {
            let mut members = Map::new();
            let is_required = |name: &str| {
                schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name))
            };
            for (name, member) in schema["properties"].as_object().into_iter().flatten() {
                if is_required(name) || choices.percent(40) {
                    members.insert(name.clone(), value(member, root, choices, levels - 1));
                }
            }
            let is_open = schema.get("additionalProperties").is_some_and(|more| more != false);
            if is_open && choices.percent(60) {
                let member = value(&schema["additionalProperties"], root, choices, levels - 1);
                members.insert((*choices.pick(&NAMES)).to_owned(), member);
            }
            members.into()
        }
        Some("array") => json!([]),
        Some("object") => {
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            required.map(|name| (name.to_owned(), json!(0))).collect()
        }
        _ => choices.json(levels.min(2)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_right(schema: &Value, accepts: impl Fn(&Value) -> bool) {
        for at in 0..20_u8 {
            let bytes: Vec<u8> = (0..64_u8).map(|byte| (at ^ byte).wrapping_mul(37)).collect();
            let value = value(schema, schema, &mut Choices::new(&bytes), 3);
            assert!(accepts(&value), "{value} is made of {schema}");
        }
    }

    #[test]
    fn all_parts_of_a_schema_are_seen() {
        let part = |name: &str| json!({ "required": [name], "properties": { name: { "const": name } } });
        let parts = json!({ "type": "object", "allOf": [part("a"), { "allOf": [part("b"), { "$ref": "#/$defs/c" }] }], "$defs": { "c": part("c") } });
        is_right(&parts, |value| *value == json!({ "a": "a", "b": "b", "c": "c" }));
        let either = json!({ "type": "object", "if": part("a"), "then": part("b"), "else": part("c") });
        is_right(&either, |value| *value == json!({ "a": "a", "b": "b" }) || *value == json!({ "c": "c" }));
    }

    #[test]
    fn refs_are_followed_but_not_for_ever() {
        let to = |name: &str| json!({ "$ref": format!("#/$defs/{name}") });
        let far =
            json!({ "$ref": "#/$defs/a", "$defs": { "a": to("b"), "b": to("c"), "c": { "const": 7 } } });
        is_right(&far, |value| *value == 7);
        let round =
            json!({ "allOf": [to("a")], "$defs": { "a": to("b"), "b": { "allOf": [to("a"), to("b")] } } });
        is_right(&round, |_| true);
    }

    #[test]
    fn a_choice_that_leads_to_itself_ends() {
        is_right(&json!({ "anyOf": [{ "$ref": "#" }] }), Value::is_null);
    }
}
