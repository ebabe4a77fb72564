//! The values that show that a type does not fit: plain, and as small as they can be.

#[allow(dead_code, reason = "other suites use more of it")]
mod oracle;

use flowright_schema::{Origin, Type};
use oracle::validator;
use serde_json::{Map, Value, json};

/// Holds rows of two types, the verdict and the counterexample against what is answered.
fn all(rows: &[(Value, Value, &str, Value)]) {
    let ty = |schema: &Value| Type::parse(schema, Origin::Schema).unwrap();
    for (a, b, verdict, expected) in rows {
        let fit = ty(a).fits(&ty(b));
        let shown = fit.reason.and_then(|reason| reason.counterexample).unwrap_or_default();
        assert_eq!((fit.verdict.as_str(), &shown), (*verdict, expected), "{a} into {b}");
        assert!(validator(a).is_valid(&shown) && !validator(b).is_valid(&shown), "{shown}: {a} into {b}");
    }
}

fn any_of(branches: &[Value]) -> Value {
    json!({ "anyOf": branches })
}

fn kind(name: &str) -> Value {
    json!({ "type": name })
}

fn with(keyword: &str, value: impl Into<Value>, mut schema: Value) -> Value {
    schema[keyword] = value.into();
    schema
}

#[test]
fn arrays_are_as_short_as_they_can_be() {
    let list = |element: Value| json!({ "type": "array", "items": element });
    let mixed = || list(json!({ "type": ["string", "integer"] }));
    let strings = || list(kind("string"));
    let distinct = || with("minItems", 3, with("uniqueItems", true, list(kind("integer"))));
    let pair = json!({
        "type": "array", "prefixItems": [kind("string"), { "type": ["integer", "string"] }], "minItems": 2, "maxItems": 2
    });
    all(&[
        (strings(), with("minItems", 2, strings()), "refined", json!([])),
        (strings(), with("maxItems", 2, strings()), "refined", json!(["", "", ""])),
        (strings(), with("uniqueItems", true, strings()), "refined", json!(["", ""])),
        (mixed(), strings(), "may-not-fit", json!([0])),
        (mixed(), any_of(&[strings(), list(kind("integer"))]), "may-not-fit", json!([0, ""])),
        (
            mixed(),
            any_of(&[strings(), list(kind("integer")), list(kind("boolean"))]),
            "may-not-fit",
            json!([0, "", 0]),
        ),
        (
            mixed(),
            any_of(&[with("maxItems", 1, kind("array")), with("minItems", 2, strings())]),
            "refined",
            json!([0, ""]),
        ),
        (pair, with("uniqueItems", true, kind("array")), "refined", json!(["", ""])),
        (distinct(), kind("null"), "never-fits", json!([0, 1, -1])),
        (
            json!({ "type": "object", "properties": { "ids": distinct() }, "required": ["ids"] }),
            kind("null"),
            "never-fits",
            json!({ "ids": [0, 1, -1] }),
        ),
    ]);
}

#[test]
fn elements_that_are_wrong_repeat_no_other_where_that_is_not_allowed() {
    let or_string = |numbers: Value| json!({ "anyOf": [kind("string"), { "enum": numbers }] });
    let any = || or_string(json!([1, 2, 3]));
    let array = |prefix: Value| json!({ "type": "array", "prefixItems": prefix, "items": any() });
    let besides_one = || or_string(json!([2, 3]));
    all(&[(
        with("minItems", 3, with("uniqueItems", true, json!({ "type": "array", "items": any() }))),
        any_of(&[
            array(json!([besides_one(), any(), or_string(json!([1, 2]))])),
            array(json!([any(), besides_one()])),
        ]),
        "may-not-fit",
        json!(["", 1, 3]),
    )]);
}

#[test]
fn arrays_of_more_than_ten_thousand_elements_are_not_written() {
    let nulls = |max: u64| {
        Type::parse(&with("maxItems", max, json!({ "type": "array", "items": kind("null") })), Origin::Schema)
            .unwrap()
    };
    let all = Type::array(Type::null());
    let fit = all.fits(&nulls(9_999));
    assert_eq!(fit.verdict.as_str(), "refined");
    assert_eq!(fit.reason.unwrap().counterexample, Some(vec![Value::Null; 10_000].into()));
    let fit = all.fits(&nulls(10_000));
    assert_eq!(fit.verdict.as_str(), "unknown");
    assert!(fit.reason.is_none());
}

