//! What a document may not write in a rule.

use crate::rule::{Dialect, Operator, Rule, RuleFaultKind};
use serde_json::{Value, json};

/// The faults of a document's rule: where, and what the message begins with.
#[track_caller]
fn assert_faults(rule: &Value, expected: &[(&str, &str)]) {
    let faults = Rule::compile(rule, Dialect::Document, 64, &mut |_, _| None).err().unwrap_or_default();
    let shown: Vec<_> = faults.iter().map(|fault| (fault.pointer.as_str(), fault.to_string())).collect();
    assert_eq!(shown.len(), expected.len(), "{shown:#?}");
    for ((pointer, message), (expected_pointer, beginning)) in shown.iter().zip(expected) {
        assert_eq!(pointer, expected_pointer, "{message}");
        assert!(message.starts_with(beginning), "{message}");
        assert!(!message.ends_with('.'), "{message}");
    }
}

#[test]
fn a_rule_without_faults_compiles() {
    assert_faults(&json!({ "all": [[1, 2], { "<": [0, { "var": "" }, 3] }] }), &[]);
    assert_faults(&json!(true), &[]);
}

#[test]
fn an_unknown_operator_is_answered_with_the_nearest_or_the_list() {
    assert_faults(&json!({ "=": [1, 1] }), &[("/=", "no operator `=`; did you mean `==`?")]);
    assert_faults(
        &json!({ "fliter": [[], true] }),
        &[("/fliter", "no operator `fliter`; did you mean `filter`?")],
    );
    assert_faults(&json!({ "&&": [1, 1] }), &[("/&&", "no operator `&&`; did you mean `and`?")]);
    assert_faults(&json!({ "AND": [1, 1] }), &[("/AND", "no operator `AND`; did you mean `and`?")]);
    assert_faults(&json!({ "x": [] }), &[("/x", "no operator `x`; the operators are `==`")]);
    assert_faults(&json!({ "varr": [] }), &[("/varr", "no operator `varr`; the operators are")]);
    assert_faults(
        &json!({ "map": [[], { "varr": [] }] }),
        &[("/map/1/varr", "no operator `varr`; did you mean `var`?")],
    );
    let long = "x".repeat(100_000);
    assert_faults(
        &json!({ long.clone(): 1 }),
        &[(&format!("/{long}"), &format!("no operator `{}…`; the operators are", "x".repeat(64)))],
    );
}

