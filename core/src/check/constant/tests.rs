use crate::rule::{Dialect, Rule, truthy};
use crate::{Code, Registry};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::borrow::Cow;

fn registry() -> Registry {
    let fields = json!({
        "plan": { "enum": ["free", "team", "1"] },
        "name": { "type": ["string", "null"] },
        "maybe": { "enum": ["", "a", 0, 1, true] },
        "count": { "type": "integer", "minimum": 0, "maximum": 2 },
        "total": { "type": "number", "exclusiveMinimum": 0 },
        "flag": { "type": "boolean" },
        "list": { "type": "array", "items": { "type": ["string", "integer"] } },
        "full": { "type": "array", "minItems": 1, "maxItems": 1, "items": { "const": 1 } },
        "user": { "type": "object" },
        "nothing": { "type": "null" },
        "any": true,
        "nick": { "type": "string", "minLength": 1 }
    });
    let data = json!({
        "type": "object", "properties": fields, "additionalProperties": false,
        "required": ["plan", "maybe", "count", "total", "flag", "list", "full", "user"]
    });
    let event = json!({ "type": "object", "properties": { "data": data }, "required": ["data"] });
    Registry::builder().event_schema("event", event).build().unwrap()
}

fn data() -> impl Strategy<Value = Value> {
    let of = |values: &[Value]| prop::sample::select(values.to_vec());
    let optional = |values: &[Value]| prop::option::of(of(values));
    let required = (
        of(&[json!("free"), json!("team"), json!("1")]),
        of(&[json!(""), json!("a"), json!(0), json!(1), json!(true)]),
        of(&[json!(0), json!(1), json!(1.0), json!(2), json!(-0.0)]),
        of(&[json!(0.5), json!(1), json!(1e21)]),
        any::<bool>(),
        of(&[json!([]), json!(["a"]), json!([0]), json!(["", 1]), json!(["1"])]),
        of(&[json!([1]), json!([1.0])]),
        of(&[json!({}), json!({ "a": 1 })]),
    );
    let others = (
        optional(&[json!("a"), json!("null")]),
        optional(&[json!(null), json!(""), json!("a"), json!("1"), json!("[object Object]"), json!("free")]),
        optional(&[json!(null)]),
        optional(&[
            json!(null),
            json!([]),
            json!([[]]),
            json!(0),
            json!(""),
            json!("0"),
            json!({}),
            json!(true),
        ]),
    );
    (required, others).prop_map(|((plan, maybe, count, total, flag, list, full, user), (nick, name, nothing, anything))| {
        let mut data = json!({
            "plan": plan, "maybe": maybe, "count": count, "total": total, "flag": flag, "list": list, "full": full, "user": user
        });
        for (field, value) in [("nick", nick), ("name", name), ("nothing", nothing), ("any", anything)] {
            if let Some(value) = value {
                data[field] = value;
            }
        }
        data
    })
}

fn leaf() -> impl Strategy<Value = Value> {
    let fields =
        ["plan", "name", "maybe", "count", "total", "flag", "list", "full", "user", "nothing", "any", "nick"];
    prop_oneof![
        3 => prop::sample::select(fields.to_vec()).prop_map(|field| json!(format!("!ref($.event.data.{field})"))),
        1 => prop::sample::select(vec![
            json!(null), json!(true), json!(false), json!(0), json!(1), json!(-1), json!(2), json!(""), json!("a"), json!("1"),
            json!("free"), json!("fre"), json!("NaN"), json!("[object Object]"), json!([]), json!([1]), json!(["free", 1, null]),
            json!("!ref(\"a\")"),
        ]),
    ]
}

