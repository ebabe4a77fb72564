//! Which outputs are certainly there: what follows from when actions run.

use crate::draft::{Draft, accepted, codes, refused};
use flowright::{Code, Mode, Registry, Report, Severity};
use flowright_tests::actions::ACTIONS;
use serde_json::{Value, json};

/// In strict mode, so that what is accepted is proven.
fn registry() -> Registry {
    let data = json!({
        "type": "object",
        "properties": {
            "flag": { "type": "boolean" },
            "other": { "type": "boolean" },
            "mode": { "enum": ["on", "off", "auto"] },
            "list": { "type": "array", "items": { "type": "string" } },
            "some": { "type": "array", "items": { "type": "string" }, "minItems": 2 },
            "pair": { "type": "array", "prefixItems": [{ "type": "string" }, { "type": "string" }], "minItems": 1 },
            "open": { "type": "object", "properties": { "a": { "type": "string" } }, "required": ["a"] },
        },
        "required": ["flag", "other", "mode", "list", "some", "pair", "open"],
        "additionalProperties": false,
    });
    in_mode(Mode::Strict, data)
}

fn in_mode(mode: Mode, data: Value) -> Registry {
    let event = json!({ "type": "object", "properties": { "data": data }, "required": ["data"] });
    let builder = Registry::builder().actions(ACTIONS).mode(mode).event_schema("go", event);
    builder.build().expect("it is right")
}

const FLAG: &str = "!ref($.event.data.flag)";
const OTHER: &str = "!ref($.event.data.other)";
const MODE: &str = "!ref($.event.data.mode)";

/// An action `x`, and one named `n` that needs its output.
fn needed() -> Draft {
    Draft::new()
        .action("x", "upper", json!({ "text": "x" }))
        .action("n", "upper", json!({ "text": "!ref($.state.x)" }))
        .echo("p", 1)
        .echo("q", 1)
        .echo("r", 1)
}

#[track_caller]
fn is_present(draft: &Draft) {
    accepted(registry().check(draft.text()));
}

/// The only error: `x` may have been skipped where `n` runs.
#[track_caller]
fn may_be_skipped(draft: &Draft) -> Report {
    let report = refused(registry().check(draft.text()));
    let errors: Vec<_> = report.iter().filter(|found| found.severity() == Severity::Error).collect();
    assert_eq!(errors.len(), 1, "{report}");
    assert_eq!(errors[0].code(), Code::MayBeSkipped, "{report}");
    assert_eq!(errors[0].pointer().as_str(), "/actions/1/inputs/text", "{report}");
    report
}

#[test]
fn two_branches_without_conditions_are_both_there_where_they_join() {
    is_present(&needed().start("x").start("p").start("q").start("r").edge("x", "n").edge("p", "n"));
}

#[test]
fn what_an_if_and_its_else_join_in_ran_whenever_their_start_did() {
    let draft = needed().start("p").when("p", "q", FLAG).otherwise("p", "r", FLAG);
    is_present(&draft.edge("q", "x").edge("r", "x").edge("p", "n").edge("x", "n"));
}

#[test]
fn an_if_without_its_else_may_skip_what_is_behind_it() {
    let draft = needed().start("p").start("r").when("p", "q", FLAG).edge("q", "x");
    may_be_skipped(&draft.edge("p", "n").edge("x", "n"));
}

#[test]
fn an_if_and_an_else_on_different_refs_do_not_complete_each_other() {
    let draft = needed().start("p").when("p", "q", FLAG).otherwise("p", "r", OTHER);
    may_be_skipped(&draft.edge("q", "x").edge("r", "x").edge("p", "n").edge("x", "n"));
}

#[test]
fn the_same_condition_tested_twice_holds_twice() {
    let draft = needed().start("p").start("q").start("r");
    is_present(&draft.when("p", "x", FLAG).when("q", "n", FLAG).edge("x", "n"));
    let draft = needed().start("p").start("q").start("r");
    may_be_skipped(&draft.when("p", "x", FLAG).when("q", "n", OTHER).edge("x", "n"));
}

