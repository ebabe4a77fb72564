//! What is done to a document once all its nodes are known: nothing that is decided here changes which values a
//! type has, it only says it more plainly.

use crate::{
    disjoint::disjoint,
    fault::SchemaFault,
    fuel::Fuel,
    ty::{Document, Form, NodeId, Tag, Type, UnionForm, View},
    verdict::{Budget, Verdict, judge},
};
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

/// How many nodes may lie within one another in place: a union in a union in a union.
const DEEPEST: usize = 64;

/// How often emptiness is carried from a node to those around it.
const ROUNDS: usize = 16;

/// How many branches may be copied from unions into those around them.
const MOST_FLATTENED: usize = 1_000_000;

/// How much work the proofs of one document may take.
const FUEL: usize = 500_000;

/// The type of the first node, with constants filtered, impossible branches dropped, unions flattened and tagged.
pub(crate) fn settled(document: Document) -> Result<Type, SchemaFault> {
    let order = in_place_order(&document)?;
    let mut document = Arc::new(document);
    note_kinds(&mut document, &order);
    filter_constants(&mut document, &order)?;
    if let Some(document) = Arc::get_mut(&mut document) {
        drop_empty(document);
    }
    let mut fuel = Fuel::of(FUEL);
    let exclusive: Vec<NodeId> =
        order.iter().copied().filter(|id| is_exclusive(&document, *id, &mut fuel)).collect();
    if let Some(document) = Arc::get_mut(&mut document) {
        for id in exclusive {
            if let Some(Form::Union(union)) = form_mut(document, id) {
                union.exactly_one = false;
            }
        }
        let mut room = MOST_FLATTENED;
        for id in &order {
            flatten(document, *id, &mut room);
        }
    }
    note_kinds(&mut document, &order);
    tag_unions(&mut document);
    Ok(Type { document, id: NodeId(0) })
}

/// The type of the first node, with its unions tagged.
pub(crate) fn tagged(document: Document) -> Type {
    let mut document = Arc::new(document);
    // The first node is put together from the others.
    let order: Vec<NodeId> = (0..document.nodes.len()).rev().map(crate::ty::next_id).collect();
    note_kinds(&mut document, &order);
    tag_unions(&mut document);
    Type { document, id: NodeId(0) }
}

fn form_mut(document: &mut Document, id: NodeId) -> Option<&mut Form> {
    document.nodes.get_mut(id.0 as usize).map(|node| &mut node.form)
}

/// The nodes that describe the same value as this one.
fn in_place(form: &Form) -> Vec<NodeId> {
    match form {
        Form::Union(union) => union.branches.clone(),
        Form::Opaque(opaque) => vec![opaque.outline],
        Form::Constants(constants) => constants.guard.into_iter().collect(),
        Form::Same(id) => vec![*id],
        _ => Vec::new(),
    }
}

/// All nodes, each after those within it in place, or the fault that too many lie within one another. None lies within
/// itself: that is refused before.
fn in_place_order(document: &Document) -> Result<Vec<NodeId>, SchemaFault> {
    let fault = |message: String| SchemaFault { pointer: String::new(), message };
    let mut order = Vec::with_capacity(document.nodes.len());
    let mut depths: Vec<Option<usize>> = vec![None; document.nodes.len()];
    let mut entered = vec![false; document.nodes.len()];
    for start in 0..document.nodes.len() {
        let mut pending = vec![(start, false)];
        while let Some((position, children_done)) = pending.pop() {
            let Some(node) = document.nodes.get(position) else { continue };
            let children = in_place(&node.form);
            if children_done {
                let depth_of =
                    |child: &NodeId| depths.get(child.0 as usize).copied().flatten().unwrap_or(0) + 1;
                let depth = children.iter().map(depth_of).max().unwrap_or(0);
                if depth > DEEPEST {
                    return Err(fault(format!("combines more than {DEEPEST} schemas within one another")));
                }
                if let Some(known) = depths.get_mut(position) {
                    *known = Some(depth);
                }
                order.push(crate::ty::next_id(position));
            } else if entered.get_mut(position).is_some_and(|entered| !std::mem::replace(entered, true)) {
                pending.push((position, true));
                pending.extend(children.iter().map(|child| (child.0 as usize, false)));
            }
        }
    }
    Ok(order)
}

/// Notes the kinds of all nodes, in an order in which each comes after those within it in place.
fn note_kinds(document: &mut Arc<Document>, order: &[NodeId]) {
    for node in Arc::get_mut(document).into_iter().flat_map(|document| &mut document.nodes) {
        node.kinds = None;
    }
    for id in order {
        let kinds = crate::kind::of_form(View::new(document, *id));
        let node = Arc::get_mut(document).and_then(|document| document.nodes.get_mut(id.0 as usize));
        if let Some(node) = node {
            node.kinds = Some(kinds);
        }
    }
}

