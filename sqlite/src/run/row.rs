//! How far a run is, as the file has it: the row of it that changes.

use super::status::RunStatus;
use crate::error::JournalError;
use crate::file::sum::{self, Columns};
use crate::history::entry::Claimed;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};
use std::sync::LazyLock;

const TABLE: &str = "run";

/// Its id says which row it is.
const PLACE: i64 = 0;

const COLUMNS: [&str; 12] = [
    "id",
    "workflow",
    "status",
    "created_ms",
    "due_ms",
    "finished_ms",
    "worker",
    "claim",
    "entries",
    "events",
    "outcome",
    "sealed",
];

/// How far a run is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RunRow {
    pub(crate) number: i64,
    pub(crate) id: String,
    pub(crate) workflow: Option<String>,
    pub(crate) status: RunStatus,
    pub(crate) created_ms: i64,
    pub(crate) due_ms: i64,
    pub(crate) finished_ms: Option<i64>,
    pub(crate) worker: Option<String>,
    pub(crate) claim: i64,
    /// How many entries it has.
    pub(crate) entries: i64,
    /// How many events were sent to it.
    pub(crate) events: i64,
    /// As people may read it.
    pub(crate) outcome: Option<String>,
    /// The whole of the outcome, sealed, where it has secrets.
    pub(crate) sealed: Option<Vec<u8>>,
}

/// The columns and the sum, as `select` lists them behind the number.
pub(super) static SELECTED: LazyLock<String> =
    LazyLock::new(|| format!("number, {}, sum", COLUMNS.join(", ")));

impl RunRow {
    /// A run that is submitted now.
    pub(crate) fn new(id: &str, workflow: Option<&str>, created_ms: i64) -> Self {
        RunRow {
            number: 0,
            id: id.to_owned(),
            workflow: workflow.map(str::to_owned),
            status: RunStatus::Queued,
            created_ms,
            due_ms: 0,
            finished_ms: None,
            worker: None,
            claim: 0,
            entries: 0,
            events: 0,
            outcome: None,
            sealed: None,
        }
    }

    /// The run of this id, where there is one.
    pub(crate) fn find(connection: &Connection, id: &str) -> Result<Option<Self>, JournalError> {
        static SELECT: LazyLock<String> =
            LazyLock::new(|| format!("select {} from run where id = ?1", *SELECTED));
        let mut select = connection.prepare_cached(&SELECT)?;
        select.query_row([id], |row| Ok(Self::read(row))).optional()?.transpose()
    }

    /// How far the run of this id is, where there is one of which that can be read.
    pub(crate) fn status(connection: &Connection, id: &str) -> Result<Option<RunStatus>, JournalError> {
        match Self::find(connection, id) {
            Ok(run) => Ok(run.map(|run| run.status)),
            Err(error) if error.is_damage() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The run of this number.
    pub(crate) fn get(connection: &Connection, number: i64) -> Result<Option<Self>, JournalError> {
        static SELECT: LazyLock<String> =
            LazyLock::new(|| format!("select {} from run where number = ?1", *SELECTED));
        let mut select = connection.prepare_cached(&SELECT)?;
        select.query_row([number], |row| Ok(Self::read(row))).optional()?.transpose()
    }

    /// The run that a worker has, where it still has it.
    pub(crate) fn claimed(connection: &Connection, claimed: Claimed) -> Result<Self, JournalError> {
        let run = Self::get(connection, claimed.run)?
            .filter(|run| run.claim == claimed.claim && run.worker.is_some() && run.finished_ms.is_none());
        run.ok_or(JournalError::Lost)
    }

    pub(crate) fn read(row: &Row<'_>) -> Result<Self, JournalError> {
        let number = row.get(0).map_err(|_| sum::damaged(TABLE))?;
        let mut columns = Columns::read(TABLE, PLACE, row, 1, COLUMNS.len())?;
        Ok(RunRow {
            number,
            id: columns.next()?,
            workflow: columns.next()?,
            status: columns.next()?,
            created_ms: columns.next()?,
            due_ms: columns.next()?,
            finished_ms: columns.next()?,
            worker: columns.next()?,
            claim: columns.next()?,
            entries: columns.next()?,
            events: columns.next()?,
            outcome: columns.next()?,
            sealed: columns.next()?,
        })
    }

    fn columns(&self) -> Vec<Value> {
        vec![
            self.id.clone().into(),
            self.workflow.clone().into(),
            self.status.as_str().to_owned().into(),
            self.created_ms.into(),
            self.due_ms.into(),
            self.finished_ms.into(),
            self.worker.clone().into(),
            self.claim.into(),
            self.entries.into(),
            self.events.into(),
            self.outcome.clone().into(),
            self.sealed.clone().into(),
        ]
    }

    /// Writes a new run, and gives it its number.
    pub(crate) fn insert(&mut self, connection: &Connection) -> Result<(), JournalError> {
        static INSERT: LazyLock<String> = LazyLock::new(|| {
            let values = vec!["?"; COLUMNS.len() + 1].join(", ");
            format!("insert into run ({}, sum) values ({values}) returning number", COLUMNS.join(", "))
        });
        let mut insert = connection.prepare_cached(&INSERT)?;
        self.number = insert.query_row(params_from_iter(summed(self.columns())), |row| row.get(0))?;
        Ok(())
    }

    /// Writes how far it is now.
    pub(crate) fn store(&self, connection: &Connection) -> Result<(), JournalError> {
        store(connection, self.number, self.columns())
    }

    /// Leaves a run alone that is not as it was written, and writes down why.
    pub(crate) fn set_aside(connection: &Connection, number: i64, why: &str) -> Result<(), JournalError> {
        match Self::set_aside_with_sum(connection, number, why) {
            Err(error) if !error.is_passing() => {
                // Of what cannot be read there is no sum: the row is told as damaged for that.
                connection.execute(
                    "update run set status = ?1, outcome = ?2, worker = null, finished_ms = null, sealed = null
                     where number = ?3",
                    (RunStatus::Damaged, serde_json::Value::from(why).to_string(), number),
                )?;
                Ok(())
            }
            stored => stored,
        }
    }

    fn set_aside_with_sum(connection: &Connection, number: i64, why: &str) -> Result<(), JournalError> {
        let select = format!("select {} from run where number = ?1", COLUMNS.join(", "));
        let mut columns = connection.query_row(&select, [number], |row| {
            (0..COLUMNS.len()).map(|at| row.get(at)).collect::<rusqlite::Result<Vec<Value>>>()
        })?;
        for (name, column) in COLUMNS.iter().zip(&mut columns) {
            match *name {
                "status" => *column = RunStatus::Damaged.as_str().to_owned().into(),
                "outcome" => *column = serde_json::Value::from(why).to_string().into(),
                "worker" | "finished_ms" | "sealed" => *column = Value::Null,
                _ => {}
            }
        }
        store(connection, number, columns)
    }
}

fn summed(mut columns: Vec<Value>) -> Vec<Value> {
    let sum = sum::of(TABLE, PLACE, &columns);
    columns.push(sum.into());
    columns
}

fn store(connection: &Connection, number: i64, columns: Vec<Value>) -> Result<(), JournalError> {
    static UPDATE: LazyLock<String> = LazyLock::new(|| {
        let set: Vec<String> = COLUMNS.iter().map(|column| format!("{column} = ?")).collect();
        format!("update run set {}, sum = ? where number = ?", set.join(", "))
    });
    let mut columns = summed(columns);
    columns.push(number.into());
    connection.prepare_cached(&UPDATE)?.execute(params_from_iter(columns))?;
    Ok(())
}
