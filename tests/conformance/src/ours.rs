//! What flowright makes of a case.

use crate::case::{Case, Ran, Status, plain_members};
use flowright::{ActionStatus, CheckedWorkflow, Engine, Outcome, Registry};
use flowright_tests::actions::ACTIONS;
use serde_json::Value;
use std::collections::BTreeMap;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// The registry and engine of the actions that Workflow Kit is given too.
pub struct Flowright {
    registry: Registry,
    engine: Engine,
}

impl Default for Flowright {
    fn default() -> Self {
        let registry = Registry::builder().actions(ACTIONS).build().expect("the actions are right");
        let engine = Engine::builder(registry.clone()).build().expect("nothing is borrowed");
        Flowright { registry, engine }
    }
}

impl Flowright {
    /// The document, checked; or what is wrong with it, as it is reported.
    pub fn check(&self, workflow: &Value) -> Result<CheckedWorkflow, String> {
        self.registry.check(workflow.to_string()).map_err(|report| report.to_string())
    }

    /// What the case comes to; `None` where its document is refused.
    pub fn run(&self, case: &Case) -> Option<Ours> {
        let workflow = self.check(&case.workflow).ok()?;
        Some(self.run_checked(&workflow, &case.event))
    }

    /// The same of a document that was checked.
    ///
    /// # Panics
    ///
    /// Where the event is refused: no event is.
    pub fn run_checked(&self, workflow: &CheckedWorkflow, event: &Value) -> Ours {
        let run = self.engine.run(workflow, event.clone());
        ours(&at_once(run).expect("an event of any type is right"))
    }
}

/// What flowright's run came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Ours {
    /// Its end.
    pub ran: Ran,
    /// The ids of what was called, in order.
    pub calls: Vec<String>,
}

/// The outcome in the words of the comparison.
pub fn ours(outcome: &Outcome) -> Ours {
    let status = |status| match status {
        ActionStatus::Completed => Status::Completed,
        ActionStatus::Skipped => Status::Skipped,
        ActionStatus::Failed => Status::Failed,
        ActionStatus::NotStarted => Status::NotStarted,
    };
    let statuses: BTreeMap<String, Status> =
        outcome.actions().map(|(id, of)| (id.to_owned(), status(of))).collect();
    let state = outcome.outputs().map(|(id, output)| (id.to_owned(), output.clone())).collect();
    let ran = Ran { failed: !outcome.is_completed(), statuses, state: plain_members(&state) };
    Ours { ran, calls: outcome.calls().map(str::to_owned).collect() }
}

/// Nothing is waited for, so a poll or a few are enough.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    for _ in 0..1_000 {
        if let Poll::Ready(done) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return done;
        }
    }
    panic!("the run waits for something")
}
