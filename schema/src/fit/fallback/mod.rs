//! What the structural proof does not see, asked of `jsonschema::canonical`: only small questions, and only what it has
//! proven is believed.

mod explicit;

use crate::Type;
use jsonschema::{
    Draft,
    canonical::{CanonicalSchema, Containment, Satisfiability},
};
use serde_json::{Value, json};

/// How many values a schema may consist of.
const LARGEST: usize = 100;

/// How many branches its choices may multiply to. Each doubling costs the canonical form several times as much.
const MOST_BRANCHES: usize = 16;

/// What is certain of two types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Certain {
    /// Every value of the first is one of the second.
    Within,
    /// No value of the first is one of the second.
    Apart,
}

/// What is certain of `a` and `b`, where both are whole schemas.
pub(crate) fn asked(a: &Type, b: &Type) -> Option<Certain> {
    let (a, b) = (small(a)?, small(b)?);
    let (of_a, of_b) = (canonical(&a)?, canonical(&b)?);
    // Where not all bounds of integers are said, those of `b` are more than flowright's.
    if !has_loose_integer(&b) && of_b.covers(&of_a).ok()? == Containment::Yes {
        return Some(Certain::Within);
    }
    let both = of_a.intersect(&of_b).ok()?;
    (both.satisfiability() == Satisfiability::No).then_some(Certain::Apart)
}

fn canonical(schema: &Value) -> Option<CanonicalSchema> {
    let options = jsonschema::canonical::options().offline().should_validate_formats(true);
    options.with_draft(Draft::Draft202012).canonicalize(schema).ok()
}

/// The schema a type was read from, with all it means said in keywords; `None` where it is too large.
fn small(ty: &Type) -> Option<Value> {
    ty.document.source.as_ref().filter(|source| source.draft == Draft::Draft202012)?;
    let schema = ty.schema().filter(|schema| is_small(schema))?;
    explicit::explicit(schema)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn constants(count: usize) -> Value {
        json!({ "enum": (0..count).collect::<Vec<_>>() })
    }

    fn choice(keyword: &str, branches: usize) -> Value {
        json!({ keyword: vec![true; branches] })
    }

    #[test]
    fn what_is_small_has_few_values() {
        assert!(is_small(&constants(LARGEST - 2)));
        assert!(!is_small(&constants(LARGEST - 1)));
    }

    #[test]
    fn what_is_small_has_few_branches_that_multiply() {
        for keyword in ["anyOf", "oneOf"] {
            assert!(is_small(&choice(keyword, MOST_BRANCHES)));
            assert!(!is_small(&choice(keyword, MOST_BRANCHES + 1)));
        }
        assert!(is_small(&json!({ "allOf": [choice("anyOf", 4), choice("oneOf", 4)] })));
        assert!(!is_small(&json!({ "allOf": [choice("anyOf", 4), choice("oneOf", 5)] })));
        for keyword in ["if", "not", "contains", "dependentSchemas", "propertyNames"] {
            assert!(is_small(&json!({ keyword: {}, "anyOf": vec![true; MOST_BRANCHES / 2] })));
            assert!(!is_small(&json!({ keyword: {}, "anyOf": vec![true; MOST_BRANCHES] })));
        }
    }

    #[test]
    fn integers_are_loose_where_no_format_bounds_them() {
        let integer = |format: &str| json!({ "type": "integer", "format": format });
        assert!(has_loose_integer(&json!({ "type": "integer" })));
        assert!(has_loose_integer(&json!({ "anyOf": [{ "type": ["null", "integer"] }] })));
        assert!(has_loose_integer(&json!({ "properties": { "a": integer("uint64") } })));
        assert!(has_loose_integer(&json!({ "type": "integer", "format": "double" })));
        for format in ["uint8", "int64"] {
            assert!(!has_loose_integer(&integer(format)));
        }
        assert!(!has_loose_integer(&json!({ "type": ["string", "number"], "format": "date" })));
        assert!(!has_loose_integer(&json!({ "items": { "type": "string" } })));
    }
}
