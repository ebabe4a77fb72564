//! Equality: of JSON values, and of types.

use crate::{
    kind,
    material::canonical,
    numeral,
    ty::{ArrayForm, Form, Limit, NodeId, NumberForm, ObjectForm, Tag, Type, UnionForm, View},
};
use serde_json::{Number, Value};
use std::{cmp::Ordering, collections::HashSet};

/// Whether two numbers are the same, `1` and `1.0` being so.
pub(crate) fn same_number(left: &Number, right: &Number) -> bool {
    numeral::compare(left, right) == Ordering::Equal
}

/// Deep JSON equality: the order of members does not matter, nor how a number is written. Values here come from
/// schemas, whose depth is bounded, or are compared with one.
pub(crate) fn same_value(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => same_number(left, right),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same_value(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(name, value)| right.get(name).is_some_and(|other| same_value(value, other)))
        }
        (left, right) => left == right,
    }
}

impl PartialEq for Type {
    /// Whether both have the same structure; branches of one kind in the same order. Recursive types are equal when no path tells them apart.
    fn eq(&self, other: &Self) -> bool {
        let mut pending = vec![(self.view(), other.view())];
        let mut assumed = HashSet::new();
        while let Some((left, right)) = pending.pop() {
            if left.key() == right.key() || !assumed.insert((left.key(), right.key())) {
                continue;
            }
            if !same_level(left, right, &mut pending) {
                return false;
            }
        }
        true
    }
}

/// Compares one level, and leaves to `pending` what lies below.
fn same_level<'t>(left: View<'t>, right: View<'t>, pending: &mut Vec<(View<'t>, View<'t>)>) -> bool {
    let mut below = |a: NodeId, b: NodeId| pending.push((left.child(a), right.child(b)));
    match (left.form(), right.form()) {
        (Form::Any, Form::Any)
        | (Form::Never, Form::Never)
        | (Form::Null, Form::Null)
        | (Form::Boolean, Form::Boolean) => true,
        (Form::Number(a), Form::Number(b)) => same_numbers(a, b),
        (Form::String(a), Form::String(b)) => {
            a.min == b.min && a.max == b.max && a.patterns == b.patterns && a.formats == b.formats
        }
        (Form::Array(a), Form::Array(b)) => same_arrays(a, b, &mut below),
        (Form::Object(a), Form::Object(b)) => {
            let closed_alike = a.additional.is_some() || left.document.origin == right.document.origin;
            closed_alike && same_objects(a, b, &mut below)
        }
        (Form::Constants(a), Form::Constants(b)) => {
            a.values.len() == b.values.len() && {
                let theirs: HashSet<String> = b.values.iter().map(canonical).collect();
                a.values.iter().all(|value| theirs.contains(&canonical(value)))
            }
        }
        (Form::Union(a), Form::Union(b)) => same_unions((left, a), (right, b), pending),
        (Form::Opaque(a), Form::Opaque(b)) => {
            below(a.outline, b.outline);
            a.same_judge(left.document, b, right.document)
        }
        _ => false,
    }
}

fn same_numbers(a: &NumberForm, b: &NumberForm) -> bool {
    let same_limit = |a: &Option<Limit>, b: &Option<Limit>| match (a, b) {
        (Some(a), Some(b)) => a.exclusive == b.exclusive && same_number(&a.value, &b.value),
        (None, None) => true,
        _ => false,
    };
    a.integer == b.integer
        && same_limit(&a.min, &b.min)
        && same_limit(&a.max, &b.max)
        && a.multiples.len() == b.multiples.len()
        && a.multiples.iter().zip(&b.multiples).all(|(a, b)| same_number(a, b))
}

fn same_arrays(a: &ArrayForm, b: &ArrayForm, below: &mut impl FnMut(NodeId, NodeId)) -> bool {
    if a.prefix.len() != b.prefix.len() || (a.min, a.max, a.unique) != (b.min, b.max, b.unique) {
        return false;
    }
    a.prefix.iter().zip(&b.prefix).for_each(|(a, b)| below(*a, *b));
    below(a.rest, b.rest);
    true
}

fn same_objects(a: &ObjectForm, b: &ObjectForm, below: &mut impl FnMut(NodeId, NodeId)) -> bool {
    let alike = a.properties.len() == b.properties.len()
        && a.patterns.len() == b.patterns.len()
        && a.additional.is_some() == b.additional.is_some()
        && (a.min, a.max) == (b.min, b.max);
    if !alike {
        return false;
    }
    for (a, b) in a.properties.iter().zip(&b.properties) {
        if a.name != b.name || a.required != b.required {
            return false;
        }
        below(a.ty, b.ty);
    }
    for (a, b) in a.patterns.iter().zip(&b.patterns) {
        if a.0 != b.0 {
            return false;
        }
        below(a.1, b.1);
    }
    if let (Some(a), Some(b)) = (a.additional, b.additional) {
        below(a, b);
    }
    true
}

fn same_unions<'t>(
    (left, a): (View<'t>, &UnionForm),
    (right, b): (View<'t>, &UnionForm),
    pending: &mut Vec<(View<'t>, View<'t>)>,
) -> bool {
    let property = |tag: &Option<Tag>| tag.as_ref().map(|tag| tag.property.clone());
    if a.branches.len() != b.branches.len()
        || a.exactly_one != b.exactly_one
        || property(&a.tag) != property(&b.tag)
    {
        return false;
    }
    // `string | null` is `null | string`.
    let sorted = |view: View<'t>, union: &UnionForm| {
        let mut branches: Vec<View<'t>> = union.branches.iter().map(|branch| view.child(*branch)).collect();
        branches.sort_by_key(|branch| kind::of(*branch));
        branches
    };
    pending.extend(sorted(left, a).into_iter().zip(sorted(right, b)));
    true
}
