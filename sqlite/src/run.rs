//! A run as the file has it.

use crate::colleagues::Dead;
use crate::error::JournalError;
use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::Value;
use std::fmt;

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunStatus {
    /// No worker had it yet.
    Queued,
    /// A worker has it, or had it when it crashed.
    Running,
    /// It sleeps or waits for an event.
    Waiting,
    /// Every action completed or was skipped.
    Completed,
    /// An action failed.
    Failed,
    /// It was cancelled.
    Cancelled,
    /// Its document or its recorded outputs no longer fit the actions.
    Parked,
}

const NAMES: [(RunStatus, &str); 7] = [
    (RunStatus::Queued, "queued"),
    (RunStatus::Running, "running"),
    (RunStatus::Waiting, "waiting"),
    (RunStatus::Completed, "completed"),
    (RunStatus::Failed, "failed"),
    (RunStatus::Cancelled, "cancelled"),
    (RunStatus::Parked, "parked"),
];

impl RunStatus {
    /// As the file has it.
    pub fn as_str(self) -> &'static str {
        NAMES.iter().find(|(status, _)| *status == self).map_or("", |(_, name)| name)
    }

    /// The status of this name.
    pub fn named(name: &str) -> Option<RunStatus> {
        NAMES.iter().find(|(_, known)| *known == name).map(|(status, _)| *status)
    }

    /// Whether nothing more happens in such a run.
    pub fn is_final(self) -> bool {
        matches!(self, RunStatus::Completed | RunStatus::Failed | RunStatus::Cancelled)
    }
}

impl fmt::Display for RunStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A run as the file has it. Times are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq)]
pub struct RunRecord {
    pub(crate) number: i64,
    pub(crate) claim: i64,
    /// What identifies the run.
    pub id: String,
    /// The name of the workflow, where it has one.
    pub workflow: Option<String>,
    /// The event that the workflow was checked for, where it was checked for one.
    pub trigger: Option<String>,
    /// The document as it was submitted.
    pub document: String,
    /// The event that started it.
    pub event: Value,
    /// How far it is.
    pub status: RunStatus,
    /// When it was submitted.
    pub created_ms: i64,
    /// When it is due to go on.
    pub due_ms: i64,
    /// When it ended.
    pub finished_ms: Option<i64>,
    /// The worker that has it.
    pub worker: Option<String>,
    /// What it came to, as [`Outcome::to_json`](flowright::Outcome::to_json) gives it; for a parked one the report. Null
    /// before.
    pub outcome: Value,
}

/// Who asks for runs.
#[derive(Clone, Debug)]
pub(crate) struct Asks {
    /// The worker.
    pub(crate) worker: String,
    /// The numbers of the runs that it has, as JSON.
    pub(crate) own: String,
    /// Whose runs are free.
    pub(crate) dead: Dead,
}

/// That a run is due, and that no living worker has it. What is claimed for a worker that does not know of it is free as
/// well. The parameters are the worker, the time, the runs it has, and the dead.
const IS_FREE: &str = "finished_ms is null and status <> 'parked' and due_ms <= ?2 \
     and number not in (select value from json_each(?3)) and (worker is null or worker = ?1 or not exists ( \
         select 1 from worker as other where other.name = run.worker and not exists ( \
             select 1 from json_each(?4) where value ->> 0 = other.name and value ->> 1 = other.beats)))";

const COLUMNS: &str = "number, id, workflow, started_by, document, event, status, created_ms, due_ms, \
                       claim, finished_ms, worker, outcome";

impl RunRecord {
    pub(crate) fn find(connection: &Connection, id: &str) -> Result<Option<Self>, JournalError> {
        let sql = format!("select {COLUMNS} from run where id = ?1");
        let mut select = connection.prepare_cached(&sql)?;
        let found = select.query_row([id], |row| Ok(Self::read(row))).optional()?;
        found.transpose()
    }

    /// The latest runs, those of one status where one is asked for.
    pub(crate) fn latest(
        connection: &Connection,
        status: Option<RunStatus>,
        most: u32,
    ) -> Result<Vec<Self>, JournalError> {
        let sql = format!(
            "select {COLUMNS} from run where ?1 is null or status = ?1 order by number desc limit ?2"
        );
        let mut select = connection.prepare_cached(&sql)?;
        let rows = select.query_and_then((status.map(RunStatus::as_str), most), Self::read)?;
        rows.collect()
    }

    /// Whether there is a run to claim; looked up without writing.
    pub(crate) fn any_is_free(
        connection: &Connection,
        asks: &Asks,
        now_ms: i64,
    ) -> Result<bool, JournalError> {
        let sql = format!("select exists (select 1 from run where {IS_FREE})");
        let mut select = connection.prepare_cached(&sql)?;
        let asked = (&asks.worker, now_ms, &asks.own, asks.dead.as_json());
        Ok(select.query_row(asked, |row| row.get(0))?)
    }

    /// Of the runs that are due, those that no living worker has, up to so many: they are this worker's from now on. Each
    /// claim has a number, by which what an earlier one still writes is told apart. A run that cannot be read is parked.
    pub(crate) fn claim(
        connection: &Connection,
        asks: &Asks,
        now_ms: i64,
        most: u32,
    ) -> Result<Vec<Self>, JournalError> {
        // Whoever takes it over finds it due, whatever the clock shows by then.
        let sql = format!(
            "update run set worker = ?1, status = 'running', claim = claim + 1, due_ms = 0 where number in (
                 select number from run where {IS_FREE} order by due_ms limit ?5
             ) and exists (select 1 from worker where name = ?1) returning {COLUMNS}"
        );
        let mut update = connection.prepare_cached(&sql)?;
        let asked = (&asks.worker, now_ms, &asks.own, asks.dead.as_json(), most);
        let rows = update.query_map(asked, |row| Ok((row.get(0)?, Self::read(row))))?;
        let rows: Vec<(i64, Result<Self, JournalError>)> = rows.collect::<Result<_, _>>()?;
        let mut park = connection.prepare_cached(
            "update run set status = 'parked', worker = null, outcome = ?2 where number = ?1",
        )?;
        let mut claimed = Vec::new();
        for (number, run) in rows {
            match run {
                Ok(run) => claimed.push(run),
                Err(error) => {
                    park.execute((number, Value::from(error.to_string()).to_string()))?;
                }
            }
        }
        Ok(claimed)
    }

    fn read(row: &Row<'_>) -> Result<Self, JournalError> {
        let id: String = row.get(1)?;
        let damaged = |what: String| JournalError::Damaged(format!("run `{id}` has {what}"));
        let json = |text: String, what: &str| {
            serde_json::from_str(&text).map_err(|error| damaged(format!("{what} that is no JSON: {error}")))
        };
        let status: String = row.get(6)?;
        let outcome: Option<String> = row.get(12)?;
        Ok(RunRecord {
            number: row.get(0)?,
            workflow: row.get(2)?,
            trigger: row.get(3)?,
            document: row.get(4)?,
            event: json(row.get(5)?, "an event")?,
            status: RunStatus::named(&status)
                .ok_or_else(|| damaged(format!("an unknown status, `{status}`")))?,
            created_ms: row.get(7)?,
            due_ms: row.get(8)?,
            claim: row.get(9)?,
            finished_ms: row.get(10)?,
            worker: row.get(11)?,
            outcome: outcome.map_or(Ok(Value::Null), |outcome| json(outcome, "an outcome"))?,
            id,
        })
    }
}
