//! The part of a schema that has no structural form: kept whole, and judged by a validator.

use crate::{
    equal::same_value,
    fault::{SchemaFault, Step},
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
    /// The schemas that a value must satisfy besides.
    judges: Vec<Judge>,
    /// Whether those schemas are all that the outline is of, so that nothing within it need be validated again.
    pub(crate) whole: bool,
    /// Made when first asked.
    validator: OnceLock<Option<Validator>>,
}

/// A part of the schema that a value must satisfy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Judge {
    /// All that the schema at this pointer says.
    Whole(String),
    /// What it says of the members of objects, by name.
    Members(String),
}

/// What a validator has against a value.
pub(crate) struct Objection {
    /// Where in the value.
    pub(crate) path: Vec<Step>,
    /// The keyword that objects.
    pub(crate) keyword: String,
}

impl OpaqueForm {
    pub(crate) fn new(outline: NodeId, judges: Vec<Judge>, whole: bool) -> Self {
        OpaqueForm { outline, judges, whole, validator: OnceLock::new() }
    }

    /// The same with another outline, for a document with the same source.
    pub(crate) fn with_outline(&self, outline: NodeId) -> Self {
        OpaqueForm::new(outline, self.judges.clone(), self.whole)
    }

    /// Whether the validator accepts `value`.
    pub(crate) fn accepts(&self, document: &Document, value: &Value) -> bool {
        // INVARIANT: there is a validator, for one of the whole schema was made when the schema was read.
        self.validator(document).is_none_or(|validator| validator.is_valid(value))
    }

    /// Whether the validator refuses `value` for its shape, as far as its objections show: refinements aside, it would
    /// refuse it as well.
    pub(crate) fn refuses_shape(&self, document: &Document, value: &Value) -> bool {
        const SHAPES: [&str; 7] =
            ["not", "type", "const", "enum", "required", "dependentRequired", "additionalProperties"];
        let objections = self.objections(document, value, 100);
        objections.iter().any(|objection| SHAPES.contains(&objection.keyword.as_str()))
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
        self.judges == other.judges && (Arc::ptr_eq(document, theirs) || same_source())
    }

    fn validator(&self, document: &Document) -> Option<&Validator> {
        let make = || validator(document.source.as_ref()?, &self.judges).ok();
        self.validator.get_or_init(make).as_ref()
    }
}

/// A validator of all these together, or where the schema is at fault and why.
pub(crate) fn validator(source: &Source, judges: &[Judge]) -> Result<Validator, SchemaFault> {
    let fault = |pointer: &str, error: &dyn std::fmt::Display| {
        let known = source.schema.pointer(pointer).map_or("", |_| pointer);
        SchemaFault { pointer: known.to_owned(), message: format!("is refused: {error}") }
    };
    let mut schema = source.schema.clone();
    if let Some(members) = schema.as_object_mut() {
        // The draft is settled, and a meta-schema that nobody can fetch must not stop the validator.
        members.remove("$schema");
    }
    let registry =
        Registry::new().draft(source.draft).add(SELF, schema).map_err(|error| fault("", &error))?;
    let registry = registry.prepare().map_err(|error| fault("", &error))?;
    let schemas: Vec<Value> = judges.iter().map(|judge| schema_of(source, judge)).collect();
    jsonschema::options()
        .with_draft(source.draft)
        .with_registry(&registry)
        .offline()
        .should_validate_formats(true)
        .should_ignore_unknown_formats(true)
        .with_pattern_options(jsonschema::PatternOptions::fancy_regex().backtrack_limit(BACKTRACKS))
        .build(&json!({ "allOf": schemas }))
        .map_err(|error| fault(error.schema_path().as_str(), &error))
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

/// What a judge says, as a schema that refers to the schema itself.
fn schema_of(source: &Source, judge: &Judge) -> Value {
    let refer = |pointer: &str| json!({ "$ref": reference(pointer) });
    let pointer = match judge {
        Judge::Whole(pointer) => return refer(pointer),
        Judge::Members(pointer) => pointer,
    };
    let mut said = serde_json::Map::new();
    for keyword in ["properties", "patternProperties"] {
        let named = source.schema.pointer(&format!("{pointer}/{keyword}")).and_then(Value::as_object);
        let refer_named = |name: &String| {
            let token = name.replace('~', "~0").replace('/', "~1");
            (name.clone(), refer(&format!("{pointer}/{keyword}/{token}")))
        };
        said.extend(named.map(|named| (keyword.to_owned(), named.keys().map(refer_named).collect())));
    }
    let additional = format!("{pointer}/additionalProperties");
    if source.schema.pointer(&additional).is_some() {
        said.insert("additionalProperties".to_owned(), refer(&additional));
    }
    Value::Object(said)
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
