//! How much there may be of each thing, unless it is set, and when it is.

use crate::draft::{Draft, accepted, calls, codes, engine, refused, run};
use crate::runtime;
use flowright::{CheckedWorkflow, Code, Failure, Limits, Registry, Report};
use flowright_tests::actions::ACTIONS;
use serde_json::{Value, json};

const MIB: usize = 1024 * 1024;

fn within(limits: Limits) -> Registry {
    Registry::builder().actions(ACTIONS).limits(limits).build().expect("it is right")
}

fn by_default() -> Registry {
    within(Limits::default())
}

fn check(limits: Limits, text: &str) -> Result<CheckedWorkflow, Report> {
    within(limits).check(text)
}

/// One `limit` at this place, and nothing else.
#[track_caller]
fn is_limit(checked: Result<CheckedWorkflow, Report>, pointer: &str) {
    assert_eq!(codes(&refused(checked)), [(Code::Limit, pointer.to_owned())]);
}

fn code(draft: &Draft, limits: Limits, event: Value) -> Option<&'static str> {
    draft.run_with(within(limits), event).failure().map(Failure::code)
}

fn text(bytes: usize) -> Value {
    Value::String("x".repeat(bytes))
}

#[test]
fn a_document_has_four_mebibytes_at_most() {
    let padded = |bytes: usize| {
        let text = Draft::new().text();
        " ".repeat(bytes - text.len()) + &text
    };
    assert!(check(Limits::default(), &padded(4 * MIB)).is_ok());
    is_limit(check(Limits::default(), &padded(4 * MIB + 1)), "");
    assert!(check(Limits::default().document_bytes(5 * MIB), &padded(5 * MIB)).is_ok());
    is_limit(check(Limits::default().document_bytes(100), &padded(101)), "");
}

fn of_actions(count: usize) -> String {
    let ids: Vec<String> = (0..count).map(|id| id.to_string()).collect();
    let draft = ids.iter().fold(Draft::new(), |draft, id| draft.echo(id, 1));
    ids.iter().fold(draft, |draft, id| draft.start(id)).text()
}

#[test]
fn a_document_has_ten_thousand_actions_at_most() {
    assert!(check(Limits::default(), &of_actions(10_000)).is_ok());
    is_limit(check(Limits::default(), &of_actions(10_001)), "/actions");
    assert!(check(Limits::default().actions(10_001), &of_actions(10_001)).is_ok());
    is_limit(check(Limits::default().actions(2), &of_actions(3)), "/actions");
}

/// A document with so many edges from the start or between actions.
fn of_edges(count: usize) -> String {
    let ids: Vec<String> = (0..320).map(|id| id.to_string()).collect();
    let draft = ids.iter().fold(Draft::new(), |draft, id| draft.echo(id, 1));
    let draft = ids.iter().fold(draft, |draft, id| draft.start(id));
    let pairs = (0..ids.len()).flat_map(|to| (0..to).map(move |from| (from, to)));
    let pairs = pairs.take(count - ids.len());
    pairs.fold(draft, |draft, (from, to)| draft.edge(&ids[from], &ids[to])).text()
}

#[test]
fn a_document_has_fifty_thousand_edges_at_most() {
    assert!(check(Limits::default(), &of_edges(50_000)).is_ok());
    is_limit(check(Limits::default(), &of_edges(50_001)), "/edges");
    assert!(check(Limits::default().edges(50_001), &of_edges(50_001)).is_ok());
    is_limit(check(Limits::default().edges(400), &of_edges(401)), "/edges");
}

#[test]
fn arrays_and_objects_stand_inside_each_other_sixty_four_times_at_most() {
    // The document, its actions, the action and its inputs are four.
    let deep = |depth: usize| {
        Draft::new().echo("1", (0..depth - 4).fold(json!(1), |inner, _| json!([inner]))).start("1").text()
    };
    assert!(check(Limits::default(), &deep(64)).is_ok());
    is_limit(check(Limits::default(), &deep(65)), "");
    assert!(check(Limits::default().nesting(65), &deep(65)).is_ok());
    is_limit(check(Limits::default().nesting(5), &deep(6)), "");
}

#[test]
fn a_ref_has_sixty_four_segments_at_most() {
    let long = |segments: usize| {
        Draft::new().echo("1", format!("!ref($.event{})", ".a".repeat(segments - 1))).start("1").text()
    };
    let here = "/actions/0/inputs/value";
    assert!(check(Limits::default(), &long(64)).is_ok());
    is_limit(check(Limits::default(), &long(65)), here);
    assert!(check(Limits::default().path_segments(65), &long(65)).is_ok());
    is_limit(check(Limits::default().path_segments(2), &long(3)), here);
}

