//! What a run and a check hold, and how often they ask for memory: `cargo bench -p flowright-tests --bench memory -- [--quick]`.
//!
//! A line `memory/run/<shape>/<actions> allocations <an action> hand <by hand> bytes <an action> hand <by hand>` is of a finished run:
//! how often memory was asked for in the course of it, and what the outcome holds. `memory/check/<shape>/<actions>` says the same of
//! a document that was checked. `memory/runs/<runs>` is of so many runs of ten actions under way at once in one process, each of
//! which waits in its last action.

#[path = "counting/mod.rs"]
mod counting;
#[path = "shapes/mod.rs"]
mod shapes;

#[path = "run/by_hand.rs"]
mod by_hand;

use counting::{Count, Subject};
use dhat::HeapStats;
use flowright::Event;
use flowright::prelude::*;
use futures_util::FutureExt;
use futures_util::future::join_all;
use serde_json::{Value, json};
use shapes::{SHAPES, Shape};
use std::hint::black_box;

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

/// What was asked for, and what is held, an action.
struct Held {
    allocations: f64,
    bytes: f64,
}

/// What making something takes, the thing itself still held.
fn held<T>(actions: usize, make: impl FnOnce() -> T) -> Held {
    let before = HeapStats::get();
    let thing = black_box(make());
    let after = HeapStats::get();
    drop(thing);
    #[expect(clippy::cast_precision_loss, reason = "counts of one bench")]
    let each = |count: u64| count as f64 / actions as f64;
    Held {
        allocations: each(after.total_blocks - before.total_blocks),
        bytes: each((after.curr_bytes - before.curr_bytes) as u64),
    }
}

fn run(shape: Shape, actions: usize) {
    let event = json!({ "name": "count", "data": { "value": 0 } });
    let subject = Subject::new::<Count>(&shape.document(actions, ["count", "count_both"], ".value"));
    let steps = by_hand::steps(shape, actions, false);
    let (_, _) = (subject.run(&event), by_hand::run(&steps, &event));
    let ours = held(actions, || subject.run(&event));
    let theirs = held(actions, || by_hand::run(&steps, &event));
    println!(
        "memory/run/{}/{actions} allocations {:.2} hand {:.2} bytes {:.0} hand {:.0}",
        shape.name(),
        ours.allocations,
        theirs.allocations,
        ours.bytes,
        theirs.bytes
    );
}

fn check(shape: Shape, actions: usize) {
    let document = shape.document(actions, ["count", "count_both"], ".value");
    let subject = Subject::new::<Count>(&document);
    let ours = held(actions, || subject.engine.registry().check(document.as_str()).expect("it is right"));
    println!(
        "memory/check/{}/{actions} allocations {:.2} bytes {:.0}",
        shape.name(),
        ours.allocations,
        ours.bytes
    );
}

/// Wait for the end
#[engine_action]
async fn wait(step: &Step, value: i64) -> Result<i64, ActionError> {
    step.wait_for_event::<Value>("end", None).await?;
    Ok(value)
}

fn runs_at_once(runs: usize) {
    let registry = Registry::builder()
        .actions(actions![wait, step])
        .event::<Value>("end")
        .event::<Count>("count")
        .build()
        .expect("a registry");
    let mut document: Value =
        serde_json::from_str(&Shape::Chain.document(10, ["step", "step"], "")).expect("a document");
    document["actions"][9]["kind"] = json!("wait");
    let workflow = registry.check_for("count", document.to_string()).expect("a workflow");
    let engine = Engine::builder(registry).build().expect("an engine");
    let event = json!({ "name": "count", "data": { "value": 0 } });
    let mut senders = Vec::with_capacity(runs);
    let before = HeapStats::get();
    let begun = (0..runs).map(|_| {
        let run = engine.begin(&workflow, Event::from(event.clone())).expect("it begins");
        senders.push(run.events());
        run.outcome()
    });
    let mut all = Box::pin(join_all(begun));
    assert!((&mut all).now_or_never().is_none());
    let after = HeapStats::get();
    for sender in &senders {
        sender.send("end", json!(null)).expect("it waits");
    }
    let outcomes = all.now_or_never().expect("nothing waits any more");
    assert!(outcomes.iter().all(|outcome| outcome.value("10") == Some(&json!(9))));
    println!("memory/runs/{runs} bytes {} a run", (after.curr_bytes - before.curr_bytes) / runs);
}

/// Count on
#[engine_action]
fn step(value: i64) -> i64 {
    value + 1
}

fn main() {
    let _profiler = dhat::Profiler::builder().testing().trim_backtraces(Some(4)).build();
    let quick = std::env::args().any(|argument| argument == "--quick");
    let sizes: &[usize] = if quick { &[10, 100, 1_000] } else { &[10, 100, 1_000, 10_000] };
    for &actions in sizes {
        for shape in SHAPES {
            run(shape, actions);
            check(shape, actions);
        }
    }
    runs_at_once(10_000);
}
