//! Submits runs, sends them events, cancels them, and looks at them.

use crate::error::JournalError;
use crate::file::journal::Journal;
use crate::history::entry::Entry;
use crate::history::sent::Sent;
use crate::history::timeline::{self, ActionTimeline};
use crate::run::{RunRecord, RunRow, RunStatus, Submission};
use crate::time::to_ms;
use crate::work::retention;
use flowright::{CheckedWorkflow, Event, Registry};
use rusqlite::Connection;
use serde_json::Value;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// How often it is looked whether another process has changed something.
const LOOK: Duration = Duration::from_millis(50);

/// Submits runs, sends them events, cancels them, and looks at them. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    journal: Journal,
    registry: Registry,
}

impl Client {
    pub(crate) fn new(journal: &Journal, registry: &Registry) -> Self {
        Client { journal: journal.clone(), registry: registry.clone() }
    }

    /// Submits a run. `true` where it is new, `false` where the same document and event were submitted under this id
    /// before: so it may be submitted again by whoever does not know whether it was, until it is
    /// [forgotten](Client::forget_finished). Refused where another run has the id, where it cannot be one, and where the
    /// event is not one that the workflow was checked for.
    pub async fn submit(
        &self,
        id: &str,
        workflow: &CheckedWorkflow,
        event: impl Into<Event>,
    ) -> Result<bool, JournalError> {
        let event = event.into();
        if id.is_empty() || id.chars().count() > 128 || id.contains(|c: char| c == '/' || c.is_control()) {
            return Err(JournalError::Id(id.to_owned()));
        }
        workflow
            .admits(&event)
            .map_err(|refused| JournalError::Event(format!("the event is refused: {refused}")))?;
        self.journal.check_place()?;
        if workflow.has_secrets() {
            self.journal.unlock().await?;
        }
        let mut run = RunRow::new(id, workflow.workflow().name(), to_ms(SystemTime::now()));
        let submission = Submission::new(self.journal.vault(), id, workflow, event.clone())?;
        let (document, event) = (workflow.workflow().to_string(), event.into_value());
        let vault = Arc::clone(self.journal.vault());
        let written = self.journal.writer().write(move |connection| {
            let Some(known) = RunRow::find(connection, &run.id)? else {
                run.insert(connection)?;
                submission.insert(connection, run.number)?;
                return Ok(true);
            };
            let known = Submission::of(connection, &vault, (known.number, &known.id))?;
            known.check_opened(&vault, &run.id)?;
            let same =
                (&known.document, &known.event, &known.trigger) == (&document, &event, &submission.trigger);
            if same { Ok(false) } else { Err(JournalError::OtherRun(run.id)) }
        });
        let is_new = written.await?;
        self.journal.changed().notify_waiters();
        Ok(is_new)
    }

    /// Sends an event to a run. It is kept until the run waits for it. Refused where the registry has events and none of
    /// this name, where the data is not of its type, and where the run has ended or there is none.
    pub async fn send(&self, run: &str, event: &str, data: Value) -> Result<(), JournalError> {
        self.registry.admits_data(event, &data).map_err(JournalError::Event)?;
        let (name, vault) = (event.to_owned(), Arc::clone(self.journal.vault()));
        let now_ms = to_ms(SystemTime::now());
        let written = self.change(run, move |connection, run| {
            if run.finished_ms.is_some() {
                return Err(JournalError::Ended(run.id.clone()));
            }
            Sent::write(connection, &vault, run, &name, data, now_ms)?;
            if run.status == RunStatus::Waiting {
                run.due_ms = 0;
            }
            Ok(true)
        });
        written.await.map(drop)
    }

    /// Cancels a run: nothing more of it starts, and what is under way is stopped. `false` where it had ended.
    pub async fn cancel(&self, run: &str) -> Result<bool, JournalError> {
        let now_ms = to_ms(SystemTime::now());
        let cancelled = self.change(run, move |_, run| {
            if run.finished_ms.is_some() {
                return Ok(false);
            }
            (run.status, run.finished_ms, run.worker) = (RunStatus::Cancelled, Some(now_ms), None);
            Ok(true)
        });
        cancelled.await
    }

