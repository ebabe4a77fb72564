//! Runs one run's actions, and keeps what they come to in the journal.

use crate::error::JournalError;
use crate::execution::pause::Pause;
use crate::execution::steps::Kept as Shared;
use crate::history::entry::{Entry, What};
use crate::history::recorded::{End, Recorded};
use crate::time::{after, from_ms};
use flowright::runtime::{Kept, Next, Runtime, Start, Started};
use flowright::{BoxFuture, CheckedWorkflow};
use futures_util::future::select;
use futures_util::stream::{FuturesUnordered, StreamExt};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::watch;

/// What waits no longer than this stays in memory.
const SHORT_MS: i64 = 10_000;

/// Why a run does not go on here.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Everything in it waits.
    Waits(Vec<Pause>),
    /// Something was not started, and nothing more is under way.
    Stopping,
    /// What was recorded of a sub-step is of another type than its action asks for now.
    Misfit(String),
    /// The journal cannot be written any more, or another worker has the run.
    Journal(JournalError),
}

/// One run under way.
pub(crate) struct Durable<'run> {
    shared: &'run Arc<Shared>,
    workflow: &'run CheckedWorkflow,
    recorded: Recorded,
    /// The ids of the actions that were started here, by position.
    ids: HashMap<usize, &'run str>,
    known: VecDeque<Next>,
    /// What was recorded of actions that were started, by when it was.
    ends: BTreeMap<usize, Next>,
    under_way: FuturesUnordered<BoxFuture<'run, Next>>,
    /// When attempts that are under way have to have ended, by action.
    timeouts: HashMap<usize, i64>,
    /// Whether what is to be tried again comes next at once.
    hurry: watch::Sender<bool>,
    stopping: Arc<AtomicBool>,
    /// Something was not started, as the worker stops, or is not certain to have the run any more.
    left_out: bool,
    /// When the run has to have ended, and how long it had.
    deadline: Option<(i64, Duration)>,
    watched: BoxFuture<'run, Option<JournalError>>,
}

impl<'run> Durable<'run> {
    pub(crate) fn new(
        shared: &'run Arc<Shared>,
        workflow: &'run CheckedWorkflow,
        recorded: Recorded,
        stopping: Arc<AtomicBool>,
        deadline: Option<(i64, Duration)>,
    ) -> Self {
        let mut stopped = shared.stopped.subscribe();
        let watched =
            Box::pin(
                async move { stopped.wait_for(Option::is_some).await.ok().and_then(|error| error.clone()) },
            );
        Durable {
            shared,
            workflow,
            recorded,
            ids: HashMap::new(),
            known: VecDeque::new(),
            ends: BTreeMap::new(),
            under_way: FuturesUnordered::new(),
            timeouts: HashMap::new(),
            hurry: watch::Sender::new(false),
            stopping,
            left_out: false,
            deadline,
            watched,
        }
    }

    /// Ends when nothing is waited for any more before it is tried again.
    fn hurried(&self) -> BoxFuture<'static, ()> {
        let mut hurry = self.hurry.subscribe();
        Box::pin(async move { drop(hurry.wait_for(|hurry| *hurry).await) })
    }

    /// Whether the run has had its time.
    fn is_over(&self) -> bool {
        self.deadline.is_some_and(|(deadline_ms, _)| deadline_ms <= self.shared.now_ms())
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Next>, Stop>> {
        self.shared.waker.register(context.waker());
        if let Poll::Ready(stopped) = self.watched.as_mut().poll(context) {
            return Poll::Ready(Err(Stop::Journal(stopped.unwrap_or(JournalError::Closed))));
        }
        if let Some(next) = self.known.pop_front() {
            return Poll::Ready(Ok(Some(next)));
        }
        // What was recorded comes in the order in which it was.
        if let Some((_, next)) = self.ends.pop_first() {
            return Poll::Ready(Ok(Some(next)));
        }
        let is_stopping = self.stopping.load(Ordering::Relaxed);
        match self.under_way.poll_next_unpin(context) {
            Poll::Ready(None) if self.left_out && self.shared.is_written() => {
                return Poll::Ready(Err(Stop::Stopping));
            }
            Poll::Ready(None) if self.left_out => return Poll::Pending,
            Poll::Ready(next) => return Poll::Ready(Ok(next)),
            Poll::Pending => {}
        }
        if let Some(mut pauses) = self.shared.pauses.if_all(self.under_way.len())
            && self.shared.is_written()
        {
            pauses.extend(self.timeouts.values().map(|due_ms| Pause { due_ms: Some(*due_ms), event: None }));
            let soon = self.shared.now_ms().saturating_add(SHORT_MS);
            if self.left_out {
                return Poll::Ready(Err(Stop::Stopping));
            }
            if is_stopping || pauses.iter().all(|pause| pause.due_ms.is_none_or(|due_ms| due_ms > soon)) {
                return Poll::Ready(Err(Stop::Waits(pauses)));
            }
        }
        Poll::Pending
    }
}

