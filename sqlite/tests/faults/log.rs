//! A write-ahead log that is damaged, cut off, or alone.

use crate::trial::{Trial, go};
use flowright_sqlite::{Journal, JournalError};
use rusqlite::Connection;
use rusqlite::types::Value;
use serde_json::json;
use std::cell::Cell;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const HEADER: usize = 32;
const FRAME: usize = 24 + 4_096;

/// What a crash left of a journal: several commits, all of them in its log.
struct Left {
    folder: TempDir,
    placed: Cell<usize>,
    bytes: Vec<u8>,
    log: Vec<u8>,
}

/// The rows of all tables.
type Rows = Vec<Vec<Value>>;

impl Left {
    async fn new() -> Self {
        let trial = Trial::new();
        let worker = trial.worker();
        for id in ["a", "b"] {
            trial.submit(id, &[("say", json!({ "text": id })), ("nap", json!({ "ms": 60_000 }))]).await;
            trial.until(|trial| !trial.written(id, flowright_sqlite::What::Sleep).is_empty()).await;
        }
        worker.stop().await;
        // The last transaction has several frames.
        trial.submit("c", &[("say", json!({ "text": "c".repeat(10_000) }))]).await;
        let bytes = fs::read(trial.file()).unwrap();
        let log = fs::read(beside(&trial.file())).unwrap();
        let folder = tempfile::tempdir().unwrap();
        Left { folder, placed: Cell::new(0), bytes, log }
    }

    fn frames(&self) -> usize {
        (self.log.len() - HEADER) / FRAME
    }

    /// Where each transaction stands in the log.
    fn transactions(&self) -> Vec<Range<usize>> {
        let at = |number: usize| HEADER + number * FRAME;
        let is_commit = |number: &usize| self.log[at(*number) + 4..][..4] != [0; 4];
        let mut begin = HEADER;
        let transactions = (0..self.frames()).filter(is_commit).map(|number| {
            let transaction = begin..at(number + 1);
            begin = transaction.end;
            transaction
        });
        transactions.collect()
    }

    /// A journal with this log; a new one each time, as one that was closed may be tidied up a little later.
    fn place(&self, log: &[u8]) -> PathBuf {
        self.placed.set(self.placed.get() + 1);
        let file = self.folder.path().join(format!("{}.db", self.placed.get()));
        fs::write(&file, &self.bytes).unwrap();
        fs::write(beside(&file), log).unwrap();
        file
    }

    /// What the journal holds with this log.
    fn opened(&self, log: &[u8]) -> Rows {
        rows(&self.place(log)).unwrap()
    }
}

fn rows(file: &Path) -> Result<Rows, JournalError> {
    drop(Journal::open(file)?);
    let connection = Connection::open(file).unwrap();
    let health: String = connection.pragma_query_value(None, "integrity_check", |row| row.get(0)).unwrap();
    assert_eq!(health, "ok");
    let mut rows = Rows::new();
    for table in ["run", "entry", "event"] {
        let mut select = connection.prepare(&format!("select * from {table} order by number")).unwrap();
        let columns = select.column_count();
        let read = select.query_map([], |row| (0..columns).map(|column| row.get(column)).collect());
        rows.extend(read.unwrap().map(Result::unwrap));
    }
    Ok(rows)
}