fn rule() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(3, 16, 4, |inner| {
        let two = ["==", "===", "!=", "!==", "<", "<=", ">", ">=", "in", "-", "/", "substr"];
        let many = ["and", "or", "cat", "+", "min", "merge", "*"];
        let listed = ["some", "all", "none", "map", "filter"];
        prop_oneof![
            6 => (prop::sample::select(two.to_vec()), inner.clone(), inner.clone()).prop_map(|(o, a, b)| json!({ o: [a, b] })),
            2 => (prop::sample::select(vec!["!", "!!"]), inner.clone()).prop_map(|(o, a)| json!({ o: [a] })),
            2 => (prop::sample::select(many.to_vec()), prop::collection::vec(inner.clone(), 1..4))
                .prop_map(|(o, several)| json!({ o: several })),
            1 => (prop::sample::select(vec!["<", "<="]), [inner.clone(), inner.clone(), inner.clone()])
                .prop_map(|(o, three)| json!({ o: three })),
            1 => prop::collection::vec(inner.clone(), 2..6).prop_map(|several| json!({ "if": several })),
            1 => prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            1 => (prop::sample::select(listed.to_vec()), inner, prop::sample::select(vec![json!({ "var": "" }), json!(true), json!({ "===": [{ "var": "" }, 1] })]))
                .prop_map(|(o, list, body)| json!({ o: [list, body] })),
        ]
    })
}

/// Each part of the rule that is said to be constant, and what it is said to be.
fn constant(registry: &Registry, rule: &Value) -> Vec<(Value, bool)> {
    let document = json!({
        "actions": [{ "id": "1", "kind": "builtin:if", "inputs": { "condition": rule } }], "edges": [{ "from": "$source", "to": "1" }]
    });
    let checked = registry.check(document.to_string()).unwrap_or_else(|report| panic!("{report}"));
    let hints = checked.report().iter().filter(|found| found.code() == Code::ConstantCondition);
    hints
        .map(|found| {
            let mut pointer = found.pointer().as_str();
            if found.message().contains("comparison") {
                pointer = pointer.rsplitn(3, '/').nth(2).unwrap();
            }
            let part = document.pointer(pointer).unwrap_or_else(|| panic!("{pointer}")).clone();
            (part, found.message().contains("always holds"))
        })
        .collect()
}

/// The truth of a rule with this event's data.
fn truth(rule: &Value, data: &Value) -> bool {
    let mut operands: Vec<Option<Value>> = Vec::new();
    let compiled = Rule::compile(rule, Dialect::Document, 64, &mut |text, _| {
        let field = text.strip_prefix("!ref($.event.data.").and_then(|rest| rest.strip_suffix(')'));
        operands.push(match field {
            Some(field) => data.get(field).cloned(),
            None => Some(json!(text.strip_prefix("!ref(\"")?.strip_suffix("\")")?)),
        });
        Some(operands.len() - 1)
    });
    let compiled = compiled.unwrap_or_else(|faults| panic!("{rule}: {faults:?}"));
    let operand = |slot: usize| Ok::<_, ()>(operands[slot].as_ref().map(Cow::Borrowed));
    let result = compiled.evaluate(&operand, &Value::Null, 100_000).unwrap();
    let truth = compiled.evaluate_bool(&operand, &Value::Null, 100_000).unwrap();
    assert!(truth == truthy(&result) || result.is_null());
    truth
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_said_to_be_constant_is(rule in rule(), events in prop::collection::vec(data(), 12)) {
        prop_assume!(rule.is_object());
        let registry = registry();
        for (part, holds) in constant(&registry, &rule) {
            for data in &events {
                prop_assert_eq!(truth(&part, data), holds, "{} in {}\nwith {}", part, rule, data);
            }
        }
    }
}

#[track_caller]
fn assert_constant(rule: &Value, expected: &[(Value, bool)]) {
    assert_eq!(constant(&registry(), rule), expected, "{rule}");
}

