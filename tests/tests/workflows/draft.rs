//! Documents as the tests write them, and how they are run.

use crate::runtime;
use flowright::{CheckedWorkflow, Code, Engine, Event, Outcome, Registry, Report};
use flowright_tests::actions::ACTIONS;
use serde_json::{Value, json};
use std::future::Future;

/// A document that grows line by line.
#[derive(Clone, Default)]
pub(crate) struct Draft {
    actions: Vec<Value>,
    edges: Vec<Value>,
}

impl Draft {
    pub(crate) fn new() -> Self {
        Draft::default()
    }

    pub(crate) fn action(mut self, id: &str, kind: &str, inputs: Value) -> Self {
        self.actions.push(json!({ "id": id, "kind": kind, "inputs": inputs }));
        self
    }

    /// An action that gives back `value`.
    pub(crate) fn echo(self, id: &str, value: impl Into<Value>) -> Self {
        self.action(id, "echo", json!({ "value": value.into() }))
    }

    /// A `builtin:if`.
    pub(crate) fn rule(self, id: &str, condition: Value) -> Self {
        self.action(id, "builtin:if", json!({ "condition": condition }))
    }

    pub(crate) fn start(self, to: &str) -> Self {
        self.edge("$source", to)
    }

    pub(crate) fn edge(mut self, from: &str, to: &str) -> Self {
        self.edges.push(json!({ "from": from, "to": to }));
        self
    }

    fn conditional(mut self, from: &str, to: &str, conditional: Value) -> Self {
        self.edges.push(json!({ "from": from, "to": to, "conditional": conditional }));
        self
    }

    pub(crate) fn when(self, from: &str, to: &str, reference: &str) -> Self {
        self.conditional(from, to, json!({ "type": "if", "ref": reference }))
    }

    pub(crate) fn otherwise(self, from: &str, to: &str, reference: &str) -> Self {
        self.conditional(from, to, json!({ "type": "else", "ref": reference }))
    }

    pub(crate) fn matching(self, from: &str, to: &str, reference: &str, value: impl Into<Value>) -> Self {
        self.conditional(from, to, json!({ "type": "match", "ref": reference, "value": value.into() }))
    }

    /// The same document with its edges in another order.
    pub(crate) fn shuffled(mut self, by: impl FnOnce(&mut Vec<Value>)) -> Self {
        by(&mut self.edges);
        self
    }

    pub(crate) fn text(&self) -> String {
        json!({ "actions": self.actions, "edges": self.edges }).to_string()
    }

    pub(crate) fn check(&self) -> Result<CheckedWorkflow, Report> {
        conformance().check(self.text())
    }

    /// Checked and run with the actions of `conform`.
    #[track_caller]
    pub(crate) fn run(&self, event: Value) -> Outcome {
        self.run_with(conformance(), event)
    }

    #[track_caller]
    pub(crate) fn run_with(&self, registry: Registry, event: Value) -> Outcome {
        let workflow = accepted(registry.check(self.text()));
        run(&engine(registry), &workflow, event)
    }
}

/// One `echo` behind the start, run: the value it was given.
#[track_caller]
pub(crate) fn echoed(value: impl Into<Value>, event: Value) -> Value {
    let outcome = Draft::new().echo("1", value).start("1").run(event);
    assert!(outcome.is_completed(), "{outcome}");
    outcome.value("1").cloned().expect("a completed action has an output")
}

/// A registry with the actions of `conform`.
pub(crate) fn conformance() -> Registry {
    Registry::builder().actions(ACTIONS).build().expect("the actions are right")
}

#[track_caller]
pub(crate) fn engine(registry: Registry) -> Engine {
    Engine::builder(registry).build().expect("nothing is borrowed")
}

#[track_caller]
pub(crate) fn accepted(checked: Result<CheckedWorkflow, Report>) -> CheckedWorkflow {
    checked.unwrap_or_else(|report| panic!("the document is refused:\n{report}"))
}

#[track_caller]
pub(crate) fn refused(checked: Result<CheckedWorkflow, Report>) -> Report {
    match checked {
        Ok(workflow) => panic!("the document is accepted: {}", workflow.workflow()),
        Err(report) => report,
    }
}

/// The codes of a report with their pointers, in its order.
pub(crate) fn codes(report: &Report) -> Vec<(Code, String)> {
    report.iter().map(|found| (found.code(), found.pointer().to_string())).collect()
}

/// The outcome of a run, by the runtime that this program is a test of.
#[track_caller]
pub(crate) fn run(engine: &Engine, workflow: &CheckedWorkflow, event: impl Into<Event>) -> Outcome {
    runtime::run(engine, workflow, event.into())
}

/// Waits on this thread alone, with timers.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    runtime.expect("a thread can wait").block_on(future)
}

/// The ids of the actions that were called, in order.
pub(crate) fn calls(outcome: &Outcome) -> Vec<&str> {
    outcome.calls().collect()
}

/// The outputs by id, as `conform` prints them.
pub(crate) fn state(outcome: &Outcome) -> Value {
    outcome
        .outputs()
        .map(|(id, output)| (id.to_owned(), output.clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}
