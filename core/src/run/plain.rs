//! The short way of an action that needs nothing but its call: nobody watches, nothing was left to run time, and no edge from it
//! has a condition.

use super::attempt::{End, Ended, Pause, Started, UnderWay};
use super::drive::Run;
use super::runtime::Kept;
use super::size::size_without_null;
use crate::action::ActionCall;
use crate::action::ActionResult;
use crate::action::handler::Call;
use crate::action::host::{ActionFacts, Host};
use crate::plan::Work;
use futures_util::task::noop_waker_ref;
use serde_json::Value;
use std::task::{Context, Poll};
use tracing::level_filters::LevelFilter;

/// What comes of a call.
pub(super) enum Plain<'run> {
    /// The action completed with an output that may be kept.
    Completed(Value),
    /// Anything else.
    Otherwise(Started<'run>),
}

/// Whether somebody could listen to what is traced of actions.
pub(super) fn is_traced() -> bool {
    LevelFilter::current() >= LevelFilter::DEBUG
}

impl<'run> Run<'run> {
    /// The first attempt at an action that needs nothing but its call; `None` where it has to go the whole way.
    #[inline]
    pub(super) fn call_plainly(&mut self, action: usize) -> Option<Plain<'run>> {
        let planned = &self.workflow.plan().actions[action];
        let (Some(plain), Work::Call { inputs, .. }) = (&planned.plain, &planned.work) else { return None };
        if !(self.is_unwatched
            && self.engine.is_plain(planned.kind)
            && self.budget.surely_allows(plain.extent))
        {
            return None;
        }
        self.attempts[action] = 1;
        let registered = self.workflow.registry().registered(planned.kind);
        let facts = ActionFacts { id: &planned.id, kind: registered.kind(), attempt: 1 };
        let host = Host::new(self.engine.resources(), self.facts, facts);
        let call = ActionCall::new(&registered.definition, inputs, &self.machine.state, host);
        let result = match registered.definition.handler().call(call) {
            Call::Ready(result) => result,
            Call::Pending(mut future) => {
                match future.as_mut().poll(&mut Context::from_waker(noop_waker_ref())) {
                    Poll::Ready(result) => result,
                    Poll::Pending => {
                        self.machine.called(action);
                        return Some(Plain::Otherwise(Started::UnderWay(UnderWay::new(action, future))));
                    }
                }
            }
        };
        Some(self.came_plainly(action, result))
    }

    #[inline]
    fn came_plainly(&mut self, action: usize, result: ActionResult) -> Plain<'run> {
        self.machine.called(action);
        match result {
            Ok(output) if self.holds_plainly(&output) => Plain::Completed(output),
            result => self.judged(action, result),
        }
    }

    /// Whether an output is kept as it is, now that it is counted.
    #[inline]
    fn holds_plainly(&mut self, output: &Value) -> bool {
        size_without_null(output).is_some_and(|bytes| self.budget.keeps(bytes))
    }

    /// What comes of an output that was waited for, where that needs nothing but to be counted.
    #[inline]
    pub(super) fn keep_plainly(&mut self, action: usize, output: &Value) -> bool {
        let planned = &self.workflow.plan().actions[action];
        planned.plain.is_some()
            && self.is_unwatched
            && self.engine.is_plain(planned.kind)
            && self.holds_plainly(output)
    }

    #[cold]
    fn judged(&mut self, action: usize, result: ActionResult) -> Plain<'run> {
        let kept = self.judge(action, Ended::cause(action, result), Pause::ByPolicy);
        Plain::Otherwise(Started::Ended(Ended(End::Judged(kept))))
    }
}

impl<'run> Plain<'run> {
    pub(super) fn into_started(self) -> Started<'run> {
        match self {
            Plain::Completed(output) => {
                Started::Ended(Ended(End::Judged(Kept::Completed { output, taken: None })))
            }
            Plain::Otherwise(started) => started,
        }
    }
}
