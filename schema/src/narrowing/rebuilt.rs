//! Types put together from what is left of others.

use crate::{
    Type,
    material::canonical,
    ty::{ConstantsForm, Document, Form, Node, NodeId, Origin, Source, UnionForm, View, next_id},
};
use serde_json::Value;
use std::{collections::HashSet, sync::Arc};

/// These values, which are distinct, as the plainest type.
pub(super) fn listed(values: Vec<Value>) -> Type {
    match values[..] {
        [] => Type::never(),
        [Value::Null] => Type::null(),
        _ => Type::of_form(Form::Constants(ConstantsForm { values, guard: None })),
    }
}

/// The union of what is left of a union's branches: with all constants in one branch, where the first stood.
pub(super) fn any_of(left: Vec<Type>) -> Type {
    let mut branches: Vec<Type> = Vec::new();
    let mut place = None;
    let mut values = Vec::new();
    let mut seen = HashSet::new();
    let mut pending: Vec<Type> = left.into_iter().rev().collect();
    while let Some(branch) = pending.pop() {
        let view = branch.view();
        match view.form() {
            Form::Any => return Type::any(),
            Form::Union(union) if !union.exactly_one => {
                pending.extend(union.branches.iter().rev().map(|branch| view.child(*branch).to_type()));
                continue;
            }
            Form::Constants(constants) => {
                let unseen = constants.values.iter().filter(|value| seen.insert(canonical(value)));
                values.extend(unseen.cloned());
                if place.is_some() {
                    continue;
                }
                place = Some(branches.len());
            }
            _ => {}
        }
        branches.push(branch);
    }
    if let Some(place) = place.and_then(|place| branches.get_mut(place)) {
        *place = listed(values);
    }
    union_of(branches, false)
}

pub(super) fn union_of(mut branches: Vec<Type>, exactly_one: bool) -> Type {
    if branches.len() < 2 {
        return branches.pop().unwrap_or_else(Type::never);
    }
    let ids = (1..=branches.len()).map(next_id).collect();
    let union = UnionForm { branches: ids, exactly_one, tag: None };
    let forms = std::iter::once(Form::Union(union)).chain(branches.into_iter().map(Form::Foreign));
    crate::settle::tagged(Document::of_forms(forms.collect()))
}

/// What is opaque, with an outline that is the third node. It is not the first: that would be the whole schema.
pub(super) fn judged(view: View<'_>, form: Form, outline: Type) -> Type {
    let source: Option<Arc<Source>> = view.document.source.clone();
    let nodes = [Form::Never, form, Form::Foreign(outline)].map(Node::from).into();
    let ty = crate::settle::tagged(Document { nodes, origin: view.document.origin, source });
    Type { id: NodeId(1), ..ty }
}

/// A container that is made anew, of parts that stay where they are and of new ones.
pub(super) struct Rebuilt<'t> {
    view: View<'t>,
    nodes: Vec<Node>,
}

impl<'t> Rebuilt<'t> {
    pub(super) fn new(view: View<'t>) -> Self {
        Rebuilt { view, nodes: vec![Node::from(Form::Never)] }
    }

    pub(super) fn add(&mut self, ty: Type) -> NodeId {
        let id = next_id(self.nodes.len());
        self.nodes.push(Node::from(Form::Foreign(ty)));
        id
    }

    /// The id that a part of the old container has in the new one.
    pub(super) fn keep(&mut self, id: NodeId) -> NodeId {
        self.add(self.view.child(id).to_type())
    }

    pub(super) fn into_type(mut self, form: Form) -> Type {
        if let Some(first) = self.nodes.first_mut() {
            first.form = form;
        }
        let origin: Origin = self.view.document.origin;
        crate::settle::tagged(Document { nodes: self.nodes, origin, source: None })
    }
}
