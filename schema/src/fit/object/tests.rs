use super::{
    super::{
        FUEL,
        trial::{all, ty, work},
    },
    *,
};
use serde_json::{Map, Value, json};

fn kind(name: &str) -> Value {
    json!({ "type": name })
}

fn open(properties: &Value, required: &[&str]) -> Value {
    json!({ "type": "object", "properties": properties, "required": required })
}

fn with(mut schema: Value, keyword: &str, value: Value) -> Value {
    schema[keyword] = value;
    schema
}

fn closed(properties: &Value, required: &[&str]) -> Value {
    with(open(properties, required), "additionalProperties", json!(false))
}

#[test]
fn closed_objects_have_as_many_members_as_they_name() {
    let any = json!(true);
    let at_most = |max: u64| json!({ "type": "object", "maxProperties": max });
    let one = json!({ "a": any });
    let two = json!({ "a": any, "b": any });
    all(&[
        (closed(&one, &[]), at_most(1), true),
        (closed(&one, &[]), at_most(2), true),
        (closed(&two, &["a", "b"]), at_most(1), false),
        (closed(&two, &[]), at_most(2), true),
        (closed(&json!({ "a": any, "b": false }), &[]), at_most(1), true),
        (open(&one, &["a"]), at_most(1), false),
        (with(open(&one, &["a"]), "maxProperties", json!(1)), at_most(1), true),
        (with(closed(&one, &[]), "patternProperties", json!({ "^x": true })), at_most(1), false),
        (with(closed(&one, &[]), "patternProperties", json!({ "^x": false })), at_most(1), true),
        (closed(&two, &["a"]), with(at_most(2), "minProperties", json!(1)), true),
        (closed(&two, &["a"]), with(at_most(2), "minProperties", json!(2)), false),
    ]);
}

#[test]
fn what_is_full_has_no_other_members() {
    let one = json!({ "a": kind("string") });
    let at_most = |max: u64| with(open(&one, &["a"]), "maxProperties", json!(max));
    all(&[
        (at_most(1), closed(&one, &["a"]), true),
        (at_most(2), closed(&one, &["a"]), false),
        (with(open(&one, &[]), "maxProperties", json!(1)), closed(&one, &[]), false),
    ]);
}

#[test]
fn members_of_a_pattern_are_held_against_what_the_same_pattern_says() {
    let by_pattern = |patterns: Value| with(closed(&json!({}), &[]), "patternProperties", patterns);
    let both = by_pattern(json!({ "^x": kind("string"), "^y": kind("integer") }));
    all(&[
        (both.clone(), both.clone(), true),
        (both.clone(), by_pattern(json!({ "^x": kind("string"), "^y": kind("number") })), true),
        (both.clone(), by_pattern(json!({ "^x": kind("string"), "^y": kind("string") })), false),
        (both.clone(), by_pattern(json!({ "": { "type": ["string", "integer"] } })), true),
        (both, by_pattern(json!({ "": kind("string") })), false),
        // Of a pattern that every name matches nothing is left over.
        (
            with(open(&json!({}), &[]), "additionalProperties", kind("string")),
            by_pattern(json!({ "": kind("string") })),
            true,
        ),
        (
            with(open(&json!({}), &[]), "additionalProperties", kind("string")),
            by_pattern(json!({ "^.": kind("string") })),
            false,
        ),
    ]);
}

#[test]
fn objects_are_told_apart_by_what_they_have() {
    let either = |left: Value, right: Value| json!({ "anyOf": [left, right] });
    let flag = json!({ "t": kind("boolean"), "v": kind("string") });
    let is = |value: bool| json!({ "t": { "const": value }, "v": kind("string") });
    let count = |min: u64, max: u64| json!({ "type": "object", "minProperties": min, "maxProperties": max });
    all(&[
        (open(&flag, &["t"]), either(open(&is(true), &["t"]), open(&is(false), &["t"])), true),
        (open(&flag, &[]), either(open(&is(true), &["t"]), open(&is(false), &["t"])), false),
        (open(&flag, &[]), either(open(&is(true), &[]), open(&is(false), &["t"])), true),
        (open(&flag, &["t"]), either(open(&is(true), &["t"]), open(&is(false), &["t", "v"])), false),
        (count(0, 9), either(count(0, 4), count(5, 9)), true),
        (count(0, 9), either(count(5, 9), count(0, 4)), true),
        (count(0, 9), either(count(0, 4), count(6, 9)), false),
    ]);
}

fn many(count: usize, ty: &str) -> Value {
    let properties: Map<String, Value> = (0..count).map(|n| (format!("p{n:03}"), kind(ty))).collect();
    Value::Object(properties)
}

#[test]
fn the_first_member_that_is_wrong_ends_the_proof() {
    let of = |a: Value, b: Value| work(&ty(&a), &ty(&b));
    let strings = |count: usize| open(&many(count, "string"), &[]);
    assert_eq!(
        of(strings(200), open(&many(200, "integer"), &[])),
        of(strings(2), open(&many(2, "integer"), &[]))
    );
    let integers = json!({ "type": "object", "additionalProperties": kind("integer") });
    assert_eq!(of(strings(200), integers.clone()), of(strings(2), integers));
}

#[test]
fn the_more_demands_are_broken_the_more_work_it_is() {
    let object = ty(&kind("object"));
    let Form::Object(form) = object.view().form() else { panic!("{object}") };
    let a = (object.view(), form);
    let counts = [vec![Demand::AtLeast(2)], vec![Demand::AtLeast(1)], vec![Demand::AtMost(1)]];
    let mut prover = Prover::new(FUEL, false);
    assert!(covered(&mut prover, a, &counts, &mut Vec::new()));
    assert_eq!(FUEL - prover.fuel().left(), 1 + 2 + 3);
}

#[test]
fn names_are_held_against_patterns_for_what_that_costs() {
    let patterned = |count: usize| {
        let patterns: Map<String, Value> = (0..count).map(|n| (format!("^a{n}$"), json!(true))).collect();
        ty(&json!({ "type": "object", "patternProperties": patterns }))
    };
    let named = |count: usize| {
        let properties: Map<String, Value> = (0..count).map(|n| (format!("b{n}"), json!(true))).collect();
        ty(&open(&properties.into(), &[]))
    };
    // An automaton is paid for once, whatever is held against it.
    let once = work(&patterned(40), &named(1));
    let often = work(&patterned(40), &named(51));
    assert!(once >= 40 && often - once >= 40 * 50, "{once}, {often}");
    let (once, often) = (work(&named(1), &patterned(40)), work(&named(51), &patterned(40)));
    assert!(often - once >= 40 * 50, "{once}, {often}");
    assert!(work(&patterned(100), &named(5_000)) == FUEL, "it ends");
}
