//! The part of a schema that has no structural form: kept whole, and judged by a validator.

use crate::{
    equal::same_value,
    fault::Step,
    ty::{Document, NodeId, Source},
};
use jsonschema::{Draft, Registry, Validator};
use serde_json::{Value, json};
use std::{
    fmt::Write as _,
    sync::{Arc, OnceLock},
};

/// The URI under which a schema is known to the validators of its own parts.
const SELF: &str = "flowright:schema";

/// How far one search of a pattern with look-around may go before the string is refused.
const BACKTRACKS: usize = 100_000;

/// The values of an outline that a validator accepts too.
pub(crate) struct OpaqueForm {
    /// What of the schema has a structural form. Every value of the type is a value of its outline.
    pub(crate) outline: NodeId,
    /// Where the schemas are that a value must satisfy besides.
    pointers: Vec<String>,
    /// Made when first asked.
    validator: OnceLock<Option<Validator>>,
}

/// What a validator has against a value.
pub(crate) struct Objection {
    /// Where in the value.
    pub(crate) path: Vec<Step>,
    /// The keyword that objects.
    pub(crate) keyword: String,
}

impl OpaqueForm {
    pub(crate) fn new(outline: NodeId, pointers: Vec<String>) -> Self {
        OpaqueForm { outline, pointers, validator: OnceLock::new() }
    }

    /// Whether the validator accepts `value`. `None` without a validator.
    pub(crate) fn accepts(&self, document: &Document, value: &Value) -> Option<bool> {
        self.validator(document).map(|validator| validator.is_valid(value))
    }

    /// Everything the validator has against `value`, at most `limit` objections.
    pub(crate) fn objections(&self, document: &Document, value: &Value, limit: usize) -> Vec<Objection> {
        let Some(validator) = self.validator(document) else { return Vec::new() };
        let objection = |error: jsonschema::ValidationError<'_>| Objection {
            path: steps(value, error.instance_path().as_str()),
            keyword: error.kind().keyword().to_owned(),
        };
        validator.iter_errors(value).take(limit).map(objection).collect()
    }

    /// Whether the other one is judged by the same schemas.
    pub(crate) fn same_judge(&self, document: &Arc<Document>, other: &Self, theirs: &Arc<Document>) -> bool {
        let same_source = || match (&document.source, &theirs.source) {
            (Some(own), Some(theirs)) => same_value(&own.schema, &theirs.schema),
            _ => false,
        };
        self.pointers == other.pointers && (Arc::ptr_eq(document, theirs) || same_source())
    }

    fn validator(&self, document: &Document) -> Option<&Validator> {
        let make = || validator(document.source.as_ref()?, &self.pointers).ok();
        self.validator.get_or_init(make).as_ref()
    }
}

/// A validator of the schemas at `pointers` together, or where the schema is at fault and why.
pub(crate) fn validator(source: &Source, pointers: &[String]) -> Result<Validator, (String, String)> {
    let at_root = |error: &dyn std::fmt::Display| (String::new(), error.to_string());
    let mut schema = source.schema.clone();
    if let Some(members) = schema.as_object_mut() {
        // The draft is settled, and a meta-schema that nobody can fetch must not stop the validator.
        members.remove("$schema");
    }
    let registry = Registry::new().draft(source.draft).add(SELF, schema).map_err(|error| at_root(&error))?;
    let registry = registry.prepare().map_err(|error| at_root(&error))?;
    let refs: Vec<Value> = pointers.iter().map(|pointer| json!({ "$ref": reference(pointer) })).collect();
    jsonschema::options()
        .with_draft(source.draft)
        .with_registry(&registry)
        .offline()
        .should_validate_formats(true)
        .should_ignore_unknown_formats(true)
        .with_pattern_options(jsonschema::PatternOptions::fancy_regex().backtrack_limit(BACKTRACKS))
        .build(&json!({ "allOf": refs }))
        .map_err(|error| (String::new(), error.to_string()))
}

/// The draft a `$schema` names, where its keywords are read the way this crate reads them.
pub(crate) fn draft(schema: &Value) -> Draft {
    let named = schema.get("$schema").and_then(Value::as_str).unwrap_or_default();
    let named = named.trim_end_matches('#').trim_start_matches("https://").trim_start_matches("http://");
    match named {
        "json-schema.org/draft-04/schema" => Draft::Draft4,
        "json-schema.org/draft-06/schema" => Draft::Draft6,
        "json-schema.org/draft-07/schema" => Draft::Draft7,
        "json-schema.org/draft/2019-09/schema" => Draft::Draft201909,
        _ => Draft::Draft202012,
    }
}

/// A URI reference to a part of the schema.
fn reference(pointer: &str) -> String {
    let mut uri = format!("{SELF}#");
    for byte in pointer.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'~' | b'-' | b'_' | b'.' | b'$') {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

/// The steps a JSON pointer takes through `value`.
fn steps(value: &Value, pointer: &str) -> Vec<Step> {
    let mut at = Some(value);
    let mut steps = Vec::new();
    for token in pointer.split('/').skip(1) {
        let name = token.replace("~1", "/").replace("~0", "~");
        match (at, name.parse::<usize>()) {
            (Some(Value::Array(elements)), Ok(index)) => {
                at = elements.get(index);
                steps.push(Step::Element(index));
            }
            (Some(Value::Object(members)), _) => {
                at = members.get(&name);
                steps.push(Step::Member(name));
            }
            _ => break,
        }
    }
    steps
}
