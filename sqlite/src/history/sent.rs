//! The events that are sent to runs.

use crate::error::JournalError;
use crate::file::sum::{self, Columns};
use crate::file::vault::Vault;
use crate::run::{RunRow, Submission};
use rusqlite::types::Value as Column;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};
use serde_json::Value;
use std::sync::LazyLock;

const TABLE: &str = "event";

const COLUMNS: &str = "run, name, data, sent_ms, taken_by, sealed";

/// The first event of a name that was sent to a run, and that this wait has taken, or none.
static FIRST: LazyLock<String> = LazyLock::new(|| {
    format!(
        "select number, {COLUMNS}, sum from event where run = ?1 and name = ?2 and taken_by is ?3 order by number limit 1"
    )
});

/// An event that was sent to a run.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    number: i64,
    run: i64,
    name: String,
    /// As people may read it.
    data: Value,
    at_ms: i64,
    /// The wait that has taken it.
    taken_by: Option<String>,
    /// The whole of the data, sealed, where the run handles secrets.
    sealed: Option<Vec<u8>>,
}

fn about(id: &str, event: &str) -> String {
    format!("{id}/event/{event}")
}

impl Sent {
    /// Writes an event to a run, which goes on if it waits.
    pub(crate) fn write(
        connection: &Connection,
        vault: &Vault,
        run: &mut RunRow,
        name: &str,
        data: Value,
        at_ms: i64,
    ) -> Result<(), JournalError> {
        let has_secrets = Submission::is_sealed(connection, run.number)?;
        let seal = || vault.seal(&about(&run.id, name), data.to_string().as_bytes());
        let sealed = has_secrets.then(seal).transpose()?;
        let data = if has_secrets { "(secret)".into() } else { data };
        let sent =
            Sent { number: 0, run: run.number, name: name.to_owned(), data, at_ms, taken_by: None, sealed };
        let mut insert = connection
            .prepare_cached(&format!("insert into event ({COLUMNS}, sum) values (?, ?, ?, ?, ?, ?, ?)"))?;
        insert.execute(params_from_iter(sent.columns()))?;
        run.events = run.events.saturating_add(1);
        Ok(())
    }

    /// The event that this wait has taken, or else the first one that no wait has.
    pub(crate) fn first(
        connection: &Connection,
        run: i64,
        event: &str,
        by: &str,
    ) -> Result<Option<Self>, JournalError> {
        let mut select = connection.prepare_cached(&FIRST)?;
        for by in [Some(by), None] {
            let found = select.query_row((run, event, by), |row| Ok(Self::read(row))).optional()?;
            if found.is_some() {
                return found.transpose();
            }
        }
        Ok(None)
    }

    /// Whether this wait has taken an event.
    pub(crate) fn has_taken(
        connection: &Connection,
        run: i64,
        event: &str,
        by: &str,
    ) -> Result<bool, JournalError> {
        let mut select = connection.prepare_cached(
            "select exists (select 1 from event where run = ?1 and name = ?2 and taken_by = ?3)",
        )?;
        Ok(select.query_row((run, event, by), |row| row.get(0))?)
    }

