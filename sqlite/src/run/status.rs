//! How far a run is.

use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};
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
    /// Its document or its recorded outputs no longer fit the actions, or its secrets cannot be read.
    Parked,
    /// What is written of it is not what was: it is left alone, and the file wants to be restored.
    Damaged,
}

const NAMES: [(RunStatus, &str); 8] = [
    (RunStatus::Queued, "queued"),
    (RunStatus::Running, "running"),
    (RunStatus::Waiting, "waiting"),
    (RunStatus::Completed, "completed"),
    (RunStatus::Failed, "failed"),
    (RunStatus::Cancelled, "cancelled"),
    (RunStatus::Parked, "parked"),
    (RunStatus::Damaged, "damaged"),
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

    /// All there are.
    pub fn all() -> impl Iterator<Item = RunStatus> {
        NAMES.iter().map(|(status, _)| *status)
    }

    /// Whether nothing more happens in such a run.
    pub fn is_final(self) -> bool {
        matches!(self, RunStatus::Completed | RunStatus::Failed | RunStatus::Cancelled)
    }

    /// Whether such a run goes on only when somebody does something about it.
    pub fn is_set_aside(self) -> bool {
        matches!(self, RunStatus::Parked | RunStatus::Damaged)
    }
}

impl fmt::Display for RunStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl ToSql for RunStatus {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.as_str().into())
    }
}

impl FromSql for RunStatus {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        RunStatus::named(value.as_str()?).ok_or(FromSqlError::InvalidType)
    }
}