/// Leaves of every list of constants those that its guard accepts.
fn filter_constants(document: &mut Arc<Document>, order: &[NodeId]) -> Result<(), SchemaFault> {
    let mut budget = Budget::new();
    let mut kept: Vec<(NodeId, Vec<Value>)> = Vec::new();
    for id in order {
        let view = View { document, id: *id };
        if let Form::Constants(constants) = view.form() {
            let guard = constants.guard.map(|guard| view.child(guard));
            let accepted = |value: &&Value| {
                guard.is_none_or(|guard| judge(guard, *value, 0, &mut budget) == Verdict::Yes)
            };
            let mut values: Vec<Value> = Vec::new();
            for value in constants.values.iter().filter(accepted) {
                if constants.values.len() > 256
                    || !values.iter().any(|known| crate::equal::same_value(known, value))
                {
                    values.push(value.clone());
                }
            }
            kept.push((*id, values));
        }
    }
    if budget.is_spent() {
        let message = "lists constants that take too long to judge".to_owned();
        return Err(SchemaFault { pointer: String::new(), message });
    }
    let Some(document) = Arc::get_mut(document) else { return Ok(()) };
    for (id, values) in kept {
        if let Some(form) = form_mut(document, id) {
            *form = if values.is_empty() {
                Form::Never
            } else {
                Form::Constants(crate::ty::ConstantsForm { values, guard: None })
            };
        }
    }
    Ok(())
}

/// Turns into `never` what has no value for plain reasons, and drops branches without values.
fn drop_empty(document: &mut Document) {
    for _ in 0..ROUNDS {
        let never: Vec<bool> = document.nodes.iter().map(|node| matches!(node.form, Form::Never)).collect();
        let is_never = |id: &NodeId| never.get(id.0 as usize).copied().unwrap_or(false);
        let mut changed = false;
        for node in &mut document.nodes {
            let empty = match &mut node.form {
                Form::Union(union) => {
                    let before = union.branches.len();
                    union.branches.retain(|branch| !is_never(branch));
                    changed |= union.branches.len() < before;
                    union.branches.is_empty()
                }
                Form::Opaque(opaque) => is_never(&opaque.outline),
                Form::Object(object) => {
                    object.properties.iter().any(|property| property.required && is_never(&property.ty))
                }
                Form::Array(array) => {
                    let end = array.prefix.iter().position(is_never);
                    let end = end.or_else(|| is_never(&array.rest).then_some(array.prefix.len()));
                    if let Some(end) = end {
                        let end = end as u64;
                        array.max = Some(array.max.map_or(end, |max| max.min(end)));
                    }
                    array.max.is_some_and(|max| max < array.min)
                }
                _ => false,
            };
            if empty {
                node.form = Form::Never;
                changed = true;
            }
        }
        if !changed {
            return;
        }
    }
}

/// Whether this is a union of exactly one branch that might as well be one of any branch.
fn is_exclusive(document: &Arc<Document>, id: NodeId, fuel: &mut Fuel) -> bool {
    let view = View { document, id };
    let Form::Union(union) = view.form() else { return false };
    if !union.exactly_one {
        return false;
    }
    let views: Vec<View<'_>> = union.branches.iter().map(|branch| view.child(*branch)).collect();
    if tag(view, union).is_some_and(|tag| tag.cases.len() == union.branches.len()) {
        return true;
    }
    views
        .iter()
        .enumerate()
        .all(|(position, left)| views.iter().skip(position + 1).all(|right| disjoint(*left, *right, fuel)))
}

/// Takes the branches of a union's unions into it, once each.
fn flatten(document: &mut Document, id: NodeId, room: &mut usize) {
    let Some(Form::Union(union)) = document.nodes.get(id.0 as usize).map(|node| &node.form) else { return };
    let mut branches: Vec<NodeId> = Vec::new();
    let mut any = false;
    for branch in &union.branches {
        match document.nodes.get(branch.0 as usize).map(|node| &node.form) {
            Some(Form::Union(inner))
                if !inner.exactly_one && !union.exactly_one && inner.branches.len() <= *room =>
            {
                *room -= inner.branches.len();
                branches.extend(&inner.branches);
            }
            Some(Form::Any) => {
                any = true;
                branches.push(*branch);
            }
            _ => branches.push(*branch),
        }
    }
    let exactly_one = union.exactly_one;
    if !exactly_one {
        let mut seen = HashSet::new();
        branches.retain(|branch| seen.insert(*branch));
    }
    let form = match branches[..] {
        [] => Form::Never,
        [only] => Form::Same(only),
        _ if any && !exactly_one => Form::Any,
        _ => Form::Union(UnionForm { branches, exactly_one, tag: None }),
    };
    if let Some(old) = form_mut(document, id) {
        *old = form;
    }
}

