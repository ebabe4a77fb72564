//! Documents that were thought of, each for something that Workflow Kit does as it should.
#![allow(clippy::needless_pass_by_value, reason = "JSON is written where it is passed on")]

use flowright_tests_conformance::case::Case;
use flowright_tests_conformance::kit;
use flowright_tests_conformance::ours::Flowright;
use flowright_tests_conformance::reference::graph;
use serde_json::{Value, json};

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
    let (cases, flowright) = (trees(), Flowright::default());
    assert!(cases.len() > 40);
    for (case, theirs) in cases.iter().zip(kit::run(&cases)) {
        let ours = flowright.run(case).expect("the document is right");
        assert!(!ours.ran.failed && theirs.error.is_none(), "{case}");
        assert_eq!((&ours.ran.state, &ours.calls), (&theirs.state, &theirs.calls), "{case}");
        assert_eq!(ours.ran, graph::run(case), "{case}");
    }
}
