//! What a ref yields is an operand, and an operand is data.

use super::STEPS;
use crate::rule::{Arguments, Dialect, Operator, Rule, RuleError, truthy};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::cell::Cell;

/// Compiles a document's rule in which `$name` stands for a ref, and evaluates it with what the refs yield.
fn given(rule: &Value, refs: &[(&str, Option<Value>)]) -> Result<Value, RuleError<String>> {
    let mut pointers = Vec::new();
    let rule = Rule::compile(rule, Dialect::Document, 64, &mut |text, pointer| {
        let name = text.strip_prefix('$')?;
        pointers.push(pointer.to_owned());
        refs.iter().position(|(known, _)| *known == name)
    });
    let rule = rule.unwrap_or_else(|faults| panic!("{faults:?}"));
    assert!(!pointers.is_empty(), "the rule has no ref");
    let operand = |slot: usize| Ok(refs[slot].1.as_ref().map(Cow::Borrowed));
    let result = rule.evaluate(&operand, &Value::Null, STEPS);
    let owned = |slot: usize| Ok(refs[slot].1.clone().map(Cow::Owned));
    assert_eq!(result, rule.evaluate(&owned, &Value::Null, STEPS), "an owned operand is no different");
    assert_eq!(
        rule.evaluate_bool(&operand, &Value::Null, STEPS),
        result.clone().map(|result| truthy(&result))
    );
    result
}

#[test]
fn an_operand_that_looks_like_a_rule_is_data() {
    let role = json!({ "if": [true, "admin"] });
    assert_eq!(
        given(&json!({ "==": ["$role", "admin"] }), &[("role", Some(role.clone()))]),
        Ok(json!(false))
    );
    assert_eq!(given(&json!("$role"), &[("role", Some(role.clone()))]), Ok(role.clone()));
    assert_eq!(
        given(&json!({ "in": ["admin", ["$role"]] }), &[("role", Some(role.clone()))]),
        Ok(json!(false))
    );
    assert_eq!(
        given(&json!({ "map": ["$list", { "var": "" }] }), &[("list", Some(json!([role])))]),
        Ok(json!([role]))
    );
}

#[test]
fn operands_are_asked_for_in_the_order_in_which_they_are_written() {
    for rule in
        [json!({ "==": ["$a", "$b"] }), json!({ "<": ["$a", "$b", 3] }), json!({ "reduce": ["$a", 1, "$b"] })]
    {
        let compiled = Rule::compile(&rule, Dialect::Document, 64, &mut |text, _| {
            ["$a", "$b"].iter().position(|name| *name == text)
        });
        let refused = |slot: usize| Err(format!("operand {slot}"));
        let result =
            compiled.unwrap_or_else(|faults| panic!("{faults:?}")).evaluate(&refused, &Value::Null, STEPS);
        assert_eq!(result, Err(RuleError::Operand("operand 0".to_owned())), "{rule}");
    }
}

#[test]
fn an_operand_in_place_of_the_arguments_is_one_argument() {
    let list = [("list", Some(json!([0, 1])))];
    assert_eq!(given(&json!({ "!!": "$list" }), &list), Ok(json!(true)));
    assert_eq!(given(&json!({ "and": "$list" }), &list), Ok(json!([0, 1])));
    assert_eq!(given(&json!({ "cat": "$list" }), &list), Ok(json!("0,1")));
    assert_eq!(given(&json!({ "*": "$list" }), &list), Ok(json!([0, 1])));
    assert_eq!(given(&json!({ "!": "$list" }), &[("list", Some(json!([])))]), Ok(json!(true)));
}