fn beside(file: &Path) -> PathBuf {
    let mut log = file.to_owned().into_os_string();
    log.push("-wal");
    log.into()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flipped_bit_in_the_log_is_refused_or_loses_no_more_than_the_last_commit() {
    let left = Left::new().await;
    let transactions = left.transactions();
    let last = transactions.last().unwrap().clone();
    assert!(transactions.len() > 8 && last.end == left.log.len() && last.len() > 2 * FRAME);
    let whole = left.opened(&left.log);
    let without_last = left.opened(&left.log[..last.start]);
    assert_ne!(whole, without_last);

    let frame = |at: usize| (at - HEADER) % FRAME;
    let is_tried = |at: &usize| at.is_multiple_of(97) || *at < HEADER || frame(*at) < 24;
    let mut refused = 0;
    for at in (0..left.log.len()).filter(is_tried) {
        let mut log = left.log.clone();
        log[at] ^= 1 << (at % 8);
        let file = left.place(&log);
        match rows(&file) {
            Ok(rows) => {
                assert!(rows == without_last, "byte {at} of {} loses too much, or nothing", log.len());
                assert!(at >= last.start, "byte {at} loses what stands behind it");
            }
            Err(error) => {
                // A frame of the last one can seem to be a commit of its own.
                assert!(at < last.start || (4..8).contains(&frame(at)), "byte {at}: {error}");
                assert!(!error.is_passing(), "byte {at}: {error}");
                let name = fs::canonicalize(beside(&file)).unwrap();
                let place = match at.checked_sub(HEADER) {
                    None => format!(
                        "the header of the write-ahead log `{}` is damaged, and what was committed in the log",
                        name.display()
                    ),
                    Some(at) => format!(
                        "the write-ahead log `{}` is damaged at frame {}, and what was committed after it",
                        name.display(),
                        at / FRAME + 1
                    ),
                };
                let said = format!(
                    "the journal is damaged: {place} would be lost: restore the file and its `-wal` from a copy, or move the \
                     `-wal` aside to go on without what it had"
                );
                assert_eq!(error.to_string(), said);
                assert_eq!(fs::read(beside(&file)).unwrap(), log);
                refused += 1;
            }
        }
    }
    assert!(refused > 100, "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_is_cut_off_is_what_a_crash_leaves_and_holds_the_commits_before() {
    let left = Left::new().await;
    let transactions = left.transactions();
    let states: Vec<Rows> =
        transactions.iter().map(|transaction| left.opened(&left.log[..transaction.end])).collect();
    assert!(states.last().unwrap().len() > 3);
    for length in (0..left.log.len()).step_by(997) {
        let whole = transactions.iter().filter(|transaction| transaction.end <= length).count();
        let expected = whole.checked_sub(1).map_or(&[][..], |state| &states[state]);
        assert_eq!(left.opened(&left.log[..length]), expected, "cut off at byte {length}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_several_crashes_left_in_the_log_is_no_damage() {
    let left = Left::new().await;
    let last = left.transactions().last().unwrap().clone();
    let expected = left.opened(&left.log[..last.start]);
    // The last transaction was torn by a crash; a shorter one then took its place, and was torn as well.
    let mut log = left.log.clone();
    log[last.start + 100] ^= 1;
    let file = left.place(&log);
    let connection = Connection::open(&file).unwrap();
    connection
        .execute_batch("pragma journal_mode = wal; update run set workflow = 'w' where id = 'a'")
        .unwrap();
    let mut log = fs::read(beside(&file)).unwrap();
    let end = last.start + FRAME;
    assert!(log[last.start..end] != left.log[last.start..end] && log[last.start + 4..][..4] != [0; 4]);
    assert!(log[end..] == left.log[end..]);
    drop(connection);
    log[last.start + 100] ^= 1;
    assert_eq!(left.opened(&log), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_without_its_file_is_not_thrown_away() {
    let left = Left::new().await;
    for is_empty in [true, false] {
        let file = left.place(&left.log);
        if is_empty {
            fs::write(&file, "").unwrap();
        } else {
            fs::remove_file(&file).unwrap();
        }
        let error = Journal::open(&file).unwrap_err().to_string();
        assert!(
            error.contains("-wal` is missing or empty, and what was committed in the log would be lost: "),
            "{error}"
        );
        assert_eq!(fs::read(beside(&file)).unwrap(), left.log);
        assert_eq!(fs::metadata(&file).is_ok(), is_empty);
        fs::write(beside(&file), &left.log[..HEADER]).unwrap();
        assert!(rows(&file).unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_that_others_write_to_and_tidy_up_is_opened() {
    let trial = Trial::new();
    let (submitted, tidied, ended) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let seen = Arc::new((submitted, tidied, ended));
    let (file, shared) = (trial.file(), Arc::clone(&seen));
    let tidy = std::thread::spawn(move || {
        let (_, tidied, ended) = &*shared;
        let connection = Connection::open(file).unwrap();
        connection.busy_timeout(Duration::from_millis(100)).unwrap();
        while !ended.load(Ordering::Relaxed) {
            let how = if tidied.load(Ordering::Relaxed).is_multiple_of(8) { "truncate" } else { "restart" };
            let busy = connection.pragma_update_and_check(None, "wal_checkpoint", how, |row| row.get(0));
            tidied.fetch_add(usize::from(busy == Ok(0)), Ordering::Relaxed);
            std::thread::sleep(Duration::from_millis(10));
        }
    });
    let (file, shared) = (trial.file(), Arc::clone(&seen));
    let open = tokio::task::spawn_blocking(move || {
        let (submitted, tidied, ended) = &*shared;
        let (mut opened, begun) = (0, Instant::now());
        let is_enough = || submitted.load(Ordering::Relaxed) > 50 && tidied.load(Ordering::Relaxed) > 50;
        let failed = loop {
            match Journal::open(&file) {
                Ok(_) if opened >= 300 && is_enough() || begun.elapsed() > Duration::from_mins(1) => {
                    break None;
                }
                Ok(_) => opened += 1,
                // It is locked for a long time where others always are quicker.
                Err(error) if error.is_passing() => {}
                Err(error) => break Some(error),
            }
        };
        ended.store(true, Ordering::Relaxed);
        (opened, failed)
    });
    let (submitted, _, ended) = &*seen;
    while !ended.load(Ordering::Relaxed) {
        let number = submitted.load(Ordering::Relaxed);
        let workflow = trial.chain(&[("say", json!({ "text": "much ".repeat(number % 50 * 100) }))]);
        match trial.client.submit(&number.to_string(), &workflow, go()).await {
            Err(error) => assert!(error.is_passing(), "{error}"),
            Ok(_) => drop(submitted.fetch_add(1, Ordering::Relaxed)),
        }
    }
    let (opened, failed) = open.await.unwrap();
    assert!(failed.is_none(), "opened {opened} times: {}", failed.unwrap());
    tidy.join().unwrap();
}
