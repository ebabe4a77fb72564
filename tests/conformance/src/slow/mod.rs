//! The same actions, which take their time, and a schedule that says when each of them goes on.

mod actions;
mod gate;

use crate::case::Case;
use crate::chance::Chance;
use crate::ours::{Ours, ours};
use flowright::{CheckedWorkflow, Engine, Registry};
use gate::Gate;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

/// An engine whose actions wait until a schedule lets them go on.
pub struct Slow {
    engine: Engine,
    gate: Arc<Gate>,
}

/// A run by a schedule.
#[derive(Debug)]
pub struct Scheduled {
    /// What it came to.
    pub ours: Ours,
    /// In which order actions went on: where each stood among those that waited, of how many.
    pub choices: Vec<(usize, usize)>,
}

/// How often a run is polled though nobody was let go on.
const PATIENCE: usize = 100;

impl Default for Slow {
    fn default() -> Self {
        let gate = Arc::new(Gate::default());
        let registry = Registry::builder().actions(actions::ACTIONS).build().expect("the actions are right");
        let engine = Engine::builder(registry).shared(Arc::clone(&gate)).build().expect("the gate is there");
        Slow { engine, gate }
    }
}

impl Slow {
    /// The document, where it is accepted.
    pub fn check(&self, case: &Case) -> Option<CheckedWorkflow> {
        self.engine.registry().check(case.workflow.to_string()).ok()
    }

    /// Runs a document; `chance` chooses who goes on whenever all that may run waits.
    ///
    /// # Panics
    ///
    /// Where the run waits and nobody in it does.
    pub fn run(&self, workflow: &CheckedWorkflow, case: &Case, chance: &mut Chance) -> Scheduled {
        let mut run = pin!(self.engine.run(workflow, case.event.clone()));
        let (mut choices, mut idle) = (Vec::new(), 0);
        loop {
            if let Poll::Ready(outcome) = run.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                return Scheduled { ours: ours(&outcome.expect("an event of any type is right")), choices };
            }
            let before = choices.len();
            for _ in 0..=chance.below(3) {
                choices.extend(self.gate.let_one_go_on(chance));
            }
            idle = if choices.len() == before { idle + 1 } else { 0 };
            assert!(idle < PATIENCE, "the run waits for nobody: {case}");
        }
    }
}
