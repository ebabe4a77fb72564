//! Arrays within arrays.

use super::{proof::Prover, witness::Search};
use crate::ty::{ArrayForm, Form, View};
use serde_json::Value;

/// Up to which length arrays are told apart by their length.
const LONGEST: u64 = 8;

/// The longest array that is written to show something.
const SHOWN: u64 = 10_000;

/// An array type with its form.
type Array<'t> = (View<'t>, &'t ArrayForm);

fn element((view, form): Array<'_>, position: usize) -> View<'_> {
    view.child(form.prefix.get(position).copied().unwrap_or(form.rest))
}

fn arrays<'t>(forms: &[View<'t>]) -> Vec<Array<'t>> {
    let array = |view: &View<'t>| match view.form() {
        Form::Array(form) => Some((*view, form)),
        _ => None,
    };
    forms.iter().filter_map(array).collect()
}

/// How many of the others are told apart by wrong elements of one array.
const MOST_MIXED: usize = 16;

/// Whether the arrays of `own` are all of `forms`.
pub(crate) fn within<'t>(
    prover: &mut Prover<'t>,
    a: View<'t>,
    own: &'t ArrayForm,
    forms: &[View<'t>],
) -> bool {
    let others = arrays(forms);
    if others.iter().any(|other| within_one(prover, (a, own), *other)) {
        return true;
    }
    if others.len() < 2 {
        return false;
    }
    match own.max {
        Some(max) if max <= LONGEST => (own.min..=max).all(|len| of_length(prover, (a, own), &others, len)),
        // Short ones are told apart by their length, the others are within one.
        _ => {
            let short = others.iter().filter_map(|(_, form)| form.max).filter(|max| *max <= LONGEST).max();
            let from = short.map_or(own.min, |short| own.min.max(short + 1));
            let long = ArrayForm { min: from, ..own.clone() };
            short.is_some()
                && (own.min..from).all(|len| of_length(prover, (a, own), &others, len))
                && others.iter().any(|other| within_one(prover, (a, &long), *other))
        }
    }
}

/// Whether the arrays of this length are all of `others`.
fn of_length<'t>(prover: &mut Prover<'t>, a: Array<'t>, others: &[Array<'t>], len: u64) -> bool {
    let others: Vec<Array<'t>> = others
        .iter()
        .copied()
        .filter(|(_, form)| {
            let within = form.min <= len && form.max.is_none_or(|max| len <= max);
            (prover.erased || within) && (prover.erased || !form.unique || a.1.unique || len < 2)
        })
        .collect();
    let Ok(len) = usize::try_from(len) else { return false };
    let mut assigned: Vec<Vec<View<'t>>> = vec![Vec::new(); len];
    covered(prover, a, &others, &mut assigned)
}

/// Whether each choice of one element of each of `others` to be outside of leaves some element without values.
fn covered<'t>(
    prover: &mut Prover<'t>,
    a: Array<'t>,
    others: &[Array<'t>],
    assigned: &mut Vec<Vec<View<'t>>>,
) -> bool {
    let Some((other, others)) = others.split_first() else { return false };
    for position in 0..assigned.len() {
        if !prover.spend(1) {
            return false;
        }
        if let Some(chosen) = assigned.get_mut(position) {
            chosen.push(element(*other, position));
        }
        let chosen = assigned.get(position).cloned().unwrap_or_default();
        let closed = prover.within(element(a, position), &chosen) || covered(prover, a, others, assigned);
        if let Some(chosen) = assigned.get_mut(position) {
            chosen.pop();
        }
        if !closed {
            return false;
        }
    }
    true
}

fn within_one<'t>(prover: &mut Prover<'t>, (view, own): (View<'t>, &ArrayForm), b: Array<'t>) -> bool {
    let other = b.1;
    let lengths = own.min >= other.min && other.max.is_none_or(|max| own.max.is_some_and(|own| own <= max));
    if !lengths && !prover.erased {
        return false;
    }
    if other.unique && !own.unique && !prover.erased && own.max.is_none_or(|max| max > 1) {
        return false;
    }
    let shown = own.prefix.len().max(other.prefix.len()) + 1;
    let shown = own.max.map_or(shown, |max| shown.min(usize::try_from(max).unwrap_or(shown)));
    (0..shown).all(|position| {
        let id = own.prefix.get(position).copied().unwrap_or(own.rest);
        prover.within(view.child(id), &[element(b, position)])
    })
}

