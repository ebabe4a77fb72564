//! No rule and no data takes more stack, time or memory than its limits allow.

use super::{STEPS, no_operands, plain};
use crate::rule::{DEEPEST, Dialect, Rule, RuleError, RuleFaultKind, loosely_equal};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::borrow::Cow;

/// `{ name: value }`; `json!` would recurse into the value.
fn object(name: &str, value: Value) -> Value {
    Value::Object([(name.to_owned(), value)].into_iter().collect())
}

fn array(value: Value) -> Value {
    Value::Array(vec![value])
}

/// Drops what it holds without recursion.
struct Deep(Value);

impl Deep {
    fn nested(levels: usize, around: impl Fn(Value) -> Value) -> Self {
        let mut value = json!(1);
        for _ in 0..levels {
            value = around(value);
        }
        Deep(value)
    }
}

impl Drop for Deep {
    fn drop(&mut self) {
        let mut left = vec![self.0.take()];
        while let Some(value) = left.pop() {
            match value {
                Value::Array(elements) => left.extend(elements),
                Value::Object(members) => left.extend(members.into_iter().map(|(_, member)| member)),
                _ => {}
            }
        }
    }
}

fn evaluate(rule: &Value, data: &Value) -> Result<Value, RuleError<String>> {
    plain(rule).evaluate(no_operands(), data, STEPS)
}

#[test]
fn a_rule_nests_as_deep_as_its_limit_and_no_deeper() {
    for dialect in [Dialect::Plain, Dialect::Document] {
        for wrap in [|value| object("!", array(value)), array] {
            for (levels, limit, fits) in [(64, 64, true), (65, 64, false), (DEEPEST + 1, 100_000, false)] {
                let rule = Deep::nested(levels, wrap);
                let compiled = Rule::compile(&rule.0, dialect, limit, &mut |_, _| None);
                assert_eq!(compiled.is_ok(), fits, "{levels} levels of {limit}");
            }
        }
    }
}

#[test]
fn a_rule_of_a_hundred_thousand_levels_is_a_fault() {
    let wraps: [fn(Value) -> Value; 5] = [
        |value| object("!", value),
        |value| object("if", Value::Array(vec![value, json!(1)])),
        array,
        |value| Value::Object([("a".to_owned(), value), ("b".to_owned(), json!(1))].into_iter().collect()),
        |value| object("nope", value),
    ];
    for wrap in wraps {
        let rule = Deep::nested(100_000, wrap);
        for dialect in [Dialect::Plain, Dialect::Document] {
            let faults = Rule::compile(&rule.0, dialect, usize::MAX, &mut |_, _| None).expect_err("too deep");
            assert!(faults.len() <= DEEPEST + 1);
            if dialect == Dialect::Plain || rule.0.get("a").is_none() {
                let last = faults.last().map(|fault| fault.kind.clone());
                assert_eq!(last, Some(RuleFaultKind::TooDeep(DEEPEST)));
            }
        }
    }
}

#[test]
fn deep_data_is_compared_and_passed_over_but_not_walked() {
    let arrays = Deep::nested(100_000, array);
    let objects = Deep::nested(100_000, |value| object("a", value));
    for data in [&arrays.0, &objects.0] {
        assert_eq!(evaluate(&json!({ "===": [{ "var": "" }, { "var": "" }] }), data), Ok(json!(true)));
        assert_eq!(evaluate(&json!({ "!!": { "var": "" } }), data), Ok(json!(true)));
        assert_eq!(evaluate(&json!({ "var": "" }), data), Err(RuleError::Depth));
        assert_eq!(evaluate(&json!([{ "var": "" }]), data), Err(RuleError::Depth));
    }
    for rule in
        [json!({ "cat": { "var": "" } }), json!({ "==": [{ "var": "" }, 1] }), json!({ "+": { "var": "" } })]
    {
        assert_eq!(evaluate(&rule, &arrays.0), Err(RuleError::Depth), "{rule}");
    }
    assert_eq!(evaluate(&json!({ "cat": { "var": "" } }), &objects.0), Ok(json!("[object Object]")));
}

#[test]
fn values_built_around_each_other_stop_before_they_are_deep() {
    let data = json!(vec![0; 10_000]);
    for around in [json!([{ "var": "accumulator" }]), json!({ "var": "" }), json!([{ "var": "" }, 1])] {
        let rule = json!({ "reduce": [{ "var": "" }, around] });
        assert_eq!(evaluate(&rule, &data), Err(RuleError::Depth), "{rule}");
    }
}

#[test]
fn a_value_that_doubles_at_each_step_runs_out_of_steps() {
    let twice = json!([{ "var": "accumulator" }, { "var": "accumulator" }]);
    let data = json!(vec![0; 60]);
    let doubled = json!({ "reduce": [{ "var": "" }, twice, [1]] });
    assert_eq!(evaluate(&doubled, &data), Err(RuleError::Steps));
    assert_eq!(evaluate(&json!({ "cat": doubled }), &data), Err(RuleError::Steps));
    assert_eq!(evaluate(&json!({ "!!": doubled }), &data), Ok(json!(true)));
    for operator in ["cat", "merge"] {
        let rule = json!({ "reduce": [{ "var": "" }, { operator: twice }, ["12345678"]] });
        assert_eq!(evaluate(&json!({ "!!": rule }), &data), Err(RuleError::Steps), "{operator}");
    }
}

