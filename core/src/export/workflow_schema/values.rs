//! Types of values as an editor is to know them: wherever a value stands, a ref may.

use super::alternatives::{self, Tagged};
use super::asked::Asked;
use super::constants::{self, Listed};
use super::definitions::{Definitions, Referred, reference};
use super::notes::Notes;
use super::refs;
use super::shapes::Shapes;
use super::{numbers, texts};
use serde_json::{Map, Value, json};

/// What does not narrow which values there are.
const ANNOTATIONS: [&str; 9] = [
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "$comment",
    "$defs",
];

/// The types of one action's inputs.
pub(super) struct Values<'s, 'd> {
    /// The schema that refs lead into.
    pub(super) root: &'s Value,
    pub(super) referred: Referred<'s>,
    pub(super) definitions: &'d mut Definitions,
    pub(super) asked: Asked,
}

/// Whether a schema that an alternative became is of texts, or of texts and null, by its `type` and other keywords.
fn is_of_texts(schema: &Map<String, Value>) -> bool {
    let shapes = Shapes::by_type(schema);
    schema.contains_key("type") && shapes.only() == Some("string") && !schema.contains_key("allOf")
}

/// A text, whose refs are of its own kind: what else is asked of it holds where it has none.
fn text(mut text: Map<String, Value>, or_null: bool, value: &mut Map<String, Value>) {
    for keyword in ["type", "errorMessage"] {
        value.extend(text.remove_entry(keyword));
    }
    if or_null && value.get("type").is_some_and(Value::is_string) {
        value.insert("type".to_owned(), json!(["string", "null"]));
    }
    value.insert("allOf".to_owned(), json!([refs::offered_beside()]));
    value.insert("if".to_owned(), refs::alike());
    value.insert("then".to_owned(), refs::in_text());
    if !text.is_empty() {
        value.insert("else".to_owned(), Value::Object(text));
    }
}

/// The language service of YAML takes alternatives without `properties` for one another, and then shows nothing of
/// the value around them.
fn set_apart(alternative: &mut Value) {
    if let Value::Object(keywords) = alternative
        && !keywords.contains_key("$ref")
    {
        keywords.entry("properties").or_insert_with(|| json!({}));
    }
}

