//! What `fits` says where a type does not fit: where the two part, what is there, what is expected, and a value that
//! shows it.

use flowright_schema::{FitVerdict, Origin, Step, Type};
use serde_json::{Value, json};

fn ty(schema: &Value) -> Type {
    Type::parse(schema, Origin::Schema).unwrap_or_else(|faults| panic!("{schema}: {faults:?}"))
}

/// A way into a value, as `a.0.b`.
fn written(path: &[Step]) -> String {
    let step = |step: &Step| match step {
        Step::Member(name) => name.clone(),
        Step::Element(position) => position.to_string(),
    };
    path.iter().map(step).collect::<Vec<_>>().join(".")
}

/// The verdict, the way, what is found and expected, and the counterexample.
fn explained(a: &Value, b: &Value) -> (String, String, String, String, Value) {
    let fit = ty(a).fits(&ty(b));
    let reason = fit.reason.unwrap_or_else(|| panic!("{a} into {b}: {}", fit.verdict));
    let shown = |ty: Option<Type>| ty.map_or("nothing".to_owned(), |ty| ty.to_string());
    let value = reason.counterexample.unwrap();
    (fit.verdict.to_string(), written(&reason.path), shown(reason.found), shown(reason.expected), value)
}

type Row = (Value, Value, &'static str, &'static str, &'static str, &'static str, Value);

fn all(rows: &[Row]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(a, b, verdict, path, found, expected, value)| {
            let says = explained(a, b);
            let meant = (
                (*verdict).to_owned(),
                (*path).to_owned(),
                (*found).to_owned(),
                (*expected).to_owned(),
                value.clone(),
            );
            (says != meant).then(|| format!("{} into {}: {says:?}, not {meant:?}", ty(a), ty(b)))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn kind(name: &str) -> Value {
    json!({ "type": name })
}

fn open(properties: &Value, required: &[&str]) -> Value {
    json!({ "type": "object", "properties": properties, "required": required })
}

fn closed(properties: &Value, required: &[&str]) -> Value {
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

#[test]
fn a_verdict_is_written_as_its_name() {
    for (verdict, name) in [
        (FitVerdict::Fits, "fits"),
        (FitVerdict::Refined, "refined"),
        (FitVerdict::MayNotFit, "may-not-fit"),
        (FitVerdict::NeverFits, "never-fits"),
        (FitVerdict::Unknown, "unknown"),
    ] {
        assert_eq!(verdict.to_string(), name);
    }
}

#[test]
fn a_wrong_shape_is_named_before_a_refinement() {
    let (string, integer) = (kind("string"), kind("integer"));
    let positive = json!({ "type": "integer", "minimum": 1 });
    all(&[
        // Both members are wrong.
        (
            open(&json!({ "a": integer, "b": integer }), &["a", "b"]),
            open(&json!({ "a": positive, "b": string }), &["a", "b"]),
            "never-fits",
            "b",
            "integer",
            "string",
            json!({ "a": 0, "b": 0 }),
        ),
        (
            open(&json!({ "a": integer, "b": integer }), &["a", "b"]),
            open(&json!({ "a": positive, "b": positive }), &["a", "b"]),
            "refined",
            "a",
            "integer",
            "integer ≥ 1",
            json!({ "a": 0, "b": 0 }),
        ),
    ]);
}

#[test]
fn the_way_leads_through_what_the_value_chooses() {
    let (string, integer) = (kind("string"), kind("integer"));
    let tagged = |tag: &str, ty: &Value| open(&json!({ "t": { "const": tag }, "v": ty }), &["t", "v"]);
    all(&[
        // A tag.
        (
            json!({ "oneOf": [tagged("a", &integer), tagged("b", &integer)] }),
            json!({ "oneOf": [tagged("a", &integer), tagged("b", &string)] }),
            "may-not-fit",
            "v",
            "integer",
            "string",
            json!({ "t": "b", "v": 0 }),
        ),
        // The branch that has the value, not the first of its kind.
        (
            json!({ "anyOf": [closed(&json!({ "v": string }), &["v"]), closed(&json!({ "v": integer }), &["v"])] }),
            closed(&json!({ "v": string }), &["v"]),
            "may-not-fit",
            "v",
            "integer",
            "string",
            json!({ "v": 0 }),
        ),
        // The branch that knows the member, where none has the value.
        (
            closed(&json!({ "v": integer }), &["v"]),
            json!({ "anyOf": [closed(&json!({ "w": string }), &["w"]), closed(&json!({ "v": string }), &["v"]), kind("null")] }),
            "never-fits",
            "v",
            "integer",
            "string",
            json!({ "v": 0 }),
        ),
        // Elements of the one kind that is an array.
        (
            json!({ "type": "array", "items": integer, "minItems": 1 }),
            json!({ "anyOf": [string, { "type": "array", "items": string }] }),
            "never-fits",
            "0",
            "integer",
            "string",
            json!([0]),
        ),
        // What only a validator judges.
        (
            open(&json!({ "v": integer }), &["v"]),
            json!({ "type": "object", "properties": { "v": string }, "required": ["v"], "not": { "required": ["w"] } }),
            "never-fits",
            "v",
            "integer",
            "string",
            json!({ "v": 0 }),
        ),
    ]);
}

#[test]
fn a_member_that_must_not_be_there_is_expected_nowhere() {
    let (string, integer) = (kind("string"), kind("integer"));
    all(&[(
        closed(&json!({ "a": string, "c": kind("boolean") }), &["a", "c"]),
        json!({ "anyOf": [closed(&json!({ "a": string }), &["a"]), closed(&json!({ "c": integer, "d": string }), &["c", "d"])] }),
        "never-fits",
        "c",
        "boolean",
        "nothing",
        json!({ "a": "", "c": false }),
    )]);
}

#[test]
fn what_is_found_in_a_constant_is_its_part() {
    all(&[
        (
            json!({ "const": { "a": 1 } }),
            open(&json!({ "a": kind("string") }), &["a"]),
            "never-fits",
            "a",
            "1",
            "string",
            json!({ "a": 1 }),
        ),
        (
            kind("object"),
            open(&json!({ "a": kind("string") }), &[]),
            "may-not-fit",
            "a",
            "any",
            "string",
            json!({ "a": null }),
        ),
    ]);
}

#[test]
fn what_only_the_canonical_form_tells_apart_has_a_plain_value() {
    all(&[
        (
            open(&json!({ "abcd": kind("string") }), &["abcd"]),
            json!({ "type": "object", "propertyNames": { "maxLength": 3 } }),
            "never-fits",
            "",
            "{ abcd: string }",
            "object",
            json!({ "abcd": "" }),
        ),
        (
            json!({ "type": "array", "items": kind("string") }),
            json!({ "type": "array", "contains": kind("integer") }),
            "never-fits",
            "",
            "string[]",
            "any[]",
            json!([]),
        ),
        (
            json!({ "type": "object", "required": ["a"], "dependentSchemas": { "a": { "required": ["b"] } } }),
            json!({ "type": "object", "properties": { "b": false } }),
            "never-fits",
            "b",
            "any",
            "nothing",
            json!({ "a": null, "b": null }),
        ),
    ]);
}