/// An array of `a` that is likely not to be of `forms`.
pub(crate) fn outside<'t>(
    prover: &mut Search<'_, 't>,
    a: View<'t>,
    own: &'t ArrayForm,
    forms: &[View<'t>],
) -> Option<Value> {
    let others = arrays(forms);
    let mut lengths: Vec<u64> = vec![own.min];
    if !prover.erased() {
        for (_, other) in &others {
            lengths.extend(other.min.checked_sub(1));
            lengths.extend(other.max.map(|max| max.saturating_add(1)));
            lengths.extend(other.unique.then_some(2));
        }
    }
    let longest = others.iter().map(|(_, other)| other.prefix.len()).max().unwrap_or(0);
    let shown = own.prefix.len().max(longest) + 1;
    lengths.extend(1..=shown as u64);
    // So many that each of the others can find a wrong one of its own.
    lengths.push((shown + others.len().min(MOST_MIXED)) as u64 - 1);
    lengths.retain(|len| *len >= own.min && own.max.is_none_or(|max| *len <= max) && *len <= SHOWN);
    lengths.dedup();
    let refused = |search: &mut Search<'_, 't>, value: &Value| {
        search.is_value(a, value) && search.is_refused(forms, value)
    };
    for len in lengths {
        if !prover.spend(1) {
            return None;
        }
        // The others are out by their length already.
        let admits = |form: &ArrayForm| form.min <= len && form.max.is_none_or(|max| len <= max);
        let erased = prover.erased();
        let others: Vec<Array<'t>> =
            others.iter().copied().filter(|(_, form)| erased || admits(form)).collect();
        let len = usize::try_from(len).ok()?;
        let Some(plain) = elements(prover, (a, own), &others, len) else { continue };
        let value = Value::from(plain.clone());
        if refused(prover, &value) {
            return Some(value);
        }
        let mut odd = vec![Vec::new(); len.min(shown + others.len().min(MOST_MIXED))];
        if let Some(value) = mixed(prover, (a, own), &others, &plain, forms, &mut odd) {
            return Some(value);
        }
        if let Some(first) = plain.first() {
            let copies = (0..len).map(|_| prover.copied(first));
            let value = Value::from(copies.collect::<Option<Vec<_>>>()?);
            if refused(prover, &value) {
                return Some(value);
            }
        }
    }
    None
}

/// The elements `plain`, but for some that are outside what the others expect there: each of the others finds one.
fn mixed<'t>(
    search: &mut Search<'_, 't>,
    a: Array<'t>,
    others: &[Array<'t>],
    plain: &[Value],
    forms: &[View<'t>],
    odd: &mut Vec<Vec<View<'t>>>,
) -> Option<Value> {
    let Some((other, others)) = others.split_first() else {
        let mut elements = Vec::with_capacity(plain.len());
        for position in 0..plain.len() {
            let expected = odd.get(position).filter(|expected| !expected.is_empty());
            elements.push(match expected {
                Some(expected) => Some(search.outside(element(a, position), expected)?),
                None => None,
            });
        }
        let value = Value::from(filled(search, a, elements, plain)?);
        return (search.is_value(a.0, &value) && search.is_refused(forms, &value)).then_some(value);
    };
    for position in 0..odd.len() {
        if !search.spend(1) {
            return None;
        }
        let Some(expected) = odd.get_mut(position) else { continue };
        expected.push(element(*other, position));
        let expected = expected.clone();
        let found = if search.prover.within(element(a, position), &expected) {
            None
        } else {
            mixed(search, a, others, plain, forms, odd)
        };
        if found.is_some() {
            return found;
        }
        if let Some(expected) = odd.get_mut(position) {
            expected.pop();
        }
    }
    None
}

/// The elements that are chosen already, and for the others those of `plain`, or where none may be there twice, new ones.
fn filled<'t>(
    search: &mut Search<'_, 't>,
    a: Array<'t>,
    chosen: Vec<Option<Value>>,
    plain: &[Value],
) -> Option<Vec<Value>> {
    let mut avoided: Vec<Value> = chosen.iter().flatten().cloned().collect();
    let mut elements = Vec::with_capacity(plain.len());
    for (position, (chosen, plain)) in chosen.into_iter().zip(plain).enumerate() {
        elements.push(match chosen {
            Some(chosen) => chosen,
            None if a.1.unique => {
                let other = search.sample_besides(element(a, position), &[], &avoided)?;
                avoided.push(other.clone());
                other
            }
            None => search.copied(plain)?,
        });
    }
    Some(elements)
}

