//! A file that somebody altered who knows its sums: for tests.

use crate::error::JournalError;
use crate::file::sum;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::collections::HashMap;

/// Each table: its key, the place of a row, and its columns.
const TABLES: [(&str, &str); 5] = [
    (
        "run",
        "number, 0, id, workflow, status, created_ms, due_ms, finished_ms, worker, claim, entries, events, outcome, sealed",
    ),
    ("submission", "run, run, started_by, registry, document, event, sealed"),
    ("entry", "number, 0, run, at_ms, what, action, step, attempt, due_ms, value, edges, sealed"),
    ("event", "number, 0, run, name, data, sent_ms, taken_by, sealed"),
    ("worker", "name, 0, name, beats, beat_ms, lease_ms"),
];

/// Executes statements, and makes all sums and counts right again.
pub(crate) fn alter(connection: &Connection, sql: &str) -> Result<(), JournalError> {
    connection.execute_batch(sql)?;
    connection.execute_batch(
        "update run set entries = (select count(*) from entry where entry.run = run.number),
                        events = (select count(*) from event where event.run = run.number)",
    )?;
    for (table, columns) in TABLES {
        let mut select = connection.prepare(&format!("select {columns} from {table} order by 1"))?;
        let count = select.column_count();
        let mut rows = select.query([])?;
        let mut sums: Vec<[Value; 2]> = Vec::new();
        let mut places: HashMap<i64, i64> = HashMap::new();
        while let Some(row) = rows.next()? {
            let columns = (2..count).map(|at| row.get(at)).collect::<rusqlite::Result<Vec<Value>>>()?;
            let place = match (table, columns.first()) {
                ("entry", Some(Value::Integer(run))) => {
                    let next = places.entry(*run).or_default();
                    *next += 1;
                    *next - 1
                }
                _ => row.get(1)?,
            };
            sums.push([sum::of(table, place, &columns).into(), row.get(0)?]);
        }
        drop(rows);
        let key = select.column_name(0)?;
        for sum in sums {
            connection
                .execute(&format!("update {table} set sum = ? where {key} = ?"), params_from_iter(sum))?;
        }
    }
    Ok(())
}
