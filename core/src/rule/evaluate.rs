//! What a compiled rule gives.

use super::fuel::{Exhausted, Fuel, VALUE_DEPTH};
use super::scripted::{Elements, Scripted, count};
use super::{Arguments, Operator, Rule, utf16};
use serde_json::Value;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

/// Gives the value of an operand's slot: `None` where a ref yields nothing, which counts as null. Asked only for
/// operands that evaluation reaches, and each time it reaches them. An owned value must not nest so deep that dropping
/// it is a danger; a borrowed one may nest as it likes.
pub(crate) type Operands<'v, 'o, E> = dyn Fn(usize) -> Result<Option<Cow<'v, Value>>, E> + 'o;

/// Why a rule has no result. A rule compiled for a document has one, unless its operands, its steps or the
/// depth of its values prevent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RuleError<E> {
    /// An operand has no value to give.
    Operand(E),
    /// It took more steps than it may.
    Steps,
    /// A value nests deeper than values may in a rule.
    Depth,
    /// `*` had nothing to multiply.
    NothingToMultiply,
    /// `missing_some` was given null or nothing instead of names.
    NoNames,
}

impl<E: fmt::Display> fmt::Display for RuleError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RuleError::Operand(error) => error.fmt(f),
            RuleError::Steps => f.write_str("the rule takes more steps than a rule may"),
            RuleError::Depth => {
                write!(f, "the rule works on a value that nests more than {VALUE_DEPTH} levels deep")
            }
            RuleError::NothingToMultiply => f.write_str("`*` needs at least one value to multiply"),
            RuleError::NoNames => f.write_str("`missing_some` needs an array of names"),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for RuleError<E> {}

/// `JsonLogic`'s truthiness, which is what a condition comes down to: `false`, `null`, `0`, `""` and `[]` are
/// false; `{}`, `"0"` and `[0]` are true.
pub(crate) fn truthy(value: &Value) -> bool {
    Scripted::of(value).truthy()
}

impl Rule {
    /// The rule's result as JSON. What JSON cannot say (undefined, NaN, the infinities) is null.
    #[cfg(test)]
    pub(crate) fn evaluate<'v, E>(
        &'v self,
        operands: &Operands<'v, '_, E>,
        data: &'v Value,
        steps: u64,
    ) -> Result<Value, RuleError<E>> {
        let mut evaluation = Evaluation { operands, fuel: Fuel::new(steps) };
        let result = evaluation.rule(self, &Scripted::of(data))?;
        Ok(result.to_json(&mut evaluation.fuel)?)
    }

    /// Whether the rule's result is truthy, without making JSON of it: an infinity is, though JSON has null for it.
    pub(crate) fn evaluate_bool<'v, E>(
        &'v self,
        operands: &Operands<'v, '_, E>,
        data: &'v Value,
        steps: u64,
    ) -> Result<bool, RuleError<E>> {
        self.evaluate_scripted(operands, data, steps).map(|result| result.truthy())
    }

    pub(super) fn evaluate_scripted<'v, E>(
        &'v self,
        operands: &Operands<'v, '_, E>,
        data: &'v Value,
        steps: u64,
    ) -> Result<Scripted<'v>, RuleError<E>> {
        Evaluation { operands, fuel: Fuel::new(steps) }.rule(self, &Scripted::of(data))
    }
}

pub(super) struct Evaluation<'v, 'o, E> {
    operands: &'o Operands<'v, 'o, E>,
    pub(super) fuel: Fuel,
}

pub(super) type Outcome<'v, E> = Result<Scripted<'v>, RuleError<E>>;

