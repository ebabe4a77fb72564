//! Numbers within numbers.

use super::{gaps::Gap, proof::Prover};
use crate::{
    numeral,
    steps::Steps,
    ty::{Form, Limit, NumberForm, View},
    verdict::accepts_number,
};
use serde_json::{Number, Value};
use std::{borrow::Cow, cmp::Ordering};

/// Up to how many integers are looked at one by one.
const FEW: i128 = 256;

/// How many constants stand beside number types.
const MOST_LISTED: usize = 64;

/// Whether the numbers of `own` are all of one of `forms`, or else one by one of `bs`.
pub(crate) fn within<'t>(
    prover: &mut Prover<'t>,
    own: &NumberForm,
    bs: &[View<'t>],
    forms: &[View<'t>],
) -> bool {
    let own = &*tight(own);
    let listed: Vec<NumberForm> = forms.iter().flat_map(|b| listed(*b)).collect();
    let forms =
        forms.iter().filter_map(|b| if let Form::Number(form) = b.form() { Some(form) } else { None });
    let all: Vec<&NumberForm> = forms.chain(&listed).collect();
    if !prover.spend(all.len()) {
        return false;
    }
    let forms: Vec<&NumberForm> = all.iter().copied().filter(|form| own.integer || !form.integer).collect();
    if prover.erased && forms.len() > listed.len() {
        return true;
    }
    if Gap::of(own, &all) == Gap::None {
        return true;
    }
    let mut points: Vec<NumberForm> = Vec::new();
    for form in &all {
        let values = few(form).filter(|values| !divides(own, form) && values.len() <= MOST_LISTED);
        points.extend(values.iter().flatten().filter_map(Value::as_number).map(alone));
    }
    let dividing: Vec<&NumberForm> =
        forms.into_iter().chain(&points).filter(|form| divides(own, form)).collect();
    dividing.iter().any(|form| least_covered(own, form) && greatest_covered(own, form))
        || covered(own, &dividing)
        || few(own).is_some_and(|values| values.iter().all(|value| prover.is_of_any(value, bs)))
}

/// The numbers that a list of constants has, each as a form of its own.
pub(crate) fn listed(b: View<'_>) -> Vec<NumberForm> {
    let Form::Constants(constants) = b.form() else { return Vec::new() };
    let numbers = constants.values.iter().filter_map(Value::as_number);
    numbers.take(MOST_LISTED).map(alone).collect()
}

/// The form of one number.
fn alone(value: &Number) -> NumberForm {
    let limit = Some(Limit { value: value.clone(), exclusive: false });
    NumberForm { min: limit.clone(), max: limit, ..NumberForm::default() }
}

/// The numbers of a form, where they are few.
pub(crate) fn few(form: &NumberForm) -> Option<Vec<Value>> {
    if let (Some(min), Some(max)) = (&form.min, &form.max)
        && crate::equal::same_number(&min.value, &max.value)
    {
        let only = Some(min.value.clone()).filter(|value| accepts_number(form, value));
        return Some(only.map(Value::Number).into_iter().collect());
    }
    let steps = Steps::of(form).filter(|steps| steps.count() <= FEW)?;
    let numbers = steps.values().filter_map(numeral::from_integer);
    Some(numbers.filter(|number| accepts_number(form, number)).map(Value::Number).collect())
}

/// The same numbers, within bounds that are such numbers where all of them are integers.
fn tight(form: &NumberForm) -> Cow<'_, NumberForm> {
    let Some(steps) = Steps::of(form).filter(|steps| !steps.is_empty()) else { return Cow::Borrowed(form) };
    let limit = |value| numeral::from_integer(value).map(|value| Limit { value, exclusive: false });
    let (min, max) = (limit(steps.least), limit(steps.greatest));
    Cow::Owned(NumberForm { integer: true, min, max, multiples: form.multiples.clone() })
}

/// Whether the numbers of `own` are multiples of what those of `form` are.
fn divides(own: &NumberForm, form: &NumberForm) -> bool {
    form.multiples.iter().all(|factor| {
        (own.integer && numeral::integral(factor) == Some(1))
            || own.multiples.iter().any(|known| match (numeral::integral(known), numeral::integral(factor)) {
                (Some(known), Some(factor)) => factor != 0 && known % factor == 0,
                _ => crate::equal::same_number(known, factor),
            })
    })
}

/// The bound of a form; integers have one always.
fn limit(form: &NumberForm, lower: bool) -> Option<Limit> {
    let (own, extreme) =
        if lower { (&form.min, numeral::INTEGERS.0) } else { (&form.max, numeral::INTEGERS.1) };
    own.clone().or_else(|| {
        let value = numeral::from_integer(extreme).filter(|_| form.integer)?;
        Some(Limit { value, exclusive: false })
    })
}

