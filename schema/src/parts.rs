//! A type taken apart: its branches, and what it asks of the parts of an array or an object.

use crate::{
    text::StringForm,
    ty::{ArrayForm, Document, Form, NodeId, ObjectForm, Type, View, next_id},
};
use serde_json::Value;
use std::collections::HashSet;

/// How many parts of a type are looked at for what may be anything.
const MOST_MENTIONED: usize = 1_000;

/// What a type asks of each part of an array or an object. A value whose parts are all as asked is of the type.
#[derive(Clone, Debug)]
pub struct Parts(Type);

/// What is asked of one part.
#[derive(Clone, Debug)]
pub struct Part {
    /// What it must be when it is there.
    pub ty: Type,
    /// Whether it must be there.
    pub required: bool,
}

impl Type {
    /// The branches of a union, none of whose values another branch refuses; of any other type the type itself.
    pub fn branches(&self) -> Vec<Type> {
        let view = self.view();
        match view.form() {
            Form::Union(union) => union.branches.iter().map(|branch| view.child(*branch).to_type()).collect(),
            _ => vec![self.clone()],
        }
    }

    /// What is asked of the parts of an array or an object; `None` where that is not all that is asked: how many
    /// there are, that they differ, what only a validator knows.
    pub fn parts(&self) -> Option<Parts> {
        let asks_no_more = match self.view().form() {
            Form::Any => true,
            Form::Array(array) => !array.unique,
            Form::Object(object) => object.min == 0 && object.max.is_none(),
            _ => false,
        };
        asks_no_more.then(|| Parts(self.clone()))
    }

    /// The same without null, where null is one of its values and it has others.
    pub fn without_null(&self) -> Option<Type> {
        let view = self.view();
        match view.form() {
            Form::Constants(constants) => {
                let others: Vec<Value> =
                    constants.values.iter().filter(|value| !value.is_null()).cloned().collect();
                let has_null = others.len() < constants.values.len();
                (has_null && !others.is_empty()).then(|| Type::constants(others))
            }
            Form::Union(union) => {
                let mut has_null = false;
                let mut others = Vec::new();
                for branch in &union.branches {
                    let branch = view.child(*branch).to_type();
                    let rest = branch.without_null();
                    has_null |= rest.is_some() || branch.is_null();
                    if !branch.is_null() {
                        others.push(rest.unwrap_or(branch));
                    }
                }
                (has_null && !others.is_empty()).then(|| Type::union(others))
            }
            _ => None,
        }
    }

    /// Whether null is its only value.
    fn is_null(&self) -> bool {
        match self.view().form() {
            Form::Null => true,
            Form::Constants(constants) => constants.values.iter().all(Value::is_null),
            _ => false,
        }
    }

    /// Whether part of its values may be anything, as far as that is seen in some steps: a member, an element.
    pub fn mentions_any(&self) -> bool {
        self.mentions(|form| matches!(form, Form::Any))
    }

    /// Whether part of it is a schema without a structural form, as far as that is seen in some steps.
    pub(crate) fn has_opaque_parts(&self) -> bool {
        self.mentions(|form| matches!(form, Form::Opaque(_)))
    }

    fn mentions(&self, is_meant: fn(&Form) -> bool) -> bool {
        let mut seen = HashSet::new();
        let mut pending = vec![self.view()];
        while let Some(view) = pending.pop() {
            if is_meant(view.form()) {
                return true;
            }
            if seen.len() >= MOST_MENTIONED || !seen.insert(view.key()) {
                continue;
            }
            match view.form() {
                Form::Union(union) => pending.extend(union.branches.iter().map(|id| view.child(*id))),
                Form::Opaque(opaque) => pending.push(view.child(opaque.outline)),
                Form::Array(array) => {
                    let is_open = array.max.is_none_or(|max| max > array.prefix.len() as u64);
                    let rest = is_open.then_some(&array.rest);
                    pending.extend(array.prefix.iter().chain(rest).map(|id| view.child(*id)));
                }
                Form::Object(object) => {
                    let named = object.properties.iter().map(|property| property.ty);
                    let others = object.patterns.iter().map(|(_, ty)| *ty).chain(object.additional);
                    pending.extend(named.chain(others).map(|id| view.child(id)));
                }
                _ => {}
            }
        }
        false
    }

    /// What tells this type from every other one as long as it lives: two types of the same structure may differ in it.
    pub fn identity(&self) -> (usize, u32) {
        let (document, node) = self.view().key();
        (document, node.0)
    }

