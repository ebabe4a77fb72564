//! A run as its journal knows it.

use super::row::{RunRow, SELECTED};
use super::status::RunStatus;
use super::submission::Submission;
use crate::error::JournalError;
use crate::file::sum;
use crate::file::vault::Vault;
use flowright::{CheckedWorkflow, Outcome};
use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::Value;

/// A run as its journal knows it. Times are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq)]
pub struct RunRecord {
    pub(crate) number: i64,
    /// What identifies the run.
    pub id: String,
    /// The name of the workflow, where it has one.
    pub workflow: Option<String>,
    /// The event that the workflow was checked for, where it was checked for one.
    pub trigger: Option<String>,
    /// The [fingerprint](flowright::Registry::fingerprint) of the registry that it was checked against.
    pub registry: String,
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
    /// What it came to, as [`Outcome::to_json`](flowright::Outcome::to_json) gives it; for a parked one the report, or as
    /// text why it is parked; for a damaged one why it is. Null before.
    pub outcome: Value,
    /// Whether `"(secret)"` stands in place of values here, as the journal is open without its key.
    pub hides_secrets: bool,
}

fn about(id: &str) -> String {
    format!("{id}/outcome")
}

/// What a run came to, sealed.
pub(crate) fn seal_outcome(vault: &Vault, id: &str, outcome: &Value) -> Result<Vec<u8>, JournalError> {
    vault.seal(&about(id), outcome.to_string().as_bytes())
}

impl RunRecord {
    /// What the run came to, with typed outputs; `None` where it has not ended, or is not one of this workflow.
    pub fn outcome_of(&self, workflow: &CheckedWorkflow) -> Option<Outcome> {
        Outcome::from_json(workflow, &self.outcome)
    }

    pub(crate) fn find(
        connection: &Connection,
        vault: &Vault,
        id: &str,
    ) -> Result<Option<Self>, JournalError> {
        let sql = format!("select {} from run where id = ?1", *SELECTED);
        let mut select = connection.prepare_cached(&sql)?;
        let found = select.query_row([id], |row| Ok(Self::read(connection, vault, row))).optional()?;
        found.transpose()
    }

    /// The latest runs, those of one status where one is asked for.
    pub(crate) fn latest(
        connection: &Connection,
        vault: &Vault,
        status: Option<RunStatus>,
        most: u32,
    ) -> Result<Vec<Self>, JournalError> {
        let sql = format!(
            "select {} from run where ?1 is null or status = ?1 order by number desc limit ?2",
            *SELECTED
        );
        let mut select = connection.prepare_cached(&sql)?;
        let rows = select.query_and_then((status, most), |row| Self::read(connection, vault, row))?;
        rows.collect()
    }

    fn read(connection: &Connection, vault: &Vault, row: &Row<'_>) -> Result<Self, JournalError> {
        match RunRow::read(row) {
            Ok(run) => Self::of(connection, vault, run),
            Err(error @ JournalError::Damaged(_)) => Ok(Self::damaged(row, &error)),
            Err(error) => Err(error),
        }
    }

    /// The run with what was submitted. Where that is not as it was written, it is told as damaged.
    fn of(connection: &Connection, vault: &Vault, run: RunRow) -> Result<Self, JournalError> {
        let (submission, error) = match Submission::of(connection, vault, (run.number, &run.id)) {
            Ok(submission) => (submission, None),
            Err(error @ JournalError::Damaged(_)) => (Submission::nothing(), Some(error)),
            Err(error) => return Err(error),
        };
        let mut record = RunRecord {
            number: run.number,
            hides_secrets: submission.sealed.is_some(),
            workflow: run.workflow,
            trigger: submission.trigger,
            registry: submission.registry,
            document: submission.document,
            event: submission.event,
            status: run.status,
            created_ms: run.created_ms,
            due_ms: run.due_ms,
            finished_ms: run.finished_ms,
            worker: run.worker,
            outcome: Value::Null,
            id: run.id,
        };
        if let Some(outcome) = run.outcome {
            let whole = run.sealed.as_ref().map(|sealed| vault.open(&about(&record.id), sealed));
            record.hides_secrets |= matches!(whole, Some(Err(_)));
            let whole = whole.and_then(Result::ok).unwrap_or(outcome.into_bytes());
            record.outcome = serde_json::from_slice(&whole).map_err(|_| sum::damaged("run"))?;
        }
        if let Some(error) = error {
            record.status = RunStatus::Damaged;
            record.outcome = error.to_string().into();
        }
        Ok(record)
    }

    /// A run of which little can be read.
    fn damaged(row: &Row<'_>, error: &JournalError) -> Self {
        let nothing = Submission::nothing();
        RunRecord {
            number: row.get(0).unwrap_or_default(),
            id: row.get(1).unwrap_or_default(),
            workflow: None,
            trigger: nothing.trigger,
            registry: nothing.registry,
            document: nothing.document,
            event: nothing.event,
            status: RunStatus::Damaged,
            created_ms: 0,
            due_ms: 0,
            finished_ms: None,
            worker: None,
            outcome: error.to_string().into(),
            hides_secrets: false,
        }
    }
}
