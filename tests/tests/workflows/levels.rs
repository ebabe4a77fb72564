//! How strictly a registry checks: levels by code, and modes.

use crate::draft::{Draft, accepted, calls, codes, engine, refused, run, state};
use flowright::{CheckedWorkflow, Code, Level, Mode, Outcome, Registry, Severity};
use flowright_tests::actions::ACTIONS;
use serde_json::{Value, json};

fn with(code: Code, level: Level) -> Registry {
    Registry::builder().actions(ACTIONS).lint(code, level).build().expect("it is right")
}

fn in_mode(mode: Mode) -> Registry {
    Registry::builder().actions(ACTIONS).mode(mode).build().expect("it is right")
}

fn left(workflow: &CheckedWorkflow) -> Vec<&str> {
    workflow.report().left_to_run_time().iter().map(flowright::Pointer::as_str).collect()
}

/// The run is stopped at a check, before the action is called.
#[track_caller]
fn is_stopped(outcome: &Outcome, code: Code, pointer: &str) {
    let failure = outcome.failure().unwrap_or_else(|| panic!("it completed: {outcome}"));
    assert_eq!((failure.code(), failure.pointer().unwrap().as_str()), (code.slug(), pointer));
    assert!(calls(outcome).is_empty(), "{outcome}");
}

#[test]
fn a_lowered_wrong_type_is_left_to_run_time() {
    let draft = Draft::new().action("1", "add", json!({ "a": "one", "b": 2 })).start("1");
    for (level, severity) in
        [(Level::Warning, Some(Severity::Warning)), (Level::Hint, Some(Severity::Hint)), (Level::Allow, None)]
    {
        let registry = with(Code::WrongType, level);
        let workflow = accepted(registry.check(draft.text()));
        let listed: Vec<_> = workflow.report().iter().map(flowright::Diagnostic::severity).collect();
        assert_eq!(listed, severity.into_iter().collect::<Vec<_>>(), "{level:?}");
        assert_eq!(left(&workflow), ["/actions/0/inputs/a"], "{level:?}: silent ones are listed too");
        is_stopped(&run(&engine(registry), &workflow, Value::Null), Code::WrongType, "/actions/0/inputs/a");
    }
}

#[test]
fn a_lowered_bound_or_format_is_left_to_run_time() {
    let age = Draft::new().action("1", "make_user", json!({ "name": "x", "age": -1 })).start("1");
    let registry = with(Code::OutOfRange, Level::Warning);
    let workflow = accepted(registry.check(age.text()));
    is_stopped(&run(&engine(registry), &workflow, Value::Null), Code::OutOfRange, "/actions/0/inputs/age");
    let to = Draft::new()
        .action("1", "send_email", json!({ "to": "no address", "subject": "", "body": "" }))
        .start("1");
    let registry = with(Code::BadFormat, Level::Warning);
    let workflow = accepted(registry.check(to.text()));
    is_stopped(&run(&engine(registry), &workflow, Value::Null), Code::BadFormat, "/actions/0/inputs/to");
}

#[test]
fn a_lowered_unknown_field_is_left_to_run_time() {
    let draft = Draft::new()
        .action("u", "make_user", json!({ "name": "x", "age": 1 }))
        .action("1", "upper", json!({ "text": "!ref($.state.u.nme)" }))
        .start("u")
        .edge("u", "1");
    let registry = with(Code::UnknownField, Level::Warning);
    let workflow = accepted(registry.check(draft.text()));
    assert_eq!(codes(workflow.report()), [(Code::UnknownField, "/actions/1/inputs/text".to_owned())]);
    assert_eq!(left(&workflow), ["/actions/1/inputs/text"]);
    let outcome = run(&engine(registry), &workflow, Value::Null);
    let failure = outcome.failure().expect("nothing is there");
    assert_eq!((failure.action_id(), failure.code()), ("1", "may-be-absent"));
    assert_eq!(calls(&outcome), ["u"]);
}

#[test]
fn a_lowered_unknown_field_in_text_and_on_edges_does_not_panic() {
    let draft = Draft::new()
        .action("u", "make_user", json!({ "name": "x", "age": 1 }))
        .echo("1", "!ref($.state.u.nme)!")
        .echo("2", 1)
        .start("u")
        .when("u", "2", "!ref($.output.nme)")
        .edge("2", "1");
    let registry = with(Code::UnknownField, Level::Allow);
    let workflow = accepted(registry.check(draft.text()));
    assert!(workflow.report().is_empty(), "{}", workflow.report());
    let outcome = run(&engine(registry), &workflow, Value::Null);
    assert!(outcome.is_completed());
    assert_eq!(calls(&outcome), ["u"]);
}

#[test]
fn a_lowered_unknown_input_is_not_passed_on() {
    let draft = Draft::new().action("1", "upper", json!({ "text": "a", "txt": "b" })).start("1");
    let report = refused(Draft::check(&draft));
    assert_eq!(
        codes(&report),
        [(Code::UnknownInput, "/actions/0/inputs/txt".to_owned())],
        "an error unless lowered"
    );
    let registry = with(Code::UnknownInput, Level::Warning);
    let workflow = accepted(registry.check(draft.text()));
    assert_eq!(codes(workflow.report()), [(Code::UnknownInput, "/actions/0/inputs/txt".to_owned())]);
    assert_eq!(state(&run(&engine(registry), &workflow, Value::Null)), json!({ "1": "A" }));
}

