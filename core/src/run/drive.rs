//! One loop drives every run, whatever runs its actions: what is ready is started, what ended is kept, and what is kept
//! is fed back.

use super::budget::{Budget, deep};
use super::failure::{Cause, Failure};
use super::inputs;
use super::machine::{Completion, Machine, Parts};
use super::size::{dismantle, has_null, size};
use crate::action::handler::{BoxFuture, Call};
use crate::action::host::{ActionFacts, Host, RunFacts};
use crate::action::{ActionCall, ActionError, ActionResult};
use crate::checked::CheckedWorkflow;
use crate::engine::Engine;
use crate::fault;
use crate::plan::{PlannedAction, Work};
use crate::registry::Registered;
use futures_util::future::{Either, select};
use futures_util::task::noop_waker_ref;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tracing::{Instrument, Span, debug, debug_span};

/// What runs the actions of one run: in memory, in a journal, in a cluster.
///
/// The loop that drives it starts all actions that are ready, in the order of the document, and then asks for what comes
/// next. A runtime that replays what it recorded gives it back in the order in which it was recorded.
pub trait Runtime<'run> {
    /// Why the run cannot go on here.
    type Error;

    /// Begins an attempt at an action. It never blocks.
    fn start(&mut self, start: Start<'_, 'run>);

    /// Keeps what an attempt came to: gives it back where it is kept at once, and else comes [`next`](Runtime::next) with it
    /// when it is. It never blocks.
    fn keep(&mut self, action: usize, kept: Kept) -> Option<Kept>;

    /// What comes next; `None` where nothing is under way.
    fn next(&mut self) -> impl Future<Output = Result<Option<Next>, Self::Error>> + Send;
}

/// What comes next in a run.
pub enum Next {
    /// An attempt at an action ended. It is for the loop to say what came of it.
    Ended(usize, Ended),
    /// What an attempt came to is kept. Where another one follows, its time has come.
    Kept(usize, Kept),
    /// The action was started, and this had been recorded of it. Where another attempt follows, its time has come.
    Recorded(usize, Kept),
    /// The run did not end within the time that it had.
    Expired(Duration),
}

/// How an attempt ended.
pub struct Ended(End);

enum End {
    /// It came to this.
    Came(Result<Value, Cause>),
    /// It ended when it was begun, and this came of it.
    Judged(Kept),
}

/// What came of an attempt.
#[derive(Debug)]
pub enum Kept {
    /// The action completed with this output.
    Completed(Value),
    /// The action failed, and is not tried again.
    Failed(Failure),
    /// This attempt failed, and another one follows after a pause.
    Again {
        /// Which attempt failed; the first is 1.
        attempt: u32,
        /// Why.
        failure: Failure,
        /// How long until the next.
        pause: Duration,
    },
}

/// An attempt that is about to begin.
pub struct Start<'s, 'run> {
    run: &'s mut Run<'run>,
    action: usize,
    attempt: u32,
}

/// An attempt that has begun.
pub enum Started<'run> {
    /// It has ended already.
    Ended(Ended),
    /// It is to be waited for.
    UnderWay(BoxFuture<'run, Ended>),
}

impl<'run> Start<'_, 'run> {
    /// The action's position in the document.
    pub fn action(&self) -> usize {
        self.action
    }

    /// The action's id in the document.
    pub fn id(&self) -> &'run str {
        &self.run.planned(self.action).0.id
    }

    /// The action's kind.
    pub fn kind(&self) -> &'run str {
        self.run.planned(self.action).1.kind()
    }

    /// Which attempt it is; the first is 1.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The same as a later attempt, where earlier ones were recorded.
    #[must_use]
    pub fn as_attempt(self, attempt: u32) -> Self {
        Start { attempt, ..self }
    }

    /// Begins it: the inputs are filled in and held against their types, and the action's function is called.
    pub fn begin(self) -> Started<'run> {
        let Start { run, action, attempt } = self;
        let span = run.span(action, attempt);
        let is_first = run.attempts[action] == 0;
        run.attempts[action] = attempt;
        if !span.is_disabled() {
            run.spans.insert(action, span.clone());
        }
        let begun = span.in_scope(|| run.begin(action, is_first));
        let mut future = match begun {
            Begun::Ended(result) => return run.ended_at_once(action, result),
            Begun::UnderWay(future) if span.is_disabled() => future,
            Begun::UnderWay(future) => Box::pin(future.instrument(span)),
        };
        // Many futures end when they are first polled. The others are polled once more, by a waker of their own.
        match future.as_mut().poll(&mut Context::from_waker(noop_waker_ref())) {
            Poll::Ready(Ended(End::Came(result))) => run.ended_at_once(action, result),
            Poll::Ready(ended) => Started::Ended(ended),
            Poll::Pending => Started::UnderWay(future),
        }
    }
}

