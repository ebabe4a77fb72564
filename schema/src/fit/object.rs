//! Objects within objects.

mod search;

use super::proof::{Prover, any};
use crate::{
    fuel::Fuel,
    ty::{Form, ObjectForm, View},
};
pub(crate) use search::{outside, sample};

/// An object type with its form.
type Object<'t> = (View<'t>, &'t ObjectForm);

/// What a type says of a member of one name: it is of all these types.
struct Member<'t> {
    types: Vec<View<'t>>,
    required: bool,
}

/// `None` where it is too much work to find that.
fn member<'t>((view, form): Object<'t>, name: &str, fuel: &mut Fuel) -> Option<Member<'t>> {
    if let Some(property) = form.property(name) {
        return Some(Member { types: vec![view.child(property.ty)], required: property.required });
    }
    let mut types = Vec::new();
    for (pattern, ty) in &form.patterns {
        if !fuel.spend_on_match(pattern, name.len()) {
            return None;
        }
        if pattern.is_match(name) {
            types.push(view.child(*ty));
        }
    }
    if types.is_empty() {
        types.push(form.additional.map_or(any(), |id| view.child(id)));
    }
    Some(Member { types, required: false })
}

fn objects<'t>(forms: &[View<'t>]) -> Vec<Object<'t>> {
    let object = |view: &View<'t>| match view.form() {
        Form::Object(form) => Some((*view, form)),
        _ => None,
    };
    forms.iter().filter_map(object).collect()
}

/// Something one type says of objects, that not all of another satisfy.
#[derive(Clone, Copy)]
enum Demand<'t> {
    /// A member of this name is of this type; it may be absent, or not.
    Member {
        name: &'t str,
        ty: View<'t>,
        required: bool,
    },
    /// Members that nobody names.
    Rest,
    AtLeast(u64),
    AtMost(u64),
}

/// Whether the objects of `own` are all of `forms`.
pub(crate) fn within<'t>(
    prover: &mut Prover<'t>,
    a: View<'t>,
    own: &'t ObjectForm,
    forms: &[View<'t>],
) -> bool {
    let others = objects(forms);
    if let [other] = others[..] {
        return unmet(prover, (a, own), other, true).is_empty();
    }
    if others.iter().any(|other| unmet(prover, (a, own), *other, true).is_empty()) {
        return true;
    }
    let mut open: Vec<Vec<Demand<'t>>> = Vec::new();
    for other in &others {
        if !prover.spend(1) {
            return false;
        }
        if prover.apart(a, other.0) {
            continue;
        }
        let demands = unmet(prover, (a, own), *other, false);
        if demands.is_empty() {
            return true;
        }
        // What not all satisfy of members nobody names, nothing else makes up for.
        open.push(demands);
    }
    open.sort_by_key(Vec::len);
    covered(prover, (a, own), &open, &mut Vec::new())
}

/// Whether each choice of one demand of each type to break leaves no object.
fn covered<'t>(
    prover: &mut Prover<'t>,
    a: Object<'t>,
    open: &[Vec<Demand<'t>>],
    broken: &mut Vec<Demand<'t>>,
) -> bool {
    let Some((demands, rest)) = open.split_first() else { return false };
    for demand in demands {
        if !prover.spend(1 + broken.len()) {
            return false;
        }
        broken.push(*demand);
        let closed = is_closed(prover, a, broken) || covered(prover, a, rest, broken);
        broken.pop();
        if !closed {
            return false;
        }
    }
    true
}

/// Whether no object of `a` can break all these demands, the last of which is new.
fn is_closed<'t>(prover: &mut Prover<'t>, a: Object<'t>, broken: &[Demand<'t>]) -> bool {
    let Some(last) = broken.last() else { return false };
    match last {
        Demand::Member { name, .. } => {
            let Some(own) = member(a, name, prover.fuel()) else { return false };
            let mut types = Vec::new();
            let mut absent_broken = own.required;
            for demand in broken {
                if let Demand::Member { name: other, ty, required } = demand
                    && other == name
                {
                    types.push(*ty);
                    absent_broken |= !required;
                }
            }
            // An absent member breaks only demands for one that must be there.
            absent_broken && own.types.iter().any(|own| prover.within(*own, &types))
        }
        Demand::AtLeast(min) => {
            broken.iter().any(|demand| matches!(demand, Demand::AtMost(max) if max + 1 >= *min))
        }
        Demand::AtMost(max) => {
            broken.iter().any(|demand| matches!(demand, Demand::AtLeast(min) if max + 1 >= *min))
        }
        Demand::Rest => false,
    }
}

