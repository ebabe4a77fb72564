//! What was submitted: the row of a run that never changes.

use crate::error::JournalError;
use crate::file::sum::{self, Columns};
use crate::file::vault::Vault;
use flowright::{CheckedWorkflow, Event};
use rusqlite::types::Value as Column;
use rusqlite::{Connection, OptionalExtension, params_from_iter};
use serde::{Deserialize, Serialize};
use serde_json::Value;

const TABLE: &str = "submission";

/// What was submitted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Submission {
    /// The event that the workflow was checked for, where it was checked for one.
    pub(crate) trigger: Option<String>,
    /// The fingerprint of the registry that it was checked against.
    pub(crate) registry: String,
    pub(crate) document: String,
    pub(crate) event: Value,
    /// The whole of the document and of the event, sealed, where they have secrets and are not opened.
    pub(crate) sealed: Option<Vec<u8>>,
}

/// What is sealed of a submission.
#[derive(Serialize, Deserialize)]
struct Whole {
    document: String,
    event: Value,
}

fn about(id: &str) -> String {
    format!("{id}/submission")
}

impl Submission {
    /// The submission of a run of this id, as people may read it, the whole of it sealed where it has secrets.
    pub(crate) fn new(
        vault: &Vault,
        id: &str,
        workflow: &CheckedWorkflow,
        event: Event,
    ) -> Result<Self, JournalError> {
        let (document, event) = (workflow.workflow().to_string(), event.into_value());
        let readable = (workflow.document_without_secrets(), workflow.event_without_secrets(&event));
        let (trigger, registry) =
            (workflow.trigger().map(str::to_owned), workflow.registry().fingerprint().to_owned());
        if !workflow.has_secrets() {
            return Ok(Submission { trigger, registry, document, event, sealed: None });
        }
        let whole = Whole { document, event };
        let text = serde_json::to_vec(&whole).map_err(|error| JournalError::Damaged(error.to_string()))?;
        let sealed = Some(vault.seal(&about(id), &text)?);
        let Whole { document, event } = whole;
        Ok(Submission {
            trigger,
            registry,
            document: readable.0.unwrap_or(document),
            event: readable.1.unwrap_or(event),
            sealed,
        })
    }

    /// The submission of a run, its secrets opened where the vault opens them.
    pub(crate) fn of(
        connection: &Connection,
        vault: &Vault,
        (run, id): (i64, &str),
    ) -> Result<Self, JournalError> {
        let mut select = connection.prepare_cached(
            "select started_by, registry, document, event, sealed, sum from submission where run = ?1",
        )?;
        let columns = select.query_row([run], |row| Ok(Columns::read(TABLE, run, row, 0, 5))).optional()?;
        let mut columns = columns.ok_or_else(|| sum::damaged(TABLE))??;
        let submission = Submission {
            trigger: columns.next()?,
            registry: columns.next()?,
            document: columns.next()?,
            event: serde_json::from_str(&columns.next::<String>()?).map_err(|_| sum::damaged(TABLE))?,
            sealed: columns.next()?,
        };
        Ok(submission.opened(vault, id))
    }

    /// Whether something of a run is secret: then all of its submission is sealed.
    pub(crate) fn is_sealed(connection: &Connection, run: i64) -> Result<bool, JournalError> {
        let mut select =
            connection.prepare_cached("select sealed is not null from submission where run = ?1")?;
        Ok(select.query_row([run], |row| row.get(0)).optional()?.unwrap_or(false))
    }

    /// What is known where nothing can be read.
    pub(crate) fn nothing() -> Self {
        let (registry, document) = (String::new(), String::new());
        Submission { trigger: None, registry, document, event: Value::Null, sealed: None }
    }

    fn opened(self, vault: &Vault, id: &str) -> Self {
        let whole = self.sealed.as_ref().and_then(|sealed| vault.open(&about(id), sealed).ok());
        match whole.and_then(|whole| serde_json::from_slice(&whole).ok()) {
            Some(Whole { document, event }) => Submission { document, event, sealed: None, ..self },
            None => self,
        }
    }

    /// Why it cannot be executed, where its secrets are not opened.
    pub(crate) fn check_opened(&self, vault: &Vault, id: &str) -> Result<(), JournalError> {
        self.sealed.as_ref().map_or(Ok(()), |sealed| vault.open(&about(id), sealed).map(drop))
    }

    pub(crate) fn insert(&self, connection: &Connection, run: i64) -> Result<(), JournalError> {
        let mut columns: Vec<Column> = vec![
            self.trigger.clone().into(),
            self.registry.clone().into(),
            self.document.clone().into(),
            self.event.to_string().into(),
            self.sealed.clone().into(),
        ];
        let sum = sum::of(TABLE, run, &columns);
        columns.extend([sum.into(), run.into()]);
        let mut insert = connection.prepare_cached(
            "insert into submission (started_by, registry, document, event, sealed, sum, run)
             values (?, ?, ?, ?, ?, ?, ?)",
        )?;
        insert.execute(params_from_iter(columns))?;
        Ok(())
    }
}
