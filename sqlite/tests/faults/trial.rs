//! A journal, and actions that tell what they do.

use flowright::prelude::*;
use flowright::testing::ManualClock;
use flowright::{CheckedWorkflow, EngineBuilder};
use flowright_sqlite::{Client, Entry, Journal, RunRecord, RunStatus, RunningWorker, What, Worker};
use rusqlite::Connection;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;

/// How long anything here may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// After how long a worker that shows no sign of life has lost its runs.
pub(crate) const LEASE: Duration = Duration::from_millis(300);

/// What actions did, and what they wait for.
pub(crate) struct World {
    done: Mutex<Vec<String>>,
    /// Who goes through gates.
    pub(crate) gate: Semaphore,
    /// How many executions of `block` may end: the first so many.
    unblocked: Mutex<usize>,
    changed: Condvar,
    blocked: AtomicUsize,
}

impl World {
    fn note(&self, what: impl Into<String>) {
        self.done.lock().unwrap().push(what.into());
    }

    pub(crate) fn done(&self) -> Vec<String> {
        self.done.lock().unwrap().clone()
    }

    /// Lets the first so many executions of `block` end.
    pub(crate) fn unblock(&self, executions: usize) {
        *self.unblocked.lock().unwrap() = executions;
        self.changed.notify_all();
    }
}

/// Say a word
#[engine_action]
fn say(world: &World, text: String) -> String {
    world.note(&text);
    text
}

/// Say a word so often
#[engine_action]
fn much(world: &World, text: String, times: usize) -> String {
    world.note(&text);
    text.repeat(times)
}

/// Go through a gate
#[engine_action]
async fn gate(world: &World, step: &Step) -> Result<String, ActionError> {
    let key = step.idempotency_key().to_owned();
    step.run("knock", || async {
        world.note(format!("knock {key}"));
        Ok(())
    })
    .await?;
    world.gate.acquire().await.map_err(|_| ActionError::fatal("the gate is gone"))?.forget();
    world.note(format!("through {key}"));
    Ok(key)
}

/// Block the thread until the world lets it go; which execution it was
#[engine_action]
fn block(world: &World) -> String {
    let execution = world.blocked.fetch_add(1, Ordering::SeqCst) + 1;
    world.note(format!("block {execution}"));
    let unblocked = world.unblocked.lock().unwrap();
    let waited = world.changed.wait_timeout_while(unblocked, PATIENCE, |unblocked| *unblocked < execution);
    assert!(!waited.unwrap().1.timed_out(), "nobody unblocked it");
    execution.to_string()
}

/// Sleep
#[engine_action]
async fn nap(step: &Step, world: &World, ms: u64) -> Result<(), ActionError> {
    world.note("nap");
    step.sleep("nap", Duration::from_millis(ms)).await?;
    world.note("awake");
    Ok(())
}

/// Sleep, for no longer than a minute
#[engine_action(timeout = "60s")]
async fn brief_nap(step: &Step, world: &World, ms: u64) -> Result<(), ActionError> {
    world.note("nap");
    step.sleep("nap", Duration::from_millis(ms)).await
}

#[derive(Deserialize, JsonSchema, Serialize)]
struct Approval {
    by: String,
}

/// Wait for an approval
#[engine_action]
async fn approval(step: &Step) -> Result<Option<String>, ActionError> {
    let approval = step.wait_for_event::<Approval>("approved", None).await?;
    Ok(approval.map(|approval| approval.by))
}

struct Over<'w>(&'w World);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.note("over");
    }
}

/// Wait for an approval for no longer than a minute
#[engine_action(retries = 1, timeout = "60s")]
async fn hurried(step: &Step, world: &World, context: &ActionContext) -> Result<Option<String>, ActionError> {
    world.note(format!("attempt {}", context.attempt()));
    let _over = Over(world);
    let approval = step.wait_for_event::<Approval>("approved", None).await?;
    Ok(approval.map(|approval| approval.by))
}

/// Do something behind a gate and sleep behind another, for no longer than a minute
#[engine_action(retries = 1, timeout = "60s")]
async fn hasty(step: &Step, world: &World) -> Result<(), ActionError> {
    step.run("work", || async {
        world.note("work");
        world.gate.acquire().await.map_err(|_| ActionError::fatal("the gate is gone"))?.forget();
        Ok(())
    })
    .await?;
    world.note("tired");
    world.gate.acquire().await.map_err(|_| ActionError::fatal("the gate is gone"))?.forget();
    step.sleep("nap", Duration::from_hours(1)).await?;
    world.note("awake");
    Ok(())
}

fn registry() -> Registry {
    let actions = actions![say, much, gate, block, nap, brief_nap, approval, hurried, hasty];
    Registry::builder().actions(actions).event::<Approval>("approved").event::<Value>("go").build().unwrap()
}

/// A worker that ends as a crash ends it: nothing of it goes on, and it leaves its runs to nobody.
pub(crate) struct Doomed(Runtime);

impl Doomed {
    pub(crate) fn crash(self) {
        self.0.shutdown_background();
    }
}

/// A journal, and what its actions did.
pub(crate) struct Trial {
    pub(crate) folder: TempDir,
    pub(crate) journal: Journal,
    pub(crate) client: Client,
    pub(crate) world: Arc<World>,
    registry: Registry,
}

