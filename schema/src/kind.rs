//! Which of JSON's six kinds of value a type can hold.

use crate::ty::{Form, Type, View};
use serde_json::Value;

/// A set of kinds. A whole number counts as an integer, any other as a fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Kinds(u8);

impl Kinds {
    pub(crate) const NONE: Kinds = Kinds(0);
    pub(crate) const NULL: Kinds = Kinds(1);
    pub(crate) const BOOLEAN: Kinds = Kinds(2);
    pub(crate) const INTEGER: Kinds = Kinds(4);
    pub(crate) const FRACTION: Kinds = Kinds(8);
    pub(crate) const NUMBER: Kinds = Kinds(4 | 8);
    pub(crate) const STRING: Kinds = Kinds(16);
    pub(crate) const ARRAY: Kinds = Kinds(32);
    pub(crate) const OBJECT: Kinds = Kinds(64);
    /// Those that have more values than can be told apart.
    pub(crate) const MANY: Kinds = Kinds(4 | 8 | 16 | 32 | 64);
    pub(crate) const ALL: Kinds = Kinds(127);

    /// Whether it has some of `other`.
    pub(crate) fn has(self, other: Kinds) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether it has all of `other`.
    pub(crate) fn has_all(self, other: Kinds) -> bool {
        self.0 & other.0 == other.0
    }

    pub(crate) fn and(self, other: Kinds) -> Kinds {
        Kinds(self.0 & other.0)
    }

    pub(crate) fn or(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    /// The kinds a `type` keyword's word means.
    pub(crate) fn named(name: &str) -> Option<Kinds> {
        Some(match name {
            "null" => Kinds::NULL,
            "boolean" => Kinds::BOOLEAN,
            "integer" => Kinds::INTEGER,
            "number" => Kinds::NUMBER,
            "string" => Kinds::STRING,
            "array" => Kinds::ARRAY,
            "object" => Kinds::OBJECT,
            _ => return None,
        })
    }

    /// The kind of a value.
    pub(crate) fn of_value(value: &Value) -> Kinds {
        match value {
            Value::Null => Kinds::NULL,
            Value::Bool(_) => Kinds::BOOLEAN,
            Value::Number(number) if crate::numeral::is_whole(number) => Kinds::INTEGER,
            Value::Number(_) => Kinds::FRACTION,
            Value::String(_) => Kinds::STRING,
            Value::Array(_) => Kinds::ARRAY,
            Value::Object(_) => Kinds::OBJECT,
        }
    }
}

/// The kinds a type can hold, as far as its structure shows.
pub(crate) fn of(view: View<'_>) -> Kinds {
    view.node().kinds.unwrap_or_else(|| of_form(view))
}

/// The same, found out anew.
pub(crate) fn of_form(view: View<'_>) -> Kinds {
    match view.form() {
        Form::Any => Kinds::ALL,
        Form::Never | Form::Foreign(_) | Form::Same(_) => Kinds::NONE,
        Form::Null => Kinds::NULL,
        Form::Boolean => Kinds::BOOLEAN,
        Form::Number(number) if number.integer => Kinds::INTEGER,
        Form::Number(_) => Kinds::NUMBER,
        Form::String(_) => Kinds::STRING,
        Form::Array(_) => Kinds::ARRAY,
        Form::Object(_) => Kinds::OBJECT,
        Form::Constants(constants) => {
            constants.values.iter().fold(Kinds::NONE, |kinds, value| kinds.or(Kinds::of_value(value)))
        }
        Form::Union(union) => {
            union.branches.iter().fold(Kinds::NONE, |kinds, branch| kinds.or(of(view.child(*branch))))
        }
        Form::Opaque(opaque) => of(view.child(opaque.outline)),
    }
}

impl Type {
    /// Whether every value is a string, a number or a boolean, so that it can stand in text.
    pub fn is_text(&self) -> bool {
        let others = Kinds::NULL.or(Kinds::ARRAY).or(Kinds::OBJECT);
        !of(self.view()).has(others)
    }

    /// Whether no value is, so that none can ever stand in text.
    pub fn is_never_text(&self) -> bool {
        let text = Kinds::STRING.or(Kinds::NUMBER).or(Kinds::BOOLEAN);
        !of(self.view()).has(text)
    }

    /// Whether the two have no kind of value in common, so that no value of one is ever one of the other.
    pub fn is_of_other_kind(&self, other: &Type) -> bool {
        !of(self.view()).has(of(other.view()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_no_common_kind_share_no_value() {
        assert!(Type::string().is_of_other_kind(&Type::number()));
        assert!(Type::null().is_of_other_kind(&Type::object([], true)));
        let optional = Type::union([Type::string(), Type::null()]);
        for (a, b) in
            [(Type::integer(), Type::number()), (Type::any(), Type::null()), (optional, Type::null())]
        {
            assert!(!a.is_of_other_kind(&b) && !b.is_of_other_kind(&a), "{a} and {b}");
        }
    }

    #[test]
    fn strings_numbers_and_booleans_are_text() {
        for ty in
            [Type::string(), Type::number(), Type::integer(), Type::boolean(), Type::constant("a".into())]
        {
            assert!(ty.is_text() && !ty.is_never_text(), "{ty}");
        }
        let optional = Type::union([Type::string(), Type::null()]);
        for ty in [Type::any(), Type::null(), optional, Type::array(Type::string())] {
            assert!(!ty.is_text(), "{ty}");
        }
        for ty in [Type::null(), Type::array(Type::string()), Type::object([], true)] {
            assert!(ty.is_never_text(), "{ty}");
        }
        assert!(!Type::any().is_never_text());
    }
}
