//! Runs: what the check has proven holds, nothing fails but where values are left to run time, and whoever watches sees the same.

use crate::actions::{EVENT_SCHEMA, MODES, Sample, registry, set_seed};
use crate::choices::{Choices, is_text};
use crate::{grammar, graph, typed};
use flowright::{
    Cause, CheckedWorkflow, Code, Engine, Failure, Limits, Outcome, Registry, RunError, RunProgress,
};
use serde_json::Value;
use std::sync::LazyLock;

/// A registry, and engines that come to the same: one that takes the shortest way to each action, one that somebody watches, and
/// one that holds each output against its type.
struct Bench {
    registry: Registry,
    engines: [Engine; 3],
    /// Whether an event may be too large.
    is_narrow: bool,
}

/// What a run may hold, and an action be given: enough for events and outputs, and little for whoever looks thrice.
const WIDE: usize = 1 << 20;

static BENCHES: LazyLock<[Bench; 3]> = LazyLock::new(|| {
    let limits = Limits::default().state_bytes(WIDE).input_bytes(WIDE);
    MODES.map(|mode| Bench::new(registry(mode, limits.clone()), false))
});

static EVENTS: LazyLock<Sample> = LazyLock::new(|| Sample::new(&EVENT_SCHEMA));

/// How many events a document is run on.
const WORLDS: u64 = 3;

/// Holds for a document, as text or by choices, and what its actions give back.
///
/// # Panics
///
/// Where a run fails though nothing was left to run time, or elsewhere than what was left, or comes to something else where it is
/// watched.
pub fn hold(bytes: &[u8]) {
    if is_text(bytes) {
        let text = String::from_utf8_lossy(bytes);
        let seed = bytes.iter().map(|byte| u64::from(*byte)).sum();
        BENCHES[0].is_run(&text, seed);
        return;
    }
    let mut choices = Choices::new(bytes);
    let (mode, seed) = (choices.below(MODES.len()), choices.number());
    let narrow = choices.percent(20).then(|| narrow(&mut choices));
    let is_graph = choices.percent(40);
    let document = if is_graph { graph::graph(&mut choices) } else { grammar::document(&mut choices) };
    let document = document.to_string();
    match narrow {
        Some(limits) => Bench::new(registry(MODES[mode], limits), true).is_run(&document, seed),
        None => BENCHES[mode].is_run(&document, seed),
    }
}

/// Limits that some of the runs meet.
fn narrow(choices: &mut Choices) -> Limits {
    let (state, input) = (choices.below(3000), choices.below(600));
    match choices.below(3) {
        0 => Limits::default().state_bytes(state),
        1 => Limits::default().input_bytes(input),
        _ => Limits::default().state_bytes(state).input_bytes(input),
    }
}

impl Bench {
    fn new(registry: Registry, is_narrow: bool) -> Self {
        let engine = || Engine::builder(registry.clone());
        let watched = engine().observer(|_: &RunProgress<'_>| {});
        let engines = [engine(), watched, engine().verify_outputs(true)];
        let engines = engines.map(|engine| engine.build().expect("actions need nothing"));
        Bench { registry, engines, is_narrow }
    }

    fn is_run(&self, text: &str, seed: u64) {
        let Ok(workflow) = self.registry.check(text) else { return };
        for world in 0..WORLDS {
            set_seed(seed.wrapping_add(world));
            let event = EVENTS.value("event");
            let outcomes = self.engines.each_ref().map(|engine| run(engine, &workflow, event.clone()));
            let [plain, watched, verified] = &outcomes;
            assert_eq!(told(watched), told(plain), "it is watched\n{text}\n{event}");
            assert_eq!(told(verified), told(plain), "its outputs are verified\n{text}\n{event}");
            match plain {
                Ok(outcome) => is_as_proven(&workflow, outcome),
                Err(RunError::Event(refused)) if self.is_narrow && refused.code() == "limit" => {}
                Err(error) => panic!("an event of its type is refused: {error}"),
            }
        }
    }
}

/// All that there is to see of a run.
fn told(result: &Result<Outcome, RunError>) -> Result<(Value, Vec<&str>), String> {
    let outcome = result.as_ref().map_err(ToString::to_string)?;
    Ok((outcome.to_json(), outcome.calls().collect()))
}

fn is_as_proven(workflow: &CheckedWorkflow, outcome: &Outcome) {
    let again = Outcome::from_json(workflow, &outcome.to_json()).expect("an outcome is read back");
    assert_eq!(again.to_json(), outcome.to_json());
    assert!(!outcome.to_string().is_empty());
    for failure in outcome.failures() {
        may_fail(workflow, failure);
    }
}

fn may_fail(workflow: &CheckedWorkflow, failure: &Failure) {
    let left: Vec<&str> =
        workflow.report().left_to_run_time().iter().map(flowright::Pointer::as_str).collect();
    match failure.cause() {
        Cause::Input(fault) if fault.code() == Code::Limit => {}
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
        _ => assert!(typed::may_fail(failure), "{failure}\n{}", workflow.workflow()),
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
