//! When the condition of a `builtin:if` holds.

use super::formula::{Formula, ValueTest};
use crate::plan::{Condition, Operand};
use crate::rule::{Operator, Rule, RuleError};
use crate::template::{Piece, Place, Root, Template};
use flowright_schema::Segment;
use serde_json::Value;
use std::borrow::Cow;
use std::fmt::Write as _;

/// How many parts a formula may have, about.
const MOST_PARTS: usize = 2048;

/// How much text counts as a part.
const BYTES_A_PART: usize = 64;

/// How many bytes the keys of one formula may have.
const MOST_TEXT: usize = 16 * 1024;

/// The steps in which a rule that looks nothing up is evaluated.
const STEPS: u64 = 1000;

impl Formula {
    /// When the condition of the action at this position holds, for runs in which it has a result.
    pub(crate) fn of(condition: &Condition, action: usize) -> Formula {
        match condition {
            Condition::Constant(holds) => Formula::Constant(*holds),
            // The ref yields a boolean, or there is no result.
            Condition::Ref(place) => Formula::Test(place.clone(), ValueTest::Truthy),
            Condition::Rule { rule, operands } => {
                let (parts, text) = (MOST_PARTS, MOST_TEXT);
                Translation { operands, action, parts, text, unnamed: 0 }.truth(rule)
            }
        }
    }

    fn negated(self) -> Formula {
        match self {
            Formula::Constant(holds) => Formula::Constant(!holds),
            Formula::Not(formula) => *formula,
            formula => Formula::Not(Box::new(formula)),
        }
    }

    /// All of these, or any where that is `decided`, which makes one of this truth decide.
    fn of_many(formulas: impl IntoIterator<Item = Formula>, decided: bool) -> Formula {
        let mut parts = Vec::new();
        for formula in formulas {
            match formula {
                Formula::Constant(holds) if holds == decided => return Formula::Constant(decided),
                Formula::Constant(_) => {}
                formula => parts.push(formula),
            }
        }
        match parts.len() {
            0 => Formula::Constant(!decided),
            1 => parts.swap_remove(0),
            _ if decided => Formula::Any(parts),
            _ => Formula::All(parts),
        }
    }

    fn all(formulas: impl IntoIterator<Item = Formula>) -> Formula {
        Formula::of_many(formulas, false)
    }

    fn any(formulas: impl IntoIterator<Item = Formula>) -> Formula {
        Formula::of_many(formulas, true)
    }

    /// How many parts it has; one counts as several where it is made of long text.
    fn parts(&self) -> usize {
        match self {
            Formula::Constant(_) => 1,
            Formula::Test(place, test) => {
                let names = place.path.segments().iter().filter_map(Segment::as_member).map(str::len);
                let constant = test.constant().and_then(Value::as_str).map_or(0, str::len);
                1 + (names.sum::<usize>() + constant) / BYTES_A_PART
            }
            Formula::Opaque(key) => 1 + key.len() / BYTES_A_PART,
            Formula::Not(formula) => 1 + formula.parts(),
            Formula::All(formulas) | Formula::Any(formulas) => {
                1 + formulas.iter().map(Formula::parts).sum::<usize>()
            }
        }
    }
}

struct Translation<'r> {
    operands: &'r [Operand],
    action: usize,
    /// How many parts the formula may still get.
    parts: usize,
    /// How many bytes its keys may still get.
    text: usize,
    /// How many parts have no key that says what they are.
    unnamed: usize,
}

