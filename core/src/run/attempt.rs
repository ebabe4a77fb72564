//! One attempt at an action: how it begins, and what comes of it.

use super::budget::deep;
use super::drive::Run;
use super::errand::HandedOver;
use super::failure::{Cause, Failure};
use super::inputs;
use super::masked;
use super::observer::Happened;
use super::runtime::Kept;
use super::size::{dismantle, has_null, size};
use crate::action::handler::{BoxFuture, Call};
use crate::action::host::{ActionFacts, Host};
use crate::action::{ActionCall, ActionError, ActionResult};
use crate::clock::SharedClock;
use crate::engine::Engine;
use crate::fault;
use crate::plan::Work;
use crate::template::Root;
use futures_util::future::{Either, select};
use futures_util::task::noop_waker_ref;
use serde_json::{Value, json};
use std::future::pending;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};
use tracing::{Instrument, Span, debug};

/// How an attempt ended.
pub struct Ended(pub(super) End);

impl Ended {
    /// Why the attempt cannot go on, where what was recorded of a sub-step before is of another type than the action asks for
    /// now: a runtime that can wait for a program in which it fits again does so.
    pub fn misfit(&self) -> Option<String> {
        match &self.0 {
            End::Came(Err(cause)) | End::Returned(Err(cause), _) => match &**cause {
                Cause::Action(error) if error.is_misfit() => Some(error.to_string()),
                _ => None,
            },
            End::Judged(Kept::Failed(failure)) => match failure.cause() {
                Cause::Action(error) if error.is_misfit() => Some(error.to_string()),
                _ => None,
            },
            _ => None,
        }
    }
}

impl Ended {
    /// What an action came to that was called; an input may be refused only then.
    pub(super) fn cause(action: usize, result: ActionResult) -> Result<Value, Box<Cause>> {
        result.map_err(|error| Box::new(inputs::refused(action, error)))
    }
}

pub(super) enum End {
    /// It came to this.
    Came(Result<Value, Box<Cause>>),
    /// It was handed over, and came to this. Where another attempt follows, it does so after this pause.
    Returned(Result<Value, Box<Cause>>, Option<Duration>),
    /// It ended when it was begun, and this came of it.
    Judged(Kept),
}

/// How long until the attempt after one that failed.
#[derive(Clone, Copy)]
pub(super) enum Pause {
    /// As the policy says now: a part of it is chosen at random.
    ByPolicy,
    /// Whoever made the attempt has settled it.
    Settled(Option<Duration>),
}

/// An attempt that has begun.
pub enum Started<'run> {
    /// It has ended already.
    Ended(Ended),
    /// It is to be waited for.
    UnderWay(UnderWay<'run>),
}

/// An attempt that is to be waited for: a future of how it ends.
pub struct UnderWay<'run>(Waiting<'run>);

enum Waiting<'run> {
    /// The call of an action.
    Call(usize, BoxFuture<'run, ActionResult>),
    /// The same, traced.
    Traced(BoxFuture<'run, Ended>),
}

impl<'run> UnderWay<'run> {
    pub(super) fn new(action: usize, call: BoxFuture<'run, ActionResult>) -> Self {
        UnderWay(Waiting::Call(action, call))
    }

    fn traced(self, span: Span) -> Self {
        UnderWay(Waiting::Traced(Box::pin(self.instrument(span))))
    }
}

impl Future for UnderWay<'_> {
    type Output = Ended;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Ended> {
        match &mut self.0 {
            Waiting::Call(action, call) => {
                let result = call.as_mut().poll(context);
                result.map(|result| Ended(End::Came(Ended::cause(*action, result))))
            }
            Waiting::Traced(attempt) => attempt.as_mut().poll(context),
        }
    }
}

/// An attempt that is about to begin.
pub(super) struct Attempt<'s, 'run> {
    pub(super) run: &'s mut Run<'run>,
    pub(super) action: usize,
    pub(super) number: u32,
    /// When it has to have ended, where an earlier start of it settled that.
    pub(super) deadline: Option<SystemTime>,
    /// What it is already, where it has begun.
    pub(super) begun: Option<Started<'run>>,
}

