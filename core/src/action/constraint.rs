//! What an input asks of its value beyond the type.

use super::contract::Contract;
use serde_json::{Map, Number, Value};
use std::cmp::Ordering;

/// What an input asks of its value beyond the type.
#[derive(Clone, Debug, PartialEq)]
pub enum Constraint {
    /// `format`: what the text is, by one of JSON Schema's names (`email`, `uri`, `date-time`, …).
    Format(String),
    /// `min`: the least number.
    Minimum(Number),
    /// `max`: the greatest number.
    Maximum(Number),
    /// `min_length`: the fewest characters of a text, or elements of an array.
    MinLength(u64),
    /// `max_length`: the most characters of a text, or elements of an array.
    MaxLength(u64),
    /// `pattern`: a regular expression that matches somewhere in the text.
    Pattern(String),
    /// `multiple_of`: what the number is divisible by.
    MultipleOf(Number),
}

/// A number in a constraint, of whichever Rust type it was written in.
#[derive(Clone, Debug)]
pub struct Bound(pub(super) Option<Number>);

macro_rules! bounds {
    ($($integer:ty)*) => {$(
        impl From<$integer> for Bound {
            fn from(bound: $integer) -> Self {
                Bound(Some(bound.into()))
            }
        }
    )*};
}

bounds! { i8 i16 i32 i64 isize u8 u16 u32 u64 usize }

impl From<f64> for Bound {
    fn from(bound: f64) -> Self {
        Bound(Number::from_f64(bound))
    }
}

impl Constraint {
    /// The key in `#[input(…)]`.
    fn key(&self) -> &'static str {
        match self {
            Constraint::Format(_) => "format",
            Constraint::Minimum(_) => "min",
            Constraint::Maximum(_) => "max",
            Constraint::MinLength(_) => "min_length",
            Constraint::MaxLength(_) => "max_length",
            Constraint::Pattern(_) => "pattern",
            Constraint::MultipleOf(_) => "multiple_of",
        }
    }

    /// Writes this into an input's schema; `Err` says why it cannot be asked of such values.
    pub(super) fn write(&self, schema: &mut Map<String, Value>, kinds: Kinds) -> Result<(), String> {
        let key = self.key();
        let for_kinds = |keywords: &[(Kinds, &'static str)], of: &str| {
            let fitting: Vec<_> =
                keywords.iter().filter(|(kind, _)| kinds.has(*kind)).map(|(_, keyword)| *keyword).collect();
            if fitting.is_empty() {
                return Err(format!("`{key}` can be asked of {of} only, and this is {}", kinds.describe()));
            }
            Ok(fitting)
        };
        let numbers = |keyword| for_kinds(&[(Kinds::NUMBER, keyword)], "a number");
        let texts = |keyword| for_kinds(&[(Kinds::STRING, keyword)], "a string");
        let lengths = |string, array| {
            for_kinds(&[(Kinds::STRING, string), (Kinds::ARRAY, array)], "a string or an array")
        };
        let (keywords, value): (_, Value) = match self {
            Constraint::Format(format) => (texts("format")?, format.as_str().into()),
            Constraint::Pattern(pattern) => (texts("pattern")?, pattern.as_str().into()),
            Constraint::Minimum(bound) => (numbers("minimum")?, bound.clone().into()),
            Constraint::Maximum(bound) => (numbers("maximum")?, bound.clone().into()),
            Constraint::MultipleOf(step) => {
                if step.as_f64().is_none_or(|step| step <= 0.0) {
                    return Err(format!("`{key}` is more than zero, and this is {step}"));
                }
                (numbers("multipleOf")?, step.clone().into())
            }
            Constraint::MinLength(length) => (lengths("minLength", "minItems")?, (*length).into()),
            Constraint::MaxLength(length) => (lengths("maxLength", "maxItems")?, (*length).into()),
        };
        for keyword in keywords {
            add(schema, keyword, value.clone());
        }
        Ok(())
    }
}

/// Adds a keyword beside one that the type may already have: the stricter bound wins, anything else holds as well.
fn add(schema: &mut Map<String, Value>, keyword: &str, value: Value) {
    let stricter = match keyword {
        "minimum" | "minLength" | "minItems" => Some(Ordering::Greater),
        "maximum" | "maxLength" | "maxItems" => Some(Ordering::Less),
        _ => None,
    };
    match (schema.get(keyword), stricter) {
        (Some(present), Some(stricter)) if compare(present, &value) == Some(stricter) => {}
        (None, _) | (Some(_), Some(_)) => {
            schema.insert(keyword.to_owned(), value);
        }
        (Some(present), None) if *present == value => {}
        (Some(_), None) => {
            let also = Map::from_iter([(keyword.to_owned(), value)]);
            if let Value::Array(all) = schema.entry("allOf").or_insert_with(|| Value::Array(Vec::new())) {
                all.push(Value::Object(also));
            }
        }
    }
}

fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a.as_i64(), b.as_i64()) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}

/// The kinds of values that a schema admits, as far as that is plain to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kinds(u8);

impl Kinds {
    const NONE: Kinds = Kinds(0);
    const NULL: Kinds = Kinds(1);
    const BOOLEAN: Kinds = Kinds(1 << 1);
    const NUMBER: Kinds = Kinds(1 << 2);
    const STRING: Kinds = Kinds(1 << 3);
    const ARRAY: Kinds = Kinds(1 << 4);
    const OBJECT: Kinds = Kinds(1 << 5);
    const ANY: Kinds = Kinds(0b11_1111);
    const NAMES: [(Kinds, &str); 6] = [
        (Kinds::BOOLEAN, "a boolean"),
        (Kinds::NUMBER, "a number"),
        (Kinds::STRING, "a string"),
        (Kinds::ARRAY, "an array"),
        (Kinds::OBJECT, "an object"),
        (Kinds::NULL, "null"),
    ];

    fn has(self, kind: Kinds) -> bool {
        self.0 & kind.0 != 0
    }

    fn or(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    fn and(self, other: Kinds) -> Kinds {
        Kinds(self.0 & other.0)
    }

    fn describe(self) -> String {
        let names: Vec<_> =
            Self::NAMES.iter().filter(|(kind, _)| self.has(*kind)).map(|(_, name)| *name).collect();
        names.join(" or ")
    }

    pub(super) fn of(schema: &Value, contract: &Contract) -> Kinds {
        Self::within(schema, contract, 16)
    }

    /// `depth` bounds what may be a schema that refers to itself.
    fn within(schema: &Value, contract: &Contract, depth: usize) -> Kinds {
        let Some((schema, depth)) = schema.as_object().zip(depth.checked_sub(1)) else { return Kinds::ANY };
        let one_of = |kinds: &mut dyn Iterator<Item = Kinds>| kinds.fold(Kinds::NONE, Kinds::or);
        let of_values = |values: &Vec<Value>| one_of(&mut values.iter().map(Kinds::of_value));
        let mut kinds = Kinds::ANY;
        match schema.get("type") {
            Some(Value::String(name)) => kinds = Kinds::named(name),
            Some(Value::Array(names)) => {
                kinds = one_of(&mut names.iter().filter_map(Value::as_str).map(Kinds::named));
            }
            _ => {}
        }
        if let Some(Value::Array(values)) = schema.get("enum") {
            kinds = kinds.and(of_values(values));
        }
        if let Some(value) = schema.get("const") {
            kinds = kinds.and(Kinds::of_value(value));
        }
        if let Some(target) = schema.get("$ref").and_then(Value::as_str).and_then(|r| contract.definition(r))
        {
            kinds = kinds.and(Kinds::within(target, contract, depth));
        }
        for keyword in ["anyOf", "oneOf"] {
            if let Some(Value::Array(schemas)) = schema.get(keyword) {
                kinds = kinds.and(one_of(&mut schemas.iter().map(|s| Kinds::within(s, contract, depth))));
            }
        }
        if let Some(Value::Array(schemas)) = schema.get("allOf") {
            kinds = schemas.iter().map(|s| Kinds::within(s, contract, depth)).fold(kinds, Kinds::and);
        }
        kinds
    }

    fn named(name: &str) -> Kinds {
        match name {
            "null" => Kinds::NULL,
            "boolean" => Kinds::BOOLEAN,
            "number" | "integer" => Kinds::NUMBER,
            "string" => Kinds::STRING,
            "array" => Kinds::ARRAY,
            "object" => Kinds::OBJECT,
            _ => Kinds::ANY,
        }
    }

    fn of_value(value: &Value) -> Kinds {
        match value {
            Value::Null => Kinds::NULL,
            Value::Bool(_) => Kinds::BOOLEAN,
            Value::Number(_) => Kinds::NUMBER,
            Value::String(_) => Kinds::STRING,
            Value::Array(_) => Kinds::ARRAY,
            Value::Object(_) => Kinds::OBJECT,
        }
    }
}
