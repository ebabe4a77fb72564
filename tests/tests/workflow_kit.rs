//! What Workflow Kit's own engine makes of documents, and what flowright makes of them.
#![allow(clippy::needless_pass_by_value, reason = "JSON is written where it is passed on")]

use flowright::{Engine, Registry};
use flowright_tests::actions::ACTIONS;
use flowright_tests::node::Package;
use serde_json::{Map, Value, json};

/// A document and an event.
struct Case {
    workflow: Value,
    event: Value,
}

/// The actions by id, kind and inputs; the edges as `[from, to]` or `[from, to, type, ref, value]`.
fn case(actions: &[(&str, &str, Value)], edges: Value, event: Value) -> Case {
    let action =
        |(id, kind, inputs): &(&str, &str, Value)| json!({ "id": id, "kind": kind, "inputs": inputs });
    let actions: Vec<Value> = actions.iter().map(action).collect();
    let edge = |edge: &Value| {
        let mut written = json!({ "from": edge[0], "to": edge[1] });
        if let Some(test) = edge.get(2) {
            written["conditional"] = json!({ "type": test, "ref": edge[3] });
            if let Some(value) = edge.get(4) {
                written["conditional"]["value"] = value.clone();
            }
        }
        written
    };
    let edges: Vec<Value> = edges.as_array().into_iter().flatten().map(edge).collect();
    Case { workflow: json!({ "actions": actions, "edges": edges }), event }
}

/// The ids of what was called, in order, and the outputs.
#[derive(Debug, PartialEq)]
struct Ran {
    calls: Vec<String>,
    state: Map<String, Value>,
}

fn by_workflow_kit(cases: &[Case]) -> Vec<Ran> {
    let input = cases.iter().map(|case| json!({ "workflow": case.workflow, "event": case.event }));
    let input = input.collect::<Value>().to_string();
    let printed = Package::at("examples/editor").run("../../tests/workflow-kit/run.mjs", &[], &input);
    let ran: Vec<Value> = serde_json::from_str(&printed).expect("it prints JSON");
    ran.into_iter()
        .map(|ran| Ran {
            calls: serde_json::from_value(ran["calls"].clone()).expect("they are ids"),
            state: serde_json::from_value(ran["state"].clone()).expect("it is an object"),
        })
        .collect()
}

fn by_flowright(case: &Case) -> Ran {
    let registry = Registry::builder().actions(ACTIONS).build().expect("it is right");
    let workflow = registry.check(case.workflow.to_string());
    let workflow = workflow.unwrap_or_else(|report| panic!("{}:\n{report}", case.workflow));
    let engine = Engine::builder(registry).build().expect("nothing is borrowed");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let outcome = runtime.block_on(engine.run(&workflow, case.event.clone())).expect("any event is right");
    assert!(outcome.is_completed(), "{}: {outcome}", case.workflow);
    Ran {
        calls: outcome.calls().map(str::to_owned).collect(),
        state: outcome.outputs().map(|(id, output)| (id.to_owned(), output.clone())).collect(),
    }
}

/// What is the same whichever way the tree goes.
fn trees() -> Vec<Case> {
    let echo = |id, value| (id, "echo", json!({ "value": value }));
    let chain = [
        ("user", "make_user", json!({ "name": "!ref($.event.data.name)", "age": "!ref($.event.data.age)" })),
        ("1", "upper", json!({ "text": "hello !ref($.state.user.name), !ref($.state.user.age)!" })),
        ("2", "concat", json!({ "parts": ["<", "!ref($.state.1)", ">!ref($.event.data.paid)"] })),
        echo(
            "3",
            json!({ "all": ["!ref($.state.2)", { "event": "!ref($.event.data)" }], "gone": "!ref($.event.nobody)" }),
        ),
    ];
    let events =
        [json!({ "name": "Ada", "age": 36, "paid": true }), json!({ "name": "", "age": 0, "paid": 1.5 })];
    let chains = events.map(|data| {
        let edges = json!([["$source", "user"], ["user", "1"], ["1", "2"], ["2", "3"]]);
        case(&chain, edges, json!({ "name": "go", "data": data }))
    });
    let leaves = [
        echo("top", json!("!ref($.event.data.v)")),
        echo("yes", json!("truthy")),
        echo("no", json!("falsy")),
        echo("text", json!("is text")),
        echo("number", json!("is a number")),
        echo("null", json!("is null")),
        echo("list", json!("is a list")),
        echo("always", json!("!ref($.state.top)")),
    ];
    let output = "!ref($.output)";
    let values = [
        json!("a"),
        json!(""),
        json!("0"),
        json!(0),
        json!(1),
        json!(-1.5),
        json!(true),
        json!(false),
        json!(null),
        json!([]),
        json!([1, { "a": null }]),
        json!({}),
    ];
    let branches = values.map(|value| {
        let edges = json!([
            ["$source", "top"],
            ["top", "yes", "if", output],
            ["top", "no", "else", output],
            ["top", "text", "match", output, "a"],
            ["top", "number", "match", output, 1],
            ["top", "null", "match", "!ref($.state.top)", null],
            ["top", "list", "match", "!ref($.event.data.v)", [1, { "a": null }]],
            ["top", "always"],
        ]);
        case(&leaves, edges, json!({ "data": { "v": value } }))
    });
    let v = "!ref($.event.data.v)";
    let rules = [
        json!({ "==": [v, "1"] }),
        json!({ "===": [v, 1] }),
        json!({ "!=": [v, null] }),
        json!({ "and": [{ ">": [v, 0] }, { "<=": [v, 10] }] }),
        json!({ "!": { "in": [v, ["a", 1, true]] } }),
        json!({ "!!": [v] }),
    ];
    let decisions = rules.iter().flat_map(|rule| {
        [json!(1), json!("1"), json!(0), json!("b"), json!(true)].map(|value| {
            let actions = [
                ("rule", "builtin:if", json!({ "condition": rule })),
                echo("yes", json!(1)),
                echo("no", json!(2)),
            ];
            let result = "!ref($.output.result)";
            let edges =
                json!([["$source", "rule"], ["rule", "yes", "if", result], ["rule", "no", "else", result]]);
            case(&actions, edges, json!({ "data": { "v": value } }))
        })
    });
    chains.into_iter().chain(branches).chain(decisions).collect()
}

