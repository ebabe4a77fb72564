//! Which kinds of JSON values a schema has, as far as that is plain to see, and how to call them.

use super::definitions;
use serde_json::{Map, Value};

/// How many schemas may lie within one another in place.
const DEEPEST: usize = 16;

const NAMES: [(&str, &str); 7] = [
    ("string", "a string"),
    ("integer", "an integer"),
    ("number", "a number"),
    ("boolean", "a boolean"),
    ("array", "an array"),
    ("object", "an object"),
    ("null", "null"),
];

/// Bits in the order of the names. The integers are some of the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shapes(u8);

impl Shapes {
    const NONE: Shapes = Shapes(0);
    const ALL: Shapes = Shapes(0b111_1111);
    pub(super) const STRING: Shapes = Shapes(1);
    const INTEGER: Shapes = Shapes(1 << 1);
    const NUMBER: Shapes = Shapes(1 << 1 | 1 << 2);
    const BOOLEAN: Shapes = Shapes(1 << 3);
    pub(super) const ARRAY: Shapes = Shapes(1 << 4);
    pub(super) const OBJECT: Shapes = Shapes(1 << 5);
    pub(super) const NULL: Shapes = Shapes(1 << 6);

    /// Those of a schema whose refs lead into `root`.
    pub(super) fn of(schema: &Value, root: &Value) -> Shapes {
        Shapes::within(schema, root, DEEPEST)
    }

    fn within(schema: &Value, root: &Value, depth: usize) -> Shapes {
        let (keywords, depth) = match (schema, depth.checked_sub(1)) {
            (Value::Bool(false), _) => return Shapes::NONE,
            (Value::Object(keywords), Some(depth)) => (keywords, depth),
            _ => return Shapes::ALL,
        };
        let mut shapes = Shapes::by_type(keywords).and(Shapes::by_values(keywords));
        if let Some(Value::String(reference)) = keywords.get("$ref") {
            let target = definitions::target(root, reference);
            shapes = shapes.and(target.map_or(Shapes::ALL, |target| Shapes::within(target, root, depth)));
        }
        for keyword in ["anyOf", "oneOf"] {
            if let Some(Value::Array(branches)) = keywords.get(keyword) {
                let branches = branches.iter().map(|branch| Shapes::within(branch, root, depth));
                shapes = shapes.and(branches.fold(Shapes::NONE, Shapes::or));
            }
        }
        if let Some(Value::Array(all)) = keywords.get("allOf") {
            shapes = all.iter().map(|schema| Shapes::within(schema, root, depth)).fold(shapes, Shapes::and);
        }
        shapes
    }

    /// Those that `type` names.
    pub(super) fn by_type(keywords: &Map<String, Value>) -> Shapes {
        match keywords.get("type") {
            Some(Value::String(name)) => Shapes::named(name),
            Some(Value::Array(names)) => {
                names.iter().filter_map(Value::as_str).map(Shapes::named).fold(Shapes::NONE, Shapes::or)
            }
            _ => Shapes::ALL,
        }
    }

    fn by_values(keywords: &Map<String, Value>) -> Shapes {
        let of_listed =
            |values: &Vec<Value>| values.iter().map(Shapes::of_value).fold(Shapes::NONE, Shapes::or);
        let listed = keywords.get("enum").and_then(Value::as_array).map_or(Shapes::ALL, of_listed);
        listed.and(keywords.get("const").map_or(Shapes::ALL, Shapes::of_value))
    }

    fn named(name: &str) -> Shapes {
        match name {
            "string" => Shapes::STRING,
            "integer" => Shapes::INTEGER,
            "number" => Shapes::NUMBER,
            "boolean" => Shapes::BOOLEAN,
            "array" => Shapes::ARRAY,
            "object" => Shapes::OBJECT,
            "null" => Shapes::NULL,
            _ => Shapes::ALL,
        }
    }

    pub(super) fn of_value(value: &Value) -> Shapes {
        match value {
            Value::Null => Shapes::NULL,
            Value::Bool(_) => Shapes::BOOLEAN,
            Value::Number(_) => Shapes::NUMBER,
            Value::String(_) => Shapes::STRING,
            Value::Array(_) => Shapes::ARRAY,
            Value::Object(_) => Shapes::OBJECT,
        }
    }

    pub(super) fn or(self, other: Shapes) -> Shapes {
        Shapes(self.0 | other.0)
    }

    fn and(self, other: Shapes) -> Shapes {
        Shapes(self.0 & other.0)
    }

    pub(super) fn has(self, other: Shapes) -> bool {
        self.and(other) == other
    }

    pub(super) fn has_some(self, other: Shapes) -> bool {
        self.and(other) != Shapes::NONE
    }

    /// The only kind of values beside null, by the name of JSON Schema.
    pub(super) fn only(self) -> Option<&'static str> {
        let rest = Shapes(self.0 & !Shapes::NULL.0);
        NAMES.into_iter().map(|(name, _)| name).find(|name| Shapes::named(name) == rest)
    }

    /// As a message calls them: `an integer or null`.
    pub(super) fn words(self) -> String {
        let mut left = self;
        let mut words = Vec::new();
        // From the end, so that the integers are not named beside all numbers.
        for (name, word) in NAMES.into_iter().rev() {
            let shapes = Shapes::named(name);
            if left.has(shapes) {
                left = Shapes(left.0 & !shapes.0);
                words.push(word);
            }
        }
        words.reverse();
        words.join(" or ")
    }

    /// What to say where a value is of another kind.
    pub(super) fn expected(self) -> String {
        format!("expected {}, or a ref", self.words())
    }
}
