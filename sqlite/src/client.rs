//! Submits runs, sends them events, cancels them, and looks at them.

use crate::entry::Entry;
use crate::error::JournalError;
use crate::journal::Journal;
use crate::retention;
use crate::run::{RunRecord, RunStatus};
use crate::time::to_ms;
use crate::timeline::{self, ActionTimeline};
use flowright::{CheckedWorkflow, Event, Registry};
use rusqlite::OptionalExtension;
use serde_json::Value;
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
        let (id, name) = (id.to_owned(), workflow.workflow().name().map(str::to_owned));
        let (document, trigger) = (workflow.workflow().to_string(), workflow.trigger().map(str::to_owned));
        let event = event.as_value().to_string();
        let now_ms = to_ms(SystemTime::now());
        let written = self.journal.writer().write(move |connection| {
            let mut insert = connection.prepare_cached(
                "insert into run (id, workflow, started_by, document, event, status, created_ms, due_ms)
                 values (?1, ?2, ?3, ?4, ?5, 'queued', ?6, 0) on conflict (id) do nothing",
            )?;
            if insert.execute((&id, name, &trigger, &document, &event, now_ms))? == 1 {
                return Ok(true);
            }
            let mut select = connection.prepare_cached(
                "select document = ?2 and event = ?3 and started_by is ?4 from run where id = ?1",
            )?;
            let same: bool = select.query_row((&id, &document, &event, &trigger), |row| row.get(0))?;
            if same { Ok(false) } else { Err(JournalError::OtherRun(id)) }
        });
        let is_new = written.await?;
        self.journal.changed().notify_waiters();
        Ok(is_new)
    }

    /// Sends an event to a run. It is kept until the run waits for it. Refused where the registry has events and none of
    /// this name, where the data is not of its type, and where the run has ended or there is none.
    pub async fn send(&self, run: &str, event: &str, data: Value) -> Result<(), JournalError> {
        self.registry.admits_data(event, &data).map_err(JournalError::Event)?;
        let (id, name, data) = (run.to_owned(), event.to_owned(), data.to_string());
        let now_ms = to_ms(SystemTime::now());
        let written = self.journal.writer().write(move |connection| {
            let mut select =
                connection.prepare_cached("select number, finished_ms from run where id = ?1")?;
            let found: Option<(i64, Option<i64>)> =
                select.query_row([&id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            let number = match found {
                None => return Err(JournalError::NoRun(id)),
                Some((_, Some(_))) => return Err(JournalError::Ended(id)),
                Some((number, None)) => number,
            };
            let mut insert = connection
                .prepare_cached("insert into event (run, name, data, sent_ms) values (?1, ?2, ?3, ?4)")?;
            insert.execute((number, name, data, now_ms))?;
            let mut wake = connection
                .prepare_cached("update run set due_ms = 0 where number = ?1 and status = 'waiting'")?;
            wake.execute([number])?;
            Ok(())
        });
        written.await?;
        self.journal.changed().notify_waiters();
        Ok(())
    }

    /// Cancels a run: nothing more of it starts, and what is under way is stopped. `false` where it had ended.
    pub async fn cancel(&self, run: &str) -> Result<bool, JournalError> {
        let id = run.to_owned();
        let now_ms = to_ms(SystemTime::now());
        let written = self.journal.writer().write(move |connection| {
            let mut update = connection.prepare_cached(
                "update run set status = 'cancelled', finished_ms = ?2, worker = null
                 where id = ?1 and finished_ms is null",
            )?;
            if update.execute((&id, now_ms))? == 1 {
                return Ok(true);
            }
            match RunRecord::find(connection, &id)? {
                Some(_) => Ok(false),
                None => Err(JournalError::NoRun(id)),
            }
        });
        let cancelled = written.await?;
        self.journal.changed().notify_waiters();
        Ok(cancelled)
    }

    /// The run of this id.
    pub fn get(&self, run: &str) -> Result<RunRecord, JournalError> {
        let found = self.journal.read(|connection| RunRecord::find(connection, run))?;
        found.ok_or_else(|| JournalError::NoRun(run.to_owned()))
    }

    /// The latest runs first, no more than so many; those of one status, where one is given.
    pub fn list(
        &self,
        status: impl Into<Option<RunStatus>>,
        most: u32,
    ) -> Result<Vec<RunRecord>, JournalError> {
        let status = status.into();
        self.journal.read(|connection| RunRecord::latest(connection, status, most))
    }

    /// What happened in a run so far, in order.
    pub fn history(&self, run: &str) -> Result<Vec<Entry>, JournalError> {
        let run = self.get(run)?;
        self.journal.read(|connection| Entry::of(connection, run.number))
    }

    /// The same, action by action.
    pub fn timeline(&self, run: &str) -> Result<Vec<ActionTimeline>, JournalError> {
        Ok(timeline::of(&self.history(run)?))
    }

    /// Lets a parked run go on: whoever has an engine that its document fits takes it. `false` where it is not parked.
    pub async fn resume(&self, run: &str) -> Result<bool, JournalError> {
        let id = run.to_owned();
        let written = self.journal.writer().write(move |connection| {
            let mut update = connection.prepare_cached(
                "update run set status = 'queued', outcome = null, due_ms = 0 where id = ?1 and status = 'parked'",
            )?;
            if update.execute([&id])? == 1 {
                return Ok(true);
            }
            match RunRecord::find(connection, &id)? {
                Some(_) => Ok(false),
                None => Err(JournalError::NoRun(id)),
            }
        });
        let resumed = written.await?;
        self.journal.changed().notify_waiters();
        Ok(resumed)
    }

    /// Forgets the runs that completed, failed or were cancelled before this time, with what happened in them and their
    /// events, and says how many. [`Client::get`] says [`NoRun`](JournalError::NoRun) of them from then on, and whoever
    /// submits one again by its id starts it anew. The room that they took is used again; the file gets no smaller. What
    /// [`Worker::keep_finished`](crate::Worker::keep_finished) does all the time, this does once.
    pub async fn forget_finished(&self, before: SystemTime) -> Result<u64, JournalError> {
        retention::forget(&self.journal, to_ms(before)).await
    }

    /// Waits until the run has ended, or is parked. Fails where it was forgotten meanwhile, as where there is none.
    pub async fn wait(&self, run: &str) -> Result<RunRecord, JournalError> {
        loop {
            let changed = self.journal.changed().notified();
            let found = self.get(run)?;
            if found.status.is_final() || found.status == RunStatus::Parked {
                return Ok(found);
            }
            drop(tokio::time::timeout(LOOK, changed).await);
        }
    }
}
