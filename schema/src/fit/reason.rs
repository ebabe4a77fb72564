//! Where two types part, read off a value that shows it.

use super::FitReason;
use crate::{
    FaultKind, Step, Type, kind,
    ty::{Form, View},
    verdict::{Budget, Verdict, judge, tagged_branch},
};
use serde_json::Value;

/// Where `counterexample`, a value of `a`, is none of `b`.
pub(crate) fn of(a: &Type, b: &Type, counterexample: Value, shape: bool) -> FitReason {
    let faults = b.check(&counterexample).faults;
    let is_shape = |kind: &FaultKind| {
        !matches!(
            kind,
            FaultKind::OutOfRange { .. } | FaultKind::BadFormat { .. } | FaultKind::Repeated { .. }
        )
    };
    let fault = faults.iter().find(|fault| shape && is_shape(&fault.kind)).or(faults.first());
    let mut path = fault.map(|fault| fault.path.clone()).unwrap_or_default();
    let mut nothing_expected = false;
    match fault.map(|fault| &fault.kind) {
        Some(FaultKind::MissingMember { name, .. }) => path.push(Step::Member(name.clone())),
        Some(FaultKind::UnknownMember { .. }) => nothing_expected = true,
        _ => {}
    }
    let found = at(a, &counterexample, &path);
    let expected = if nothing_expected { None } else { at_name(b, &counterexample, &path) };
    FitReason { path, found, expected, counterexample: Some(counterexample) }
}

fn inside<'v>(value: &'v Value, step: &Step) -> Option<&'v Value> {
    match step {
        Step::Member(name) => value.get(name),
        Step::Element(position) => value.get(position),
    }
}

/// The type of what is there; `None` where nothing is.
fn at(ty: &Type, value: &Value, path: &[Step]) -> Option<Type> {
    let there = path.iter().try_fold(value, inside);
    there.and_then(|_| at_name(ty, value, path))
}

/// The type that the place at `path` has in `ty`; where it chooses between several, that which `value` chooses.
fn at_name(ty: &Type, value: &Value, path: &[Step]) -> Option<Type> {
    let mut view = ty.view();
    let mut at = Some(value);
    let mut constant: Option<&Value> = None;
    for step in path {
        view = chosen(view, at, Some(step));
        let next = match (view.form(), step) {
            (Form::Object(object), Step::Member(name)) => match object.property(name) {
                Some(property) => Some(property.ty),
                None => object
                    .patterns
                    .iter()
                    .find(|(pattern, _)| pattern.is_match(name))
                    .map(|(_, ty)| *ty)
                    .or(object.additional),
            },
            (Form::Array(array), Step::Element(position)) => {
                Some(array.prefix.get(*position).copied().unwrap_or(array.rest))
            }
            (Form::Constants(_), _) => {
                constant = at;
                None
            }
            _ => None,
        };
        at = at.and_then(|value| inside(value, step));
        match next {
            Some(id) => view = view.child(id),
            None if constant.is_some() => return at.cloned().map(Type::constant),
            None => return Some(Type::any()),
        }
    }
    (!view.is_never()).then(|| view.to_type())
}

/// The branch or the outline of `view` that has `value`, or else the one that knows the step.
fn chosen<'t>(mut view: View<'t>, value: Option<&Value>, step: Option<&Step>) -> View<'t> {
    loop {
        match view.form() {
            Form::Opaque(opaque) => view = view.child(opaque.outline),
            Form::Union(union) => {
                let Some(value) = value else { return view };
                let kind = kind::Kinds::of_value(value);
                let mut branches = union.branches.iter().map(|branch| view.child(*branch));
                let tagged = tagged_branch(view, union, value);
                let fitting = branches
                    .clone()
                    .find(|branch| judge(*branch, value, 0, &mut Budget::of(10_000)) == Verdict::Yes);
                let knows = |branch: &View<'_>| match (branch.form(), step) {
                    (Form::Object(object), Some(Step::Member(name))) => object.property(name).is_some(),
                    _ => true,
                };
                let likely = branches.clone().find(|branch| kind::of(*branch).has(kind) && knows(branch));
                let of_kind = branches.find(|branch| kind::of(*branch).has(kind));
                match tagged.or(fitting).or(likely).or(of_kind) {
                    Some(branch) => view = branch,
                    None => return view,
                }
            }
            _ => return view,
        }
    }
}