#[test]
fn matches_of_all_values_of_an_enum_complete_each_other() {
    let matches = |values: &[&str]| {
        let draft = needed().start("p").start("q").start("r").edge("p", "n").edge("x", "n");
        values.iter().fold(draft, |draft, value| draft.matching("p", "x", MODE, *value))
    };
    is_present(&matches(&["on", "off", "auto"]));
    may_be_skipped(&matches(&["on", "off"]));
}

#[test]
fn matches_of_different_values_exclude_each_other() {
    let draft = needed().start("p").start("q").start("r");
    may_be_skipped(&draft.matching("p", "x", MODE, "on").matching("p", "n", MODE, "off").edge("x", "n"));
    let draft = needed().start("p").start("q").start("r");
    is_present(&draft.matching("p", "x", MODE, "on").matching("q", "n", MODE, "on").edge("x", "n"));
}

#[test]
fn a_message_names_the_edge_that_can_skip_the_action() {
    let draft = needed().start("p").start("q").start("r").when("p", "x", FLAG).edge("p", "n").edge("x", "n");
    let report = may_be_skipped(&draft);
    let error = report.iter().find(|found| found.code() == Code::MayBeSkipped).expect("it is listed");
    assert!(
        error.related().iter().any(|related| related.pointer().as_str().starts_with("/edges/3")),
        "{report}"
    );
}

#[test]
fn what_is_no_ancestor_does_not_run_before() {
    let draft = needed().start("x").start("n").start("p").start("q").start("r");
    let report = refused(registry().check(draft.text()));
    assert_eq!(codes(&report), [(Code::NotUpstream, "/actions/1/inputs/text".to_owned())]);
}

#[test]
fn a_constant_condition_is_a_hint_and_makes_nothing_unreachable() {
    let draft = Draft::new().echo("1", 1).otherwise("$source", "1", "!ref($.event.data)");
    let workflow = accepted(registry().check(draft.text()));
    let listed: Vec<_> = workflow.report().iter().map(|found| (found.code(), found.severity())).collect();
    assert!(
        !listed.is_empty() && listed.iter().all(|found| *found == (Code::ConstantCondition, Severity::Hint)),
        "{}",
        workflow.report()
    );
}

#[test]
fn an_element_is_there_always_where_the_length_says_so() {
    for (reference, refusal) in [
        ("!ref($.event.data.some[0])", None),
        ("!ref($.event.data.some[1])", None),
        ("!ref($.event.data.some[-2])", None),
        ("!ref($.event.data.some[2])", Some(Code::MayBeAbsent)),
        ("!ref($.event.data.list[0])", Some(Code::MayBeAbsent)),
        ("!ref($.event.data.pair[0])", None),
        ("!ref($.event.data.pair[1])", Some(Code::MayBeAbsent)),
    ] {
        let draft = Draft::new().action("1", "upper", json!({ "text": reference })).start("1");
        match (registry().check(draft.text()), refusal) {
            (Ok(_), None) => {}
            (checked, Some(code)) => {
                let report = refused(checked);
                assert_eq!(codes(&report), [(code, "/actions/0/inputs/text".to_owned())], "{report}");
            }
            (Err(report), None) => panic!("{reference}: {report}"),
        }
    }
}

#[test]
fn an_unnamed_member_of_an_open_object_may_be_anything() {
    let draft = Draft::new().action("1", "upper", json!({ "text": "!ref($.event.data.b)" })).start("1");
    let open = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    let workflow = accepted(in_mode(Mode::Default, open.clone()).check(draft.text()));
    assert!(workflow.report().is_empty(), "{}", workflow.report());
    let left: Vec<_> = workflow.report().left_to_run_time().iter().map(ToString::to_string).collect();
    assert_eq!(left, ["/actions/0/inputs/text"]);
    let mut closed = open;
    closed["additionalProperties"] = false.into();
    let report = refused(in_mode(Mode::Default, closed).check(draft.text()));
    assert_eq!(codes(&report), [(Code::UnknownField, "/actions/0/inputs/text".to_owned())]);
}
