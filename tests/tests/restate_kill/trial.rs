//! A server, services, and their witness.

use crate::PATIENCE;
use crate::replica::Replica;
use crate::witness::Court;
use flowright::Event;
use flowright_restate::{Client, ClientError, RunState};
use flowright_tests::restate::Server;
use flowright_tests::survivor;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long a node may take to answer, before another one is asked.
const ANSWER: Duration = Duration::from_secs(20);

/// A server, services, and their witness.
pub(crate) struct Trial {
    pub(crate) server: Server,
    pub(crate) replicas: Vec<Replica>,
    pub(crate) court: Court,
    _folder: TempDir,
}

impl Trial {
    /// A server of so many nodes, and so many replicas of the service, which nobody knows yet; `None` where there is
    /// no server.
    pub(crate) fn of(nodes: usize, replicas: usize) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::of_nodes(folder.path(), nodes)?;
        let mut trial = Trial { server, replicas: Vec::new(), court: Court::open(), _folder: folder };
        trial.add(replicas, &[]);
        Some(trial)
    }

    /// Begins more replicas, and gives their ports.
    pub(crate) fn add(&mut self, count: usize, arguments: &'static [&'static str]) -> Vec<u16> {
        let known = self.replicas.len();
        self.replicas.extend((0..count).map(|_| Replica::new(&self.court, arguments)));
        self.replicas[known..].iter().map(|replica| replica.port).collect()
    }

    /// Begins all that was killed, unless for good.
    pub(crate) fn begin(&mut self) {
        self.server.begin();
        for replica in &mut self.replicas {
            replica.begin(&self.court);
        }
    }

    /// Asks the nodes that live, one after the other, until one answers.
    async fn ask<T>(&self, what: &str, ask: impl AsyncFn(Client) -> Result<T, ClientError>) -> T {
        let begun = Instant::now();
        loop {
            for ingress in self.server.ingresses() {
                let client = Client::connect(&ingress, &survivor::registry()).unwrap();
                match tokio::time::timeout(ANSWER, ask(client)).await {
                    Ok(Ok(answer)) => return answer,
                    Ok(Err(ClientError::Cluster(_))) | Err(_) => {}
                    Ok(Err(error)) => panic!("{what}: {error}"),
                }
            }
            assert!(begun.elapsed() < PATIENCE, "{what}: no node answers it");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    pub(crate) async fn submit(&self, id: &str, count: u32) {
        let workflow = &survivor::workflow(&survivor::registry());
        let submit = async |client: Client| {
            let event = Event::new("order", json!({ "count": count }));
            client.submit(id, workflow, event).await
        };
        self.ask(id, submit).await;
    }

    pub(crate) async fn approve(&self, id: &str) {
        let send = async |client: Client| match client.send(id, "approved", json!({ "by": "Ada" })).await {
            // It was sent before, and only its answer was lost.
            Err(ClientError::Ended(_)) => Ok(()),
            sent => sent,
        };
        self.ask(id, send).await;
    }

    pub(crate) async fn end(&self, id: &str) -> Value {
        match self.ask(id, async |client: Client| client.wait(id).await).await {
            RunState::Ended(outcome) => outcome,
            other => panic!("{id}: {other:?}"),
        }
    }

    pub(crate) async fn has_ended(&self, id: &str) -> bool {
        self.ask(id, async |client: Client| client.state(id).await).await != RunState::Running
    }

    /// What runs come to that nobody disturbs.
    pub(crate) async fn undisturbed(&self) -> Vec<Value> {
        let mut expected = Vec::new();
        for count in 1..=2 {
            let id = format!("undisturbed-{count}");
            self.submit(&id, count).await;
            self.approve(&id).await;
            let outcome = self.end(&id).await;
            assert_eq!(outcome["status"], "completed", "{outcome}");
            expected.push(outcome["state"].clone());
        }
        expected
    }

    /// Waits until an action of a run was called.
    pub(crate) async fn until_begun(&self, run: &str, action: &str) {
        let begun = Instant::now();
        while !self.court.has_begun(run, action) {
            assert!(begun.elapsed() < PATIENCE, "`{action}` of {run} is never called");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}