#[test]
fn operators_are_listed_only_where_they_can_be_written() {
    let message = |rule: &Value| {
        let faults = Rule::compile(rule, Dialect::Document, 64, &mut |_, _| None).expect_err("a fault");
        faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    assert!(!message(&json!({ "x": 1 })).contains("`var`"));
    let inside = message(&json!({ "some": [[], { "x": 1 }] }));
    assert!(inside.contains("`var`") && !inside.contains("missing"), "{inside}");
}

#[test]
fn var_reads_elements_and_nothing_else() {
    let var = "`var` reads the element inside the rule of `map`";
    assert_faults(&json!({ "var": "a" }), &[("/var", var)]);
    assert_faults(&json!({ "map": [{ "var": "list" }, { "var": "" }] }), &[("/map/0/var", var)]);
    assert_faults(
        &json!({ "reduce": [[1], { "var": "current" }, { "var": "x" }] }),
        &[("/reduce/2/var", var)],
    );
    assert_faults(&json!({ "if": [[{ "!": { "var": "a" } }], 1] }), &[("/if/0/0/!/var", var)]);
    assert_faults(
        &json!({ "map": [[[1]], { "filter": [{ "var": "" }, { "==": [{ "var": "" }, 1] }] }] }),
        &[],
    );
}

#[test]
fn what_looks_into_data_is_told_to_be_a_ref() {
    assert_faults(
        &json!({ "missing": ["a"] }),
        &[("/missing", "`missing` has no data to look into; write a ref")],
    );
    assert_faults(
        &json!({ "map": [[1], { "missing_some": [1, ["a"]] }] }),
        &[("/map/1/missing_some", "`missing_some` has no data to look into; write a ref")],
    );
    assert_faults(&json!({ "log": "a" }), &[("/log", "`log` is not evaluated; write a ref")]);
    assert_faults(&json!({ "method": ["a", "b"] }), &[("/method", "`method` is not evaluated; write a ref")]);
}

#[test]
fn a_rule_object_has_one_member() {
    assert_faults(&json!({ "!": {} }), &[("/!", "a rule object has exactly one member, its operator")]);
    let members = "a rule object has exactly one member, its operator, as in `{ \"==\": [1, 2] }`; this one has 2: `!=`, `==`";
    assert_faults(&json!({ "==": [1, 1], "!=": [1, 1] }), &[("", members)]);
}

#[test]
fn a_product_of_nothing_has_no_result() {
    assert_faults(&json!({ "*": [] }), &[("/*", "`*` needs at least one value to multiply")]);
}

#[test]
fn arguments_that_are_missing_or_have_no_effect_are_faults() {
    assert_faults(
        &json!({ "==": [1] }),
        &[("/==", "`==` takes 2 arguments, not 1; write `{ \"==\": [\"!ref(")],
    );
    assert_faults(
        &json!({ "==": "$list" }),
        &[(
            "/==",
            "`==` takes 2 arguments, not 1; a ref, or any value, in place of the list is one argument",
        )],
    );
    assert_faults(&json!({ "===": [1, 2, 3, 4] }), &[("/===/2", "`===` takes 2 arguments, not 4; write")]);
    assert_faults(&json!({ "<": [1, 2, 3, 4] }), &[("/</3", "`<` takes 2 or 3 arguments, not 4")]);
    assert_faults(&json!({ "!": [] }), &[("/!", "`!` takes 1 argument, not 0")]);
    assert_faults(&json!({ "!": [1, 2] }), &[("/!/1", "`!` takes 1 argument, not 2")]);
    assert_faults(&json!({ "and": [] }), &[("/and", "`and` takes at least 1 argument, not 0")]);
    assert_faults(&json!({ "if": true }), &[("/if", "`if` takes at least 2 arguments, not 1")]);
    assert_faults(&json!({ "map": [[1], { "var": ["", 1, 2] }] }), &[("/map/1/var/2", "`var` takes 0 to 2")]);
    for rule in [
        json!({ "-": [1] }),
        json!({ "+": "3" }),
        json!({ "!": [[]] }),
        json!({ "and": "$list" }),
        json!({ "if": [1, 2] }),
        json!({ "merge": [] }),
        json!({ "<": [1, 2, 3] }),
        json!({ "substr": ["abc", 1] }),
        json!({ "map": [[1], { "var": [] }] }),
        json!({ "reduce": [[1], { "var": "current" }] }),
    ] {
        assert_faults(&rule, &[]);
    }
}

#[test]
fn every_example_is_a_rule() {
    for operator in Operator::ALL.iter().filter(|operator| !operator.reads_data()) {
        let example = operator.example();
        assert_faults(&serde_json::from_str(&example).expect("it is JSON"), &[]);
        let Ok(Rule::Apply(used, arguments)) =
            Rule::compile(&serde_json::from_str(&example).unwrap(), Dialect::Document, 64, &mut |_, _| None)
        else {
            panic!("{example}")
        };
        assert!(used == *operator && operator.arity().allows(arguments.rules.len()), "{example}");
    }
}

#[test]
fn all_faults_are_reported_at_once_and_none_twice() {
    let rule = json!({ "and": [
        { "mpa": [{ "var": "list" }, { "var": "" }] },
        { "==": [{ "log": { "nope": 1 } }, {}] },
        { "var": { "*": [] } },
    ] });
    assert_faults(
        &rule,
        &[
            ("/and/0/mpa", "no operator `mpa`; did you mean `map`?"),
            ("/and/1/==/0/log", "`log` is not evaluated"),
            ("/and/1/==/0/log/nope", "no operator `nope`; did you mean `none`?"),
            ("/and/1/==/1", "a rule object has exactly one member"),
            ("/and/2/var", "`var` reads the element"),
            ("/and/2/var/*", "`*` needs at least one value"),
        ],
    );
}

#[test]
fn data_has_its_operators_and_objects_in_a_plain_rule() {
    let rule = json!({ "if": [{ "missing": ["a"] }, {}, { "var": "a" }, { "a": { "log": 1 }, "b": 2 }] });
    assert!(Rule::compile(&rule, Dialect::Plain, 64, &mut |_, _| None).is_ok());
    let faults =
        Rule::compile(&json!({ "log": 1 }), Dialect::Plain, 64, &mut |_, _| None).expect_err("a fault");
    assert_eq!(faults[0].kind, RuleFaultKind::NotEvaluated("log".to_owned()));
}

#[test]
fn every_operator_is_found_by_its_name() {
    for operator in Operator::ALL {
        assert_eq!(Operator::named(operator.name()), Some(*operator));
        assert!(operator.arity().most.is_none_or(|most| most >= operator.arity().least));
    }
    assert_eq!(Operator::named("log"), None);
}