#[test]
fn an_absent_operand_is_null() {
    let absent = [("absent", None)];
    assert_eq!(given(&json!({ "===": ["$absent", null] }), &absent), Ok(json!(true)));
    assert_eq!(given(&json!({ "-": [5, "$absent"] }), &absent), Ok(json!(5)));
    assert_eq!(given(&json!({ "<": [-1, 0, "$absent"] }), &absent), Ok(json!(false)));
    assert_eq!(given(&json!({ "substr": ["abc", 1, "$absent"] }), &absent), Ok(json!("")));
    assert_eq!(given(&json!({ "if": ["$absent", 1, 2] }), &absent), Ok(json!(2)));
}

#[test]
fn an_operand_may_stand_in_an_element_rule_and_be_a_path() {
    let refs = [
        ("limit", Some(json!(2))),
        ("field", Some(json!("n"))),
        ("rows", Some(json!([{ "n": 1 }, { "n": 3 }]))),
    ];
    let rule = json!({ "filter": ["$rows", { ">": [{ "var": "$field" }, "$limit"] }] });
    assert_eq!(given(&rule, &refs), Ok(json!([{ "n": 3 }])));
}

#[test]
fn one_value_is_itself_under_two_refs_but_not_a_copy_of_itself() {
    let value = json!({ "list": [1], "copy": [1] });
    let rule = Rule::compile(&json!({ "==": ["a", "b"] }), Dialect::Document, 64, &mut |text, _| {
        Some(usize::from(text == "b"))
    })
    .expect("a rule");
    let itself = |_| Ok::<_, String>(value.get("list").map(Cow::Borrowed));
    assert_eq!(rule.evaluate(&itself, &Value::Null, STEPS), Ok(json!(true)));
    let copy = |slot| Ok::<_, String>(value.get(if slot == 0 { "list" } else { "copy" }).map(Cow::Borrowed));
    assert_eq!(rule.evaluate(&copy, &Value::Null, STEPS), Ok(json!(false)));
}

#[test]
fn only_operands_that_are_reached_are_asked_for() {
    let asked = Cell::new(0);
    let operand = |slot: usize| {
        asked.set(asked.get() + 1);
        if slot == 0 { Ok(None) } else { Err("cannot be had".to_owned()) }
    };
    let compiled = |rule: &Value| {
        let mut slots = 0..;
        Rule::compile(rule, Dialect::Document, 64, &mut |_, _| slots.next()).expect("a rule")
    };
    let lazy = compiled(&json!({ "if": [{ "and": ["first", "second"] }, "third", 4] }));
    assert_eq!(lazy.evaluate(&operand, &Value::Null, STEPS), Ok(json!(4)));
    assert_eq!(asked.get(), 1);
    let eager = compiled(&json!({ "or": ["first", "second"] }));
    assert_eq!(
        eager.evaluate(&operand, &Value::Null, STEPS),
        Err(RuleError::Operand("cannot be had".to_owned()))
    );
}

#[test]
fn strings_are_offered_with_their_pointers_and_keys_are_not() {
    let mut offered = Vec::new();
    let rule = json!({ "/": [{ "+": "a" }, { "if": [["b", { "map": ["c", { "var": "d" }] }], "e"] }] });
    let rule = Rule::compile(&rule, Dialect::Document, 64, &mut |text, pointer| {
        offered.push((text.to_owned(), pointer.to_owned()));
        (text == "a").then_some(7)
    })
    .expect("a rule");
    let at = |text: &str, pointer: &str| (text.to_owned(), pointer.to_owned());
    assert_eq!(
        offered,
        [
            at("a", "/~1/0/+"),
            at("b", "/~1/1/if/0/0"),
            at("c", "/~1/1/if/0/1/map/0"),
            at("d", "/~1/1/if/0/1/map/1/var"),
            at("e", "/~1/1/if/1"),
        ]
    );
    let Rule::Apply(Operator::Divide, Arguments { listed: true, rules }) = &rule else { panic!("{rule:?}") };
    let sum = Arguments { listed: false, rules: Box::new([Rule::Operand(7)]) };
    assert_eq!(rules.first(), Some(&Rule::Apply(Operator::Add, sum)));
}