#[test]
fn numbers_are_near_to_what_is_expected() {
    let least = |min: Value| json!({ "type": "number", "minimum": min });
    let most = |max: Value| json!({ "type": "number", "maximum": max });
    let above = |min: Value| json!({ "type": "number", "exclusiveMinimum": min });
    let besides = |known: Value| json!({ "enum": known });
    all(&[
        (least(json!(5)), least(json!(10)), "refined", json!(5)),
        (least(json!(5)), most(json!(10)), "refined", json!(11)),
        (most(json!(5)), least(json!(-3)), "refined", json!(-4)),
        (kind("integer"), with("maximum", 7, kind("integer")), "refined", json!(8)),
        (least(json!(-5)), besides(json!([10, 0, 1, 0.5])), "may-not-fit", json!(9)),
        (least(json!(-5)), besides(json!([10, 0, 1, 0.5, 9, 11])), "may-not-fit", json!(9.5)),
        (with("maximum", 10, above(json!(9))), besides(json!([10])), "may-not-fit", json!(9.5)),
        (
            with("maximum", 10, above(json!(9.9999))),
            besides(json!([10])),
            "may-not-fit",
            json!(9.999_999_999),
        ),
        (least(json!(-5)), besides(json!([1e20, 0, 1, 0.5])), "may-not-fit", json!(5e19)),
        (
            least(json!(-5)),
            besides(json!([1e20, 0, 1, 0.5, 5e19, 1.5e20])),
            "may-not-fit",
            json!(1e20 * (1.0 - 1e-9)),
        ),
        (with("multipleOf", 6, above(json!(0))), least(json!(20)), "refined", json!(6)),
        (with("multipleOf", 0.7, above(json!(0.7))), least(json!(5)), "refined", json!(1.4)),
        (
            with("multipleOf", 0.7, json!({ "type": "number", "exclusiveMaximum": 0 })),
            most(json!(-5)),
            "refined",
            json!(-0.7),
        ),
        (
            with("maximum", 10_000, with("multipleOf", 2, least(json!(0)))),
            with("maximum", 100, kind("integer")),
            "refined",
            json!(102),
        ),
    ]);
}

#[test]
fn objects_have_no_more_members_than_it_takes() {
    let map = |element: Value| json!({ "type": "object", "additionalProperties": element });
    let at_most = |max: u64| with("maxProperties", max, kind("object"));
    let requires = |names: &[&str]| with("required", names.to_vec(), kind("object"));
    let named = |names: &[&str]| {
        let properties: Map<String, Value> =
            names.iter().map(|name| ((*name).to_owned(), kind("string"))).collect();
        with("properties", properties, map(json!(false)))
    };
    let either = || json!({ "type": ["string", "integer"] });
    all(&[
        (
            with(
                "maxProperties",
                1,
                with("properties", json!({ "x": either(), "y": either() }), kind("object")),
            ),
            any_of(&[
                with("properties", json!({ "x": kind("string"), "y": kind("string") }), kind("object")),
                with("properties", json!({ "y": kind("string") }), kind("object")),
            ]),
            "may-not-fit",
            json!({ "y": 0 }),
        ),
        (kind("object"), at_most(2), "refined", json!({ "extra": null, "other": null, "x": null })),
        (named(&["name"]), at_most(0), "refined", json!({ "name": "" })),
        (named(&["name", "nick"]), requires(&["nick"]), "may-not-fit", json!({})),
        (
            named(&["name", "nick"]),
            any_of(&[at_most(0), requires(&["name"])]),
            "refined",
            json!({ "nick": "" }),
        ),
        (
            kind("object"),
            any_of(&[at_most(0), with("minProperties", 2, requires(&["x", "y"]))]),
            "refined",
            json!({ "x": null }),
        ),
        (
            with("minProperties", 8, kind("object")),
            kind("null"),
            "never-fits",
            json!({ "extra": null, "other": null, "x": null, "a": null, "0": null, "": null, "member1": null, "member2": null }),
        ),
        (
            map(json!({ "type": ["string", "integer"] })),
            any_of(&[map(kind("string")), map(kind("integer"))]),
            "may-not-fit",
            json!({ "extra": 0, "other": "" }),
        ),
    ]);
}
