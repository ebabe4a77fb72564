//! Subjects as values, and values as text that tells them apart.

use crate::{
    numeral,
    subject::{Shape, Subject},
    verdict::DEEPEST,
};
use serde_json::Value;

/// A subject as a value.
pub(crate) enum Material {
    /// The value.
    Value(Value),
    /// Something in it is not known yet.
    Unknown,
    /// It is deeper than anything is judged.
    TooDeep,
}

/// Makes a value of a subject that lies `depth` deep.
pub(crate) fn materialize<'v, S: Subject<'v>>(subject: S, depth: usize) -> Material {
    if depth > DEEPEST {
        return Material::TooDeep;
    }
    Material::Value(match subject.shape() {
        Shape::Null => Value::Null,
        Shape::Boolean(value) => Value::Bool(value),
        Shape::Number(number) => Value::Number(number.clone()),
        Shape::String(text) => Value::String(text.into_owned()),
        Shape::Text | Shape::Hole => return Material::Unknown,
        Shape::Array(elements) => {
            let mut values = Vec::with_capacity(elements.len());
            for element in elements {
                match materialize(element, depth + 1) {
                    Material::Value(value) => values.push(value),
                    other => return other,
                }
            }
            Value::Array(values)
        }
        Shape::Object(members) => {
            let mut values = serde_json::Map::new();
            for (name, member) in members {
                match materialize(member, depth + 1) {
                    Material::Value(value) => values.insert(name.to_owned(), value),
                    other => return other,
                };
            }
            Value::Object(values)
        }
    })
}

/// A string that two values share exactly when they are equal as JSON.
pub(crate) fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write_canonical(value, &mut text);
    text
}

fn write_canonical(value: &Value, text: &mut String) {
    match value {
        Value::Number(number) => match numeral::integral(number) {
            Some(integer) => text.push_str(&integer.to_string()),
            None => text.push_str(&number.to_string()),
        },
        Value::Array(elements) => {
            text.push('[');
            for element in elements {
                write_canonical(element, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(name, _)| *name);
            text.push('{');
            for (name, member) in members {
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push(':');
                write_canonical(member, text);
                text.push(',');
            }
            text.push('}');
        }
        scalar => text.push_str(&scalar.to_string()),
    }
}
