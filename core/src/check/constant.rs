//! Which parts of a rule cannot vary, whatever the values are.

use super::given::Given;
use super::templates::Known;
use crate::diagnostic::{Findings, Pointer, Problem};
use crate::plan::Operand;
use crate::rule::{Arguments, Operator, Rule};
use crate::scope::Scope;
use crate::template::{Piece, Template};
use serde_json::Value;

/// How many elements of an array are looked at.
const MOST_ELEMENTS: usize = 64;

/// Reports what cannot vary in a rule: each culprit once, and not again what it makes constant.
pub(crate) fn check(
    rule: &Rule,
    operands: &[Operand],
    found: &[Option<&Known>],
    here: &Pointer,
    scope: &Scope<'_>,
    findings: &mut Findings,
) {
    let mut walk = Walk { operands, found, scope, findings, here: here.clone() };
    let seen = walk.rule(rule);
    if let (Some(holds), false) = (seen.truth, seen.reported) {
        walk.report(holds, None);
    }
}

struct Walk<'w, 'r> {
    operands: &'r [Operand],
    /// Of each operand that is a ref: what it leads to.
    found: &'r [Option<&'r Known>],
    scope: &'w Scope<'w>,
    findings: &'w mut Findings,
    here: Pointer,
}

/// What is known of a part.
struct Seen<'r> {
    given: Given<'r>,
    /// Whether it is truthy, where that cannot vary.
    truth: Option<bool>,
    /// Something in it was reported.
    reported: bool,
}

impl<'r> Seen<'r> {
    fn of(given: Given<'r>) -> Self {
        let truth = given.truth();
        Seen { given, truth, reported: false }
    }
}

impl<'r> Walk<'_, 'r> {
    fn rule(&mut self, rule: &'r Rule) -> Seen<'r> {
        match rule {
            Rule::Literal(value) => Seen::of(Given::Value(value)),
            Rule::Operand(slot) => Seen::of(self.operand(*slot)),
            Rule::List(rules) => {
                let mut reported = false;
                for (position, rule) in rules.iter().enumerate() {
                    reported |= self.below(|here| here.element(position), |walk| walk.rule(rule)).reported;
                }
                let full = !rules.is_empty();
                let given = Given::Array { may_be_empty: !full, may_be_full: full };
                Seen { given, truth: Some(full), reported }
            }
            Rule::Apply(operator, arguments) => self.operation(*operator, arguments),
        }
    }

    fn below<T>(&mut self, step: impl FnOnce(&Pointer) -> Pointer, work: impl FnOnce(&mut Self) -> T) -> T {
        let inside = step(&self.here);
        let here = std::mem::replace(&mut self.here, inside);
        let done = work(self);
        self.here = here;
        done
    }

    fn operand(&self, slot: usize) -> Given<'r> {
        match self.operands.get(slot).map(|operand| &operand.template) {
            Some(Template::Ref(_)) => {
                self.found.get(slot).copied().flatten().map_or(Given::Anything, Given::Ref)
            }
            Some(Template::Literal(value)) => Given::Value(value),
            Some(Template::Text(pieces)) => {
                let full = |piece: &Piece| matches!(piece, Piece::Verbatim(text) if !text.is_empty());
                Given::Text { may_be_empty: !pieces.iter().any(full) }
            }
            _ => Given::Anything,
        }
    }

    fn operation(&mut self, operator: Operator, arguments: &'r Arguments) -> Seen<'r> {
        let mut each = Vec::with_capacity(arguments.rules.len());
        for (position, rule) in arguments.rules.iter().enumerate() {
            let step = |here: &Pointer| {
                let operation = here.member(operator.name());
                if arguments.listed { operation.element(position) } else { operation }
            };
            each.push(self.below(step, |walk| walk.rule(rule)));
        }
        let reported = each.iter().any(|seen| seen.reported);
        let (given, truth) = match operator {
            Operator::And => (any_of(&each), first(&each, false)),
            Operator::Or => (any_of(&each), first(&each, true)),
            Operator::If | Operator::Ternary => branches(&each),
            Operator::Add
            | Operator::Subtract
            | Operator::Divide
            | Operator::Remainder
            | Operator::Min
            | Operator::Max => (Given::Number, None),
            Operator::Multiply => match &each[..] {
                [only] => (only.given.clone(), only.truth),
                _ => (Given::Number, None),
            },
            Operator::Cat => {
                let full = |seen: &Seen<'_>| matches!(seen.given, Given::Value(value) if !value.is_null() && value.as_str() != Some(""));
                plain(Given::Text { may_be_empty: !each.iter().any(full) })
            }
            Operator::Substr => plain(Given::Text { may_be_empty: true }),
            Operator::Merge | Operator::Map | Operator::Filter => {
                plain(Given::Array { may_be_empty: true, may_be_full: true })
            }
            Operator::Reduce | Operator::Var | Operator::Missing | Operator::MissingSome => {
                (Given::Anything, None)
            }
            _ => {
                let truth = self.test(operator, &each, arguments);
                if let (Some(holds), false) = (truth, reported) {
                    self.constant(operator, &each, arguments, holds);
                }
                return Seen { given: Given::Boolean, truth, reported: reported || truth.is_some() };
            }
        };
        Seen { given, truth, reported }
    }

    /// The result of an operator that gives a boolean, where it cannot vary.
    fn test(&self, operator: Operator, each: &[Seen<'r>], arguments: &'r Arguments) -> Option<bool> {
        match (operator, each) {
            (Operator::Not, [of]) => of.truth.map(|truth| !truth),
            (Operator::Truthy, [of]) => of.truth,
            (Operator::LooseEqual, [left, right]) => left.given.equals(&right.given, false),
            (Operator::StrictEqual, [left, right]) => left.given.equals(&right.given, true),
            (Operator::LooseUnequal, [left, right]) => {
                left.given.equals(&right.given, false).map(|equal| !equal)
            }
            (Operator::StrictUnequal, [left, right]) => {
                left.given.equals(&right.given, true).map(|equal| !equal)
            }
            (Operator::Less, several) => in_order(several, false),
            (Operator::LessOrEqual, several) => in_order(several, true),
            (Operator::Greater, [left, right]) => right.given.is_before(&left.given, false),
            (Operator::GreaterOrEqual, [left, right]) => right.given.is_before(&left.given, true),
            (Operator::In, [part, whole]) => match arguments.get(1) {
                Some(Rule::List(elements)) if elements.len() <= MOST_ELEMENTS => {
                    let elements: Vec<Given<'r>> = elements.iter().map(|rule| self.element(rule)).collect();
                    part.given.is_one_of(&elements)
                }
                _ => (!whole.given.may_contain()).then_some(false),
            },
            (Operator::All | Operator::Some, [list, _]) => (!list.given.may_have_elements()).then_some(false),
            (Operator::None, [list, _]) => (!list.given.may_have_elements()).then_some(true),
            _ => None,
        }
    }

    /// What an element of an array that is written out gives, as far as that shows at a glance.
    fn element(&self, rule: &'r Rule) -> Given<'r> {
        match rule {
            Rule::Literal(value) => Given::Value(value),
            Rule::Operand(slot) => self.operand(*slot),
            Rule::List(rules) => {
                let full = !rules.is_empty();
                Given::Array { may_be_empty: !full, may_be_full: full }
            }
            Rule::Apply(..) => Given::Anything,
        }
    }

    fn constant(&mut self, operator: Operator, each: &[Seen<'r>], arguments: &Arguments, holds: bool) {
        let found = each.iter().find_map(|seen| seen.given.found());
        let compared = matches!(
            operator,
            Operator::LooseEqual | Operator::StrictEqual | Operator::LooseUnequal | Operator::StrictUnequal
        );
        let wrong = arguments.rules.iter().zip(each).position(|(_, seen)| {
            compared && found.is_some() && matches!(seen.given, Given::Value(Value::String(_)))
        });
        let Some((position, Given::Value(Value::String(text)))) =
            wrong.and_then(|at| Some((at, &each.get(at)?.given)))
        else {
            return self.report(holds, found);
        };
        let listed: Vec<String> = found.map(strings).unwrap_or_default();
        match self.scope.suggestions.nearest(text, listed.iter().map(String::as_str)) {
            None => self.report(holds, found),
            Some(nearest) => {
                let here = self.here.member(operator.name()).element(position);
                let problem = Problem::NeverEqual { holds, value: text.clone(), nearest };
                self.findings.report(here, problem);
            }
        }
    }

    fn report(&mut self, holds: bool, found: Option<&Known>) {
        let listed = !self.findings.is_full();
        let found = found.filter(|_| listed).map(|found| found.ty.to_string());
        self.findings.report(self.here.clone(), Problem::ConstantCondition { holds, found });
    }
}

/// The strings that a type lists.
fn strings(found: &Known) -> Vec<String> {
    let cells = found.ty.cells(&[]).into_iter();
    let strings = cells.filter_map(|cell| match cell {
        flowright_schema::Cell::Constant(Value::String(text)) => Some(text),
        _ => None,
    });
    strings.collect()
}

fn plain(given: Given<'_>) -> (Given<'_>, Option<bool>) {
    let truth = given.truth();
    (given, truth)
}

fn any_of<'r>(each: &[Seen<'r>]) -> Given<'r> {
    Given::any_of(each.iter().map(|seen| seen.given.clone()))
}

