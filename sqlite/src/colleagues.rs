//! The other workers of a journal, and which of them are dead.

use crate::error::JournalError;
use crate::journal::Journal;
use rusqlite::Connection;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// The other workers of a journal, as one has seen them itself: by its own clock, which nobody sets.
#[derive(Debug, Default)]
pub(crate) struct Colleagues(HashMap<String, Seen>);

#[derive(Debug)]
struct Seen {
    beats: i64,
    /// Since when it has not counted on.
    since: Instant,
    lease: Duration,
}

/// Dead workers, as JSON: the name of each, and at which beat it stood still. Who beats again is not meant.
#[derive(Clone, Debug)]
pub(crate) struct Dead(String);

/// That a row of `worker` is one of the dead, which are the statement's first parameter.
const IS_DEAD: &str = "exists (select 1 from json_each(?1) as dead \
                       where dead.value ->> 0 = worker.name and dead.value ->> 1 = worker.beats)";

impl Colleagues {
    /// Looks who of them is dead: who has not counted on for longer than its own lease.
    pub(crate) fn look(&mut self, journal: &Journal, own: &str) -> Result<Dead, JournalError> {
        let rows: Vec<(String, i64, i64)> = journal.read(|connection| {
            let mut select =
                connection.prepare_cached("select name, beats, lease_ms from worker where name <> ?1")?;
            let rows = select.query_map([own], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })?;
        // After the look, so that whoever beat before has had the whole of its lease.
        let now = Instant::now();
        let mut before = std::mem::take(&mut self.0);
        for (name, beats, lease_ms) in rows {
            let lease = Duration::from_millis(u64::try_from(lease_ms).unwrap_or(0));
            let known = before.remove(&name).filter(|seen| seen.beats == beats);
            let since = known.map_or(now, |seen| seen.since);
            self.0.insert(name, Seen { beats, since, lease });
        }
        let dead = self.0.iter().filter(|(_, seen)| now.duration_since(seen.since) > seen.lease);
        Ok(Dead(dead.map(|(name, seen)| json!([name, seen.beats])).collect::<Value>().to_string()))
    }
}

impl Dead {
    pub(crate) fn as_json(&self) -> &str {
        &self.0
    }

    /// Whether one of them is left without a run.
    fn any_is_idle(&self, connection: &Connection) -> Result<bool, JournalError> {
        let mut select =
            connection.prepare_cached(&format!("select exists (select 1 from worker where {})", idle()))?;
        Ok(select.query_row([&self.0], |row| row.get(0))?)
    }

    /// Removes those that are left without a run.
    pub(crate) async fn remove(&self, journal: &Journal) -> Result<(), JournalError> {
        if self.0 == "[]" || !journal.read(|connection| self.any_is_idle(connection))? {
            return Ok(());
        }
        let dead = self.0.clone();
        let removed = journal.writer().write(move |connection| {
            Ok(connection.execute(&format!("delete from worker where {}", idle()), [dead])?)
        });
        removed.await.map(drop)
    }
}

fn idle() -> String {
    format!(
        "{IS_DEAD} and not exists (select 1 from run where run.worker = worker.name and finished_ms is null)"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::{Asks, RunRow};
    use crate::schema;

    fn file() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::prepare(&mut connection).unwrap();
        let mut run = RunRow::new("a", None, 0);
        run.worker = Some("other".to_owned());
        run.insert(&connection).unwrap();
        connection
    }

    fn count(connection: &Connection, name: &str, beats: i64) {
        let insert = "insert into worker values (?1, ?2, 0, 100)";
        connection.execute(insert, (name, beats)).unwrap();
    }

    /// How many runs a worker gets to which another one is dead that stood still at its sixth beat.
    fn claimed(connection: &Connection) -> usize {
        let dead = Dead(json!([["other", 6]]).to_string());
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
            count(&connection, "other", beats);
            assert_eq!(claimed(&connection), runs);
        }
    }

    #[test]
    fn the_runs_of_a_worker_that_is_not_written_down_are_free_for_one_that_is() {
        let connection = file();
        assert_eq!(claimed(&connection), 0);
        count(&connection, "own", 1);
        assert_eq!(claimed(&connection), 1);
    }
}
