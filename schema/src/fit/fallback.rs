//! What the structural proof does not see, asked of `jsonschema::canonical`: only small questions, and only its yes is
//! believed.

use crate::Type;
use jsonschema::{
    Draft,
    canonical::{CanonicalSchema, Containment},
};
use serde_json::{Map, Value, json};

/// How many values a schema may consist of.
const LARGEST: usize = 100;

/// How many branches its choices may multiply to. Each doubling costs the canonical form several times as much.
const MOST_BRANCHES: usize = 16;

/// Whether every value of `a` is certainly one of `b`: both are whole schemas, at least one of them with keywords that
/// have no structural form.
pub(crate) fn within(a: &Type, b: &Type) -> bool {
    asked(a, b).unwrap_or(false)
}

fn asked(a: &Type, b: &Type) -> Option<bool> {
    let (a, b) = (explicit(a)?, explicit(b)?);
    if has_loose_integer(&b) {
        // Its integers are more than flowright's.
        return None;
    }
    let (a, b) = (canonical(&a)?, canonical(&b)?);
    Some(b.covers(&a).ok()? == Containment::Yes)
}

fn canonical(schema: &Value) -> Option<CanonicalSchema> {
    let options = jsonschema::canonical::options().offline().should_validate_formats(true);
    options.with_draft(Draft::Draft202012).canonicalize(schema).ok()
}

/// The schema a type was read from, with what its formats mean said in keywords; `None` where it is too large, or
/// refers to itself as a whole.
fn explicit(ty: &Type) -> Option<Value> {
    ty.document.source.as_ref().filter(|source| source.draft == Draft::Draft202012)?;
    let schema = ty.schema()?;
    if !is_small(schema) {
        return None;
    }
    let mut schema = said(schema);
    if let Some(members) = schema.as_object_mut() {
        members.remove("$schema");
        if members.contains_key("$id") {
            return None;
        }
    }
    if schema.to_string().contains("\"#\"") {
        return None;
    }
    Some(schema)
}

/// Whether it is small enough that the canonical form does not take long.
fn is_small(schema: &Value) -> bool {
    let mut pending = vec![schema];
    let (mut size, mut branches) = (0_usize, 1_usize);
    while let Some(value) = pending.pop() {
        size += 1;
        match value {
            Value::Array(elements) => pending.extend(elements),
            Value::Object(members) => {
                for (keyword, value) in members {
                    let choices = match keyword.as_str() {
                        "anyOf" | "oneOf" => value.as_array().map_or(1, Vec::len),
                        "if" | "not" | "contains" | "dependentSchemas" | "propertyNames" => 2,
                        _ => 1,
                    };
                    branches = branches.saturating_mul(choices.max(1));
                    pending.push(value);
                }
            }
            _ => {}
        }
        if size > LARGEST || branches > MOST_BRANCHES {
            return false;
        }
    }
    true
}

// A small schema is not deep.
fn said(schema: &Value) -> Value {
    match schema {
        Value::Array(elements) => elements.iter().map(said).collect(),
        Value::Object(members) => {
            let mut members: Map<String, Value> =
                members.iter().map(|(name, value)| (name.clone(), said(value))).collect();
            let format = members.get("format").and_then(Value::as_str);
            let integers = format.and_then(crate::parse::integers);
            let said = match (format, integers) {
                (Some("ip"), _) => Some(json!({ "anyOf": [{ "format": "ipv4" }, { "format": "ipv6" }] })),
                (_, Some((least, greatest))) if members.get("type") == Some(&json!("integer")) => {
                    let bound = |value: i128| i64::try_from(value).ok();
                    // The greatest `u64` would make the whole schema opaque to it.
                    Some(json!({ "minimum": bound(least), "maximum": bound(greatest).unwrap_or(i64::MAX) }))
                        .filter(|_| bound(greatest).is_some())
                }
                _ => None,
            };
            if let Some(said) = said {
                let before = members.remove("allOf");
                let mut all = vec![said];
                all.extend(before.and_then(|before| before.as_array().cloned()).unwrap_or_default());
                members.insert("allOf".to_owned(), Value::from(all));
            }
            Value::Object(members)
        }
        other => other.clone(),
    }
}

/// Whether somewhere integers are meant whose bounds are not both said.
fn has_loose_integer(schema: &Value) -> bool {
    match schema {
        Value::Array(elements) => elements.iter().any(has_loose_integer),
        Value::Object(members) => {
            let integer = match members.get("type") {
                Some(Value::Array(names)) => names.contains(&json!("integer")),
                Some(name) => *name == json!("integer"),
                None => false,
            };
            let bounded = members.get("format").is_some_and(|format| {
                format
                    .as_str()
                    .and_then(crate::parse::integers)
                    .is_some_and(|(_, greatest)| greatest <= i64::MAX.into())
            });
            (integer && !bounded) || members.values().any(has_loose_integer)
        }
        _ => false,
    }
}
