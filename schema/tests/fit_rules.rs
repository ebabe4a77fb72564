//! The verdicts of `fits`, rule by rule, and types of Rust against themselves and others. Counterexamples are judged by
//! the `jsonschema` crate's validator.

#[allow(dead_code)]
mod oracle;

use flowright_schema::{Fit, FitVerdict, Origin, Step, Type};
use oracle::validator;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn ty(schema: &Value) -> Type {
    Type::parse(schema, Origin::Schema).unwrap_or_else(|faults| panic!("{schema}: {faults:?}"))
}

/// How `a` fits `b`, with what the validators say of the counterexample.
fn judged(a: &Value, b: &Value) -> Fit {
    let fit = ty(a).fits(&ty(b));
    let counterexample = fit.reason.as_ref().and_then(|reason| reason.counterexample.as_ref());
    match counterexample {
        Some(value) => {
            assert!(validator(a).is_valid(value), "{value} is none of {a}");
            assert!(!validator(b).is_valid(value), "{value} is of {b}");
        }
        None => assert!(matches!(fit.verdict, FitVerdict::Fits | FitVerdict::Unknown), "{a} into {b}"),
    }
    fit
}

/// Shorthand for schemas: a format or kind by name, or a schema.
fn all(rows: &[(Value, Value, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(a, b, expected)| {
            let verdict = judged(a, b).verdict;
            (verdict.as_str() != *expected)
                .then(|| format!("{} into {}: {verdict}, not {expected}", ty(a), ty(b)))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn kind(name: &str) -> Value {
    json!({ "type": name })
}

fn integers(min: i64, max: i64) -> Value {
    json!({ "type": "integer", "minimum": min, "maximum": max })
}

fn format(name: &str) -> Value {
    json!({ "type": "string", "format": name })
}

fn pattern(source: &str) -> Value {
    json!({ "type": "string", "pattern": source })
}

fn closed(properties: &Value, required: &[&str]) -> Value {
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn open(properties: &Value, required: &[&str]) -> Value {
    json!({ "type": "object", "properties": properties, "required": required })
}

#[test]
fn kinds_and_nothing_and_everything() {
    all(&[
        (json!(true), json!(true), "fits"),
        (json!(true), kind("string"), "may-not-fit"),
        (json!(false), kind("string"), "fits"),
        (kind("null"), json!(false), "never-fits"),
        (kind("string"), json!(true), "fits"),
        (kind("string"), kind("number"), "never-fits"),
        (kind("string"), json!({ "type": ["string", "null"] }), "fits"),
        (json!({ "type": ["string", "null"] }), kind("string"), "may-not-fit"),
        (kind("integer"), kind("number"), "fits"),
        (kind("number"), kind("integer"), "may-not-fit"),
        (kind("boolean"), json!({ "enum": [true, false] }), "fits"),
        (kind("boolean"), json!({ "const": true }), "may-not-fit"),
        (open(&json!({ "a": false }), &["a"]), kind("string"), "fits"),
    ]);
}

#[test]
fn numbers() {
    let half = json!({ "type": "number", "multipleOf": 0.5 });
    let halves = json!({ "anyOf": [integers(0, 4), integers(5, 9)] });
    all(&[
        (integers(0, 9), json!({ "type": "integer", "minimum": 0 }), "fits"),
        (kind("integer"), json!({ "type": "integer", "minimum": 0 }), "refined"),
        (integers(0, 9), halves.clone(), "fits"),
        (integers(0, 10), halves, "refined"),
        (integers(5, 9), integers(0, 4), "never-fits"),
        (integers(1, 3), json!({ "enum": [1, 2, 3.0] }), "fits"),
        (integers(1, 4), json!({ "enum": [1, 2, 3] }), "may-not-fit"),
        (
            json!({ "type": "integer", "format": "uint8" }),
            json!({ "type": "integer", "format": "int16" }),
            "fits",
        ),
        (
            json!({ "type": "integer", "format": "int16" }),
            json!({ "type": "integer", "format": "uint8" }),
            "refined",
        ),
        (
            json!({ "type": "integer", "format": "uint64" }),
            json!({ "type": "integer", "format": "int64" }),
            "refined",
        ),
        (json!({ "type": "number", "format": "double" }), kind("number"), "fits"),
        (kind("number"), half.clone(), "refined"),
        (half.clone(), half, "fits"),
        (json!({ "type": "integer", "multipleOf": 6 }), json!({ "type": "number", "multipleOf": 3 }), "fits"),
        (
            json!({ "type": "integer", "multipleOf": 3 }),
            json!({ "type": "number", "multipleOf": 6 }),
            "refined",
        ),
        (
            json!({ "type": "number", "minimum": 0, "maximum": 2 }),
            json!({ "anyOf": [{ "type": "number", "exclusiveMaximum": 1 }, { "type": "number", "exclusiveMinimum": 1 }] }),
            "refined",
        ),
    ]);
}

#[test]
fn strings() {
    let lengths = |min: u64, max: u64| json!({ "type": "string", "minLength": min, "maxLength": max });
    all(&[
        (kind("string"), format("email"), "refined"),
        (format("email"), kind("string"), "fits"),
        (format("email"), format("email"), "fits"),
        (format("ipv4"), format("ip"), "fits"),
        (format("ip"), format("ipv4"), "refined"),
        (format("uri"), format("uri-reference"), "fits"),
        (format("date"), format("date-time"), "never-fits"),
        (format("uuid"), format("email"), "never-fits"),
        (format("uuid"), lengths(1, 36), "fits"),
        (kind("string"), format("nonsense"), "fits"),
        (json!({ "const": "2020-01-31" }), format("date"), "fits"),
        (lengths(2, 3), lengths(1, 4), "fits"),
        (lengths(2, 6), json!({ "anyOf": [lengths(1, 4), lengths(5, 8)] }), "fits"),
        (lengths(1, 4), lengths(5, 8), "never-fits"),
        (kind("string"), json!({ "type": "string", "maxLength": 65535 }), "refined"),
        (kind("string"), json!({ "enum": ["a"] }), "may-not-fit"),
        (pattern("^[a-f]+$"), pattern("^[a-z]+$"), "fits"),
        (pattern("^[a-z]+$"), pattern("^[a-f]+$"), "refined"),
        (pattern("^[a-z]+$"), json!({ "type": "string", "minLength": 1 }), "fits"),
        (pattern("^[a-z]{3}$"), json!({ "type": "string", "maxLength": 3 }), "fits"),
        (pattern("^[a-z]+$"), json!({ "type": "string", "maxLength": 3 }), "refined"),
        (kind("string"), pattern("\\d"), "refined"),
    ]);
}

#[test]
fn arrays_into_several_kinds_of_arrays() {
    let list = |element: Value| json!({ "type": "array", "items": element });
    let either = |one: Value, other: Value| json!({ "anyOf": [one, other] });
    let mixed = list(json!({ "type": ["string", "integer"] }));
    let short = json!({ "type": "array", "maxItems": 1 });
    let unique = json!({ "type": "array", "minItems": 2, "items": kind("string"), "uniqueItems": true });
    let plain = json!({ "type": "array", "minItems": 2, "items": kind("string") });
    let bounded = |max: u64| json!({ "type": "array", "items": kind("string"), "maxItems": max });
    all(&[
        (mixed.clone(), either(list(kind("string")), list(kind("integer"))), "may-not-fit"),
        (mixed.clone(), either(list(kind("string")), mixed), "fits"),
        (list(kind("string")), either(short.clone(), unique.clone()), "refined"),
        (list(kind("string")), either(short.clone(), plain.clone()), "fits"),
        (list(kind("boolean")), either(short.clone(), plain), "refined"),
        (bounded(1), either(short.clone(), unique.clone()), "fits"),
        (bounded(2), either(short.clone(), unique.clone()), "refined"),
        (
            json!({ "type": "array", "items": kind("string"), "uniqueItems": true }),
            either(short, unique),
            "fits",
        ),
    ]);
}

#[test]
fn arrays() {
    let list = |items: Value| json!({ "type": "array", "items": items });
    let pair = json!({ "type": "array", "prefixItems": [kind("string"), kind("integer")], "minItems": 2, "maxItems": 2 });
    let unique = json!({ "type": "array", "items": kind("string"), "uniqueItems": true });
    all(&[
        (list(kind("integer")), list(kind("number")), "fits"),
        (list(json!({ "type": ["string", "null"] })), list(kind("string")), "may-not-fit"),
        (list(kind("string")), json!({ "type": "array", "items": kind("string"), "minItems": 1 }), "refined"),
        (list(kind("string")), unique.clone(), "refined"),
        (unique, list(kind("string")), "fits"),
        (pair.clone(), pair.clone(), "fits"),
        (pair.clone(), list(json!({ "type": ["string", "integer"] })), "fits"),
        (pair, list(kind("string")), "never-fits"),
        (list(kind("string")), list(kind("integer")), "may-not-fit"),
        (
            list(kind("string")),
            json!({ "anyOf": [{ "type": "array", "maxItems": 0 }, { "type": "array", "items": kind("string"), "minItems": 1 }] }),
            "fits",
        ),
    ]);
    let fit = judged(&list(json!({ "type": ["string", "null"] })), &list(kind("string")));
    let reason = fit.reason.unwrap();
    assert_eq!(reason.path, [Step::Element(0)]);
    assert_eq!(reason.found.unwrap().to_string(), "string | null");
    assert_eq!(reason.expected.unwrap().to_string(), "string");
    assert_eq!(reason.counterexample, Some(json!([null])));
}

#[test]
fn objects() {
    let (string, integer) = (kind("string"), kind("integer"));
    let named = json!({ "name": string });
    let aged = json!({ "name": string, "age": integer });
    let map = |values: Value| json!({ "type": "object", "additionalProperties": values });
    all(&[
        (closed(&named, &["name"]), closed(&aged, &["name"]), "fits"),
        (open(&named, &["name"]), open(&aged, &["name"]), "may-not-fit"),
        (open(&aged, &["name", "age"]), open(&named, &["name"]), "fits"),
        (open(&aged, &["name"]), open(&aged, &["name", "age"]), "may-not-fit"),
        (open(&named, &["name"]), closed(&named, &["name"]), "may-not-fit"),
        (closed(&aged, &["name", "age"]), closed(&named, &["name"]), "never-fits"),
        (closed(&named, &["name"]), map(string.clone()), "fits"),
        (closed(&aged, &["name", "age"]), map(string.clone()), "never-fits"),
        (map(integer.clone()), map(string.clone()), "may-not-fit"),
        (map(integer), map(kind("number")), "fits"),
        (
            closed(&named, &["name"]),
            json!({ "type": "object", "minProperties": 1, "maxProperties": 1 }),
            "fits",
        ),
        (map(string), json!({ "type": "object", "minProperties": 1 }), "refined"),
        (
            closed(&json!({ "x-a": kind("string") }), &["x-a"]),
            json!({ "type": "object", "patternProperties": { "^x-": kind("string") }, "additionalProperties": false }),
            "fits",
        ),
    ]);
    let fit = judged(&closed(&aged, &["name"]), &closed(&aged, &["name", "age"]));
    let reason = fit.reason.unwrap();
    assert_eq!(reason.path, [Step::Member("age".to_owned())]);
    assert!(reason.found.is_none());
    assert_eq!(reason.expected.unwrap().to_string(), "integer");
    let reason = judged(&closed(&aged, &["name", "age"]), &closed(&named, &["name"])).reason.unwrap();
    assert_eq!(reason.path, [Step::Member("age".to_owned())]);
    assert_eq!(reason.found.unwrap().to_string(), "integer");
    assert!(reason.expected.is_none());
}

#[test]
fn unions() {
    let tagged = |tag: &str, ty: Value| open(&json!({ "t": { "const": tag }, "v": ty }), &["t", "v"]);
    let two = json!({ "oneOf": [tagged("a", kind("integer")), tagged("b", kind("string"))] });
    let wider = json!({ "oneOf": [tagged("b", kind("string")), tagged("a", kind("number")), tagged("c", json!(true))] });
    let flag = closed(&json!({ "t": kind("boolean") }), &["t"]);
    let flags = json!({ "anyOf": [
        closed(&json!({ "t": { "const": true } }), &["t"]), closed(&json!({ "t": { "const": false } }), &["t"])
    ] });
    let result = |ok: Value| json!({ "oneOf": [open(&json!({ "Ok": ok }), &["Ok"]), open(&json!({ "Err": kind("string") }), &["Err"])] });
    let (small, large) =
        (json!({ "type": "integer", "format": "int32" }), json!({ "type": "integer", "format": "int64" }));
    all(&[
        (two.clone(), wider.clone(), "fits"),
        (wider, two.clone(), "may-not-fit"),
        (tagged("c", kind("integer")), two, "never-fits"),
        (flag.clone(), flags.clone(), "fits"),
        (flags, flag, "fits"),
        (
            closed(&json!({ "t": kind("boolean") }), &[]),
            json!({ "anyOf": [closed(&json!({ "t": kind("boolean") }), &["t"]), { "type": "object", "maxProperties": 0 }] }),
            "fits",
        ),
        (result(small.clone()), result(small.clone()), "fits"),
        (result(small), result(large), "refined"),
    ]);
}

#[test]
fn unions_of_exactly_one() {
    let with = |name: &str, ty: Value| open(&json!({ name: ty }), &[name]);
    let one = |branches: &[Value]| json!({ "oneOf": branches });
    let (ok, wide) = (with("Ok", integers(0, 9)), with("Ok", kind("integer")));
    let (err, more) = (with("Err", kind("string")), with("More", kind("string")));
    let result = one(&[ok.clone(), err.clone()]);
    let long = json!({ "type": "string", "minLength": 2 });
    all(&[
        (result.clone(), json!({ "anyOf": [result.clone(), kind("null")] }), "fits"),
        (
            result.clone(),
            json!({ "anyOf": [kind("null"), { "anyOf": [kind("array"), result.clone()] }] }),
            "fits",
        ),
        (result.clone(), json!({ "anyOf": [wide.clone(), kind("null")] }), "may-not-fit"),
        (result.clone(), one(&[wide.clone(), err.clone()]), "refined"),
        (result.clone(), one(&[ok.clone(), err.clone(), more.clone()]), "refined"),
        (one(&[ok.clone(), err.clone(), more.clone()]), result.clone(), "may-not-fit"),
        (
            one(&[kind("string"), ok.clone(), err.clone()]),
            one(&[ok.clone(), err.clone(), kind("string")]),
            "fits",
        ),
        (
            one(&[long.clone(), ok.clone(), err.clone()]),
            one(&[kind("string"), ok.clone(), err.clone()]),
            "fits",
        ),
        (one(&[kind("string"), ok.clone(), err.clone()]), one(&[long, ok.clone(), err.clone()]), "refined"),
        (one(&[err.clone(), ok.clone()]), result.clone(), "fits"),
        (result.clone(), one(&[kind("null"), err.clone(), ok.clone()]), "fits"),
        (closed(&json!({ "Ok": integers(1, 2) }), &["Ok"]), result.clone(), "fits"),
        (ok.clone(), result, "refined"),
        (kind("string"), one(&[ok.clone(), err.clone(), kind("string")]), "fits"),
        (integers(-5, 5), one(&[ok, err, integers(-9, 0), integers(1, 9)]), "fits"),
    ]);
}

#[test]
fn recursion() {
    let tree = |name: &str, value: Value, required: &[&str]| {
        let reference = json!({ "$ref": format!("#/$defs/{name}") });
        let node =
            closed(&json!({ "value": value, "children": { "type": "array", "items": reference } }), required);
        json!({ "$ref": format!("#/$defs/{name}"), "$defs": { name: node } })
    };
    let both = ["value", "children"];
    all(&[
        (tree("A", kind("integer"), &both), tree("B", kind("number"), &["value"]), "fits"),
        (tree("A", kind("integer"), &both), tree("B", kind("string"), &both), "never-fits"),
        (tree("A", kind("integer"), &["value"]), tree("B", kind("integer"), &both), "may-not-fit"),
        (
            tree("A", json!({ "type": ["integer", "null"] }), &both),
            tree("B", kind("integer"), &both),
            "may-not-fit",
        ),
    ]);
    let endless = json!({ "$ref": "#/$defs/E", "$defs": { "E": open(&json!({ "next": { "$ref": "#/$defs/E" } }), &["next"]) } });
    all(&[(endless, kind("string"), "fits")]);
}

#[test]
fn what_only_a_validator_judges() {
    let not_empty = json!({ "type": "string", "not": { "const": "" } });
    all(&[
        (not_empty.clone(), kind("string"), "fits"),
        (not_empty.clone(), not_empty.clone(), "fits"),
        (not_empty.clone(), kind("null"), "never-fits"),
        (kind("string"), not_empty.clone(), "may-not-fit"),
        (not_empty.clone(), json!({ "type": "string", "not": { "const": "a" } }), "may-not-fit"),
        (not_empty.clone(), json!({ "anyOf": [not_empty.clone(), kind("null")] }), "fits"),
        (json!({ "const": "a" }), not_empty, "fits"),
        (
            json!({ "type": "string", "minLength": 2 }),
            json!({ "type": "string", "not": { "maxLength": 1 } }),
            "fits",
        ),
    ]);
}

#[test]
fn types_that_only_the_canonical_form_tells_apart() {
    let not = |schema: Value| json!({ "not": schema });
    let and = |mut schema: Value, other: Value| {
        schema["not"] = other;
        schema
    };
    all(&[
        (not(kind("string")), json!({ "type": "string", "minLength": 1 }), "never-fits"),
        (
            and(kind("string"), json!({ "minLength": 3 })),
            json!({ "type": "string", "minLength": 3 }),
            "never-fits",
        ),
        (
            and(kind("string"), json!({ "minLength": 3 })),
            json!({ "type": "string", "minLength": 2 }),
            "refined",
        ),
        (
            json!({ "type": "object", "required": ["a"], "dependentSchemas": { "a": { "required": ["b"] } } }),
            json!({ "type": "object", "properties": { "b": false } }),
            "never-fits",
        ),
    ]);
}

#[test]
fn the_canonical_form_judges_formats_too() {
    let (email, no_email) = (format("email"), json!({ "type": "string", "not": format("email") }));
    let containing = |element: Value| json!({ "type": "array", "contains": element });
    let named = |name: Value| json!({ "type": "object", "propertyNames": name });
    all(&[
        (email.clone(), no_email.clone(), "never-fits"),
        (no_email, email.clone(), "never-fits"),
        (containing(email.clone()), containing(kind("string")), "fits"),
        (containing(kind("string")), containing(email.clone()), "unknown"),
        (named(kind("string")), named(email), "unknown"),
    ]);
}

#[test]
fn the_canonical_form_is_not_asked_of_another_draft() {
    let (draft_7, draft_2020_12) =
        ("http://json-schema.org/draft-07/schema#", "https://json-schema.org/draft/2020-12/schema");
    // Draft 7 passes over what stands beside a `$ref`, and knows no `prefixItems`.
    let text = |draft: &str| {
        json!({
            "$schema": draft,
            "allOf": [{ "$ref": "#/definitions/text", "minLength": 5 }],
            "not": { "const": "a" },
            "definitions": { "text": { "type": "string" } }
        })
    };
    let list = |draft: &str| {
        json!({
            "$schema": draft, "type": "array", "prefixItems": [kind("string")], "items": kind("integer"),
            "contains": kind("integer")
        })
    };
    let long = json!({ "type": "string", "minLength": 5 });
    let begun = json!({ "type": "array", "prefixItems": [kind("string")] });
    all(&[
        (text(draft_7), long.clone(), "refined"),
        (text(draft_2020_12), long, "fits"),
        (list(draft_7), begun.clone(), "may-not-fit"),
        (list(draft_2020_12), begun, "fits"),
    ]);
}

fn written<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>().to_value()
}

fn read<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().for_deserialize().into_generator().into_root_schema_for::<T>().to_value()
}

#[allow(dead_code)]
mod rust {
    use super::{BTreeMap, JsonSchema};
    use serde::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize, JsonSchema)]
    pub(super) struct Plain {
        id: u32,
        name: String,
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Strict {
        id: u64,
        name: Option<String>,
        #[serde(default)]
        tags: Vec<String>,
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    pub(super) struct Flat {
        #[serde(flatten)]
        plain: Plain,
        #[serde(flatten)]
        more: BTreeMap<String, serde_json::Value>,
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    #[serde(tag = "kind")]
    pub(super) enum Internal {
        A { x: i8 },
        B(Plain),
        C,
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    #[serde(tag = "t", content = "c")]
    pub(super) enum Adjacent {
        A(i8),
        B { y: String },
        C,
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    pub(super) enum External {
        A(i8),
        B { y: Box<External> },
        C,
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    #[serde(untagged)]
    pub(super) enum Untagged {
        A(i8),
        B(String),
        C(Plain),
        D(Vec<Untagged>),
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    pub(super) struct Node {
        leaf: Option<Box<Leaf>>,
        next: Vec<Node>,
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    pub(super) struct Leaf {
        up: Option<Box<Node>>,
        value: f64,
    }
}

#[test]
fn what_a_rust_type_writes_it_reads() {
    use rust::{Adjacent, External, Flat, Internal, Leaf, Node, Plain, Strict, Untagged};
    macro_rules! pairs {
        ($($ty:ty),* $(,)?) => { vec![$((stringify!($ty), written::<$ty>(), read::<$ty>())),*] };
    }
    let pairs = pairs![
        Plain, Strict, Flat, Internal, Adjacent, External, Untagged, Node, Leaf, Option<Plain>, Vec<Internal>,
        BTreeMap<String, External>, Result<i32, String>, (i8, String), [u8; 3], Option<Option<bool>>,
        BTreeMap<u8, String>, char, (), u128, f32, std::net::IpAddr, std::time::Duration, std::ops::Range<u8>,
        std::collections::BTreeSet<String>, std::num::NonZeroU8, serde_json::Value,
    ];
    for (name, a, b) in &pairs {
        assert_eq!(judged(a, b).verdict, FitVerdict::Fits, "{name}: {a}\n{b}");
    }
    // What has defaults is read where it was never written, so that both branches may have it.
    assert_eq!(
        judged(&written::<Result<Vec<Node>, Untagged>>(), &read::<Result<Vec<Node>, Untagged>>()).verdict,
        FitVerdict::Refined
    );
    assert_eq!(
        judged(&written::<Result<Plain, Strict>>(), &read::<Result<Plain, Strict>>()).verdict,
        FitVerdict::Refined
    );
    // No answer about two of them is left open.
    let open: Vec<String> = pairs
        .iter()
        .flat_map(|(from, a, _)| pairs.iter().map(move |(into, _, b)| (from, a, into, b)))
        .filter(|(_, a, _, b)| judged(a, b).verdict == FitVerdict::Unknown)
        .map(|(from, _, into, _)| format!("{from} into {into}"))
        .collect();
    assert!(open.is_empty(), "{}", open.join("\n"));
}
