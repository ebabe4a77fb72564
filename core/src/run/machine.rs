//! The run as a pure state machine: it says which actions may start, and is told how each ended.
//! It does no work of its own and knows no clock, so that any runtime can drive it, or replay it.

use super::failure::Failure;
use super::ready::Ready;
use crate::plan::Plan;
use crate::template::State;
use serde_json::Value;
use std::sync::Arc;

/// How an action that started ended.
#[derive(Debug)]
pub(crate) enum Completion {
    /// With this output; and which of the edges from it that have a condition are taken, where that is known.
    Completed(Value, Option<Box<[usize]>>),
    Failed(Failure),
}

/// How far an action is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Not all its incoming edges are decided, or the run failed before it could start.
    Waiting,
    Started,
    /// It completed, and the edges from it are yet to be decided.
    Held,
    Completed,
    Skipped,
    Failed,
}

/// What is known of where edges begin.
#[derive(Clone, Copy)]
enum Decision<'d> {
    /// It completed, and of the edges that have a condition these are taken, where that is known.
    Completed(Option<&'d [usize]>),
    Skipped,
}

/// Twice as many edges to an action as are not decided yet, and one more where one was taken.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Incoming(usize);

impl Incoming {
    const TAKEN: Self = Incoming(1);
    const SKIPPED: Self = Incoming(0);

    fn of(edges: usize) -> Self {
        Incoming(edges * 2)
    }

    /// One more is decided.
    #[inline]
    fn decide(&mut self, is_taken: bool) -> Self {
        self.0 = (self.0 - 2) | usize::from(is_taken);
        *self
    }
}

/// One run of one plan.
#[derive(Debug)]
pub(crate) struct Machine<'plan> {
    plan: &'plan Plan,
    pub(crate) state: State,
    progress: Vec<Progress>,
    incoming: Vec<Incoming>,
    ready: Ready,
    calls: Vec<usize>,
    /// How many of the calls were looked at for what is held.
    released: usize,
    failures: Vec<Failure>,
    /// How many actions completed, failed or were skipped.
    settled: usize,
    /// The actions that were skipped since somebody asked.
    skipped: Vec<usize>,
}

impl<'plan> Machine<'plan> {
    pub(crate) fn new(plan: &'plan Plan, event: Arc<Value>) -> Self {
        Machine {
            plan,
            state: State::new(event, plan.actions.len()),
            progress: vec![Progress::Waiting; plan.actions.len()],
            incoming: plan.incoming.iter().copied().map(Incoming::of).collect(),
            ready: Ready::new(plan.actions.len()),
            calls: Vec::with_capacity(plan.actions.len()),
            released: 0,
            failures: Vec::new(),
            settled: 0,
            skipped: Vec::new(),
        }
    }

    /// Which of the edges from `$source` that have a condition are taken; `None` where none has one.
    pub(crate) fn taken_from_source(&self) -> Option<Box<[usize]>> {
        self.decided(&self.plan.starts)
    }

    /// Decides the edges from `$source`; those that have a condition as it was recorded, where it was.
    pub(crate) fn begin(&mut self, taken: Option<&[usize]>) {
        self.decide(&self.plan.starts, Decision::Completed(taken));
    }

    /// The output of an action that completed, and which of the edges from it that have a condition are taken; `None`
    /// where none has one.
    pub(crate) fn taken(&mut self, action: usize, output: Value) -> (Value, Option<Box<[usize]>>) {
        let outgoing = &self.plan.actions[action].outgoing;
        if outgoing.iter().all(|edge| self.plan.edges[*edge].test.is_none()) {
            return (output, None);
        }
        self.state.outputs[action] = Some(output);
        let taken = self.decided(outgoing);
        (self.state.outputs[action].take().unwrap_or_default(), taken)
    }

    fn decided(&self, edges: &[usize]) -> Option<Box<[usize]>> {
        let mut tests =
            edges.iter().filter_map(|edge| Some((*edge, self.plan.edges[*edge].test.as_ref()?))).peekable();
        tests.peek()?;
        Some(tests.filter(|(_, test)| test.is_taken(&self.state)).map(|(edge, _)| edge).collect())
    }

    /// The next action that may start, in document order among those that may; after a failure, none.
    #[inline]
    pub(crate) fn take_ready(&mut self) -> Option<usize> {
        if !self.failures.is_empty() {
            return None;
        }
        let action = self.ready.pop()?;
        self.progress[action] = Progress::Started;
        Some(action)
    }

    /// Whether an action failed, so that nothing further starts.
    pub(crate) fn has_failed(&self) -> bool {
        !self.failures.is_empty()
    }

    /// The actions that started and have not ended.
    pub(crate) fn under_way(&self) -> Vec<usize> {
        let started =
            self.progress.iter().enumerate().filter(|(_, progress)| **progress == Progress::Started);
        started.map(|(action, _)| action).collect()
    }

