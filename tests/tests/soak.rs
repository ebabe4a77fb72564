//! Many runs, one after the other, and what they leave behind in memory and on disk: `FLOWRIGHT_SOAK` says how many, 300
//! unless set.
#![cfg(target_os = "linux")]

use flowright::CheckedWorkflow;
use flowright::prelude::*;
use flowright_sqlite::{Client, Journal, RunStatus, Worker};
use futures_util::StreamExt;
use futures_util::stream::iter;
use serde_json::json;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const KB: u64 = 1 << 10;
const MB: u64 = 1 << 20;

/// How many runs are waited for at once.
const AT_ONCE: usize = 64;

/// What the file may take at most. Without retention it takes more than 1 KiB a run.
const FILE: u64 = 64 * MB;

/// How often actions were executed.
#[derive(Default)]
struct Executed(AtomicU64);

/// Count on
#[engine_action]
fn count(executed: &Executed, value: u64) -> u64 {
    executed.0.fetch_add(1, Ordering::Relaxed);
    value + 1
}

fn registry() -> Registry {
    Registry::builder().actions(actions![count]).build().unwrap()
}

/// Two actions in a chain.
fn workflow(registry: &Registry) -> CheckedWorkflow {
    let count = |id: &str, value: &str| json!({ "id": id, "kind": "count", "inputs": { "value": value } });
    let document = json!({
        "actions": [count("one", "!ref($.event.data)"), count("two", "!ref($.state.one)")],
        "edges": [{ "from": "$source", "to": "one" }, { "from": "one", "to": "two" }],
    });
    registry.check(document.to_string()).unwrap()
}

/// How many bytes of this process are in memory.
fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4_096
}

/// How many bytes the journal takes, with what is not yet part of its file.
fn on_disk(file: &Path) -> u64 {
    let files = ["", "-wal"].map(|end| format!("{}{end}", file.display()));
    files.iter().map(|file| std::fs::metadata(file).map_or(0, |metadata| metadata.len())).sum()
}

/// Submits a run, and waits for its end.
async fn run(client: &Client, workflow: &CheckedWorkflow, number: u64) {
    let id = format!("run-{number}");
    assert!(client.submit(&id, workflow, Event::new("number", number.into())).await.unwrap());
    let run = client.wait(&id).await.unwrap();
    assert_eq!(run.status, RunStatus::Completed, "{}", run.outcome);
    assert_eq!(run.outcome["state"], json!({ "one": number + 1, "two": number + 2 }));
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_and_file_stay_flat_however_many_runs_there_are() {
    let runs: u64 = std::env::var("FLOWRIGHT_SOAK").map_or(300, |runs| runs.parse().expect("a number"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("runs.db");
    let journal = Journal::open(&file).unwrap();
    let (registry, executed) = (registry(), Arc::<Executed>::default());
    let (client, workflow) = (journal.client(&registry), workflow(&registry));
    let engine = Engine::builder(registry).shared(Arc::clone(&executed)).build().unwrap();
    let worker = Worker::new(&journal, engine).keep_finished(Duration::from_secs(3)).start().unwrap();
    let (begun, mut residents) = (Instant::now(), Vec::new());
    for tenth in 0..10 {
        let (from, to) = (runs * tenth / 10, runs * (tenth + 1) / 10);
        let at_once = iter(from..to).for_each_concurrent(AT_ONCE, |number| run(&client, &workflow, number));
        at_once.await;
        let (resident, on_disk) = (resident(), on_disk(&file));
        let a_second = u128::from(to) * 1_000 / begun.elapsed().as_millis().max(1);
        let (memory, disk) = (resident / KB, on_disk / KB);
        println!("{to} runs, {a_second} a second: {memory} KiB in memory, {disk} KiB on disk");
        assert!(on_disk <= FILE, "{on_disk} bytes on disk");
        residents.push(resident);
    }
    worker.stop().await;
    assert_eq!(executed.0.load(Ordering::Relaxed), runs * 2);
    let (first, last) = (residents[0], residents[9]);
    assert!(last <= first + first / 4 + 8 * MB, "{first} bytes in memory became {last}");
}
