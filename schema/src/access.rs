//! The type at a path, and whether there is a value.

use crate::{
    path::{Path, Segment},
    ty::{ArrayForm, Form, ObjectForm, Origin, Type, View},
};
use serde_json::Value;
use std::collections::HashSet;

/// Whether a value is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// In every value of the type.
    Always,
    /// In some values of the type.
    Maybe,
    /// In no value of the type.
    Never,
}

/// What is at a path inside a type.
#[derive(Clone, Debug)]
pub struct Access {
    /// The type of what is there when something is: `never` where nothing can be.
    pub ty: Type,
    /// Whether something is there.
    pub presence: Presence,
    /// Where the path goes wrong, if nothing can be there.
    pub lost: Option<Lost>,
}

/// Where a path goes wrong.
#[derive(Clone, Debug)]
pub struct Lost {
    /// The position in the path of the first segment that leads nowhere.
    pub segment: usize,
    /// The type in which it leads nowhere.
    pub container: Type,
}

/// The types that one step may lead to, and whether it leads somewhere.
struct Step<'t> {
    types: Vec<View<'t>>,
    any: bool,
    /// Types of values inside constants.
    constants: Vec<Value>,
    always: bool,
}

impl Type {
    /// What is at `path` inside values of this type.
    ///
    /// It follows properties, patterns, elements, references and the branches of unions. What is there in some
    /// branches only, or may be left out, is there *maybe*. Inside `any` everything may be.
    pub fn at(&self, path: &Path) -> Access {
        let mut at = self.clone();
        let mut presence = Presence::Always;
        for (position, segment) in path.segments().iter().enumerate() {
            let mut step = Step { types: Vec::new(), any: false, constants: Vec::new(), always: true };
            containers(at.view(), &mut |view| step.go(view, segment));
            if step.leads_nowhere() {
                let lost = Lost { segment: position, container: at };
                return Access { ty: Type::never(), presence: Presence::Never, lost: Some(lost) };
            }
            if !step.always {
                presence = Presence::Maybe;
            }
            at = step.into_type();
        }
        Access { ty: at, presence, lost: None }
    }
}

/// Shows `visit` each form that values of a type have: the branches of unions, the outlines of what is opaque.
pub(crate) fn containers<'t>(view: View<'t>, visit: &mut impl FnMut(View<'t>)) {
    let mut seen = HashSet::new();
    let mut pending = vec![view];
    while let Some(view) = pending.pop() {
        if !seen.insert(view.key()) {
            continue;
        }
        match view.form() {
            Form::Union(union) => {
                pending.extend(union.branches.iter().rev().map(|branch| view.child(*branch)));
            }
            Form::Opaque(opaque) => pending.push(view.child(opaque.outline)),
            _ => visit(view),
        }
    }
}

impl<'t> Step<'t> {
    fn leads_nowhere(&self) -> bool {
        !self.any && self.types.is_empty() && self.constants.is_empty()
    }

    fn into_type(self) -> Type {
        if self.any {
            return Type::any();
        }
        // Many branches may lead to the same.
        let mut seen = HashSet::new();
        let is_one = self.types.len() < 2;
        let types = self.types.iter().filter(|view| is_one || seen.insert(view.key()));
        let types = types.map(|view| view.to_type());
        let constants = (!self.constants.is_empty()).then(|| Type::constants(self.constants.iter().cloned()));
        Type::union(types.chain(constants))
    }

    /// Adds what `segment` leads to in one form.
    fn go(&mut self, view: View<'t>, segment: &Segment) {
        match view.form() {
            Form::Any => {
                self.any = true;
                self.always = false;
            }
            Form::Object(object) => match segment.as_member() {
                Some(name) => self.member(view, object, name),
                None => self.always = false,
            },
            Form::Array(array) => self.element(view, array, segment),
            Form::Constants(constants) => {
                for value in &constants.values {
                    match segment.find(value) {
                        Some(value) => self.constants.push(value.clone()),
                        None => self.always = false,
                    }
                }
            }
            _ => self.always = false,
        }
    }

    fn add(&mut self, view: View<'t>, always: bool) {
        if view.is_never() {
            self.always = false;
            return;
        }
        self.always &= always;
        self.types.push(view);
    }