    /// The handler of a started action is called now: no check stopped it.
    #[inline]
    pub(crate) fn called(&mut self, action: usize) {
        self.calls.push(action);
    }

    /// The inputs of a started action were refused: it counts as not called.
    pub(crate) fn refused(&mut self, action: usize) {
        if let Some(at) = self.calls.iter().rposition(|called| *called == action) {
            self.calls.remove(at);
            self.released -= usize::from(at < self.released);
        }
    }

    /// The failure that came last.
    pub(crate) fn latest_failure(&self) -> Option<&Failure> {
        self.failures.last()
    }

    /// How many actions completed, failed or were skipped.
    pub(crate) fn settled(&self) -> usize {
        self.settled
    }

    /// The actions that were skipped since this was last called.
    pub(crate) fn take_skipped(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.skipped)
    }

    /// A started action ended.
    pub(crate) fn complete(&mut self, action: usize, completion: Completion) {
        self.settled += 1;
        match completion {
            Completion::Completed(output, taken) => {
                self.state.outputs[action] = Some(output);
                self.progress[action] = Progress::Completed;
                self.decide(&self.plan.actions[action].outgoing, Decision::Completed(taken.as_deref()));
            }
            Completion::Failed(failure) => {
                self.progress[action] = Progress::Failed;
                self.failures.push(failure);
            }
        }
    }

    /// A called action ended from which no edge has a condition: it is completed when its turn comes, in the order of the calls.
    #[inline]
    pub(crate) fn hold(&mut self, action: usize, output: Value) {
        self.state.outputs[action] = Some(output);
        self.progress[action] = Progress::Held;
    }

    /// Completes the next action that is held; `false` where none is.
    #[inline]
    pub(crate) fn release(&mut self) -> bool {
        while let Some(&action) = self.calls.get(self.released) {
            self.released += 1;
            if self.progress[action] == Progress::Held {
                self.complete_plainly(action);
                return true;
            }
        }
        false
    }

    /// A started action ended with this output from which no edge has a condition.
    pub(crate) fn complete_now(&mut self, action: usize, output: Value) {
        self.state.outputs[action] = Some(output);
        self.complete_plainly(action);
    }

    /// An action ended from which no edge has a condition; its output is there.
    #[inline]
    fn complete_plainly(&mut self, action: usize) {
        self.settled += 1;
        self.progress[action] = Progress::Completed;
        let Some(plain) = &self.plan.actions[action].plain else { return };
        for &to in &plain.next {
            if self.incoming[to].decide(true) == Incoming::TAKEN {
                self.ready.push(to);
            }
        }
    }

    /// Decides edges whose source settled. An action whose edges are all decided starts if one was taken;
    /// else it is skipped, and the edges from it are decided too.
    fn decide(&mut self, edges: &[usize], decision: Decision<'_>) {
        let mut skipped = Vec::new();
        self.decide_each(edges, decision, &mut skipped);
        while let Some(action) = skipped.pop() {
            self.decide_each(&self.plan.actions[action].outgoing, Decision::Skipped, &mut skipped);
        }
    }

    fn decide_each(&mut self, edges: &[usize], decision: Decision<'_>, skipped: &mut Vec<usize>) {
        for &at in edges {
            let edge = &self.plan.edges[at];
            let taken = match (decision, &edge.test) {
                (Decision::Skipped, _) => false,
                (Decision::Completed(_), None) => true,
                (Decision::Completed(Some(taken)), Some(_)) => taken.contains(&at),
                (Decision::Completed(None), Some(test)) => test.is_taken(&self.state),
            };
            match self.incoming[edge.to].decide(taken) {
                Incoming::TAKEN => self.ready.push(edge.to),
                Incoming::SKIPPED => {
                    self.progress[edge.to] = Progress::Skipped;
                    self.settled += 1;
                    self.skipped.push(edge.to);
                    skipped.push(edge.to);
                }
                _ => {}
            }
        }
    }

    pub(crate) fn into_parts(self) -> Parts {
        Parts { state: self.state, progress: self.progress, calls: self.calls, failures: self.failures }
    }
}

/// What is left of a run when nothing can start and nothing is in flight.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) state: State,
    pub(crate) progress: Vec<Progress>,
    /// The actions that were called, in the order they started.
    pub(crate) calls: Vec<usize>,
    pub(crate) failures: Vec<Failure>,
}

impl Parts {
    /// What is left of a run of so many actions of which nothing is known.
    pub(crate) fn nothing(actions: usize) -> Self {
        Parts {
            state: State::new(Arc::new(Value::Null), actions),
            progress: vec![Progress::Waiting; actions],
            calls: Vec::new(),
            failures: Vec::new(),
        }
    }
}
