//! How large and how deep a value is, and the end of one that is too deep.

use serde_json::Value;

/// Arrays and objects inside each other in a value that a run holds: so few that `serde_json`, which reads 127, reads it
/// also where it stands inside an outcome or an event.
pub(crate) const MAX_DEPTH: usize = 120;

/// A value is deeper than [`MAX_DEPTH`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooDeep;

/// About the bytes of `value` as compact JSON.
pub(crate) fn size(value: &Value) -> Result<usize, TooDeep> {
    size_at(value, 0)
}

fn size_at(value: &Value, depth: usize) -> Result<usize, TooDeep> {
    let inside = |value| size_at(value, depth + 1);
    Ok(match value {
        Value::Null | Value::Bool(_) => 4,
        Value::Number(_) => 8,
        Value::String(text) => text.len() + 2,
        Value::Array(_) | Value::Object(_) if depth == MAX_DEPTH => return Err(TooDeep),
        Value::Array(elements) => elements.iter().map(inside).try_fold(2, |sum, size| Ok(sum + size? + 1))?,
        Value::Object(members) => {
            let member = |(name, value): (&String, _)| Ok(name.len() + 3 + inside(value)?);
            members.iter().map(member).try_fold(2, |sum, size| Ok(sum + size? + 1))?
        }
    })
}

/// The same, where no null stands anywhere in the value and it is not too deep.
#[inline]
pub(crate) fn size_without_null(value: &Value) -> Option<usize> {
    match value {
        Value::Number(_) => Some(8),
        value => bare_size_at(value, 0),
    }
}

fn bare_size_at(value: &Value, depth: usize) -> Option<usize> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(_) => 4,
        Value::Number(_) => 8,
        Value::String(text) => text.len() + 2,
        Value::Array(_) | Value::Object(_) if depth == MAX_DEPTH => return None,
        Value::Array(elements) => {
            let mut sum = 2;
            for element in elements {
                sum += bare_size_at(element, depth + 1)? + 1;
            }
            sum
        }
        Value::Object(members) => {
            let mut sum = 2;
            for (name, value) in members {
                sum += name.len() + 3 + bare_size_at(value, depth + 1)? + 1;
            }
            sum
        }
    })
}

/// Whether a null stands anywhere in a value that is not too deep.
pub(crate) fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
        Value::Array(elements) => elements.iter().any(has_null),
        Value::Object(members) => members.values().any(has_null),
    }
}

/// Drops a value level by level: dropping one of any depth as it is would overflow the stack.
pub(crate) fn dismantle(value: Value) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(elements) => open.extend(elements),
            Value::Object(members) => open.extend(members.into_iter().map(|(_, value)| value)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn nested(depth: usize) -> Value {
        (0..depth).fold(json!(1), |value, _| Value::Array(vec![value]))
    }

    #[test]
    fn a_size_is_about_that_of_the_json() {
        let value = json!({ "name": "Ada", "tags": ["a", "b"], "age": 12_345_678 });
        let json = value.to_string().len();
        let size = size(&value).unwrap();
        assert!(size.abs_diff(json) < 10, "{size} for {json} bytes");
    }

    #[test]
    fn a_value_without_null_has_the_same_size() {
        for value in
            [json!({ "name": "Ada", "tags": ["a", true, {}] }), json!("x"), json!(1), nested(MAX_DEPTH)]
        {
            assert_eq!(size_without_null(&value), size(&value).ok(), "{value}");
        }
        for value in [json!(null), json!([{ "a": null }]), nested(MAX_DEPTH + 1)] {
            assert_eq!(size_without_null(&value), None, "{value}");
        }
    }

    #[test]
    fn a_value_that_is_too_deep_is_found_and_taken_apart() {
        assert!(size(&nested(MAX_DEPTH)).is_ok());
        assert_eq!(size(&nested(MAX_DEPTH + 1)), Err(TooDeep));
        dismantle(nested(1_000_000));
    }
}
