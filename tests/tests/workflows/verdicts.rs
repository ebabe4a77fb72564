//! What the checker makes of each of the answers to whether one type fits another, in its default mode.

use crate::draft::{Draft, accepted, calls, codes, engine, refused, run};
use flowright::{ActionDefinition, Code, Registry, Severity};
use serde_json::{Value, json};

/// A value of one type into an input of another.
fn check(found: Value, expected: Value) -> Result<flowright::CheckedWorkflow, flowright::Report> {
    let event = json!({ "type": "object", "properties": { "data": found }, "required": ["data"] });
    let takes = ActionDefinition::builder("takes")
        .input_schema("value", expected, true)
        .handler(|call| call.inputs());
    let registry =
        Registry::builder().event_schema("go", event).action(takes.build()).build().expect("it is right");
    registry
        .check(Draft::new().action("1", "takes", json!({ "value": "!ref($.event.data)" })).start("1").text())
}

#[track_caller]
fn left(found: Value, expected: Value) -> (Vec<(Code, Severity)>, usize) {
    let workflow = accepted(check(found, expected));
    let listed = workflow.report().iter().map(|found| (found.code(), found.severity())).collect();
    (listed, workflow.report().left_to_run_time().len())
}

fn of(ty: &str) -> Value {
    json!({ "type": ty })
}

fn format(ty: &str, format: &str) -> Value {
    json!({ "type": ty, "format": format })
}

#[test]
fn what_fits_is_silent_and_not_checked_again() {
    for (found, expected) in [
        (of("string"), of("string")),
        (format("string", "email"), of("string")),
        (of("integer"), of("number")),
        (format("number", "double"), of("number")),
        (of("number"), format("number", "double")),
        (of("string"), format("string", "nobody-knows-this")),
        (format("integer", "uint32"), format("integer", "int64")),
        (json!({}), json!({})),
        (of("string"), json!({})),
        (json!({ "const": 30.0 }), of("integer")),
    ] {
        assert_eq!(left(found.clone(), expected.clone()), (vec![], 0), "{found} into {expected}");
    }
}

#[test]
fn a_refinement_that_does_not_follow_is_a_hint_and_checked() {
    for (found, expected) in [
        (of("string"), format("string", "email")),
        (of("integer"), json!({ "type": "integer", "minimum": 0 })),
        (format("integer", "uint64"), format("integer", "uint32")),
        (format("integer", "int64"), format("integer", "int32")),
        (of("string"), json!({ "type": "string", "pattern": "^a" })),
        (of("array"), json!({ "type": "array", "minItems": 1 })),
    ] {
        let hint = vec![(Code::CheckedAtRunTime, Severity::Hint)];
        assert_eq!(left(found.clone(), expected.clone()), (hint, 1), "{found} into {expected}");
    }
}

#[test]
fn a_shape_that_some_values_have_not_is_an_error() {
    for (found, expected, code) in [
        (of("number"), of("integer"), Code::MayNotFit),
        (json!({ "type": ["string", "null"] }), of("string"), Code::MayBeNull),
        (json!({ "type": ["string", "boolean"] }), of("string"), Code::MayNotFit),
        (of("string"), json!({ "enum": ["on", "off"] }), Code::MayNotFit),
        (of("string"), of("integer"), Code::NeverFits),
        (json!({ "const": 1.5 }), of("integer"), Code::NeverFits),
    ] {
        let report = refused(check(found.clone(), expected.clone()));
        assert_eq!(
            codes(&report),
            [(code, "/actions/0/inputs/value".to_owned())],
            "{found} into {expected}: {report}"
        );
    }
}

#[test]
fn what_is_untyped_is_checked_without_a_word() {
    for expected in [of("string"), of("integer"), of("object")] {
        assert_eq!(left(json!({}), expected.clone()), (vec![], 1), "{expected}");
    }
}

/// Objects with one of two members, so many times over that nobody tells all the ways apart.
fn choices(count: usize, name: &str) -> Value {
    let member = |name: String| json!({ "properties": { &name: { "type": "string" } }, "required": [name] });
    let choice =
        |at: usize| json!({ "anyOf": [member(format!("{name}{at}")), member(format!("other{at}"))] });
    json!({ "type": "object", "allOf": (0..count).map(choice).collect::<Vec<_>>() })
}

#[test]
fn what_is_undecided_is_checked_without_a_word() {
    for (found, expected) in [
        (
            json!({ "type": "string", "not": format("string", "email") }),
            json!({ "type": "string", "not": format("string", "uri") }),
        ),
        (
            json!({ "type": "string", "pattern": "^(?=a)b*" }),
            json!({ "type": "string", "pattern": "^(?=a)b" }),
        ),
        (choices(20, "a"), choices(20, "b")),
    ] {
        assert_eq!(left(found.clone(), expected.clone()), (vec![], 1), "{found} into {expected}");
    }
}

#[test]
fn what_is_undecided_stops_the_action_where_it_is_wrong() {
    let (found, expected) =
        (json!({ "type": "string", "not": format("string", "email") }), format("string", "uri"));
    let workflow = accepted(check(found, json!({ "type": "string", "not": expected })));
    let engine = engine(workflow.registry().clone());
    assert!(run(&engine, &workflow, json!({ "data": "tea" })).is_completed());
    let outcome = run(&engine, &workflow, json!({ "data": "https://example.org/" }));
    let failure = outcome.failure().expect("it is a URI");
    assert_eq!(failure.reference(), Some("!ref($.event.data)"));
    assert!(calls(&outcome).is_empty());
}

#[test]
fn one_mistake_is_one_message() {
    let registry = Registry::builder().build().expect("it is right");
    let unknown = Draft::new()
        .action("1", "nobody-knows-this", json!({ "value": "!ref($.state.nowhere.a)" }))
        .rule("2", json!({ "!!": ["!ref($.state.1.a.b)"] }))
        .start("1")
        .when("1", "2", "!ref($.output.c)");
    let report = refused(registry.check(unknown.text()));
    let listed: Vec<Code> = report.iter().map(flowright::Diagnostic::code).collect();
    assert_eq!(listed, [Code::UnknownAction, Code::UnknownKind], "{report}");
}

#[test]
fn what_a_cycle_makes_unreachable_is_not_reported_again() {
    let registry = Registry::builder().build().expect("it is right");
    let rule = |draft: Draft, id: &str| draft.rule(id, json!(true));
    let draft = ["1", "2", "3", "4"].into_iter().fold(Draft::new(), rule).start("1");
    let report = refused(registry.check(draft.clone().edge("2", "3").edge("3", "2").edge("3", "4").text()));
    assert_eq!(codes(&report).iter().map(|found| found.0).collect::<Vec<_>>(), [Code::Cycle], "{report}");
    assert!(report.diagnostics()[0].pointer().as_str().starts_with("/edges"), "{report}");
    let without = Draft::new().rule("1", json!(true)).rule("2", json!(true)).edge("1", "2");
    let report = refused(registry.check(without.text()));
    assert_eq!(codes(&report).iter().map(|found| found.0).collect::<Vec<_>>(), [Code::NoStart], "{report}");
}
