//! A journal with a few actions, and what they did.

use flowright::prelude::*;
use flowright::{CheckedWorkflow, Policy};
use flowright_sqlite::{Client, Journal, RunRecord, RunStatus, RunningWorker, Worker};
use rusqlite::Connection;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::Notify;

/// What actions did, and what they wait for.
#[derive(Default)]
pub(crate) struct World {
    done: Mutex<Vec<String>>,
    pub(crate) gate: Notify,
}

impl World {
    pub(crate) fn note(&self, what: impl Into<String>) {
        self.done.lock().unwrap().push(what.into());
    }

    pub(crate) fn done(&self) -> Vec<String> {
        self.done.lock().unwrap().clone()
    }
}

/// Say a word
#[engine_action]
pub(crate) fn say(world: &World, text: String) -> String {
    world.note(&text);
    text
}

/// Go through a gate
#[engine_action]
pub(crate) async fn gate(world: &World, step: &Step) -> Result<String, ActionError> {
    let key = step.idempotency_key().to_owned();
    step.run("knock", || async {
        world.note(format!("knock {key}"));
        Ok(())
    })
    .await?;
    world.gate.notified().await;
    world.note(format!("through {key}"));
    Ok(key)
}

/// Sleep
#[engine_action]
pub(crate) async fn nap(step: &Step, world: &World, ms: u64) -> Result<(), ActionError> {
    world.note("nap");
    step.sleep("nap", Duration::from_millis(ms)).await
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Approval {
    by: String,
}

/// Wait for an approval
#[engine_action]
pub(crate) async fn approval(
    step: &Step,
    world: &World,
    ms: Option<u64>,
) -> Result<Option<String>, ActionError> {
    world.note("approval");
    let approval = step.wait_for_event::<Approval>("approved", ms.map(Duration::from_millis)).await?;
    Ok(approval.map(|approval| approval.by))
}

/// Fail so often
#[engine_action(retries = 3)]
pub(crate) fn flaky(context: &ActionContext, world: &World, fails: u32) -> Result<u32, ActionError> {
    world.note(format!("attempt {}", context.attempt()));
    if context.attempt() <= fails {
        return Err(ActionError::retryable("not now"));
    }
    Ok(context.attempt())
}

pub(crate) fn registry() -> Registry {
    let actions = actions![say, gate, nap, approval, flaky];
    Registry::builder().actions(actions).event::<Approval>("approved").event::<Value>("go").build().unwrap()
}

/// A journal, and what its actions did.
pub(crate) struct Trial {
    folder: TempDir,
    pub(crate) journal: Journal,
    pub(crate) registry: Registry,
    pub(crate) client: Client,
    pub(crate) world: Arc<World>,
}

impl Trial {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path().join("runs.db")).unwrap();
        let registry = registry();
        let client = journal.client(&registry);
        Trial { folder, journal, registry, client, world: Arc::default() }
    }

    /// The file, as others may read and change it.
    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("runs.db")
    }

    pub(crate) fn connection(&self) -> Connection {
        let connection = Connection::open(self.file()).unwrap();
        connection.busy_timeout(Duration::from_secs(5)).unwrap();
        connection
    }

    pub(crate) fn engine(&self) -> Engine {
        let pause = Duration::from_millis(5);
        Engine::builder(self.registry.clone())
            .shared(Arc::clone(&self.world))
            .default_policy(Policy::new().backoff(pause, pause))
            .build()
            .unwrap()
    }

    pub(crate) fn worker(&self) -> RunningWorker {
        Worker::new(&self.journal, self.engine()).lease(Duration::from_millis(300)).start().unwrap()
    }

    /// A workflow of actions one behind the other.
    pub(crate) fn chain(&self, actions: &[(&str, Value)]) -> CheckedWorkflow {
        let written: Vec<Value> = actions
            .iter()
            .enumerate()
            .map(|(at, (kind, inputs))| json!({ "id": (at + 1).to_string(), "kind": kind, "inputs": inputs }))
            .collect();
        let edges: Vec<Value> = (0..actions.len())
            .map(|at| {
                let from = if at == 0 { "$source".to_owned() } else { at.to_string() };
                json!({ "from": from, "to": (at + 1).to_string() })
            })
            .collect();
        self.registry.check_for("go", json!({ "actions": written, "edges": edges }).to_string()).unwrap()
    }

    pub(crate) async fn submit(&self, id: &str, actions: &[(&str, Value)]) {
        let new = self.client.submit(id, &self.chain(actions), Event::new("go", json!(null))).await.unwrap();
        assert!(new);
    }

    pub(crate) async fn end(&self, id: &str) -> RunRecord {
        tokio::time::timeout(Duration::from_secs(20), self.client.wait(id)).await.expect("it ends").unwrap()
    }

    /// Waits until something is so.
    pub(crate) async fn until(&self, is_so: impl Fn(&Self) -> bool) {
        for _ in 0..2_000 {
            if is_so(self) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("it never came to that: {:?}", self.world.done());
    }

    pub(crate) fn status(&self, id: &str) -> RunStatus {
        self.client.get(id).unwrap().status
    }
}
