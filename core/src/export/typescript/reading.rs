//! JSON Schemas as TypeScript's types. Every value that a schema accepts is of the type; where TypeScript cannot say
//! what a schema does, the type says less.

use super::comments;
use super::form::{Element, Form, Member, Object};
use super::names::quoted;
use serde_json::{Map, Value};

/// Arrays of a fixed length are written element by element up to this one.
const LONGEST_TUPLE: u64 = 8;

/// All that a value can be.
const KINDS: [&str; 6] = ["string", "number", "boolean", "object", "array", "null"];

type Keywords = Map<String, Value>;

/// Reads the schemas of one document.
pub(super) struct Reader<'n> {
    /// The name of what a `$ref` leads to.
    pub(super) named: &'n dyn Fn(&str) -> Option<String>,
    /// Whether an object may have members that its schema does not name. Schemas of Rust types leave objects open
    /// that are not meant to be.
    pub(super) open: bool,
}

impl Reader<'_> {
    /// The type of a schema. As deep as the schema, which a registry bounds.
    pub(super) fn form(&self, schema: &Value) -> Form {
        self.within(schema, &KINDS)
    }

    /// The type of a schema for what is of one of these kinds.
    fn within(&self, schema: &Value, kinds: &[&str]) -> Form {
        let keywords = match schema {
            Value::Bool(false) => return Form::never(),
            Value::Object(keywords) => keywords,
            _ => return Form::unknown(),
        };
        if refuses_all(keywords.get("not")) {
            return Form::never();
        }
        let stated: Option<Vec<&str>> = match keywords.get("type") {
            Some(Value::String(one)) => Some(vec![one]),
            Some(Value::Array(several)) => Some(several.iter().filter_map(Value::as_str).collect()),
            _ => None,
        };
        let kinds: &[&str] = stated.as_deref().unwrap_or(kinds);
        let mut parts = Vec::new();
        if let Some(Value::String(reference)) = keywords.get("$ref") {
            parts.push((self.named)(reference).map_or_else(Form::unknown, Form::Named));
        }
        for all in list(keywords, "allOf") {
            parts.push(self.within(all, kinds));
        }
        for branches in ["anyOf", "oneOf"] {
            if let Some(Value::Array(branches)) = keywords.get(branches) {
                parts.push(Form::union(branches.iter().map(|branch| self.within(branch, kinds))));
            }
        }
        let said = Form::intersection(parts);
        let own = match (keywords.get("const"), keywords.get("enum")) {
            (Some(value), _) => literal(value),
            (None, Some(Value::Array(values))) => Form::union(values.iter().map(literal)),
            _ if stated.is_none() && !has_parts(keywords) => Form::unknown(),
            // What the rest says of them says it all.
            _ if !has_parts(keywords) && !said.is_unknown() && is_narrower(&said) => Form::unknown(),
            _ => Form::union(kinds.iter().map(|kind| self.of_kind(kind, keywords))),
        };
        Form::intersection([own, said])
    }

    fn of_kind(&self, kind: &str, keywords: &Keywords) -> Form {
        match kind {
            "integer" => Form::word("number"),
            "array" => self.array(keywords),
            "object" => {
                let object = self.object(keywords);
                if object.is_empty() {
                    return empty();
                }
                Form::Object(object)
            }
            "string" | "number" | "boolean" | "null" => Form::word(kind),
            _ => Form::unknown(),
        }
    }

    fn array(&self, keywords: &Keywords) -> Form {
        let (first, rest) = match (keywords.get("prefixItems"), keywords.get("items")) {
            (Some(Value::Array(first)), rest) => (first.as_slice(), rest),
            (_, Some(Value::Array(first))) => (first.as_slice(), keywords.get("additionalItems")),
            (_, rest) => (&[][..], rest),
        };
        let rest = rest.map_or_else(Form::unknown, |rest| self.form(rest));
        let bound = |keyword| keywords.get(keyword).and_then(Value::as_u64);
        let (min, max) = (bound("minItems").unwrap_or(0), bound("maxItems"));
        let element = |position: u64, form: Form| Element { form, optional: position >= min };
        if first.is_empty() {
            return match max {
                Some(max) if max == min && max <= LONGEST_TUPLE => {
                    let elements = (0..max).map(|position| element(position, rest.clone())).collect();
                    Form::Tuple { elements, rest: None }
                }
                _ => Form::List(Box::new(rest)),
            };
        }
        let elements: Vec<Element> =
            (0..).zip(first).map(|(position, schema)| element(position, self.form(schema))).collect();
        let is_full = rest.is_never() || max.is_some_and(|max| max <= elements.len() as u64);
        Form::Tuple { elements, rest: (!is_full).then(|| Box::new(rest)) }
    }

    /// What a schema says of objects.
    pub(super) fn object(&self, keywords: &Keywords) -> Object {
        let properties = keywords.get("properties").and_then(Value::as_object);
        let required: Vec<&str> = list(keywords, "required").iter().filter_map(Value::as_str).collect();
        let mut members: Vec<Member> = properties
            .into_iter()
            .flatten()
            .map(|(name, schema)| {
                let optional = !required.contains(&name.as_str());
                Member::new(name, optional, self.form(schema), comments::of(schema))
            })
            .collect();
        let patterns = keywords.get("patternProperties").and_then(Value::as_object);
        let additional = match keywords.get("additionalProperties") {
            Some(schema) => self.form(schema),
            None if self.open || (members.is_empty() && patterns.is_none()) => Form::unknown(),
            None => Form::never(),
        };
        let patterns = patterns.into_iter().flat_map(Map::values).map(|schema| self.form(schema));
        let others = Form::union(patterns.chain([additional]));
        for name in required {
            if !others.is_never() && !members.iter().any(|member| member.name == name) {
                members.push(Member::new(name, false, others.clone(), Vec::new()));
            }
        }
        // TypeScript wants each member to be one of the others, too.
        let optional = members.iter().any(|member| member.optional).then(|| Form::word("undefined"));
        let all = || members.iter().map(|member| member.form.clone()).chain(optional);
        let others = (!others.is_never()).then(|| Box::new(Form::union([others].into_iter().chain(all()))));
        Object { members, others }
    }
}

