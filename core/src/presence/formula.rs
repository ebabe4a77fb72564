//! What a condition says, as a formula over tests of single values.

use crate::template::Place;
use serde_json::Value;

/// When a condition holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Formula {
    Constant(bool),
    /// The value at a place passes a test. What is absent is a value of its own.
    Test(Place, ValueTest),
    /// Something else, that is the same whenever this key is the same.
    Opaque(String),
    Not(Box<Formula>),
    All(Vec<Formula>),
    Any(Vec<Formula>),
}

/// A test of one value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ValueTest {
    /// JavaScript's truthiness: of an edge's `if` and `else`.
    Truthy,
    /// JsonLogic's truthiness, in which `[]` is false.
    RuleTruthy,
    /// Deep JSON equality: of an edge's `match`. What is absent equals nothing.
    Equals(Value),
    /// `===` of a rule with a scalar; what is absent counts as null.
    RuleStrictlyEquals(Value),
    /// `==` of a rule with a scalar; what is absent counts as null.
    RuleLooselyEquals(Value),
}
