//! Whether two types certainly share no value.

use crate::{
    kind, numeral,
    ty::{Form, NumberForm, ObjectForm, View},
    verdict::{Budget, Verdict, judge},
};
use std::cmp::Ordering;

/// How deep the proof may look.
const DEEPEST: usize = 24;

/// Whether no value is of both types. False where that is not proven.
pub(crate) fn disjoint(left: View<'_>, right: View<'_>, fuel: &mut usize) -> bool {
    apart(left, right, 0, fuel)
}

/// Whether no value is of this type. False where that is not proven.
pub(crate) fn is_empty(view: View<'_>, fuel: &mut usize) -> bool {
    vacant(view, &mut Vec::new(), fuel)
}

// A value has no part that is like itself, so what would need one of a type around it has no value.
fn vacant<'t>(view: View<'t>, around: &mut Vec<View<'t>>, fuel: &mut usize) -> bool {
    if around.iter().any(|open| open.key() == view.key()) {
        return true;
    }
    if around.len() > DEEPEST || *fuel == 0 {
        return false;
    }
    *fuel -= 1;
    around.push(view);
    let empty = match view.form() {
        Form::Never => true,
        Form::Constants(constants) => constants.values.is_empty(),
        Form::Number(form) => no_number(form),
        Form::Union(union) => union.branches.iter().all(|branch| vacant(view.child(*branch), around, fuel)),
        Form::Opaque(opaque) => vacant(view.child(opaque.outline), around, fuel),
        Form::Object(object) => object
            .properties
            .iter()
            .any(|property| property.required && vacant(view.child(property.ty), around, fuel)),
        Form::Array(array) => {
            let needed = usize::try_from(array.min).unwrap_or(usize::MAX).min(array.prefix.len() + 1);
            (0..needed).any(|position| {
                let ty = view.child(array.prefix.get(position).copied().unwrap_or(array.rest));
                vacant(ty, around, fuel)
            })
        }
        _ => false,
    };
    around.pop();
    empty
}

fn no_number(form: &NumberForm) -> bool {
    let (Some(min), Some(max)) = (&form.min, &form.max) else { return false };
    match numeral::compare(&min.value, &max.value) {
        Ordering::Less => false,
        Ordering::Equal => min.exclusive || max.exclusive,
        Ordering::Greater => true,
    }
}

fn apart(left: View<'_>, right: View<'_>, depth: usize, fuel: &mut usize) -> bool {
    if depth > DEEPEST || *fuel == 0 {
        return false;
    }
    *fuel -= 1;
    if !kind::of(left).has(kind::of(right)) {
        return true;
    }
    match (left.form(), right.form()) {
        (Form::Constants(constants), _) => none_of(&constants.values, right, fuel),
        (_, Form::Constants(constants)) => none_of(&constants.values, left, fuel),
        (Form::Union(union), _) => {
            union.branches.iter().all(|branch| apart(left.child(*branch), right, depth + 1, fuel))
        }
        (_, Form::Union(union)) => {
            union.branches.iter().all(|branch| apart(left, right.child(*branch), depth + 1, fuel))
        }
        (Form::Opaque(opaque), _) => apart(left.child(opaque.outline), right, depth + 1, fuel),
        (_, Form::Opaque(opaque)) => apart(left, right.child(opaque.outline), depth + 1, fuel),
        (Form::Number(a), Form::Number(b)) => below(a, b) || below(b, a),
        (Form::String(a), Form::String(b)) => {
            a.max.is_some_and(|max| max < b.min)
                || b.max.is_some_and(|max| max < a.min)
                || a.formats.iter().any(|own| b.formats.iter().any(|other| own.excludes(*other)))
        }
        (Form::Array(a), Form::Array(b)) => {
            if a.max.is_some_and(|max| max < b.min) || b.max.is_some_and(|max| max < a.min) {
                return true;
            }
            // Up to the greater of both least lengths, a common value has an element that is of both types.
            let certain = usize::try_from(a.min.max(b.min)).unwrap_or(usize::MAX);
            let shown = a.prefix.len().max(b.prefix.len()) + 1;
            (0..certain.min(shown)).any(|position| {
                let own = left.child(a.prefix.get(position).copied().unwrap_or(a.rest));
                let other = right.child(b.prefix.get(position).copied().unwrap_or(b.rest));
                apart(own, other, depth + 1, fuel)
            })
        }
        (Form::Object(a), Form::Object(b)) => {
            // A member that one requires is there in a common value, and is of both types.
            let required = |object: &ObjectForm| object.properties.iter().any(|property| property.required);
            let (own, other) = (required(a), required(b));
            (own && a.properties.iter().filter(|property| property.required).any(|property| {
                member(right, b, &property.name)
                    .is_some_and(|other| apart(left.child(property.ty), other, depth + 1, fuel))
            })) || (other
                && b.properties.iter().filter(|property| property.required).any(|property| {
                    member(left, a, &property.name)
                        .is_some_and(|other| apart(right.child(property.ty), other, depth + 1, fuel))
                }))
        }
        _ => false,
    }
}

/// A type that a member of this name is certainly of.
fn member<'t>(view: View<'t>, object: &ObjectForm, name: &str) -> Option<View<'t>> {
    let named = object.property(name).map(|property| property.ty);
    let matching = || object.patterns.iter().find(|(pattern, _)| pattern.is_match(name)).map(|(_, ty)| *ty);
    named.or_else(matching).or(object.additional).map(|id| view.child(id))
}

fn none_of(values: &[serde_json::Value], view: View<'_>, fuel: &mut usize) -> bool {
    let mut budget = Budget::of(*fuel);
    let apart = values.iter().all(|value| judge(view, value, 0, &mut budget) == Verdict::No);
    *fuel = budget.left();
    // Where the budget ends, the answer is no without being known.
    apart && *fuel > 0
}

fn below(lower: &NumberForm, upper: &NumberForm) -> bool {
    let (Some(max), Some(min)) = (&lower.max, &upper.min) else { return false };
    match numeral::compare(&max.value, &min.value) {
        Ordering::Less => true,
        Ordering::Equal => max.exclusive || min.exclusive,
        Ordering::Greater => false,
    }
}