#[test]
fn equality_is_constant_only_where_it_cannot_vary() {
    let at = |field: &str| json!(format!("!ref($.event.data.{field})"));
    for (operator, left, right, expected) in [
        ("===", at("plan"), json!("x"), Some(false)),
        ("==", at("plan"), json!("x"), Some(false)),
        ("==", at("plan"), json!(1), None),
        ("==", at("plan"), json!(2), Some(false)),
        ("===", at("plan"), json!(1), Some(false)),
        ("==", at("count"), json!(null), Some(false)),
        ("==", at("name"), json!(null), None),
        ("===", at("nothing"), json!(null), Some(true)),
        ("==", at("user"), json!(true), Some(false)),
        ("==", at("user"), json!("[object Object]"), Some(true)),
        ("==", at("list"), json!(""), None),
        ("===", at("list"), json!([]), Some(false)),
        ("==", at("total"), json!("x"), Some(false)),
        ("!==", at("count"), json!(3), Some(true)),
        ("==", at("count"), at("plan"), None),
        ("===", at("count"), at("plan"), Some(false)),
        ("==", at("any"), json!(1), None),
        ("===", at("full"), at("full"), None),
        ("===", json!(1), json!(1), Some(true)),
        ("<", at("user"), json!(1), Some(false)),
        (">=", at("total"), json!("x"), Some(false)),
        ("<", at("name"), json!("x"), None),
        ("<", at("user"), json!("x"), None),
        ("in", at("plan"), json!(["free", "team", "1"]), Some(true)),
        ("in", at("plan"), json!(["free", "team"]), None),
        ("in", at("plan"), json!(["x", 1]), Some(false)),
        ("in", at("name"), json!(null), Some(false)),
        ("in", at("plan"), at("list"), None),
        ("in", at("plan"), at("user"), Some(false)),
        ("in", at("plan"), at("maybe"), None),
    ] {
        let rule = json!({ operator: [left, right] });
        let expected: Vec<(Value, bool)> = expected.map(|holds| (rule.clone(), holds)).into_iter().collect();
        assert_constant(&rule, &expected);
    }
}

#[test]
fn the_innermost_culprit_is_reported_once() {
    let never = json!({ "===": ["!ref($.event.data.total)", "x"] });
    assert_constant(&json!({ "and": [{ "!": { "!!": never } }, true] }), &[(never.clone(), false)]);
    assert_constant(&json!({ "if": [never, 1, 2] }), &[(never.clone(), false)]);
    let whole = json!({ "or": ["!ref($.event.data.flag)", "yes"] });
    assert_constant(&whole, &[(whole.clone(), true)]);
    let of_element = json!({ "some": ["!ref($.event.data.list)", { "and": [{ "var": "" }, never] }] });
    assert_constant(&of_element, &[(never.clone(), false)]);
    let beside = json!({ "and": [{ "==": [{ "!": never }, "!ref($.event.data.flag)"] }, false] });
    assert_constant(&beside, &[(never, false)]);
    let taken = json!({ "!!": [{ "if": [false, "!ref($.event.data.flag)", true] }] });
    assert_constant(&taken, &[(taken.clone(), true)]);
    assert_constant(&json!({ "!": "!ref($.event.data.nick)" }), &[]);
    assert_constant(&json!({ "===": ["!ref($.event.data.nick)", null] }), &[]);
    assert_constant(&json!({ "and": ["!ref($.event.data.flag)", true] }), &[]);
    assert_constant(&json!({ "if": ["!ref($.event.data.flag)", true, false] }), &[]);
}

#[test]
fn the_name_that_is_near_is_proposed() {
    let document = json!({
        "actions": [{ "id": "1", "kind": "builtin:if", "inputs": { "condition": { "==": ["tema", "!ref($.event.data.plan)"] } } }],
        "edges": [{ "from": "$source", "to": "1" }]
    });
    let checked = registry().check(document.to_string()).unwrap();
    let found = checked.report().iter().next().unwrap();
    assert_eq!(found.help(), Some("did you mean `team`?"));
    assert_eq!(found.pointer().as_str(), "/actions/0/inputs/condition/==/0");
}
