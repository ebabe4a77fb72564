//! The documents as graphs of dagrs: a node for each action, and a channel for each edge, which carries the output as it is, a
//! value of Rust.

use crate::counting::Count;
use crate::cpu;
use crate::shapes::Shape;
use async_trait::async_trait;
use dagrs::{Action, Content, DefaultNode, EnvVar, InChannels, Node, NodeId, NodeTable, OutChannels, Output};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;

/// What the event's value is called in the environment of a graph.
const VALUE: &str = "value";

/// Count on from the largest of these; `None` is the event.
struct CountOn {
    from: Vec<Option<NodeId>>,
}

#[async_trait]
impl Action for CountOn {
    async fn run(&self, input: &mut InChannels, output: &mut OutChannels, env: Arc<EnvVar>) -> Output {
        let mut largest = i64::MIN;
        for from in &self.from {
            let value = match from {
                None => env.get_ref::<i64>(VALUE).copied(),
                Some(id) => match input.recv_from(id).await {
                    Ok(content) => content.get::<Count>().map(|count| count.value),
                    Err(error) => return Output::error(error),
                },
            };
            let Some(value) = value else { return Output::execution_failed("there is no number") };
            largest = largest.max(value);
        }
        let count = Content::new(Count { value: largest + 1 });
        for sent in output.broadcast(count.clone()).await {
            if let Err(error) = sent {
                return Output::error(error);
            }
        }
        Output::Out(Some(count))
    }
}

pub(crate) struct Graph {
    dag: dagrs::Graph,
    /// The node of each action, in order.
    nodes: Vec<NodeId>,
    /// All on one thread, as the others are.
    runtime: Runtime,
}

impl Graph {
    pub(crate) fn new(shape: Shape, actions: usize, event: &Value) -> Self {
        let (mut graph, mut table) = (dagrs::Graph::new(), NodeTable::new());
        let mut nodes: Vec<NodeId> = Vec::new();
        let mut followers = vec![Vec::new(); actions + 1];
        for action in 1..=actions {
            let before = shape.before(action);
            let from = before.iter().map(|&from| from.checked_sub(1).map(|slot| nodes[slot])).collect();
            let node = DefaultNode::with_action(action.to_string(), CountOn { from }, &mut table);
            for &from in &before {
                followers[from].push(node.id());
            }
            nodes.push(graph.add_node(node).expect("names are not given twice"));
        }
        for (node, followers) in nodes.iter().zip(followers.into_iter().skip(1)) {
            graph.add_edge(*node, followers).expect("both ends are there");
        }
        let mut env = EnvVar::new(table);
        env.set(VALUE, event["data"]["value"].as_i64().expect("a number"));
        graph.set_env(env);
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        Graph { dag: graph, nodes, runtime }
    }

    fn run(&mut self) -> Duration {
        let Graph { dag, runtime, .. } = self;
        cpu::time(|| {
            runtime.block_on(dag.async_start()).expect("all nodes succeed");
        })
    }

    /// New channels for the next run: set-up, and not counted.
    fn reset(&mut self) {
        self.runtime.block_on(self.dag.reset()).expect("it is not running");
    }

    pub(crate) fn outputs(&mut self) -> Vec<Value> {
        self.run();
        let counts = self.dag.get_results::<Count>();
        self.reset();
        let output = |node| serde_json::to_value(counts.get(node)?.as_deref()?).ok();
        self.nodes.iter().map(|node| output(node).expect("every node has counted")).collect()
    }

    pub(crate) fn time(&mut self, repeats: u32) -> Duration {
        let mut taken = Duration::ZERO;
        for _ in 0..repeats {
            taken += self.run();
            self.reset();
        }
        taken
    }
}
