//! Whether a value can stand in text.

use crate::kind::{Kinds, of};
use crate::ty::Type;

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
}

#[cfg(test)]
mod tests {
    use super::*;

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
