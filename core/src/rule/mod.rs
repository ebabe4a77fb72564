//! Conditions: `JsonLogic`, compiled before any value is looked up.
//!
//! A [`Rule`] is read once from a document. What a ref yields is an operand, and an operand is data: it is
//! never read as a rule, whatever it looks like. Evaluation gives what `json-logic-js` 2.0.5 gives, with
//! JavaScript's conversions and its own truthiness, except that
//!
//! - only a value's own members exist (and the `length` of texts and arrays): no prototype names for `var`, no
//!   `toString` or `indexOf` that data could bring along;
//! - `missing` and `missing_some` never read the names they are given as rules;
//! - an unknown operator, `log` and `method` are faults even where they would not be reached;
//! - half of a character, which `substr` can cut off, becomes U+FFFD;
//! - an integer that is only handed through keeps its digits beyond 2⁵³.
//!
//! Nothing here recurses deeper than [`DEEPEST`]: reading a rule stops at its limit and leaves what is below
//! unvisited, evaluation refuses values that nest deeper than a bound of its own, so that a [`Rule`], the values
//! it builds and what it gives back are all dropped within that many frames.

mod comparison;
mod compile;
mod evaluate;
mod fault;
mod fuel;
mod number;
mod operator;
mod reading;
mod scripted;
#[cfg(test)]
mod tests;
mod utf16;

pub(crate) use comparison::{loosely_equal, order, strictly_equal};
pub(crate) use evaluate::{RuleError, truthy};
pub(crate) use fault::RuleFaultKind;
pub(crate) use number::to_number;
pub(crate) use operator::Operator;
pub(crate) use scripted::ANY_OBJECT;

use serde_json::Value;

/// No limit lets a rule nest deeper.
pub(crate) const DEEPEST: usize = 128;

/// Which rules are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// `JsonLogic` with data: `var`, `missing` and `missing_some` read it, and an object that has not exactly one
    /// member stands for itself.
    Plain,
    /// A document's condition, where refs do what `var` does. `var` is left for the element rules of `map`,
    /// `filter`, `reduce`, `all`, `some` and `none`, and every object is a rule.
    Document,
}

/// A compiled rule.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Rule {
    /// Stands for itself: null, a boolean, a number or a text; in [`Dialect::Plain`] also an object.
    Literal(Value),
    /// What a ref, or text with refs, yields. The slot is the one that `operand` gave when the rule was compiled.
    Operand(usize),
    /// An array of what each element gives.
    List(Box<[Rule]>),
    /// An operator and its arguments.
    Apply(Operator, Arguments),
}

/// The arguments of an operator.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Arguments {
    /// Whether they were written as an array: the pointer of the third is then `/<operator>/2`. One that was
    /// not, as in `{ "!": true }`, has the pointer `/<operator>`.
    pub(crate) listed: bool,
    /// In the order in which they were written. `map`, `filter`, `reduce`, `all`, `some` and `none` evaluate
    /// the second for each element.
    pub(crate) rules: Box<[Rule]>,
}

impl Arguments {
    /// The argument at a position, if it was written.
    pub(crate) fn get(&self, position: usize) -> Option<&Rule> {
        self.rules.get(position)
    }
}
