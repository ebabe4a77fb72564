//! Many types and many values, with refs in place of each part: what the schema says of them and what the check does.

use crate::faults;
use flowright::{ActionDefinition, Code, InputDefinition, Level, Registry};
use serde_json::{Value, json};

/// Types of inputs, awkward ones among them.
pub(crate) fn types() -> Vec<Value> {
    let tree = json!({
        "$ref": "#/$defs/Tree",
        "$defs": { "Tree": {
            "type": "object",
            "properties": { "label": { "type": "string" }, "below": { "type": "array", "items": { "$ref": "#/$defs/Tree" } } },
            "required": ["label"],
        } },
    });
    let shapes = json!({ "oneOf": [
        { "type": "object", "properties": { "a": { "const": "one" }, "b": { "type": "integer" } }, "required": ["a", "b"], "additionalProperties": false },
        { "type": "object", "properties": { "a": { "const": "two" } }, "required": ["a"] },
        { "enum": ["x", "y"], "description": "A text." },
    ] });
    vec![
        json!(true),
        json!(false),
        json!({ "not": { "type": "string" } }),
        json!({ "type": "string" }),
        json!({ "type": "string", "minLength": 2, "maxLength": 4 }),
        json!({ "type": "string", "pattern": "^[a-z]+$", "format": "email" }),
        json!({ "type": "string", "allOf": [{ "pattern": "a" }, { "pattern": "b" }] }),
        json!({ "type": "string", "pattern": "(?i)^AB$" }),
        json!({ "type": ["string", "null"], "minLength": 1 }),
        json!({ "type": ["integer", "null"] }),
        json!({ "type": ["string", "integer"], "minLength": 2, "minimum": 2 }),
        json!({ "type": "integer", "format": "uint8" }),
        json!({ "type": "integer", "format": "int32" }),
        json!({ "type": "integer", "format": "uint64" }),
        json!({ "type": "integer", "multipleOf": 3 }),
        json!({ "type": "number", "multipleOf": 0.1 }),
        json!({ "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 9_007_199_254_740_993_i64 }),
        json!({ "minimum": 3 }),
        json!({ "type": "boolean" }),
        json!({ "type": "null" }),
        json!({ "const": { "a": [1, "x"] } }),
        json!({ "enum": ["x", 1, null, { "a": "one" }, [1, 2]] }),
        json!({ "enum": ["x", 1], "type": "string" }),
        json!({ "type": "array" }),
        json!({ "type": "array", "items": { "type": "integer" }, "minItems": 1, "maxItems": 2 }),
        json!({ "type": "array", "prefixItems": [{ "type": "string" }, { "type": "integer" }], "minItems": 2, "maxItems": 2 }),
        json!({ "type": "array", "prefixItems": [{ "type": "string" }], "items": false }),
        json!({ "type": "array", "uniqueItems": true }),
        json!({ "type": "array", "contains": { "type": "integer" } }),
        json!({ "type": "object" }),
        json!({ "type": "object", "properties": { "a": { "type": "string" } }, "required": ["a"], "additionalProperties": false }),
        json!({ "type": "object", "additionalProperties": { "type": "integer" }, "minProperties": 1, "maxProperties": 1 }),
        json!({ "type": "object", "patternProperties": { "^a": { "type": "integer" } }, "additionalProperties": false }),
        json!({ "type": "object", "patternProperties": { "(?i)^A": { "type": "integer" } }, "additionalProperties": false }),
        json!({ "type": "object", "propertyNames": { "maxLength": 1 } }),
        json!({ "type": "object", "dependentRequired": { "a": ["b"] } }),
        json!({ "properties": { "a": { "type": "null" } } }),
        json!({ "if": { "type": "string" }, "then": { "minLength": 3 }, "else": { "type": "integer" } }),
        json!({ "anyOf": [{ "type": "integer" }, { "type": "array", "items": { "type": "string" } }] }),
        json!({ "oneOf": [{ "type": "integer" }, { "type": "number", "minimum": 5 }] }),
        json!({ "allOf": [{ "properties": { "a": { "type": "string" } } }, { "required": ["a"] }], "type": "object" }),
        json!({ "allOf": [{ "$ref": "#/$defs/a" }], "$defs": { "a": { "type": "object", "required": ["a"] } } }),
        json!({ "type": "object", "properties": { "next": { "$ref": "#" }, "a": true } }),
        json!({ "anyOf": [{ "type": "null" }, { "$ref": "#/$defs/loop" }], "$defs": { "loop": { "allOf": [{ "$ref": "#/$defs/loop" }, { "type": "integer" }] } } }),
        json!({ "$ref": "#/$defs/a~1b%20c", "$defs": { "a/b c": { "type": "integer" } } }),
        json!({ "type": "object", "unevaluatedProperties": false, "allOf": [{ "properties": { "a": true } }] }),
        tree,
        shapes,
    ]
}

fn values() -> Vec<Value> {
    let mut values = vec![
        json!(null),
        json!(true),
        json!(0),
        json!(3),
        json!(-1),
        json!(300),
        json!(1.5),
        json!(30.0),
        json!(0.3),
        json!(9_007_199_254_740_992_i64),
        json!(9_007_199_254_740_993_i64),
        json!(u64::MAX),
        json!(1e300),
        json!(""),
        json!("x"),
        json!("ab"),
        json!("AB"),
        json!("abcde"),
        json!("ab@c.de"),
        json!("one"),
        json!("😀😀😀😀"),
        json!([]),
        json!([1]),
        json!([1, 2]),
        json!([1, 1]),
        json!(["x", 1]),
        json!(["x", "x"]),
        json!(["x", 1, null]),
        json!({}),
        json!({ "a": "x" }),
        json!({ "a": 1 }),
        json!({ "a": "one" }),
        json!({ "a": "two", "c": 1 }),
        json!({ "a": "one", "b": 1 }),
        json!({ "a": "one", "b": 1.0 }),
        json!({ "a": "one", "b": "x" }),
        json!({ "b": 1 }),
        json!({ "a": [1, "x"] }),
        json!({ "abc": 1, "a": 1 }),
        json!({ "a": null, "next": { "next": 1 } }),
        json!({ "label": "x", "below": [{ "label": "y", "below": [] }] }),
        json!({ "label": "x", "below": [{ "below": 1 }] }),
    ];
    for written in [
        "!ref($.event.data.x)",
        "ab !ref($.event.data.x)",
        "!ref(\"ab\")",
        "!ref($.evnt)",
        "a !ref(",
        "! ref(",
    ] {
        values.push(written.into());
    }
    values
}

/// A value, and what it is with another in place of each of its parts.
fn with(value: &Value, part: &Value) -> Vec<Value> {
    let mut all = vec![value.clone(), part.clone()];
    match value {
        Value::Array(elements) => {
            for (at, element) in elements.iter().enumerate() {
                for inner in with(element, part) {
                    let mut whole = elements.clone();
                    whole[at] = inner;
                    all.push(whole.into());
                }
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                for inner in with(member, part) {
                    let mut whole = members.clone();
                    whole.insert(name.clone(), inner);
                    all.push(whole.into());
                }
            }
        }
        _ => {}
    }
    all
}

pub(crate) fn documents() -> Vec<Value> {
    let refs = ["!ref($.event.data.x)", "x!ref($.event.data.x)", "!ref($.event.data[*])", "!ref(\"one\")"];
    let values = values();
    let parts = refs.iter().flat_map(|part| values.iter().flat_map(|value| with(value, &(*part).into())));
    let mut all: Vec<Value> = parts.collect();
    let mut seen = std::collections::HashSet::new();
    all.retain(|value| seen.insert(value.to_string()));
    all.into_iter()
        .map(|value| action(&json!({ "x": value })))
        .chain([action(&json!({})), action(&json!({ "x": "!ref($.event.data.x)", "y": 1 }))])
        .collect()
}

fn action(inputs: &Value) -> Value {
    json!({ "actions": [{ "id": "1", "kind": "a", "inputs": inputs }], "edges": [{ "from": "$source", "to": "1" }] })
}

pub(crate) fn registry(ty: &Value, required: bool, lowered: &[Code]) -> Registry {
    let input = InputDefinition::from_schema("x", ty.clone(), required);
    let action = ActionDefinition::builder("a").input_definition(input).handler(|_| Ok(Value::Null)).build();
    let builder = lowered
        .iter()
        .fold(Registry::builder().action(action), |builder, code| builder.lint(*code, Level::Warning));
    builder.build().unwrap_or_else(|error| panic!("{ty}: {error}"))
}

#[test]
fn what_is_accepted_is_of_the_schema_and_a_value_that_is_not_is_refused() {
    let documents = documents();
    let (mut accepted, mut refused_by_both, mut refused_by_the_check) = (0, 0, 0);
    for ty in types() {
        for required in [true, false] {
            let registry = registry(&ty, required, &[]);
            let validator = jsonschema::validator_for(&registry.workflow_schema()).expect("it is a schema");
            for document in &documents {
                let is_accepted = registry.check(&*document.to_string()).is_ok();
                let faults = faults(&validator, document);
                // In each of these an error of the one is an error of the other, but for what the schema leaves open.
                assert!(!is_accepted || faults.is_empty(), "{ty}: {}\n{faults:?}", document["actions"][0]);
                match (is_accepted, faults.is_empty()) {
                    (true, _) => accepted += 1,
                    (false, false) => refused_by_both += 1,
                    (false, true) => refused_by_the_check += 1,
                }
            }
        }
    }
    println!(
        "{accepted} accepted, {refused_by_both} refused by both, {refused_by_the_check} by the check alone"
    );
    assert!(
        refused_by_both > 3 * refused_by_the_check,
        "the schema leaves much open: {refused_by_the_check}"
    );
}

#[test]
fn what_a_level_allows_the_schema_accepts() {
    let documents: Vec<Value> = documents().into_iter().rev().step_by(7).collect();
    for lowered in [Code::UnknownInput, Code::WrongType, Code::NeverFits, Code::OutOfRange, Code::BadFormat] {
        let mut more = 0;
        for ty in types() {
            let registry = registry(&ty, true, &[lowered]);
            let validator = jsonschema::validator_for(&registry.workflow_schema()).expect("it is a schema");
            let strict = self::registry(&ty, true, &[]);
            for document in &documents {
                if registry.check(&*document.to_string()).is_ok() {
                    more += usize::from(strict.check(&*document.to_string()).is_err());
                    let faults = faults(&validator, document);
                    assert!(faults.is_empty(), "{lowered}: {ty}: {}\n{faults:?}", document["actions"][0]);
                }
            }
        }
        assert!(more > 0, "{lowered} allows nothing");
    }
}
