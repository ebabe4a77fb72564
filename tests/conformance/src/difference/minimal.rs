//! The smallest case of each difference.
#![allow(clippy::needless_pass_by_value, reason = "JSON is written where it is passed on")]

use super::Difference;
use crate::case::Case;
use serde_json::{Value, json};

fn echo(id: &str, value: &str) -> Value {
    json!({ "id": id, "kind": "echo", "inputs": { "value": value } })
}

/// One action behind another.
fn chain(actions: Vec<Value>, event: Value) -> Case {
    let mut from = json!("$source");
    let mut edges = Vec::new();
    for action in &actions {
        edges.push(json!({ "from": from, "to": action["id"] }));
        from = action["id"].clone();
    }
    Case { workflow: json!({ "actions": actions, "edges": edges }), event }
}

/// An `echo` of this, alone.
fn echo_alone(value: Value, event: Value) -> Case {
    chain(vec![json!({ "id": "a", "kind": "echo", "inputs": { "value": value } })], event)
}

/// A `builtin:if`, alone.
fn rule(condition: Value, event: Value) -> Case {
    chain(vec![json!({ "id": "a", "kind": "builtin:if", "inputs": { "condition": condition } })], event)
}

fn graph(actions: Value, edges: Value, event: Value) -> Case {
    Case { workflow: json!({ "actions": actions, "edges": edges }), event }
}

#[allow(clippy::too_many_lines, reason = "one case after another")]
pub(super) fn minimal(difference: Difference) -> Case {
    match difference {
        Difference::NoActions => graph(json!([]), json!([]), json!({})),
        Difference::SeveralEdges => graph(
            json!([echo("a", "a")]),
            json!([
                { "from": "$source", "to": "a" },
                { "from": "$source", "to": "a", "conditional": { "type": "if", "ref": "!ref($.event)" } },
            ]),
            json!({}),
        ),
        Difference::ForeignId => chain(vec![echo("constructor", "a")], json!({})),
        Difference::EarlyJoin => graph(
            json!([
                echo("a", "a"),
                echo("b", "b"),
                { "id": "c", "kind": "echo", "inputs": { "value": ["!ref($.state.b)"] } },
            ]),
            json!([
                { "from": "$source", "to": "a" },
                { "from": "a", "to": "c" },
                { "from": "a", "to": "b" },
                { "from": "b", "to": "c" },
            ]),
            json!({}),
        ),
        Difference::BelowSkipped => graph(
            json!([echo("a", "a"), echo("b", "b")]),
            json!([
                { "from": "$source", "to": "a", "conditional": { "type": "else", "ref": "!ref($.event)" } },
                { "from": "a", "to": "b" },
            ]),
            json!({}),
        ),
        Difference::RepeatedJoin => graph(
            json!([echo("a", "a"), echo("b", "b"), echo("c", "c")]),
            json!([
                { "from": "$source", "to": "a" },
                { "from": "$source", "to": "b" },
                { "from": "a", "to": "c" },
                { "from": "b", "to": "c" },
            ]),
            json!({}),
        ),
        Difference::StaleInputs => graph(
            json!([
                echo("a", "a"),
                echo("b", "b"),
                { "id": "c", "kind": "echo", "inputs": { "value": ["!ref($.event.x)"] } },
            ]),
            json!([
                { "from": "$source", "to": "a" },
                { "from": "$source", "to": "b" },
                { "from": "a", "to": "c" },
                { "from": "b", "to": "c" },
            ]),
            json!({ "x": "!ref($.event.y)", "y": "secret" }),
        ),
        Difference::RescannedData => echo_alone(
            json!("!ref($.event.x), !ref($.event.y)."),
            json!({ "x": "!ref($.event.y)", "y": "secret" }),
        ),
        Difference::DollarPattern => echo_alone(json!("cost: !ref($.event.x)"), json!({ "x": "$&" })),
        Difference::BracketsInText => {
            echo_alone(json!("it is !ref($.event['x y'])"), json!({ "x y": "here" }))
        }
        Difference::TextTakenForRef => echo_alone(json!("!ref($.event.x) (really)"), json!({ "x": "here" })),
        Difference::Escape => echo_alone(json!("!ref(\"text\")"), json!({})),
        Difference::RefSyntax => echo_alone(json!(["!ref($.event[-1])"]), json!([1])),
        Difference::ForeignMember => echo_alone(json!({ "x": "!ref($.event.length)" }), json!([1])),
        Difference::KindOfStep => echo_alone(json!({ "x": "!ref($.event['0'])" }), json!([1])),
        Difference::UncheckedInput => {
            let concat = json!({ "id": "a", "kind": "concat", "inputs": { "parts": "!ref($.event)" } });
            chain(vec![concat], json!([1]))
        }
        Difference::AbsentElement => echo_alone(json!(["!ref($.event.x)"]), json!({})),
        Difference::NoText => echo_alone(json!("it is !ref($.event.x)"), json!({ "x": null })),
        Difference::LargeInteger => echo_alone(json!("!ref($.event)"), json!(9_007_199_254_740_993_u64)),
        Difference::MatchOfObjects => {
            // The order of the output's members is `name`, `age`, `email`; that of the document's is the alphabet's.
            let user = json!({ "name": "Ada", "age": 36, "email": null });
            graph(
                json!([
                    { "id": "a", "kind": "make_user", "inputs": { "name": "Ada", "age": 36 } },
                    echo("b", "b"),
                ]),
                json!([
                    { "from": "$source", "to": "a" },
                    {
                        "from": "a",
                        "to": "b",
                        "conditional": { "type": "match", "ref": "!ref($.output)", "value": user },
                    },
                ]),
                json!({}),
            )
        }
        Difference::RuleResult => rule(json!({ "+": ["!ref($.event)", 1] }), json!(1)),
        Difference::NoRule => rule(json!("!ref($.event)"), json!(false)),
        Difference::RuleInData => rule(
            json!({ "==": ["!ref($.event.role)", "admin"] }),
            json!({ "role": { "if": [true, "admin"] } }),
        ),
        Difference::ListForArguments => rule(json!({ "!!": "!ref($.event)" }), json!([0])),
        Difference::AbsentInRule => rule(json!({ "===": ["!ref($.event.x)", null] }), json!({})),
        Difference::ChangedDocument => echo_alone(json!(["!ref($.event)"]), json!(1)),
    }
}
