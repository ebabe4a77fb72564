//! A file with a bit that is not as it was written, and one that ends too early.

use crate::trial::{LEASE, Trial, go};
use flowright_sqlite::{Client, Entry, Journal, RunRecord, RunStatus};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// How many bits are flipped, one after the other: `FLOWRIGHT_FLIPS`, or 400.
fn flips() -> u32 {
    std::env::var("FLOWRIGHT_FLIPS").map_or(400, |flips| flips.parse().expect("a number"))
}

const IDS: [&str; 4] = ["ended", "sleeps", "waits", "queued"];

/// A file with runs that ended, sleep, wait and are due.
async fn file() -> Trial {
    let trial = Trial::new();
    let say = |text: &str| ("say", json!({ "text": text }));
    trial.submit("ended", &[say("one"), ("much", json!({ "text": "two", "times": 2_000 }))]).await;
    trial.submit("sleeps", &[say("three"), ("nap", json!({ "ms": 86_400_000 }))]).await;
    trial.submit("waits", &[say("four"), ("approval", json!({})), say("five")]).await;
    let worker = trial.worker();
    trial.end("ended").await;
    for id in ["sleeps", "waits"] {
        trial.until(|trial| trial.status(id) == RunStatus::Waiting).await;
    }
    worker.stop().await;
    trial.submit("queued", &[say("six")]).await;
    trial.client.send("waits", "approved", json!({ "by": "Ada" })).await.unwrap();
    trial
}

/// All that can be read of the runs, without what a moment changes.
fn read(client: &Client) -> Result<Vec<(RunRecord, Vec<Entry>)>, String> {
    let run = |id: &&str| {
        let run = client.get(id)?;
        Ok((run, client.history(id)?))
    };
    let read: Result<_, flowright_sqlite::JournalError> = IDS.iter().map(run).collect();
    read.map_err(|error| error.to_string())
}

/// The file alone, as a journal that was closed leaves it.
async fn closed(trial: Trial) -> (tempfile::TempDir, Vec<u8>) {
    let Trial { folder, journal, client, .. } = trial;
    let file = folder.path().join("runs.db");
    drop((journal, client));
    // Of two connections that close at the same time, none may move the log into the file.
    let log = folder.path().join("runs.db-wal");
    while log.exists() {
        tokio::time::sleep(Duration::from_millis(5)).await;
        rusqlite::Connection::open(&file).unwrap().execute_batch("select * from run").unwrap();
    }
    let bytes = std::fs::read(file).unwrap();
    (folder, bytes)
}