    fn member(&mut self, view: View<'t>, object: &'t ObjectForm, name: &str) {
        if let Some(property) = object.property(name) {
            return self.add(view.child(property.ty), property.required);
        }
        // Each pattern that matches holds for the value, so the type of any one contains it.
        let pattern = object.patterns.iter().find(|(pattern, _)| pattern.is_match(name));
        if let Some(ty) = pattern.map(|(_, ty)| *ty).or(object.additional) {
            self.add(view.child(ty), false);
        } else {
            self.always = false;
            self.any |= view.document.origin == Origin::Schema;
        }
    }

    fn element(&mut self, view: View<'t>, array: &'t ArrayForm, segment: &Segment) {
        let Some(index) = segment.as_index() else {
            self.always = false;
            return;
        };
        let needed = least_length(index);
        if array.max.is_some_and(|max| max < needed) {
            self.always = false;
            return;
        }
        let always = array.min >= needed;
        // A negative index is a position for each length the array can have.
        let (first, last) = if index < 0 {
            (array.min.max(needed) - needed, array.max.map(|max| max - needed))
        } else {
            (index.unsigned_abs(), Some(index.unsigned_abs()))
        };
        let shown = array.prefix.len() as u64;
        for (position, ty) in (0_u64..).zip(&array.prefix) {
            if position >= first && last.is_none_or(|last| position <= last) {
                self.add(view.child(*ty), always);
            }
        }
        if last.is_none_or(|last| last >= shown) {
            self.add(view.child(array.rest), always);
        }
    }
}

