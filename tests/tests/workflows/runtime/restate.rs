//! Runs on a Restate server.

mod live;

pub(crate) use live::*;

use flowright::{CheckedWorkflow, Engine};
use flowright_restate::{Client, RunState, Service};
use flowright_tests::restate::Server;
use std::net::Ipv4Addr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::time::timeout;

/// What was called comes back as it ends, wherever that is.
pub(crate) const IN_ORDER: bool = false;

/// How many bytes an event, a document or an output may have: a message of the cluster has 32 MiB at most.
pub(crate) const LARGEST: Option<usize> = Some(16 * 1024 * 1024);

/// The server of this program. One place at a time has it: what is registered last is called.
static SERVER: Mutex<Option<(Server, TempDir)>> = Mutex::new(None);

type Turn = MutexGuard<'static, Option<(Server, TempDir)>>;

/// Where runs go on: the server, and a service that answers it while it is waited for something.
pub(crate) struct Place {
    runtime: Runtime,
    client: Client,
    _turn: Turn,
}

impl Place {
    #[track_caller]
    pub(crate) fn of(engine: &Engine) -> Self {
        let mut turn = SERVER.lock().unwrap_or_else(PoisonError::into_inner);
        if turn.is_none() {
            let folder = tempfile::tempdir().expect("a folder");
            *turn = Server::start(folder.path()).map(|server| (server, folder));
        }
        let Some((server, _)) = &*turn else {
            // There is no server, which was said: nothing of this can be tested.
            std::process::exit(0);
        };
        // On this thread alone, as it may be traced.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a thread can wait");
        let client = runtime.block_on(async {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port is free");
            let address = format!("http://{}", listener.local_addr().expect("it listens"));
            let service = Service::new(engine.clone());
            tokio::spawn(service.serve(listener));
            Service::register(&server.admin(), &address).await.expect("it is registered");
            Client::connect(&server.ingress(), engine.registry()).expect("a client")
        });
        Place { runtime, client, _turn: turn }
    }

    /// What becomes of a run of this workflow.
    #[track_caller]
    pub(crate) fn end(&self, id: &str, workflow: &CheckedWorkflow) -> End {
        let run = self.runtime.block_on(async { timeout(PATIENCE, self.client.wait(id)).await });
        let run = run.expect("it ends").expect("it is kept");
        if let Some(outcome) = run.outcome_of(workflow) {
            return End::Ended(outcome);
        }
        match run {
            RunState::Cancelled => End::Cancelled,
            RunState::Parked(report) => End::Parked(report),
            run => panic!("it is no run of this workflow: {run:?}"),
        }
    }
}
