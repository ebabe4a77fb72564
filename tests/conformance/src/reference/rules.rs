//! The rules of `builtin:if`: `JsonLogic`, as far as documents are made with it here.
//!
//! A rule is taken apart before a ref in it is looked at: what a ref leads to is a value, whatever it looks like.

use super::text::{self, Unfilled};
use serde_json::{Value, json};
use std::cmp::Ordering;

/// What a rule comes to: JSON, or a number that JSON has not.
#[derive(Clone, Debug)]
pub enum Found {
    /// JSON.
    Json(Value),
    /// A number, which may be none (`NaN`) or infinite.
    Number(f64),
}

/// What a rule comes to.
///
/// # Panics
///
/// At operators and operands that are not known.
pub fn apply(rule: &Value, root: &Value) -> Result<Found, Unfilled> {
    match rule {
        Value::String(_) => Ok(Found::Json(text::fill(rule, root)?.unwrap_or_default())),
        Value::Array(elements) => {
            let each: Result<Vec<Value>, Unfilled> =
                elements.iter().map(|element| Ok(json(apply(element, root)?))).collect();
            Ok(Found::Json(each?.into()))
        }
        Value::Object(members) => {
            let (operator, arguments) = members.iter().next().expect("a rule has one member");
            assert_eq!(members.len(), 1, "a rule has one member");
            match arguments {
                Value::Array(several) => operate(operator, several, root),
                one => operate(operator, std::slice::from_ref(one), root),
            }
        }
        literal => Ok(Found::Json(literal.clone())),
    }
}

fn operate(operator: &str, arguments: &[Value], root: &Value) -> Result<Found, Unfilled> {
    match operator {
        "if" => return branch(arguments, root),
        "and" => return first(false, arguments, root),
        "or" => return first(true, arguments, root),
        _ => {}
    }
    let values: Vec<Found> =
        arguments.iter().map(|argument| apply(argument, root)).collect::<Result<_, _>>()?;
    let boolean = |truth: bool| Ok(Found::Json(Value::Bool(truth)));
    let number = |number: f64| Ok(Found::Number(number));
    match (operator, values.as_slice()) {
        ("!", [a]) => boolean(!truthy(a)),
        ("!!", [a]) => boolean(truthy(a)),
        ("==", [a, b]) => boolean(loosely_equal(a, b)),
        ("!=", [a, b]) => boolean(!loosely_equal(a, b)),
        ("===", [a, b]) => boolean(strictly_equal(a, b)),
        ("!==", [a, b]) => boolean(!strictly_equal(a, b)),
        ("<", [a, b]) => boolean(order(a, b) == Some(Ordering::Less)),
        ("<=", [a, b]) => boolean(order(a, b).is_some_and(Ordering::is_le)),
        (">", [a, b]) => boolean(order(a, b) == Some(Ordering::Greater)),
        (">=", [a, b]) => boolean(order(a, b).is_some_and(Ordering::is_ge)),
        ("<", [a, b, c]) => {
            boolean(order(a, b).is_some_and(Ordering::is_lt) && order(b, c).is_some_and(Ordering::is_lt))
        }
        ("<=", [a, b, c]) => {
            boolean(order(a, b).is_some_and(Ordering::is_le) && order(b, c).is_some_and(Ordering::is_le))
        }
        ("in", [a, b]) => boolean(is_in(a, b)),
        ("cat", all) => Ok(Found::Json(Value::String(all.iter().map(joined).collect()))),
        ("+", all) => number(all.iter().map(parse_float).sum()),
        ("*", [first, others @ ..]) if !others.is_empty() => {
            number(others.iter().fold(parse_float(first), |product, other| product * parse_float(other)))
        }
        ("-", [a]) => number(-to_number(a)),
        ("-", [a, b]) => number(to_number(a) - to_number(b)),
        ("%", [a, b]) => number(to_number(a) % to_number(b)),
        ("max", all) => number(all.iter().map(to_number).fold(f64::NEG_INFINITY, largest)),
        ("min", all) => number(-all.iter().map(|each| -to_number(each)).fold(f64::NEG_INFINITY, largest)),
        _ => panic!("no rule `{operator}` of {} is known", values.len()),
    }
}

fn largest(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { a.max(b) }
}

fn branch(arguments: &[Value], root: &Value) -> Result<Found, Unfilled> {
    match arguments {
        [condition, value, others @ ..] => {
            if truthy(&apply(condition, root)?) {
                apply(value, root)
            } else {
                branch(others, root)
            }
        }
        [otherwise] => apply(otherwise, root),
        [] => Ok(Found::Json(Value::Null)),
    }
}

/// The first that is as true as this, or else the last.
fn first(truth: bool, arguments: &[Value], root: &Value) -> Result<Found, Unfilled> {
    let (last, others) = arguments.split_last().expect("there is an argument");
    for other in others {
        let found = apply(other, root)?;
        if truthy(&found) == truth {
            return Ok(found);
        }
    }
    apply(last, root)
}

/// `JsonLogic`'s truthiness: an array is true if there is something in it.
pub fn truthy(found: &Found) -> bool {
    match found {
        Found::Number(number) => *number != 0.0 && !number.is_nan(),
        Found::Json(Value::Null) => false,
        Found::Json(Value::Bool(truth)) => *truth,
        Found::Json(Value::Number(number)) => number.as_f64() != Some(0.0),
        Found::Json(Value::String(text)) => !text.is_empty(),
        Found::Json(Value::Array(elements)) => !elements.is_empty(),
        Found::Json(Value::Object(_)) => true,
    }
}

