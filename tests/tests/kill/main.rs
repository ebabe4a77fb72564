//! Workers that are killed while they work, and what is left of their runs: `FLOWRIGHT_KILLS` says how often, 30 times unless
//! set.

mod witness;

use flowright::Event;
use flowright_sqlite::{Client, Journal, RunStatus, What, Worker};
use flowright_tests::survivor::{self, EDGES};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use witness::Court;

/// How long anything here may take.
const PATIENCE: Duration = Duration::from_mins(2);

/// A journal and its witness.
struct Trial {
    _folder: tempfile::TempDir,
    file: PathBuf,
    client: Client,
    court: Court,
}

impl Trial {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("runs.db");
        let client = Journal::open(&file).unwrap().client(&survivor::registry());
        let court = Court::open(client.clone());
        Trial { _folder: folder, file, client, court }
    }

    fn worker(&self, boundary: Option<u64>) -> Killed {
        let mut command = Command::new(env!("CARGO_BIN_EXE_survivor"));
        command.arg(&self.file).arg(self.court.address.to_string());
        command.args(boundary.map(|boundary| boundary.to_string()));
        // What it says when it aborts is no news.
        Killed(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }

    async fn submit(&self, id: &str, count: u32) {
        let workflow = survivor::workflow(&survivor::registry());
        let event = Event::new("order", json!({ "count": count }));
        assert!(self.client.submit(id, &workflow, event).await.unwrap());
    }

    async fn approve(&self, id: &str) {
        self.client.send(id, "approved", json!({ "by": "Ada" })).await.unwrap();
    }

    fn is_over(&self, id: &str) -> bool {
        self.client.get(id).unwrap().status.is_final()
    }

    /// What must be so of every run that ended.
    fn judge(&self, id: &str, expected: &Value) {
        let run = self.client.get(id).unwrap();
        assert_eq!(run.status, RunStatus::Completed, "{id}: {}", run.outcome);
        assert_eq!(run.outcome["state"], *expected, "{id}");
        let history = self.client.history(id).unwrap();
        let mut completed = HashSet::new();
        for entry in &history {
            let is_over = completed.contains(&entry.action);
            assert!(!is_over, "{id}: {} of `{}`, which had completed", entry.what, entry.action);
            if entry.what == What::Completed {
                completed.insert(entry.action.clone());
                let is_decided = entry.edges.as_deref().is_some_and(|edges| edges.len() == 1);
                assert_eq!(
                    is_decided,
                    entry.action == "even",
                    "{id}: which edges are taken from `{}`",
                    entry.action
                );
            }
        }
        let state = expected.as_object().unwrap();
        assert_eq!(completed, state.keys().cloned().collect(), "{id}");
        assert_eq!(self.court.complaints(), [] as [String; 0]);
    }
}

/// A worker in a process of its own, which is killed when this is dropped.
struct Killed(Child);

impl Killed {
    fn has_ended(&mut self) -> bool {
        self.0.try_wait().unwrap().is_some()
    }
}

