//! When an action starts, is skipped, and in what order.

use crate::draft::{Draft, accepted, calls, conformance, engine, run, state};
use flowright::ActionStatus;
use serde_json::{Value, json};

#[test]
fn a_join_waits_for_every_branch_and_runs_once() {
    let draft = Draft::new()
        .echo("join", "!ref($.state.long2)")
        .echo("short", 1)
        .echo("long1", 2)
        .echo("long2", "!ref($.state.long1)")
        .start("short")
        .start("long1")
        .edge("short", "join")
        .edge("long1", "long2")
        .edge("long2", "join");
    let outcome = draft.run(Value::Null);
    assert_eq!(calls(&outcome), ["short", "long1", "long2", "join"]);
    assert_eq!(outcome.value("join"), Some(&json!(2)));
}

#[test]
fn a_diamond_runs_each_action_once() {
    let draft = Draft::new()
        .echo("top", 1)
        .echo("left", "!ref($.state.top)")
        .echo("right", "!ref($.state.top)")
        .echo("bottom", json!(["!ref($.state.left)", "!ref($.state.right)"]))
        .start("top")
        .edge("top", "left")
        .edge("top", "right")
        .edge("left", "bottom")
        .edge("right", "bottom");
    let outcome = draft.run(Value::Null);
    assert_eq!(calls(&outcome), ["top", "left", "right", "bottom"]);
    assert_eq!(outcome.value("bottom"), Some(&json!([1, 1])));
}

/// `a` → join on `flag`, `b` → join on `flag` being false.
fn either(first: bool) -> Draft {
    let draft = Draft::new().echo("a", 1).echo("b", 2).echo("join", "here").start("a").start("b");
    let when = |draft: Draft, from: &str| draft.when(from, "join", "!ref($.event.flag)");
    let otherwise = |draft: Draft, from: &str| draft.otherwise(from, "join", "!ref($.event.flag)");
    if first { otherwise(when(draft, "a"), "b") } else { when(otherwise(draft, "a"), "b") }
}

#[test]
fn one_taken_edge_is_enough_whichever_it_is() {
    for first in [true, false] {
        for flag in [true, false] {
            let outcome = either(first).run(json!({ "flag": flag }));
            assert_eq!(calls(&outcome), ["a", "b", "join"], "first {first}, flag {flag}");
        }
    }
}

#[test]
fn a_join_whose_edges_are_all_false_is_skipped() {
    let draft = Draft::new()
        .echo("a", 0)
        .echo("b", "")
        .echo("join", 1)
        .start("a")
        .start("b")
        .when("a", "join", "!ref($.output)")
        .when("b", "join", "!ref($.output)");
    let outcome = draft.run(Value::Null);
    assert!(outcome.is_completed());
    assert_eq!(outcome.action("join"), Some(ActionStatus::Skipped));
    assert_eq!(state(&outcome), json!({ "a": 0, "b": "" }));
}

#[test]
fn what_hangs_below_a_skipped_action_is_skipped_too() {
    let draft = Draft::new()
        .echo("a", false)
        .echo("b", 1)
        .echo("c", 2)
        .echo("d", 3)
        .start("a")
        .when("a", "b", "!ref($.output)")
        .edge("b", "c")
        .edge("c", "d");
    let outcome = draft.run(Value::Null);
    assert_eq!(calls(&outcome), ["a"]);
    for id in ["b", "c", "d"] {
        assert_eq!(outcome.action(id), Some(ActionStatus::Skipped), "{id}");
        assert_eq!(outcome.value(id), None, "{id}");
    }
}

#[test]
fn an_edge_from_a_skipped_action_is_not_taken_even_where_its_condition_would_hold() {
    let draft = Draft::new()
        .echo("a", false)
        .echo("b", 1)
        .echo("c", 2)
        .echo("d", 3)
        .start("a")
        .when("a", "b", "!ref($.output)")
        .otherwise("b", "c", "!ref($.output)")
        .when("b", "d", "!ref($.event.yes)");
    let outcome = draft.run(json!({ "yes": true }));
    assert_eq!(calls(&outcome), ["a"]);
}

#[test]
fn a_join_below_a_skipped_and_a_completed_action_runs() {
    let draft = Draft::new()
        .echo("a", false)
        .echo("skipped", 1)
        .echo("runs", 2)
        .echo("join", "here")
        .start("a")
        .when("a", "skipped", "!ref($.output)")
        .otherwise("a", "runs", "!ref($.output)")
        .edge("skipped", "join")
        .edge("runs", "join");
    let outcome = draft.run(Value::Null);
    assert_eq!(calls(&outcome), ["a", "runs", "join"]);
}

#[test]
fn a_join_with_the_start_runs_although_its_other_branch_is_skipped() {
    let draft = Draft::new()
        .echo("a", false)
        .echo("b", 1)
        .echo("join", 2)
        .start("a")
        .start("join")
        .when("a", "b", "!ref($.output)")
        .edge("b", "join");
    let outcome = draft.run(Value::Null);
    assert_eq!(calls(&outcome), ["a", "join"], "and not before `b` is decided");
}