#[test]
fn a_step_is_spent_for_each_part_that_is_evaluated() {
    let rule = plain(&json!({ "and": [true, { "!": false }, 3] }));
    assert_eq!(rule.evaluate_bool(no_operands(), &Value::Null, 5), Ok(true));
    assert_eq!(rule.evaluate_bool(no_operands(), &Value::Null, 4), Err(RuleError::Steps));
    let rule = plain(&json!({ "!!": [[1, 2]] }));
    assert_eq!(rule.evaluate_bool(no_operands(), &Value::Null, 4), Ok(true));
    assert_eq!(rule.evaluate_bool(no_operands(), &Value::Null, 3), Err(RuleError::Steps));
    let rule = plain(&json!({ "map": [{ "var": "" }, 1] }));
    assert_eq!(rule.evaluate_bool(no_operands(), &json!(vec![0; 99_999]), STEPS), Err(RuleError::Steps));
}

#[test]
fn text_of_megabytes_can_be_searched_but_not_copied_without_end() {
    let data = json!({ "text": "x".repeat(8 << 20), "many": vec![0; 1000] });
    assert_eq!(evaluate(&json!({ "in": ["y", { "var": "text" }] }), &data), Ok(json!(false)));
    assert_eq!(evaluate(&json!({ "substr": [{ "var": "text" }, -3] }), &data), Ok(json!("xxx")));
    assert_eq!(evaluate(&json!({ "cat": [{ "var": "text" }, "y"] }), &data), Err(RuleError::Steps));
    let text = json!({ "var": "accumulator" });
    let many_times = json!({ "if": [{ "in": ["y", text] }, "never", text] });
    let rule = json!({ "!!": { "reduce": [{ "var": "many" }, many_times, { "var": "text" }] } });
    assert_eq!(evaluate(&rule, &data), Err(RuleError::Steps));
}

#[test]
fn what_is_compared_many_times_is_read_many_times() {
    let text = |first: &str| first.to_owned() + &"x".repeat(4 << 20);
    let data = json!({ "one": text("a"), "other": text("a"), "short": "a", "list": vec![0; 100_000] });
    let many_times = |rule: Value| evaluate(&json!({ "or": vec![rule; 100] }), &data);
    let var = |name: &str| json!({ "var": name });
    for operator in ["<", "!=", "!=="] {
        let long = many_times(json!({ operator: [var("one"), var("other")] }));
        assert_eq!(long, Err(RuleError::Steps), "{operator}");
    }
    assert_eq!(many_times(json!({ "===": [var("one"), var("short")] })), Ok(json!(false)));
    assert_eq!(many_times(json!({ "in": [7, var("list")] })), Err(RuleError::Steps));
}

#[test]
fn values_are_compared_before_anything_runs_within_bounds() {
    let long = json!(vec![0; 200_000]);
    assert_eq!(loosely_equal(&long, &json!("0")), None);
    assert_eq!(loosely_equal(&json!([0]), &json!("0")), Some(true));
}

/// JSON with the names that rules and data use.
fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (-3i64..4).prop_map(Value::from),
        "[ -~]{0,6}".prop_map(Value::from),
        ".{0,4}".prop_map(Value::from),
        prop_oneof![
            Just("a"),
            Just("a.0"),
            Just("length"),
            Just("current"),
            Just("-1"),
            Just("0x"),
            Just("😀")
        ]
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 48, 5, |inner| {
        let name = prop_oneof![
            8 => prop::sample::select(crate::rule::Operator::ALL).prop_map(|operator| operator.name().to_owned()),
            1 => prop_oneof![Just("a".to_owned()), Just("log".to_owned()), ".{0,3}"],
        ];
        prop_oneof![
            6 => (name.clone(), prop::collection::vec(inner.clone(), 0..5))
                .prop_map(|(name, arguments)| json!({ name: arguments })),
            1 => (name.clone(), inner.clone()).prop_map(|(name, argument)| json!({ name: argument })),
            1 => prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            1 => prop::collection::btree_map(name, inner, 0..3).prop_map(|members| json!(members)),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_the_rule_and_the_data_evaluation_ends_and_answers_the_same(rule in values(), data in values()) {
        if let Ok(rule) = Rule::compile(&rule, Dialect::Plain, 64, &mut |_, _| None) {
            let result = rule.evaluate(no_operands(), &data, 10_000);
            prop_assert_eq!(&result, &rule.evaluate(no_operands(), &data, 10_000));
            // JSON has null for infinities, which are truthy.
            if let Ok(result) = result && !result.is_null() {
                let truth = rule.evaluate_bool(no_operands(), &data, 10_000);
                prop_assert_eq!(truth, Ok(crate::rule::truthy(&result)), "{}", result);
            }
        }
    }

    #[test]
    fn a_rule_of_a_document_has_a_result_unless_a_limit_stops_it(rule in values(), operand in values()) {
        let document = Rule::compile(&rule, Dialect::Document, 64, &mut |text, _| text.starts_with('a').then_some(0));
        if let Ok(rule) = document {
            let given = |_| Ok::<_, String>(Some(Cow::Borrowed(&operand)));
            match rule.evaluate(&given, &Value::Null, STEPS) {
                Ok(_) | Err(RuleError::Steps | RuleError::Depth) => {}
                Err(error) => prop_assert!(false, "{}", error),
            }
        }
    }

    #[test]
    fn a_document_accepts_nothing_that_a_plain_rule_refuses(rule in values()) {
        let document = Rule::compile(&rule, Dialect::Document, 64, &mut |_, _| None);
        if let Ok(document) = document {
            prop_assert_eq!(Ok(document), Rule::compile(&rule, Dialect::Plain, 64, &mut |_, _| None));
        }
    }
}
