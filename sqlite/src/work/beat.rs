//! The row of a worker: its latest sign of life.

use crate::error::JournalError;
use crate::file::sum::{self, Columns};
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};
use std::time::Duration;

const TABLE: &str = "worker";

/// Its name says which row it is.
const PLACE: i64 = 0;

/// All that stands in a row, whatever it is: by this, it is seen whether a row has stood still.
pub(crate) const RAW: &str =
    "hex(name) || '/' || hex(beats) || '/' || hex(beat_ms) || '/' || hex(lease_ms) || '/' || hex(sum)";

/// A sign of life of a worker.
#[derive(Clone, Debug)]
pub(crate) struct Beat {
    pub(crate) name: String,
    /// How many there were.
    pub(crate) beats: i64,
    pub(crate) at_ms: i64,
    pub(crate) lease_ms: i64,
}

/// The row of a worker as it stands in the file.
pub(crate) struct Found {
    /// All that stands in it.
    pub(crate) raw: String,
    /// What it says, where it is as it was written.
    pub(crate) beat: Result<Beat, JournalError>,
}

impl Beat {
    /// Writes the whole row, whatever stands in it by now.
    pub(crate) fn write(&self, connection: &Connection) -> Result<(), JournalError> {
        let mut columns: Vec<Value> =
            vec![self.name.clone().into(), self.beats.into(), self.at_ms.into(), self.lease_ms.into()];
        columns.push(sum::of(TABLE, PLACE, &columns).into());
        let mut write = connection.prepare_cached(
            "insert or replace into worker (name, beats, beat_ms, lease_ms, sum) values (?, ?, ?, ?, ?)",
        )?;
        write.execute(params_from_iter(columns))?;
        Ok(())
    }

    /// How long the worker has its runs without another one.
    pub(crate) fn lease(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.lease_ms).unwrap_or(0))
    }

    fn read(row: &Row<'_>) -> Result<Self, JournalError> {
        let mut columns = Columns::read(TABLE, PLACE, row, 1, 4)?;
        Ok(Beat {
            name: columns.next()?,
            beats: columns.next()?,
            at_ms: columns.next()?,
            lease_ms: columns.next()?,
        })
    }
}

impl Found {
    /// The rows of all workers.
    pub(crate) fn all(connection: &Connection) -> Result<Vec<Self>, JournalError> {
        let mut select = connection
            .prepare_cached(&format!("select {RAW}, name, beats, beat_ms, lease_ms, sum from worker"))?;
        let rows = select.query_map([], |row| Ok(Found { raw: row.get(0)?, beat: Beat::read(row) }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