fn tag_unions(document: &mut Arc<Document>) {
    let mut tags = Vec::new();
    for position in 0..document.nodes.len() {
        let view = View { document, id: crate::ty::next_id(position) };
        if let Form::Union(union) = view.form() {
            tags.extend(tag(view, union).map(|tag| (view.id, tag)));
        }
    }
    let Some(document) = Arc::get_mut(document) else { return };
    for (id, tag) in tags {
        if let Some(Form::Union(union)) = form_mut(document, id) {
            union.tag = Some(tag);
        }
    }
}

/// The property that tells the object branches of a union apart: each requires it, as constants of its own.
fn tag(view: View<'_>, union: &UnionForm) -> Option<Tag> {
    let mut objects = Vec::new();
    for (position, branch) in union.branches.iter().enumerate() {
        let mut branch = view.child(*branch);
        while let Form::Opaque(opaque) = branch.form() {
            branch = branch.child(opaque.outline);
        }
        match branch.form() {
            Form::Object(object) => objects.push((position, branch, object)),
            _ if crate::kind::of(branch).has(crate::kind::Kinds::OBJECT) => return None,
            _ => {}
        }
    }
    let (_, _, first) = objects.first().filter(|_| objects.len() > 1)?;
    'properties: for candidate in first.properties.iter().filter(|property| property.required) {
        let mut cases = Vec::new();
        let mut distinct: BTreeMap<String, usize> = BTreeMap::new();
        for (position, branch, object) in &objects {
            let Some(property) = object.property(&candidate.name).filter(|property| property.required) else {
                continue 'properties;
            };
            let Form::Constants(constants) = branch.child(property.ty).form() else { continue 'properties };
            for value in &constants.values {
                // Text tells tags apart at a glance; no other value is used as one.
                let Some(text) = value.as_str() else { continue 'properties };
                if distinct.insert(text.to_owned(), *position).is_some() {
                    continue 'properties;
                }
                cases.push((text.into(), *position));
            }
        }
        return Some(Tag { property: candidate.name.clone(), cases });
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::{Origin, Type, ty::Form};
    use serde_json::{Value, json};

    fn ty(schema: &Value) -> Type {
        Type::parse(schema, Origin::Schema).unwrap()
    }

    /// Whether the union may be of any branch, and its tag.
    fn union(schema: &Value) -> (bool, Option<String>) {
        match ty(schema).view().form() {
            Form::Union(union) => {
                (!union.exactly_one, union.tag.as_ref().map(|tag| tag.property.to_string()))
            }
            _ => panic!("{schema} is no union"),
        }
    }

    #[test]
    fn one_of_is_any_of_where_no_value_is_of_two_branches() {
        assert_eq!(union(&json!({ "oneOf": [{ "type": "string" }, { "type": "null" }] })), (true, None));
        assert_eq!(union(&json!({ "oneOf": [{ "type": "integer" }, { "type": "number" }] })), (false, None));
        let external = |name: &str| json!({ "type": "object", "properties": { name: true }, "required": [name], "additionalProperties": false });
        assert_eq!(
            union(&json!({ "oneOf": [external("A"), external("B"), { "enum": ["C"] }] })),
            (true, None)
        );
        let open = |name: &str| json!({ "type": "object", "properties": { name: true }, "required": [name] });
        assert_eq!(union(&json!({ "oneOf": [open("Ok"), open("Err")] })), (false, None));
        let bounds = json!({ "oneOf": [{ "type": "number", "maximum": 1 }, { "type": "number", "exclusiveMinimum": 1 }] });
        assert_eq!(union(&bounds), (true, None));
    }

    #[test]
    fn a_tag_is_found_beside_branches_that_are_no_objects() {
        let branch = |tag: &str| json!({ "type": "object", "properties": { "a": true, "t": { "const": tag } }, "required": ["a", "t"] });
        assert_eq!(
            union(&json!({ "oneOf": [branch("x"), branch("y"), { "type": "null" }] })),
            (true, Some("t".to_owned()))
        );
        assert_eq!(union(&json!({ "anyOf": [branch("x"), branch("x"), { "type": "null" }] })).1, None);
    }

    #[test]
    fn all_of_objects_is_one_object() {
        let schema = json!({
            "allOf": [{ "$ref": "#/$defs/Named" }, { "properties": { "age": { "type": "integer" }, "name": { "minLength": 1 } } }],
            "required": ["age"],
            "$defs": { "Named": { "type": "object", "properties": { "name": { "type": "string" } }, "required": ["name"] } }
        });
        assert_eq!(ty(&schema).to_string(), "{ age: integer, name: string (≥ 1 characters) }");
    }

    #[test]
    fn impossible_branches_are_dropped() {
        let schema = json!({
            "properties": { "t": { "const": "a" } }, "required": ["t"], "type": "object",
            "anyOf": [{ "properties": { "t": { "const": "a" } } }, { "properties": { "t": { "const": "b" } } }]
        });
        assert_eq!(ty(&schema).to_string(), r#"{ t: "a" }"#);
        assert!(ty(&json!({ "type": "string", "enum": [1, 2] })).is_never());
        assert_eq!(ty(&json!({ "type": "string", "enum": [1, "a"] })), Type::constant(json!("a")));
        assert_eq!(ty(&json!({ "not": { "const": 1 }, "enum": [1, "a"] })), Type::constant(json!("a")));
    }

    #[test]
    fn a_long_list_of_constants_is_read() {
        let many: Vec<Value> = (0..20_000).map(|number| json!(format!("v{number}"))).collect();
        let ty = ty(&json!({ "type": "string", "enum": many }));
        assert!(ty.accepts(&json!("v19999")) && !ty.accepts(&json!("v20000")));
    }

    #[test]
    fn types_are_equal_by_structure() {
        let list = |name: &str| {
            json!({ "$ref": format!("#/$defs/{name}"), "$defs": { name: {
                "description": name, "type": "object", "properties": { "next": { "$ref": format!("#/$defs/{name}") } }
            } } })
        };
        assert_eq!(ty(&list("A")), ty(&list("B")));
        let unrolled = json!({
            "type": "object", "properties": { "next": { "$ref": "#/$defs/A" } },
            "$defs": { "A": { "type": "object", "properties": { "next": { "$ref": "#" } } } }
        });
        assert_eq!(ty(&list("A")), ty(&unrolled));
        assert_ne!(ty(&list("A")), ty(&json!({ "type": "object", "properties": { "next": true } })));
        assert_ne!(ty(&json!({ "not": { "const": 1 } })), ty(&json!({ "not": { "const": 2 } })));
        assert_eq!(Type::union([Type::string(), Type::null()]), ty(&json!({ "type": ["string", "null"] })));
    }

    #[test]
    fn draft_7_ignores_what_stands_beside_a_reference() {
        let schema = |draft: &str| {
            ty(&json!({
                "$schema": draft, "type": "object", "required": ["a"],
                "properties": { "a": { "$ref": "#/definitions/A", "type": "string" } },
                "definitions": { "A": { "items": [{ "type": "string" }], "additionalItems": false, "type": "array" } }
            }))
        };
        assert_eq!(schema("http://json-schema.org/draft-07/schema#").to_string(), "{ a: [string?] }");
        assert_eq!(schema("https://json-schema.org/draft/2019-09/schema").to_string(), "never");
        let dependencies = json!({
            "$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "dependencies": { "a": ["b"] }
        });
        assert!(!ty(&dependencies).accepts(&json!({ "a": 1 })));
        assert!(ty(&dependencies).accepts(&json!({ "a": 1, "b": 1 })));
    }

    #[test]
    fn put_together_types_are_types_like_others() {
        let user = Type::object(
            [("name".to_owned(), Type::string(), true), ("age".to_owned(), Type::integer(), false)],
            false,
        );
        assert_eq!(user.to_string(), "{ name: string, age?: integer }");
        let users = Type::array(Type::union([user.clone(), Type::null(), user]));
        assert_eq!(users.to_string(), "({ name: string, age?: integer } | null)[]");
        assert!(users.accepts(&json!([null, { "name": "a" }])) && !users.accepts(&json!([{ "nam": "a" }])));
        assert!(Type::union([]).is_never() && Type::union([Type::null(), Type::any()]).is_any());
        assert_eq!(Type::union([Type::string()]), Type::string());
    }

    #[test]
    fn names_and_notes_are_within_reach() {
        let schema = json!({
            "title": "Order", "description": "What was bought.", "type": "object",
            "properties": { "by": { "$ref": "#/$defs/User", "description": "Who bought it." }, "for": { "$ref": "#/$defs/User" } },
            "$defs": { "User": { "description": "A user.", "type": "object" } }
        });
        let order = ty(&schema);
        assert_eq!((order.title(), order.description()), (Some("Order"), Some("What was bought.")));
        assert_eq!(order.property_names(), ["by", "for"]);
        assert_eq!(order.schema(), Some(&schema));
        let at = |name: &str| order.at(&[crate::Segment::shorthand(name)].into_iter().collect()).ty;
        assert_eq!(at("by").description(), Some("Who bought it."));
        assert_eq!(at("for").description(), Some("A user."));
        assert_eq!(at("by").schema(), None);
        assert!(!order.accepts_string() && Type::constants([json!(1), json!("a")]).accepts_string());
    }
}
