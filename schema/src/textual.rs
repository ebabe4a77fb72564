//! Whether a value can stand in text.

use crate::kind::{Kinds, of};
use crate::ty::Type;

impl Type {
    /// Whether every value is a string, a number or a boolean, so that it can stand in text.
    pub fn is_text(&self) -> bool {
        let others = Kinds::NULL.or(Kinds::ARRAY).or(Kinds::OBJECT);
        !of(self.view()).has(others)
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
            assert!(ty.is_text(), "{ty}");
        }
        let optional = Type::union([Type::string(), Type::null()]);
        for ty in [Type::any(), Type::null(), optional, Type::array(Type::string())] {
            assert!(!ty.is_text(), "{ty}");
        }
    }
}