#[test]
fn the_inputs_of_an_action_have_eight_mebibytes_at_most() {
    // A text is as large as its letters and quotes.
    let draft = Draft::new().echo("1", "!ref($.event)").start("1");
    assert_eq!(code(&draft, Limits::default(), text(8 * MIB - 2)), None);
    assert_eq!(code(&draft, Limits::default(), text(8 * MIB - 1)), Some("limit"));
    assert_eq!(code(&draft, Limits::default().input_bytes(9 * MIB), text(9 * MIB - 2)), None);
    assert_eq!(code(&draft, Limits::default().input_bytes(10), text(9)), Some("limit"));
}

#[test]
fn inputs_are_counted_whatever_the_refs_stand_in() {
    let limits = || Limits::default().input_bytes(50);
    let (long, letters) = ("x".repeat(45), "x".repeat(50));
    for (value, text) in [
        (json!(["!ref($.event)", 1]), &*long),
        (json!({ "a": "!ref($.event)" }), &long),
        (json!("to !ref($.event)!"), &long),
        (json!([&letters, "!ref($.event)"]), "x"),
        (json!({ &letters: "!ref($.event)" }), "x"),
        (json!(format!("{letters}!ref($.event)")), "x"),
    ] {
        let draft = Draft::new().echo("0", 0).echo("1", value.clone()).start("0").start("1");
        let outcome = draft.run_with(within(limits()), json!(text));
        let failure = outcome.failure().unwrap_or_else(|| panic!("{value}: {outcome}"));
        assert_eq!((failure.code(), failure.action_id()), ("limit", "1"), "{value}");
        assert_eq!(failure.pointer().map(ToString::to_string).as_deref(), Some("/actions/1/inputs"));
        assert_eq!(calls(&outcome), ["0"], "{value}");
    }
}

#[test]
fn how_large_inputs_are_does_not_depend_on_what_is_not_in_them() {
    let draft = Draft::new().echo("1", json!(["x".repeat(300), "!ref($.event.short)"])).start("1");
    for beside in ["", &"x".repeat(1_000)] {
        let event = || json!({ "short": "x", "beside": beside });
        assert_eq!(code(&draft, Limits::default().input_bytes(400), event()), None);
        assert_eq!(code(&draft, Limits::default().input_bytes(300), event()), Some("limit"));
    }
}

#[test]
fn the_state_of_a_run_has_sixty_four_mebibytes_at_most() {
    let most = runtime::LARGEST.map_or(64 * MIB, |largest| largest.min(64 * MIB));
    let limits = Limits::default();
    let limits = if most == 64 * MIB { limits } else { limits.state_bytes(most) };
    // The event and the output, which is a number and counted as eight bytes.
    let draft = Draft::new().echo("1", 1).start("1");
    assert_eq!(code(&draft, limits.clone(), text(most - 10)), None);
    assert_eq!(code(&draft, limits, text(most - 9)), Some("limit"));
    assert_eq!(code(&draft, Limits::default().state_bytes(most + MIB), text(most)), None);
    assert_eq!(code(&draft, Limits::default().state_bytes(17), text(8)), Some("limit"));
    let workflow = accepted(by_default().check(Draft::new().text()));
    let engine = engine(workflow.registry().clone());
    if runtime::LARGEST.is_none() {
        assert!(run(&engine, &workflow, text(64 * MIB - 2)).is_completed());
    }
    assert_eq!(workflow.admits(&text(64 * MIB - 1).into()).unwrap_err().code(), "limit");
    let refused = runtime::turned_away(&engine, &workflow, text(64 * MIB - 1).into());
    assert!(refused.contains("64 MiB"), "{refused}");
}

#[test]
fn operators_stand_inside_each_other_sixty_four_times_at_most() {
    let deep = |depth: usize| {
        let rule = (0..depth).fold(json!("!ref($.event)"), |inner, _| json!({ "!": inner }));
        Draft::new().rule("1", rule).start("1").text()
    };
    let nesting = Limits::default().nesting(100);
    assert!(check(nesting.clone(), &deep(64)).is_ok());
    assert!(refused(check(nesting.clone(), &deep(65))).iter().all(|found| found.code() == Code::Limit));
    assert!(check(nesting.clone().rule_depth(65), &deep(65)).is_ok());
    assert!(refused(check(nesting.rule_depth(2), &deep(3))).iter().all(|found| found.code() == Code::Limit));
}

#[test]
fn a_rule_takes_a_hundred_thousand_steps_at_most() {
    // `and`, and each of what it joins.
    let of_steps = |steps: usize| {
        let joined = std::iter::once(json!("!ref($.event)")).chain((2..steps).map(|_| json!(true)));
        Draft::new().rule("1", json!({ "and": joined.collect::<Vec<_>>() })).start("1")
    };
    assert_eq!(code(&of_steps(100_000), Limits::default(), json!(true)), None);
    assert_eq!(code(&of_steps(100_001), Limits::default(), json!(true)), Some("limit"));
    assert_eq!(code(&of_steps(100_001), Limits::default().rule_steps(100_001), json!(true)), None);
    assert_eq!(code(&of_steps(5), Limits::default().rule_steps(4), json!(true)), Some("limit"));
}
