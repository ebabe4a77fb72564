//! The documents as workflows of dataflow-rs: a task for each action, in the order of the document, and outputs within the
//! message.

use crate::cpu;
use crate::shapes::Shape;
use async_trait::async_trait;
use dataflow_rs::engine::utils::get_nested_value;
use dataflow_rs::{AsyncFunctionHandler, DataflowError, Engine, Message, TaskContext, TaskOutcome, Workflow};
use datavalue_rs::OwnedDataValue;
use serde::Deserialize;
use serde_json::{Value, json};
use std::hint::black_box;
use std::time::Duration;
use tokio::runtime::Runtime;

/// What a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// A function of the program, [`CountOn`].
    Custom,
    /// The built-in `map`, which evaluates `JsonLogic`.
    Map,
}

impl Task {
    /// Where in a message the output of an action is: in an array, which a path enters by a number, or under a key of its own,
    /// whichever is faster for such tasks.
    fn output(self, action: usize) -> String {
        match self {
            Task::Custom => format!("data.state.{action}"),
            Task::Map => format!("data.state_{action}"),
        }
    }

    /// Counts on from the largest value of these paths, to an object at another.
    fn function(self, from: &[String], to: &str) -> Value {
        match self {
            Task::Custom => json!({ "name": "count_on", "input": { "from": from, "to": to } }),
            Task::Map => {
                let values: Vec<Value> = from.iter().map(|path| json!({ "var": path })).collect();
                let largest = match &values[..] {
                    [only] => only.clone(),
                    _ => json!({ "max": values }),
                };
                let logic = json!({ "value": { "+": [largest, 1] } });
                json!({ "name": "map", "input": { "mappings": [{ "path": to, "logic": logic }] } })
            }
        }
    }
}

/// The paths of what a [`CountOn`] reads and writes.
#[derive(Deserialize)]
struct Paths {
    from: Vec<String>,
    to: String,
}

struct CountOn;

#[async_trait]
impl AsyncFunctionHandler for CountOn {
    type Input = Paths;

    async fn execute(
        &self,
        context: &mut TaskContext<'_>,
        paths: &Paths,
    ) -> dataflow_rs::Result<TaskOutcome> {
        let mut largest = i64::MIN;
        for path in &paths.from {
            let value = context.get(path).and_then(OwnedDataValue::as_i64);
            largest = largest.max(value.ok_or_else(|| DataflowError::Validation("no number".to_owned()))?);
        }
        let count = OwnedDataValue::object([("value", OwnedDataValue::from_i64(largest + 1))]);
        context.set(&paths.to, count);
        Ok(TaskOutcome::Success)
    }
}

pub(crate) struct Dataflow {
    engine: Engine,
    task: Task,
    /// What a message holds before the run.
    data: OwnedDataValue,
    actions: usize,
    runtime: Runtime,
}

impl Dataflow {
    pub(crate) fn new(task: Task, shape: Shape, actions: usize, event: &Value) -> Self {
        let value = |from: usize| match from {
            0 => "data.event.data.value".to_owned(),
            _ => format!("{}.value", task.output(from)),
        };
        let written = |action: usize| {
            let from: Vec<String> = shape.before(action).into_iter().map(value).collect();
            let function = task.function(&from, &task.output(action));
            json!({ "id": action.to_string(), "name": action.to_string(), "function": function })
        };
        let tasks: Vec<Value> = (1..=actions).map(written).collect();
        let workflow = json!({ "id": shape.name(), "name": shape.name(), "tasks": tasks }).to_string();
        let workflow = Workflow::from_json(&workflow).expect("the workflow is right");
        let engine = Engine::builder().register("count_on", CountOn).with_workflow(workflow).build();
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        Dataflow {
            engine: engine.expect("the workflow compiles"),
            task,
            data: OwnedDataValue::from(&json!({ "event": event })),
            actions,
            runtime,
        }
    }

    /// Without a record of changes, as its documentation has it where throughput counts.
    fn run(&self) -> Message {
        let mut message = Message::builder().data(self.data.clone()).capture_changes(false).build();
        self.runtime.block_on(self.engine.process_message(&mut message)).expect("all tasks succeed");
        message
    }

    pub(crate) fn outputs(&self) -> Vec<Value> {
        let message = self.run();
        let output = |action| get_nested_value(&message.context, &self.task.output(action));
        (1..=self.actions).map(|action| output(action).map_or(Value::Null, Value::from)).collect()
    }

    pub(crate) fn time(&self, repeats: u32) -> Duration {
        cpu::time(|| {
            for _ in 0..repeats {
                drop(black_box(self.run()));
            }
        })
    }
}
