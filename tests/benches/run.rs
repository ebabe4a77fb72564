//! What a run costs, beside the same work written by hand: `cargo bench -p flowright-tests -- [--quick]`.
//!
//! Each line is `run/<shape>/<actions> ratio <times the hand-written> spread <lowest>–<highest> exponent <growth>`.
//! The two are measured in turns within one process; the ratio is of their fastest rounds.

mod measuring;

use flowright::prelude::*;
use flowright::{CheckedWorkflow, Engine};
use measuring::{Growth, measure};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::hint::black_box;

#[derive(Serialize, Deserialize, JsonSchema)]
struct Count {
    value: i64,
}

/// Count on.
#[engine_action]
fn count(value: i64) -> Count {
    Count { value: value + 1 }
}

/// A chain of actions, each of which takes a field of the one before.
fn chain(actions: usize) -> String {
    let input = |action: usize| match action {
        0 => "!ref($.event.data.value)".to_owned(),
        _ => format!("!ref($.state.{action}.value)"),
    };
    let written: Vec<Value> = (0..actions)
        .map(|action| json!({ "id": (action + 1).to_string(), "kind": "count", "inputs": { "value": input(action) } }))
        .collect();
    let edges: Vec<Value> = (0..actions)
        .map(|action| match action {
            0 => json!({ "from": "$source", "to": "1" }),
            _ => json!({ "from": action.to_string(), "to": (action + 1).to_string() }),
        })
        .collect();
    json!({ "actions": written, "edges": edges }).to_string()
}

/// The same chain by hand: function pointers by index, refs as a slot and split keys, inputs deserialised from
/// borrowed state, results to JSON.
mod by_hand {
    use super::Count;
    use serde::Deserialize;
    use serde_json::Value;

    pub(super) struct Step {
        pub call: fn(&Value) -> Option<Value>,
        pub slot: usize,
        pub keys: Vec<String>,
    }

    pub(super) fn count(value: &Value) -> Option<Value> {
        serde_json::to_value(Count { value: i64::deserialize(value).ok()? + 1 }).ok()
    }

    pub(super) fn chain(actions: usize) -> Vec<Step> {
        let key = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        (0..actions)
            .map(|slot| Step {
                call: count,
                slot,
                keys: if slot == 0 { key(&["data", "value"]) } else { key(&["value"]) },
            })
            .collect()
    }

    pub(super) fn run(steps: &[Step], event: &Value) -> Option<Vec<Value>> {
        let mut state = Vec::with_capacity(steps.len() + 1);
        state.push(event.clone());
        for step in steps {
            let value = step.keys.iter().try_fold(&state[step.slot], |value, key| value.get(key))?;
            state.push((step.call)(value)?);
        }
        Some(state)
    }
}

struct Subject {
    engine: Engine,
    workflow: CheckedWorkflow,
    runtime: tokio::runtime::Runtime,
}

impl Subject {
    fn new(document: &str) -> Self {
        let registry = Registry::builder().actions(actions![count]).build().expect("the registry is right");
        let workflow = registry.check(document).expect("the document is right");
        let engine = Engine::builder(registry).build().expect("nothing is borrowed");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        Subject { engine, workflow, runtime }
    }

    fn run(&self, event: &Value) -> flowright::Outcome {
        self.runtime.block_on(self.engine.run(&self.workflow, event.clone())).expect("the event is admitted")
    }
}

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let rounds = if quick { 15 } else { 60 };
    let event = json!({ "name": "count", "data": { "value": 0 } });
    let mut growth = Growth::default();
    for actions in [10, 100, 1_000, 10_000] {
        let subject = Subject::new(&chain(actions));
        let steps = by_hand::chain(actions);
        let last = subject.run(&event);
        assert_eq!(last.value(&actions.to_string()), by_hand::run(&steps, &event).expect("a result").last());
        let repeats = 20_000 / actions;
        let measured = measure(
            rounds,
            repeats,
            || drop(black_box(subject.run(black_box(&event)))),
            || drop(black_box(by_hand::run(black_box(&steps), black_box(&event)))),
        );
        let exponent = growth.note(actions, measured.ours);
        println!("run/chain/{actions} ratio {:.2} spread {}{exponent}", measured.ratio, measured.spread());
    }
}
