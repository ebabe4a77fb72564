//! Conditions of `builtin:if`: the schema and the check agree on which are rules.

use flowright::Registry;
use serde_json::{Value, json};

const OPERATORS: [&str; 38] = [
    "==",
    "===",
    "!=",
    "!==",
    "!",
    "!!",
    ">",
    ">=",
    "<",
    "<=",
    "and",
    "or",
    "if",
    "?:",
    "in",
    "cat",
    "substr",
    "+",
    "-",
    "*",
    "/",
    "%",
    "min",
    "max",
    "merge",
    "map",
    "filter",
    "reduce",
    "all",
    "some",
    "none",
    "var",
    "missing",
    "missing_some",
    "log",
    "method",
    "=",
    "constructor",
];

/// Arguments of all sorts, in lists of several lengths and by themselves.
fn arguments() -> Vec<Value> {
    let each = [
        json!(1),
        json!("x"),
        json!("!ref($.event.data.x)"),
        json!("x !ref($.event.data.x)"),
        json!("!ref($.evnt)"),
        json!({ "!!": [1] }),
        json!({ "var": "x" }),
        json!({ "!!": [{ "var": "" }] }),
        json!({}),
        json!({ "!!": 1, "!": 1 }),
        json!([1, { "nope": 1 }]),
        json!([[{ "+": [1, 2] }]]),
    ];
    let mut all = vec![json!([])];
    for one in each {
        all.extend([
            json!([one]),
            json!([1, one]),
            json!([one, 1]),
            json!([1, one, 1]),
            json!([1, 1, one, 1]),
            one,
        ]);
    }
    all
}

#[test]
fn the_schema_and_the_check_agree_on_rules() {
    let registry = Registry::builder().build().expect("it is right");
    let validator = jsonschema::validator_for(&registry.workflow_schema()).expect("it is a schema");
    let mut conditions = vec![json!(true), json!(null), json!(1), json!("x"), json!([]), json!({})];
    for text in [
        "!ref($.event.data.x)",
        "!ref($.event.data.x)!",
        "!ref(\"x\")",
        "!ref($.output)",
        "!ref($['event'].a[-1]['b c'])",
    ] {
        conditions.push(text.into());
    }
    for operator in OPERATORS {
        for arguments in arguments() {
            let rule = json!({ operator: arguments });
            conditions.push(json!({ "some": ["!ref($.event.data.x)", rule] }));
            conditions.push(rule);
        }
    }
    let (mut right, mut wrong) = (0, 0);
    for condition in conditions {
        let action = json!({ "id": "1", "kind": "builtin:if", "inputs": { "condition": condition } });
        let document = json!({ "actions": [action], "edges": [{ "from": "$source", "to": "1" }] });
        let checked = registry.check(&*document.to_string());
        let said = checked.as_ref().err().map(ToString::to_string);
        assert_eq!(validator.is_valid(&document), checked.is_ok(), "{condition}\n{said:?}");
        *if checked.is_ok() { &mut right } else { &mut wrong } += 1;
    }
    assert!(right > 1_000 && wrong > 1_000, "{right} right, {wrong} wrong");
}