/// Elements of an array of this length.
fn elements<'t>(
    search: &mut Search<'_, 't>,
    a: Array<'t>,
    others: &[Array<'t>],
    len: usize,
) -> Option<Vec<Value>> {
    let mut elements: Vec<Value> = Vec::with_capacity(len);
    let settled = a.1.prefix.len().max(others.iter().map(|other| other.1.prefix.len()).max().unwrap_or(0));
    for position in 0..len {
        if !search.spend(1) {
            return None;
        }
        if position > settled && !a.1.unique {
            let last = search.copied(elements.last()?)?;
            elements.push(last);
            continue;
        }
        let likes: Vec<View<'t>> = others.iter().map(|other| element(*other, position)).collect();
        let avoided: &[Value] = if a.1.unique { &elements } else { &[] };
        let value = search.sample_besides(element(a, position), &likes, avoided)?;
        elements.push(value);
    }
    Some(elements)
}

/// An array of `a`.
pub(crate) fn sample<'t>(
    search: &mut Search<'_, 't>,
    a: View<'t>,
    own: &'t ArrayForm,
    likes: &[View<'t>],
) -> Option<Value> {
    let others = arrays(likes);
    let len = own.min.max(others.iter().map(|(_, other)| other.min).max().unwrap_or(0));
    let len = own.max.map_or(len, |max| len.min(max));
    for len in [len, own.min] {
        if len <= SHOWN
            && let Some(elements) = elements(search, (a, own), &others, usize::try_from(len).ok()?)
        {
            return Some(Value::from(elements));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::trial::{all, ty, work};
    use serde_json::{Value, json};

    fn list(element: &str, min: u64, max: Option<u64>) -> Value {
        let mut list = json!({ "type": "array", "items": { "type": element }, "minItems": min });
        if let Some(max) = max {
            list["maxItems"] = json!(max);
        }
        list
    }

    fn unique(mut list: Value) -> Value {
        list["uniqueItems"] = json!(true);
        list
    }

    fn any_of(branches: &[Value]) -> Value {
        json!({ "anyOf": branches })
    }

    #[test]
    fn without_repetition_is_what_has_one_element_at_most() {
        let into = unique(list("string", 0, None));
        all(&[
            (list("string", 0, Some(1)), into.clone(), true),
            (list("string", 0, Some(2)), into.clone(), false),
            (list("string", 0, None), into.clone(), false),
            (unique(list("string", 0, None)), into, true),
        ]);
    }

    #[test]
    fn arrays_are_told_apart_by_their_length() {
        let strings = |min: u64, max: Option<u64>| list("string", min, max);
        let empty_or = |other: Value| any_of(&[strings(0, Some(0)), other]);
        let by_length = any_of(&[strings(0, Some(0)), strings(1, Some(1)), strings(2, Some(2))]);
        all(&[
            (strings(0, Some(2)), by_length.clone(), true),
            (strings(0, Some(3)), by_length, false),
            (strings(0, None), empty_or(strings(1, None)), true),
            (strings(0, None), empty_or(strings(2, None)), false),
            (strings(0, None), any_of(&[strings(0, Some(8)), strings(9, None)]), true),
            // It is not told of each of ten million lengths.
            (strings(0, Some(10_000_000)), empty_or(strings(1, None)), true),
            (strings(0, Some(1)), empty_or(unique(strings(1, None))), true),
            (strings(0, Some(2)), empty_or(unique(strings(1, None))), false),
            (unique(strings(0, Some(3))), empty_or(unique(strings(1, None))), true),
        ]);
    }

    #[test]
    fn arrays_of_one_length_are_told_apart_by_their_elements() {
        let pair = |first: Value, second: &str| {
            json!({
                "type": "array", "prefixItems": [first, { "type": second }], "minItems": 2, "maxItems": 2
            })
        };
        let either = json!({ "type": ["string", "integer"] });
        let (string, integer) = (json!({ "type": "string" }), json!({ "type": "integer" }));
        all(&[
            (
                pair(either.clone(), "string"),
                any_of(&[pair(string.clone(), "string"), pair(integer.clone(), "string")]),
                true,
            ),
            (pair(either, "string"), any_of(&[pair(string, "string"), pair(integer, "integer")]), false),
        ]);
    }

    #[test]
    fn long_arrays_are_as_little_work_as_short_ones() {
        let of = |length: u64| {
            let expected = any_of(&[list("string", 0, Some(0)), list("string", 1, None)]);
            work(&ty(&list("string", 0, Some(length))), &ty(&expected))
        };
        assert_eq!(of(100), of(10_000_000));
    }
}
