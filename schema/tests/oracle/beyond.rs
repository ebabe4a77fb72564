//! Where the validator and flowright differ: integers end where `i64` and `u64` do.

use flowright_schema::Fit;
use serde_json::Value;

/// Whether the counterexample has a number that flowright does not take for an integer, and the validator does.
pub(crate) fn is_beyond(fit: &Fit) -> bool {
    let counterexample = fit.reason.as_ref().and_then(|reason| reason.counterexample.as_ref());
    counterexample.is_some_and(has_large_number)
}

/// Whether a number is part of it that no integer type of Rust holds.
pub(crate) fn has_large_number(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.as_f64().is_some_and(|number| number.abs() > 9e18),
        Value::Array(elements) => elements.iter().any(has_large_number),
        Value::Object(members) => members.values().any(has_large_number),
        _ => false,
    }
}
