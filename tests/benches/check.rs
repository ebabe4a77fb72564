//! What checking a document costs, beside compiling the same document by hand without any types:
//! `cargo bench -p flowright-tests --bench check -- [--quick]`.
//!
//! Each line is `check/<shape>/<actions> ratio <times the hand-written> exponent <growth> spread <lowest>–<highest>`.
//! Both begin at the text. The two are measured in turns within one process; the ratio is of their fastest rounds.

mod measuring;
mod steady;
mod written;

use flowright::prelude::*;
use measuring::{Growth, measure};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::hint::black_box;

#[derive(Serialize, Deserialize, JsonSchema)]
struct Count {
    value: i64,
    even: bool,
}

/// Count on.
#[engine_action]
fn count(value: i64) -> Count {
    Count { value: value + 1, even: value % 2 == 1 }
}

/// Count on from the larger.
#[engine_action]
fn count_both(left: i64, right: i64) -> Count {
    count(left.max(right))
}

fn action(id: usize, value: &str) -> Value {
    json!({ "id": id.to_string(), "kind": "count", "inputs": { "value": value } })
}

fn edge(from: usize, to: usize) -> Value {
    let from = if from == 0 { "$source".to_owned() } else { from.to_string() };
    json!({ "from": from, "to": to.to_string() })
}

fn conditional(from: usize, to: usize, test: &str, reference: &str) -> Value {
    let mut edge = edge(from, to);
    edge["conditional"] = json!({ "type": test, "ref": reference });
    edge
}

fn output(id: usize) -> String {
    if id == 0 { "!ref($.event.data.value)".to_owned() } else { format!("!ref($.state.{id}.value)") }
}

/// A chain of actions, each of which takes a field of the one before.
fn chain(actions: usize) -> String {
    let written: Vec<Value> = (1..=actions).map(|id| action(id, &output(id - 1))).collect();
    let edges: Vec<Value> = (1..=actions).map(|id| edge(id - 1, id)).collect();
    json!({ "actions": written, "edges": edges }).to_string()
}

/// One action behind the start that all others follow.
fn fan(actions: usize) -> String {
    let written: Vec<Value> = (1..=actions).map(|id| action(id, &output(usize::from(id > 1)))).collect();
    let edges: Vec<Value> = (1..=actions).map(|id| edge(usize::from(id > 1), id)).collect();
    json!({ "actions": written, "edges": edges }).to_string()
}

/// Two actions on each rung, each of which takes a field of both on the rung before.
fn ladder(actions: usize) -> String {
    let (mut written, mut edges) = (Vec::new(), Vec::new());
    for id in 1..=actions {
        let left = (id - 1) / 2 * 2;
        let before = if left == 0 { [0, 0] } else { [left - 1, left] };
        let inputs = json!({ "left": output(before[0]), "right": output(before[1]) });
        written.push(json!({ "id": id.to_string(), "kind": "count_both", "inputs": inputs }));
        edges.push(edge(before[0], id));
        if left > 0 {
            edges.push(edge(before[1], id));
        }
    }
    json!({ "actions": written, "edges": edges }).to_string()
}

/// Groups of four: an action, its two branches by `if` and `else`, and a join that takes a field of the action; one
/// group behind the other, so that every join is known to run only because each branch before it is joined.
fn joins(actions: usize) -> String {
    let (mut written, mut edges) = (Vec::new(), Vec::new());
    for group in 0..actions / 4 {
        let first = group * 4 + 1;
        let even = format!("!ref($.state.{first}.even)");
        edges.push(edge(group * 4, first));
        written.push(action(first, &output(group * 4)));
        for (branch, test) in [(first + 1, "if"), (first + 2, "else")] {
            written.push(action(branch, &output(first)));
            edges.push(conditional(first, branch, test, &even));
            edges.push(edge(branch, first + 3));
        }
        written.push(action(first + 3, &output(first)));
    }
    json!({ "actions": written, "edges": edges }).to_string()
}

/// The same groups side by side, all joined in one action at the end, each with a condition of its own.
fn independent(actions: usize) -> String {
    let (mut written, mut edges) = (Vec::new(), Vec::new());
    let last = actions / 4 * 4 + 1;
    for group in 0..actions / 4 {
        let first = group * 4 + 1;
        let even = format!("!ref($.state.{first}.even)");
        edges.push(edge(0, first));
        written.push(action(first, &output(0)));
        for (branch, test) in [(first + 1, "if"), (first + 2, "else")] {
            written.push(action(branch, &output(first)));
            edges.push(conditional(first, branch, test, &even));
            edges.push(edge(branch, first + 3));
        }
        written.push(action(first + 3, &output(first)));
        edges.push(edge(first + 3, last));
    }
    written.push(action(last, &output(last - 1)));
    json!({ "actions": written, "edges": edges }).to_string()
}

