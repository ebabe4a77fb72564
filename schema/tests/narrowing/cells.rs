//! Which cells a type has.

use super::ty;
use flowright_schema::Cell;
use serde_json::{Value, json};

/// The cells of a type, as they print.
#[track_caller]
fn assert_cells(schema: &Value, constants: &[Value], expected: &str) {
    let cells: Vec<String> = ty(schema)
        .cells(constants)
        .iter()
        .map(|cell| match cell {
            Cell::Constant(value) => value.to_string(),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(cells.join(" "), expected, "{schema}");
}

#[test]
fn cells_are_those_that_values_can_be_in() {
    assert_cells(&json!(true), &[], "Null False True Zero EmptyString EmptyArray Number String Array Object");
    assert_cells(&json!(false), &[], "");
    assert_cells(&json!({ "type": ["boolean", "null"] }), &[], "Null False True");
    assert_cells(&json!({ "type": "integer", "minimum": 1 }), &[], "Number");
    assert_cells(&json!({ "type": "number", "exclusiveMaximum": 0 }), &[], "Number");
    assert_cells(&json!({ "type": "string", "minLength": 1 }), &[], "String");
    assert_cells(&json!({ "type": "string", "format": "email" }), &[], "String");
    assert_cells(&json!({ "type": "string", "maxLength": 0 }), &[], "EmptyString");
    assert_cells(&json!({ "type": "array", "minItems": 1 }), &[], "Array");
    assert_cells(&json!({ "type": "array", "items": false }), &[], "EmptyArray");
    assert_cells(
        &json!({ "enum": ["a", "b", "", 0, 1, null, true] }),
        &[],
        r#"Null True Zero EmptyString 1 "a" "b""#,
    );
    assert_cells(&json!({ "enum": [{ "a": 1 }, [1]] }), &[], r#"[1] {"a":1}"#);
    assert_cells(&json!({ "anyOf": [{ "const": "a" }, { "type": "string" }] }), &[], "EmptyString String");
    assert_cells(&json!({ "anyOf": [{ "const": "a" }, { "type": "integer" }] }), &[], r#"Zero Number "a""#);
    for (constant, kind) in [(json!([1]), "array"), (json!({ "a": 1 }), "object"), (json!("a"), "string")] {
        let beside = json!({ "anyOf": [{ "const": constant }, { "type": "integer" }] });
        assert_cells(&beside, &[], &format!("Zero Number {constant}"));
        let number = json!({ "anyOf": [{ "const": 1 }, { "type": kind, "not": { "const": constant } }] });
        assert!(ty(&number).cells(&[]).contains(&Cell::Constant(json!(1))), "{number}");
    }
    assert_cells(
        &json!({ "type": "integer", "not": { "const": 1 } }),
        &[json!(1), json!(2)],
        "Zero Number 2",
    );
}

#[test]
fn constants_have_cells_of_their_own_where_the_type_has_them() {
    let given =
        [json!("a"), json!(1), json!(1.0), json!("a"), json!(-0.0), json!(null), json!(""), json!([])];
    assert_cells(&json!({ "type": "string" }), &given, r#"EmptyString String "a""#);
    assert_cells(&json!({ "type": "number" }), &given, "Zero Number 1");
    assert_cells(&json!({ "type": "array" }), &given, "EmptyArray Array");
    assert_cells(&json!({ "enum": ["a", "b"] }), &given, r#""a" "b""#);
    assert_cells(&json!({ "type": "integer", "minimum": 0, "maximum": 1 }), &given, "Zero 1");
    assert_cells(&json!({ "type": "integer", "minimum": 0, "maximum": 2 }), &given, "Zero Number 1");
    let many: Vec<Value> = (1..=70).map(|at| json!(at)).collect();
    assert_cells(&json!({ "enum": many }), &[json!(3), json!("x")], "Number 3");
    assert_eq!(ty(&json!({ "enum": many })).cells(&many).len(), 70);
}

#[test]
fn a_few_integers_may_all_be_given_but_never_all_fractions() {
    let bounds = |kind: &str, max: i64| json!({ "type": kind, "minimum": 1, "maximum": max });
    let given: Vec<Value> = (1..=70).map(|at| json!(at)).collect();
    assert_cells(&bounds("integer", 2), &given, "1 2");
    assert_cells(&bounds("number", 2), &given, "Number 1 2");
    let has_others = |max| ty(&bounds("integer", max)).cells(&given).contains(&Cell::Number);
    assert!(!has_others(65) && has_others(66));
    let has_others_of_ranges = |count: i64| {
        let range = |at| json!({ "type": "integer", "minimum": at, "maximum": at });
        ty(&json!({ "anyOf": (0..count).map(range).collect::<Vec<_>>() }))
            .cells(&given)
            .contains(&Cell::Number)
    };
    assert!(!has_others_of_ranges(64) && has_others_of_ranges(65));
}
