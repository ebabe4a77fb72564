//! A type accepts what the `jsonschema` crate accepts of the same schema.
//!
//! Differences that are meant, and that the generators here keep clear of or the comparison allows for:
//! an integer beyond what `i64` and `u64` hold is no integer; the formats schemars writes for integers bound them;
//! `uuid` and `duration` are formats in every draft.

mod generate;
#[allow(dead_code, reason = "other suites use more of it")]
mod oracle;

use flowright_schema::{Origin, Path, Presence, Segment, Type};
use generate::{document, name, value};
use oracle::{agree_on, validator};
use proptest::prelude::*;
use serde_json::{Value, json};

/// `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig { cases: default.cases.max(1000), failure_persistence: None, ..default }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_type_accepts_what_its_schema_accepts(schema in document(), values in prop::collection::vec(value(), 12)) {
        let oracle = validator(&schema);
        let ty = match Type::parse(&schema, Origin::Schema) {
            Ok(ty) => ty,
            Err(faults) => return Err(TestCaseError::fail(format!("{schema}: {faults:?}"))),
        };
        for value in &values {
            if let Err(message) = agree_on(&ty, &oracle, &schema, value) {
                return Err(TestCaseError::fail(message));
            }
        }
    }
}

/// Every value inside `value` with the ways there, counted from the front and from the back.
fn inside(value: &Value) -> Vec<(Vec<Segment>, &Value)> {
    let mut found = vec![(Vec::new(), value)];
    let mut next = 0;
    while let Some((path, value)) = found.get(next).cloned() {
        next += 1;
        let mut add = |segment: Segment, value| {
            let mut path = path.clone();
            path.push(segment);
            found.push((path, value));
        };
        match value {
            Value::Array(elements) => {
                for ((position, element), back) in (0_i64..).zip(elements).zip((1..=elements.len()).rev()) {
                    add(Segment::Element(position), element);
                    add(Segment::shorthand(&position.to_string()), element);
                    add(Segment::Element(-i64::try_from(back).unwrap()), element);
                }
            }
            Value::Object(members) => {
                members.iter().for_each(|(name, member)| add(Segment::shorthand(name), member));
            }
            _ => {}
        }
    }
    found
}

fn segment() -> impl Strategy<Value = Segment> {
    prop_oneof![
        3 => name().prop_map(|name| Segment::shorthand(&name)),
        1 => (-2_i64..3).prop_map(Segment::Element),
        1 => (0_i64..2).prop_map(|index| Segment::shorthand(&index.to_string())),
    ]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_type_at_a_path_has_every_value_found_there(
        schema in document(),
        values in prop::collection::vec(value(), 12),
        paths in prop::collection::vec(prop::collection::vec(segment(), 1..3), 8),
    ) {
        let ty = Type::parse(&schema, Origin::Schema).unwrap();
        for value in values.iter().filter(|value| ty.accepts(*value)) {
            for (path, found) in inside(value) {
                let path = Path::from(path);
                let access = ty.at(&path);
                prop_assert!(
                    access.presence != Presence::Never && access.ty.accepts(found),
                    "{schema}\n{ty} at {path} is {:?} {}\nfound {found} in {value}", access.presence, access.ty
                );
            }
            for path in &paths {
                let path = Path::from(path.clone());
                let access = ty.at(&path);
                let is_there = path.find(value).is_some();
                prop_assert!(
                    is_there || access.presence != Presence::Always,
                    "{schema}\n{ty} at {path} is always {}\nnot in {value}", access.ty
                );
            }
        }
    }
}

#[test]
fn recursive_types_are_judged_as_deep_as_their_values() {
    let schema = json!({
        "$ref": "#/$defs/Tree",
        "$defs": { "Tree": {
            "type": "object",
            "properties": { "value": { "type": "integer" }, "children": { "type": "array", "items": { "$ref": "#/$defs/Tree" } } },
            "required": ["value"]
        } }
    });
    let mut value = json!({ "value": 1 });
    for _ in 0..40 {
        value = json!({ "value": 1, "children": [value] });
    }
    let ty = Type::parse(&schema, Origin::Schema).unwrap();
    assert_eq!(agree_on(&ty, &validator(&schema), &schema, &value), Ok(true));
    value["children"][0]["children"][0]["value"] = json!("one");
    assert_eq!(agree_on(&ty, &validator(&schema), &schema, &value), Ok(false));
}

#[test]
fn patterns_of_several_schemas_limit_the_same_names() {
    let schema = json!({
        "patternProperties": { "^a": true },
        "oneOf": [
            { "patternProperties": { "b$": { "type": "string" } }, "additionalProperties": { "type": "null" } },
            { "type": "boolean" }
        ]
    });
    let ty = Type::parse(&schema, Origin::Schema).unwrap();
    let accepted = [json!({ "ab": "x", "c": null }), json!({ "a": null }), json!(1)];
    let refused = [json!({ "ab": null }), json!({ "a": 1 }), json!({ "c": 1 }), json!(true)];
    for (value, valid) in
        accepted.iter().map(|value| (value, true)).chain(refused.iter().map(|value| (value, false)))
    {
        assert_eq!(agree_on(&ty, &validator(&schema), &schema, value), Ok(valid));
    }
}

#[test]
fn what_another_keyword_evaluates_is_evaluated() {
    for branches in ["allOf", "anyOf", "oneOf"] {
        let schema = json!({
            branches: [{ "unevaluatedProperties": {} }], "unevaluatedProperties": { "type": "null" }
        });
        let ty = Type::parse(&schema, Origin::Schema).unwrap();
        let value = json!({ "a": true });
        assert_eq!(agree_on(&ty, &validator(&schema), &schema, &value), Ok(true), "{branches}");
    }
}
