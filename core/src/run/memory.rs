//! The in-memory runtime: every action of a run is polled in one task, nothing is spawned.

use super::attempt::{Started, UnderWay};
use super::drive::Run;
use super::machine::Parts;
use super::runtime::{Kept, Next, Runtime, Start};
use super::together::Together;
use crate::action::handler::BoxFuture;
use crate::action::host::RunFacts;
use crate::checked::CheckedWorkflow;
use crate::clock::SharedClock;
use crate::engine::Engine;
use futures_util::future::{Either, select};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Runs a plan to its end.
pub(crate) async fn run(
    engine: &Engine,
    workflow: &CheckedWorkflow,
    facts: &RunFacts,
    event_size: usize,
) -> Parts {
    let mut run = Run::new(engine, workflow, facts, event_size);
    let mut memory = InMemory {
        clock: &facts.clock,
        known: VecDeque::new(),
        under_way: None,
        alone: None,
        pauses: Vec::new(),
        is_hurried: false,
    };
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

/// An attempt under way.
struct Pending<'run> {
    action: usize,
    future: UnderWay<'run>,
}

impl Future for Pending<'_> {
    type Output = Next;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Next> {
        let ended = Pin::new(&mut self.future).poll(context);
        ended.map(|ended| Next::Ended(self.action, ended))
    }
}

struct InMemory<'run> {
    clock: &'run SharedClock,
    /// What came next already.
    known: VecDeque<Next>,
    /// What is under way, once that was more than one at a time.
    under_way: Option<Together<Pending<'run>>>,
    /// What is under way, where that is one alone.
    alone: Option<Pending<'run>>,
    /// What is tried again when its time has come.
    pauses: Vec<(usize, Kept, BoxFuture<'static, ()>)>,
    /// Whether nothing is tried again.
    is_hurried: bool,
}

impl<'run> Runtime<'run> for InMemory<'run> {
    type Error = Infallible;

    #[inline]
    fn goes_on_at_once(&self) -> bool {
        self.known.is_empty()
    }

    fn start(&mut self, start: Start<'_, 'run>) {
        let action = start.action();
        match start.begin() {
            Started::Ended(ended) => self.known.push_back(Next::Ended(action, ended)),
            Started::UnderWay(future) => self.wait_for(Pending { action, future }),
        }
    }

    fn keep(&mut self, action: usize, kept: Kept) -> Option<Kept> {
        let Kept::Again { pause, .. } = kept else { return Some(kept) };
        if self.is_hurried {
            return Some(kept);
        }
        self.pauses.push((action, kept, self.clock.after(pause)));
        None
    }

    fn hurry(&mut self) {
        self.is_hurried = true;
        let over = self.pauses.drain(..).map(|(action, kept, _)| Next::Kept(action, kept));
        self.known.extend(over);
    }

    async fn next(&mut self) -> Result<Option<Next>, Infallible> {
        if let Some(next) = self.known.pop_front() {
            return Ok(Some(next));
        }
        if self.pauses.is_empty() && self.alone.is_none() && !self.are_under_way() {
            return Ok(None);
        }
        Ok(poll_fn(|context| self.poll(context)).await)
    }
}

impl<'run> InMemory<'run> {
    fn wait_for(&mut self, pending: Pending<'run>) {
        if self.alone.is_none() && !self.are_under_way() {
            self.alone = Some(pending);
            return;
        }
        let under_way = self.under_way.get_or_insert_with(Together::new);
        for pending in self.alone.take().into_iter().chain([pending]) {
            under_way.push(pending);
        }
    }

    fn are_under_way(&self) -> bool {
        self.under_way.as_ref().is_some_and(|under_way| !under_way.is_empty())
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Next>> {
        if let Some(pending) = &mut self.alone
            && let Poll::Ready(next) = Pin::new(pending).poll(context)
        {
            self.alone = None;
            return Poll::Ready(Some(next));
        }
        if let Some(under_way) = &mut self.under_way
            && let Poll::Ready(Some(next)) = under_way.poll_next(context)
        {
            return Poll::Ready(Some(next));
        }
        let over = self.pauses.iter_mut().position(|(_, _, due)| due.as_mut().poll(context).is_ready());
        over.map_or(Poll::Pending, |at| {
            let (action, kept, _) = self.pauses.remove(at);
            Poll::Ready(Some(Next::Kept(action, kept)))
        })
    }
}
