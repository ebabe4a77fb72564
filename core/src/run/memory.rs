//! The in-memory runtime: every action of a run is polled in one task, nothing is spawned.

use super::attempt::Started;
use super::drive::Run;
use super::machine::Parts;
use super::runtime::{Kept, Next, Runtime, Start};
use crate::action::handler::BoxFuture;
use crate::action::host::RunFacts;
use crate::checked::CheckedWorkflow;
use crate::clock::SharedClock;
use crate::engine::Engine;
use futures_util::future::{Either, select};
use futures_util::stream::{FuturesUnordered, StreamExt};
use std::collections::VecDeque;
use std::convert::Infallible;

/// Runs a plan to its end.
pub(crate) async fn run(
    engine: &Engine,
    workflow: &CheckedWorkflow,
    facts: &RunFacts,
    event_size: usize,
) -> Parts {
    let mut run = Run::new(engine, workflow, facts, event_size);
    let mut memory =
        InMemory { clock: &facts.clock, known: VecDeque::new(), under_way: FuturesUnordered::new() };
    let Some(deadline) = engine.deadline() else {
        let Ok(()) = run.drive(&mut memory).await;
        return run.into_parts();
    };
    let over = facts.clock.after(deadline);
    let in_time = matches!(select(run.drive(&mut memory), over).await, Either::Left(_));
    if !in_time {
        run.expire(deadline);
    }
    run.into_parts()
}

struct InMemory<'run> {
    clock: &'run SharedClock,
    /// What came next already.
    known: VecDeque<Next>,
    under_way: FuturesUnordered<BoxFuture<'run, Next>>,
}

impl<'run> Runtime<'run> for InMemory<'run> {
    type Error = Infallible;

    fn start(&mut self, start: Start<'_, 'run>) {
        let action = start.action();
        match start.begin() {
            Started::Ended(ended) => self.known.push_back(Next::Ended(action, ended)),
            Started::UnderWay(future) => {
                self.under_way.push(Box::pin(async move { Next::Ended(action, future.await) }));
            }
        }
    }

    fn keep(&mut self, action: usize, kept: Kept) -> Option<Kept> {
        let Kept::Again { pause, .. } = kept else { return Some(kept) };
        let due = self.clock.after(pause);
        self.under_way.push(Box::pin(async move {
            due.await;
            Next::Kept(action, kept)
        }));
        None
    }

    async fn next(&mut self) -> Result<Option<Next>, Infallible> {
        match self.known.pop_front() {
            Some(next) => Ok(Some(next)),
            None => Ok(self.under_way.next().await),
        }
    }
}