enum Begun<'run> {
    Ended(Result<Value, Cause>),
    UnderWay(BoxFuture<'run, Ended>),
}

/// A run under way.
pub(crate) struct Run<'run> {
    engine: &'run Engine,
    workflow: &'run CheckedWorkflow,
    facts: &'run RunFacts,
    machine: Machine<'run>,
    budget: Budget<'run>,
    /// Which attempt at each action is the latest; 0 before the first.
    attempts: Vec<u32>,
    /// The spans of the attempts under way, where somebody listens.
    spans: HashMap<usize, Span>,
}

impl<'run> Run<'run> {
    pub(crate) fn new(
        engine: &'run Engine,
        workflow: &'run CheckedWorkflow,
        facts: &'run RunFacts,
        event_size: usize,
    ) -> Self {
        let plan = workflow.plan();
        let actions = plan.actions.len();
        Run {
            engine,
            workflow,
            facts,
            machine: Machine::new(plan, Arc::clone(&facts.event)),
            budget: Budget::new(workflow.registry().limits(), event_size, actions),
            attempts: vec![0; actions],
            spans: HashMap::new(),
        }
    }

    /// Drives the run until nothing is under way.
    /// The future is boxed here, where it is seen to be `Send` whatever the lifetimes in a runtime are.
    pub(crate) fn drive<'d, R>(&'d mut self, runtime: &'d mut R) -> BoxFuture<'d, Result<(), R::Error>>
    where
        R: Runtime<'run> + Send,
        R::Error: Send,
    {
        Box::pin(self.go(runtime))
    }

