//! A type without its refinements: bounds, multiples, lengths, patterns, formats, counts, and that a value is of one
//! branch only. What is left is its shape.

use crate::{
    text::StringForm,
    ty::{ArrayForm, Document, Form, Node, NodeId, NumberForm, ObjectForm, Type, UnionForm},
};
use std::sync::Arc;

/// No larger type is erased.
const MOST_NODES: usize = 20_000;

/// How many documents may name one another.
const DEEPEST: usize = 64;

/// The shape of a type; `None` where it is too large.
pub(super) fn shape(ty: &Type) -> Option<Type> {
    let mut room = MOST_NODES;
    erased(ty, 0, &mut room)
}

fn erased(ty: &Type, depth: usize, room: &mut usize) -> Option<Type> {
    if depth > DEEPEST {
        return None;
    }
    *room = room.checked_sub(ty.document.nodes.len())?;
    let mut nodes = Vec::with_capacity(ty.document.nodes.len() + 1);
    for node in &ty.document.nodes {
        let form = match &node.form {
            Form::Foreign(ty) => Form::Foreign(erased(ty, depth + 1, room)?),
            form => shape_of(form, &ty.document)?,
        };
        nodes.push(Node { kinds: node.kinds, ..Node::from(form) });
    }
    // Where no limit on the length is left, neither is there one on the elements behind it.
    let free = crate::ty::next_id(nodes.len());
    for node in &mut nodes {
        if let Form::Array(array) = &mut node.form
            && matches!(
                ty.document.nodes.get(array.rest.0 as usize).map(|node| &node.form),
                Some(Form::Never)
            )
        {
            array.rest = free;
        }
    }
    nodes.push(Node::from(Form::Any));
    let document = Document { nodes, origin: ty.document.origin, source: None };
    Some(Type { document: Arc::new(document), id: ty.id })
}

fn shape_of(form: &Form, document: &Arc<Document>) -> Option<Form> {
    Some(match form {
        Form::Any => Form::Any,
        Form::Never => Form::Never,
        Form::Null => Form::Null,
        Form::Boolean => Form::Boolean,
        Form::Number(number) => Form::Number(NumberForm { integer: number.integer, ..NumberForm::default() }),
        Form::String(_) => Form::String(StringForm::default()),
        Form::Array(array) => Form::Array(ArrayForm { min: 0, max: None, unique: false, ..array.clone() }),
        Form::Object(object) => Form::Object(ObjectForm { min: 0, max: None, ..object.clone() }),
        Form::Constants(constants) => Form::Constants(constants.clone()),
        Form::Union(union) => Form::Union(UnionForm { exactly_one: false, ..union.clone() }),
        Form::Same(id) => Form::Same(*id),
        // What a validator judges has no shape that is known: all of it stays.
        Form::Opaque(_) => {
            let id = document.nodes.iter().position(|node| std::ptr::eq(&raw const node.form, form))?;
            Form::Foreign(Type { document: Arc::clone(document), id: NodeId(u32::try_from(id).ok()?) })
        }
        Form::Foreign(_) => return None,
    })
}
