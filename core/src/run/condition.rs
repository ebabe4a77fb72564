//! Whether a conditional edge is taken.

use crate::plan::{EdgeTest, Holds};
use crate::template::State;
use serde_json::{Number, Value};

impl EdgeTest {
    pub(crate) fn is_taken(&self, state: &State) -> bool {
        let value = state.find(&self.place);
        match &self.holds {
            Holds::Truthy => value.is_some_and(is_truthy),
            Holds::Falsy => !value.is_some_and(is_truthy),
            Holds::Equal(wanted) => value.is_some_and(|value| is_equal(value, wanted)),
        }
    }
}

/// JavaScript's truthiness: `false`, `null`, `0` and `""` are false, `[]` and `{}` are true.
pub(crate) fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(boolean) => *boolean,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// Deep JSON equality: the order of members does not matter, and `1` equals `1.0`.
pub(crate) fn is_equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => is_same_number(a, b),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_equal(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| is_equal(a, b)))
        }
        (a, b) => a == b,
    }
}

fn is_same_number(a: &Number, b: &Number) -> bool {
    match (integer(a), integer(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a.as_f64() == b.as_f64(),
    }
}

/// The number as an integer, exactly, where it is one.
fn integer(number: &Number) -> Option<i128> {
    if let Some(integer) = number.as_i128() {
        return Some(integer);
    }
    let float = number.as_f64()?;
    #[expect(clippy::cast_possible_truncation, reason = "integral and far inside an i128")]
    (float.fract() == 0.0 && float.abs() < 1e30).then_some(float as i128)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn truth_is_javascripts() {
        for falsy in [json!(null), json!(false), json!(0), json!(-0.0), json!("")] {
            assert!(!is_truthy(&falsy), "{falsy}");
        }
        for truthy in [json!([]), json!({}), json!("0"), json!("false"), json!(0.1), json!(-1), json!(true)] {
            assert!(is_truthy(&truthy), "{truthy}");
        }
    }

    #[test]
    fn equality_is_deep_and_by_value() {
        assert!(is_equal(&json!({ "a": 1, "b": [1.0] }), &json!({ "b": [1], "a": 1.0 })));
        assert!(is_equal(&json!(0), &json!(-0.0)));
        assert!(!is_equal(&json!(1), &json!("1")));
        assert!(!is_equal(&json!({ "a": 1 }), &json!({ "a": 1, "b": null })));
        assert!(!is_equal(&json!([1, 2]), &json!([2, 1])));
    }

    #[test]
    fn large_integers_are_compared_exactly() {
        assert!(!is_equal(&json!(9_007_199_254_740_993_i64), &json!(9_007_199_254_740_992_i64)));
        assert!(!is_equal(&json!(9_007_199_254_740_993_i64), &json!(9_007_199_254_740_992.0)));
        assert!(is_equal(&json!(u64::MAX), &json!(u64::MAX)));
        assert!(!is_equal(&json!(u64::MAX), &json!(18_446_744_073_709_551_616.0)));
    }
}
