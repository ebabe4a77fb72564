//! Runs that are kept in a journal.

use crate::draft::block_on;
use flowright::{CheckedWorkflow, Engine, Event, Outcome};
use flowright_sqlite::{Journal, Worker};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// What the next run is called by.
static NEXT: AtomicU32 = AtomicU32::new(1);

/// What ends as soon as it is started comes back in the order of the document.
pub(crate) const IN_ORDER: bool = true;

#[track_caller]
pub(crate) fn run(engine: &Engine, workflow: &CheckedWorkflow, event: Event) -> Outcome {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = Journal::open(folder.path().join("runs.db")).expect("a journal");
    let client = journal.client(workflow.registry());
    let id = format!("run-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let run = block_on(async {
        client.submit(&id, workflow, event).await.unwrap_or_else(|error| panic!("it is refused: {error}"));
        let worker = Worker::new(&journal, engine.clone()).start().expect("a worker");
        let run = tokio::time::timeout(Duration::from_mins(1), client.wait(&id)).await.expect("it ends");
        worker.stop().await;
        run.expect("it is kept")
    });
    run.outcome_of(workflow).unwrap_or_else(|| panic!("the run did not end: {} {}", run.status, run.outcome))
}
