//! Whether two types certainly share no value.

use crate::{
    automata::{self, Texts},
    fuel::Fuel,
    kind, numeral,
    steps::Steps,
    ty::{Form, Limit, NumberForm, ObjectForm, View},
    verdict::{Budget, Verdict, judge},
};
use std::cmp::Ordering;

/// How deep the proof may look.
const DEEPEST: usize = 24;

/// Whether no value is of both types. False where that is not proven.
pub(crate) fn disjoint(left: View<'_>, right: View<'_>, fuel: &mut Fuel) -> bool {
    apart(left, right, 0, fuel)
}

/// Whether no value is of this type. False where that is not proven.
pub(crate) fn is_empty(view: View<'_>, fuel: &mut Fuel) -> bool {
    vacant(view, &mut Vec::new(), fuel)
}

// A value has no part that is like itself, so what would need one of a type around it has no value.
fn vacant<'t>(view: View<'t>, around: &mut Vec<View<'t>>, fuel: &mut Fuel) -> bool {
    if around.iter().any(|open| open.key() == view.key()) {
        return true;
    }
    if around.len() > DEEPEST || !fuel.spend(1) {
        return false;
    }
    around.push(view);
    let empty = match view.form() {
        Form::Never => true,
        Form::Constants(constants) => constants.values.is_empty(),
        Form::Number(form) => no_number(form),
        Form::String(form) => no_text(&Texts::of(form), fuel),
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
    if Steps::of(form).is_some_and(Steps::is_empty) {
        return true;
    }
    let (Some(min), Some(max)) = (&form.min, &form.max) else { return false };
    match numeral::compare(&min.value, &max.value) {
        Ordering::Less => false,
        Ordering::Equal => min.exclusive || max.exclusive,
        Ordering::Greater => true,
    }
}

/// Whether there is no such string: none of these lengths matches all these patterns.
fn no_text(texts: &Texts<'_>, fuel: &mut Fuel) -> bool {
    if texts.max.is_some_and(|max| max < texts.min) {
        return true;
    }
    let may_be_none = texts.patterns.len() > 1 || (texts.patterns.len() == 1 && texts.max.is_some());
    may_be_none && automata::is_empty(texts, fuel)
}

/// The numbers that are of both.
fn both(a: &NumberForm, b: &NumberForm) -> NumberForm {
    let tighter = |own: &Option<Limit>, other: &Option<Limit>, looser: Ordering| match (own, other) {
        (Some(own), Some(other)) => {
            let order = numeral::compare(&own.value, &other.value);
            let other_is_tighter = order == looser || (order == Ordering::Equal && other.exclusive);
            Some(if other_is_tighter { other } else { own }.clone())
        }
        (own, other) => own.clone().or_else(|| other.clone()),
    };
    NumberForm {
        integer: a.integer || b.integer,
        min: tighter(&a.min, &b.min, Ordering::Less),
        max: tighter(&a.max, &b.max, Ordering::Greater),
        multiples: a.multiples.iter().chain(&b.multiples).cloned().collect(),
    }
}

fn apart(left: View<'_>, right: View<'_>, depth: usize, fuel: &mut Fuel) -> bool {
    if depth > DEEPEST || !fuel.spend(1) {
        return false;
    }
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
        (Form::Number(a), Form::Number(b)) => no_number(&both(a, b)),
        (Form::String(a), Form::String(b)) => {
            a.max.is_some_and(|max| max < b.min)
                || b.max.is_some_and(|max| max < a.min)
                || a.formats.iter().any(|own| b.formats.iter().any(|other| own.excludes(*other)))
                || no_text(&Texts::of(a).and(&Texts::of(b)), fuel)
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
                member(right, b, &property.name, fuel)
                    .is_some_and(|other| apart(left.child(property.ty), other, depth + 1, fuel))
            })) || (other
                && b.properties.iter().filter(|property| property.required).any(|property| {
                    member(left, a, &property.name, fuel)
                        .is_some_and(|other| apart(right.child(property.ty), other, depth + 1, fuel))
                }))
        }
        _ => false,
    }
}

/// A type that a member of this name is certainly of.
fn member<'t>(view: View<'t>, object: &ObjectForm, name: &str, fuel: &mut Fuel) -> Option<View<'t>> {
    if let Some(property) = object.property(name) {
        return Some(view.child(property.ty));
    }
    for (pattern, ty) in &object.patterns {
        if !fuel.spend_on_match(pattern, name.len()) {
            return None;
        }
        if pattern.is_match(name) {
            return Some(view.child(*ty));
        }
    }
    object.additional.map(|id| view.child(id))
}

fn none_of(values: &[serde_json::Value], view: View<'_>, fuel: &mut Fuel) -> bool {
    let mut budget = Budget::metered(std::mem::take(fuel));
    let apart = values.iter().all(|value| judge(view, value, 0, &mut budget) == Verdict::No);
    *fuel = budget.into_fuel();
    // Where the budget ends, the answer is no without being known.
    apart && !fuel.is_spent()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Origin, Type};
    use serde_json::{Map, Value, json};

    #[test]
    fn names_are_held_against_patterns_for_what_that_costs() {
        let ty = |schema: Value| Type::parse(&schema, Origin::Schema).unwrap();
        let patterns: Map<String, Value> = (0..40).map(|n| (format!("^a{n}$"), json!(true))).collect();
        let patterned = ty(json!({ "type": "object", "patternProperties": patterns }));
        let work = |count: usize| {
            let names: Vec<String> = (0..count).map(|n| format!("b{n}")).collect();
            let required = ty(json!({ "type": "object", "required": names }));
            let mut fuel = Fuel::of(1_000_000);
            assert!(!disjoint(required.view(), patterned.view(), &mut fuel));
            1_000_000 - fuel.left()
        };
        assert!(work(51) - work(1) >= 40 * 50);
    }
}