fn least_covered(own: &NumberForm, form: &NumberForm) -> bool {
    let Some(min) = &form.min else { return true };
    limit(own, true).is_some_and(|least| match numeral::compare(&least.value, &min.value) {
        Ordering::Greater => true,
        Ordering::Equal => !min.exclusive || least.exclusive,
        Ordering::Less => false,
    })
}

fn greatest_covered(own: &NumberForm, form: &NumberForm) -> bool {
    let Some(max) = &form.max else { return true };
    limit(own, false).is_some_and(|greatest| match numeral::compare(&greatest.value, &max.value) {
        Ordering::Less => true,
        Ordering::Equal => !max.exclusive || greatest.exclusive,
        Ordering::Greater => false,
    })
}

/// Whether the ranges of several forms together leave no gap in the range of `own`.
fn covered(own: &NumberForm, forms: &[&NumberForm]) -> bool {
    if forms.len() < 2 {
        return false;
    }
    // What is below this is covered, and the number itself where it says so.
    let mut reached: Option<Limit> = None;
    let mut left: Vec<&NumberForm> = forms.to_vec();
    loop {
        let next = left.iter().position(|form| match &reached {
            None => least_covered(own, form),
            Some(reached) => form.min.as_ref().is_none_or(|min| touches(own.integer, reached, min)),
        });
        let Some(position) = next else { return false };
        let form = left.swap_remove(position);
        if greatest_covered(own, form) {
            return true;
        }
        let Some(max) = &form.max else { return true };
        let further =
            reached.as_ref().is_none_or(|reached| match numeral::compare(&max.value, &reached.value) {
                Ordering::Greater => true,
                Ordering::Equal => reached.exclusive && !max.exclusive,
                Ordering::Less => false,
            });
        if further {
            reached = Some(max.clone());
        }
    }
}

/// Whether nothing lies between a range's end and another's begin.
fn touches(integers: bool, end: &Limit, begin: &Limit) -> bool {
    match numeral::compare(&begin.value, &end.value) {
        Ordering::Less => true,
        Ordering::Equal => !begin.exclusive || !end.exclusive,
        Ordering::Greater => {
            let next = |limit: &Limit| (!limit.exclusive).then(|| numeral::integral(&limit.value)).flatten();
            integers && matches!((next(end), next(begin)), (Some(end), Some(begin)) if begin == end + 1)
        }
    }
}

/// Numbers of `own`, those first that are likely not to be of the others.
pub(crate) fn candidates(own: &NumberForm, others: &[&NumberForm]) -> Vec<Value> {
    let mut numbers: Vec<Number> = Vec::new();
    let mut add = |number: Option<Number>| numbers.extend(number);
    for value in ["0", "1", "0.5"] {
        add(value.parse().ok());
    }
    if let Gap::At(value) = Gap::of(own, others) {
        #[allow(clippy::cast_precision_loss, reason = "what is lost leads to another number near by")]
        add(numeral::from_integer(value).or_else(|| Number::from_f64(value as f64)));
    }
    for form in others.iter().copied().chain([own]) {
        for limit in form.min.iter().chain(&form.max) {
            add(Some(limit.value.clone()));
            for beside in [-1, 1] {
                add(numeral::floor(&limit.value).and_then(|value| numeral::from_integer(value + beside)));
            }
            let value = limit.value.as_f64().unwrap_or_default();
            for beside in [-0.5, 0.5, -1e-9, 1e-9] {
                add(Number::from_f64(value + beside));
                add(Number::from_f64(value * (1.0 + beside)));
            }
        }
    }
    for value in ["-1", "2", "3", "-0.5", "1.5", "0.1", "9007199254740993", "-9223372036854775808"] {
        add(value.parse().ok());
    }
    for value in ["18446744073709551615", "1e300", "-1e300", "18446744073709551616.0"] {
        add(value.parse().ok());
    }
    let starts: Vec<i128> = numbers.iter().filter_map(numeral::floor).collect();
    for factor in &own.multiples {
        if let Some(factor) = numeral::integral(factor).filter(|factor| *factor > 0) {
            let near = |start: &i128| start.div_euclid(factor).checked_mul(factor);
            let around = |at: i128| [at.checked_add(factor), at.checked_sub(factor), Some(at)];
            let near = starts.iter().filter_map(near).flat_map(around).flatten();
            numbers.extend(near.filter_map(numeral::from_integer));
        } else if let Some(factor) = factor.as_f64() {
            let times = [1.0, 2.0, 3.0, 5.0, 7.0, 10.0, -1.0, 1001.0];
            numbers.extend(times.into_iter().filter_map(|count| Number::from_f64(factor * count)));
        }
    }
    numbers.into_iter().filter(|number| accepts_number(own, number)).map(Value::Number).collect()
}
