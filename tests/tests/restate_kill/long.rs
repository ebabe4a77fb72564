//! All that may be lost is lost, time after time, while runs are in flight: on three nodes, of which one is lost for good, and
//! two replicas, whose program changes meanwhile.

use crate::balance::balanced;
use crate::replica::Replica;
use crate::trial::Trial;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use std::collections::BTreeMap;
use std::ops::Range;
use std::time::{Duration, Instant};
use tokio::task::block_in_place;

/// What is killed at once.
#[derive(Clone, Copy, PartialEq)]
enum Kill {
    Replica,
    Replicas,
    Node,
    Nodes,
    NodesAndReplicas,
}

const KILLS: [Kill; 5] = [Kill::Replica, Kill::Replicas, Kill::Node, Kill::Nodes, Kill::NodesAndReplicas];

impl Kill {
    fn name(self) -> &'static str {
        match self {
            Kill::Replica => "of a service",
            Kill::Replicas => "of all services",
            Kill::Node => "of a node",
            Kill::Nodes => "of all nodes",
            Kill::NodesAndReplicas => "of all nodes and services",
        }
    }
}

struct Run {
    id: String,
    /// Which of the undisturbed runs it is like.
    like: usize,
}

struct Long {
    trial: Trial,
    random: StdRng,
    runs: Vec<Run>,
    nodes: Vec<usize>,
    /// The replicas of the version before the change, until they are stopped.
    old: Option<Range<usize>>,
    /// How many runs were submitted before the change.
    before: usize,
    done: BTreeMap<&'static str, u32>,
}

/// Kills so often, and compares what the runs come to with what they come to undisturbed.
pub(crate) async fn run(kills: u32) {
    let Some(trial) = block_in_place(|| Trial::of(3, 2)) else { return };
    let begun = Instant::now();
    let ports = trial.replicas.iter().map(|replica| replica.port).collect();
    let port = balanced(ports).await;
    block_in_place(|| trial.server.register(port));
    let expected = trial.undisturbed().await;
    let seed = rand::random();
    println!("seed {seed}");
    let random = StdRng::seed_from_u64(seed);
    let (runs, nodes, done) = (Vec::new(), vec![0, 1, 2], BTreeMap::new());
    let mut long = Long { trial, random, runs, nodes, old: None, before: 0, done };
    for kill in 0..kills {
        if kill == kills / 4 {
            long.change().await;
        }
        long.round((kill == kills / 2).then_some(0), KILLS[kill as usize % KILLS.len()]).await;
        long.stop_what_is_old().await;
        println!("{} kills after {} s", kill + 1, begun.elapsed().as_secs());
    }
    for Run { id, like } in &long.runs {
        let outcome = long.trial.end(id).await;
        assert_eq!(outcome["state"], expected[*like], "{id}: {outcome}");
    }
    long.stop_what_is_old().await;
    assert!(long.old.is_none() && long.before > 0, "the version before the change is not stopped");
    assert_eq!(long.trial.court.complaints(), [] as [String; 0]);
    let (runs, executions) = (long.runs.len(), long.trial.court.executions());
    let seconds = begun.elapsed().as_secs();
    let done: Vec<String> = long.done.iter().map(|(what, count)| format!("{count} {what}")).collect();
    println!("{kills} kills: {}; {runs} runs, {executions} executions, {seconds} s", done.join(", "));
}

impl Long {
    /// Submits a run, and gives its id.
    async fn submit(&mut self) -> String {
        let (id, like) = (format!("run-{}", self.runs.len()), self.random.random_range(0..2_usize));
        self.trial.submit(&id, u32::try_from(like).unwrap() + 1).await;
        self.runs.push(Run { id: id.clone(), like });
        id
    }

    /// Submits runs, kills while they are in flight, and begins again what was killed.
    async fn round(&mut self, lost: Option<usize>, kill: Kill) {
        let (first, second) = (self.submit().await, self.submit().await);
        let action = ["first", "parts", "join", "approval"][self.random.random_range(0..4_usize)];
        self.trial.until_begun(&second, action).await;
        tokio::time::sleep(Duration::from_millis(self.random.random_range(0..300))).await;
        let what = if let Some(node) = lost {
            block_in_place(|| self.trial.server.lose_node(node));
            self.nodes.retain(|known| *known != node);
            "of a node for good"
        } else {
            block_in_place(|| self.kill(kill));
            kill.name()
        };
        *self.done.entry(what).or_default() += 1;
        // A run is submitted to what is left, where each piece of data can be on two nodes.
        let third = match (lost, kill) {
            (None, Kill::Nodes | Kill::NodesAndReplicas) => None,
            (None, Kill::Node) if self.nodes.len() == 2 => None,
            _ => Some(self.submit().await),
        };
        block_in_place(|| self.trial.begin());
        if self.random.random_bool(0.5) {
            self.trial.until_begun(&second, "approval").await;
        }
        for id in [Some(second), Some(first), third].into_iter().flatten() {
            self.trial.approve(&id).await;
        }
    }

    fn kill(&mut self, kill: Kill) {
        let living: Vec<usize> =
            (0..self.trial.replicas.len()).filter(|at| !self.trial.replicas[*at].is_retired()).collect();
        match kill {
            Kill::Replica => {
                let at = living[self.random.random_range(0..living.len())];
                self.trial.replicas[at].kill();
            }
            Kill::Node => {
                let node = self.nodes[self.random.random_range(0..self.nodes.len())];
                self.trial.server.kill_node(node);
            }
            Kill::Replicas | Kill::Nodes | Kill::NodesAndReplicas => {
                if kill != Kill::Replicas {
                    self.trial.server.kill();
                }
                if kill != Kill::Nodes {
                    for at in living {
                        self.trial.replicas[at].kill();
                    }
                }
            }
        }
    }

    /// Serves a new version beside the old one, while runs of the old one are in flight.
    async fn change(&mut self) {
        let (first, second) = (self.submit().await, self.submit().await);
        self.trial.until_begun(&second, "first").await;
        self.old = Some(0..self.trial.replicas.len());
        self.before = self.runs.len();
        let ports = block_in_place(|| self.trial.add(2, &["changed"]));
        let port = balanced(ports).await;
        block_in_place(|| self.trial.server.register(port));
        for id in [first, second] {
            self.trial.approve(&id).await;
        }
    }

    /// Stops the old version where no run of it is in flight any more.
    async fn stop_what_is_old(&mut self) {
        let Some(old) = self.old.clone() else { return };
        for run in &self.runs[..self.before] {
            if !self.trial.has_ended(&run.id).await {
                return;
            }
        }
        self.trial.replicas[old].iter_mut().for_each(Replica::retire);
        self.old = None;
    }
}