impl Trial {
    pub(crate) fn new() -> Self {
        Self::with_boundaries(|| {})
    }

    /// One that calls this before and after each commit.
    pub(crate) fn with_boundaries(boundary: impl Fn() + Send + 'static) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open_with_boundaries(folder.path().join("runs.db"), boundary).unwrap();
        let registry = registry();
        let client = journal.client(&registry);
        let world = World {
            done: Mutex::default(),
            gate: Semaphore::new(0),
            unblocked: Mutex::default(),
            changed: Condvar::new(),
            blocked: AtomicUsize::new(0),
        };
        Trial { folder, journal, client, world: Arc::new(world), registry }
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("runs.db")
    }

    pub(crate) fn registry(&self) -> Registry {
        self.registry.clone()
    }

    pub(crate) fn engine_of_world(&self) -> Engine {
        self.engine().build().unwrap()
    }

    pub(crate) fn engine(&self) -> EngineBuilder {
        Engine::builder(self.registry.clone()).shared(Arc::clone(&self.world))
    }

    pub(crate) fn worker(&self) -> RunningWorker {
        Worker::new(&self.journal, self.engine().build().unwrap()).lease(LEASE).start().unwrap()
    }

    /// A worker that is not started, with a clock of its own.
    pub(crate) fn worker_by(&self, clock: &ManualClock) -> Worker {
        Worker::new(&self.journal, self.engine().clock(clock.clone()).build().unwrap()).lease(LEASE)
    }

    /// A worker that is not to be stopped, but to crash.
    pub(crate) fn doomed(worker: Worker) -> Doomed {
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(1).enable_time().build().unwrap();
        let entered = runtime.enter();
        // It stops when this is dropped.
        std::mem::forget(worker.start().unwrap());
        drop(entered);
        Doomed(runtime)
    }

    /// The names of the workers that are written down.
    pub(crate) fn workers(&self) -> Vec<String> {
        let connection = Connection::open(self.file()).unwrap();
        let mut select = connection.prepare("select name from worker order by name").unwrap();
        let names = select.query_map([], |row| row.get(0)).unwrap();
        names.collect::<Result<_, _>>().unwrap()
    }

    /// A worker that is not started.
    pub(crate) fn idle_worker(&self) -> Worker {
        Worker::new(&self.journal, self.engine().build().unwrap()).lease(LEASE)
    }

    /// A workflow of actions one behind the other.
    pub(crate) fn chain(&self, actions: &[(&str, Value)]) -> CheckedWorkflow {
        let edges = (0..actions.len()).map(|at| {
            let from = if at == 0 { "$source".to_owned() } else { at.to_string() };
            json!({ "from": from, "to": (at + 1).to_string() })
        });
        self.workflow(actions, &edges.collect::<Vec<_>>())
    }

    /// A workflow of actions side by side.
    pub(crate) fn side_by_side(&self, actions: &[(&str, Value)]) -> CheckedWorkflow {
        let edges = (1..=actions.len()).map(|at| json!({ "from": "$source", "to": at.to_string() }));
        self.workflow(actions, &edges.collect::<Vec<_>>())
    }

    fn workflow(&self, actions: &[(&str, Value)], edges: &[Value]) -> CheckedWorkflow {
        let actions = actions.iter().enumerate().map(
            |(at, (kind, inputs))| json!({ "id": (at + 1).to_string(), "kind": kind, "inputs": inputs }),
        );
        let document = json!({ "actions": actions.collect::<Vec<_>>(), "edges": edges });
        self.registry.check_for("go", document.to_string()).unwrap()
    }

    pub(crate) async fn submit(&self, id: &str, actions: &[(&str, Value)]) {
        let new = self.client.submit(id, &self.chain(actions), go()).await.unwrap();
        assert!(new);
    }

    pub(crate) async fn end(&self, id: &str) -> RunRecord {
        tokio::time::timeout(PATIENCE, self.client.wait(id)).await.expect("it ends").unwrap()
    }

    /// Waits until something is so.
    pub(crate) async fn until(&self, is_so: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        while !is_so(self) {
            let (done, runs) = (self.world.done(), self.client.list(None, 9));
            assert!(begun.elapsed() < PATIENCE, "it never came to that: {done:?}, {runs:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Lets the file grow again. What is committed together with that may find no room yet, and then neither comes to be.
    pub(crate) async fn make_room(&self) {
        let begun = Instant::now();
        while let Err(error) = self.journal.limit_pages(u32::MAX - 1).await {
            assert!(begun.elapsed() < PATIENCE, "there is no room: {error}");
        }
    }

    pub(crate) fn status(&self, id: &str) -> RunStatus {
        self.client.get(id).unwrap().status
    }

    /// What was written of this kind.
    pub(crate) fn written(&self, id: &str, what: What) -> Vec<Entry> {
        let history = self.client.history(id).unwrap();
        history.into_iter().filter(|entry| entry.what == what).collect()
    }

    /// Which actions are written down as completed, in order.
    pub(crate) fn completed(&self, id: &str) -> Vec<String> {
        self.written(id, What::Completed).into_iter().map(|entry| entry.action).collect()
    }
}

/// What starts the runs.
pub(crate) fn go() -> Event {
    Event::new("go", json!(null))
}
