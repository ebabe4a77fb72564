//! Runs: what the check has proven holds, and nothing fails but where values are left to run time.

use crate::actions::{EVENT_SCHEMA, REGISTRIES, Sample, set_seed};
use crate::choices::{Choices, is_text};
use crate::grammar;
use flowright::{Cause, CheckedWorkflow, Engine, Outcome, RunError};
use serde_json::Value;
use std::sync::LazyLock;

static ENGINES: LazyLock<Vec<Engine>> = LazyLock::new(|| {
    let engines =
        REGISTRIES.iter().map(|registry| Engine::builder(registry.clone()).verify_outputs(true).build());
    engines.collect::<Result<_, _>>().expect("actions need nothing")
});

static EVENTS: LazyLock<Sample> = LazyLock::new(|| Sample::new(&EVENT_SCHEMA));

/// How many events a document is run on.
const WORLDS: u64 = 3;

/// Holds for a document, as text or by choices, and what its actions give back.
///
/// # Panics
///
/// Where a run fails though nothing was left to run time, or elsewhere than what was left.
pub fn hold(bytes: &[u8]) {
    if is_text(bytes) {
        let text = String::from_utf8_lossy(bytes);
        is_run(0, &text, bytes.iter().map(|byte| u64::from(*byte)).sum());
        return;
    }
    let mut choices = Choices::new(bytes);
    let (mode, seed) = (choices.below(REGISTRIES.len()), choices.number());
    is_run(mode, &grammar::document(&mut choices).to_string(), seed);
}

fn is_run(mode: usize, text: &str, seed: u64) {
    let Ok(workflow) = REGISTRIES[mode].check(text) else { return };
    for world in 0..WORLDS {
        set_seed(seed.wrapping_add(world));
        let event = EVENTS.value("event");
        match run(&ENGINES[mode], &workflow, event) {
            Ok(outcome) => is_as_proven(&workflow, &outcome),
            Err(error) => panic!("an event of its type is refused: {error}"),
        }
    }
}

fn is_as_proven(workflow: &CheckedWorkflow, outcome: &Outcome) {
    let again = Outcome::from_json(workflow, &outcome.to_json()).expect("an outcome is read back");
    assert_eq!(again.to_json(), outcome.to_json());
    assert!(!outcome.to_string().is_empty());
    let Some(failure) = outcome.failure() else { return };
    let left: Vec<&str> =
        workflow.report().left_to_run_time().iter().map(flowright::Pointer::as_str).collect();
    match failure.cause() {
        Cause::Input(fault) => {
            let pointer = fault.pointer().as_str();
            // A member that is absent is missed by the object around it.
            let is_left = |left: &&str| is_inside(pointer, left) || parent(left) == pointer;
            assert!(
                left.iter().any(is_left),
                "{failure}, which is not left to run time: {left:?}\n{}",
                workflow.workflow()
            );
        }
        Cause::Limit { .. } | Cause::Rule { .. } => {}
        _ => panic!("{failure}\n{}", workflow.workflow()),
    }
}

/// Whether a pointer is the same as another or leads into what is there.
fn is_inside(pointer: &str, of: &str) -> bool {
    pointer.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn parent(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// Runs in memory, to the end.
pub(crate) fn run(engine: &Engine, workflow: &CheckedWorkflow, event: Value) -> Result<Outcome, RunError> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime needs nothing");
    runtime.block_on(engine.run(workflow, event))
}
