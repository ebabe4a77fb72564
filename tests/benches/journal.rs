//! What it costs to keep runs: `cargo bench -p flowright-tests --bench journal -- [--quick]`.
//!
//! A line `journal/raw <records a second>` says how many records of 1 KiB can be appended to a file with an `fdatasync` for
//! each, and a line `journal/<runs> <steps a second> ratio <to raw>` how many actions with an output of 1 KiB a worker
//! executes in so many runs at once. All are measured in turns within one process; the fastest round counts.

use flowright::prelude::*;
use flowright_sqlite::{Journal, Worker};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// Make a kilobyte.
#[engine_action]
fn kilobyte(before: Option<String>) -> String {
    "x".repeat(1024 - before.map_or(0, |before| before.len().min(1)))
}

/// A chain of so many actions.
fn chain(actions: usize) -> String {
    let action = |at: usize| {
        let inputs =
            if at == 0 { json!({}) } else { json!({ "before": format!("!ref($.state.{})", at - 1) }) };
        json!({ "id": at.to_string(), "kind": "kilobyte", "inputs": inputs })
    };
    let edge = |at: usize| {
        let from = if at == 0 { "$source".to_owned() } else { (at - 1).to_string() };
        json!({ "from": from, "to": at.to_string() })
    };
    let (actions, edges): (Vec<Value>, Vec<Value>) = (0..actions).map(|at| (action(at), edge(at))).unzip();
    json!({ "actions": actions, "edges": edges }).to_string()
}

fn raw(folder: &Path, records: u32) -> io::Result<f64> {
    let mut file = File::create(folder.join("raw"))?;
    let begun = Instant::now();
    for _ in 0..records {
        file.write_all(&[b'x'; 1024])?;
        file.sync_data()?;
    }
    Ok(f64::from(records) / begun.elapsed().as_secs_f64())
}

async fn kept(folder: &Path, runs: u32, steps: u32) -> Result<f64, Box<dyn std::error::Error>> {
    let file = folder.join(format!("runs-{runs}-{:?}.db", Instant::now()));
    let journal = Journal::open(file)?;
    let registry = Registry::builder().actions(actions![kilobyte]).build()?;
    let workflow = registry.check(chain(usize::try_from(steps)?))?;
    let client = journal.client(&registry);
    for run in 0..runs {
        client.submit(&run.to_string(), &workflow, json!({})).await?;
    }
    let begun = Instant::now();
    let worker = Worker::new(&journal, Engine::builder(registry).build()?).max_runs(runs).start()?;
    for run in 0..runs {
        client.wait(&run.to_string()).await?;
    }
    let took = begun.elapsed();
    worker.stop().await;
    Ok(f64::from(runs * steps) / took.as_secs_f64())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let (rounds, records, steps) = if quick { (2, 200, 20) } else { (5, 1_000, 50) };
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let (mut best_raw, mut best) = (0.0_f64, [(1, 0.0_f64), (64, 0.0), (256, 0.0)]);
    for _ in 0..rounds {
        best_raw = best_raw.max(raw(folder.path(), records)?);
        for (runs, best) in &mut best {
            *best = best.max(kept(folder.path(), *runs, steps).await?);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    println!("journal/raw {best_raw:.0}");
    for (runs, best) in best {
        println!("journal/{runs} {best:.0} ratio {:.2}", best / best_raw);
    }
    Ok(())
}
