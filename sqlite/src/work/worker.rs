//! Executes the runs that are due.

use crate::error::JournalError;
use crate::file::journal::Journal;
use crate::file::soundness;
use crate::work::lease::Lease;
use crate::work::office::Office;
use crate::work::retention;
use flowright::Engine;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How long what is under way has to end when the worker stops.
const GRACE: Duration = Duration::from_secs(30);

/// Executes the runs of a journal that are due: those of this process and of others. Several workers may share a journal;
/// each run is executed by one.
#[derive(Debug)]
pub struct Worker {
    journal: Journal,
    engine: Engine,
    most: u32,
    lease: Duration,
    grace: Duration,
    keep: Option<Duration>,
}

/// A worker at work.
#[derive(Debug)]
#[must_use = "it stops when this is dropped"]
pub struct RunningWorker {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl RunningWorker {
    /// Takes no more runs, starts no more actions, and waits for those that are under way to end and be kept. What only
    /// sleeps or waits, and what has not ended in time, goes on when a worker takes the run again.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a part of the worker has not ended as it should");
            }
        }
    }
}

impl Worker {
    /// A worker that executes the runs of this journal by this engine.
    pub fn new(journal: &Journal, engine: Engine) -> Self {
        Worker {
            journal: journal.clone(),
            engine,
            most: 256,
            lease: Duration::from_secs(5),
            grace: GRACE,
            keep: None,
        }
    }

    /// How many runs it has in memory at once; others wait for their turn. 256 unless set.
    #[must_use]
    pub fn max_runs(mut self, runs: u32) -> Self {
        self.most = runs.max(1);
        self
    }

    /// How long after the last sign of life of a worker another one takes its runs. Five seconds unless set.
    #[must_use]
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease.max(Duration::from_millis(100));
        self
    }

    /// How long the actions that are under way have to end when the worker is stopped. Thirty seconds unless set.
    #[must_use]
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// How long runs are kept that completed, failed or were cancelled. Those that ended longer ago are forgotten, with what
    /// happened in them and their events: [`Client::get`](crate::Client::get) says [`NoRun`](JournalError::NoRun), and
    /// whoever submits one again by its id starts it anew. What has not ended and what is parked is kept. All are kept
    /// unless set.
    #[must_use]
    pub fn keep_finished(mut self, longest: Duration) -> Self {
        self.keep = Some(longest);
        self
    }

    /// Begins to work, on the Tokio runtime that this is called in. It stops when what this gives is dropped; to wait until
    /// it has, call [`RunningWorker::stop`].
    pub fn start(self) -> Result<RunningWorker, JournalError> {
        let (stop, stopped) = watch::channel(false);
        let lease = Lease::hold(&self.journal, self.engine.clone(), self.lease);
        let lease = lease.map_err(|error| JournalError::Thread(Arc::new(error)))?;
        let forgets = self.keep.map(|longest| {
            let (journal, engine) = (self.journal.clone(), self.engine.clone());
            tokio::spawn(retention::keep_for(journal, engine, longest, stopped.clone()))
        });
        let damaged = watched(&self.journal)?;
        let office = Office::new(self.journal, self.engine, self.most, lease, self.grace, damaged);
        let works = tokio::spawn(office.work(stopped));
        Ok(RunningWorker { stop, tasks: std::iter::once(works).chain(forgets).collect() })
    }
}

/// Looks once through the whole file, on a thread of its own, and says where it is damaged.
fn watched(journal: &Journal) -> Result<Arc<AtomicBool>, JournalError> {
    let damaged = Arc::new(AtomicBool::new(false));
    let (found, file) = (Arc::clone(&damaged), journal.path().to_owned());
    let look = move || match soundness::of_tables(&file) {
        Ok(faults) if faults.is_empty() => {}
        Ok(faults) => {
            tracing::error!(
                ?faults,
                "the journal is damaged: no more runs are taken; restore it from a copy"
            );
            found.store(true, Ordering::Relaxed);
        }
        Err(error) => tracing::error!(%error, "the journal cannot be looked through"),
    };
    let thread = thread::Builder::new().name("flowright-soundness".to_owned()).spawn(look);
    thread.map(|_| damaged).map_err(|error| JournalError::Thread(Arc::new(error)))
}