impl<'v, E> Evaluation<'v, '_, E> {
    fn rule(&mut self, rule: &'v Rule, data: &Scripted<'v>) -> Outcome<'v, E> {
        self.fuel.spend(1)?;
        match rule {
            Rule::Literal(value) => Ok(Scripted::of(value)),
            Rule::Operand(slot) => match (self.operands)(*slot).map_err(RuleError::Operand)? {
                None => Ok(Scripted::Null),
                Some(Cow::Borrowed(value)) => Ok(Scripted::of(value)),
                Some(Cow::Owned(value)) => Ok(Scripted::of_owned(value, &mut self.fuel)?),
            },
            Rule::List(rules) => {
                let elements = self.each(rules, data)?;
                Ok(Scripted::array(elements, &mut self.fuel)?)
            }
            Rule::Apply(operator, arguments) => self.operation(*operator, arguments, data),
        }
    }

    fn each(&mut self, rules: &'v [Rule], data: &Scripted<'v>) -> Result<Vec<Scripted<'v>>, RuleError<E>> {
        rules.iter().map(|rule| self.rule(rule, data)).collect()
    }

    /// What was not written is undefined.
    fn optional(&mut self, rule: Option<&'v Rule>, data: &Scripted<'v>) -> Outcome<'v, E> {
        rule.map_or(Ok(Scripted::Undefined), |rule| self.rule(rule, data))
    }

    fn operation(
        &mut self,
        operator: Operator,
        arguments: &'v Arguments,
        data: &Scripted<'v>,
    ) -> Outcome<'v, E> {
        let rules = &*arguments.rules;
        match operator {
            Operator::If | Operator::Ternary => self.branches(rules, data),
            Operator::And => self.first(false, rules, data),
            Operator::Or => self.first(true, rules, data),
            Operator::Map | Operator::Filter | Operator::All | Operator::Some | Operator::None => {
                let list = self.optional(arguments.get(0), data)?;
                self.elements(operator, &list, arguments.get(1))
            }
            Operator::Reduce => self.reduce(arguments, data),
            Operator::Cat
            | Operator::Add
            | Operator::Multiply
            | Operator::Min
            | Operator::Max
            | Operator::Merge
            | Operator::Missing => {
                let values = self.each(rules, data)?;
                self.of_all(operator, values, data)
            }
            _ if let [one, other] = rules => {
                let (one, other) = (self.rule(one, data)?, self.rule(other, data)?);
                self.of_three(operator, [&one, &other, &Scripted::Undefined], data)
            }
            _ => {
                let mut first_three = [Scripted::Undefined, Scripted::Undefined, Scripted::Undefined];
                for (position, rule) in rules.iter().enumerate() {
                    let value = self.rule(rule, data)?;
                    if let Some(place) = first_three.get_mut(position) {
                        *place = value;
                    }
                }
                self.of_three(operator, first_three.each_ref(), data)
            }
        }
    }

    fn branches(&mut self, rules: &'v [Rule], data: &Scripted<'v>) -> Outcome<'v, E> {
        let mut left = rules;
        while let [condition, value, others @ ..] = left {
            if self.rule(condition, data)?.truthy() {
                return self.rule(value, data);
            }
            left = others;
        }
        left.first().map_or(Ok(Scripted::Null), |otherwise| self.rule(otherwise, data))
    }

    /// The first of this truthiness, else the last.
    fn first(&mut self, truthy: bool, rules: &'v [Rule], data: &Scripted<'v>) -> Outcome<'v, E> {
        let mut current = Scripted::Undefined;
        for rule in rules {
            current = self.rule(rule, data)?;
            if current.truthy() == truthy {
                break;
            }
        }
        Ok(current)
    }

    fn elements(
        &mut self,
        operator: Operator,
        list: &Scripted<'v>,
        rule: Option<&'v Rule>,
    ) -> Outcome<'v, E> {
        let mut kept = Vec::new();
        let elements = list.elements();
        let length = elements.as_ref().map_or(0, Elements::len);
        for element in elements.iter().flat_map(Elements::iter) {
            let result = self.optional(rule, &element)?;
            match operator {
                Operator::Map => kept.push(result),
                Operator::Filter if result.truthy() => kept.push(element),
                Operator::All if !result.truthy() => return Ok(Scripted::Boolean(false)),
                Operator::Some if result.truthy() => return Ok(Scripted::Boolean(true)),
                Operator::None if result.truthy() => return Ok(Scripted::Boolean(false)),
                _ => {}
            }
        }
        Ok(match operator {
            Operator::All => Scripted::Boolean(length > 0),
            Operator::Some => Scripted::Boolean(false),
            Operator::None => Scripted::Boolean(true),
            _ => Scripted::array(kept, &mut self.fuel)?,
        })
    }

    fn reduce(&mut self, arguments: &'v Arguments, data: &Scripted<'v>) -> Outcome<'v, E> {
        let list = self.optional(arguments.get(0), data)?;
        let mut accumulator = match arguments.get(2) {
            Some(initial) => self.rule(initial, data)?,
            None => Scripted::Null,
        };
        for current in list.elements().iter().flat_map(Elements::iter) {
            let scope =
                vec![(Cow::Borrowed("current"), current), (Cow::Borrowed("accumulator"), accumulator)];
            let scope = Scripted::object(scope, &mut self.fuel)?;
            accumulator = self.optional(arguments.get(1), &scope)?;
        }
        Ok(accumulator)
    }

    /// The operators that read every argument.
    fn of_all(
        &mut self,
        operator: Operator,
        values: Vec<Scripted<'v>>,
        data: &Scripted<'v>,
    ) -> Outcome<'v, E> {
        let fuel = &mut self.fuel;
        Ok(match operator {
            Operator::Cat => {
                let mut text = String::new();
                for value in &values {
                    value.append_text(&mut text, VALUE_DEPTH, fuel)?;
                }
                Scripted::BuiltText(text.into())
            }
            Operator::Add => {
                let mut sum = 0.0;
                for value in &values {
                    sum += value.parse_float(fuel)?;
                }
                Scripted::Number(sum)
            }
            Operator::Multiply => {
                let Some((first, others)) = values.split_first() else {
                    return Err(RuleError::NothingToMultiply);
                };
                if others.is_empty() {
                    return Ok(first.clone());
                }
                let mut product = first.parse_float(fuel)?;
                for (position, value) in others.iter().enumerate() {
                    // A product so far is read back from how it prints, which has no sign for zero.
                    let so_far = if position > 0 { product + 0.0 } else { product };
                    product = so_far * value.parse_float(fuel)?;
                }
                Scripted::Number(product)
            }
            Operator::Min => Scripted::Number(-extreme(&values, -1.0, fuel)?),
            Operator::Max => Scripted::Number(extreme(&values, 1.0, fuel)?),
            Operator::Merge => {
                let mut merged = Vec::new();
                for value in values {
                    match value.elements() {
                        Some(elements) => {
                            fuel.copy(elements.len())?;
                            merged.extend(elements.iter());
                        }
                        None => merged.push(value),
                    }
                }
                Scripted::array(merged, fuel)?
            }
            _ => {
                let missing = self.missing(values, data)?;
                Scripted::array(missing, &mut self.fuel)?
            }
        })
    }

    /// The operators that read at most three arguments.
    fn of_three(
        &mut self,
        operator: Operator,
        [a, b, c]: [&Scripted<'v>; 3],
        data: &Scripted<'v>,
    ) -> Outcome<'v, E> {
        let fuel = &mut self.fuel;
        let truth = match operator {
            Operator::LooseEqual => a.loosely_equals(b, fuel)?,
            Operator::LooseUnequal => !a.loosely_equals(b, fuel)?,
            Operator::StrictEqual => a.strictly_equals(b, fuel)?,
            Operator::StrictUnequal => !a.strictly_equals(b, fuel)?,
            Operator::Not => !a.truthy(),
            Operator::Truthy => a.truthy(),
            Operator::Greater => a.order(b, fuel)?.is_some_and(Ordering::is_gt),
            Operator::GreaterOrEqual => a.order(b, fuel)?.is_some_and(Ordering::is_ge),
            Operator::Less => {
                a.order(b, fuel)?.is_some_and(Ordering::is_lt)
                    && (c.is_undefined() || b.order(c, fuel)?.is_some_and(Ordering::is_lt))
            }
            Operator::LessOrEqual => {
                a.order(b, fuel)?.is_some_and(Ordering::is_le)
                    && (c.is_undefined() || b.order(c, fuel)?.is_some_and(Ordering::is_le))
            }
            Operator::In => contains(b, a, fuel)?,
            Operator::Subtract if b.is_undefined() => return Ok(Scripted::Number(-a.to_number(fuel)?)),
            Operator::Subtract => return Ok(Scripted::Number(a.to_number(fuel)? - b.to_number(fuel)?)),
            Operator::Divide => return Ok(Scripted::Number(a.to_number(fuel)? / b.to_number(fuel)?)),
            Operator::Remainder => return Ok(Scripted::Number(a.to_number(fuel)? % b.to_number(fuel)?)),
            Operator::Substr => return Ok(substr(a, b, c, fuel)?),
            Operator::MissingSome => return self.missing_some(a, b, data),
            _ => return Ok(self.variable(a, b, data)?),
        };
        Ok(Scripted::Boolean(truth))
    }
}

