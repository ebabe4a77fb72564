//! A value of one type that is none of another.

use super::sample;
use crate::{
    kind,
    ty::{ArrayForm, Form, NodeId, ObjectForm, Type, View},
    verdict::{Budget, Verdict, judge},
};
use serde_json::{Map, Value};

/// How deep the search looks into both types.
const DEEPEST: usize = 24;

/// How many parts of types one search may look at.
const FUEL: usize = 4_000;

/// How much work the judgement of what it tries may take.
const STEPS: usize = 400_000;

/// How often a value is judged at most.
const TRIES: usize = 400;

/// A value of `a` that `b` refuses; where there is none, or none was found, `None`.
pub(super) fn between(a: &Type, b: &Type) -> Option<Value> {
    let mut search = Search { fuel: FUEL, steps: STEPS, tries: TRIES };
    search.refute(a.view(), b.view(), 0)
}

struct Search {
    fuel: usize,
    steps: usize,
    tries: usize,
}

impl Search {
    /// Whether a value is of `a` and not of `b`, both for certain.
    fn parts(&mut self, value: &Value, a: View<'_>, b: View<'_>) -> bool {
        if self.tries == 0 {
            return false;
        }
        self.tries -= 1;
        let mut budget = Budget::of(self.steps);
        let parts = judge(b, value, 0, &mut budget) == Verdict::No
            && !budget.is_spent()
            && judge(a, value, 0, &mut budget) == Verdict::Yes;
        self.steps = budget.left();
        parts && !budget.is_spent()
    }

    fn first(&mut self, values: impl IntoIterator<Item = Value>, a: View<'_>, b: View<'_>) -> Option<Value> {
        values.into_iter().find(|value| self.parts(value, a, b))
    }

    fn refute(&mut self, a: View<'_>, b: View<'_>, depth: usize) -> Option<Value> {
        if depth > DEEPEST || self.fuel == 0 || self.tries == 0 || b.is_any() || a.key() == b.key() {
            return None;
        }
        self.fuel -= 1;
        let found = match (a.form(), b.form()) {
            (Form::Union(union), _) => {
                let branches: Vec<NodeId> = ordered(a, &union.branches, b);
                branches.into_iter().find_map(|branch| {
                    let value = self.refute(a.child(branch), b, depth + 1)?;
                    // Of exactly one branch: another may have it, too.
                    (!union.exactly_one || self.parts(&value, a, b)).then_some(value)
                })
            }
            (Form::Opaque(opaque), _) => {
                let value = self.refute(a.child(opaque.outline), b, depth + 1);
                value.filter(|value| self.parts(value, a, b))
            }
            (_, Form::Opaque(opaque)) => {
                self.refute(a, b.child(opaque.outline), depth + 1).filter(|value| self.parts(value, a, b))
            }
            (Form::Object(object), Form::Union(union)) => {
                let branches = union.branches.iter().map(|branch| b.child(*branch));
                let objects = branches.filter(|branch| kind::of(*branch).has(kind::Kinds::OBJECT));
                objects.take(16).find_map(|branch| self.object((a, object), branch, b, depth))
            }
            (Form::Array(array), Form::Union(union)) => {
                let branches = union.branches.iter().map(|branch| b.child(*branch));
                let arrays: Vec<View<'_>> =
                    branches.filter(|branch| kind::of(*branch).has(kind::Kinds::ARRAY)).collect();
                arrays
                    .iter()
                    .take(16)
                    .find_map(|branch| self.array((a, array), *branch, b, depth))
                    .or_else(|| self.mixed((a, array), &arrays, b, depth))
            }
            (Form::Object(object), _) => self.object((a, object), b, b, depth),
            (Form::Array(array), _) => self.array((a, array), b, b, depth),
            _ => None,
        };
        found.or_else(|| {
            let values = sample::variants(a, 0, &mut self.fuel);
            self.first(values, a, b)
        })
    }

