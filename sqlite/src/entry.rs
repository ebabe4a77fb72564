//! What is written of a run while it goes on.

use crate::error::JournalError;
use rusqlite::{Connection, Row, params};
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
}

const COLUMNS: &str = "at_ms, what, action, step, attempt, due_ms, value, edges";

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
        }
    }

    /// Writes the entry, where the run is still the one that was claimed.
    pub(crate) fn write(&self, connection: &Connection, claimed: Claimed) -> Result<(), JournalError> {
        let mut insert = connection.prepare_cached(&format!(
            "insert into entry (run, {COLUMNS}) select ?1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 \
             from run where number = ?1 and claim = ?2 and worker is not null and finished_ms is null"
        ))?;
        let value = self.value.as_ref().map(Value::to_string);
        let edges = self.edges.as_ref().map(|edges| edges.iter().copied().collect::<Value>().to_string());
        let Entry { at_ms, what, action, step, attempt, due_ms, .. } = self;
        let rows = insert.execute(params![
            claimed.run,
            claimed.claim,
            at_ms,
            what.as_str(),
            action,
            step,
            attempt,
            due_ms,
            value,
            edges
        ])?;
        if rows == 1 { Ok(()) } else { Err(JournalError::Lost) }
    }

    /// All that happened in a run, in order.
    pub(crate) fn of(connection: &Connection, run: i64) -> Result<Vec<Entry>, JournalError> {
        let mut select = connection
            .prepare_cached(&format!("select {COLUMNS} from entry where run = ?1 order by number"))?;
        let entries = select.query_and_then([run], Entry::read)?;
        entries.collect()
    }

    fn read(row: &Row<'_>) -> Result<Entry, JournalError> {
        let what: String = row.get(1)?;
        let damaged = |what: &str| JournalError::Damaged(format!("an entry of the run has {what}"));
        Ok(Entry {
            at_ms: row.get(0)?,
            what: What::named(&what).ok_or_else(|| damaged(&format!("an unknown `what`, `{what}`")))?,
            action: row.get(2)?,
            step: row.get(3)?,
            attempt: row.get(4)?,
            due_ms: row.get(5)?,
            value: from_json(row.get(6)?)
                .map_err(|error| damaged(&format!("a value that is no JSON: {error}")))?,
            edges: from_json(row.get(7)?)
                .map_err(|error| damaged(&format!("edges that are no positions: {error}")))?,
        })
    }
}

fn from_json<T: DeserializeOwned>(text: Option<String>) -> Result<Option<T>, serde_json::Error> {
    text.map(|text| serde_json::from_str(&text)).transpose()
}