    /// Arrays of exactly these elements.
    pub fn tuple(elements: impl IntoIterator<Item = Type>) -> Type {
        let mut forms = vec![Form::Any, Form::Never];
        let mut prefix = Vec::new();
        for element in elements {
            prefix.push(next_id(forms.len()));
            forms.push(Form::Foreign(element));
        }
        let len = prefix.len() as u64;
        if let Some(root) = forms.first_mut() {
            *root =
                Form::Array(ArrayForm { prefix, rest: NodeId(1), min: len, max: Some(len), unique: false });
        }
        crate::settle::tagged(Document::of_forms(forms))
    }

    /// Strings of at least so many characters.
    pub fn string_of_at_least(min: u64) -> Type {
        if min == 0 {
            return Type::string();
        }
        let form = Form::String(StringForm { min, ..StringForm::default() });
        crate::settle::tagged(Document::of_forms(vec![form]))
    }
}

impl Parts {
    /// What is asked of the member `name` of an object; `None` where several types are.
    pub fn member(&self, name: &str) -> Option<Part> {
        let view = self.0.view();
        let Form::Object(object) = view.form() else {
            return view.is_any().then(|| Part { ty: Type::any(), required: false });
        };
        if let Some(property) = object.property(name) {
            return Some(Part { ty: view.child(property.ty).to_type(), required: property.required });
        }
        let ty = unnamed(view, object, name)?;
        Some(Part { ty, required: false })
    }

    /// What is asked of the element at `index` of an array.
    pub fn element(&self, index: usize) -> Option<Part> {
        let view = self.0.view();
        let ty = match view.form() {
            Form::Array(array) => {
                view.child(array.prefix.get(index).copied().unwrap_or(array.rest)).to_type()
            }
            Form::Any => Type::any(),
            _ => return None,
        };
        Some(Part { ty, required: true })
    }
}

