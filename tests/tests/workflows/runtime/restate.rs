//! Runs on a Restate server.

mod live;

pub(crate) use live::*;

use flowright::{CheckedWorkflow, Engine, Event};
use flowright_restate::{Client, Key, RunState, Service};
use flowright_tests::restate::Server;
use std::cell::Cell;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::time::timeout;

/// What was called comes back as it ends, wherever that is.
pub(crate) const IN_ORDER: bool = false;

/// How many bytes a run may have: a message of the cluster has 32 MiB at most, and takes long before that.
pub(crate) const LARGEST: Option<usize> = Some(4 * 1024 * 1024);

/// The server of this program, and where it finds a service.
pub(crate) struct Cluster {
    pub(crate) server: Server,
    /// Where all services listen, one after the other, as long as none of them has left anything under way.
    listener: Option<TcpListener>,
    _folder: TempDir,
}

/// What secrets are sealed by.
fn key() -> Key {
    Key::new([7; 32])
}

/// One place at a time has it.
static CLUSTER: Mutex<Option<Cluster>> = Mutex::new(None);

/// Where runs go on: the server, and a service that answers it while it is waited for something.
pub(crate) struct Place {
    runtime: Runtime,
    client: Client,
    /// How many runs were submitted here that have not ended by themselves.
    under_way: Cell<usize>,
    pub(crate) cluster: MutexGuard<'static, Option<Cluster>>,
}

impl Place {
    #[track_caller]
    pub(crate) fn of(engine: &Engine) -> Self {
        let mut turn = CLUSTER.lock().unwrap_or_else(PoisonError::into_inner);
        if turn.is_none() {
            let folder = tempfile::tempdir().expect("a folder");
            let server = Server::start(folder.path());
            *turn = server.map(|server| Cluster { server, listener: None, _folder: folder });
        }
        let Some(cluster) = &mut *turn else {
            // There is no server, which was said: nothing of this can be tested.
            std::process::exit(0);
        };
        // On this thread alone, as it may be traced.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a thread can wait");
        let client = runtime.block_on(cluster.serve(engine));
        Place { runtime, client, under_way: Cell::new(0), cluster: turn }
    }

    /// Whether it is new; or why it is refused.
    pub(crate) fn submit(&self, id: &str, workflow: &CheckedWorkflow, event: Event) -> Result<bool, String> {
        let submitted = self.runtime.block_on(self.client.submit(id, workflow, event));
        if matches!(submitted, Ok(true)) {
            self.under_way.update(|count| count + 1);
        }
        submitted.map_err(|error| error.to_string())
    }

    /// What becomes of a run of this workflow.
    #[track_caller]
    pub(crate) fn end(&self, id: &str, workflow: &CheckedWorkflow) -> End {
        let run = self.runtime.block_on(async { timeout(PATIENCE, self.client.wait(id)).await });
        let run = run.expect("it ends").expect("it is kept");
        if let Some(outcome) = run.outcome_of(workflow) {
            if outcome.failure().is_none_or(|failure| failure.code() != "deadline") {
                self.under_way.update(|count| count.saturating_sub(1));
            }
            return End::Ended(outcome);
        }
        match run {
            RunState::Cancelled => End::Cancelled,
            RunState::Parked(report) => End::Parked(report),
            run => panic!("it is no run of this workflow: {run:?}"),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // What is left under way is not the next one's.
        if let Some(cluster) = &mut *self.cluster
            && (self.under_way.get() > 0 || std::thread::panicking())
        {
            cluster.listener = None;
        }
    }
}

impl Cluster {
    /// Serves the engine, on the runtime that this is called in.
    async fn serve(&mut self, engine: &Engine) -> Client {
        let is_known = self.listener.is_some();
        let listener = self.listener.get_or_insert_with(|| {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
            listener.set_nonblocking(true).expect("it can be waited for");
            listener
        });
        let address = format!("http://{}", listener.local_addr().expect("it listens"));
        let listener = listener.try_clone().expect("it has two ends");
        let listener = tokio::net::TcpListener::from_std(listener).expect("it can be waited for");
        let service = Service::new(engine.clone()).key(key());
        tokio::spawn(service.serve(listener));
        if !is_known {
            Service::register(&self.server.admin(), &address).await.expect("it is registered");
        }
        Client::connect(&self.server.ingress(), engine.registry()).expect("a client").key(key())
    }
}