#[test]
fn where_workflow_kit_is_right_the_results_are_the_same() {
    let cases = trees();
    assert!(cases.len() > 40);
    for (case, theirs) in cases.iter().zip(by_workflow_kit(&cases)) {
        assert_eq!(by_flowright(case), theirs, "{} with {}", case.workflow, case.event);
    }
}

#[test]
fn a_join_of_branches_of_one_length_gives_the_same_though_it_runs_once() {
    let add = |id, a: Value, b: Value| (id, "add", json!({ "a": a, "b": b }));
    let actions = [
        add("top", json!(1), json!(0.25)),
        add("left", json!("!ref($.state.top)"), json!(1)),
        add("right", json!("!ref($.state.top)"), json!(2)),
        add("bottom", json!("!ref($.state.left)"), json!("!ref($.state.right)")),
    ];
    let edges = json!([
        ["$source", "top"],
        ["top", "left"],
        ["top", "right"],
        ["left", "bottom"],
        ["right", "bottom"]
    ]);
    let case = case(&actions, edges, Value::Null);
    let (ours, theirs) = (by_flowright(&case), by_workflow_kit(&[case]).remove(0));
    assert_eq!(ours.state, theirs.state);
    assert_eq!(ours.calls, ["top", "left", "right", "bottom"]);
    assert_eq!(theirs.calls, ["top", "left", "right", "bottom", "bottom"]);
}

#[test]
fn a_join_waits_for_the_longer_branch_where_workflow_kit_starts_it() {
    let echo = |id, value: Value| (id, "echo", json!({ "value": value }));
    let actions = [
        echo("a", json!(1)),
        echo("b", json!(2)),
        echo("join", json!([{ "a": "!ref($.state.a)", "b": "!ref($.state.b)" }])),
    ];
    let edges = json!([["$source", "a"], ["a", "join"], ["a", "b"], ["b", "join"]]);
    let case = case(&actions, edges, Value::Null);
    let (ours, theirs) = (by_flowright(&case), by_workflow_kit(&[case]).remove(0));
    assert_eq!(
        (ours.calls, &ours.state["join"]),
        (vec!["a".into(), "b".into(), "join".into()], &json!([{ "a": 1, "b": 2 }]))
    );
    assert_eq!(theirs.calls[..2], ["a", "join"]);
}

#[test]
fn what_hangs_below_a_skipped_action_is_skipped_where_workflow_kit_runs_it() {
    let echo = |id, value: Value| (id, "echo", json!({ "value": value }));
    let actions = [echo("a", json!(false)), echo("b", json!(1)), echo("c", json!(2))];
    let edges = json!([["$source", "a"], ["a", "b", "if", "!ref($.output)"], ["b", "c"]]);
    let case = case(&actions, edges, Value::Null);
    assert_eq!(by_flowright(&case).calls, ["a"]);
    assert_eq!(by_workflow_kit(&[case])[0].calls, ["a", "c"]);
}

#[test]
fn an_event_is_an_operand_where_workflow_kit_takes_it_for_the_rule() {
    let rule = json!({ "condition": { "==": ["!ref($.event.role)", "admin"] } });
    let event = json!({ "role": { "if": [true, "admin"] } });
    let case = case(&[("rule", "builtin:if", rule)], json!([["$source", "rule"]]), event);
    assert_eq!(by_flowright(&case).state["rule"], json!({ "result": false }));
    assert_eq!(by_workflow_kit(&[case])[0].state["rule"], json!({ "result": true }));
}
