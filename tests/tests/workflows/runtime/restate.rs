//! Runs on a Restate server.

use flowright::{CheckedWorkflow, Engine, Event, Outcome};
use flowright_restate::{Client, Service};
use flowright_tests::restate::Server;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;

/// What the next run is called by.
static NEXT: AtomicU32 = AtomicU32::new(1);

/// The server of this program. One run at a time has it: what is registered last is called.
static SERVER: Mutex<Option<(Server, tempfile::TempDir)>> = Mutex::new(None);

/// What was called comes back as it ends, wherever that is.
pub(crate) const IN_ORDER: bool = false;

#[track_caller]
pub(crate) fn run(engine: &Engine, workflow: &CheckedWorkflow, event: Event) -> Outcome {
    let mut server = SERVER.lock().unwrap_or_else(PoisonError::into_inner);
    if server.is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        *server = Server::start(folder.path()).map(|server| (server, folder));
    }
    let Some((server, _)) = &*server else {
        // There is no server, which was said: what a run in memory comes to stands in its place.
        return crate::draft::block_on(engine.run(workflow, event)).expect("the run begins");
    };
    let id = format!("run-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let run = runtime.expect("a runtime").block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let port = listener.local_addr().expect("it listens").port();
        let service = tokio::spawn(Service::new(engine.clone()).serve(listener));
        tokio::task::block_in_place(|| server.register(port));
        let client = Client::connect(&server.ingress(), workflow.registry()).expect("a client");
        client.submit(&id, workflow, event).await.unwrap_or_else(|error| panic!("it is refused: {error}"));
        let run = tokio::time::timeout(Duration::from_mins(1), client.wait(&id)).await.expect("it ends");
        service.abort();
        run.expect("it is kept")
    });
    run.outcome_of(workflow).unwrap_or_else(|| panic!("the run did not end: {run:?}"))
}