impl Drop for Killed {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// What a run comes to that nobody disturbs.
async fn undisturbed(count: u32) -> Value {
    let trial = Trial::new();
    trial.submit("a", count).await;
    trial.approve("a").await;
    let journal = Journal::open(&trial.file).unwrap();
    let worker = Worker::new(&journal, survivor::engine(trial.court.address)).start().unwrap();
    let run = trial.client.wait("a").await.unwrap();
    worker.stop().await;
    assert_eq!(run.status, RunStatus::Completed, "{}", run.outcome);
    run.outcome["state"].clone()
}

fn kills() -> u32 {
    std::env::var("FLOWRIGHT_KILLS").map_or(30, |kills| kills.parse().expect("a number"))
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_survive_kills_at_random_moments() {
    let expected = [undisturbed(1).await, undisturbed(2).await];
    assert_eq!(expected[0]["even"], json!({ "result": true }));
    assert_eq!(expected[1]["even"], json!({ "result": false }));
    let trial = Trial::new();
    let seed = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let mut runs: Vec<(String, usize)> = Vec::new();
    let mut unapproved: Vec<String> = Vec::new();
    let mut killed = 0;
    while killed < kills() {
        while runs.iter().filter(|(id, _)| !trial.is_over(id)).count() < 4 {
            let (id, which) = (format!("run-{}", runs.len()), random.random_range(0..2_usize));
            trial.submit(&id, u32::try_from(which).unwrap() + 1).await;
            if random.random_bool(0.5) {
                trial.approve(&id).await;
            } else {
                unapproved.push(id.clone());
            }
            runs.push((id, which));
        }
        let worker = trial.worker(None);
        tokio::time::sleep(Duration::from_millis(random.random_range(20..600))).await;
        drop(worker);
        killed += 1;
        if killed % 3 == 0 {
            for id in unapproved.drain(..) {
                trial.approve(&id).await;
            }
        }
    }
    for id in unapproved {
        trial.approve(&id).await;
    }
    let worker = trial.worker(None);
    for (id, which) in &runs {
        let ended = tokio::time::timeout(PATIENCE, trial.client.wait(id)).await;
        ended.expect("it ends").unwrap();
        trial.judge(id, &expected[*which]);
    }
    drop(worker);
    println!("{killed} kills, {} runs, {} executions", runs.len(), trial.court.executions());
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_survive_a_crash_at_every_boundary_of_the_journal() {
    let expected = undisturbed(1).await;
    let trial = Trial::new();
    for boundary in 1.. {
        let id = format!("run-{boundary}");
        trial.submit(&id, 1).await;
        trial.approve(&id).await;
        let mut worker = trial.worker(Some(boundary));
        let begun = Instant::now();
        while !worker.has_ended() && !trial.is_over(&id) {
            assert!(begun.elapsed() < PATIENCE, "neither the worker nor the run ends");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let has_crashed = worker.has_ended();
        drop(worker);
        let worker = trial.worker(None);
        tokio::time::timeout(PATIENCE, trial.client.wait(&id)).await.expect("it ends").unwrap();
        drop(worker);
        trial.judge(&id, &expected);
        if !has_crashed {
            println!("{boundary} boundaries");
            assert!(boundary > 20, "a run is written down bit by bit");
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_workers_one_is_killed_and_the_other_takes_its_runs_over() {
    let expected = undisturbed(1).await;
    let trial = Trial::new();
    let (killed, other) = (trial.worker(None), trial.worker(None));
    let mut ids: Vec<String> = Vec::new();
    let workers = |ids: &[String]| -> HashSet<String> {
        ids.iter().filter_map(|id| trial.client.get(id).unwrap().worker).collect()
    };
    // Until both have something under way.
    while workers(&ids).len() < 2 {
        let id = format!("run-{}", ids.len());
        trial.submit(&id, 1).await;
        ids.push(id);
        assert!(ids.len() < 200, "one worker has all runs");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    drop(killed);
    for id in &ids {
        trial.approve(id).await;
    }
    for id in &ids {
        tokio::time::timeout(PATIENCE, trial.client.wait(id)).await.expect("it ends").unwrap();
        trial.judge(id, &expected);
    }
    drop(other);
}

/// The actions that one waits for.
fn parents(action: &str) -> impl Iterator<Item = &'static str> {
    let edges = EDGES.iter().chain(&[("join", "approval"), ("approval", "last")]);
    edges.filter(move |(_, to)| *to == action).map(|(from, _)| *from)
}

/// Whether a path leads to a journal that SQLite finds nothing wrong with.
#[tokio::test]
async fn a_journal_is_a_sound_file_of_sqlite() {
    let trial = Trial::new();
    trial.submit("a", 1).await;
    let check = |file: &Path| -> String {
        let connection = rusqlite::Connection::open(file).unwrap();
        connection.query_row("pragma integrity_check", [], |row| row.get(0)).unwrap()
    };
    assert_eq!(check(&trial.file), "ok");
}