#[test]
fn a_join_with_the_start_waits_for_its_other_branch() {
    let draft =
        Draft::new().echo("join", "!ref($.state.b)").echo("b", 1).start("b").start("join").edge("b", "join");
    let outcome = draft.run(Value::Null);
    assert_eq!(calls(&outcome), ["b", "join"]);
    assert_eq!(outcome.value("join"), Some(&json!(1)));
}

#[test]
fn an_edge_from_the_start_may_test_the_event() {
    let draft = Draft::new()
        .echo("paid", 1)
        .echo("free", 2)
        .when("$source", "paid", "!ref($.event.data.price)")
        .otherwise("$source", "free", "!ref($.event.data.price)");
    assert_eq!(calls(&draft.run(json!({ "data": { "price": 3 } }))), ["paid"]);
    assert_eq!(calls(&draft.run(json!({ "data": { "price": 0 } }))), ["free"]);
    assert_eq!(calls(&draft.run(json!({ "data": {} }))), ["free"]);
    assert_eq!(calls(&draft.run(Value::Null)), ["free"]);
}

#[test]
fn a_workflow_whose_start_edges_are_all_false_completes_with_nothing_done() {
    let draft = Draft::new().echo("a", 1).when("$source", "a", "!ref($.event.go)");
    let outcome = draft.run(json!({}));
    assert!(outcome.is_completed());
    assert_eq!(state(&outcome), json!({}));
    assert!(calls(&outcome).is_empty());
}

#[test]
fn several_edges_between_one_pair_with_different_conditions_run_the_action_once() {
    let draft = Draft::new()
        .echo("a", "!ref($.event.status)")
        .echo("b", 1)
        .start("a")
        .matching("a", "b", "!ref($.output)", "new")
        .matching("a", "b", "!ref($.output)", "open")
        .when("a", "b", "!ref($.event.always)");
    assert_eq!(calls(&draft.run(json!({ "status": "new", "always": true }))), ["a", "b"], "two are taken");
    assert_eq!(calls(&draft.run(json!({ "status": "open" }))), ["a", "b"]);
    assert_eq!(calls(&draft.run(json!({ "status": "done" }))), ["a"]);
}

#[test]
fn edges_take_javascripts_truth() {
    let draft = Draft::new()
        .echo("yes", 1)
        .echo("no", 2)
        .when("$source", "yes", "!ref($.event.value)")
        .otherwise("$source", "no", "!ref($.event.value)");
    let truthy = [
        json!(true),
        json!(1),
        json!(-1),
        json!(0.1),
        json!(5e-324),
        json!("0"),
        json!("false"),
        json!(" "),
        json!([]),
        json!([0]),
        json!({}),
    ];
    for value in truthy {
        assert_eq!(calls(&draft.run(json!({ "value": value }))), ["yes"], "{value}");
    }
    for value in [json!(false), json!(null), json!(0), json!(0.0), json!(-0.0), json!("")] {
        assert_eq!(calls(&draft.run(json!({ "value": value }))), ["no"], "{value}");
    }
    assert_eq!(calls(&draft.run(json!({}))), ["no"], "absent");
    assert_eq!(calls(&draft.run(json!("text"))), ["no"], "absent in text");
}

#[test]
fn match_is_deep_json_equality() {
    let cases = [
        (json!(1), json!(1.0), true),
        (json!(1.0), json!(1), true),
        (json!(0), json!(-0.0), true),
        (json!(1), json!("1"), false),
        (json!("1"), json!(1), false),
        (json!(1), json!(true), false),
        (json!(0), json!(false), false),
        (json!(null), json!(null), true),
        (json!(null), json!(false), false),
        (json!(""), json!(null), false),
        (json!({ "a": 1, "b": 2 }), json!({ "b": 2.0, "a": 1 }), true),
        (json!({ "a": 1 }), json!({ "a": 1, "b": null }), false),
        (json!([1, 2]), json!([1.0, 2]), true),
        (json!([1, 2]), json!([2, 1]), false),
        (json!([]), json!({}), false),
        (json!([[{ "x": [1] }]]), json!([[{ "x": [1.0] }]]), true),
        (json!(9_007_199_254_740_993_i64), json!(9_007_199_254_740_992_i64), false),
        (json!(1e300), json!(1e300), true),
        (json!("É"), json!("E\u{301}"), false),
    ];
    for (wanted, value, equal) in cases {
        let draft = Draft::new().echo("a", 1).matching("$source", "a", "!ref($.event.value)", wanted.clone());
        let outcome = draft.run(json!({ "value": value }));
        assert_eq!(calls(&outcome).len(), usize::from(equal), "{value} matches {wanted}");
    }
}

#[test]
fn an_absent_value_matches_nothing_not_even_null() {
    let draft = Draft::new().echo("a", 1).matching("$source", "a", "!ref($.event.value)", Value::Null);
    assert!(calls(&draft.run(json!({}))).is_empty());
    assert_eq!(calls(&draft.run(json!({ "value": null }))), ["a"]);
}