/// The truth of the first of this truth, else of the last.
fn first(each: &[Seen<'_>], truth: bool) -> Option<bool> {
    if each.iter().any(|seen| seen.truth == Some(truth)) {
        return Some(truth);
    }
    each.iter().all(|seen| seen.truth == Some(!truth)).then_some(!truth)
}

/// `if`: condition, value, condition, value, …, else.
fn branches<'r>(each: &[Seen<'r>]) -> (Given<'r>, Option<bool>) {
    let mut ways = Vec::new();
    let mut truths = Vec::new();
    let mut left = each;
    let mut is_decided = false;
    while let ([condition, value, others @ ..], false) = (left, is_decided) {
        if condition.truth != Some(false) {
            ways.push(value.given.clone());
            truths.push(value.truth);
        }
        is_decided = condition.truth == Some(true);
        left = others;
    }
    if !is_decided {
        let (given, truth) = left.first().map_or((Given::Value(&Value::Null), Some(false)), |otherwise| {
            (otherwise.given.clone(), otherwise.truth)
        });
        ways.push(given);
        truths.push(truth);
    }
    let truth = truths.first().copied().flatten();
    (Given::any_of(ways), truth.filter(|_| truths.iter().all(|other| *other == truth)))
}

/// Whether each stands before the next.
fn in_order(several: &[Seen<'_>], or_equal: bool) -> Option<bool> {
    let pairs: Vec<Option<bool>> = several
        .windows(2)
        .map(|pair| match pair {
            [left, right] => left.given.is_before(&right.given, or_equal),
            _ => None,
        })
        .collect();
    if pairs.contains(&Some(false)) { Some(false) } else { pairs.iter().all(Option::is_some).then_some(true) }
}

#[cfg(test)]
mod tests;
