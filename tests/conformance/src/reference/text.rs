//! What refs come to in a value.

use super::refs::{self, Piece};
use serde_json::{Map, Number, Value};

/// Why a value cannot be put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfilled {
    /// Nothing is there for an element of an array.
    AbsentElement,
    /// Nothing is there for a text, or null, an object or an array.
    NoText,
}

/// The value with every ref replaced by what is there; `None` where the whole of it is a ref that leads nowhere.
pub fn fill(value: &Value, root: &Value) -> Result<Option<Value>, Unfilled> {
    match value {
        Value::String(string) => fill_string(string, root),
        Value::Array(elements) => {
            let mut filled = Vec::new();
            for element in elements {
                filled.push(fill(element, root)?.ok_or(Unfilled::AbsentElement)?);
            }
            Ok(Some(Value::Array(filled)))
        }
        Value::Object(members) => {
            let mut filled = Map::new();
            for (name, member) in members {
                if let Some(member) = fill(member, root)? {
                    filled.insert(name.clone(), member);
                }
            }
            Ok(Some(Value::Object(filled)))
        }
        other => Ok(Some(other.clone())),
    }
}

fn fill_string(string: &str, root: &Value) -> Result<Option<Value>, Unfilled> {
    if let Some(steps) = refs::whole(string) {
        return Ok(refs::find(&steps, root).cloned());
    }
    let mut text = String::new();
    for piece in refs::pieces(string) {
        match piece {
            Piece::Text(verbatim, _) => text.push_str(&verbatim),
            Piece::Ref(steps) => match refs::find(&steps, root) {
                Some(Value::String(found)) => text.push_str(found),
                Some(Value::Number(found)) => text.push_str(&number(found)),
                Some(Value::Bool(found)) => text.push_str(&found.to_string()),
                _ => return Err(Unfilled::NoText),
            },
        }
    }
    Ok(Some(Value::String(text)))
}

/// A number as text: integers exactly, others as ECMAScript prints them.
pub fn number(number: &Number) -> String {
    if number.is_i64() || number.is_u64() {
        return number.to_string();
    }
    number.as_f64().map(float).unwrap_or_default()
}

/// A float as ECMAScript prints it.
pub fn float(float: f64) -> String {
    let size = float.abs();
    if float.is_infinite() {
        if float > 0.0 { "Infinity".to_owned() } else { "-Infinity".to_owned() }
    } else if size == 0.0 {
        "0".to_owned()
    } else if (1e-6..1e21).contains(&size) || float.is_nan() {
        float.to_string()
    } else {
        let printed = format!("{float:e}");
        if printed.contains("e-") { printed } else { printed.replace('e', "e+") }
    }
}