#[test]
fn the_value_of_a_match_is_data_even_where_it_looks_like_a_ref() {
    let draft =
        Draft::new().echo("a", 1).matching("$source", "a", "!ref($.event.value)", "!ref($.event.other)");
    assert_eq!(calls(&draft.run(json!({ "value": "!ref($.event.other)", "other": 1 }))), ["a"]);
    assert!(calls(&draft.run(json!({ "value": 1, "other": 1 }))).is_empty());
}

#[test]
fn output_on_an_edge_is_the_state_of_where_the_edge_begins() {
    let draft = Draft::new()
        .echo("a", json!({ "go": true }))
        .echo("b", json!({ "go": false }))
        .echo("by_output", 1)
        .echo("by_state", 2)
        .echo("by_ancestor", 3)
        .start("a")
        .edge("a", "b")
        .when("b", "by_output", "!ref($.output.go)")
        .when("b", "by_state", "!ref($.state.b.go)")
        .when("b", "by_ancestor", "!ref($.state.a.go)");
    assert_eq!(calls(&draft.run(Value::Null)), ["a", "b", "by_ancestor"]);
}

#[test]
fn an_edge_may_test_an_ancestor_that_was_skipped_and_that_is_false() {
    let draft = Draft::new()
        .echo("a", false)
        .echo("skipped", true)
        .echo("join", 1)
        .echo("yes", 2)
        .echo("no", 3)
        .start("a")
        .start("join")
        .when("a", "skipped", "!ref($.output)")
        .edge("skipped", "join")
        .when("join", "yes", "!ref($.state.skipped)")
        .otherwise("join", "no", "!ref($.state.skipped)");
    assert_eq!(calls(&draft.run(Value::Null)), ["a", "join", "no"]);
}

#[test]
fn ready_actions_start_in_document_order() {
    let draft = Draft::new()
        .echo("z", 1)
        .echo("10", 2)
        .echo("a", 3)
        .echo("9", 4)
        .start("9")
        .start("a")
        .start("z")
        .start("10");
    assert_eq!(calls(&draft.run(Value::Null)), ["z", "10", "a", "9"]);
}

#[test]
fn what_is_ready_together_starts_together() {
    let draft = Draft::new()
        .echo("child", 1)
        .echo("first", 2)
        .echo("second", 3)
        .start("first")
        .start("second")
        .edge("first", "child");
    assert_eq!(calls(&draft.run(Value::Null)), ["first", "second", "child"]);
}

#[test]
fn the_order_of_edges_changes_nothing() {
    let draft = Draft::new()
        .echo("join", json!(["!ref($.state.a)", "!ref($.event.n)"]))
        .echo("a", "!ref($.event.n)")
        .echo("b", "!ref($.state.a)")
        .echo("c", 1)
        .start("a")
        .start("c")
        .when("a", "b", "!ref($.output)")
        .edge("b", "join")
        .edge("c", "join")
        .edge("a", "join");
    let event = json!({ "n": 7 });
    let first = draft.run(event.clone());
    let edges = 6;
    for turn in 0..edges {
        let draft = draft.clone().shuffled(|edges| {
            edges.rotate_left(turn);
            edges.swap(0, turn);
        });
        let outcome = draft.run(event.clone());
        assert_eq!(state(&outcome), state(&first), "{}", draft.text());
        assert_eq!(calls(&outcome), calls(&first), "{}", draft.text());
    }
}

#[test]
fn a_checked_workflow_runs_any_number_of_times() {
    let registry = conformance();
    let draft =
        Draft::new().echo("a", "!ref($.event.n)").echo("b", 1).start("a").when("a", "b", "!ref($.output)");
    let workflow = accepted(registry.check(draft.text()));
    let engine = engine(registry);
    let first = run(&engine, &workflow, json!({ "n": 1 }));
    assert_eq!(
        state(&run(&engine, &workflow, json!({ "n": 0 }))),
        json!({ "a": 0 }),
        "nothing is left of the first"
    );
    let again = run(&engine, &workflow, json!({ "n": 1 }));
    assert_eq!(state(&again), state(&first));
    assert_eq!(calls(&again), calls(&first));
}

#[test]
fn a_document_is_the_same_bytes_after_it_was_checked_and_run() {
    let text = "{\n\t\"edges\": [ {\"to\":\"1\",\"from\":\"$source\"} ], \"extra\": 1.50,\n \"actions\": \
                [{\"kind\":\"echo\",\"id\":\"1\",\"position\":{\"x\":1e2},\"inputs\":{\"value\":\"\\u0041 \
                !ref($.event.n)\"}}]\n}\n";
    let registry = conformance();
    let workflow = accepted(registry.check(text));
    run(&engine(registry), &workflow, json!({ "n": 1 }));
    assert_eq!(workflow.workflow().to_string(), text);
    assert_eq!(workflow.workflow().source().as_str(), text);
}

#[test]
fn a_workflow_without_actions_completes() {
    let outcome = Draft::new().run(json!({ "name": "x" }));
    assert!(outcome.is_completed());
    assert_eq!(state(&outcome), json!({}));
}