/// A side of a comparison.
enum Side<'r> {
    Ref(&'r Place),
    Scalar(&'r Value),
    Other,
}

impl<'r> Translation<'r> {
    /// When a rule's result is truthy.
    fn truth(&mut self, rule: &'r Rule) -> Formula {
        if self.parts == 0 {
            return self.opaque(rule);
        }
        self.parts -= 1;
        if let Side::Ref(place) = self.side(rule) {
            return Formula::Test(place.clone(), ValueTest::RuleTruthy);
        }
        let Rule::Apply(operator, arguments) = rule else { return self.opaque(rule) };
        let rules = &*arguments.rules;
        if rules.len() > self.parts {
            return self.opaque(rule);
        }
        match (operator, rules) {
            (Operator::Not, [of, ..]) => self.truth(of).negated(),
            (Operator::Truthy, [of, ..]) => self.truth(of),
            (Operator::And, [_, ..]) => Formula::all(self.each(rules)),
            (Operator::Or, [_, ..]) => Formula::any(self.each(rules)),
            (Operator::If | Operator::Ternary, _) => self.branches(rule, rules),
            (Operator::LooseEqual | Operator::StrictEqual, [left, right, ..]) => {
                let strict = *operator == Operator::StrictEqual;
                self.equality(left, right, strict).unwrap_or_else(|| self.opaque(rule))
            }
            (Operator::LooseUnequal | Operator::StrictUnequal, [left, right, ..]) => {
                let strict = *operator == Operator::StrictUnequal;
                let equality = self.equality(left, right, strict).map(Formula::negated);
                equality.unwrap_or_else(|| self.opaque(rule))
            }
            (Operator::In, [part, whole, ..]) => {
                self.is_one_of(part, whole).unwrap_or_else(|| self.opaque(rule))
            }
            _ => self.opaque(rule),
        }
    }

    fn each(&mut self, rules: &'r [Rule]) -> Vec<Formula> {
        rules.iter().map(|rule| self.truth(rule)).collect()
    }

    /// `if`: condition, value, condition, value, …, else.
    fn branches(&mut self, whole: &'r Rule, rules: &'r [Rule]) -> Formula {
        let mut ways = Vec::new();
        let mut before: Vec<Formula> = Vec::new();
        let mut left = rules;
        while let [condition, value, others @ ..] = left {
            let condition = self.truth(condition);
            let copied = condition.parts() + before.iter().map(Formula::parts).sum::<usize>();
            let Some(parts) = self.parts.checked_sub(copied) else { return self.opaque(whole) };
            self.parts = parts;
            let value = self.truth(value);
            ways.push(Formula::all(before.iter().cloned().chain([condition.clone(), value])));
            before.push(condition.negated());
            left = others;
        }
        if let Some(otherwise) = left.first() {
            let otherwise = self.truth(otherwise);
            ways.push(Formula::all(before.into_iter().chain([otherwise])));
        }
        Formula::any(ways)
    }

    fn equality(&mut self, left: &'r Rule, right: &'r Rule, strict: bool) -> Option<Formula> {
        let equals = if strict { ValueTest::RuleStrictlyEquals } else { ValueTest::RuleLooselyEquals };
        match (self.side(left), self.side(right)) {
            (Side::Ref(place), Side::Scalar(value)) | (Side::Scalar(value), Side::Ref(place)) => {
                Some(Formula::Test(place.clone(), equals(value.clone())))
            }
            (Side::Other, Side::Scalar(Value::Bool(wanted))) if gives_boolean(left) => {
                let truth = self.truth(left);
                Some(if *wanted { truth } else { truth.negated() })
            }
            (Side::Scalar(Value::Bool(wanted)), Side::Other) if gives_boolean(right) => {
                let truth = self.truth(right);
                Some(if *wanted { truth } else { truth.negated() })
            }
            _ => None,
        }
    }

    /// `in` of a ref and an array of scalars.
    fn is_one_of(&mut self, part: &'r Rule, whole: &'r Rule) -> Option<Formula> {
        let (Side::Ref(place), Rule::List(elements)) = (self.side(part), whole) else { return None };
        self.parts = self.parts.checked_sub(elements.len())?;
        let equal = |element| match self.side(element) {
            Side::Scalar(value) => {
                Some(Formula::Test(place.clone(), ValueTest::RuleStrictlyEquals(value.clone())))
            }
            Side::Ref(_) | Side::Other => None,
        };
        let equal: Option<Vec<Formula>> = elements.iter().map(equal).collect();
        equal.map(Formula::any)
    }

    fn side(&self, rule: &'r Rule) -> Side<'r> {
        let value = match rule {
            Rule::Literal(value) => value,
            Rule::Operand(slot) => match self.operands.get(*slot).map(|operand| &operand.template) {
                Some(Template::Ref(place)) => return Side::Ref(place),
                Some(Template::Literal(value)) => value,
                _ => return Side::Other,
            },
            _ => return Side::Other,
        };
        if value.is_array() || value.is_object() { Side::Other } else { Side::Scalar(value) }
    }

    /// What is known of a rule that is no formula: its truth, where it looks nothing up, else what it says.
    fn opaque(&mut self, rule: &'r Rule) -> Formula {
        if self.parts > 0
            && let Some(truth) = self.evaluated(rule)
        {
            return Formula::Constant(truth);
        }
        let mut key = Key { operands: self.operands, text: String::new(), room: self.text };
        if key.write(rule).is_some() {
            self.text -= key.text.len();
            return Formula::Opaque(key.text);
        }
        self.text = 0;
        self.unnamed += 1;
        Formula::Opaque(format!("#{}/{}", self.action, self.unnamed))
    }

    /// The truth of a rule that needs nothing but itself.
    fn evaluated(&self, rule: &'r Rule) -> Option<bool> {
        let operand = |slot: usize| match self.operands.get(slot).map(|operand| &operand.template) {
            Some(Template::Literal(value)) => Ok(Some(Cow::Borrowed(value))),
            _ => Err(()),
        };
        let truth: Result<bool, RuleError<()>> = rule.evaluate_bool(&operand, &Value::Null, STEPS);
        truth.ok()
    }
}

/// Whether a rule gives nothing but `true` and `false`.
fn gives_boolean(rule: &Rule) -> bool {
    matches!(
        rule,
        Rule::Apply(
            Operator::Not
                | Operator::Truthy
                | Operator::LooseEqual
                | Operator::StrictEqual
                | Operator::LooseUnequal
                | Operator::StrictUnequal
                | Operator::Less
                | Operator::LessOrEqual
                | Operator::Greater
                | Operator::GreaterOrEqual
                | Operator::In
                | Operator::All
                | Operator::Some
                | Operator::None,
            _
        )
    )
}

/// A text that two rules share only if they are the same, of the same values.
struct Key<'r> {
    operands: &'r [Operand],
    text: String,
    room: usize,
}

impl Key<'_> {
    /// `None` where it would become too long.
    fn write(&mut self, rule: &Rule) -> Option<()> {
        match rule {
            Rule::Literal(value) => self.value(value)?,
            Rule::Operand(slot) => match self.operands.get(*slot).map(|operand| &operand.template)? {
                Template::Ref(place) => self.place(place),
                Template::Text(pieces) => {
                    self.text.push('`');
                    for piece in pieces {
                        match piece {
                            Piece::Verbatim(text) => self.string(text)?,
                            Piece::Ref(place) => self.place(place),
                        }
                    }
                    self.text.push('`');
                }
                Template::Literal(value) => self.value(value)?,
                Template::Array(_) | Template::Object(_) => return None,
            },
            Rule::List(rules) => self.list(rules)?,
            Rule::Apply(operator, arguments) => {
                self.text.push_str(operator.name());
                self.list(&arguments.rules)?;
            }
        }
        (self.text.len() <= self.room).then_some(())
    }

    fn list(&mut self, rules: &[Rule]) -> Option<()> {
        self.text.push('[');
        for rule in rules {
            self.write(rule)?;
            self.text.push(',');
        }
        self.text.push(']');
        Some(())
    }

    fn value(&mut self, value: &Value) -> Option<()> {
        match value {
            Value::String(text) => self.string(text)?,
            other => {
                let _ = write!(self.text, "{other}");
            }
        }
        Some(())
    }

    fn string(&mut self, text: &str) -> Option<()> {
        (text.len() <= self.room).then_some(())?;
        let _ = write!(self.text, "{}", Value::from(text));
        Some(())
    }

    fn place(&mut self, place: &Place) {
        let _ = match place.root {
            Root::Event => write!(self.text, "$event{}", place.path),
            Root::Output(action) => write!(self.text, "${action}{}", place.path),
        };
    }
}

#[cfg(test)]
mod tests;