    /// How many events of this name no wait has taken.
    pub(crate) fn untaken(connection: &Connection, run: i64, event: &str) -> Result<u64, JournalError> {
        let mut select = connection
            .prepare_cached("select count(*) from event where run = ?1 and name = ?2 and taken_by is null")?;
        let count: i64 = select.query_row((run, event), |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// Whether an event of one of these names was sent that no wait has taken.
    pub(crate) fn any_waits(
        connection: &Connection,
        run: i64,
        events: &[String],
    ) -> Result<bool, JournalError> {
        let mut select = connection.prepare_cached(
            "select exists (select 1 from event where run = ?1 and name = ?2 and taken_by is null)",
        )?;
        for event in events {
            if select.query_row((run, event), |row| row.get(0))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Looks whether all events of a run are as they were written.
    pub(crate) fn check(connection: &Connection, run: &RunRow) -> Result<(), JournalError> {
        let mut select =
            connection.prepare_cached(&format!("select number, {COLUMNS}, sum from event where run = ?1"))?;
        let mut rows = select.query([run.number])?;
        let mut events = 0;
        while let Some(row) = rows.next()? {
            Self::read(row)?;
            events += 1;
        }
        if events == run.events { Ok(()) } else { Err(sum::damaged(TABLE)) }
    }

    /// Its data.
    pub(crate) fn data(&self, vault: &Vault, id: &str) -> Result<Value, JournalError> {
        let Some(sealed) = &self.sealed else { return Ok(self.data.clone()) };
        let data = vault.open(&about(id, &self.name), sealed)?;
        serde_json::from_slice(&data).map_err(|_| sum::damaged(TABLE))
    }

    pub(crate) fn is_sealed(&self) -> bool {
        self.sealed.is_some()
    }

    /// Whether a wait has taken it.
    pub(crate) fn is_taken(&self) -> bool {
        self.taken_by.is_some()
    }

    /// Is taken by this wait.
    pub(crate) fn take(mut self, connection: &Connection, by: &str) -> Result<(), JournalError> {
        self.taken_by = Some(by.to_owned());
        let mut columns = self.columns();
        columns.push(self.number.into());
        let mut take = connection.prepare_cached(
            "update event set run = ?, name = ?, data = ?, sent_ms = ?, taken_by = ?, sealed = ?, sum = ? where number = ?",
        )?;
        take.execute(params_from_iter(columns))?;
        Ok(())
    }

    fn read(row: &Row<'_>) -> Result<Self, JournalError> {
        let mut columns = Columns::read(TABLE, 0, row, 1, 6)?;
        Ok(Sent {
            number: row.get(0)?,
            run: columns.next()?,
            name: columns.next()?,
            data: serde_json::from_str(&columns.next::<String>()?).map_err(|_| sum::damaged(TABLE))?,
            at_ms: columns.next()?,
            taken_by: columns.next()?,
            sealed: columns.next()?,
        })
    }

    /// Its columns, and the sum behind them.
    fn columns(&self) -> Vec<Column> {
        let mut columns: Vec<Column> = vec![
            self.run.into(),
            self.name.clone().into(),
            self.data.to_string().into(),
            self.at_ms.into(),
            self.taken_by.clone().into(),
            self.sealed.clone().into(),
        ];
        columns.push(sum::of(TABLE, 0, &columns).into());
        columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::schema;

    #[test]
    fn events_are_found_without_looking_at_those_that_were_taken() {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::prepare(&mut connection).unwrap();
        let mut explain = connection.prepare(&format!("explain query plan {}", *FIRST)).unwrap();
        let rows = explain.query_map((1, "e", "a/e"), |row| row.get(3)).unwrap();
        let plan = rows.collect::<Result<Vec<String>, _>>().unwrap().join("; ");
        assert!(plan.contains("event_run (run=? AND name=? AND taken_by=?)"), "{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    }

    #[test]
    fn a_wait_has_the_event_that_it_took_and_else_the_first_that_none_has() {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::prepare(&mut connection).unwrap();
        let mut run = RunRow::new("a", None, 0);
        run.insert(&connection).unwrap();
        for data in 1..=3 {
            Sent::write(&connection, &Vault::closed(), &mut run, "e", data.into(), 0).unwrap();
        }
        let first = |by: &str| Sent::first(&connection, run.number, "e", by).unwrap().unwrap();
        for (by, data) in [("1/e", 1), ("2/e", 2)] {
            assert_eq!(first(by).data, data);
            first(by).take(&connection, by).unwrap();
        }
        assert_eq!([first("1/e").data, first("2/e").data, first("3/e").data], [1, 2, 3]);
        assert!(Sent::first(&connection, run.number, "f", "1/e").unwrap().is_none());
    }
}
