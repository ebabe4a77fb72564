//! What a ref that yields nothing comes to.

use crate::draft::{Draft, calls, conformance, echoed, state};
use flowright::{Code, Failure, Outcome};
use serde_json::{Value, json};

/// The one failure of a run, which no action was called for.
#[track_caller]
fn stopped<'o>(outcome: &'o Outcome, id: &str) -> &'o Failure {
    assert!(!outcome.is_completed(), "{outcome}");
    assert_eq!(outcome.failures().len(), 1);
    let failure = &outcome.failures()[0];
    assert_eq!(failure.action_id(), id);
    assert!(!calls(outcome).contains(&id), "an action that a check stops is not called");
    assert_eq!(outcome.value(id), None);
    assert!(failure.pointer().is_some(), "{failure:?}");
    failure
}

#[test]
fn an_absent_optional_input_is_left_out() {
    let inputs = json!({ "name": "Ada", "age": 36, "email": "!ref($.event.email)" });
    let draft = Draft::new().action("1", "make_user", inputs).start("1");
    let outcome = draft.run(json!({}));
    assert_eq!(state(&outcome), json!({ "1": { "name": "Ada", "age": 36, "email": null } }));
    let outcome = draft.run(json!({ "email": null }));
    assert!(outcome.is_completed(), "an optional input takes null, too: {outcome}");
    let outcome = draft.run(json!({ "email": "a@b.c" }));
    assert_eq!(outcome.value("1").expect("it completed")["email"], "a@b.c");
}

#[test]
fn an_absent_required_input_is_a_failure_that_names_the_action_and_the_ref() {
    let draft =
        Draft::new().action("shout", "upper", json!({ "text": "!ref($.event.data.text)" })).start("shout");
    for event in [
        json!({}),
        json!({ "data": {} }),
        json!({ "data": "text" }),
        json!({ "data": ["text"] }),
        Value::Null,
    ] {
        let outcome = draft.run(event.clone());
        let fault = stopped(&outcome, "shout");
        assert_eq!(fault.code(), Code::MayBeAbsent.slug(), "{event}");
        assert_eq!(fault.reference(), Some("!ref($.event.data.text)"));
        assert_eq!(fault.message().split(',').next(), Some("expected `string`"));
        assert_eq!(fault.pointer().unwrap().as_str(), "/actions/0/inputs/text");
        let message = outcome.failure().expect("it failed").to_string();
        for part in ["`shout`", "upper", "!ref($.event.data.text)", "string", "/actions/0/inputs/text"] {
            assert!(message.contains(part), "`{part}` in: {message}");
        }
    }
}

#[test]
fn a_required_input_of_any_type_must_be_there_too() {
    let outcome = Draft::new().echo("1", "!ref($.event.nothing)").start("1").run(json!({}));
    assert_eq!(stopped(&outcome, "1").code(), Code::MayBeAbsent.slug());
    assert_eq!(echoed("!ref($.event.nothing)", json!({ "nothing": null })), Value::Null, "null is there");
}

#[test]
fn an_absent_member_is_dropped_at_any_depth() {
    let value = json!({ "keep": 1, "gone": "!ref($.event.x)", "deep": [{ "gone": "!ref($.event.x)", "y": "!ref($.event.y)" }] });
    assert_eq!(echoed(value, json!({ "y": 2 })), json!({ "keep": 1, "deep": [{ "y": 2 }] }));
    assert_eq!(echoed(json!({ "gone": "!ref($.event.x)" }), json!({})), json!({}));
}

#[test]
fn an_absent_element_of_an_array_is_a_failure() {
    for (value, pointer) in [
        (json!([1, "!ref($.event.x)"]), "/actions/0/inputs/value/1"),
        (json!({ "a": { "b": [[], ["!ref($.event.x)"]] } }), "/actions/0/inputs/value/a/b/1/0"),
    ] {
        let outcome = Draft::new().echo("1", value).start("1").run(json!({}));
        let fault = stopped(&outcome, "1");
        assert_eq!(fault.code(), Code::MayBeAbsent.slug());
        assert_eq!(fault.pointer().unwrap().as_str(), pointer);
        assert_eq!(fault.reference(), Some("!ref($.event.x)"));
    }
}

