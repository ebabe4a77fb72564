//! Runs that ended are forgotten, so that the file does not grow without end.

use crate::error::JournalError;
use crate::file::journal::Journal;
use crate::time::to_ms;
use crate::work::caught;
use flowright::Engine;
use rusqlite::Connection;
use serde_json::Value;
use std::time::Duration;
use tokio::sync::watch;

/// How many runs one write forgets at most: others write in between.
const TOGETHER: u32 = 256;

/// How often it is looked what is to be forgotten.
const LOOK: Duration = Duration::from_secs(1);

/// Forgets all runs that finished before this time; how many there were.
pub(crate) async fn forget(journal: &Journal, before_ms: i64) -> Result<u64, JournalError> {
    let mut forgotten = 0;
    loop {
        let some = some(journal, before_ms).await?;
        forgotten += u64::from(some);
        if some < TOGETHER {
            return Ok(forgotten);
        }
    }
}

/// Forgets runs that finished longer ago than this, until the worker stops.
pub(crate) async fn keep_for(
    journal: Journal,
    engine: Engine,
    longest: Duration,
    mut stop: watch::Receiver<bool>,
) {
    let longest_ms = i64::try_from(longest.as_millis()).unwrap_or(i64::MAX);
    while !*stop.borrow() && stop.has_changed().is_ok() {
        let some = async { some(&journal, to_ms(engine.now()).saturating_sub(longest_ms)).await };
        match caught::in_time(some).await {
            Ok(TOGETHER..) => continue,
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "runs that ended cannot be forgotten, which is tried again"),
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Forgets as many of them as one write may. Where there are none, nothing is written.
async fn some(journal: &Journal, before_ms: i64) -> Result<u32, JournalError> {
    let are_there = journal.read(|connection| {
        let mut select =
            connection.prepare_cached("select exists (select 1 from run where finished_ms < ?1)")?;
        Ok(select.query_row([before_ms], |row| row.get(0))?)
    });
    if !are_there? {
        return Ok(0);
    }
    journal.writer().write(move |connection| write(connection, before_ms)).await
}

fn write(connection: &Connection, before_ms: i64) -> Result<u32, JournalError> {
    let mut select = connection
        .prepare_cached("select number from run where finished_ms < ?1 order by finished_ms limit ?2")?;
    let rows = select.query_map((before_ms, TOGETHER), |row| row.get(0))?;
    let runs: Vec<i64> = rows.collect::<Result<_, _>>()?;
    let listed = runs.iter().copied().collect::<Value>().to_string();
    for (table, run) in [("entry", "run"), ("event", "run"), ("submission", "run"), ("run", "number")] {
        let sql = format!("delete from {table} where {run} in (select value from json_each(?1))");
        connection.prepare_cached(&sql)?.execute([&listed])?;
    }
    Ok(u32::try_from(runs.len()).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::schema;
    use crate::run::RunRow;

    #[test]
    fn one_write_forgets_so_many_runs_and_the_earliest_first() {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::prepare(&mut connection).unwrap();
        for at in 1..=300 {
            let mut run = RunRow::new(&at.to_string(), None, 0);
            run.finished_ms = Some(1_000 - at);
            run.insert(&connection).unwrap();
        }
        let left = |connection: &Connection| -> (u32, i64) {
            let sql = "select count(*), ifnull(min(finished_ms), 0) from run";
            connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
        };
        assert_eq!(write(&connection, 700).unwrap(), 0);
        assert_eq!(write(&connection, 10_000).unwrap(), 256);
        assert_eq!(left(&connection), (44, 956));
        assert_eq!(write(&connection, 10_000).unwrap(), 44);
        assert_eq!(left(&connection), (0, 0));
    }

    #[test]
    fn what_is_to_be_forgotten_is_found_by_an_index() {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::prepare(&mut connection).unwrap();
        let plan = |sql: &str| -> String {
            let mut explain = connection.prepare(&format!("explain query plan {sql}")).unwrap();
            let rows = explain.query_map([], |row| row.get(3)).unwrap();
            rows.collect::<Result<Vec<String>, _>>().unwrap().join("; ")
        };
        for (sql, index) in [
            ("select number from run where finished_ms < 7 order by finished_ms limit 9", "run_finished"),
            ("delete from entry where run in (select value from json_each('[]'))", "entry_run"),
            ("delete from event where run in (select value from json_each('[]'))", "event_run"),
        ] {
            let plan = plan(sql);
            assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{plan}");
        }
    }
}
