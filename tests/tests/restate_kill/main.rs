//! Services and servers that are killed while they work, and what is left of their runs: `FLOWRIGHT_CLUSTER_KILLS` says how
//! often, 6 times unless set.

mod balance;
mod witness;

use balance::balanced;
use flowright::Event;
use flowright_restate::{Client, RunState};
use flowright_tests::restate::{Server, free_port};
use flowright_tests::survivor;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use witness::Court;

/// How long anything here may take.
const PATIENCE: Duration = Duration::from_mins(3);

/// A service in a process of its own, which is killed when this is dropped.
struct Replica {
    child: Child,
}

impl Replica {
    /// Begins at this port of this machine, and is ready when this comes back.
    fn begin(port: u16, court: &Court, arguments: &[&str]) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_replica"))
            .arg(format!("127.0.0.1:{port}"))
            .arg(court.address.to_string())
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < PATIENCE, "the service does not begin");
            std::thread::sleep(Duration::from_millis(10));
        }
        Replica { child }
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A server, services, and their witness.
struct Trial {
    _folder: TempDir,
    server: Server,
    replicas: Vec<(u16, Option<Replica>)>,
    court: Court,
}

impl Trial {
    /// A server of so many nodes, and so many replicas of the service, which nobody knows yet; `None` where there is
    /// no server.
    fn of(nodes: usize, replicas: usize) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::of_nodes(folder.path(), nodes)?;
        let court = Court::open();
        let replica = |_| {
            let port = free_port();
            (port, Some(Replica::begin(port, &court, &[])))
        };
        let replicas = (0..replicas).map(replica).collect();
        Some(Trial { _folder: folder, server, replicas, court })
    }

    fn client(&self) -> Client {
        Client::connect(&self.server.ingress(), &survivor::registry()).unwrap()
    }

    async fn submit(&self, id: &str, count: u32) {
        let workflow = survivor::workflow(&survivor::registry());
        let event = Event::new("order", json!({ "count": count }));
        self.client().submit(id, &workflow, event).await.unwrap();
    }

    async fn approve(&self, id: &str) {
        self.client().send(id, "approved", json!({ "by": "Ada" })).await.unwrap();
    }

    async fn end(&self, id: &str) -> Value {
        let ended = tokio::time::timeout(PATIENCE, self.client().wait(id)).await.expect("it ends").unwrap();
        match ended {
            RunState::Ended(outcome) => outcome,
            other => panic!("{id}: {other:?}"),
        }
    }

    /// What runs come to that nobody disturbs.
    async fn undisturbed(&self) -> Vec<Value> {
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
    async fn until_begun(&self, run: &str, action: &str) {
        let begun = Instant::now();
        while !self.court.has_begun(run, action) {
            assert!(begun.elapsed() < PATIENCE, "`{action}` of {run} is never called");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    fn kill(&mut self, service: bool, server: bool) {
        let (port, replica) = &mut self.replicas[0];
        if service {
            *replica = None;
        }
        if server {
            self.server.kill();
            self.server.begin();
        }
        if service {
            *replica = Some(Replica::begin(*port, &self.court, &[]));
        }
    }
}

fn kills() -> u32 {
    std::env::var("FLOWRIGHT_CLUSTER_KILLS").map_or(6, |kills| kills.parse().expect("a number"))
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_survive_kills_of_the_service_of_the_server_and_of_both() {
    let Some(mut trial) = Trial::of(1, 1) else { return };
    trial.server.register(trial.replicas[0].0);
    let expected = trial.undisturbed().await;
    let seed = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let mut runs: Vec<(String, usize)> = Vec::new();
    for kill in 0..kills() {
        for _ in 0..2 {
            let (id, which) = (format!("run-{}", runs.len()), random.random_range(0..2_usize));
            trial.submit(&id, u32::try_from(which).unwrap() + 1).await;
            runs.push((id, which));
        }
        let latest = runs.last().unwrap().0.clone();
        trial.until_begun(&latest, "first").await;
        tokio::time::sleep(Duration::from_millis(random.random_range(0..300))).await;
        trial.kill(kill % 3 != 1, kill % 3 != 0);
        if random.random_bool(0.5) {
            trial.approve(&latest).await;
        } else {
            trial.until_begun(&latest, "approval").await;
            trial.approve(&latest).await;
        }
        let other = runs[runs.len() - 2].0.clone();
        trial.approve(&other).await;
    }
    for (id, which) in &runs {
        let outcome = trial.end(id).await;
        assert_eq!(outcome["state"], expected[*which], "{id}: {outcome}");
    }
    assert_eq!(trial.court.complaints(), [] as [String; 0]);
    println!("{} kills, {} runs, {} executions", kills(), runs.len(), trial.court.executions());
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_survive_the_loss_of_one_of_three_nodes_and_of_one_of_two_services() {
    let Some(mut trial) = Trial::of(3, 2) else { return };
    trial.server.register(balanced(trial.replicas.iter().map(|(port, _)| *port).collect()).await);
    let expected = trial.undisturbed().await;
    let ids: Vec<String> = (0..10).map(|at| format!("run-{at}")).collect();
    for id in &ids {
        trial.submit(id, 1).await;
    }
    trial.until_begun(&ids[9], "parts").await;
    trial.server.kill_node(0);
    for id in &ids[..5] {
        trial.approve(id).await;
    }
    trial.until_begun(&ids[9], "join").await;
    trial.replicas[0].1 = None;
    for id in &ids[5..] {
        trial.approve(id).await;
    }
    for id in &ids {
        assert_eq!(trial.end(id).await["state"], expected[0], "{id}");
    }
    assert_eq!(trial.court.complaints(), [] as [String; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_in_flight_go_on_when_an_action_changes() {
    let Some(mut trial) = Trial::of(1, 1) else { return };
    trial.server.register(trial.replicas[0].0);
    let expected = trial.undisturbed().await;
    let ids: Vec<String> = (0..6).map(|at| format!("run-{at}")).collect();
    for id in &ids[..3] {
        trial.submit(id, 2).await;
    }
    trial.until_begun(&ids[2], "parts").await;
    let port = free_port();
    let changed = Replica::begin(port, &trial.court, &["changed"]);
    trial.server.register(port);
    for id in &ids[3..] {
        trial.submit(id, 2).await;
    }
    for id in &ids {
        trial.approve(id).await;
    }
    for id in &ids[..3] {
        assert_eq!(trial.end(id).await["state"], expected[1], "{id}");
    }
    // Nothing goes on at the first service any more.
    trial.replicas[0].1 = None;
    for id in &ids[3..] {
        assert_eq!(trial.end(id).await["state"], expected[1], "{id}");
    }
    assert_eq!(trial.court.complaints(), [] as [String; 0]);
    drop(changed);
}
