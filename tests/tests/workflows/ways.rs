//! However an action is called, with less around it where nobody looks, its run comes to the same.

use crate::draft::{Draft, accepted, block_on};
use flowright::prelude::*;
use flowright::testing::ManualClock;
use flowright::{CheckedWorkflow, EngineBuilder, Limits, Outcome, Policy, RunProgress};
use futures_util::FutureExt;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};
use std::time::{Duration, UNIX_EPOCH};

/// Give back a number.
#[engine_action]
fn give(number: u32, note: Option<String>) -> u32 {
    number + note.map_or(0, |note| u32::try_from(note.len()).unwrap_or_default())
}

/// Give back a number, ready at once.
#[engine_action]
#[expect(clippy::unused_async, reason = "it is ready at once")]
async fn ready(number: u32) -> u32 {
    number
}

/// Give back a number at another turn.
#[engine_action]
async fn later(number: u32) -> u32 {
    tokio::task::yield_now().await;
    number
}

/// Give back an even number.
#[engine_action]
fn maybe(number: u32) -> Option<u32> {
    number.is_multiple_of(2).then_some(number)
}

/// Write a long text.
#[engine_action]
fn long(number: u32) -> String {
    "x".repeat(number as usize * 20)
}

/// Divide by zero.
#[engine_action]
fn ratio(number: u32) -> f64 {
    f64::from(number) / 0.0
}

/// Fail.
#[engine_action]
fn fatal(number: u32) -> Result<u32, ActionError> {
    Err(ActionError::fatal(number))
}

/// Fail at another turn.
#[engine_action]
async fn fatal_later(number: u32) -> Result<u32, ActionError> {
    tokio::task::yield_now().await;
    Err(ActionError::fatal(number))
}

/// Fail, but not for good.
#[engine_action(retries = 2)]
fn flaky(number: u32) -> Result<u32, ActionError> {
    Err(ActionError::retryable(number))
}

/// Fail at another turn, but not for good.
#[engine_action(retries = 2)]
async fn flaky_later(number: u32) -> Result<u32, ActionError> {
    tokio::task::yield_now().await;
    Err(ActionError::retryable(number))
}

/// Those that succeed come more often than those that fail.
const KINDS: [&str; 12] = [
    "give",
    "ready",
    "later",
    "maybe",
    "long",
    "give",
    "ready",
    "later",
    "builtin:if",
    "ratio",
    "fatal",
    "fatal_later",
];

fn registry(limits: Limits) -> Registry {
    let actions = actions![give, ready, later, maybe, long, ratio, fatal, fatal_later, flaky, flaky_later];
    Registry::builder().limits(limits).actions(actions).build().expect("it is right")
}

/// An action, and the edges that lead to it from some of those before it.
#[derive(Clone, Debug)]
struct Node {
    kind: &'static str,
    number: u32,
    has_note: bool,
    from: Vec<(Index, u8)>,
}

fn node() -> impl Strategy<Value = Node> {
    let kind = proptest::sample::select(&KINDS[..]);
    let from = proptest::collection::vec((any::<Index>(), 0..6_u8), 0..4);
    (kind, 0..6_u32, any::<bool>(), from).prop_map(|(kind, number, has_note, from)| Node {
        kind,
        number,
        has_note,
        from,
    })
}

fn draft(nodes: &[Node]) -> Draft {
    let mut draft = Draft::new();
    for (at, node) in nodes.iter().enumerate() {
        let id = at.to_string();
        let inputs = match node.kind {
            "builtin:if" => json!({ "condition": node.number > 2 }),
            "give" if node.has_note => json!({ "number": node.number, "note": "!ref($.event.note)!" }),
            _ => json!({ "number": node.number }),
        };
        draft = draft.action(&id, node.kind, inputs);
        if at == 0 || node.from.is_empty() {
            draft = draft.start(&id);
            continue;
        }
        let mut from: Vec<(usize, u8)> =
            node.from.iter().map(|(from, edge)| (from.index(at), *edge)).collect();
        from.sort_unstable();
        from.dedup_by_key(|(from, _)| *from);
        for (from, edge) in from {
            let from = from.to_string();
            draft = match edge {
                0 => draft.when(&from, &id, "!ref($.event.yes)"),
                1 => draft.otherwise(&from, &id, "!ref($.event.yes)"),
                _ => draft.edge(&from, &id),
            };
        }
    }
    draft
}

