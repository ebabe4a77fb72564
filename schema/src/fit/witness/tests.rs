//! Which values are found, and how deep they may lie.

use super::*;
use crate::{
    Type,
    fit::{FUEL, trial::ty},
    fuel::Fuel,
};
use serde_json::json;

fn kind(name: &str) -> Value {
    json!({ "type": name })
}

fn one_of(branches: &[Value]) -> Value {
    json!({ "oneOf": branches })
}

/// A value of `a`, if possible of what is liked as well, that is none of those to avoid.
fn sample(a: &Value, likes: &[Value], avoided: &[Value]) -> Option<Value> {
    let (a, likes): (Type, Vec<Type>) = (ty(a), likes.iter().map(ty).collect());
    let likes: Vec<View<'_>> = likes.iter().map(Type::view).collect();
    Search::new(&mut Prover::new(FUEL, false), 0).sample_besides(a.view(), &likes, avoided)
}

/// A value of `a` that is none of `b`, of the first search alone.
fn outside(a: &Value, b: &Value) -> Option<Value> {
    let (a, b) = (ty(a), ty(b));
    Search::new(&mut Prover::new(FUEL, false), 0).outside(a.view(), &[b.view()])
}

/// Objects within objects, so many of them around a value.
fn nested(depth: usize, innermost: &Value) -> Value {
    let level = |at: usize| {
        let inner = if at == depth {
            innermost.clone()
        } else {
            json!({ "$ref": format!("#/$defs/level{}", at + 1) })
        };
        (format!("level{at}"), json!({ "type": "object", "properties": { "a": inner }, "required": ["a"] }))
    };
    let levels: Map<String, Value> = (1..=depth).map(level).collect();
    json!({ "$ref": "#/$defs/level1", "$defs": levels })
}

/// Objects that must have so many members.
fn broad(members: usize, member: &Value) -> Value {
    let names: Vec<String> = (0..members).map(|at| format!("m{at:03}")).collect();
    let properties: Map<String, Value> = names.iter().map(|name| (name.clone(), member.clone())).collect();
    json!({ "type": "object", "properties": properties, "required": names })
}

#[test]
fn what_is_liked_is_preferred() {
    assert_eq!(sample(&json!(true), &[kind("string")], &[]), Some(json!("")));
    assert_eq!(sample(&json!(true), &[json!(true)], &[]), Some(Value::Null));
    assert_eq!(sample(&json!(true), &[kind("string")], &[json!("")]), Some(Value::Null));
    assert_eq!(sample(&json!({ "enum": ["a", "b"] }), &[json!({ "const": "b" })], &[]), Some(json!("b")));
    assert_eq!(sample(&kind("boolean"), &[json!({ "const": true })], &[]), Some(json!(true)));
    let exclusive = one_of(&[kind("string"), kind("integer"), kind("number")]);
    assert_eq!(sample(&exclusive, &[json!({ "type": "string", "minLength": 1 })], &[]), Some(json!("a")));
}

#[test]
fn what_is_avoided_is_not_sampled() {
    let even = json!({ "type": "integer", "multipleOf": 2, "minimum": 0, "maximum": 10_000 });
    let even_type = ty(&even);
    let Form::Number(form) = even_type.view().form() else { panic!("{even}") };
    let mut known = number::candidates(form, &[], &mut Fuel::of(FUEL));
    known.extend((0..200).map(|half| Value::from(2 * half)));
    assert_eq!(sample(&even, &[], &known), Some(json!(400)));
    let apart = one_of(&[json!({ "enum": [1, 2] }), json!({ "enum": [2, 3] })]);
    assert_eq!(sample(&apart, &[], &[]), Some(json!(1)));
    assert_eq!(sample(&apart, &[], &[json!(1)]), Some(json!(3)));
    assert_eq!(sample(&apart, &[], &[json!(1), json!(3)]), None);
    assert_eq!(sample(&kind("null"), &[], &[Value::Null]), None);
}

