//! How JavaScript compares values.

use super::fuel::{Exhausted, Fuel};
use super::scripted::Scripted;
use super::utf16;
use serde_json::Value;
use std::cmp::Ordering;
use std::rc::Rc;

/// The work that comparing two values of a document is worth.
const STEPS: u64 = 10_000;

/// `left === right`, of two values that do not stand in the same place; `None` where that is too much work.
pub(crate) fn strictly_equal(left: &Value, right: &Value) -> Option<bool> {
    Scripted::of(left).strictly_equals(&Scripted::of(right), &mut Fuel::new(STEPS)).ok()
}

/// `left == right`, of two values that do not stand in the same place; `None` where that is too much work.
pub(crate) fn loosely_equal(left: &Value, right: &Value) -> Option<bool> {
    Scripted::of(left).loosely_equals(&Scripted::of(right), &mut Fuel::new(STEPS)).ok()
}

/// How two values stand to each other under `<` and `>`: in no order at all, where neither holds. `None` where it
/// is too much work to find out.
#[expect(clippy::option_option, reason = "no order is an answer, too much work is none")]
pub(crate) fn order(left: &Value, right: &Value) -> Option<Option<Ordering>> {
    Scripted::of(left).order(&Scripted::of(right), &mut Fuel::new(STEPS)).ok()
}

impl Scripted<'_> {
    /// `a === b`
    pub(super) fn strictly_equals(&self, other: &Self, fuel: &mut Fuel) -> Result<bool, Exhausted> {
        Ok(match (self, other) {
            (Scripted::Undefined, Scripted::Undefined) | (Scripted::Null, Scripted::Null) => true,
            (Scripted::Boolean(left), Scripted::Boolean(right)) => left == right,
            #[expect(clippy::float_cmp, reason = "JavaScript compares numbers exactly")]
            (Scripted::Number(left), Scripted::Number(right)) => left == right,
            (Scripted::Array(left), Scripted::Array(right)) => std::ptr::eq(*left, *right),
            (Scripted::Object(left), Scripted::Object(right)) => std::ptr::eq(*left, *right),
            (Scripted::BuiltArray(left), Scripted::BuiltArray(right)) => Rc::ptr_eq(left, right),
            (Scripted::BuiltObject(left), Scripted::BuiltObject(right)) => Rc::ptr_eq(left, right),
            _ => match (self.as_text(), other.as_text()) {
                (Some(left), Some(right)) => {
                    fuel.read(left.len().min(right.len()))?;
                    left == right
                }
                _ => false,
            },
        })
    }

    /// `a == b`
    pub(super) fn loosely_equals(&self, other: &Self, fuel: &mut Fuel) -> Result<bool, Exhausted> {
        let (left, right) = (self.kind(), other.kind());
        match (left, right) {
            (Kind::Nothing, _) | (_, Kind::Nothing) => Ok(left == right),
            _ if left == right => self.strictly_equals(other, fuel),
            (Kind::Object, _) => self.to_primitive(fuel)?.equals_primitive(other, fuel),
            (_, Kind::Object) => self.equals_primitive(&other.to_primitive(fuel)?, fuel),
            _ => self.equals_primitive(other, fuel),
        }
    }

    /// `a == b` of what is neither null nor undefined nor an object: texts as they are, all else as numbers.
    #[expect(clippy::float_cmp, reason = "JavaScript compares numbers exactly")]
    fn equals_primitive(&self, other: &Self, fuel: &mut Fuel) -> Result<bool, Exhausted> {
        if self.kind() == other.kind() {
            return self.strictly_equals(other, fuel);
        }
        Ok(self.to_number(fuel)? == other.to_number(fuel)?)
    }

    /// How `a` and `b` stand to each other under `<` and `>`; `None` where neither holds.
    pub(super) fn order(&self, other: &Self, fuel: &mut Fuel) -> Result<Option<Ordering>, Exhausted> {
        if let (Scripted::Number(left), Scripted::Number(right)) = (self, other) {
            return Ok(left.partial_cmp(right));
        }
        let (left, right) = (self.to_primitive(fuel)?, other.to_primitive(fuel)?);
        if let (Some(left), Some(right)) = (left.as_text(), right.as_text()) {
            fuel.read(left.len().min(right.len()))?;
            return Ok(Some(utf16::compare(left, right)));
        }
        Ok(left.to_number(fuel)?.partial_cmp(&right.to_number(fuel)?))
    }

    fn kind(&self) -> Kind {
        match self {
            Scripted::Undefined | Scripted::Null => Kind::Nothing,
            Scripted::Boolean(_) => Kind::Boolean,
            Scripted::Number(_) => Kind::Number,
            Scripted::Text(_) | Scripted::BuiltText(_) => Kind::Text,
            Scripted::Array(_) | Scripted::BuiltArray(_) | Scripted::Object(_) | Scripted::BuiltObject(_) => {
                Kind::Object
            }
        }
    }
}

/// What `==` tells apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Nothing,
    Boolean,
    Number,
    Text,
    Object,
}
