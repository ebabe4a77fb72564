//! One loop drives every run, whatever runs its actions: what is ready is started, what ended is kept, and what is kept
//! is fed back.

use super::attempt::{Attempt, End, Ended, Pause};
use super::budget::Budget;
use super::failure::{Cause, Failure};
use super::machine::{Completion, Machine, Parts};
use super::observer::{Happened, ObservedAction, RunProgress};
use super::outcome::Status;
use super::plain::{Plain, is_traced};
use super::runtime::{Kept, Next, Runtime, Start};
use crate::action::handler::BoxFuture;
use crate::action::host::RunFacts;
use crate::checked::CheckedWorkflow;
use crate::engine::Engine;
use crate::plan::PlannedAction;
use crate::registry::Registered;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tracing::{Span, debug_span};

/// A run under way.
pub(crate) struct Run<'run> {
    pub(super) engine: &'run Engine,
    pub(super) workflow: &'run CheckedWorkflow,
    pub(super) facts: &'run RunFacts,
    pub(super) machine: Machine<'run>,
    pub(super) budget: Budget<'run>,
    /// Which attempt at each action is the latest; 0 before the first.
    pub(super) attempts: Vec<u32>,
    /// The spans of the attempts under way, where somebody listens.
    pub(super) spans: HashMap<usize, Span>,
    /// Whether nobody is told what happens to its actions.
    pub(super) is_unwatched: bool,
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
            budget: Budget::new(workflow.registry().limits(), event_size),
            attempts: vec![0; actions],
            spans: HashMap::new(),
            is_unwatched: engine.observers().is_empty() && !is_traced(),
        }
    }

    /// Drives the run until nothing is under way.
    /// The future is boxed here, where it is seen to be `Send` whatever the lifetimes in a runtime are.
    pub(crate) fn drive<'d, R>(&'d mut self, runtime: &'d mut R) -> BoxFuture<'d, Result<(), R::Error>>
    where
        R: Runtime<'run> + Send,
        R::Error: Send,
    {
        Box::pin(async move {
            let went = self.go(runtime).await;
            if went.is_err() {
                self.tell(Happened::Left);
            }
            went
        })
    }

    async fn go<R: Runtime<'run>>(&mut self, runtime: &mut R) -> Result<(), R::Error> {
        self.tell(Happened::Began);
        let taken = self.machine.taken_from_source().map(|taken| runtime.begin(taken));
        self.machine.begin(taken.as_deref());
        self.tell_of_skipped();
        loop {
            self.start_ready(runtime);
            if self.machine.release() {
                continue;
            }
            match runtime.next().await? {
                None => break,
                Some(Next::Ended(action, Ended(End::Came(Ok(output)))))
                    if runtime.goes_on_at_once() && self.keep_plainly(action, &output) =>
                {
                    self.machine.complete_now(action, output);
                }
                Some(Next::Ended(action, Ended(end))) => {
                    let kept = match end {
                        End::Came(result) => self.judge(action, result, Pause::ByPolicy),
                        End::Returned(result, pause) => self.judge(action, result, Pause::Settled(pause)),
                        End::Judged(kept) => kept,
                    };
                    if let Some(kept) = runtime.keep(action, kept) {
                        self.go_on(action, kept, false, runtime);
                    }
                }
                Some(Next::Kept(action, kept)) => self.go_on(action, kept, false, runtime),
                Some(Next::Recorded(action, kept)) => {
                    self.recall(action, &kept);
                    self.go_on(action, kept, true, runtime);
                }
                Some(Next::Expired(deadline)) => {
                    self.expire(deadline);
                    return Ok(());
                }
            }
        }
        self.tell_of_end();
        Ok(())
    }

    /// Starts what is ready. What completes at once is held, and comes before all that the runtime knows.
    #[inline]
    fn start_ready<R: Runtime<'run>>(&mut self, runtime: &mut R) {
        while let Some(action) = self.machine.take_ready() {
            let begun = if runtime.goes_on_at_once() { self.call_plainly(action) } else { None };
            let begun = match begun {
                Some(Plain::Completed(output)) => {
                    self.machine.hold(action, output);
                    continue;
                }
                Some(Plain::Otherwise(started)) => Some(started),
                None => None,
            };
            runtime.start(Start(Attempt { run: self, action, number: 1, deadline: None, begun }));
        }
    }

    /// Takes note of an attempt that was made before the run was left.
    fn recall(&mut self, action: usize, kept: &Kept) {
        let (attempt, is_called) = match kept {
            Kept::Completed { output, .. } => {
                self.budget.recall(output);
                (1, true)
            }
            Kept::Failed(failure) => (failure.attempt(), failure.is_of_call()),
            Kept::Again { attempt, .. } => (*attempt, true),
        };
        if self.attempts[action] == 0 && is_called {
            self.machine.called(action);
        }
        self.attempts[action] = attempt;
    }

    /// Goes on from what is kept.
    fn go_on<R: Runtime<'run>>(&mut self, action: usize, kept: Kept, recorded: bool, runtime: &mut R) {
        match kept {
            Kept::Completed { output, taken } => {
                self.machine.complete(action, Completion::Completed(output, taken));
                self.tell_of(action, |action| Happened::Completed { action, recorded });
                self.tell_of_skipped();
            }
            Kept::Failed(failure) => self.fail_and_hurry(action, *failure, runtime),
            // After a failure nothing further starts.
            Kept::Again { failure, .. } if self.machine.has_failed() => self.fail(action, *failure),
            Kept::Again { attempt, failure, pause } => {
                self.tell_of(action, |action| Happened::Again { action, failure: &failure, pause });
                let number = attempt.saturating_add(1);
                runtime.start(Start(Attempt { run: self, action, number, deadline: None, begun: None }));
            }
        }
    }

    fn fail_and_hurry<R: Runtime<'run>>(&mut self, action: usize, failure: Failure, runtime: &mut R) {
        if !self.machine.has_failed() {
            runtime.hurry();
        }
        self.fail(action, failure);
    }

    fn fail(&mut self, action: usize, failure: Failure) {
        self.machine.complete(action, Completion::Failed(failure));
        if let Some(failure) = self.machine.latest_failure() {
            self.tell_of(action, |action| Happened::Failed { action, failure });
        }
    }

    /// Makes a failure of what is under way, as the run may not take longer than this.
    pub(crate) fn expire(&mut self, deadline: Duration) {
        for action in self.machine.under_way() {
            let (planned, registered) = self.planned(action);
            let cause = Cause::Deadline { deadline };
            let attempt = self.attempts[action].max(1);
            self.fail(action, Failure::new(&planned.id, registered.kind(), attempt, cause));
        }
        self.tell_of_end();
    }

    pub(crate) fn into_parts(self) -> Parts {
        self.machine.into_parts()
    }

    pub(super) fn planned(&self, action: usize) -> (&'run PlannedAction, &'run Registered) {
        let planned = &self.workflow.plan().actions[action];
        (planned, self.workflow.registry().registered(planned.kind))
    }

    pub(super) fn span(&self, action: usize, attempt: u32) -> Span {
        let (planned, registered) = self.planned(action);
        debug_span!("action", id = &*planned.id, kind = registered.kind(), attempt)
    }

    fn tell(&self, happened: Happened<'_>) {
        for observer in self.engine.observers() {
            observer.observe(&RunProgress {
                run: &self.facts.run_id,
                workflow: self.workflow.workflow().name(),
                actions: self.attempts.len(),
                settled: self.machine.settled(),
                happened,
            });
        }
    }

    pub(super) fn tell_of<'h>(
        &self,
        action: usize,
        happened: impl FnOnce(ObservedAction<'run>) -> Happened<'h>,
    ) where
        'run: 'h,
    {
        if !self.engine.observers().is_empty() {
            let (planned, registered) = self.planned(action);
            let attempt = self.attempts[action];
            self.tell(happened(ObservedAction { id: &planned.id, kind: registered.kind(), attempt }));
        }
    }

    fn tell_of_skipped(&mut self) {
        for action in self.machine.take_skipped() {
            self.tell_of(action, |action| Happened::Skipped { action });
        }
    }

    fn tell_of_end(&self) {
        let status = if self.machine.has_failed() { Status::Failed } else { Status::Completed };
        self.tell(Happened::Ended(status));
    }
}
