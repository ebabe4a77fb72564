//! The in-memory runtime: every action of a run is polled in one task, nothing is spawned.

use super::budget::{Budget, deep};
use super::failure::{Cause, Failure};
use super::inputs;
use super::machine::{Completion, Machine, Parts};
use super::size::{dismantle, has_null, size};
use crate::action::handler::Call;
use crate::action::host::{ActionFacts, Host, RunFacts};
use crate::action::{ActionCall, ActionResult};
use crate::checked::CheckedWorkflow;
use crate::engine::Engine;
use crate::fault;
use crate::plan::{PlannedAction, Work};
use crate::registry::Registered;
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::Poll;
use tracing::{Instrument, Span, debug, debug_span};

/// Nothing of an in-memory run survives its process, so there is one attempt.
const ATTEMPT: u32 = 1;

/// Runs a plan to its end.
pub(crate) async fn run(
    engine: &Engine,
    workflow: &CheckedWorkflow,
    facts: &RunFacts,
    event_size: usize,
) -> Parts {
    let plan = workflow.plan();
    let mut run = Run {
        engine,
        workflow,
        facts,
        machine: Machine::new(plan, facts.event.clone()),
        budget: Budget::new(workflow.registry().limits(), event_size, plan.actions.len()),
    };
    // All that may start does so before any end is fed back, as in a runtime where each start takes time.
    let mut ended = VecDeque::new();
    let mut in_flight = FuturesUnordered::new();
    loop {
        while let Some(action) = run.machine.take_ready() {
            let span = run.span(action);
            let mut future = match span.in_scope(|| run.start(action)) {
                Started::Settled(result) => {
                    ended.push_back((action, run.settle(action, &span, result)));
                    continue;
                }
                Started::InFlight(future) if span.is_disabled() => future,
                Started::InFlight(future) => Box::pin(future.instrument(span.clone())),
            };
            match poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await {
                Poll::Ready(result) => ended.push_back((action, run.settle_call(action, &span, result))),
                Poll::Pending => in_flight.push(async move { (action, span, future.await) }),
            }
        }
        let (action, completion) = match ended.pop_front() {
            Some(ended) => ended,
            None => match in_flight.next().await {
                Some((action, span, result)) => (action, run.settle_call(action, &span, result)),
                None => return run.machine.into_parts(),
            },
        };
        run.machine.complete(action, completion);
    }
}

struct Run<'run> {
    engine: &'run Engine,
    workflow: &'run CheckedWorkflow,
    facts: &'run RunFacts,
    machine: Machine<'run>,
    budget: Budget<'run>,
}

enum Started<'run> {
    Settled(Result<Value, Cause>),
    InFlight(BoxFuture<'run, ActionResult>),
}

impl<'run> Run<'run> {
    fn planned(&self, action: usize) -> (&'run PlannedAction, &'run Registered) {
        let planned = &self.workflow.plan().actions[action];
        (planned, self.workflow.registry().registered(planned.kind))
    }

    fn span(&self, action: usize) -> Span {
        let (planned, registered) = self.planned(action);
        debug_span!("action", id = &*planned.id, kind = registered.kind(), attempt = ATTEMPT)
    }

    fn start(&mut self, action: usize) -> Started<'run> {
        let (planned, registered) = self.planned(action);
        let state = &self.machine.state;
        if let Err(message) = self.budget.allow(&planned.work, state) {
            return Started::Settled(Err(Cause::Limit { message }));
        }
        match &planned.work {
            Work::If(condition) => {
                let result = condition.evaluate(
                    self.workflow.plan(),
                    action,
                    state,
                    self.workflow.registry().limits(),
                );
                if !matches!(result, Err(Cause::Input(_))) {
                    self.machine.called(action);
                }
                Started::Settled(result.map(|result| json!({ "result": result })))
            }
            Work::Call { inputs, checks } => {
                let checked = inputs::check(self.workflow.plan(), action, registered, inputs, checks, state);
                if let Err(fault) = checked {
                    return Started::Settled(Err(Cause::Input(*fault)));
                }
                let facts = ActionFacts { id: &planned.id, kind: registered.kind(), attempt: ATTEMPT };
                let host = Host::new(self.engine.resources(), self.facts, facts);
                let call = ActionCall::new(&registered.definition, inputs, state, host);
                let in_place = self.engine.in_place_of(planned.kind);
                let call = in_place.unwrap_or(registered.definition.handler()).call(call);
                let decoded = !matches!(&call, Call::Ready(Err(error)) if error.as_input_fault().is_some());
                if decoded {
                    self.machine.called(action);
                }
                match call {
                    Call::Ready(result) => {
                        Started::Settled(result.map_err(|error| inputs::refused(action, error)))
                    }
                    Call::Pending(future) => Started::InFlight(future),
                }
            }
        }
    }

    fn settle_call(&mut self, action: usize, span: &Span, result: ActionResult) -> Completion {
        self.settle(action, span, result.map_err(|error| inputs::refused(action, error)))
    }

    /// How an action ended; an output that cannot be kept is a failure, and is dropped at once.
    fn settle(&mut self, action: usize, span: &Span, result: Result<Value, Cause>) -> Completion {
        match result.and_then(|output| self.keep(action, output)) {
            Ok(output) => {
                span.in_scope(|| debug!("completed"));
                Completion::Completed(output)
            }
            Err(cause) => {
                let (planned, registered) = self.planned(action);
                let failure = Failure::new(&planned.id, registered.kind(), ATTEMPT, cause);
                span.in_scope(|| debug!(code = failure.code(), "failed"));
                Completion::Failed(failure)
            }
        }
    }

    fn keep(&mut self, action: usize, output: Value) -> Result<Value, Cause> {
        let Ok(bytes) = size(&output) else {
            dismantle(output);
            return Err(Cause::Limit { message: deep("the output") });
        };
        let (planned, registered) = self.planned(action);
        // JSON has no infinity and no NaN: serde makes null of them, which the type may not allow.
        let verified = self.engine.verifies_outputs()
            || registered.definition.described_at_run_time()
            || self.engine.in_place_of(planned.kind).is_some()
            || has_null(&output);
        if verified
            && !registered.output.accepts(&output)
            && let Some(found) = registered.output.check(&output).faults.into_iter().next()
        {
            let code = fault::code(&found.kind);
            return Err(Cause::Output {
                code,
                message: format!("the output does not fit its definition: {found}"),
            });
        }
        match self.budget.keep(action, bytes) {
            Ok(()) => Ok(output),
            Err(message) => Err(Cause::Limit { message }),
        }
    }
}