/// What of `b` not all objects of `a` certainly satisfy; of one type only the first, where that is all one asks.
fn unmet<'t>(prover: &mut Prover<'t>, a: Object<'t>, b: Object<'t>, first_only: bool) -> Vec<Demand<'t>> {
    let mut unmet = Vec::new();
    let own_required = a.1.properties.iter().filter(|property| property.required).count() as u64;
    if !prover.erased {
        if b.1.min > a.1.min.max(own_required) {
            unmet.push(Demand::AtLeast(b.1.min));
        }
        if let Some(max) = b.1.max.filter(|max| most(a).is_none_or(|most| most > *max)) {
            unmet.push(Demand::AtMost(max));
        }
    }
    for property in &b.1.properties {
        if first_only && !unmet.is_empty() || !prover.spend(1) {
            unmet.push(Demand::Rest);
            return unmet;
        }
        let ty = b.0.child(property.ty);
        let demand = Demand::Member { name: &property.name, ty, required: property.required };
        if let Some(own) = a.1.property(&property.name) {
            let there = own.required || !property.required;
            if !there || !prover.within(a.0.child(own.ty), &[ty]) {
                unmet.push(demand);
            }
        } else {
            let own = if property.required { None } else { member(a, &property.name, prover.fuel()) };
            if !own.is_some_and(|own| own.types.into_iter().any(|own| prover.within(own, &[ty]))) {
                unmet.push(demand);
            }
        }
    }
    let limits_others = b.1.additional.is_some_and(|id| !b.0.child(id).is_any()) || !b.1.patterns.is_empty();
    if !limits_others {
        return unmet;
    }
    for property in &a.1.properties {
        if first_only && !unmet.is_empty() || !prover.spend(1) {
            unmet.push(Demand::Rest);
            return unmet;
        }
        if b.1.property(&property.name).is_none() {
            let Some(other) = member(b, &property.name, prover.fuel()) else {
                unmet.push(Demand::Rest);
                return unmet;
            };
            for ty in other.types {
                if !prover.within(a.0.child(property.ty), &[ty]) {
                    unmet.push(Demand::Member { name: &property.name, ty, required: false });
                }
            }
        }
    }
    if !rest_within(prover, a, b) {
        unmet.push(Demand::Rest);
    }
    unmet
}

/// How many members an object can have.
fn most((view, form): Object<'_>) -> Option<u64> {
    let closed = form.additional.is_some_and(|id| view.child(id).is_never())
        && form.patterns.iter().all(|(_, ty)| view.child(*ty).is_never());
    let named = form.properties.iter().filter(|property| !view.child(property.ty).is_never()).count() as u64;
    form.max.into_iter().chain(closed.then_some(named)).min()
}

/// Whether the members of `a` that neither names satisfy what `b` says of them.
fn rest_within<'t>(prover: &mut Prover<'t>, a: Object<'t>, b: Object<'t>) -> bool {
    let own_required = a.1.properties.iter().filter(|property| property.required).count() as u64;
    if a.1.max.is_some_and(|max| max <= own_required) {
        return true;
    }
    let additional = |(view, form): Object<'t>| form.additional.map_or(any(), |id| view.child(id));
    let (own_rest, other_rest) = (additional(a), additional(b));
    // The types that a name which matches this pattern has for that alone.
    let same = |(view, form): Object<'t>, pattern: &crate::text::Pattern| -> Vec<View<'t>> {
        let alike = form.patterns.iter().filter(|(other, _)| other == pattern);
        alike.map(|(_, ty)| view.child(*ty)).collect()
    };
    for (pattern, ty) in &b.1.patterns {
        let expected = b.0.child(*ty);
        let alike = same(a, pattern);
        let held = if alike.is_empty() {
            prover.within(own_rest, &[expected])
                && a.1.patterns.iter().all(|(_, own)| prover.within(a.0.child(*own), &[expected]))
        } else {
            alike.into_iter().any(|own| prover.within(own, &[expected]))
        };
        if !held {
            return false;
        }
    }
    // What matches a pattern of `b` is no concern of its rest.
    let is_named = |prover: &mut Prover<'t>, own: &crate::text::Pattern| {
        let mut others = b.1.patterns.iter();
        others.any(|(other, _)| other == own || super::string::matches_all(prover, other, own))
    };
    a.1.patterns
        .iter()
        .all(|(pattern, own)| prover.within(a.0.child(*own), &[other_rest]) || is_named(prover, pattern))
        && (prover.within(own_rest, &[other_rest])
            || a.1
                .patterns
                .iter()
                .chain(&b.1.patterns)
                .any(|(pattern, _)| super::string::takes_all(prover, pattern)))
}

#[cfg(test)]
mod tests;
