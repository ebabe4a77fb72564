//! What is asked of a number, so that programs that hold all numbers as doubles agree with the checker.

use super::asked::Asked;
use serde_json::{Map, Number, Value, json};

/// Up to here a double tells integers apart from their neighbours.
const EXACT: i64 = (1 << 53) - 1;

/// Writes what a schema asks of numbers.
pub(super) fn write(
    schema: &Map<String, Value>,
    asked: Asked,
    expected: &str,
    written: &mut Map<String, Value>,
) {
    let is_whole = whole(written);
    if is_whole {
        // `30.0` is an integer, and the language service of JSON takes it for none.
        written.insert("if".to_owned(), json!({ "type": "number", "not": { "multipleOf": 1 } }));
        written.insert("then".to_owned(), json!({ "type": "integer", "errorMessage": expected }));
    }
    if !asked.ranges {
        return;
    }
    for (exclusive, inclusive) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if let Some(bound) = schema.get(inclusive) {
            written.insert(inclusive.to_owned(), bound.clone());
        }
        match schema.get(exclusive) {
            // A double that equals such a bound may have been written as another number.
            Some(Value::Number(bound)) if !is_exact(bound) => {
                written.entry(inclusive).or_insert_with(|| bound.clone().into());
            }
            Some(bound) => {
                written.insert(exclusive.to_owned(), bound.clone());
            }
            None => {}
        }
    }
    if is_whole && let Some((min, max)) = schema.get("format").and_then(Value::as_str).and_then(width) {
        for (keyword, bound) in [("minimum", min), ("maximum", max)] {
            if bound.is_some() && !written.contains_key(keyword) {
                written.extend(bound.map(|bound| (keyword.to_owned(), bound.into())));
            }
        }
    }
    if let Some(Value::Number(step)) = schema.get("multipleOf")
        && step.as_i64().is_some_and(|step| step > 1 && step <= EXACT)
    {
        let multiple = json!({
            "if": { "type": "number", "minimum": -EXACT, "maximum": EXACT }, "then": { "multipleOf": step },
        });
        let all = written.entry("allOf").or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(all) = all {
            all.push(multiple);
        }
    }
}

/// Lets all numbers through where only integers are, and says whether it did.
fn whole(written: &mut Map<String, Value>) -> bool {
    match written.get_mut("type") {
        Some(Value::String(name)) if name == "integer" => {
            "number".clone_into(name);
            true
        }
        Some(Value::Array(names)) if !names.contains(&"number".into()) => {
            let Some(name) = names.iter_mut().find(|name| *name == "integer") else { return false };
            *name = "number".into();
            true
        }
        _ => false,
    }
}

fn is_exact(bound: &Number) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "a double holds it")]
    let exact = EXACT as f64;
    bound.as_f64().is_some_and(|bound| bound.abs() <= exact)
}

/// The bounds that schemars' name for an integer's width means, where a double holds them.
fn width(format: &str) -> Option<(Option<i64>, Option<i64>)> {
    Some(match format {
        "int8" => (Some(i8::MIN.into()), Some(i8::MAX.into())),
        "int16" => (Some(i16::MIN.into()), Some(i16::MAX.into())),
        "int32" => (Some(i32::MIN.into()), Some(i32::MAX.into())),
        "uint8" => (Some(0), Some(u8::MAX.into())),
        "uint16" => (Some(0), Some(u16::MAX.into())),
        "uint32" => (Some(0), Some(u32::MAX.into())),
        "uint64" | "uint" | "uint128" => (Some(0), None),
        _ => return None,
    })
}