#[test]
fn refs_in_a_lowered_unknown_input_are_checked_still() {
    let draft =
        Draft::new().action("1", "upper", json!({ "text": "a", "txt": "!ref($.state.nope)" })).start("1");
    let report = refused(with(Code::UnknownInput, Level::Allow).check(draft.text()));
    assert_eq!(codes(&report), [(Code::UnknownAction, "/actions/0/inputs/txt".to_owned())]);
}

#[test]
fn a_warning_can_be_made_an_error_and_an_allowed_one_is_gone() {
    let text = json!({ "actions": [], "edges": [], "colour": "red" }).to_string();
    let listed = accepted(Draft::new().check().and_then(|workflow| workflow.registry().check(&*text)));
    assert_eq!(codes(listed.report()), [(Code::UnknownMember, "/colour".to_owned())]);
    refused(with(Code::UnknownMember, Level::Error).check(&*text));
    assert!(accepted(with(Code::UnknownMember, Level::Allow).check(&*text)).report().is_empty());
}

#[test]
fn what_makes_a_document_unrunnable_cannot_be_lowered() {
    for &code in Code::ALL.iter().filter(|code| !code.may_be_lowered()) {
        for level in [Level::Allow, Level::Hint, Level::Warning] {
            let error =
                Registry::builder().lint(code, level).build().expect_err("it makes a document unrunnable");
            assert_eq!(error.faults().len(), 1, "{error}");
            assert!(error.to_string().contains(code.slug()), "{error}");
        }
        assert!(Registry::builder().lint(code, Level::Error).build().is_ok());
    }
}

#[test]
fn the_form_of_a_document_is_no_matter_of_levels() {
    let registry = with(Code::WrongType, Level::Allow);
    for text in [
        r#"{ "actions": [{ "id": 1, "kind": "echo", "inputs": { "value": 1 } }], "edges": [] }"#,
        r#"{ "actions": {}, "edges": [] }"#,
        r#"{ "actions": [3], "edges": [] }"#,
        r#"{ "actions": [{ "id": "1", "kind": "builtin:if", "inputs": { "condition": 3 } }], "edges": [{ "from": "$source", "to": "1" }] }"#,
        r#"{ "actions": [{ "id": "1", "kind": "upper", "inputs": [] }], "edges": [{ "from": "$source", "to": "1" }] }"#,
    ] {
        let report = refused(registry.check(text));
        assert!(report.has_errors(), "{text}");
    }
}

#[test]
fn strict_mode_refuses_what_the_others_leave_to_run_time() {
    let draft = Draft::new().action("1", "upper", json!({ "text": "!ref($.event.text)" })).start("1");
    for mode in [Mode::Default, Mode::Lenient] {
        let workflow = accepted(in_mode(mode).check(draft.text()));
        assert_eq!(left(&workflow), ["/actions/0/inputs/text"], "{mode:?}");
    }
    let report = refused(in_mode(Mode::Strict).check(draft.text()));
    assert_eq!(codes(&report), [(Code::CheckedAtRunTime, "/actions/0/inputs/text".to_owned())]);
    assert_eq!(report.diagnostics()[0].severity(), Severity::Error);
}

#[test]
fn strict_mode_takes_what_is_proven() {
    let draft = Draft::new()
        .action("u", "make_user", json!({ "name": "Ada", "age": 36, "email": "a@b.c" }))
        .action("1", "upper", json!({ "text": "!ref($.state.u.name)" }))
        .echo("2", json!(["!ref($.state.1)", "age !ref($.state.u.age)"]))
        .start("u")
        .edge("u", "1")
        .edge("1", "2");
    let workflow = accepted(in_mode(Mode::Strict).check(draft.text()));
    assert!(workflow.report().is_empty() && left(&workflow).is_empty(), "{}", workflow.report());
}

#[test]
fn a_condition_leaves_nothing_to_run_time() {
    let draft = Draft::new()
        .rule("1", json!({ "==": ["!ref($.event.a)", { "+": ["!ref($.event.b)", 1] }] }))
        .echo("2", 1)
        .start("1")
        .when("1", "2", "!ref($.output.result)")
        .matching("$source", "2", "!ref($.event.x)", json!([1]));
    let workflow = accepted(in_mode(Mode::Strict).check(draft.text()));
    assert!(left(&workflow).is_empty());
}

#[test]
fn whatever_the_mode_a_check_that_fails_stops_the_action() {
    for mode in [Mode::Default, Mode::Lenient] {
        let registry = in_mode(mode);
        let draft = Draft::new().action("1", "upper", json!({ "text": "!ref($.event.text)" })).start("1");
        let workflow = accepted(registry.check(draft.text()));
        let outcome = run(&engine(registry), &workflow, json!({ "text": 7 }));
        is_stopped(&outcome, Code::WrongType, "/actions/0/inputs/text");
    }
}