/// The least length of an array that has an element of this index.
pub(crate) fn least_length(index: i64) -> u64 {
    if index < 0 { index.unsigned_abs() } else { index.unsigned_abs().saturating_add(1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn at(schema: &Value, segments: &[Segment]) -> Access {
        let ty = Type::parse(schema, Origin::Schema).unwrap();
        ty.at(&segments.iter().cloned().collect())
    }

    fn shown(schema: &Value, segments: &[Segment]) -> (String, Presence) {
        let access = at(schema, segments);
        (access.ty.to_string(), access.presence)
    }

    fn member(name: &str) -> Segment {
        Segment::shorthand(name)
    }

    #[test]
    fn a_required_member_is_always_there_and_an_optional_one_maybe() {
        let schema = json!({
            "type": "object", "properties": { "a": { "type": "string" }, "b": { "type": "null" } }, "required": ["a"]
        });
        assert_eq!(shown(&schema, &[member("a")]), ("string".to_owned(), Presence::Always));
        assert_eq!(shown(&schema, &[member("b")]), ("null".to_owned(), Presence::Maybe));
        assert_eq!(shown(&schema, &[member("c")]), ("any".to_owned(), Presence::Maybe));
        assert_eq!(shown(&schema, &[Segment::Element(0)]), ("never".to_owned(), Presence::Never));
    }

    #[test]
    fn an_unknown_member_of_a_closed_object_is_lost_with_the_nearest_name() {
        let schema = json!({
            "type": "object", "required": ["user"], "additionalProperties": false,
            "properties": { "user": {
                "type": "object", "properties": { "email": true, "gone": false }, "additionalProperties": false
            } }
        });
        let lost = at(&schema, &[member("user"), member("emial"), member("x")]).lost.unwrap();
        assert_eq!(lost.segment, 1);
        assert_eq!(lost.container.property_names(), ["email"]);
        assert_eq!(lost.container.to_string(), "{ email?: any }");
        assert_eq!(at(&schema, &[member("user"), member("gone")]).presence, Presence::Never);
    }

    #[test]
    fn an_element_is_always_there_only_where_the_least_length_says_so() {
        let list = json!({ "type": "array", "items": { "type": "string" }, "minItems": 2, "maxItems": 4 });
        let presence = |index| at(&list, &[Segment::Element(index)]).presence;
        assert_eq!([0, 1, 2, 3, 4].map(presence), {
            use Presence::{Always, Maybe, Never};
            [Always, Always, Maybe, Maybe, Never]
        });
        assert_eq!([-1, -2, -3, -5].map(presence), {
            use Presence::{Always, Maybe, Never};
            [Always, Always, Maybe, Never]
        });
        assert_eq!(at(&list, &[member("1")]).presence, Presence::Always);
        let any_length = json!({ "type": "array", "items": { "type": "string" } });
        assert_eq!(shown(&any_length, &[Segment::Element(0)]), ("string".to_owned(), Presence::Maybe));
        assert_eq!(at(&list, &[member("length")]).presence, Presence::Never);
    }

    #[test]
    fn a_negative_index_has_the_type_of_every_position_it_can_mean() {
        let tuple = json!({
            "type": "array", "prefixItems": [{ "type": "string" }, { "type": "integer" }, { "type": "null" }],
            "items": false, "minItems": 2
        });
        assert_eq!(shown(&tuple, &[Segment::Element(-1)]), ("integer | null".to_owned(), Presence::Always));
        assert_eq!(shown(&tuple, &[Segment::Element(-2)]), ("string | integer".to_owned(), Presence::Always));
        assert_eq!(shown(&tuple, &[Segment::Element(0)]), ("string".to_owned(), Presence::Always));
        assert_eq!(shown(&tuple, &[Segment::Element(2)]), ("null".to_owned(), Presence::Maybe));
        assert_eq!(shown(&tuple, &[Segment::Element(3)]).1, Presence::Never);
    }

    #[test]
    fn digits_are_a_member_of_an_object_and_an_element_of_an_array() {
        let either = json!({ "anyOf": [
            { "type": "object", "properties": { "1": { "const": "member" } }, "required": ["1"] },
            { "type": "array", "items": { "const": "element" }, "minItems": 2 }
        ] });
        assert_eq!(shown(&either, &[member("1")]), (r#""member" | "element""#.to_owned(), Presence::Always));
    }

    #[test]
    fn what_is_in_some_branches_only_is_maybe_there() {
        let user = json!({ "anyOf": [
            { "type": "object", "properties": { "name": { "type": "string" } }, "required": ["name"] }, { "type": "null" }
        ] });
        assert_eq!(shown(&user, &[member("name")]), ("string".to_owned(), Presence::Maybe));
        let both = json!({ "oneOf": [
            { "type": "object", "properties": { "t": { "const": "a" }, "v": { "type": "string" } }, "required": ["t", "v"] },
            { "type": "object", "properties": { "t": { "const": "b" }, "v": { "type": "null" } }, "required": ["t", "v"] }
        ] });
        assert_eq!(shown(&both, &[member("v")]), ("string | null".to_owned(), Presence::Always));
    }

    #[test]
    fn recursive_references_are_followed_as_far_as_the_path_goes() {
        let tree = json!({
            "$ref": "#/$defs/Tree",
            "$defs": { "Tree": {
                "type": "object", "properties": { "next": { "$ref": "#/$defs/Tree" }, "value": { "type": "integer" } },
                "required": ["next", "value"], "additionalProperties": false
            } }
        });
        let mut path = vec![member("next"); 60];
        path.push(member("value"));
        assert_eq!(shown(&tree, &path), ("integer".to_owned(), Presence::Always));
        path.push(member("value"));
        assert_eq!(at(&tree, &path).lost.unwrap().segment, 61);
    }

    #[test]
    fn patterns_constants_and_opaque_outlines_are_looked_into() {
        let pattern = json!({
            "type": "object", "patternProperties": { "^x-": { "type": "string" } }, "additionalProperties": { "type": "null" }
        });
        assert_eq!(shown(&pattern, &[member("x-a")]), ("string".to_owned(), Presence::Maybe));
        assert_eq!(shown(&pattern, &[member("a")]), ("null".to_owned(), Presence::Maybe));
        let constants = json!({ "enum": [{ "a": 1 }, { "a": [2] }] });
        assert_eq!(shown(&constants, &[member("a")]), ("1 | [2]".to_owned(), Presence::Always));
        let opaque = json!({
            "type": "object", "properties": { "a": { "type": "string" } }, "required": ["a"], "not": { "required": ["b"] }
        });
        assert_eq!(shown(&opaque, &[member("a")]), ("string".to_owned(), Presence::Always));
        assert_eq!(
            shown(&json!({ "not": { "type": "null" } }), &[member("a")]),
            ("any".to_owned(), Presence::Maybe)
        );
    }

    #[test]
    fn objects_of_rust_types_are_closed_unless_they_say_otherwise() {
        let schema = json!({ "type": "object", "properties": { "a": true } });
        let open = json!({ "type": "object", "properties": { "a": true }, "additionalProperties": true });
        let presence = |schema, origin| {
            Type::parse(schema, origin).unwrap().at(&[member("b")].into_iter().collect()).presence
        };
        assert_eq!(presence(&schema, Origin::Rust), Presence::Never);
        assert_eq!(presence(&schema, Origin::Schema), Presence::Maybe);
        assert_eq!(presence(&open, Origin::Rust), Presence::Maybe);
    }
}