/// The greatest of the numbers times `sign`; NaN if one is none. Zero is greater than its negative.
fn extreme(values: &[Scripted<'_>], sign: f64, fuel: &mut Fuel) -> Result<f64, Exhausted> {
    let mut extreme = f64::NEG_INFINITY;
    for value in values {
        let number = sign * value.to_number(fuel)?;
        let equal_and_positive =
            number.partial_cmp(&extreme) == Some(Ordering::Equal) && number.is_sign_positive();
        if !extreme.is_nan() && (number.is_nan() || number > extreme || equal_and_positive) {
            extreme = number;
        }
    }
    Ok(extreme)
}

fn contains(whole: &Scripted<'_>, part: &Scripted<'_>, fuel: &mut Fuel) -> Result<bool, Exhausted> {
    if let Some(text) = whole.as_text() {
        let part = part.to_text(fuel)?;
        fuel.read(text.len() + part.len())?;
        return Ok(!text.is_empty() && text.contains(&*part));
    }
    let Some(elements) = whole.elements() else { return Ok(false) };
    fuel.copy(elements.len())?;
    for element in elements.iter() {
        if element.strictly_equals(part, fuel)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn substr<'v>(
    source: &Scripted<'v>,
    start: &Scripted<'v>,
    end: &Scripted<'v>,
    fuel: &mut Fuel,
) -> Result<Scripted<'v>, Exhausted> {
    let text = match source {
        Scripted::Text(text) => Cow::Borrowed(*text),
        other => Cow::Owned(other.to_text(fuel)?.into_owned()),
    };
    fuel.read(text.len())?;
    let start = start.to_number(fuel)?;
    let length = if end.order(&Scripted::Number(0.0), fuel)? == Some(Ordering::Less) {
        let rest = count(utf16::length(&utf16::substr(&text, start, None))).to_number(fuel)?;
        // JavaScript's `+` joins texts, and a number followed by a minus is none.
        Some(if let Scripted::Number(end) = end { (rest + end).max(0.0) } else { 0.0 })
    } else if end.is_undefined() {
        None
    } else {
        Some(end.to_number(fuel)?)
    };
    let part = match text {
        Cow::Borrowed(text) => utf16::substr(text, start, length),
        Cow::Owned(text) => Cow::Owned(utf16::substr(&text, start, length).into_owned()),
    };
    if let Cow::Owned(built) = &part {
        fuel.build(built.len())?;
    }
    Ok(Scripted::text_of(part))
}