    /// An object of `a` that lacks what `branch` requires, has what it forbids or has a member of a wrong type; it is
    /// held against the whole of `b`.
    fn object(
        &mut self,
        (a, own): (View<'_>, &ObjectForm),
        branch: View<'_>,
        b: View<'_>,
        depth: usize,
    ) -> Option<Value> {
        let Some(Value::Object(base)) = sample::sample(a, &mut self.fuel) else { return None };
        if let found @ Some(_) = self.first([Value::Object(base.clone())], a, b) {
            return found;
        }
        let Form::Object(other) = branch.form() else { return None };
        let with = |name: &str, value: Value| {
            let mut members: Map<String, Value> = base.clone();
            members.insert(name.to_owned(), value);
            Value::Object(members)
        };
        for property in &own.properties {
            let Some(expected) = member(branch, other, &property.name) else { continue };
            if let Some(value) = self.refute(a.child(property.ty), expected, depth + 1)
                && let found @ Some(_) = self.first([with(&property.name, value)], a, b)
            {
                return found;
            }
        }
        for property in &other.properties {
            if own.property(&property.name).is_none()
                && let Some(found) = member_or_any(a, own, &property.name)
                && let Some(value) = self.refute(found.view(), branch.child(property.ty), depth + 1)
                && let found @ Some(_) = self.first([with(&property.name, value)], a, b)
            {
                return found;
            }
        }
        self.further((a, own), (branch, other), &base, b, depth)
    }

    /// The same by members that neither names, or by how many there are.
    fn further(
        &mut self,
        (a, own): (View<'_>, &ObjectForm),
        (branch, other): (View<'_>, &ObjectForm),
        base: &Map<String, Value>,
        b: View<'_>,
        depth: usize,
    ) -> Option<Value> {
        let patterns = own.patterns.iter().chain(&other.patterns).take(8);
        let mut names: Vec<String> = vec!["more".to_owned(), "1".to_owned(), "_".to_owned()];
        names.extend(patterns.flat_map(|(pattern, _)| super::matching::texts(pattern, 0)));
        for name in names.iter().filter(|name| own.property(name).is_none()) {
            let Some(found) = member_or_any(a, own, name) else { continue };
            let expected = member(branch, other, name);
            let wrong = expected.and_then(|expected| self.refute(found.view(), expected, depth + 1));
            let plain = sample::sample(found.view(), &mut self.fuel);
            for value in wrong.into_iter().chain(plain) {
                let mut members = base.clone();
                members.insert(name.clone(), value);
                if let found @ Some(_) = self.first([Value::Object(members)], a, b) {
                    return found;
                }
            }
        }
        let mut members = base.clone();
        for property in &own.properties {
            if let Some(value) = sample::sample(a.child(property.ty), &mut self.fuel) {
                members.entry(property.name.to_string()).or_insert(value);
            }
        }
        let most = other.max.unwrap_or(0).min(64);
        for number in 0..=most {
            if let Some(value) = sample::extra(a, own, 0, &mut self.fuel) {
                members.entry(format!("more{number}")).or_insert(value);
            }
        }
        self.first([Value::Object(members)], a, b)
    }

    fn array(
        &mut self,
        (a, own): (View<'_>, &ArrayForm),
        branch: View<'_>,
        b: View<'_>,
        depth: usize,
    ) -> Option<Value> {
        let base = sample::sample(a, &mut self.fuel)?;
        if let found @ Some(_) = self.first([base.clone()], a, b) {
            return found;
        }
        let (Form::Array(other), Value::Array(base)) = (branch.form(), base) else { return None };
        let most = own.max.unwrap_or(u64::MAX);
        let shown = own.prefix.len().max(other.prefix.len());
        for position in (0..=shown).filter(|position| (*position as u64) < most) {
            let left = a.child(own.prefix.get(position).copied().unwrap_or(own.rest));
            let right = branch.child(other.prefix.get(position).copied().unwrap_or(other.rest));
            let Some(value) = self.refute(left, right, depth + 1) else { continue };
            let mut elements = base.clone();
            if self.lengthen((a, own), &mut elements, position) && elements.len() >= position {
                elements.truncate(elements.len().max(position));
                if position < elements.len() {
                    elements[position] = value;
                } else {
                    elements.push(value);
                }
                if let found @ Some(_) = self.first([Value::Array(elements)], a, b) {
                    return found;
                }
            }
        }
        // Too long, or the same twice.
        let lengths = other.max.map(|max| max + 1).into_iter().chain([2]);
        for length in lengths.filter(|length| *length <= most.min(256)) {
            let mut elements = base.clone();
            if self.lengthen((a, own), &mut elements, usize::try_from(length).unwrap_or_default())
                && let found @ Some(_) = self.first([Value::Array(elements)], a, b)
            {
                return found;
            }
        }
        None
    }

    /// An array with elements of several branches' arrays, which no single one of them has.
    fn mixed(
        &mut self,
        (a, own): (View<'_>, &ArrayForm),
        branches: &[View<'_>],
        b: View<'_>,
        depth: usize,
    ) -> Option<Value> {
        let element = a.child(own.rest);
        let mut elements = Vec::new();
        for branch in branches.iter().take(8) {
            let Form::Array(other) = branch.form() else { continue };
            elements.extend(self.refute(element, branch.child(other.rest), depth + 1));
        }
        self.first([Value::Array(elements)], a, b)
    }

    /// Adds elements until there are as many as that.
    fn lengthen(
        &mut self,
        (a, own): (View<'_>, &ArrayForm),
        elements: &mut Vec<Value>,
        length: usize,
    ) -> bool {
        while elements.len() < length {
            let ty = a.child(own.prefix.get(elements.len()).copied().unwrap_or(own.rest));
            let next = if own.unique {
                let mut variants = sample::variants(ty, 0, &mut self.fuel).into_iter();
                variants.find(|value| !elements.contains(value))
            } else {
                sample::sample(ty, &mut self.fuel)
            };
            let Some(next) = next else { return false };
            elements.push(next);
        }
        true
    }
}

/// The branches of a union, those first whose kinds `b` does not have at all.
fn ordered(a: View<'_>, branches: &[NodeId], b: View<'_>) -> Vec<NodeId> {
    let mut ordered = branches.to_vec();
    ordered.sort_by_key(|branch| kind::of(a.child(*branch)).is_within(kind::of(b)));
    ordered
}

/// What a member of this name is held against; `None` where anything may be there.
fn member<'t>(view: View<'t>, object: &ObjectForm, name: &str) -> Option<View<'t>> {
    let named = object.property(name).map(|property| property.ty);
    let matching = || object.patterns.iter().find(|(pattern, _)| pattern.is_match(name)).map(|(_, ty)| *ty);
    named.or_else(matching).or(object.additional).map(|id| view.child(id))
}

/// The type of a member of this name; `None` where nothing may be there.
fn member_or_any(view: View<'_>, object: &ObjectForm, name: &str) -> Option<Type> {
    let ty = member(view, object, name).map_or_else(Type::any, View::to_type);
    (!ty.is_never()).then_some(ty)
}
