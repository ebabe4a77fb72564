//! Whether a file is as it was written.

use crate::error::JournalError;
use crate::file::vault::Vault;
use crate::history::entry::Entry;
use crate::history::sent::Sent;
use crate::run::{RunRow, Submission};
use crate::work::beat::Found;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;

/// How many faults are told at most.
const MOST: usize = 100;

/// A connection that only looks.
fn look(file: &Path) -> Result<Connection, JournalError> {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// What is wrong with the pages of the file and with how its tables belong together. Reads all of the file.
pub(crate) fn of_tables(file: &Path) -> Result<Vec<String>, JournalError> {
    tables(&look(file)?)
}

/// The same, and what is wrong with each worker's row and each run.
pub(crate) fn of_runs(file: &Path, vault: &Vault) -> Result<Vec<String>, JournalError> {
    let connection = look(file)?;
    let connection = connection.unchecked_transaction()?;
    let mut faults = tables(&connection)?;
    let workers = Found::all(&connection)?.into_iter().filter_map(|row| row.beat.err());
    faults.extend(workers.map(|error| error.to_string()));
    let mut select = connection.prepare("select number, id from run order by number")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        if let Err(error) = run(&connection, vault, row.get(0)?) {
            let id: String = row.get(1).unwrap_or_default();
            faults.push(format!("run `{}`: {error}", id.escape_debug()));
        }
        if faults.len() >= MOST {
            break;
        }
    }
    Ok(faults)
}

fn tables(connection: &Connection) -> Result<Vec<String>, JournalError> {
    let mut check = connection.prepare(&format!("pragma integrity_check({MOST})"))?;
    let rows: Vec<String> = check.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut faults: Vec<String> = rows.into_iter().filter(|found| found != "ok").collect();
    for table in ["submission", "entry", "event"] {
        let sql = format!("select count(*) from {table} where run not in (select number from run)");
        let lost: i64 = connection.query_row(&sql, [], |row| row.get(0))?;
        if lost > 0 {
            faults.push(format!("{lost} rows of the table `{table}` belong to no run"));
        }
    }
    Ok(faults)
}

fn run(connection: &Connection, vault: &Vault, number: i64) -> Result<(), JournalError> {
    let Some(run) = RunRow::get(connection, number)? else { return Ok(()) };
    Submission::of(connection, vault, (run.number, &run.id))?;
    Entry::of(connection, vault, &run)?;
    Sent::check(connection, &run)
}
