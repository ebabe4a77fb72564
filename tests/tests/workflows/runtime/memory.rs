//! Runs in memory.

use crate::draft::block_on;
use flowright::{CheckedWorkflow, Engine, Event, Outcome};

/// What ends as soon as it is started comes back in the order of the document.
pub(crate) const IN_ORDER: bool = true;

#[track_caller]
pub(crate) fn run(engine: &Engine, workflow: &CheckedWorkflow, event: Event) -> Outcome {
    block_on(engine.run(workflow, event)).unwrap_or_else(|error| panic!("the run did not begin: {error}"))
}
