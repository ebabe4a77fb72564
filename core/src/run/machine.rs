//! The run as a pure state machine: it says which actions may start, and is told how each ended.
//! It does no work of its own and knows no clock, so that any runtime can drive it, or replay it.

use super::failure::Failure;
use crate::plan::Plan;
use crate::template::State;
use serde_json::Value;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

/// How an action that started ended.
#[derive(Debug)]
pub(crate) enum Completion {
    Completed(Value),
    Failed(Failure),
}

/// How far an action is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Not all its incoming edges are decided, or the run failed before it could start.
    Waiting,
    Started,
    Completed,
    Skipped,
    Failed,
}

/// One run of one plan.
#[derive(Debug)]
pub(crate) struct Machine<'plan> {
    plan: &'plan Plan,
    pub(crate) state: State,
    progress: Vec<Progress>,
    /// Of each action: how many incoming edges are not decided yet, and whether one was taken.
    incoming: Vec<(usize, bool)>,
    ready: BinaryHeap<Reverse<usize>>,
    calls: Vec<usize>,
    failures: Vec<Failure>,
}

impl<'plan> Machine<'plan> {
    pub(crate) fn new(plan: &'plan Plan, event: Arc<Value>) -> Self {
        let mut machine = Machine {
            plan,
            state: State::new(event, plan.actions.len()),
            progress: vec![Progress::Waiting; plan.actions.len()],
            incoming: plan.actions.iter().map(|action| (action.incoming, false)).collect(),
            ready: BinaryHeap::new(),
            calls: Vec::with_capacity(plan.actions.len()),
            failures: Vec::new(),
        };
        machine.decide(&plan.starts, true);
        machine
    }

    /// The next action that may start, in document order among those that may; after a failure, none.
    pub(crate) fn take_ready(&mut self) -> Option<usize> {
        if !self.failures.is_empty() {
            return None;
        }
        let Reverse(action) = self.ready.pop()?;
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
    pub(crate) fn called(&mut self, action: usize) {
        self.calls.push(action);
    }

    /// A started action ended.
    pub(crate) fn complete(&mut self, action: usize, completion: Completion) {
        match completion {
            Completion::Completed(output) => {
                self.state.outputs[action] = Some(output);
                self.progress[action] = Progress::Completed;
                self.decide(&self.plan.actions[action].outgoing, true);
            }
            Completion::Failed(failure) => {
                self.progress[action] = Progress::Failed;
                self.failures.push(failure);
            }
        }
    }

    /// Decides edges whose source settled. An action whose edges are all decided starts if one was taken;
    /// else it is skipped, and the edges from it are decided too.
    fn decide(&mut self, edges: &[usize], completed: bool) {
        let mut skipped = Vec::new();
        self.decide_each(edges, completed, &mut skipped);
        while let Some(action) = skipped.pop() {
            self.decide_each(&self.plan.actions[action].outgoing, false, &mut skipped);
        }
    }

    fn decide_each(&mut self, edges: &[usize], completed: bool, skipped: &mut Vec<usize>) {
        for &edge in edges {
            let edge = &self.plan.edges[edge];
            let taken = completed && edge.test.as_ref().is_none_or(|test| test.is_taken(&self.state));
            let (undecided, any_taken) = &mut self.incoming[edge.to];
            *undecided -= 1;
            *any_taken |= taken;
            match (*undecided, *any_taken) {
                (0, true) => self.ready.push(Reverse(edge.to)),
                (0, false) => {
                    self.progress[edge.to] = Progress::Skipped;
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