    /// Changes how far a run is, where this says `true`.
    async fn change(
        &self,
        id: &str,
        change: impl FnOnce(&Connection, &mut RunRow) -> Result<bool, JournalError> + Send + 'static,
    ) -> Result<bool, JournalError> {
        self.journal.check_place()?;
        let id = id.to_owned();
        let written = self.journal.writer().write(move |connection| {
            let mut run = RunRow::find(connection, &id)?.ok_or(JournalError::NoRun(id))?;
            let changed = change(connection, &mut run)?;
            if changed {
                run.store(connection)?;
            }
            Ok(changed)
        });
        let changed = written.await?;
        self.journal.changed().notify_waiters();
        Ok(changed)
    }

    /// The run of this id.
    pub fn get(&self, run: &str) -> Result<RunRecord, JournalError> {
        let found = self.journal.read(|connection| RunRecord::find(connection, self.journal.vault(), run))?;
        found.ok_or_else(|| JournalError::NoRun(run.to_owned()))
    }

    /// The latest runs first, no more than so many; those of one status, where one is given.
    pub fn list(
        &self,
        status: impl Into<Option<RunStatus>>,
        most: u32,
    ) -> Result<Vec<RunRecord>, JournalError> {
        let status = status.into();
        self.journal.read(|connection| RunRecord::latest(connection, self.journal.vault(), status, most))
    }

    /// What happened in a run so far, in order.
    pub fn history(&self, run: &str) -> Result<Vec<Entry>, JournalError> {
        self.journal.read(|connection| {
            let found = RunRow::find(connection, run)?.ok_or_else(|| JournalError::NoRun(run.to_owned()))?;
            Entry::of(connection, self.journal.vault(), &found)
        })
    }

    /// The same, action by action.
    pub fn timeline(&self, run: &str) -> Result<Vec<ActionTimeline>, JournalError> {
        Ok(timeline::of(&self.history(run)?))
    }

    /// Lets a parked run go on: whoever has an engine that its document fits takes it. `false` where it is not parked.
    pub async fn resume(&self, run: &str) -> Result<bool, JournalError> {
        let resumed = self.change(run, |_, run| {
            if run.status != RunStatus::Parked {
                return Ok(false);
            }
            (run.status, run.outcome, run.sealed, run.due_ms) = (RunStatus::Queued, None, None, 0);
            Ok(true)
        });
        resumed.await
    }

    /// Forgets the runs that completed, failed or were cancelled before this time, with what happened in them and their
    /// events, and says how many. [`Client::get`] says [`NoRun`](JournalError::NoRun) of them from then on, and whoever
    /// submits one again by its id starts it anew. The room that they took is used again; the file gets no smaller. What
    /// [`Worker::keep_finished`](crate::Worker::keep_finished) does all the time, this does once.
    pub async fn forget_finished(&self, before: SystemTime) -> Result<u64, JournalError> {
        retention::forget(&self.journal, to_ms(before)).await
    }

    /// Waits until the run has ended, or is set aside as parked or damaged. Fails where it was forgotten meanwhile, as where there is none.
    pub async fn wait(&self, run: &str) -> Result<RunRecord, JournalError> {
        let is_over = |status: RunStatus| status.is_final() || status.is_set_aside();
        let mut is_first = true;
        loop {
            let changed = self.journal.changed().notified();
            // Many may wait, and much may have been submitted: all of it is read once before, and when it has ended.
            if is_first
                || self.journal.read(|connection| RunRow::status(connection, run))?.is_none_or(is_over)
            {
                let found = self.get(run)?;
                if is_over(found.status) {
                    return Ok(found);
                }
                is_first = false;
            }
            drop(tokio::time::timeout(LOOK, changed).await);
        }
    }
}
