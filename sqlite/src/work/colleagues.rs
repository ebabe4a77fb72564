//! The other workers of a journal, and which of them are dead.

use crate::error::JournalError;
use crate::file::journal::Journal;
use crate::work::beat::{Found, RAW};
use rusqlite::Connection;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The other workers of a journal, as one has seen them itself: by its own clock, which nobody sets.
#[derive(Debug)]
pub(crate) struct Colleagues {
    own: String,
    /// How long a row that is not as it was written counts as that of a living worker.
    lease: Duration,
    /// Since when each row, by all that stands in it, has stood still.
    since: HashMap<String, Instant>,
}

/// The rows of dead workers: all that stands in each of them. Who beats again is not meant.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dead(Arc<BTreeSet<String>>);

impl Colleagues {
    /// Those of the worker of this name and lease.
    pub(crate) fn of(own: &str, lease: Duration) -> Self {
        Colleagues { own: own.to_owned(), lease, since: HashMap::new() }
    }

    /// Looks who of them is dead: who has not counted on for longer than its own lease. A row that is not as it was
    /// written does not say how long that is: it is a living worker's until it has stood still for the lease of this one.
    pub(crate) fn look(&mut self, journal: &Journal) -> Result<Dead, JournalError> {
        let rows = journal.read(Found::all)?;
        // After the look, so that whoever beat before has had the whole of its lease.
        let now = Instant::now();
        let mut before = std::mem::take(&mut self.since);
        let mut dead = BTreeSet::new();
        for Found { raw, beat } in rows {
            if matches!(&beat, Ok(beat) if beat.name == self.own) {
                continue;
            }
            let since = before.remove(&raw).unwrap_or(now);
            if now.duration_since(since) > beat.map_or(self.lease, |beat| beat.lease()) {
                dead.insert(raw.clone());
            }
            self.since.insert(raw, since);
        }
        Ok(Dead(Arc::new(dead)))
    }
}

impl Dead {
    pub(crate) fn contains(&self, row: &Found) -> bool {
        self.0.contains(&row.raw)
    }

    fn to_json(&self) -> String {
        self.0.iter().cloned().collect::<Value>().to_string()
    }

    /// Removes those that are left without a run.
    pub(crate) async fn remove(&self, journal: &Journal) -> Result<(), JournalError> {
        let any_is_idle = |connection: &Connection| {
            let sql = format!("select exists (select 1 from worker where {})", idle());
            Ok(connection.prepare_cached(&sql)?.query_row([self.to_json()], |row| row.get(0))?)
        };
        if self.0.is_empty() || !journal.read(any_is_idle)? {
            return Ok(());
        }
        let dead = self.to_json();
        let removed = journal.writer().write(move |connection| {
            Ok(connection.execute(&format!("delete from worker where {}", idle()), [dead])?)
        });
        removed.await.map(drop)
    }
}

/// That a row of `worker` is one of the dead, which are the statement's first parameter, and has no run.
fn idle() -> String {
    format!(
        "{RAW} in (select value from json_each(?1)) \
         and not exists (select 1 from run where run.worker = worker.name and finished_ms is null)"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::schema;
    use crate::run::{Asks, RunRow};
    use crate::work::beat::Beat;

    fn file() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::prepare(&mut connection).unwrap();
        let mut run = RunRow::new("a", None, 0);
        run.worker = Some("other".to_owned());
        run.insert(&connection).unwrap();
        connection
    }

    fn count(connection: &Connection, name: &str, beats: i64) -> Dead {
        let beat = Beat { name: name.to_owned(), beats, at_ms: 0, lease_ms: 100 };
        beat.write(connection).unwrap();
        let rows = Found::all(connection).unwrap().into_iter();
        let row = rows.filter(|row| row.beat.as_ref().unwrap().name == name);
        Dead(Arc::new(row.map(|row| row.raw).collect()))
    }

    /// How many runs a worker gets to which these are dead.
    fn claimed(connection: &Connection, dead: &Dead) -> usize {
        let dead = dead.clone();
        let asks = Asks { worker: "own".to_owned(), own: "[]".to_owned(), dead };
        let is_free = asks.any(connection, 0).unwrap();
        let claimed = asks.claim(connection, 0, 9).unwrap();
        assert!(is_free || claimed.is_empty());
        claimed.len()
    }

    #[test]
    fn the_runs_of_the_dead_are_free_and_those_of_whoever_beat_again_meanwhile_are_not() {
        for (beats, runs) in [(6, 1), (7, 0)] {
            let connection = file();
            count(&connection, "own", 1);
            let dead = count(&connection, "other", 6);
            count(&connection, "other", beats);
            assert_eq!(claimed(&connection, &dead), runs);
        }
    }

    #[test]
    fn the_runs_of_a_worker_that_is_not_written_down_are_free_for_one_that_is() {
        let connection = file();
        assert_eq!(claimed(&connection, &Dead::default()), 0);
        count(&connection, "own", 1);
        assert_eq!(claimed(&connection, &Dead::default()), 1);
    }

    #[test]
    fn while_a_row_is_damaged_it_may_be_that_of_whoever_is_not_written_down() {
        let connection = file();
        count(&connection, "own", 1);
        count(&connection, "others", 6);
        connection.execute("update worker set beats = 7 where name = 'others'", []).unwrap();
        assert_eq!(claimed(&connection, &Dead::default()), 0);
        let rows = Found::all(&connection).unwrap().into_iter().filter(|row| row.beat.is_err());
        let dead = Dead(Arc::new(rows.map(|row| row.raw).collect()));
        assert_eq!(claimed(&connection, &dead), 1);
    }
}
