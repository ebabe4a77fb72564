//! What is written of a run while it goes on.

use crate::error::JournalError;
use crate::file::sum::{self, Columns};
use crate::file::vault::Vault;
use crate::run::RunRow;
use rusqlite::types::Value as Column;
use rusqlite::{Connection, Row, params_from_iter};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The run began, at `$source`.
    Began,
    /// An attempt at the action began.
    Started,
    /// The action completed; the value is its output.
    Completed,
    /// The action failed for good; the value is the failure.
    Failed,
    /// The attempt failed, and the next one is due; the value is the failure.
    Again,
    /// A sub-step has this value.
    Step,
    /// A sleep began; it ends when it is due.
    Sleep,
    /// A wait for an event began; it ends when it is due, if ever.
    Wait,
    /// The wait ended; the value is a list with the event's data, an empty one where nothing came in time.
    Waited,
}

const NAMES: [(What, &str); 9] = [
    (What::Began, "began"),
    (What::Started, "started"),
    (What::Completed, "completed"),
    (What::Failed, "failed"),
    (What::Again, "again"),
    (What::Step, "step"),
    (What::Sleep, "sleep"),
    (What::Wait, "wait"),
    (What::Waited, "waited"),
];

impl What {
    /// As the file has it.
    pub fn as_str(self) -> &'static str {
        NAMES.iter().find(|(what, _)| *what == self).map_or("", |(_, name)| name)
    }

    fn named(name: &str) -> Option<What> {
        NAMES.iter().find(|(_, known)| *known == name).map(|(what, _)| *what)
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A run that a worker has: by its number, and by that of the claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Claimed {
    pub(crate) run: i64,
    pub(crate) claim: i64,
}

/// Something that happened in a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// What.
    pub what: What,
    /// The id of the action.
    pub action: String,
    /// The name of its sub-step, where it happened to one.
    pub step: Option<String>,
    /// Which attempt at the action it was; the first is 1.
    pub attempt: Option<u32>,
    /// When what follows is due, in milliseconds since 1970.
    pub due_ms: Option<i64>,
    /// What it came to.
    pub value: Option<Value>,
    /// Of the edges from the action, those that have a condition and are taken: their positions in the document. They are
    /// decided once, when the action completes.
    pub edges: Option<Box<[usize]>>,
    /// The whole of the value, sealed, where it has secrets and is not opened.
    pub(crate) sealed: Option<Vec<u8>>,
}

const TABLE: &str = "entry";

const COLUMNS: &str = "run, at_ms, what, action, step, attempt, due_ms, value, edges, sealed";

fn about(id: &str, action: &str) -> String {
    format!("{id}/entry/{action}")
}

impl Entry {
    pub(crate) fn new(at_ms: i64, what: What, action: &str) -> Self {
        Entry {
            at_ms,
            what,
            action: action.to_owned(),
            step: None,
            attempt: None,
            due_ms: None,
            value: None,
            edges: None,
            sealed: None,
        }
    }

    /// The same with a value of which people may read only this, the whole of it sealed.
    pub(crate) fn seal(self, vault: &Vault, id: &str, readable: Value) -> Result<Self, JournalError> {
        let whole = self.value.as_ref().map(Value::to_string).unwrap_or_default();
        let sealed = Some(vault.seal(&about(id, &self.action), whole.as_bytes())?);
        Ok(Entry { value: Some(readable), sealed, ..self })
    }

    fn opened(self, vault: &Vault, id: &str) -> Result<Self, JournalError> {
        let Some(sealed) = &self.sealed else { return Ok(self) };
        let Ok(whole) = vault.open(&about(id, &self.action), sealed) else { return Ok(self) };
        let value = serde_json::from_slice(&whole).map_err(|_| sum::damaged(TABLE))?;
        Ok(Entry { value: Some(value), sealed: None, ..self })
    }

    /// Why its value cannot be used, where it is not opened.
    pub(crate) fn check_opened(&self, vault: &Vault, id: &str) -> Result<(), JournalError> {
        self.sealed.as_ref().map_or(Ok(()), |sealed| vault.open(&about(id, &self.action), sealed).map(drop))
    }

    /// Writes the entry, where the run is still the one that was claimed.
    pub(crate) fn write(&self, connection: &Connection, claimed: Claimed) -> Result<(), JournalError> {
        let mut run = RunRow::claimed(connection, claimed)?;
        let edges = self.edges.as_ref().map(|edges| edges.iter().copied().collect::<Value>().to_string());
        let mut columns: Vec<Column> = vec![
            claimed.run.into(),
            self.at_ms.into(),
            self.what.as_str().to_owned().into(),
            self.action.clone().into(),
            self.step.clone().into(),
            self.attempt.map(i64::from).into(),
            self.due_ms.into(),
            self.value.as_ref().map(Value::to_string).into(),
            edges.into(),
            self.sealed.clone().into(),
        ];
        columns.push(sum::of(TABLE, run.entries, &columns).into());
        let mut insert = connection.prepare_cached(&format!(
            "insert into entry ({COLUMNS}, sum) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        ))?;
        insert.execute(params_from_iter(columns))?;
        run.entries = run.entries.saturating_add(1);
        run.store(connection)
    }

    /// Whether it is written already.
    pub(crate) fn is_in(&self, connection: &Connection, claimed: Claimed) -> Result<bool, JournalError> {
        let mut select = connection.prepare_cached(
            "select exists (select 1 from entry where run = ?1 and at_ms = ?2 and what = ?3 and action = ?4 \
             and step is ?5 and attempt is ?6)",
        )?;
        let Entry { at_ms, what, action, step, attempt, .. } = self;
        let asked = (claimed.run, at_ms, what.as_str(), action, step, attempt);
        Ok(select.query_row(asked, |row| row.get(0))?)
    }

    /// All that happened in a run, in order; its secrets opened where the vault opens them.
    pub(crate) fn of(
        connection: &Connection,
        vault: &Vault,
        run: &RunRow,
    ) -> Result<Vec<Entry>, JournalError> {
        let mut select = connection
            .prepare_cached(&format!("select {COLUMNS}, sum from entry where run = ?1 order by number"))?;
        let mut rows = select.query([run.number])?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            let place = i64::try_from(entries.len()).unwrap_or(i64::MAX);
            entries.push(Entry::read(row, place)?.opened(vault, &run.id)?);
        }
        if i64::try_from(entries.len()) != Ok(run.entries) {
            return Err(sum::damaged(TABLE));
        }
        Ok(entries)
    }

    fn read(row: &Row<'_>, place: i64) -> Result<Entry, JournalError> {
        let mut columns = Columns::read(TABLE, place, row, 0, 10)?;
        columns.next::<i64>()?;
        Ok(Entry {
            at_ms: columns.next()?,
            what: What::named(&columns.next::<String>()?).ok_or_else(|| sum::damaged(TABLE))?,
            action: columns.next()?,
            step: columns.next()?,
            attempt: columns.next()?,
            due_ms: columns.next()?,
            value: from_json(columns.next()?)?,
            edges: from_json(columns.next()?)?,
            sealed: columns.next()?,
        })
    }
}

fn from_json<T: DeserializeOwned>(text: Option<String>) -> Result<Option<T>, JournalError> {
    text.map(|text| serde_json::from_str(&text)).transpose().map_err(|_| sum::damaged(TABLE))
}