/// An object without members.
pub(super) fn empty() -> Form {
    Form::Object(Object { members: Vec::new(), others: Some(Box::new(Form::never())) })
}

/// Whether a schema says more of arrays or objects than that they are.
fn has_parts(keywords: &Keywords) -> bool {
    const PARTS: [&str; 5] =
        ["properties", "additionalProperties", "patternProperties", "items", "prefixItems"];
    PARTS.iter().any(|keyword| keywords.contains_key(*keyword))
}

/// Whether a type says what its values are made of.
fn is_narrower(form: &Form) -> bool {
    match form {
        Form::Union(forms) | Form::Intersection(forms) => forms.iter().all(is_narrower),
        form => !form.is_unknown(),
    }
}

/// Whether `not` leaves nothing.
fn refuses_all(not: Option<&Value>) -> bool {
    match not {
        Some(Value::Bool(all)) => *all,
        Some(Value::Object(keywords)) => keywords.is_empty(),
        _ => false,
    }
}

fn list<'k>(keywords: &'k Keywords, keyword: &str) -> &'k [Value] {
    keywords.get(keyword).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The type of one value.
fn literal(value: &Value) -> Form {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => Form::Word(value.to_string()),
        Value::String(text) => Form::Word(quoted(text)),
        Value::Array(elements) => {
            let element = |value| Element { form: literal(value), optional: false };
            Form::Tuple { elements: elements.iter().map(element).collect(), rest: None }
        }
        Value::Object(members) if members.is_empty() => empty(),
        Value::Object(members) => {
            let member =
                |(name, value): (&String, &Value)| Member::new(name, false, literal(value), Vec::new());
            Form::Object(Object { members: members.iter().map(member).collect(), others: None })
        }
    }
}
