//! Who runs the documents.

use crate::counting::Subject;
use crate::cpu;
use crate::dagrs_graph::Graph;
use crate::dataflow::{Dataflow, Task};
use crate::shapes::{SHAPES, Shape};
use serde_json::Value;
use std::hint::black_box;
use std::time::Duration;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    /// flowright itself, which all others are held against.
    Flowright,
    /// The engine whose documents these are, on Node.js.
    WorkflowKit,
    /// A graph of tasks and channels.
    Dagrs,
    /// A rules engine, whose actions are functions of the program.
    DataflowCustom,
    /// The same, where each action is a rule of its own language.
    DataflowMap,
}

pub(crate) const PEERS: [Peer; 5] =
    [Peer::Flowright, Peer::WorkflowKit, Peer::Dagrs, Peer::DataflowCustom, Peer::DataflowMap];

impl Peer {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Peer::Flowright => "flowright",
            Peer::WorkflowKit => "workflow-kit",
            Peer::Dagrs => "dagrs",
            Peer::DataflowCustom => "dataflow-rs/custom",
            Peer::DataflowMap => "dataflow-rs/map",
        }
    }

    /// Whether a run of this comes to an end. Workflow Kit runs an action once for each way that leads to it, and each rung of a
    /// ladder has twice as many ways as the one before.
    pub(crate) fn ends(self, shape: Shape, actions: usize) -> bool {
        self != Peer::WorkflowKit || shape != Shape::Ladder || actions <= 10
    }
}

/// A document that this process can run.
pub(crate) enum Prepared {
    Flowright { subject: Box<Subject>, event: Value, actions: usize },
    Dagrs(Box<Graph>),
    Dataflow(Box<Dataflow>),
}

impl Prepared {
    /// What was asked for, in the peer's own form.
    pub(crate) fn new(peer: Peer, asked: &Value) -> Self {
        let is_asked = |shape: &Shape| asked["shape"] == shape.name();
        let shape = SHAPES.into_iter().find(is_asked).expect("a shape");
        let actions =
            asked["actions"].as_u64().and_then(|count| usize::try_from(count).ok()).expect("a count");
        let event = asked["event"].clone();
        match peer {
            Peer::Flowright => {
                let subject = Box::new(Subject::new::<Value>(&asked["workflow"].to_string()));
                Prepared::Flowright { subject, event, actions }
            }
            Peer::WorkflowKit => unreachable!("it has a program of its own"),
            Peer::Dagrs => Prepared::Dagrs(Box::new(Graph::new(shape, actions, &event))),
            Peer::DataflowCustom => {
                Prepared::Dataflow(Box::new(Dataflow::new(Task::Custom, shape, actions, &event)))
            }
            Peer::DataflowMap => {
                Prepared::Dataflow(Box::new(Dataflow::new(Task::Map, shape, actions, &event)))
            }
        }
    }

    /// The output of each action, in order, after a run.
    pub(crate) fn outputs(&mut self) -> Vec<Value> {
        match self {
            Prepared::Flowright { subject, event, actions } => {
                let outcome = subject.run(event);
                let output = |action: usize| outcome.value(&action.to_string()).cloned();
                (1..=*actions).map(|action| output(action).expect("all actions complete")).collect()
            }
            Prepared::Dagrs(graph) => graph.outputs(),
            Prepared::Dataflow(dataflow) => dataflow.outputs(),
        }
    }

    /// How long it takes processors to run it as often.
    pub(crate) fn time(&mut self, repeats: u32) -> Duration {
        match self {
            Prepared::Flowright { subject, event, .. } => cpu::time(|| {
                for _ in 0..repeats {
                    drop(black_box(subject.run(black_box(event))));
                }
            }),
            Prepared::Dagrs(graph) => graph.time(repeats),
            Prepared::Dataflow(dataflow) => dataflow.time(repeats),
        }
    }
}