/// As JSON, which has no `NaN`.
fn json(found: Found) -> Value {
    match found {
        Found::Json(json) => json,
        Found::Number(number) => json!(number),
    }
}

/// A value of a kind that comparisons are made with here.
enum Scalar<'f> {
    Null,
    Bool(bool),
    Number(f64),
    Text(&'f str),
    /// Only compared with what is none.
    Object,
}

/// JavaScript compares which of two they are, and not what is in them.
const TWO_OBJECTS: &str = "two objects are not compared here";

fn scalar(found: &Found) -> Scalar<'_> {
    match found {
        Found::Number(number) => Scalar::Number(*number),
        Found::Json(Value::Null) => Scalar::Null,
        Found::Json(Value::Bool(truth)) => Scalar::Bool(*truth),
        Found::Json(Value::Number(number)) => Scalar::Number(number.as_f64().unwrap_or(f64::NAN)),
        Found::Json(Value::String(text)) => Scalar::Text(text),
        Found::Json(Value::Object(_)) => Scalar::Object,
        Found::Json(compound) => panic!("rules are not made with {compound} in this place"),
    }
}

fn loosely_equal(a: &Found, b: &Found) -> bool {
    match (scalar(a), scalar(b)) {
        (Scalar::Null, Scalar::Null) => true,
        (Scalar::Null, _) | (_, Scalar::Null) => false,
        (Scalar::Text(a), Scalar::Text(b)) => a == b,
        (Scalar::Object, Scalar::Object) => panic!("{TWO_OBJECTS}"),
        (Scalar::Object, Scalar::Text(text)) | (Scalar::Text(text), Scalar::Object) => {
            text == "[object Object]"
        }
        _ => to_number(a).partial_cmp(&to_number(b)) == Some(Ordering::Equal),
    }
}

fn strictly_equal(a: &Found, b: &Found) -> bool {
    match (scalar(a), scalar(b)) {
        (Scalar::Null, Scalar::Null) => true,
        (Scalar::Bool(a), Scalar::Bool(b)) => a == b,
        (Scalar::Number(a), Scalar::Number(b)) => a.partial_cmp(&b) == Some(Ordering::Equal),
        (Scalar::Text(a), Scalar::Text(b)) => a == b,
        (Scalar::Object, Scalar::Object) => panic!("{TWO_OBJECTS}"),
        _ => false,
    }
}

/// Which comes first; `None` where neither does and they are not equal.
fn order(a: &Found, b: &Found) -> Option<Ordering> {
    match (scalar(a), scalar(b)) {
        (Scalar::Object, _) | (_, Scalar::Object) => panic!("objects have no order here"),
        (Scalar::Text(a), Scalar::Text(b)) => Some(a.encode_utf16().cmp(b.encode_utf16())),
        _ => to_number(a).partial_cmp(&to_number(b)),
    }
}

fn is_in(part: &Found, whole: &Found) -> bool {
    match whole {
        Found::Json(Value::Array(elements)) => {
            elements.iter().any(|element| strictly_equal(part, &Found::Json(element.clone())))
        }
        Found::Json(Value::String(text)) => {
            let Scalar::Text(part) = scalar(part) else { panic!("only text is looked for in text") };
            !text.is_empty() && text.contains(part)
        }
        other => {
            scalar(other);
            false
        }
    }
}

/// As JavaScript joins it: null is nothing.
fn joined(found: &Found) -> String {
    match scalar(found) {
        Scalar::Null => String::new(),
        Scalar::Bool(truth) => truth.to_string(),
        Scalar::Number(number) => text::float(number),
        Scalar::Text(text) => text.to_owned(),
        Scalar::Object => panic!("objects are not joined here"),
    }
}

/// JavaScript's `Number(…)`.
fn to_number(found: &Found) -> f64 {
    match scalar(found) {
        Scalar::Null => 0.0,
        Scalar::Bool(truth) => f64::from(u8::from(truth)),
        Scalar::Number(number) => number,
        Scalar::Object => f64::NAN,
        Scalar::Text(text) => match text.trim() {
            "" => 0.0,
            text if text.chars().all(is_of_number) => text.parse().unwrap_or(f64::NAN),
            text => {
                let is_hexadecimal = |text: &str| text.chars().all(|next| next.is_ascii_hexdigit());
                let special =
                    text.contains("Infinity") || text.strip_prefix("0x").is_some_and(is_hexadecimal);
                assert!(!special, "rules are not made with {text} here");
                f64::NAN
            }
        },
    }
}

/// JavaScript's `parseFloat(…)`: the number that a text begins with.
fn parse_float(found: &Found) -> f64 {
    match scalar(found) {
        Scalar::Null | Scalar::Bool(_) | Scalar::Object => f64::NAN,
        Scalar::Number(number) => number,
        Scalar::Text(text) => {
            let text = text.trim_start();
            let end = text.find(|next| !is_of_number(next)).unwrap_or(text.len());
            (1..=end).rev().find_map(|end| text[..end].parse().ok()).unwrap_or(f64::NAN)
        }
    }
}

fn is_of_number(next: char) -> bool {
    next.is_ascii_digit() || "+-.eE".contains(next)
}