#[test]
fn a_recursive_type_has_a_plain_value() {
    let list = json!({
        "type": "object", "properties": { "next": { "anyOf": [{ "$ref": "#" }, { "type": "null" }] } }, "required": ["next"]
    });
    assert_eq!(sample(&list, &[], &[]), Some(json!({ "next": null })));
}

#[test]
fn values_lie_no_deeper_than_a_search_goes() {
    for (depth, is_found) in [(DEEPEST, true), (DEEPEST + 1, false)] {
        assert_eq!(sample(&nested(depth, &kind("null")), &[], &[]).is_some(), is_found, "{depth}");
        let (number, integer) = (ty(&nested(depth, &kind("number"))), ty(&nested(depth, &kind("integer"))));
        let mut prover = Prover::new(10 * FUEL, false);
        let found = Search::new(&mut prover, 0).outside(number.view(), &[integer.view()]);
        assert_eq!(found.is_some(), is_found, "{depth}");
    }
}

#[test]
fn members_beside_one_another_are_not_deep() {
    let all = |value: Value| {
        Value::Object((0..2 * DEEPEST).map(|at| (format!("m{at:03}"), value.clone())).collect())
    };
    assert_eq!(sample(&broad(2 * DEEPEST, &kind("null")), &[], &[]), Some(all(Value::Null)));
    let narrower =
        |at: usize| json!({ "type": "object", "properties": { format!("m{at:03}"): kind("string") } });
    let each: Vec<Value> = (0..2 * DEEPEST).map(narrower).collect();
    let either = broad(2 * DEEPEST, &json!({ "type": ["string", "integer"] }));
    assert_eq!(outside(&either, &json!({ "anyOf": each })), Some(all(json!(0))));
}

#[test]
fn of_few_values_the_one_is_found_that_is_not_expected() {
    assert_eq!(outside(&kind("boolean"), &json!({ "const": true })), Some(json!(false)));
    assert_eq!(outside(&kind("boolean"), &json!({ "const": false })), Some(json!(true)));
    assert_eq!(outside(&kind("null"), &kind("boolean")), Some(Value::Null));
    assert_eq!(outside(&json!({ "enum": [1, 2, 3] }), &json!({ "enum": [3, 1] })), Some(json!(2)));
}

#[test]
fn a_value_of_two_branches_is_none_of_exactly_one() {
    let small = |least: i64, most: i64| json!({ "type": "integer", "minimum": least, "maximum": most });
    let at_most_one = json!({ "type": "integer", "maximum": 1 });
    // 2 and 3 are of both.
    assert_eq!(outside(&one_of(&[small(1, 3), small(2, 5)]), &at_most_one), Some(json!(4)));
    let member =
        |name: &str| json!({ "type": "object", "properties": { "a": kind("string") }, "required": [name] });
    let short = json!({ "properties": { "a": { "type": "string", "maxLength": 3 } } });
    assert_eq!(outside(&one_of(&[member("a"), member("b")]), &short), Some(json!({ "a": "text" })));
}

#[test]
fn what_a_validator_judges_is_sampled_until_it_is_right() {
    let odd = |least: i64| json!({ "type": "integer", "minimum": least, "not": { "multipleOf": 2 } });
    assert_eq!(outside(&odd(0), &kind("null")), Some(json!(1)));
    assert_eq!(outside(&odd(0), &json!({ "type": "integer", "maximum": 2 })), Some(json!(3)));
}

#[test]
fn what_is_outside_all_branches_and_outlines_comes_first() {
    let up_to = |most: u64| json!({ "type": "string", "maxLength": most });
    let mut opaque = up_to(77);
    opaque["not"] = json!({ "const": "a" });
    let overlapping = one_of(&[up_to(77), json!({ "type": "string", "minLength": 1, "maxLength": 70 })]);
    for b in [opaque, overlapping] {
        let found = outside(&kind("string"), &b).unwrap();
        assert_eq!(found.as_str().map(str::len), Some(78), "{b}");
    }
}