impl<'run> Attempt<'_, 'run> {
    pub(super) fn id(&self) -> &'run str {
        &self.run.planned(self.action).0.id
    }

    pub(super) fn kind(&self) -> &'run str {
        self.run.planned(self.action).1.kind()
    }

    /// How long it may take from its start; `None` where that is not bounded, or where it waits for its turn first.
    pub(super) fn timeout(&self) -> Option<Duration> {
        let kind = self.run.planned(self.action).0.kind;
        let engine = self.run.engine;
        engine.policy_of(kind).attempt_timeout().filter(|_| engine.turns_of(kind).is_none())
    }

    /// Notes that it begins now, and that the action was not called before, where it was not.
    fn note(&mut self) -> bool {
        let (run, action) = (&mut *self.run, self.action);
        let is_first = run.attempts[action] == 0;
        run.attempts[action] = self.number;
        run.tell_of(action, |action| Happened::Started { action });
        is_first
    }

    /// What another process has to do of it.
    pub(super) fn hand_over(mut self) -> HandedOver {
        let is_first = self.note();
        let Attempt { run, action, number, .. } = self;
        let span = run.span(action, number);
        if !span.is_disabled() {
            run.spans.insert(action, span);
        }
        let errand = run.errand(action, number);
        if is_first {
            run.machine.called(action);
        }
        match errand {
            Ok(errand) => HandedOver::Errand(errand),
            Err(result) => HandedOver::Ended(Ended(End::Judged(run.judge(action, result, Pause::ByPolicy)))),
        }
    }

    pub(super) fn begin(mut self) -> Started<'run> {
        if let Some(begun) = self.begun {
            return begun;
        }
        if self.number == 1
            && self.deadline.is_none()
            && let Some(plain) = self.run.call_plainly(self.action)
        {
            return plain.into_started();
        }
        let timeout = self.timeout();
        let is_first = self.note();
        let Attempt { run, action, number, deadline, .. } = self;
        let span = run.span(action, number);
        if !span.is_disabled() {
            run.spans.insert(action, span.clone());
        }
        if let (Some(timeout), Some(deadline)) = (timeout, deadline)
            && deadline <= run.facts.clock.now()
        {
            if is_first {
                run.machine.called(action);
            }
            return run.ended_at_once(action, Err(Box::new(Cause::Action(too_slow(timeout)))));
        }
        let begun = span.in_scope(|| run.begin(action, is_first, deadline));
        let mut future = match begun {
            Begun::Ended(result) => return run.ended_at_once(action, result),
            Begun::UnderWay(future) if span.is_disabled() => future,
            Begun::UnderWay(future) => future.traced(span),
        };
        // Many futures end when they are first polled. The others are polled once more, by a waker of their own.
        match Pin::new(&mut future).poll(&mut Context::from_waker(noop_waker_ref())) {
            Poll::Ready(Ended(End::Came(result))) => run.ended_at_once(action, result),
            Poll::Ready(ended) => Started::Ended(ended),
            Poll::Pending => Started::UnderWay(future),
        }
    }
}

enum Begun<'run> {
    Ended(Result<Value, Box<Cause>>),
    UnderWay(UnderWay<'run>),
}

