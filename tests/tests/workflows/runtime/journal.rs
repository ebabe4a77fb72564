//! Runs that are kept in a journal.

mod live;

pub(crate) use live::*;

use flowright::{CheckedWorkflow, Engine, Event};
use flowright_sqlite::{Client, Journal, RunStatus, RunningWorker, Worker};
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::time::timeout;

/// What ends as soon as it is started comes back in the order of the document.
pub(crate) const IN_ORDER: bool = true;

/// How many bytes a run may have, where the runtime bounds that.
pub(crate) const LARGEST: Option<usize> = None;

/// Where runs go on: a journal, and a worker that goes on while it is waited for something.
pub(crate) struct Place {
    runtime: Runtime,
    client: Client,
    worker: Option<RunningWorker>,
    _folder: TempDir,
}

impl Place {
    #[track_caller]
    pub(crate) fn of(engine: &Engine) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = Journal::open(folder.path().join("runs.db")).expect("a journal");
        let client = journal.client(engine.registry());
        // On this thread alone, as it may be traced.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        let runtime = runtime.expect("a thread can wait");
        let worker = {
            let _entered = runtime.enter();
            Worker::new(&journal, engine.clone()).grace(Duration::ZERO).start().expect("a worker")
        };
        Place { runtime, client, worker: Some(worker), _folder: folder }
    }

    /// Whether it is new; or why it is refused.
    pub(crate) fn submit(&self, id: &str, workflow: &CheckedWorkflow, event: Event) -> Result<bool, String> {
        let submitted = self.runtime.block_on(self.client.submit(id, workflow, event));
        submitted.map_err(|error| error.to_string())
    }

    /// What becomes of a run of this workflow.
    #[track_caller]
    pub(crate) fn end(&self, id: &str, workflow: &CheckedWorkflow) -> End {
        let run = self.runtime.block_on(async { timeout(PATIENCE, self.client.wait(id)).await });
        let run = run.expect("it ends").expect("it is kept");
        match run.status {
            RunStatus::Cancelled => End::Cancelled,
            RunStatus::Parked => End::Parked(run.outcome),
            _ => End::Ended(run.outcome_of(workflow).expect("it is a run of this workflow")),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(worker) = self.worker.take() {
            self.runtime.block_on(worker.stop());
        }
    }
}
