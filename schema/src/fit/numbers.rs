//! Numbers: bounds, multiples, and ranges that cover one another together.

use crate::{
    numeral,
    ty::{Form, Limit, NumberForm, View},
};
use serde_json::{Number, Value};
use std::cmp::Ordering;

/// How many integers a range may have to be looked at one by one.
const FEW: i128 = 256;

/// Whether the numbers of `a` are proven to be numbers of `b`.
pub(super) fn within(a: &NumberForm, b: &NumberForm) -> bool {
    (a.integer || !b.integer)
        && b.min.as_ref().is_none_or(|min| least(a).is_some_and(|least| !reaches_below(&least, min)))
        && b.max.as_ref().is_none_or(|max| most(a).is_some_and(|most| !reaches_above(&most, max)))
        && b.multiples.iter().all(|factor| is_multiple(a, factor))
}

/// Whether all of `a` are multiples of `factor`.
fn is_multiple(a: &NumberForm, factor: &Number) -> bool {
    let divides = |number: &Number| numeral::is_multiple(number, factor);
    (a.integer && divides(&Number::from(1))) || a.multiples.iter().any(divides)
}

/// The least bound that its values keep.
fn least(a: &NumberForm) -> Option<Limit> {
    a.min.clone().or_else(|| integer_limit(a, numeral::INTEGERS.0))
}

fn most(a: &NumberForm) -> Option<Limit> {
    a.max.clone().or_else(|| integer_limit(a, numeral::INTEGERS.1))
}

fn integer_limit(a: &NumberForm, value: i128) -> Option<Limit> {
    let value = numeral::from_integer(value).filter(|_| a.integer)?;
    Some(Limit { value, exclusive: false })
}

fn reaches_below(own: &Limit, min: &Limit) -> bool {
    match numeral::compare(&own.value, &min.value) {
        Ordering::Less => true,
        Ordering::Equal => min.exclusive && !own.exclusive,
        Ordering::Greater => false,
    }
}

fn reaches_above(own: &Limit, max: &Limit) -> bool {
    match numeral::compare(&own.value, &max.value) {
        Ordering::Greater => true,
        Ordering::Equal => max.exclusive && !own.exclusive,
        Ordering::Less => false,
    }
}

/// The integers of a small range, one by one.
pub(super) fn few(a: &NumberForm) -> Option<Vec<Value>> {
    let (min, max) = (a.min.as_ref().filter(|_| a.integer)?, a.max.as_ref()?);
    let (min, max) = (numeral::integral(&min.value)?, numeral::integral(&max.value)?);
    if max - min >= FEW {
        return None;
    }
    let numbers = (min..=max).filter_map(numeral::from_integer);
    let kept = numbers.filter(|number| a.multiples.iter().all(|factor| numeral::is_multiple(number, factor)));
    Some(kept.map(Value::Number).collect())
}

/// Whether ranges among `branches` together have every number of `a`.
pub(super) fn covered<'t>(a: &NumberForm, branches: impl Iterator<Item = View<'t>>) -> bool {
    let mut ranges: Vec<&NumberForm> = branches
        .filter_map(|branch| match branch.form() {
            Form::Number(form) if a.integer || !form.integer => Some(form),
            _ => None,
        })
        .filter(|form| form.multiples.iter().all(|factor| is_multiple(a, factor)))
        .collect();
    ranges.sort_by(|one, other| match (&one.min, &other.min) {
        (None, None) => Ordering::Equal,
        (None, _) => Ordering::Less,
        (_, None) => Ordering::Greater,
        (Some(one), Some(other)) => {
            numeral::compare(&one.value, &other.value).then(one.exclusive.cmp(&other.exclusive))
        }
    });
    let mut rest = a.clone();
    for range in ranges {
        let begins = range
            .min
            .as_ref()
            .is_none_or(|min| least(&rest).is_some_and(|least| !reaches_below(&least, min)));
        if !begins {
            return false;
        }
        let Some(max) = &range.max else { return true };
        if most(&rest).is_some_and(|most| !reaches_above(&most, max)) {
            return true;
        }
        // What is left begins behind this range, unless it begins there already.
        let behind = if a.integer {
            let next = numeral::floor(&max.value).and_then(|value| numeral::from_integer(value + 1));
            next.map(|value| Limit { value, exclusive: false })
        } else {
            Some(Limit { value: max.value.clone(), exclusive: !max.exclusive })
        };
        let Some(behind) = behind else { return false };
        if rest.min.as_ref().is_none_or(|min| reaches_below(min, &behind)) {
            rest.min = Some(behind);
        }
    }
    false
}
