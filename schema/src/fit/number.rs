//! Numbers within numbers.

use super::{gaps::Gap, proof::Prover};
use crate::{
    fuel::Fuel,
    numeral,
    steps::{self, Steps},
    ty::{Form, Limit, NumberForm, View},
    verdict::accepts_number,
};
use serde_json::{Number, Value};
use std::cmp::Ordering;

/// Up to how many integers are looked at one by one.
const FEW: i128 = 256;

/// How much work it is to hold a number against the bounds of a form, or one of its multiples.
const JUDGING: usize = 2;

/// How many constants stand beside number types.
const MOST_LISTED: usize = 64;

/// Whether the numbers of `own` are all of one of `forms`, or of several together.
pub(crate) fn within<'t>(prover: &mut Prover<'t>, own: &NumberForm, forms: &[View<'t>]) -> bool {
    let listed: Vec<NumberForm> = forms.iter().flat_map(|b| listed(*b)).collect();
    let ranges: Vec<&NumberForm> = forms
        .iter()
        .filter_map(|b| if let Form::Number(form) = b.form() { Some(form) } else { None })
        .collect();
    if prover.erased && ranges.iter().any(|form| !form.integer || is_integral(own)) {
        return true;
    }
    let forms: Vec<&NumberForm> = ranges.into_iter().chain(&listed).collect();
    prover.spend(forms.len() * forms.len())
        && (Gap::of(own, &forms, prover.fuel()) == Gap::None || covered(own, &forms))
}

/// Whether all numbers of a form are integers.
fn is_integral(form: &NumberForm) -> bool {
    form.integer
        || Steps::of(form).is_some()
        || few(form).is_some_and(|few| few.iter().filter_map(Value::as_number).all(steps::is_integral))
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

/// Whether each number of `own` at which some form begins or ends is of one of `forms`, and so are all between two such.
fn covered(own: &NumberForm, forms: &[&NumberForm]) -> bool {
    let limits = forms.iter().chain([&own]).flat_map(|form| form.min.iter().chain(&form.max));
    let mut cuts: Vec<&Number> = limits.map(|limit| &limit.value).collect();
    cuts.sort_by(|a, b| numeral::compare(a, b));
    let is_covered = |cut: &&Number| forms.iter().any(|form| accepts_number(form, cut));
    let from = [None].into_iter().chain(cuts.iter().copied().map(Some));
    let to = cuts.iter().copied().map(Some).chain([None]);
    cuts.iter().filter(|cut| accepts_number(own, cut)).all(is_covered)
        && from.zip(to).filter(|between| reaches_into(own, *between)).all(|(from, to)| {
            forms.iter().any(|form| {
                (own.integer || !form.integer)
                    && divides(own, form)
                    && form.min.as_ref().is_none_or(|min| from.is_some_and(|from| !is_less(from, &min.value)))
                    && form.max.as_ref().is_none_or(|max| to.is_some_and(|to| !is_less(&max.value, to)))
            })
        })
}

/// Whether the bounds of `own` let it have numbers between two others.
fn reaches_into(own: &NumberForm, (from, to): (Option<&Number>, Option<&Number>)) -> bool {
    let (least, greatest) = (limit(own, true), limit(own, false));
    let ends = greatest.zip(from).is_some_and(|(greatest, from)| !is_less(from, &greatest));
    let begins = least.zip(to).is_some_and(|(least, to)| !is_less(&least, to));
    !ends && !begins
}

/// The bound of a form; integers have one always.
fn limit(form: &NumberForm, lower: bool) -> Option<Number> {
    let (own, extreme) =
        if lower { (&form.min, numeral::INTEGERS.0) } else { (&form.max, numeral::INTEGERS.1) };
    let own = own.as_ref().map(|limit| limit.value.clone());
    own.or_else(|| numeral::from_integer(extreme).filter(|_| form.integer))
}

fn is_less(a: &Number, b: &Number) -> bool {
    numeral::compare(a, b) == Ordering::Less
}

/// Numbers of `own`, those first that are likely not to be of the others.
pub(crate) fn candidates(own: &NumberForm, others: &[&NumberForm], fuel: &mut Fuel) -> Vec<Value> {
    let mut numbers: Vec<Number> = Vec::new();
    let mut add = |number: Option<Number>| numbers.extend(number);
    for value in ["0", "1", "0.5"] {
        add(value.parse().ok());
    }
    let gap = match Gap::of(own, others, fuel) {
        #[allow(clippy::cast_precision_loss, reason = "what is lost leads to another number near by")]
        Gap::At(value) => numeral::from_integer(value).or_else(|| Number::from_f64(value as f64)),
        Gap::None | Gap::Unknown => None,
    };
    // Where there are no others, it is the least number, and seldom a plain one.
    add(gap.clone().filter(|_| !others.is_empty()));
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
        if let Some(factor) = numeral::integral(factor) {
            let near = |start: &i128| start.checked_div_euclid(factor)?.checked_mul(factor);
            let around = |at: i128| [at.checked_add(factor), at.checked_sub(factor), Some(at)];
            let near = starts.iter().filter_map(near).flat_map(around).flatten();
            numbers.extend(near.filter_map(numeral::from_integer));
        } else if let Some(factor) = factor.as_f64() {
            let times = [1.0, 2.0, 3.0, 5.0, 7.0, 10.0, -1.0, 1001.0];
            numbers.extend(times.into_iter().filter_map(|count| Number::from_f64(factor * count)));
        }
    }
    let work = JUDGING * (1 + own.multiples.len());
    let is_own = |number: &Number| fuel.spend(work) && accepts_number(own, number);
    numbers.into_iter().chain(gap).filter(is_own).map(Value::Number).collect()
}

#[cfg(test)]
mod tests {
    use super::super::trial::{all, ty, work};
    use serde_json::{Value, json};

    fn number(bounds: &Value) -> Value {
        let mut schema = bounds.clone();
        schema["type"] = json!("number");
        schema
    }

    #[test]
    fn multiples_of_multiples_are_multiples() {
        let of = |factors: &[f64]| {
            let multiples: Vec<Value> =
                factors.iter().map(|factor| json!({ "multipleOf": factor })).collect();
            json!({ "type": "number", "allOf": multiples })
        };
        let mut integer = of(&[1.5]);
        integer["type"] = json!("integer");
        all(&[
            (of(&[6.0]), of(&[3.0]), true),
            (of(&[6.0]), of(&[4.0]), false),
            // There are too many multiples with and without fractions to look at each.
            (of(&[6.0, 1.5]), of(&[3.0]), true),
            (of(&[6.0, 1.5]), of(&[4.0]), false),
            (of(&[3.0, 1.5]), of(&[6.0]), false),
            (of(&[1.5]), of(&[1.5]), true),
            (of(&[1.5]), of(&[1.0]), false),
            (integer.clone(), of(&[1.0]), true),
            (integer.clone(), of(&[1.0, 1.5]), true),
            (integer, of(&[2.0]), false),
        ]);
    }

    #[test]
    fn it_is_paid_for_that_each_of_several_numbers_is_held_against_each() {
        let of = |count: i32| {
            let apart = (0..count).map(|n| number(&json!({ "minimum": 3 * n, "maximum": 3 * n + 1 })));
            let several = ty(&json!({ "anyOf": apart.collect::<Vec<_>>() }));
            work(&ty(&number(&json!({ "minimum": 0, "maximum": 2 }))), &several)
        };
        assert!(of(20) - of(10) >= 20 * 20 - 10 * 10);
    }
}
