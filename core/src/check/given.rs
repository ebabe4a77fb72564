//! What the parts of a rule can give, as far as types tell.

use super::templates::Known;
use crate::presence::ValueTest;
use crate::rule;
use crate::scope::Present;
use flowright_schema::Cell;
use serde_json::Value;

/// How many pairs of cells are compared at most.
const MOST_PAIRS: usize = 4096;

/// How many other things one of several may be.
const MOST_CHOICES: usize = 16;

/// What a part of a rule can give.
#[derive(Clone)]
pub(crate) enum Given<'r> {
    Ref(&'r Known),
    Value(&'r Value),
    Boolean,
    /// A number that was computed, and may be none.
    Number,
    Text {
        may_be_empty: bool,
    },
    /// An array that the rule makes, which is itself alone.
    Array {
        may_be_empty: bool,
        may_be_full: bool,
    },
    /// Any of these.
    Choice(Vec<Given<'r>>),
    Anything,
}

/// A set of values that no comparison here tells apart.
#[derive(Clone, PartialEq)]
enum Possible {
    Cell(Cell),
    /// Numbers, also those that are none and infinite ones.
    Computed,
    /// An array that the rule makes, empty or not.
    Made {
        full: bool,
    },
}

impl<'r> Given<'r> {
    pub(crate) fn any_of(choices: impl IntoIterator<Item = Given<'r>>) -> Self {
        let mut flat = Vec::new();
        for choice in choices {
            match choice {
                Given::Anything => return Given::Anything,
                Given::Choice(choices) => flat.extend(choices),
                choice => flat.push(choice),
            }
            if flat.len() > MOST_CHOICES {
                return Given::Anything;
            }
        }
        Given::Choice(flat)
    }

    /// What it can be, with `constants` told apart; `None` where that is not known.
    fn possible(&self, constants: &[Value]) -> Option<Vec<Possible>> {
        let cells = match self {
            Given::Ref(found) => {
                let mut cells = found.ty.cells(constants);
                if found.present != Present::Always && !cells.contains(&Cell::Null) {
                    cells.push(Cell::Null);
                }
                cells
            }
            Given::Value(value) => vec![cell_of(value)],
            Given::Boolean => vec![Cell::False, Cell::True],
            Given::Number => return Some(vec![Possible::Computed]),
            Given::Text { may_be_empty } => {
                let mut cells = vec![Cell::String];
                cells.extend(may_be_empty.then_some(Cell::EmptyString));
                let constants =
                    constants.iter().filter(|value| value.as_str().is_some_and(|text| !text.is_empty()));
                cells.extend(constants.cloned().map(Cell::Constant));
                cells
            }
            Given::Array { may_be_empty, may_be_full } => {
                let mut possible = Vec::new();
                possible.extend(may_be_empty.then_some(Possible::Made { full: false }));
                possible.extend(may_be_full.then_some(Possible::Made { full: true }));
                return Some(possible);
            }
            Given::Choice(choices) => {
                let mut all = Vec::new();
                for choice in choices {
                    all.extend(choice.possible(constants)?);
                }
                return Some(all);
            }
            Given::Anything => return None,
        };
        Some(cells.into_iter().map(Possible::Cell).collect())
    }

    /// The values that have to be told apart for what this is to be seen.
    fn constants(&self) -> Vec<Value> {
        let constants =
            self.possible(&[]).unwrap_or_default().into_iter().filter_map(|possible| match possible {
                Possible::Cell(Cell::Constant(value)) => Some(value),
                _ => None,
            });
        constants.collect()
    }

    /// Whether it is truthy, to a rule.
    pub(crate) fn truth(&self) -> Option<bool> {
        agreed(self.possible(&[])?.iter().map(|possible| match possible {
            Possible::Cell(cell) => ValueTest::RuleTruthy.of(cell),
            Possible::Computed => None,
            Possible::Made { full } => Some(*full),
        }))
    }

    /// Whether it equals `other`.
    pub(crate) fn equals(&self, other: &Self, strict: bool) -> Option<bool> {
        let mut constants = self.constants();
        constants.extend(other.constants());
        let (left, right) = (self.possible(&constants)?, other.possible(&constants)?);
        if left.len() * right.len() > MOST_PAIRS {
            return None;
        }
        let pairs = left.iter().flat_map(|left| right.iter().map(move |right| equal(left, right, strict)));
        agreed(pairs)
    }

    /// Whether it stands before `other`; or beside it, for `or_equal`.
    pub(crate) fn is_before(&self, other: &Self, or_equal: bool) -> Option<bool> {
        let (left, right) = (self.possible(&[])?, other.possible(&[])?);
        if left.len() * right.len() > MOST_PAIRS {
            return None;
        }
        let pairs = left.iter().flat_map(|left| right.iter().map(move |right| before(left, right, or_equal)));
        agreed(pairs)
    }

    /// Whether it is an element of the array `elements`.
    pub(crate) fn is_one_of(&self, elements: &[Given<'r>]) -> Option<bool> {
        let mut constants: Vec<Value> = elements.iter().flat_map(Given::constants).collect();
        constants.extend(self.constants());
        let mut others = Vec::new();
        for element in elements {
            others.push(element.possible(&constants)?);
        }
        let possible = self.possible(&constants)?;
        let many = others.iter().map(Vec::len).sum::<usize>();
        if many * possible.len() > MOST_PAIRS {
            return None;
        }
        agreed(possible.iter().map(|own| {
            let of_each: Vec<Option<bool>> = others
                .iter()
                .map(|other| agreed(other.iter().map(|other| equal(own, other, true))))
                .collect();
            if of_each.contains(&Some(true)) {
                Some(true)
            } else {
                of_each.iter().all(Option::is_some).then_some(false)
            }
        }))
    }

    /// Whether it is an array or text, in which something can be.
    pub(crate) fn may_contain(&self) -> bool {
        self.can_be(|cell| matches!(cell, Cell::Array | Cell::String) || is_full(cell))
    }

    /// Whether it can be an array with elements.
    pub(crate) fn may_have_elements(&self) -> bool {
        self.can_be(|cell| {
            *cell == Cell::Array
                || matches!(cell, Cell::Constant(Value::Array(elements)) if !elements.is_empty())
        })
    }

    fn can_be(&self, of: impl Fn(&Cell) -> bool) -> bool {
        self.possible(&[]).is_none_or(|possible| {
            possible.iter().any(|possible| match possible {
                Possible::Cell(cell) => of(cell),
                Possible::Computed => false,
                Possible::Made { full } => of(if *full { &Cell::Array } else { &Cell::EmptyArray }),
            })
        })
    }

    /// The type of the ref that this is.
    pub(crate) fn found(&self) -> Option<&'r Known> {
        match self {
            Given::Ref(found) => Some(found),
            _ => None,
        }
    }
}

fn is_full(cell: &Cell) -> bool {
    matches!(cell, Cell::Constant(Value::Array(_) | Value::String(_)))
}

/// The cell of a value that is known.
fn cell_of(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::Null,
        Value::Bool(false) => Cell::False,
        Value::Bool(true) => Cell::True,
        Value::Number(number) if number.as_f64() == Some(0.0) => Cell::Zero,
        Value::String(text) if text.is_empty() => Cell::EmptyString,
        Value::Array(elements) if elements.is_empty() => Cell::EmptyArray,
        value => Cell::Constant(value.clone()),
    }
}

/// What all of them say; `None` where they do not agree, and where there is none.
fn agreed(answers: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut answers = answers.into_iter();
    let first = answers.next()??;
    answers.all(|answer| answer == Some(first)).then_some(first)
}

/// The value of a cell that has no other, unless it is an array or an object: two of these are equal only if they
/// stand in one place.
fn scalar(possible: &Possible) -> Option<Value> {
    let Possible::Cell(cell) = possible else { return None };
    let value = match cell {
        Cell::Null | Cell::Absent => Value::Null,
        Cell::False => Value::Bool(false),
        Cell::True => Value::Bool(true),
        Cell::Zero => Value::from(0),
        Cell::EmptyString => Value::from(""),
        Cell::Constant(value) => value.clone(),
        Cell::Number | Cell::String | Cell::EmptyArray | Cell::Array | Cell::Object => return None,
    };
    (!value.is_array() && !value.is_object()).then_some(value)
}

/// What `==` tells apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Nothing,
    Boolean,
    Number,
    Text,
    Array,
    Object,
}