type Way = fn(EngineBuilder) -> EngineBuilder;

/// Ways to have a run that change nothing of what it comes to.
const WAYS: [(&str, Way); 5] = [
    ("as it is", |engine| engine),
    ("watched", |engine| engine.observer(|_: &RunProgress<'_>| {})),
    ("verified", |engine| engine.verify_outputs(true)),
    ("by turns", |engine| engine.default_policy(Policy::new().max_concurrency(99))),
    ("with a limit of time", |engine| engine.default_policy(Policy::new().timeout(Duration::from_hours(1)))),
];

fn run(workflow: &CheckedWorkflow, way: Way, event: Value) -> Outcome {
    let engine = way(Engine::builder(workflow.registry().clone())).build().expect("nothing is borrowed");
    block_on(engine.run(workflow, event)).expect("the event is admitted")
}

/// What an outcome says, and which actions were called in which order.
fn said(outcome: &Outcome) -> (Value, Vec<String>) {
    (outcome.to_json(), outcome.calls().map(str::to_owned).collect())
}

proptest! {
    #[test]
    fn a_run_comes_to_the_same_whoever_looks(
        nodes in proptest::collection::vec(node(), 1..10),
        yes in any::<bool>(),
        note in "x{0,20}",
        state_bytes in proptest::option::of(60..400_usize),
        input_bytes in proptest::option::of(10..40_usize),
    ) {
        let mut limits = Limits::default();
        limits = state_bytes.into_iter().fold(limits, Limits::state_bytes);
        limits = input_bytes.into_iter().fold(limits, Limits::input_bytes);
        let workflow = accepted(registry(limits).check(draft(&nodes).text()));
        let event = json!({ "yes": yes, "note": note });
        let outcome = run(&workflow, WAYS[0].1, event.clone());
        for (name, way) in WAYS {
            prop_assert_eq!(said(&outcome), said(&run(&workflow, way, event.clone())), "{}", name);
        }
        let read = Outcome::from_json(&workflow, &outcome.to_json()).expect("it was an outcome");
        prop_assert_eq!(said(&outcome), said(&read), "read back");
    }
}

#[test]
fn what_completes_at_once_leads_on_in_the_order_of_the_document() {
    let give = |number: u32| json!({ "number": number });
    let draft = ["c", "d", "a", "b"].iter().fold(Draft::new(), |draft, id| draft.action(id, "give", give(1)));
    let draft = draft.start("a").start("b").edge("b", "c").edge("a", "d");
    let workflow = accepted(registry(Limits::default()).check(draft.text()));
    for (name, way) in WAYS {
        let outcome = run(&workflow, way, json!({}));
        assert_eq!(outcome.calls().collect::<Vec<_>>(), ["a", "b", "d", "c"], "{name}");
    }
}

/// The clock stands still: a run that waits does not end.
#[test]
fn a_run_that_failed_waits_for_no_pause() {
    for (one, other) in
        [("fatal", "flaky"), ("flaky", "fatal"), ("fatal_later", "flaky"), ("fatal", "flaky_later")]
    {
        let draft =
            Draft::new().action("1", one, json!({ "number": 1 })).action("2", other, json!({ "number": 2 }));
        let workflow = accepted(registry(Limits::default()).check(draft.start("1").start("2").text()));
        for (name, way) in WAYS {
            let engine = way(Engine::builder(workflow.registry().clone())).clock(ManualClock::at(UNIX_EPOCH));
            let engine = engine.build().expect("nothing is borrowed");
            let mut run = Box::pin(engine.run(&workflow, json!({})));
            let outcome = (0..4).find_map(|_| (&mut run).now_or_never());
            let outcome = outcome.unwrap_or_else(|| panic!("{one}, {other}, {name}: it waits"));
            assert_eq!(outcome.expect("it is admitted").failures().len(), 2, "{one}, {other}, {name}");
        }
    }
}