/// The type of a member that is no property.
fn unnamed(view: View<'_>, object: &ObjectForm, name: &str) -> Option<Type> {
    let mut matching = object.patterns.iter().filter(|(pattern, _)| pattern.is_match(name));
    match (matching.next(), matching.next()) {
        (Some(_), Some(_)) => None,
        (Some((_, ty)), None) => Some(view.child(*ty).to_type()),
        _ => Some(object.additional.map_or_else(Type::any, |ty| view.child(ty).to_type())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FitVerdict, Origin};
    use serde_json::json;

    fn of(schema: &Value) -> Type {
        Type::parse(schema, Origin::Schema).unwrap()
    }

    #[test]
    fn an_object_asks_for_members() {
        let schema = json!({
            "type": "object", "properties": { "a": { "type": "string" }, "b": { "type": "null" } }, "required": ["a"],
            "patternProperties": { "^x": { "type": "integer" }, "y$": { "type": "number" } },
            "additionalProperties": false,
        });
        let parts = of(&schema).parts().unwrap();
        let shown = |name| parts.member(name).map(|part| (part.ty.to_string(), part.required));
        assert_eq!(shown("a"), Some(("string".to_owned(), true)));
        assert_eq!(shown("b"), Some(("null".to_owned(), false)));
        assert_eq!(shown("x1"), Some(("integer".to_owned(), false)));
        assert_eq!(shown("xy"), None);
        assert_eq!(shown("c"), Some(("never".to_owned(), false)));
        assert!(parts.element(0).is_none());
    }

    #[test]
    fn a_union_is_taken_apart_by_branches_and_nothing_else_is() {
        let shown = |schema: &Value| of(schema).branches().iter().map(Type::to_string).collect::<Vec<_>>();
        assert_eq!(shown(&json!({ "type": ["string", "integer"] })), ["integer", "string"]);
        assert_eq!(shown(&json!({ "type": "boolean" })), ["boolean"]);
        assert_eq!(shown(&json!(false)), ["never"]);
    }

    #[test]
    fn a_type_is_identical_to_its_copies_only() {
        let pair = of(
            &json!({ "type": "array", "prefixItems": [{ "type": "string" }], "items": { "type": "null" } }),
        );
        assert_eq!(pair.identity(), pair.clone().identity());
        let parts = pair.parts().unwrap();
        let [first, second] = [0, 1].map(|index| parts.element(index).unwrap().ty.identity());
        assert_ne!(first, second);
        assert_eq!(first.0, second.0);
        assert_ne!(Type::string().identity(), Type::string_of_at_least(1).identity());
    }

    #[test]
    fn anything_asks_nothing_of_its_parts() {
        let parts = Type::any().parts().unwrap();
        let (member, element) = (parts.member("a").unwrap(), parts.element(0).unwrap());
        assert!(member.ty.is_any() && !member.required);
        assert!(element.ty.is_any() && element.required);
    }

    #[test]
    fn an_array_asks_for_elements() {
        let schema =
            json!({ "type": "array", "prefixItems": [{ "type": "string" }], "items": { "type": "null" } });
        let parts = of(&schema).parts().unwrap();
        let shown = |index| parts.element(index).map(|part| (part.ty.to_string(), part.required));
        assert_eq!(shown(0), Some(("string".to_owned(), true)));
        assert_eq!(shown(1), Some(("null".to_owned(), true)));
        assert!(parts.member("0").is_none());
    }

    #[test]
    fn what_asks_for_more_has_no_parts() {
        for schema in [
            json!({ "type": "array", "uniqueItems": true }),
            json!({ "type": "object", "minProperties": 1 }),
            json!({ "type": "object", "maxProperties": 1 }),
            json!({ "type": "object", "not": { "required": ["a"] } }),
            json!({ "anyOf": [{ "type": "object" }, { "type": "null" }] }),
            json!({ "const": { "a": 1 } }),
            json!({ "type": "string" }),
        ] {
            assert!(of(&schema).parts().is_none(), "{schema}");
        }
        assert!(Type::any().parts().is_some());
    }

    #[test]
    fn null_is_taken_away() {
        let shown = |schema: &Value| of(schema).without_null().map(|ty| ty.to_string());
        assert_eq!(shown(&json!({ "type": ["string", "null"] })), Some("string".to_owned()));
        assert_eq!(shown(&json!({ "enum": ["a", null] })), Some("\"a\"".to_owned()));
        let nested = json!({ "anyOf": [{ "enum": [1, null] }, { "type": "string" }, { "type": "null" }] });
        assert_eq!(shown(&nested), Some("1 | string".to_owned()));
        for without in [
            json!({ "type": "null" }),
            json!({ "type": "string" }),
            json!({ "enum": ["a", "b"] }),
            json!({ "type": ["string", "integer"] }),
            json!(true),
        ] {
            assert_eq!(shown(&without), None, "{without}");
        }
        let listed = Type::union([Type::constant(Value::Null), Type::string()]);
        assert_eq!(listed.without_null().unwrap().to_string(), "string");
    }

    #[test]
    fn what_may_be_anything_is_found_at_any_depth() {
        for schema in [
            json!(true),
            json!({ "type": "array" }),
            json!({ "type": "object", "properties": { "a": { "type": "array", "items": { "type": ["null", "array"] } } } }),
            json!({ "type": "object", "additionalProperties": true }),
            json!({ "type": "array", "prefixItems": [{ "type": "null" }], "maxItems": 2 }),
            json!({ "type": "array", "not": { "minItems": 3 } }),
        ] {
            assert!(of(&schema).mentions_any(), "{schema}");
        }
        for schema in [
            json!({ "type": ["string", "null"] }),
            json!({ "type": "object", "properties": { "a": { "type": "string" } } }),
            json!({ "type": "array", "prefixItems": [{ "type": "null" }], "maxItems": 1 }),
            json!({ "type": "array", "items": { "$ref": "#" } }),
        ] {
            assert!(!of(&schema).mentions_any(), "{schema}");
        }
    }

    #[test]
    fn a_schema_without_a_structural_form_is_found_at_any_depth() {
        let opaque = json!({ "type": "string", "not": { "const": "" } });
        for schema in [
            opaque.clone(),
            json!({ "type": "object", "additionalProperties": { "type": "array", "items": opaque } }),
        ] {
            assert!(of(&schema).has_opaque_parts(), "{schema}");
        }
        assert!(
            !of(&json!({ "type": "object", "properties": { "a": { "type": "string" } } })).has_opaque_parts()
        );
    }

    #[test]
    fn a_tuple_has_its_elements_and_no_others() {
        let pair = Type::tuple([Type::string(), Type::integer()]);
        assert!(pair.accepts(&json!(["a", 1])));
        for other in [json!(["a"]), json!(["a", 1, 2]), json!([1, "a"])] {
            assert!(!pair.accepts(&other), "{other}");
        }
        assert!(Type::tuple([]).accepts(&json!([])));
        let short = Type::string_of_at_least(2);
        assert!(short.accepts(&json!("ab")) && !short.accepts(&json!("a")));
        assert_eq!(Type::string_of_at_least(0).fits(&Type::string()).verdict, FitVerdict::Fits);
    }
}