#[test]
fn a_null_element_or_member_stays() {
    let value = json!(["!ref($.event.x)", { "a": "!ref($.event.x)" }]);
    assert_eq!(echoed(value, json!({ "x": null })), json!([null, { "a": null }]));
}

#[test]
fn an_index_past_either_end_is_absent() {
    let event = || json!({ "list": ["a", "b"] });
    assert_eq!(echoed("!ref($.event.list[-1])", event()), "b");
    assert_eq!(echoed("!ref($.event.list[-2])", event()), "a");
    assert_eq!(echoed("!ref($.event.list.1)", event()), "b", "a member of digits is an element of an array");
    for past in ["[2]", "[-3]", "[9007199254740991]", ".2"] {
        let draft = Draft::new().echo("1", format!("!ref($.event.list{past})")).start("1");
        let outcome = draft.run(event());
        assert_eq!(stopped(&outcome, "1").code(), Code::MayBeAbsent.slug(), "{past}");
    }
}

#[test]
fn digits_are_a_member_of_an_object() {
    assert_eq!(echoed("!ref($.event.1)", json!({ "1": "one" })), "one");
    assert_eq!(echoed("!ref($.event.01)", json!({ "01": "one", "1": "two" })), "one");
    let outcome = Draft::new().echo("1", "!ref($.event[0])").start("1").run(json!({ "0": "zero" }));
    assert_eq!(stopped(&outcome, "1").code(), Code::MayBeAbsent.slug(), "an index is no member's name");
}

#[test]
fn only_own_members_exist() {
    for name in ["length", "constructor", "__proto__", "toString", "hasOwnProperty"] {
        for event in [json!({ "v": [1] }), json!({ "v": "text" }), json!({ "v": {} })] {
            let outcome =
                Draft::new().echo("1", format!("!ref($.event.v.{name})")).start("1").run(event.clone());
            assert_eq!(stopped(&outcome, "1").code(), Code::MayBeAbsent.slug(), "{name} of {event}");
        }
    }
}

#[test]
fn the_output_of_a_skipped_action_is_absent() {
    let draft = Draft::new()
        .echo("a", false)
        .echo("skipped", 1)
        .echo("join", json!({ "from": "!ref($.state.skipped)" }))
        .start("a")
        .when("a", "skipped", "!ref($.output)")
        .edge("a", "join")
        .edge("skipped", "join");
    let outcome = draft.run_with(conformance(), Value::Null);
    assert_eq!(outcome.value("join"), Some(&json!({})));
}

#[test]
fn an_absent_operand_of_a_rule_counts_as_null() {
    let cases = [
        (json!({ "==": ["!ref($.event.x)", null] }), true),
        (json!({ "===": ["!ref($.event.x)", null] }), true),
        (json!({ "!": ["!ref($.event.x)"] }), true),
        (json!({ "!": "!ref($.event.x)" }), true),
        (json!({ "!!": ["!ref($.event.x.y.z)"] }), false),
        (json!({ "in": [null, ["!ref($.event.x)"]] }), true),
    ];
    for (condition, expected) in cases {
        let outcome = Draft::new().rule("1", condition.clone()).start("1").run(json!({}));
        assert_eq!(state(&outcome), json!({ "1": { "result": expected } }), "{condition}");
    }
}

#[test]
fn an_absent_condition_is_a_failure() {
    let outcome = Draft::new().rule("1", json!("!ref($.event.x)")).start("1").run(json!({}));
    let fault = stopped(&outcome, "1");
    assert_eq!(fault.code(), Code::MayBeAbsent.slug());
    assert_eq!(fault.pointer().unwrap().as_str(), "/actions/0/inputs/condition");
    assert_eq!(fault.reference(), Some("!ref($.event.x)"));
}

#[test]
fn an_index_with_a_leading_zero_is_no_element() {
    let outcome =
        Draft::new().echo("1", "!ref($.event.list.01)").start("1").run(json!({ "list": ["a", "b"] }));
    assert_eq!(outcome.failure().map(flowright::Failure::code), Some("may-be-absent"), "{outcome}");
}
