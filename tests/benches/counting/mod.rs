//! Actions that count, as an engine has them.

use flowright::prelude::*;
use flowright::{CheckedWorkflow, Engine, Outcome};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::future::poll_fn;
use std::task::Poll;

#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Count {
    pub(crate) value: i64,
}

/// Count on.
#[engine_action]
fn count(value: i64) -> Count {
    Count { value: value + 1 }
}

/// Count on from the larger.
#[engine_action]
fn count_both(left: i64, right: i64) -> Count {
    Count { value: left.max(right) + 1 }
}

/// Count on, and be ready at once.
#[engine_action]
#[expect(clippy::unused_async, reason = "it is ready at once")]
async fn soon(value: i64) -> Count {
    Count { value: value + 1 }
}

/// Count on from the larger, and be ready at once.
#[engine_action]
#[expect(clippy::unused_async, reason = "it is ready at once")]
async fn soon_both(left: i64, right: i64) -> Count {
    Count { value: left.max(right) + 1 }
}

/// Count on at the next turn.
#[engine_action]
async fn later(value: i64) -> Count {
    turn().await;
    Count { value: value + 1 }
}

/// Count on from the larger at the next turn.
#[engine_action]
async fn later_both(left: i64, right: i64) -> Count {
    turn().await;
    Count { value: left.max(right) + 1 }
}

/// Count on, in a bare number.
#[engine_action]
fn number(value: i64) -> i64 {
    value + 1
}

/// Count on from the larger, in a bare number.
#[engine_action]
fn number_both(left: i64, right: i64) -> i64 {
    left.max(right) + 1
}

/// Is pending once.
async fn turn() {
    let mut is_over = false;
    poll_fn(|context| {
        if is_over {
            return Poll::Ready(());
        }
        is_over = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// A document that an engine runs, on an event of which the type is known.
pub(crate) struct Subject {
    pub(crate) engine: Engine,
    pub(crate) workflow: CheckedWorkflow,
    runtime: tokio::runtime::Runtime,
}

impl Subject {
    /// What events carry is of type `E`.
    pub(crate) fn new<E: JsonSchema>(document: &str) -> Self {
        let actions = actions![count, count_both, soon, soon_both, later, later_both, number, number_both];
        let registry = Registry::builder().actions(actions).event::<E>("count").build();
        let registry = registry.expect("the registry is right");
        let workflow = registry.check_for("count", document).expect("the document is right");
        let engine = Engine::builder(registry).build().expect("nothing is borrowed");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        Subject { engine, workflow, runtime }
    }

    pub(crate) fn run(&self, event: &Value) -> Outcome {
        self.block_on(self.engine.run(&self.workflow, event.clone())).expect("the event is admitted")
    }

    pub(crate) fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }
}