fn kind(possible: &Possible) -> Kind {
    match possible {
        Possible::Computed => Kind::Number,
        Possible::Made { .. } => Kind::Array,
        Possible::Cell(cell) => match cell {
            Cell::Null | Cell::Absent => Kind::Nothing,
            Cell::False | Cell::True => Kind::Boolean,
            Cell::Zero | Cell::Number => Kind::Number,
            Cell::EmptyString | Cell::String => Kind::Text,
            Cell::EmptyArray | Cell::Array => Kind::Array,
            Cell::Object => Kind::Object,
            Cell::Constant(value) => match value {
                Value::Null => Kind::Nothing,
                Value::Bool(_) => Kind::Boolean,
                Value::Number(_) => Kind::Number,
                Value::String(_) => Kind::Text,
                Value::Array(_) => Kind::Array,
                Value::Object(_) => Kind::Object,
            },
        },
    }
}

/// Whether a value of one equals one of the other, under `===` or `==`.
fn equal(left: &Possible, right: &Possible, strict: bool) -> Option<bool> {
    let test = |value| {
        if strict { ValueTest::RuleStrictlyEquals(value) } else { ValueTest::RuleLooselyEquals(value) }
    };
    match (left, right) {
        (Possible::Cell(left), right) if scalar(right).is_some() => return test(scalar(right)?).of(left),
        (left, Possible::Cell(right)) if scalar(left).is_some() => return test(scalar(left)?).of(right),
        _ => {}
    }
    let is_made = |possible: &Possible| matches!(possible, Possible::Made { .. });
    let any_is_made = is_made(left) || is_made(right);
    let (left, right) = (kind(left), kind(right));
    let is_object = |kind| matches!(kind, Kind::Array | Kind::Object);
    let is_either = |kind| left == kind || right == kind;
    match () {
        () if is_either(Kind::Nothing) && left != right => Some(false),
        () if strict && left != right => Some(false),
        () if any_is_made && is_object(left) && is_object(right) => Some(false),
        // The text of an object is no number.
        () if is_either(Kind::Object) && (is_either(Kind::Number) || is_either(Kind::Boolean)) => Some(false),
        () => None,
    }
}

/// Whether a value of one stands before one of the other.
fn before(left: &Possible, right: &Possible, or_equal: bool) -> Option<bool> {
    if let (Some(left), Some(right)) = (scalar(left), scalar(right)) {
        let order = rule::order(&left, &right)?;
        return Some(order.is_some_and(|order| order.is_lt() || (or_equal && order.is_eq())));
    }
    // What is no number stands neither before nor after a number.
    let is_no_number = |possible: &Possible| match kind(possible) {
        Kind::Object => true,
        Kind::Text => scalar(possible)
            .is_some_and(|text| text.as_str().is_some_and(|text| rule::to_number(text).is_nan())),
        _ => false,
    };
    let becomes_number =
        |possible: &Possible| matches!(kind(possible), Kind::Nothing | Kind::Boolean | Kind::Number);
    let never = |left, right| is_no_number(left) && becomes_number(right);
    (never(left, right) || never(right, left)).then_some(false)
}
