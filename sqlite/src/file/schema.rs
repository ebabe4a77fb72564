//! The tables of a journal, and how a file of an older version becomes one of this version.

use crate::error::JournalError;
use rusqlite::types::Value;
use rusqlite::{Connection, TransactionBehavior};

/// Each step of the way to this version's tables. What was released is never changed, only added to.
const MIGRATIONS: [&str; 1] = ["
    create table run (
        number integer primary key autoincrement,
        id text not null unique,
        workflow text,
        status text not null,
        created_ms integer not null,
        due_ms integer not null,
        finished_ms integer,
        worker text,
        claim integer not null,
        entries integer not null,
        events integer not null,
        outcome text,
        sealed blob,
        sum integer not null
    );
    create index run_due on run (due_ms) where finished_ms is null and status not in ('parked', 'damaged');
    create index run_finished on run (finished_ms) where finished_ms is not null;
    create index run_worker on run (worker) where worker is not null;
    create table submission (
        run integer primary key references run (number),
        started_by text,
        registry text not null,
        document text not null,
        event text not null,
        sealed blob,
        sum integer not null
    );
    create table worker (
        name text primary key not null,
        beats integer not null,
        beat_ms integer not null,
        lease_ms integer not null,
        sum integer not null
    ) without rowid;
    create table entry (
        number integer primary key,
        run integer not null references run (number),
        at_ms integer not null,
        what text not null,
        action text not null,
        step text,
        attempt integer,
        due_ms integer,
        value text,
        edges text,
        sealed blob,
        sum integer not null
    );
    create index entry_run on entry (run);
    create table event (
        number integer primary key autoincrement,
        run integer not null references run (number),
        name text not null,
        data text not null,
        sent_ms integer not null,
        taken_by text,
        sealed blob,
        sum integer not null
    );
    create index event_run on event (run, name, taken_by);
    create table seal (
        number integer primary key check (number = 1),
        sealed blob not null
    );
"];

/// Settles how the file is written, and brings its tables to this version.
pub(crate) fn prepare(connection: &mut Connection) -> Result<(), JournalError> {
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    if version(connection)? == MIGRATIONS.len() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version = version(&transaction)?;
    if version > MIGRATIONS.len() {
        return Err(JournalError::Newer { version, known: MIGRATIONS.len() });
    }
    for migration in MIGRATIONS.iter().skip(version) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX))?;
    transaction.commit()?;
    Ok(())
}

/// Refuses a file whose tables are not as this version makes them.
pub(crate) fn check(connection: &Connection) -> Result<(), JournalError> {
    let mut fresh = Connection::open_in_memory()?;
    prepare(&mut fresh)?;
    if made(connection)? == made(&fresh)? {
        return Ok(());
    }
    Err(JournalError::Damaged("its tables are not as they were made".to_owned()))
}

/// How each table and index was made.
fn made(connection: &Connection) -> Result<Vec<[Value; 4]>, JournalError> {
    let mut select =
        connection.prepare("select type, name, tbl_name, sql from sqlite_schema order by type, name")?;
    let rows = select.query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn version(connection: &Connection) -> Result<usize, JournalError> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok(usize::try_from(version).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_a_newer_version_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let mut connection = Connection::open(folder.path().join("runs.db")).unwrap();
        prepare(&mut connection).unwrap();
        prepare(&mut connection).unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        let error = prepare(&mut connection).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the journal is of version 99, and this program knows no later one than 1: use a newer program"
        );
    }
}
