//! Types that keep the canonical form of `jsonschema` busy for seconds are compared, or the answer is left open. How soon is
//! measured by the bench `fits`.

use flowright_schema::{FitVerdict, Origin, Type};
use serde_json::{Value, json};

#[track_caller]
fn answers(a: &Value, b: &Value, expected: FitVerdict) {
    let read = |schema| Type::parse(schema, Origin::Schema).expect("it is a schema");
    let (a, b) = (read(a), read(b));
    assert_eq!(a.fits(&b).verdict, expected);
}

fn members(count: usize, required: bool) -> Value {
    let names: Vec<String> = (0..count).map(|at| format!("member{at}")).collect();
    let text = json!({ "type": "string" });
    let properties: Value = names.iter().map(|name| (name.clone(), text.clone())).collect();
    let required = if required { names } else { Vec::new() };
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn tagged(variants: impl Iterator<Item = usize>) -> Value {
    let variant = |at: usize| {
        let properties =
            json!({ "tag": { "const": format!("variant{at}") }, "value": { "type": "integer" } });
        json!({ "type": "object", "properties": properties, "required": ["tag", "value"] })
    };
    json!({ "oneOf": variants.map(variant).collect::<Vec<_>>() })
}

fn choices(count: usize, name: &str) -> Value {
    let member =
        |name: String, ty: &str| json!({ "properties": { &name: { "type": ty } }, "required": [name] });
    let choice = |at: usize| json!({ "anyOf": [member(format!("{name}{at}"), "string"), member(format!("other{at}"), "integer")] });
    json!({ "type": "object", "allOf": (0..count).map(choice).collect::<Vec<_>>() })
}

#[test]
fn two_hundred_members() {
    answers(&members(200, true), &members(200, false), FitVerdict::Fits);
    answers(&members(200, false), &members(200, true), FitVerdict::MayNotFit);
}

#[test]
fn two_hundred_tags() {
    answers(&tagged(0..200), &tagged((0..200).rev()), FitVerdict::Fits);
    answers(&tagged(0..200), &tagged(0..199), FitVerdict::MayNotFit);
}

#[test]
fn twenty_choices_that_multiply() {
    answers(&choices(20, "a"), &choices(20, "a"), FitVerdict::Fits);
    answers(&choices(20, "a"), &choices(20, "b"), FitVerdict::Unknown);
}
