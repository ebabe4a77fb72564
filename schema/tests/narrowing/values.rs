//! What is left of types behind conditions.

use super::{assert_truthy, is, narrowed, object, path, truthy, ty};
use flowright_schema::{Cell, Origin, Presence, Type};
use serde_json::{Value, json};

#[test]
fn a_condition_on_a_value_narrows_it() {
    assert_truthy(&json!({ "type": ["string", "null"] }), &[], "string (≥ 1 characters)", r#""" | null"#);
    assert_truthy(&json!({ "type": "integer", "minimum": 0 }), &[], "integer ≥ 1", "0");
    assert_truthy(&json!({ "type": "integer", "maximum": 0 }), &[], "integer ≤ -1", "0");
    assert_truthy(&json!({ "type": "number", "minimum": 0 }), &[], "number > 0", "0");
    assert_truthy(&json!({ "type": "number" }), &[], "number", "0");
    assert_truthy(&json!({ "type": "boolean" }), &[], "true", "false");
    assert_truthy(&json!({ "enum": ["a", "", null] }), &[], r#""a""#, r#""" | null"#);
    assert_truthy(&json!({ "type": "object" }), &[], "object", "never");
    assert_truthy(&json!({ "type": "null" }), &[], "never", "null");
    assert_truthy(&json!(true), &[], "any", "any");
}

#[test]
fn a_member_that_must_be_there_is_required() {
    let user = object(&json!({ "name": { "type": ["string", "null"] }, "age": { "type": "integer" } }), &[]);
    assert_truthy(
        &user,
        &["name"],
        "{ name: string (≥ 1 characters), age?: integer }",
        r#"{ age?: integer, name?: "" | null }"#,
    );
    let present =
        ty(&user).narrowed(&path(&["age"]), &[Cell::Absent, Cell::Zero, Cell::Number], &[false, true, true]);
    assert_eq!(present.to_string(), "{ age: integer, name?: string | null }");
    assert_eq!(present.at(&path(&["age"])).presence, Presence::Always);
    let absent =
        ty(&user).narrowed(&path(&["age"]), &[Cell::Absent, Cell::Zero, Cell::Number], &[true, false, false]);
    assert_eq!(absent.at(&path(&["age"])).presence, Presence::Never);
    assert!(absent.accepts(&json!({ "name": "a" })) && !absent.accepts(&json!({ "age": 1 })));
    let patterns = json!({
        "type": "object", "patternProperties": { "^a": { "type": ["string", "null"] }, "b$": { "type": ["null", "integer"] } }
    });
    assert_eq!(
        narrowed(&ty(&patterns), &path(&["a"]), &[], truthy).at(&path(&["a"])).presence,
        Presence::Always
    );
    assert_eq!(narrowed(&ty(&patterns), &path(&["ab"]), &[], truthy), ty(&patterns));
    let map = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    let has = narrowed(&ty(&map), &path(&["x"]), &[], truthy).at(&path(&["x"]));
    assert_eq!((has.ty.to_string().as_str(), has.presence), ("string (≥ 1 characters)", Presence::Always));
    assert_eq!(has.ty.at(&path(&["y"])).presence, Presence::Never);
}

#[test]
fn a_tag_picks_its_branch() {
    let branch = |tag: &str, value: Value| object(&json!({ "t": { "const": tag }, "v": value }), &["t", "v"]);
    let (a, b, c) = (
        branch("a", json!({ "type": "string" })),
        branch("b", json!({ "type": "integer" })),
        branch("c", json!({ "type": "null" })),
    );
    let event = object(&json!({ "e": { "anyOf": [a, b, c, { "type": "null" }] } }), &["e"]);
    let event = ty(&event);
    let tag = path(&["e", "t"]);
    let is_a = narrowed(&event, &tag, &[], is(json!("a")));
    assert_eq!(is_a.to_string(), r#"{ e: { t: "a", v: string } }"#);
    assert_eq!(is_a.at(&path(&["e", "v"])).presence, Presence::Always);
    let others = narrowed(&event, &tag, &[], |cell| !is(json!("a"))(cell));
    let v = others.at(&path(&["e", "v"]));
    assert_eq!((v.ty.to_string().as_str(), v.presence), ("integer | null", Presence::Maybe));
    let both = narrowed(&event, &tag, &[], |cell| matches!(cell, Cell::Constant(_)) && !is(json!("a"))(cell));
    assert_eq!(both.at(&path(&["e", "v"])).presence, Presence::Always);
    assert!(narrowed(&event, &tag, &[], |_| false).is_never());
}

#[test]
fn exactly_one_branch_stays_exactly_one() {
    let schema = json!({ "oneOf": [{ "type": "integer" }, { "type": "number" }, { "type": "null" }] });
    let some = narrowed(&ty(&schema), &path(&[]), &[], |cell| *cell != Cell::Null);
    assert!(some.accepts(&json!(0.5)) && !some.accepts(&json!(1)) && !some.accepts(&json!(null)));
    let beside = json!({ "anyOf": [{ "oneOf": [{ "type": "integer" }, { "type": "number" }] }, { "type": ["string", "null"] }] });
    let some = narrowed(&ty(&beside), &path(&[]), &[], |cell| *cell != Cell::Null);
    assert!(some.accepts(&json!(0.5)) && some.accepts(&json!("a")) && !some.accepts(&json!(1)));
}

#[test]
fn what_is_left_of_a_union_is_a_plain_one() {
    let mixed = ty(&json!({ "type": ["integer", "string", "null"] }));
    let both =
        narrowed(&mixed, &path(&[]), &[json!(1), json!("a")], |cell| matches!(cell, Cell::Constant(_)));
    assert_eq!((both.to_string().as_str(), both.branches().len()), (r#"1 | "a""#, 1));
    // Of two branches one is left, which is itself a union.
    let one =
        json!({ "oneOf": [{ "type": ["integer", "boolean", "array"] }, { "type": ["null", "integer"] }] });
    let nested = ty(&json!({ "anyOf": [one, { "type": "string" }] }));
    assert_eq!(nested.branches().len(), 2);
    let kinds = [Cell::False, Cell::True, Cell::EmptyArray, Cell::Array, Cell::EmptyString, Cell::String];
    let left = narrowed(&nested, &path(&[]), &[], |cell| kinds.contains(cell));
    let branches: Vec<String> = left.branches().iter().map(Type::to_string).collect();
    assert_eq!(branches, ["boolean", "any[]", "string"]);
}

#[test]
fn elements_are_narrowed_by_position() {
    let list = json!({ "type": "array", "items": { "type": ["string", "null"] } });
    let first = narrowed(&ty(&list), &path(&["0"]), &[], truthy);
    assert_eq!(first.at(&path(&["0"])).presence, Presence::Always);
    assert_eq!(first.at(&path(&["0"])).ty.to_string(), "string (≥ 1 characters)");
    assert_eq!(first.at(&path(&["1"])).ty.to_string(), "string | null");
    let from_behind = narrowed(&ty(&list), &path(&["-2"]), &[], truthy);
    assert_eq!(from_behind.at(&path(&["1"])).presence, Presence::Always);
    let far = narrowed(&ty(&list), &path(&["1000"]), &[], truthy);
    assert_eq!(far.at(&path(&["1000"])).presence, Presence::Always);
    let at_most =
        |max: u64| ty(&json!({ "type": "array", "items": { "type": ["string", "null"] }, "maxItems": max }));
    for list in [ty(&list), at_most(5), at_most(2)] {
        let short = narrowed(&list, &path(&["1"]), &[], |cell| *cell == Cell::Absent);
        assert!(short.accepts(&json!(["a"])) && !short.accepts(&json!(["a", "b"])), "{short}");
        let second = narrowed(&list, &path(&["1"]), &[], truthy);
        assert!(second.accepts(&json!([null, "b"])) && !second.accepts(&json!(["a", null])), "{second}");
    }
    let beyond = |kept: [bool; 2]| at_most(1).narrowed(&path(&["2"]), &[Cell::Absent, Cell::String], &kept);
    assert!(beyond([false, true]).is_never());
    assert_eq!(beyond([true, false]), at_most(1));
    let tuple = json!({ "type": "array", "prefixItems": [{ "type": "boolean" }, { "type": "string" }], "minItems": 2, "items": false });
    assert_eq!(narrowed(&ty(&tuple), &path(&["0"]), &[], truthy).to_string(), "[true, string]");
}

#[test]
fn elements_far_behind_are_narrowed_where_they_are_described_one_by_one() {
    let element = json!({ "type": ["string", "null"] });
    let found = |list: &Value, at: &str| {
        let access = narrowed(&ty(list), &path(&[at]), &[], truthy).at(&path(&[at]));
        assert_eq!(access.presence, Presence::Always);
        access.ty.to_string()
    };
    let list = json!({ "type": "array", "items": element });
    assert_eq!(found(&list, "63"), "string (≥ 1 characters)");
    assert_eq!(found(&list, "64"), "string | null");
    let tuple = json!({ "type": "array", "prefixItems": vec![element; 70] });
    assert_eq!(found(&tuple, "64"), "string (≥ 1 characters)");
    assert_eq!(found(&tuple, "69"), "string (≥ 1 characters)");
    assert_eq!(found(&tuple, "70"), "any");
}

#[test]
fn what_is_opaque_stays_judged() {
    let schema = json!({
        "type": "object", "properties": { "a": { "type": ["string", "null"] }, "b": true }, "required": ["a"],
        "not": { "required": ["b"] }
    });
    let some = narrowed(&ty(&schema), &path(&["a"]), &[], truthy);
    assert_eq!(some.at(&path(&["a"])).ty.to_string(), "string (≥ 1 characters)");
    assert!(some.accepts(&json!({ "a": "x" })));
    assert!(!some.accepts(&json!({ "a": "x", "b": 1 })) && !some.accepts(&json!({ "a": null })));
    assert_eq!(some, narrowed(&ty(&schema), &path(&["a"]), &[], truthy));
    assert_eq!(some.schema(), None);
}

#[test]
fn recursive_types_are_rebuilt_along_the_path_only() {
    let tree = json!({
        "$ref": "#/$defs/Tree",
        "$defs": { "Tree": object(&json!({ "next": { "anyOf": [{ "$ref": "#/$defs/Tree" }, { "type": "null" }] } }), &["next"]) }
    });
    let tree = ty(&tree);
    let two = narrowed(&tree, &path(&["next", "next"]), &[], truthy);
    assert_eq!(two.at(&path(&["next", "next", "next"])).presence, Presence::Always);
    assert_eq!(two.at(&path(&["next", "next", "next", "next"])).presence, Presence::Maybe);
    let end = narrowed(&tree, &path(&["next", "next"]), &[], |cell| *cell == Cell::Null);
    assert!(end.accepts(&json!({ "next": { "next": null } })) && !end.accepts(&json!({ "next": null })));
}

#[test]
fn objects_of_rust_types_stay_closed_for_access() {
    let schema = json!({ "type": "object", "properties": { "a": { "type": ["string", "null"] } } });
    let closed = Type::parse(&schema, Origin::Rust).unwrap();
    let some = narrowed(&closed, &path(&["a"]), &[], truthy);
    assert_ne!(some, closed);
    assert_eq!(some.at(&path(&["b"])).presence, Presence::Never);
    assert_eq!(
        narrowed(&ty(&schema), &path(&["a"]), &[], truthy).at(&path(&["b"])).presence,
        Presence::Maybe
    );
}

#[test]
fn what_nobody_described_is_narrowed_to_definite_values_only() {
    let any = Type::any();
    let constants = [json!("a"), json!("b")];
    assert_eq!(narrowed(&any, &path(&[]), &constants, is(json!("a"))), Type::constant(json!("a")));
    assert_eq!(narrowed(&any, &path(&[]), &[], |cell| *cell == Cell::Null), Type::null());
    assert_eq!(
        narrowed(&any, &path(&[]), &constants, |cell| matches!(cell, Cell::Constant(_))).to_string(),
        r#""a" | "b""#
    );
    assert!(narrowed(&any, &path(&["x"]), &[], truthy).is_any());
    assert!(narrowed(&any, &path(&[]), &[], |_| false).is_never());
    let any_or_listed = json!({ "anyOf": [{ "anyOf": [true] }, { "enum": ["a", null] }] });
    assert!(narrowed(&ty(&any_or_listed), &path(&[]), &[], |cell| *cell != Cell::Null).is_any());
}

/// What is left of the type where some of its values have cells of their own and are dropped.
fn without(schema: &Value, dropped: &[Cell]) -> Type {
    narrowed(&ty(schema), &path(&[]), &[], |cell| !dropped.contains(cell))
}

/// The same with constants that are dropped, and all other values kept.
fn without_constants(schema: &Value, constants: &[Value]) -> Type {
    let mut cells: Vec<Cell> = constants.iter().cloned().map(Cell::Constant).collect();
    let mut kept = vec![false; cells.len()];
    cells.extend([Cell::Number, Cell::String, Cell::Array, Cell::Object]);
    kept.extend([true; 4]);
    ty(schema).narrowed(&path(&[]), &cells, &kept)
}

#[test]
fn numbers_are_dropped_from_the_ends_inwards() {
    let digits = json!({ "type": "integer", "minimum": 1, "maximum": 9 });
    let left = |constants: &[i64]| {
        let constants: Vec<_> = constants.iter().map(|constant| json!(constant)).collect();
        without_constants(&digits, &constants).to_string()
    };
    assert_eq!(left(&[1]), "integer 2 to 9");
    assert_eq!(left(&[3, 2, 1]), "integer 4 to 9");
    assert_eq!(left(&[1, 9, 8]), "integer 2 to 7");
    assert_eq!(left(&[5]), "integer 1 to 9");
    assert_eq!(left(&[5, 1]), "integer 2 to 9");
    assert_eq!(left(&[9, 1, 8, 2, 7, 3, 6, 4, 5]), "never");
    assert_eq!(
        without_constants(&json!({ "type": "number", "minimum": 1 }), &[json!(1), json!(2)]).to_string(),
        "number > 1"
    );
}

#[test]
fn the_empty_text_and_the_empty_array_are_what_a_length_drops() {
    let list = json!({ "type": "array", "items": { "type": "string" } });
    assert!(without(&list, &[Cell::EmptyArray]).accepts(&json!(["a"])));
    assert!(!without(&list, &[Cell::EmptyArray]).accepts(&json!([])));
    assert_eq!(without_constants(&list, &[json!(["a"])]).to_string(), "string[]");
    assert_eq!(without_constants(&json!({ "type": "string" }), &[json!("a")]).to_string(), "string");
}

#[test]
fn of_exactly_one_branch_nothing_is_dropped_that_is_not_dropped_exactly() {
    let cases = [
        (
            json!({ "type": "integer", "minimum": 0 }),
            json!({ "minimum": 10 }),
            Cell::Zero,
            Cell::Number,
            json!(0),
            json!(7),
        ),
        (
            json!({ "type": "string" }),
            json!({ "pattern": "^b" }),
            Cell::EmptyString,
            Cell::String,
            json!(""),
            json!("a"),
        ),
        (
            json!({ "type": "array" }),
            json!({ "minItems": 2 }),
            Cell::EmptyArray,
            Cell::Array,
            json!([]),
            json!([null]),
        ),
    ];
    for (plain, closer, empty, others, gone, stays) in cases {
        let ty = ty(&json!({ "oneOf": [plain, { "allOf": [plain, closer] }] }));
        let cells = [empty, Cell::Constant(stays.clone()), others];
        let left = ty.narrowed(&path(&[]), &cells, &[false, true, true]);
        assert!(ty.accepts(&gone) && !left.accepts(&gone) && left.accepts(&stays), "{left}");
        assert_eq!(ty.narrowed(&path(&[]), &cells, &[false, false, true]), ty);
    }
}

#[test]
fn only_those_constants_are_left_that_the_type_has() {
    let short = json!({ "type": "string", "maxLength": 1 });
    let cells =
        [Cell::Constant(json!("a")), Cell::Constant(json!("ab")), Cell::Constant(json!(1)), Cell::String];
    let left = ty(&short).narrowed(&path(&[]), &cells, &[true, true, true, false]);
    assert_eq!(left, Type::constant(json!("a")));
}

#[test]
fn a_type_of_one_or_two_values_stays_where_all_are_kept() {
    let null = ty(&json!({ "anyOf": [{ "type": "null" }, { "type": "boolean" }, { "type": "string" }] }));
    let left = narrowed(&null, &path(&[]), &[], |cell| *cell != Cell::String && *cell != Cell::EmptyString);
    assert_eq!(left.to_string(), "boolean | null");
    for name in ["null", "boolean"] {
        let few = ty(&json!({ "type": name }));
        let mut cells = few.cells(&[]);
        cells.push(Cell::String);
        let kept: Vec<bool> = cells.iter().map(|cell| *cell != Cell::String).collect();
        assert_eq!(few.narrowed(&path(&[]), &cells, &kept).identity(), few.identity());
    }
}

#[test]
fn of_several_kinds_those_stay_whose_others_are_kept() {
    let of_any_kind = json!({ "type": ["number", "string", "array", "object", "null"] });
    for (cell, left) in
        [(Cell::Number, "number"), (Cell::String, "string"), (Cell::Array, "array"), (Cell::Object, "object")]
    {
        let kept = ty(&of_any_kind).narrowed(&path(&[]), &[cell, Cell::Null], &[true, false]);
        assert_eq!(kept.to_string(), ty(&json!({ "type": left })).to_string());
    }
}

#[test]
fn where_nothing_is_left_the_type_is_never() {
    let opaque = json!({ "type": "object", "properties": { "a": { "type": "null" } }, "required": ["a"], "not": { "required": ["b"] } });
    assert!(narrowed(&ty(&opaque), &path(&["a"]), &[], truthy).is_never());
    let pair = json!({ "type": "array", "items": { "type": "null" }, "minItems": 2 });
    assert!(ty(&pair).narrowed(&path(&["0"]), &[Cell::Absent, Cell::Null], &[true, false]).is_never());
    let one = json!({ "type": "array", "items": { "type": "null" }, "minItems": 1 });
    let alone = ty(&one).narrowed(&path(&["1"]), &[Cell::Absent, Cell::Null], &[true, false]);
    assert!(alone.accepts(&json!([null])) && !alone.accepts(&json!([null, null])));
}

#[test]
fn exactly_one_branch_stays_whole_where_another_keeps_what_it_drops() {
    let ty = ty(&json!({ "oneOf": [true, { "type": "integer" }] }));
    let cells = [Cell::Zero, Cell::Number, Cell::String];
    let narrowed = ty.narrowed(&path(&[]), &cells, &[true, false, true]);
    assert!(!ty.accepts(&json!(1)) && !narrowed.accepts(&json!(1)), "{narrowed}");
    assert!(ty.accepts(&json!("a")) && narrowed.accepts(&json!("a")), "{narrowed}");
}