    async fn go<R: Runtime<'run>>(&mut self, runtime: &mut R) -> Result<(), R::Error> {
        loop {
            while let Some(action) = self.machine.take_ready() {
                runtime.start(Start { run: self, action, attempt: 1 });
            }
            match runtime.next().await? {
                None => return Ok(()),
                Some(Next::Ended(action, Ended(end))) => {
                    let kept = match end {
                        End::Came(result) => self.judge(action, result),
                        End::Judged(kept) => kept,
                    };
                    if let Some(kept) = runtime.keep(action, kept) {
                        self.go_on(action, kept, runtime);
                    }
                }
                Some(Next::Kept(action, kept)) => self.go_on(action, kept, runtime),
                Some(Next::Recorded(action, kept)) => {
                    let attempt = match &kept {
                        Kept::Completed(output) => {
                            self.budget.recall(action, output);
                            1
                        }
                        Kept::Failed(failure) => failure.attempt(),
                        Kept::Again { attempt, .. } => *attempt,
                    };
                    if self.attempts[action] == 0 {
                        self.machine.called(action);
                    }
                    self.attempts[action] = attempt;
                    self.go_on(action, kept, runtime);
                }
                Some(Next::Expired(deadline)) => {
                    self.expire(deadline);
                    return Ok(());
                }
            }
        }
    }

    /// Goes on from what is kept.
    fn go_on<R: Runtime<'run>>(&mut self, action: usize, kept: Kept, runtime: &mut R) {
        match kept {
            Kept::Completed(output) => self.machine.complete(action, Completion::Completed(output)),
            Kept::Failed(failure) => self.machine.complete(action, Completion::Failed(failure)),
            // After a failure nothing further starts.
            Kept::Again { failure, .. } if self.machine.has_failed() => {
                self.machine.complete(action, Completion::Failed(failure));
            }
            Kept::Again { attempt, .. } => {
                runtime.start(Start { run: self, action, attempt: attempt + 1 });
            }
        }
    }

    /// Makes a failure of what is under way, as the run may not take longer than this.
    pub(crate) fn expire(&mut self, deadline: Duration) {
        for action in self.machine.under_way() {
            let (planned, registered) = self.planned(action);
            let cause = Cause::Deadline { deadline };
            let failure = Failure::new(&planned.id, registered.kind(), self.attempts[action], cause);
            self.machine.complete(action, Completion::Failed(failure));
        }
    }

    pub(crate) fn into_parts(self) -> Parts {
        self.machine.into_parts()
    }

    fn planned(&self, action: usize) -> (&'run PlannedAction, &'run Registered) {
        let planned = &self.workflow.plan().actions[action];
        (planned, self.workflow.registry().registered(planned.kind))
    }

    fn span(&self, action: usize, attempt: u32) -> Span {
        let (planned, registered) = self.planned(action);
        debug_span!("action", id = &*planned.id, kind = registered.kind(), attempt)
    }

    fn begin(&mut self, action: usize, is_first: bool) -> Begun<'run> {
        let (planned, registered) = self.planned(action);
        let state = &self.machine.state;
        if let Err(message) = self.budget.allow(&planned.work, state) {
            return Begun::Ended(Err(Cause::Limit { message }));
        }
        match &planned.work {
            Work::If(condition) => {
                let limits = self.workflow.registry().limits();
                let result = condition.evaluate(self.workflow.plan(), action, state, limits);
                if is_first && !matches!(result, Err(Cause::Input(_))) {
                    self.machine.called(action);
                }
                Begun::Ended(result.map(|result| json!({ "result": result })))
            }
            Work::Call { inputs, checks } => {
                let checked = inputs::check(self.workflow.plan(), action, registered, inputs, checks, state);
                if let Err(fault) = checked {
                    return Begun::Ended(Err(Cause::Input(*fault)));
                }
                let attempt = self.attempts[action];
                let facts = ActionFacts { id: &planned.id, kind: registered.kind(), attempt };
                let host = Host::new(self.engine.resources(), self.facts, facts);
                let call = ActionCall::new(&registered.definition, inputs, state, host);
                let in_place = self.engine.in_place_of(planned.kind);
                let call = in_place.unwrap_or(registered.definition.handler()).call(call);
                let decoded = !matches!(&call, Call::Ready(Err(error)) if error.as_input_fault().is_some());
                if decoded && is_first {
                    self.machine.called(action);
                }
                let ended =
                    move |result: ActionResult| result.map_err(|error| inputs::refused(action, error));
                match call {
                    Call::Ready(result) => Begun::Ended(ended(result)),
                    Call::Pending(future) => {
                        let within = within_policy(self.engine, planned.kind, &self.facts.clock, future);
                        Begun::UnderWay(Box::pin(async move { Ended(End::Came(ended(within.await))) }))
                    }
                }
            }
        }
    }

    /// An attempt that ended when it was begun. It is judged before others begin: what cannot be kept is dropped at once.
    fn ended_at_once(&mut self, action: usize, result: Result<Value, Cause>) -> Started<'run> {
        Started::Ended(Ended(End::Judged(self.judge(action, result))))
    }

    /// What comes of an attempt that ended. An output that cannot be kept is a failure, and is dropped at once.
    fn judge(&mut self, action: usize, result: Result<Value, Cause>) -> Kept {
        let attempt = self.attempts[action];
        let span = if self.spans.is_empty() { None } else { self.spans.remove(&action) };
        let span = span.unwrap_or_else(Span::none);
        let cause = match result.and_then(|output| self.hold(action, output)) {
            Ok(output) => {
                span.in_scope(|| debug!("completed"));
                return Kept::Completed(output);
            }
            Err(cause) => cause,
        };
        let (planned, registered) = self.planned(action);
        let pause = match &cause {
            Cause::Action(error) if error.is_retryable() => {
                self.engine.policy_of(planned.kind).pause_after(attempt)
            }
            _ => None,
        };
        let failure = Failure::new(&planned.id, registered.kind(), attempt, cause);
        if let Some(pause) = pause {
            span.in_scope(|| debug!(code = failure.code(), ?pause, "failed, and is tried again"));
            return Kept::Again { attempt, failure, pause };
        }
        span.in_scope(|| debug!(code = failure.code(), "failed"));
        Kept::Failed(failure)
    }

    fn hold(&mut self, action: usize, output: Value) -> Result<Value, Cause> {
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

/// A call that waits for its turn, and is stopped when it takes too long.
fn within_policy<'run>(
    engine: &'run Engine,
    kind: usize,
    clock: &'run crate::clock::SharedClock,
    call: BoxFuture<'run, ActionResult>,
) -> BoxFuture<'run, ActionResult> {
    let timeout = engine.policy_of(kind).attempt_timeout();
    let turns = engine.turns_of(kind);
    if timeout.is_none() && turns.is_none() {
        return call;
    }
    Box::pin(async move {
        let _turn = match turns {
            Some(turns) => Some(turns.acquire().await),
            None => None,
        };
        let Some(timeout) = timeout else { return call.await };
        match select(call, clock.after(timeout)).await {
            Either::Left((result, _)) => result,
            Either::Right(_) => {
                Err(ActionError::retryable(format_args!("it did not end within {timeout:?}")))
            }
        }
    })
}