/// By hand: the document read into structs, kinds looked up, refs split into a slot and keys, an order found.
mod by_hand {
    use crate::written::{Action, Document};
    use std::collections::HashMap;

    pub(super) struct Ref {
        /// 0 is the event.
        pub slot: usize,
        pub keys: Vec<String>,
    }

    pub(super) struct Step {
        pub kind: usize,
        pub inputs: Vec<Ref>,
    }

    pub(super) struct Compiled {
        pub steps: Vec<Step>,
        pub order: Vec<usize>,
        pub tests: Vec<Option<(bool, Ref)>>,
    }

    fn read(text: &str, ids: &HashMap<&str, usize>) -> Option<Ref> {
        let path = text.strip_prefix("!ref($.")?.strip_suffix(')')?;
        let mut segments = path.split('.');
        let slot = match segments.next()? {
            "event" => 0,
            _ => ids.get(segments.next()?)? + 1,
        };
        Some(Ref { slot, keys: segments.map(str::to_owned).collect() })
    }

    pub(super) fn compile(text: &str, kinds: &HashMap<&str, usize>) -> Option<Compiled> {
        let document: Document<'_> = serde_json::from_str(text).ok()?;
        let actions = document.actions.len();
        let ids: HashMap<&str, usize> =
            document.actions.iter().enumerate().map(|(at, action)| (action.id, at)).collect();
        let step = |action: &Action<'_>| {
            let inputs = action.inputs.values();
            let inputs = inputs.map(|raw| read(serde_json::from_str(raw.get()).ok()?, &ids));
            Some(Step { kind: *kinds.get(action.kind)?, inputs: inputs.collect::<Option<_>>()? })
        };
        let steps = document.actions.iter().map(step).collect::<Option<_>>()?;
        let mut waiting = vec![0_usize; actions];
        let mut children = vec![Vec::new(); actions];
        let mut starts = Vec::new();
        let mut tests = Vec::with_capacity(document.edges.len());
        for edge in &document.edges {
            let to = *ids.get(edge.to)?;
            waiting[to] += 1;
            match edge.from {
                "$source" => starts.push(to),
                from => children[*ids.get(from)?].push(to),
            }
            tests.push(match &edge.conditional {
                Some(conditional) => Some((conditional.test == "if", read(conditional.reference, &ids)?)),
                None => None,
            });
        }
        let mut order = Vec::with_capacity(actions);
        let mut arrived = starts;
        while let Some(action) = arrived.pop() {
            waiting[action] -= 1;
            if waiting[action] == 0 {
                order.push(action);
                arrived.extend(&children[action]);
            }
        }
        (order.len() == actions).then_some(Compiled { steps, order, tests })
    }
}

fn registry() -> Registry {
    #[derive(JsonSchema)]
    struct Start {
        #[expect(dead_code, reason = "only its schema is used")]
        value: i64,
    }
    let registry = Registry::builder().actions(actions![count, count_both]).event::<Start>("start");
    registry.build().expect("the registry is right")
}

/// Writes a document of so many actions.
type Shape = fn(usize) -> String;

fn main() {
    steady::steadily();
    let quick = std::env::args().any(|argument| argument == "--quick");
    let rounds = if quick { 15 } else { 60 };
    let kinds = [("builtin:if", 0), ("count", 1), ("count_both", 2)].into();
    let registry = registry();
    let shapes: [(&str, Shape); 5] =
        [("chain", chain), ("fan", fan), ("ladder", ladder), ("joins", joins), ("independent", independent)];
    for (shape, document) in shapes {
        let mut growth = Growth::default();
        for actions in [10, 100, 1_000, 10_000] {
            let text = document(actions.min(9_996));
            let checked = registry.check(&*text).expect("the document is right");
            assert!(checked.report().left_to_run_time().is_empty(), "everything is proven");
            let compiled = by_hand::compile(&text, &kinds).expect("the document is right");
            assert_eq!(compiled.order.len(), checked.workflow().actions().len());
            assert!(
                compiled
                    .steps
                    .iter()
                    .all(|step| step.kind == step.inputs.len() && step.inputs[0].keys.len() <= 2)
            );
            black_box(compiled.tests.iter().flatten().map(|(_, reference)| reference.slot).max());
            let measured = measure(
                rounds,
                (if quick { 4_000 } else { 20_000 } / actions).max(1),
                || drop(black_box(registry.check(black_box(&*text)))),
                || drop(black_box(by_hand::compile(black_box(&text), &kinds))),
            );
            let exponent = growth.note(actions, measured.ours);
            println!(
                "check/{shape}/{actions} ratio {:.2}{exponent} spread {}",
                measured.ratio,
                measured.spread()
            );
        }
    }
}