/// A new file each time, as one that was closed may be tidied up a little later.
fn altered(folder: &Path, bytes: &[u8]) -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let file = folder.join(format!("altered {}.db", NEXT.fetch_add(1, Ordering::Relaxed)));
    std::fs::write(&file, bytes).unwrap();
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn no_flipped_bit_passes_unnoticed() {
    let trial = file().await;
    let expected = read(&trial.client).unwrap();
    assert_eq!(trial.journal.faults().unwrap(), [] as [String; 0]);
    let registry = trial.registry();
    let (folder, bytes) = closed(trial).await;
    let seed = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let (mut refused, mut told, mut harmless) = (0, 0, 0);
    for _ in 0..flips() {
        let (at, bit) = (random.random_range(0..bytes.len()), random.random_range(0..8));
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << bit;
        let file = altered(folder.path(), &flipped);
        let journal = match Journal::open(&file) {
            Ok(journal) => journal,
            Err(error) => {
                assert!(!error.to_string().is_empty());
                refused += 1;
                continue;
            }
        };
        let client = journal.client(&registry);
        match (read(&client), journal.faults()) {
            (Ok(found), Ok(faults)) if faults.is_empty() => {
                assert_eq!(found, expected, "bit {bit} of byte {at}");
                harmless += 1;
            }
            _ => told += 1,
        }
    }
    println!("{refused} refused, {told} told of, {harmless} without harm");
    assert!(told > 0 && harmless > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_on_a_file_with_a_flipped_bit_does_nothing_wrong() {
    let trial = file().await;
    let registry = trial.registry();
    let engine = trial.engine_of_world();
    let (folder, bytes) = closed(trial).await;
    let mut random = StdRng::seed_from_u64(rand::random());
    for _ in 0..flips() / 20 {
        let at = random.random_range(0..bytes.len());
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << random.random_range(0..8);
        let file = altered(folder.path(), &flipped);
        let Ok(journal) = Journal::open(&file) else { continue };
        let client = journal.client(&registry);
        let worker = flowright_sqlite::Worker::new(&journal, engine.clone()).lease(LEASE).start().unwrap();
        let is_wrong = !matches!(journal.faults(), Ok(faults) if faults.is_empty());
        for (id, last) in [("queued", ("1", "six")), ("waits", ("3", "five"))] {
            match tokio::time::timeout(Duration::from_secs(2), client.wait(id)).await {
                Ok(Ok(run)) if run.status == RunStatus::Completed => {
                    assert_eq!(run.outcome["state"][last.0], last.1, "byte {at}");
                }
                found => assert!(is_wrong, "byte {at}: {found:?}"),
            }
        }
        worker.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_run_is_set_aside_and_the_others_go_on() {
    let trial = file().await;
    let alter = |sql: &str| rusqlite::Connection::open(trial.file()).unwrap().execute(sql, []).unwrap();
    assert_eq!(alter("update entry set value = '\"tree\"' where value = '\"three\"'"), 1);
    assert_eq!(alter("update run set due_ms = 0 where id = 'sleeps'"), 1);
    assert_eq!(alter("update submission set document = replace(document, 'six', 'sex')"), 4);
    let worker = trial.worker();
    for id in ["sleeps", "queued"] {
        let run = trial.end(id).await;
        assert_eq!(run.status, RunStatus::Damaged, "{id}");
        let why = run.outcome.as_str().unwrap();
        assert!(
            why.contains("is not as it was written: restore the file and what stands beside it from a copy"),
            "{why}"
        );
    }
    trial.submit("other", &[("say", json!({ "text": "seven" }))]).await;
    assert_eq!(trial.end("other").await.status, RunStatus::Completed);
    assert!(!trial.client.resume("sleeps").await.unwrap());
    assert!(trial.client.cancel("sleeps").await.unwrap());
    worker.stop().await;
    let faults = trial.journal.faults().unwrap();
    assert_eq!(faults.len(), 2, "{faults:?}");
    let listed = trial.client.list(RunStatus::Damaged, 9).unwrap();
    assert_eq!(listed.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_whose_row_cannot_even_be_read_is_set_aside_and_the_others_go_on() {
    let trial = Trial::new();
    trial.submit("a", &[("say", json!({ "text": "one" }))]).await;
    trial.submit("b", &[("say", json!({ "text": "two" }))]).await;
    let connection = rusqlite::Connection::open(trial.file()).unwrap();
    connection.execute("update run set workflow = cast(x'ff41' as text) where id = 'a'", []).unwrap();
    let worker = trial.worker();
    assert_eq!(trial.end("b").await.status, RunStatus::Completed);
    assert_eq!(trial.end("a").await.status, RunStatus::Damaged);
    worker.stop().await;
    let sql = "select status from run where id = 'a'";
    assert_eq!(connection.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap(), "damaged");
    assert_eq!(trial.journal.faults().unwrap().len(), 1);
    assert_eq!(trial.world.done(), ["two"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_at_their_ends_that_somebody_wrote_into_the_file_stop_nobody() {
    let trial = Trial::new();
    for id in ["claims", "tries", "other"] {
        trial.submit(id, &[("say", json!({ "text": id }))]).await;
    }
    let failure = r#"{"action":"1","kind":"say","attempt":4294967295,"code":"action-failed","message":"no"}"#;
    let sql = format!(
        "update run set claim = {} where id = 'claims';
         insert into entry (run, at_ms, what, action, attempt, due_ms, value, sum)
         select number, 0, 'again', '1', 4294967295, {}, '{failure}', 0 from run where id = 'tries'",
        i64::MAX,
        i64::MIN,
    );
    trial.journal.alter(&sql).await.unwrap();
    let worker = trial.worker();
    for id in ["claims", "tries", "other"] {
        assert_eq!(trial.end(id).await.status, RunStatus::Completed, "{id}");
    }
    worker.stop().await;
}

/// Counts what is warned of.
#[derive(Clone, Default)]
struct Warnings(Arc<AtomicUsize>);

impl tracing::Subscriber for Warnings {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        *metadata.level() <= tracing::Level::WARN
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, _: &tracing::Event<'_>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

#[tokio::test]
async fn a_worker_whose_file_stays_damaged_does_not_warn_of_it_without_a_pause() {
    let trial = file().await;
    let engine = trial.engine_of_world();
    let connection = rusqlite::Connection::open(trial.file()).unwrap();
    let (page, size): (usize, usize) = connection
        .query_row(
            "select rootpage, page_size from sqlite_schema, pragma_page_size where name = 'event'",
            [],
            |row| Ok((row.get::<_, u32>(0)? as usize, row.get::<_, u32>(1)? as usize)),
        )
        .unwrap();
    drop(connection);
    let (folder, mut bytes) = closed(trial).await;
    bytes[(page - 1) * size] ^= 0xff;
    let journal = Journal::open(altered(folder.path(), &bytes)).unwrap();
    let warnings = Warnings::default();
    let _guard = tracing::subscriber::set_default(warnings.clone());
    let worker = flowright_sqlite::Worker::new(&journal, engine).start().unwrap();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let count = warnings.0.load(Ordering::SeqCst);
    worker.stop().await;
    assert!((1..=10).contains(&count), "{count}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_whose_tables_are_not_as_they_were_made_is_refused() {
    let trial = file().await;
    let (folder, bytes) = closed(trial).await;
    let made = b"references run (number)";
    let at = bytes.windows(made.len()).position(|part| part == made).unwrap();
    let mut flipped = bytes;
    flipped[at + 11] ^= 1;
    let error = Journal::open(altered(folder.path(), &flipped)).unwrap_err();
    assert!(error.to_string().contains("its tables are not as they were made"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_are_gone_are_missed() {
    for (gone, message) in [
        ("delete from entry where number = (select max(number) from entry)", "`entry`"),
        ("delete from event", "`event`"),
        ("delete from submission where run = (select number from run where id = 'waits')", "`submission`"),
        ("delete from run where id = 'ended'", "belong to no run"),
    ] {
        let trial = file().await;
        let connection = rusqlite::Connection::open(trial.file()).unwrap();
        connection.execute_batch(&format!("pragma foreign_keys = off; {gone}")).unwrap();
        let faults = trial.journal.faults().unwrap();
        assert!(faults.iter().any(|fault| fault.contains(message)), "{gone}: {faults:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_ends_too_early_is_refused_or_what_is_gone_is_missed() {
    let trial = file().await;
    let expected = read(&trial.client).unwrap();
    let registry = trial.registry();
    let (folder, bytes) = closed(trial).await;
    for end in (1..bytes.len()).step_by(bytes.len() / 40) {
        let file = altered(folder.path(), &bytes[..end]);
        let Ok(journal) = Journal::open(&file) else { continue };
        let found = read(&journal.client(&registry));
        let faults = journal.faults();
        let is_told = found.is_err() || !matches!(&faults, Ok(faults) if faults.is_empty());
        assert!(is_told || found.as_ref() == Ok(&expected), "{end} bytes: {found:?}");
    }
    let file = altered(folder.path(), b"");
    let journal = Journal::open(&file).unwrap();
    let workflow = registry.check(r#"{ "actions": [], "edges": [] }"#);
    assert!(
        workflow.is_ok() && journal.client(&registry).submit("a", &workflow.unwrap(), go()).await.is_ok()
    );
}
