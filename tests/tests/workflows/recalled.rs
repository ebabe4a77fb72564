//! A run that goes on from what was recorded of it comes to the same.

use crate::draft::{Draft, accepted, conformance, engine, run};
use flowright::runtime::{Kept, Next, Runtime, Start, StepHost, StepHosts};
use flowright::{CheckedWorkflow, Engine, Failure, Outcome};
use futures_util::FutureExt;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::sync::Arc;

struct NoSteps;

impl StepHosts for NoSteps {
    fn host(&self, action: &str) -> Arc<dyn StepHost> {
        unreachable!("`{action}` asks for a sub-step")
    }
}

/// A runtime that only knows how actions failed before.
struct Recorded {
    failure: Value,
    next: Vec<Next>,
}

impl<'run> Runtime<'run> for Recorded {
    type Error = Infallible;

    fn start(&mut self, start: Start<'_, 'run>) {
        let failure = Failure::from_json(&self.failure).expect("it was a failure");
        self.next.push(Next::Recorded(start.action(), Kept::Failed(Box::new(failure))));
    }

    fn keep(&mut self, _: usize, kept: Kept) -> Option<Kept> {
        Some(kept)
    }

    fn hurry(&mut self) {}

    async fn next(&mut self) -> Result<Option<Next>, Infallible> {
        Ok(self.next.pop())
    }
}

fn again(engine: &Engine, workflow: &CheckedWorkflow, event: Value, outcome: &Outcome) -> Outcome {
    let failure = outcome.failure().expect("it failed").to_json();
    let run = engine.durable_run(workflow, "run", event, Arc::new(NoSteps)).expect("it is admitted");
    let mut runtime = Recorded { failure, next: Vec::new() };
    let outcome = run.drive(&mut runtime).now_or_never().expect("nothing is waited for");
    outcome.unwrap_or_else(|never| match never {})
}

#[test]
fn an_action_that_failed_counts_as_called_only_where_its_inputs_were_not_refused() {
    for (kind, event, calls) in
        [("upper", json!({ "text": 1 }), vec![]), ("fail", json!({ "text": "no" }), vec!["1"])]
    {
        let name = if kind == "upper" { "text" } else { "message" };
        let draft = Draft::new().action("1", kind, json!({ name: "!ref($.event.text)" })).start("1");
        let workflow = accepted(conformance().check(draft.text()));
        let engine = engine(workflow.registry().clone());
        let first = run(&engine, &workflow, event.clone());
        let second = again(&engine, &workflow, event, &first);
        for outcome in [&first, &second] {
            assert_eq!(outcome.calls().collect::<Vec<_>>(), calls, "{outcome}");
        }
        assert_eq!(first.to_json(), second.to_json());
    }
}
