//! What several parts of the schema refer to, each under a name of its own.

use crate::action::decoded_segment;
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// How many refs may lead to one another.
const LONGEST: usize = 16;

/// The schema's `definitions`.
pub(super) struct Definitions {
    definitions: Map<String, Value>,
}

impl Definitions {
    pub(super) fn new() -> Self {
        Definitions { definitions: Map::new() }
    }

    /// A name that is not taken yet, and is now.
    pub(super) fn reserve(&mut self, owner: &str, name: &str) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() || "_-.".contains(c) { c } else { '_' };
        let plain: String = format!("{owner}.{name}").chars().map(plain).collect();
        let mut unique = plain.clone();
        let mut count = 2;
        while self.definitions.contains_key(&unique) {
            unique = format!("{plain}{count}");
            count += 1;
        }
        self.definitions.insert(unique.clone(), Value::Bool(true));
        unique
    }

    pub(super) fn define(&mut self, name: &str, schema: Value) {
        self.definitions.insert(name.to_owned(), schema);
    }

    pub(super) fn finish(self) -> Value {
        Value::Object(self.definitions)
    }
}

/// What leads to a definition.
pub(super) fn reference(name: &str) -> Value {
    Value::Object(Map::from_iter([("$ref".to_owned(), format!("#/definitions/{name}").into())]))
}

/// The definitions of one action's types that were referred to, and those that are still to be made.
pub(super) struct Referred<'s> {
    owner: String,
    names: HashMap<String, Option<String>>,
    left: Vec<(String, &'s Value)>,
}

impl<'s> Referred<'s> {
    pub(super) fn new(owner: &str) -> Self {
        Referred { owner: owner.to_owned(), names: HashMap::new(), left: Vec::new() }
    }

    /// The name of what a ref leads to; `None` where that is nothing, or the ref itself.
    pub(super) fn name(
        &mut self,
        root: &'s Value,
        reference: &str,
        definitions: &mut Definitions,
    ) -> Option<String> {
        if let Some(known) = self.names.get(reference) {
            return known.clone();
        }
        let found = target(root, reference).filter(|target| !leads_back(root, target));
        let name = found.map(|target| {
            let last = reference.rsplit('/').next().unwrap_or_default();
            let name = definitions.reserve(&self.owner, &decoded_segment(last));
            self.left.push((name.clone(), target));
            name
        });
        self.names.insert(reference.to_owned(), name.clone());
        name
    }

    /// One that is still to be made.
    pub(super) fn next(&mut self) -> Option<(String, &'s Value)> {
        self.left.pop()
    }
}

/// The schema that a ref leads to.
pub(super) fn target<'s>(root: &'s Value, reference: &str) -> Option<&'s Value> {
    let mut reference = reference;
    for _ in 0..LONGEST {
        let found = at(root, reference)?;
        match found.as_object() {
            Some(keywords) if keywords.len() == 1 && keywords.contains_key("$ref") => {
                reference = keywords.get("$ref")?.as_str()?;
            }
            _ => return Some(found),
        }
    }
    None
}

fn at<'s>(root: &'s Value, reference: &str) -> Option<&'s Value> {
    let pointer =
        reference.strip_prefix('#').filter(|pointer| pointer.is_empty() || pointer.starts_with('/'))?;
    pointer.split('/').skip(1).try_fold(root, |value, segment| {
        let segment = decoded_segment(segment);
        match value {
            Value::Object(members) => members.get(&segment),
            Value::Array(elements) => elements.get(segment.parse::<usize>().ok()?),
            _ => None,
        }
    })
}

/// Whether a schema is part of what it says in place, so that no value would ever be judged by it.
fn leads_back(root: &Value, schema: &Value) -> bool {
    let mut seen = HashSet::new();
    let mut left = vec![schema];
    while let Some(next) = left.pop() {
        let Some(keywords) = next.as_object() else { continue };
        let referred =
            keywords.get("$ref").and_then(Value::as_str).and_then(|reference| target(root, reference));
        let branches =
            ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|keyword| keywords.get(keyword)?.as_array());
        for part in referred.into_iter().chain(branches.flatten()) {
            if std::ptr::eq(part, schema) {
                return true;
            }
            if seen.insert(std::ptr::from_ref(part)) {
                left.push(part);
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_are_plain_and_each_is_given_once() {
        let mut definitions = Definitions::new();
        assert_eq!(definitions.reserve("a/b:c", "Grüße"), "a_b_c.Gr__e");
        assert_eq!(definitions.reserve("a.b_c", "Gr__e"), "a.b_c.Gr__e");
        assert_eq!(definitions.reserve("a_b_c", "Gr__e"), "a_b_c.Gr__e2");
    }

    #[test]
    fn what_leads_to_itself_in_place_has_no_name() {
        let root = json!({ "$defs": {
            "Loop": { "anyOf": [{ "type": "null" }, { "$ref": "#/$defs/Other" }] },
            "Other": { "allOf": [{ "$ref": "#/$defs/Loop" }] },
            "One": { "$ref": "#/$defs/One" },
            "Node": { "properties": { "next": { "$ref": "#/$defs/Node" } } },
        } });
        let mut definitions = Definitions::new();
        let mut referred = Referred::new("a");
        let mut name = |reference| referred.name(&root, reference, &mut definitions);
        assert_eq!(name("#/$defs/Loop"), None);
        assert_eq!(name("#/$defs/Other"), None);
        assert_eq!(name("#/$defs/One"), None);
        assert_eq!(name("#/$defs/Gone"), None);
        assert_eq!(name("#/$defs/Node"), Some("a.Node".to_owned()));
        assert_eq!(name("#/$defs/Node/properties/next"), Some("a.next".to_owned()));
        assert_eq!(target(&root, "#/$defs/Node/properties/next"), target(&root, "#/$defs/Node"));
    }
}
