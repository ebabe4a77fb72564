//! Schemas for programs that do not follow refs.

use flowright_schema::SchemaPart;
use serde_json::{Map, Value};

/// How many values one schema may have once its refs are replaced; beyond that they are left open.
const LARGEST: usize = 2_000;

/// What may stand beside what a ref leads to without changing which values there are.
const ANNOTATIONS: [&str; 6] = ["title", "description", "default", "examples", "deprecated", "readOnly"];

/// A schema without refs: in place of each stands what it leads to in `definitions`. What leads back into itself is
/// left open, with its title.
pub(super) fn inlined(schema: &Value, definitions: &Map<String, Value>) -> Value {
    let mut inlining = Inlining { definitions, open: Vec::new(), left: LARGEST };
    inlining.value(schema, SchemaPart::Schema)
}

struct Inlining<'d> {
    definitions: &'d Map<String, Value>,
    /// The refs that are being replaced.
    open: Vec<String>,
    left: usize,
}

impl Inlining<'_> {
    // No deeper than the schema and its definitions are, for each of them once.
    fn value(&mut self, value: &Value, part: SchemaPart) -> Value {
        self.left = self.left.saturating_sub(1);
        match value {
            _ if part == SchemaPart::Data => value.clone(),
            Value::Array(elements) => elements.iter().map(|element| self.value(element, part)).collect(),
            Value::Object(members) => {
                let own = members.iter().filter(|(name, _)| part == SchemaPart::Named || !is_ref(name));
                let own = own.map(|(name, value)| (name.clone(), self.value(value, part.member(name))));
                let own: Map<String, Value> = own.collect();
                match members.get("$ref").and_then(Value::as_str) {
                    Some(reference) if part == SchemaPart::Schema => self.replaced(reference, own),
                    _ => Value::Object(own),
                }
            }
            other => other.clone(),
        }
    }

    /// What a ref leads to, with what stands beside the ref.
    fn replaced(&mut self, reference: &str, beside: Map<String, Value>) -> Value {
        let mut target = match self.target(reference) {
            Some(Value::Object(target)) => target,
            _ => Map::new(),
        };
        if beside.keys().all(|keyword| ANNOTATIONS.contains(&keyword.as_str())) {
            target.extend(beside);
            return Value::Object(target);
        }
        let mut both = beside;
        for annotation in ["title", "description"] {
            if let Some(value) = target.get(annotation).filter(|_| !both.contains_key(annotation)) {
                both.insert(annotation.to_owned(), value.clone());
            }
        }
        let all = both.entry("allOf").or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(all) = all {
            all.push(Value::Object(target));
        }
        Value::Object(both)
    }

    fn target(&mut self, reference: &str) -> Option<Value> {
        let definitions = self.definitions;
        let name = reference.strip_prefix("#/$defs/")?.replace("~1", "/").replace("~0", "~");
        let target = definitions.get(&name)?;
        if self.left == 0 || self.open.contains(&name) {
            let title = target.get("title").cloned();
            let left_open = title.into_iter().map(|title| ("title".to_owned(), title));
            return Some(Value::Object(left_open.collect()));
        }
        self.open.push(name);
        let target = self.value(target, SchemaPart::Schema);
        self.open.pop();
        Some(target)
    }
}

fn is_ref(keyword: &str) -> bool {
    matches!(keyword, "$ref" | "$defs" | "definitions" | "$schema")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(schema: &Value, definitions: &Value) -> Value {
        inlined(schema, definitions.as_object().unwrap())
    }

    #[test]
    fn in_place_of_a_ref_stands_what_it_leads_to() {
        let schema =
            json!({ "$ref": "#/$defs/Plan", "title": "The plan", "default": { "$ref": "#/$defs/Plan" } });
        let plan = json!({ "Plan": { "title": "Plan", "enum": ["free"], "description": "What is paid." } });
        assert_eq!(
            of(&schema, &plan),
            json!({
                "title": "The plan", "enum": ["free"], "description": "What is paid.",
                "default": { "$ref": "#/$defs/Plan" },
            })
        );
    }

    #[test]
    fn what_restricts_a_ref_stands_beside_it() {
        let schema = json!({ "$ref": "#/$defs/Name", "minLength": 1 });
        let name = json!({ "Name": { "type": "string", "title": "Name" } });
        assert_eq!(
            of(&schema, &name),
            json!({ "minLength": 1, "title": "Name", "allOf": [{ "type": "string", "title": "Name" }] })
        );
    }

    #[test]
    fn a_property_may_be_called_as_the_keyword() {
        let schema = json!({ "properties": { "$ref": { "$ref": "#/$defs/a" }, "$defs": true } });
        let definitions = json!({ "a": { "type": "null" } });
        assert_eq!(
            of(&schema, &definitions),
            json!({ "properties": { "$ref": { "type": "null" }, "$defs": true } })
        );
    }

    #[test]
    fn what_leads_back_into_itself_is_left_open() {
        let node = json!({ "Node": {
            "title": "Node", "type": "object", "properties": { "next": { "$ref": "#/$defs/Node" } }
        } });
        let inlined = of(&json!({ "$ref": "#/$defs/Node" }), &node);
        assert_eq!(inlined["properties"]["next"], json!({ "title": "Node" }));
    }

    #[test]
    fn what_doubles_with_each_ref_ends() {
        let definitions: Map<String, Value> = (0..40)
            .map(|at| {
                let next = json!({ "$ref": format!("#/$defs/d{}", at + 1) });
                (format!("d{at}"), json!({ "properties": { "a": next, "b": next } }))
            })
            .collect();
        let inlined = inlined(&json!({ "$ref": "#/$defs/d0" }), &definitions);
        assert!(inlined.to_string().len() < 1_000_000);
    }
}