impl<'run> Run<'run> {
    fn begin(&mut self, action: usize, is_first: bool, deadline: Option<SystemTime>) -> Begun<'run> {
        let (planned, registered) = self.planned(action);
        let state = &self.machine.state;
        if let Err(cause) = self.budget.allow(action, &planned.work, state) {
            return Begun::Ended(Err(cause));
        }
        match &planned.work {
            Work::If(condition) => {
                let limits = self.workflow.registry().limits();
                let result = condition.evaluate(self.workflow.plan(), action, state, limits);
                if is_first {
                    self.machine.called(action);
                }
                Begun::Ended(result.map(|result| json!({ "result": result })).map_err(Box::new))
            }
            Work::Call { inputs, checks } => {
                let checked = inputs::check(self.workflow.plan(), action, registered, inputs, checks, state);
                if let Err(fault) = checked {
                    return Begun::Ended(Err(Box::new(Cause::Input(*fault))));
                }
                let attempt = self.attempts[action];
                let facts = ActionFacts { id: &planned.id, kind: registered.kind(), attempt };
                let host = Host::new(self.engine.resources(), self.facts, facts);
                let call = ActionCall::new(&registered.definition, inputs, state, host);
                let in_place = self.engine.in_place_of(planned.kind);
                let call = in_place.unwrap_or(registered.definition.handler()).call(call);
                if is_first {
                    self.machine.called(action);
                }
                match call {
                    Call::Ready(result) => Begun::Ended(Ended::cause(action, result)),
                    Call::Pending(future) => {
                        let over = time_of(self.engine, planned.kind, &self.facts.clock, deadline);
                        let within = within_policy(self.engine, planned.kind, over, future);
                        Begun::UnderWay(UnderWay::new(action, within))
                    }
                }
            }
        }
    }

    /// An attempt that ended when it was begun. It is judged before others begin: what cannot be kept is dropped at once.
    fn ended_at_once(&mut self, action: usize, result: Result<Value, Box<Cause>>) -> Started<'run> {
        Started::Ended(Ended(End::Judged(self.judge(action, result, Pause::ByPolicy))))
    }

    /// What comes of an attempt that ended. An output that cannot be kept is a failure, and is dropped at once.
    pub(super) fn judge(&mut self, action: usize, result: Result<Value, Box<Cause>>, pause: Pause) -> Kept {
        let result = match result {
            Ok(output) if self.keep_plainly(action, &output) => {
                return Kept::Completed { output, taken: None };
            }
            result => result,
        };
        let attempt = self.attempts[action];
        let span = if self.spans.is_empty() { None } else { self.spans.remove(&action) };
        let span = span.unwrap_or_else(Span::none);
        let cause = match result.and_then(|output| self.hold(action, output)) {
            Ok(output) => {
                span.in_scope(|| debug!("completed"));
                let (output, taken) = self.machine.taken(action, output);
                return Kept::Completed { output, taken };
            }
            Err(cause) => self.masked(action, *cause),
        };
        if matches!(cause, Cause::Input(_)) {
            self.machine.refused(action);
        }
        let (planned, registered) = self.planned(action);
        let pause = match &cause {
            // After a failure nothing further starts.
            Cause::Action(error) if error.is_retryable() && !self.machine.has_failed() => match pause {
                Pause::ByPolicy => self.engine.policy_of(planned.kind).pause_after(attempt),
                Pause::Settled(pause) => pause,
            },
            _ => None,
        };
        let failure = Box::new(Failure::new(&planned.id, registered.kind(), attempt, cause));
        if let Some(pause) = pause {
            span.in_scope(|| debug!(code = failure.code(), ?pause, "failed, and is tried again"));
            return Kept::Again { attempt, failure, pause };
        }
        span.in_scope(|| debug!(code = failure.code(), "failed"));
        Kept::Failed(failure)
    }

    /// The same without the values of secret inputs, which an action may have put into its message.
    fn masked(&self, action: usize, cause: Cause) -> Cause {
        let (planned, registered) = self.planned(action);
        match (cause, &planned.work) {
            (Cause::Action(error), Work::Call { inputs, .. }) => {
                Cause::Action(masked::error(error, registered, inputs, &self.machine.state))
            }
            (cause, _) => cause,
        }
    }

    fn hold(&mut self, action: usize, output: Value) -> Result<Value, Box<Cause>> {
        let Ok(bytes) = size(&output) else {
            dismantle(output);
            return Err(Box::new(Cause::Limit { message: deep("the output") }));
        };
        let (planned, registered) = self.planned(action);
        // JSON has no infinity and no NaN: serde makes null of them, which the type may not allow.
        let is_called = matches!(planned.work, Work::Call { .. });
        let verified = self.engine.verifies_outputs()
            || registered.definition.described_at_run_time()
            || self.engine.in_place_of(planned.kind).is_some()
            || has_null(&output);
        if is_called
            && verified
            && !registered.output.accepts(&output)
            && let Some(found) = registered.output.check(&output).faults.into_iter().next()
        {
            let code = fault::code(&found.kind);
            let found = self.workflow.secret_places().told(Root::Output(action), found);
            let message = format!("the output does not fit its definition: {found}");
            return Err(Box::new(Cause::Output { code, message }));
        }
        match self.budget.keep(bytes) {
            Ok(()) => Ok(output),
            Err(message) => Err(Box::new(Cause::Limit { message })),
        }
    }
}

/// A call that waits for its turn, and is stopped when its time is over, which begins with the turn.
pub(super) fn within_policy<'run>(
    engine: &'run Engine,
    kind: usize,
    over: impl Future<Output = ()> + Send + 'run,
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
        match select(call, pin!(over)).await {
            Either::Left((result, _)) => result,
            Either::Right(_) => Err(too_slow(timeout)),
        }
    })
}

/// Ends when the time of an attempt is over that begins now, unless it began earlier.
pub(super) async fn time_of(engine: &Engine, kind: usize, clock: &SharedClock, deadline: Option<SystemTime>) {
    match (deadline, engine.policy_of(kind).attempt_timeout()) {
        (Some(deadline), _) => clock.until(deadline).await,
        (None, Some(timeout)) => clock.after(timeout).await,
        (None, None) => pending().await,
    }
}

pub(super) fn too_slow(timeout: Duration) -> ActionError {
    ActionError::retryable(format_args!("it did not end within {timeout:?}"))
}