impl<'s> Values<'s, '_> {
    /// A value, or a ref in its place.
    pub(super) fn value(&mut self, schema: &'s Value, notes: Notes, or_null: bool) -> Value {
        let shapes = Shapes::of(schema, self.root);
        let mut value = notes.shown(schema, self.root, shapes);
        let mut alternatives = self.alternatives(schema, &shapes.expected());
        if self.asked.types
            && let [Value::Object(only)] = &mut *alternatives
            && is_of_texts(only)
        {
            text(std::mem::take(only), or_null, &mut value);
            return Value::Object(value);
        }
        if or_null {
            alternatives.push(json!({ "type": "null" }));
        }
        if !self.asked.types {
            alternatives.push(json!({}));
        }
        alternatives.iter_mut().for_each(set_apart);
        alternatives.push(refs::offered());
        value.insert("anyOf".to_owned(), alternatives.into());
        value.insert("if".to_owned(), refs::alike());
        let is_text = shapes.has_some(Shapes::STRING) || !self.asked.types;
        value.insert("then".to_owned(), if is_text { refs::in_text() } else { refs::alone() });
        Value::Object(value)
    }

    /// The definitions that were referred to.
    pub(super) fn define(&mut self) {
        while let Some((name, schema)) = self.referred.next() {
            let expected = Shapes::of(schema, self.root).expected();
            let mut alternatives = self.alternatives(schema, &expected);
            alternatives.iter_mut().for_each(set_apart);
            let definition = match alternatives.pop() {
                Some(only) if alternatives.is_empty() => only,
                last => json!({ "anyOf": alternatives.into_iter().chain(last).collect::<Vec<_>>() }),
            };
            self.definitions.define(&name, definition);
        }
    }

    /// What a value may be, refs aside; `expected` is said where it is nothing of that.
    ///
    /// It goes no deeper than the schema, whose depth was bounded when it was read as a type.
    fn alternatives(&mut self, schema: &'s Value, expected: &str) -> Vec<Value> {
        let keywords = match schema {
            Value::Bool(false) => return vec![json!({ "not": {} })],
            Value::Object(keywords) => keywords,
            _ => return vec![refs::anything()],
        };
        if keywords.contains_key("$id") {
            // It is a document of its own, with refs of its own.
            return vec![refs::anything()];
        }
        if let Some(values) = constants::listed(keywords) {
            return self.constants(&values);
        }
        let narrowing: Vec<&str> =
            keywords.keys().map(String::as_str).filter(|keyword| !ANNOTATIONS.contains(keyword)).collect();
        match &*narrowing {
            [] => vec![refs::anything()],
            ["$ref"] => vec![self.referred(keywords)],
            [keyword @ ("anyOf" | "oneOf")] => match keywords.get(*keyword).and_then(Value::as_array) {
                Some(branches) => self.branches(branches, expected),
                None => vec![refs::anything()],
            },
            _ => vec![self.narrowed(keywords, expected)],
        }
    }

    fn constants(&mut self, values: &[&Value]) -> Vec<Value> {
        let mut listed = Listed::default();
        let mut alternatives = Vec::new();
        for value in values {
            if constants::has_parts(value) {
                alternatives.push(self.constant(value));
            } else {
                listed.add(value, None);
            }
        }
        let listed = listed.schema();
        if listed.is_none() && alternatives.is_empty() {
            return vec![json!({ "not": {} })];
        }
        listed.into_iter().chain(alternatives).collect()
    }

    /// A listed array or object: any part of it may be a ref.
    fn constant(&mut self, value: &Value) -> Value {
        let apart = constants::taken_apart(value);
        let mut inner = Values {
            root: &apart,
            referred: Referred::new(""),
            definitions: &mut *self.definitions,
            asked: self.asked,
        };
        let expected = Shapes::of(&apart, &apart).expected();
        inner.alternatives(&apart, &expected).pop().unwrap_or_default()
    }

    fn referred(&mut self, keywords: &Map<String, Value>) -> Value {
        let to = keywords.get("$ref").and_then(Value::as_str).unwrap_or_default();
        let name = self.referred.name(self.root, to, self.definitions);
        name.map_or_else(refs::anything, |name| reference(&name))
    }

    fn branches(&mut self, branches: &'s [Value], expected: &str) -> Vec<Value> {
        let (listed, others) = alternatives::listed(branches);
        let mut all: Vec<Value> = listed.schema().into_iter().collect();
        match alternatives::tagged(&others) {
            Some(tagged) => all.push(self.tagged(&tagged, expected)),
            None => all.extend(others.into_iter().flat_map(|branch| self.alternatives(branch, expected))),
        }
        all
    }

    /// A union with a tag: by its value is told what else there is, so that a mistake is told by its own branch.
    fn tagged(&mut self, tagged: &Tagged<'s>, expected: &str) -> Value {
        let tag = tagged.tag;
        let mut listed = Listed::default();
        tagged.cases.iter().for_each(|(case, note, _)| listed.add(case, *note));
        let cases: Vec<Value> = tagged
            .cases
            .iter()
            .map(|(case, _, branch)| {
                let mut then = self.narrowed(branch, expected);
                if let Some(then) = then.as_object_mut() {
                    then.remove("type");
                    if let Some(Value::Object(properties)) = then.get_mut("properties") {
                        properties.insert(tag.to_owned(), json!({}));
                    }
                    if let Some(Value::Array(required)) = then.get_mut("required") {
                        required.retain(|name| name != tag);
                    }
                }
                let is_case = json!({ tag: { "const": case, "doNotSuggest": true } });
                json!({ "if": { "type": "object", "properties": is_case, "required": [tag] }, "then": then })
            })
            .collect();
        let value = json!({
            "anyOf": [listed.schema(), refs::offered()], "if": refs::alike(), "then": refs::in_text(),
            "examples": tagged.cases.iter().take(2).map(|(case, ..)| *case).collect::<Vec<_>>(),
        });
        json!({
            "type": "object",
            "required": [tag],
            "properties": { tag: value },
            "allOf": cases,
        })
    }

    /// A schema by its own keywords. Those that need the values of refs are left to the check.
    fn narrowed(&mut self, keywords: &'s Map<String, Value>, expected: &str) -> Value {
        let mut written = Map::new();
        if let Some(ty) = keywords.get("type") {
            written.insert("type".to_owned(), ty.clone());
            // It would stand in for what is said of missing and of unknown members, too.
            if !Shapes::by_type(keywords).has(Shapes::OBJECT) {
                written.insert("errorMessage".to_owned(), expected.into());
            }
        }
        texts::write(keywords, self.asked, &mut written);
        numbers::write(keywords, self.asked, expected, &mut written);
        self.array(keywords, &mut written);
        self.object(keywords, &mut written);
        let mut all = Vec::new();
        if keywords.contains_key("$ref") {
            all.push(self.referred(keywords));
        }
        for keyword in ["anyOf", "oneOf"] {
            if let Some(branches) = keywords.get(keyword).and_then(Value::as_array) {
                all.push(json!({ "anyOf": self.branches(branches, expected) }));
            }
        }
        if let Some(schemas) = keywords.get("allOf").and_then(Value::as_array) {
            for schema in schemas {
                all.push(json!({ "anyOf": self.alternatives(schema, expected) }));
            }
        }
        if !all.is_empty() {
            let own = written.entry("allOf").or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(own) = own {
                own.append(&mut all);
            }
        }
        Value::Object(written)
    }

    fn array(&mut self, keywords: &'s Map<String, Value>, written: &mut Map<String, Value>) {
        if self.asked.ranges {
            for keyword in ["minItems", "maxItems"] {
                written.extend(keywords.get(keyword).map(|count| (keyword.to_owned(), count.clone())));
            }
        }
        let is_array = Shapes::by_type(keywords).has_some(Shapes::ARRAY);
        let rest = match keywords.get("items") {
            // An element that must not be there is one too many.
            Some(Value::Bool(false)) if !self.asked.ranges => refs::anything(),
            Some(items) => self.part(items),
            None => refs::anything(),
        };
        match keywords.get("prefixItems").and_then(Value::as_array) {
            Some(first) => {
                let first: Vec<Value> = first.iter().map(|element| self.part(element)).collect();
                written.insert("items".to_owned(), first.into());
                written.insert("additionalItems".to_owned(), rest);
            }
            None if is_array => {
                written.insert("items".to_owned(), rest);
            }
            None => {}
        }
    }

    fn object(&mut self, keywords: &'s Map<String, Value>, written: &mut Map<String, Value>) {
        let is_object = Shapes::by_type(keywords).has_some(Shapes::OBJECT);
        if !is_object {
            return;
        }
        if self.asked.ranges {
            for keyword in ["minProperties", "maxProperties"] {
                written.extend(keywords.get(keyword).map(|count| (keyword.to_owned(), count.clone())));
            }
        }
        written.extend(keywords.get("required").map(|names| ("required".to_owned(), names.clone())));
        for keyword in ["properties", "patternProperties"] {
            let Some(Value::Object(members)) = keywords.get(keyword) else { continue };
            let mut parts = Map::new();
            for (name, member) in members {
                if keyword == "properties" || texts::is_portable(name) {
                    parts.insert(name.clone(), self.part(member));
                }
            }
            written.insert(keyword.to_owned(), parts.into());
        }
        let has_unknown_patterns = match keywords.get("patternProperties") {
            Some(Value::Object(patterns)) => !patterns.keys().all(|pattern| texts::is_portable(pattern)),
            _ => false,
        };
        let additional = match keywords.get("additionalProperties") {
            Some(Value::Bool(false)) if !has_unknown_patterns => false.into(),
            Some(schema) if !has_unknown_patterns => self.part(schema),
            _ => refs::anything(),
        };
        written.insert("additionalProperties".to_owned(), additional);
    }

    /// A member or an element.
    fn part(&mut self, schema: &'s Value) -> Value {
        match schema {
            Value::Bool(false) => return false.into(),
            Value::Object(keywords) if !keywords.is_empty() => {}
            _ => return refs::anything(),
        }
        self.value(schema, Notes::of(schema, self.root), false)
    }
}
