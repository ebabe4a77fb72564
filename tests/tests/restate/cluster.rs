//! A server, a service of a few actions, and what they did.

use flowright::prelude::*;
use flowright::{CheckedWorkflow, Policy};
use flowright_restate::{Client, RunState, Service};
use flowright_tests::restate::{Server, ask};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// How long anything here may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// What actions did, and what they wait for.
pub(crate) struct World {
    done: Mutex<Vec<String>>,
    gate: Semaphore,
}

impl World {
    fn note(&self, what: impl Into<String>) {
        self.done.lock().unwrap().push(what.into());
    }
}

/// Say a word
#[engine_action]
fn say(world: &World, context: &ActionContext, text: String) -> String {
    world.note(format!("{} {text}", context.run_id()));
    text
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

/// Sleep
#[engine_action]
async fn nap(step: &Step, world: &World, ms: u64) -> Result<(), ActionError> {
    world.note(format!("nap {}", step.idempotency_key()));
    step.sleep("nap", Duration::from_millis(ms)).await
}

/// Sleep, for no longer than a second
#[engine_action(timeout = "1s", retries = 1)]
async fn brief_nap(step: &Step, world: &World, ms: u64) -> Result<(), ActionError> {
    let key = step.idempotency_key().to_owned();
    step.run("lie down", || async {
        world.note(format!("lie down {key}"));
        Ok(())
    })
    .await?;
    world.note(format!("nap {key}"));
    step.sleep("nap", Duration::from_millis(ms)).await
}

/// Work in a sub-step, for no longer than a second
#[engine_action(timeout = "1s")]
async fn long_work(step: &Step, world: &World) -> Result<(), ActionError> {
    let key = step.idempotency_key().to_owned();
    step.run("work", || async {
        world.note(format!("work {key}"));
        tokio::time::sleep(Duration::from_hours(1)).await;
        Ok(())
    })
    .await
}

#[derive(Deserialize, JsonSchema, Serialize)]
struct Approval {
    by: String,
}

/// Wait for approvals
#[engine_action]
async fn approvals(step: &Step, count: u32, ms: Option<u64>) -> Result<Vec<Option<String>>, ActionError> {
    let mut by = Vec::new();
    for _ in 0..count {
        let approval = step.wait_for_event::<Approval>("approved", ms.map(Duration::from_millis)).await?;
        by.push(approval.map(|approval| approval.by));
    }
    Ok(by)
}

/// Fail so often
#[engine_action(retries = 2)]
async fn flaky(context: &ActionContext, step: &Step, world: &World, fails: u32) -> Result<u32, ActionError> {
    let key = step.idempotency_key().to_owned();
    let once = || async {
        world.note(format!("once {key}"));
        Ok(())
    };
    step.run("once", once).await?;
    world.note(format!("attempt {} {key}", context.attempt()));
    if context.attempt() <= fails {
        return Err(ActionError::retryable("not now"));
    }
    Ok(context.attempt())
}

/// Begin two sub-steps at once
#[engine_action]
async fn hasty(step: &Step) -> Result<(), ActionError> {
    let sleep = step.sleep("nap", Duration::from_hours(1));
    let run = step.run("work", || async { Ok(()) });
    futures_util::try_join!(sleep, run).map(|_| ())
}

fn registry() -> Registry {
    let actions = actions![say, gate, nap, brief_nap, long_work, approvals, flaky, hasty];
    Registry::builder().actions(actions).event::<Approval>("approved").event::<Value>("go").build().unwrap()
}

/// A server and a service.
pub(crate) struct Cluster {
    _folder: TempDir,
    server: Server,
    world: Arc<World>,
    registry: Registry,
    next: AtomicU32,
}

/// The cluster of this program; `None` where there is no server.
pub(crate) fn cluster() -> Option<&'static Cluster> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    let cluster = CLUSTER.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start(folder.path())?;
        let world = Arc::new(World { done: Mutex::default(), gate: Semaphore::new(0) });
        let registry = registry();
        let pause = Duration::from_millis(10);
        let engine = Engine::builder(registry.clone())
            .shared(Arc::clone(&world))
            .default_policy(Policy::new().backoff(pause, pause))
            .deadline(Duration::from_mins(2))
            .build()
            .unwrap();
        let (tell, port) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
            runtime.unwrap().block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                tell.send(listener.local_addr().unwrap().port()).unwrap();
                Service::new(engine).serve(listener).await;
            });
        });
        server.register(port.recv().unwrap());
        Some(Cluster { _folder: folder, server, world, registry, next: AtomicU32::new(1) })
    });
    cluster.as_ref()
}

impl Cluster {
    pub(crate) fn client(&self) -> Client {
        Client::connect(&self.server.ingress(), &self.registry).unwrap()
    }

    /// How the cluster calls one of the services.
    pub(crate) fn service(&self, name: &str) -> Value {
        let port = self.server.admin().rsplit(':').next().unwrap().parse().unwrap();
        let answer = ask(port, "GET", &format!("/services/{name}"), "").unwrap();
        serde_json::from_str(&answer.body).unwrap()
    }

    /// An id that no other run has.
    pub(crate) fn id(&self) -> String {
        format!("run-{}", self.next.fetch_add(1, Ordering::Relaxed))
    }

    /// A workflow of actions one behind the other.
    pub(crate) fn chain(&self, actions: &[(&str, Value)]) -> CheckedWorkflow {
        let written = actions.iter().enumerate().map(
            |(at, (kind, inputs))| json!({ "id": (at + 1).to_string(), "kind": kind, "inputs": inputs }),
        );
        let edges = (0..actions.len()).map(|at| {
            let from = if at == 0 { "$source".to_owned() } else { at.to_string() };
            json!({ "from": from, "to": (at + 1).to_string() })
        });
        let document = json!({ "actions": written.collect::<Vec<_>>(), "edges": edges.collect::<Vec<_>>() });
        self.registry.check_for("go", document.to_string()).unwrap()
    }

    /// Submits a run of a chain, and gives its id.
    pub(crate) async fn submit(&self, actions: &[(&str, Value)]) -> String {
        let id = self.id();
        assert!(self.client().submit(&id, &self.chain(actions), go()).await.unwrap());
        id
    }

    pub(crate) async fn end(&self, id: &str) -> RunState {
        tokio::time::timeout(PATIENCE, self.client().wait(id)).await.expect("it ends").unwrap()
    }

    /// What a run came to that ended.
    pub(crate) async fn outcome(&self, id: &str) -> Value {
        match self.end(id).await {
            RunState::Ended(outcome) => outcome,
            other => panic!("{id}: {other:?}"),
        }
    }

    /// What was done in a run.
    pub(crate) fn done(&self, id: &str) -> Vec<String> {
        let done = self.world.done.lock().unwrap();
        let own = |what: &&String| what.split([' ', '/']).any(|word| word == id);
        done.iter().filter(own).cloned().collect()
    }

    /// Waits until so much was done in a run.
    pub(crate) async fn until_done(&self, id: &str, count: usize) {
        let begun = Instant::now();
        while self.done(id).len() < count {
            assert!(begun.elapsed() < PATIENCE, "it never came to that: {:?}", self.done(id));
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub(crate) fn open_gate(&self) {
        self.world.gate.add_permits(1);
    }
}

/// What starts the runs.
pub(crate) fn go() -> Event {
    Event::new("go", json!(null))
}
