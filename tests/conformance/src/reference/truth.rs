//! Which values the conditions of edges take for true, and which are equal.

use serde_json::Value;

/// JavaScript's truthiness; nothing is false.
pub fn truthy(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::Bool(truth)) => *truth,
        Some(Value::Number(number)) => number.as_f64() != Some(0.0),
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(_) | Value::Object(_)) => true,
    }
}

/// Equal at any depth: the order of members does not matter, and `1` is `1.0`.
pub fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            let are_integers = !a.is_f64() && !b.is_f64();
            if are_integers { a == b } else { a.as_f64() == b.as_f64() }
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|(name, member)| b.get(name).is_some_and(|other| equal(member, other)))
        }
        _ => a == b,
    }
}
