//! A type as several that together are the same: what a union needs several of its branches for.

use crate::ty::{ArrayForm, Form, NodeId, ObjectForm, Property, Type, UnionForm, View, next_id};
use serde_json::Value;
use std::sync::LazyLock;

/// Into how many cases one member may split an object.
const MOST_CASES: usize = 64;

static KINDS: LazyLock<[Type; 6]> = LazyLock::new(|| {
    [
        Type::null(),
        Type::boolean(),
        Type::number(),
        Type::string(),
        Type::array(Type::any()),
        Type::object([], true),
    ]
});

/// All values, by kind.
pub(super) fn kinds() -> &'static [Type] {
    &*KINDS
}

/// The branch of a tagged union that all of `a` carries the tag of.
pub(super) fn tagged<'t>(a: View<'_>, b: View<'t>, union: &UnionForm) -> Option<View<'t>> {
    let (tag, Form::Object(object)) = (union.tag.as_ref()?, a.form()) else { return None };
    let property = object.property(&tag.property).filter(|property| property.required)?;
    let Form::Constants(constants) = a.child(property.ty).form() else { return None };
    let mut branches = constants.values.iter().map(|value| tag.branch(value.as_str()?));
    let first = branches.next()??;
    if !branches.all(|branch| branch == Some(first)) {
        return None;
    }
    union.branches.get(first).map(|branch| b.child(*branch))
}

/// The member by whose values an object is best split: of those that `differs` tells apart, one of constants first,
/// as tags are.
pub(super) fn best<'o>(
    a: View<'_>,
    object: &'o ObjectForm,
    mut differs: impl FnMut(&Property) -> bool,
) -> Option<&'o Property> {
    let rank = |property: &Property| match a.child(property.ty).form() {
        Form::Constants(constants) if (2..MOST_CASES).contains(&constants.values.len()) => Some(0),
        Form::Boolean => Some(1),
        Form::Union(union) if !union.exactly_one && union.branches.len() < MOST_CASES => Some(2),
        _ if !property.required => Some(3),
        _ => None,
    };
    let ranked = object.properties.iter().filter_map(|property| Some((rank(property)?, property)));
    ranked
        .filter(|(_, property)| differs(property))
        .min_by_key(|(rank, _)| *rank)
        .map(|(_, property)| property)
}

/// An object by the values of one member, and by whether it is there.
pub(super) fn cases(a: View<'_>, object: &ObjectForm, property: &Property) -> Vec<Type> {
    let ty = a.child(property.ty);
    let types: Vec<Type> = match ty.form() {
        Form::Constants(constants) => constants.values.iter().cloned().map(Type::constant).collect(),
        Form::Boolean => [true, false].into_iter().map(|value| Type::constant(Value::Bool(value))).collect(),
        Form::Union(union) => union.branches.iter().map(|branch| ty.child(*branch).to_type()).collect(),
        _ => vec![ty.to_type()],
    };
    let mut cases: Vec<Type> =
        types.into_iter().map(|ty| with(a, object, &property.name, Some(&ty))).collect();
    if !property.required {
        cases.push(with(a, object, &property.name, None));
    }
    cases
}

/// The same object with this member required to be of a type, or left out.
pub(super) fn with(a: View<'_>, object: &ObjectForm, name: &str, ty: Option<&Type>) -> Type {
    let mut forms = vec![Form::Any];
    let mut add = |ty: Type| {
        let id = next_id(forms.len());
        forms.push(Form::Foreign(ty));
        id
    };
    let mut copy = |id: NodeId| add(a.child(id).to_type());
    let patterns = object.patterns.iter().map(|(pattern, ty)| (pattern.clone(), copy(*ty))).collect();
    let additional = object.additional.map(&mut copy);
    let mut properties = Vec::with_capacity(object.properties.len());
    for property in &object.properties {
        properties.push(if *property.name == *name {
            Property {
                name: property.name.clone(),
                required: ty.is_some(),
                ty: add(ty.cloned().unwrap_or_else(Type::never)),
            }
        } else {
            Property { ty: add(a.child(property.ty).to_type()), ..property.clone() }
        });
    }
    let form =
        Form::Object(ObjectForm { properties, patterns, additional, min: object.min, max: object.max });
    if let Some(root) = forms.first_mut() {
        *root = form;
    }
    Type::of_forms(forms)
}

/// An array by its length: empty or not.
pub(super) fn lengths(a: View<'_>, array: &ArrayForm) -> Option<Vec<Type>> {
    if array.min > 0 || array.max == Some(0) {
        return None;
    }
    let element = |id: &NodeId| a.child(*id).to_type();
    let of_length = |min, max| {
        let prefix: Vec<NodeId> = (1..=array.prefix.len()).map(next_id).collect();
        let rest = next_id(array.prefix.len() + 1);
        let form = ArrayForm { prefix, rest, min, max, unique: array.unique };
        let elements = array.prefix.iter().chain([&array.rest]).map(element).map(Form::Foreign);
        Type::of_forms(std::iter::once(Form::Array(form)).chain(elements).collect())
    };
    Some(vec![of_length(0, Some(0)), of_length(1, array.max)])
}