impl<'run> Runtime<'run> for Durable<'run> {
    type Error = Stop;

    fn begin(&mut self, taken: Box<[usize]>) -> Box<[usize]> {
        if let Some(recorded) = self.recorded.began.take() {
            return recorded;
        }
        let shared = self.shared;
        let edges = Some(taken.clone());
        let entry = Entry { edges, ..Entry::new(shared.now_ms(), What::Began, "$source") };
        shared.enter_first(entry);
        taken
    }

    fn start(&mut self, start: Start<'_, 'run>) {
        let (action, id, shared) = (start.action(), start.id(), self.shared);
        self.ids.insert(action, id);
        let (is_over, hurried) = (self.is_over(), self.hurried());
        let recorded = self.recorded.action(id);
        let at = recorded.end_at;
        match recorded.end.take() {
            Some(End::Completed { output, taken }) => {
                self.ends.insert(at, Next::Recorded(action, Kept::Completed { output, taken }));
                return;
            }
            Some(End::Failed(failure)) => {
                self.ends.insert(at, Next::Recorded(action, Kept::Failed(failure)));
                return;
            }
            Some(End::Again { attempt, failure, due_ms }) => {
                return self.under_way.push(Box::pin(async move {
                    select(pin!(shared.until(due_ms)), hurried).await;
                    Next::Recorded(action, Kept::Again { attempt, failure, pause: Duration::ZERO })
                }));
            }
            None => {}
        }
        // Nothing starts any more where the run has had its time, which is what comes next.
        if is_over {
            return;
        }
        if self.stopping.load(Ordering::Relaxed) || !shared.lease.is_held() {
            self.left_out = true;
            return;
        }
        let begun = recorded.begun.take().filter(|begun| begun.attempt >= start.attempt());
        let attempt = begun.map_or(start.attempt(), |begun| begun.attempt);
        let due_ms = start.timeout().map(|timeout| {
            begun.and_then(|begun| begun.due_ms).unwrap_or_else(|| after(shared.engine.now(), timeout))
        });
        let entry =
            Entry { attempt: Some(attempt), due_ms, ..Entry::new(shared.now_ms(), What::Started, id) };
        shared.enter_first(entry);
        let start = start.as_attempt(attempt);
        let start = match due_ms {
            Some(due_ms) => start.until(from_ms(due_ms)),
            None => start,
        };
        self.timeouts.remove(&action);
        match start.begin() {
            Started::Ended(ended) => self.known.push_back(Next::Ended(action, ended)),
            Started::UnderWay(future) => {
                self.timeouts.extend(due_ms.map(|due_ms| (action, due_ms)));
                self.under_way.push(Box::pin(async move { Next::Ended(action, future.await) }));
            }
        }
    }

    fn keep(&mut self, action: usize, kept: Kept) -> Option<Kept> {
        let shared = self.shared;
        self.timeouts.remove(&action);
        let id = self.ids.get(&action).copied().unwrap_or_default();
        let now = shared.engine.now();
        let entry = |what| Entry::new(shared.now_ms(), what, id);
        let (entry, due_ms) = match &kept {
            Kept::Completed { output, taken } => {
                let (value, edges) = (Some(output.clone()), taken.clone());
                let entry = Entry { value, edges, ..entry(What::Completed) };
                let readable = self.workflow.output_without_secrets(id, output);
                match readable
                    .map_or(Ok(entry.clone()), |readable| entry.seal(&shared.vault, &shared.id, readable))
                {
                    Ok(entry) => (entry, None),
                    Err(error) => {
                        shared.stopped.send_replace(Some(error));
                        return None;
                    }
                }
            }
            Kept::Failed(failure) => {
                let attempt = Some(failure.attempt());
                (Entry { attempt, value: Some(failure.to_json()), ..entry(What::Failed) }, None)
            }
            Kept::Again { attempt, failure, pause } => {
                let due_ms = Some(after(now, *pause));
                let value = Some(failure.to_json());
                (Entry { attempt: Some(*attempt), value, due_ms, ..entry(What::Again) }, due_ms)
            }
        };
        let hurried = self.hurried();
        self.under_way.push(Box::pin(async move {
            shared.enter(entry).await;
            if let Some(due_ms) = due_ms {
                select(pin!(shared.until(due_ms)), hurried).await;
            }
            Next::Kept(action, kept)
        }));
        None
    }

    fn hurry(&mut self) {
        self.hurry.send_replace(true);
    }

    async fn next(&mut self) -> Result<Option<Next>, Stop> {
        let next = self.next_in_time().await?;
        match &next {
            Some(Next::Ended(_, ended)) => {
                ended.misfit().map_or(Ok(next), |message| Err(Stop::Misfit(message)))
            }
            _ => Ok(next),
        }
    }
}

impl Durable<'_> {
    async fn next_in_time(&mut self) -> Result<Option<Next>, Stop> {
        let Some((deadline_ms, duration)) = self.deadline else {
            return poll_fn(|context| self.poll(context)).await;
        };
        let mut over = self.shared.engine.until(from_ms(deadline_ms));
        poll_fn(|context| match self.poll(context) {
            known @ Poll::Ready(Ok(Some(Next::Recorded(..)))) => known,
            // Whatever else it is, the run has had its time; and what waits longer than it may take is over, too.
            other if over.as_mut().poll(context).is_ready() => match other {
                Poll::Ready(Err(Stop::Journal(_)) | Ok(Some(_))) => other,
                _ => Poll::Ready(Ok(Some(Next::Expired(duration)))),
            },
            other => other,
        })
        .await
    }
}
