//! Sub-steps of a run that is kept in a journal.

use crate::error::JournalError;
use crate::execution::pause::{Pause, Pauses};
use crate::execution::unawaited::Unawaited;
use crate::execution::untaken::Untaken;
use crate::file::journal::Journal;
use crate::file::vault::Vault;
use crate::history::entry::{Claimed, Entry, What};
use crate::history::recorded::{RecordedStep, Steps};
use crate::history::sent::Sent;
use crate::time::{after, from_ms, to_ms};
use crate::work::lease::Lease;
use flowright::runtime::{StepHost, StepHosts, idempotency_key};
use flowright::{ActionError, ActionResult, BoxFuture, CheckedWorkflow, Engine};
use futures_util::future::{Either, select};
use futures_util::task::AtomicWaker;
use rusqlite::Connection;
use serde_json::Value;
use std::collections::HashMap;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, OwnedMutexGuard, watch};

/// How long until a write is tried again that the file did not take.
const WRITE_AGAIN: Duration = Duration::from_millis(500);

/// What all parts of one run share.
pub(crate) struct Kept {
    pub(crate) claimed: Claimed,
    pub(crate) id: String,
    pub(crate) unawaited: Arc<Unawaited>,
    pub(crate) journal: Journal,
    pub(crate) vault: Arc<Vault>,
    pub(crate) lease: Arc<Lease>,
    pub(crate) engine: Engine,
    pub(crate) pauses: Pauses,
    /// Rings when an event may have come.
    pub(crate) events: Notify,
    pub(crate) untaken: Untaken,
    /// What is woken when the worker stops.
    pub(crate) waker: AtomicWaker,
    /// Why the run cannot go on here.
    pub(crate) stopped: watch::Sender<Option<JournalError>>,
    /// How many entries are being written whoever waits for them.
    pub(crate) unwritten: AtomicUsize,
}

/// An entry is being written until this is dropped.
struct Unwritten(Arc<Kept>);

impl Unwritten {
    fn begin(kept: &Arc<Kept>) -> Self {
        kept.unwritten.fetch_add(1, Ordering::SeqCst);
        Unwritten(Arc::clone(kept))
    }
}

impl Drop for Unwritten {
    fn drop(&mut self) {
        self.0.unwritten.fetch_sub(1, Ordering::SeqCst);
        self.0.waker.wake();
    }
}

/// Of the events that are there, one is for whoever has this. Dropped where it was not taken.
struct Claim<'k>(&'k Kept);

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.0.ring();
    }
}

impl Kept {
    /// An event may have come, or is there for another wait.
    pub(crate) fn ring(&self) {
        self.untaken.forget();
        self.events.notify_waiters();
    }

    pub(crate) fn now_ms(&self) -> i64 {
        to_ms(self.engine.now())
    }

    /// Writes; again and again while the file does not take it for a reason that may pass. Where it never will, the
    /// run stops, and this does not come back.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        write: impl Fn(&Connection) -> Result<T, JournalError> + Clone + Send + 'static,
    ) -> T {
        match self.try_write(write).await {
            Ok(written) => written,
            Err(error) => self.stop(error).await,
        }
    }

    /// Stops the run, and does not come back.
    async fn stop<T>(&self, error: JournalError) -> T {
        self.stopped.send_replace(Some(error));
        std::future::pending().await
    }

    /// Writes; again and again while the file does not take it for a reason that may pass.
    pub(crate) async fn try_write<T: Send + 'static>(
        &self,
        write: impl Fn(&Connection) -> Result<T, JournalError> + Clone + Send + 'static,
    ) -> Result<T, JournalError> {
        loop {
            match self.journal.writer().write(write.clone()).await {
                Err(error) if error.is_passing() => {
                    tracing::warn!(run = self.id, %error, "what a run came to cannot be written, and is tried again");
                    tokio::time::sleep(WRITE_AGAIN).await;
                }
                written => return written,
            }
        }
    }

    /// Writes an entry.
    pub(crate) async fn enter(&self, entry: Entry) {
        let (claimed, unawaited) = (self.claimed, Arc::clone(&self.unawaited));
        let write = move |connection: &Connection| {
            unawaited.catch_up(connection, claimed)?;
            entry.write(connection, claimed)
        };
        self.write(write).await;
    }

    /// Writes an entry of an action's sub-steps, also where whoever waits for that is stopped meanwhile. The run is not left,
    /// and the action's next attempt knows of none of its sub-steps, before that is done.
    async fn enter_surely(self: &Arc<Self>, entry: Entry, writing: OwnedMutexGuard<()>) {
        let unwritten = Unwritten::begin(self);
        let written = tokio::spawn(async move {
            let (kept, _writing) = (&unwritten.0, writing);
            let (claimed, unawaited) = (kept.claimed, Arc::clone(&kept.unawaited));
            let write = move |connection: &Connection| {
                unawaited.catch_up(connection, claimed)?;
                entry.write(connection, claimed)
            };
            let written = kept.try_write(write).await;
            written.map_err(|error| kept.stopped.send_replace(Some(error))).is_ok()
        });
        match written.await {
            Ok(true) => return,
            Ok(false) => {}
            Err(_) => drop(self.stopped.send_replace(Some(JournalError::Closed))),
        }
        std::future::pending::<()>().await;
    }

    /// Whether all is written that is, whoever waits for it.
    pub(crate) fn is_written(&self) -> bool {
        self.unwritten.load(Ordering::SeqCst) == 0
    }

    /// Hands an entry over to be written. What follows from it is written after it, so nobody need wait.
    pub(crate) fn enter_first(&self, entry: Entry) {
        self.unawaited.enter(self.journal.writer(), self.claimed, entry);
    }

    /// Ends when this time has come; the run need not be in memory meanwhile.
    pub(crate) async fn until(&self, due_ms: i64) {
        if due_ms > self.now_ms() {
            let _paused = self.pauses.begin(Pause { due_ms: Some(due_ms), event: None });
            self.engine.until(from_ms(due_ms)).await;
        }
    }
}

/// The hosts of one run's actions.
pub(crate) struct Hosts {
    pub(crate) kept: Arc<Kept>,
    pub(crate) workflow: CheckedWorkflow,
    pub(crate) steps: Mutex<HashMap<String, Arc<Steps>>>,
}

impl StepHosts for Hosts {
    fn host(&self, action: &str) -> Arc<dyn StepHost> {
        let mut steps = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        let steps = Arc::clone(steps.entry(action.to_owned()).or_default());
        let key = idempotency_key(&self.kept.id, action);
        let has_secrets = self.workflow.handles_secrets(action);
        Arc::new(Host { kept: Arc::clone(&self.kept), action: action.to_owned(), key, steps, has_secrets })
    }
}

struct Host {
    kept: Arc<Kept>,
    action: String,
    key: String,
    steps: Arc<Steps>,
    /// Whether what its sub-steps come to may be secret.
    has_secrets: bool,
}

impl Host {
    /// An entry with a value, which is sealed where it may be secret.
    fn valued(&self, what: What, step: &str, value: Value) -> Result<Entry, JournalError> {
        let entry = Entry { value: Some(value), ..self.entry(what, step) };
        if !self.has_secrets {
            return Ok(entry);
        }
        entry.seal(&self.kept.vault, &self.kept.id, "(secret)".into())
    }

    fn entry(&self, what: What, step: &str) -> Entry {
        Entry { step: Some(step.to_owned()), ..Entry::new(self.kept.now_ms(), what, &self.action) }
    }

    /// When a pause of this name ends; written down when it first begins.
    async fn due(&self, what: What, name: &str, duration: Option<Duration>) -> Option<i64> {
        let writing = self.steps.write().await;
        if let Some(RecordedStep::Due(due_ms)) = self.steps.get(name) {
            return due_ms;
        }
        let due_ms = duration.map(|duration| after(self.kept.engine.now(), duration));
        // Known before it is written: an attempt that is stopped meanwhile is followed by one that ends at the same time.
        self.steps.put(name, RecordedStep::Due(due_ms));
        self.kept.enter_surely(Entry { due_ms, ..self.entry(what, name) }, writing).await;
        due_ms
    }

    /// The data of the first event of this name that no wait has taken; where there is none and it is over, nothing. What
    /// an earlier attempt has taken for the same wait, and was stopped before it knew, is this one's.
    async fn taken(
        &self,
        name: &str,
        event: &str,
        is_over: bool,
        claim: Option<Claim<'_>>,
    ) -> Option<Option<Value>> {
        let (kept, event, claimed) = (&self.kept, event.to_owned(), self.kept.claimed);
        let entry = self.entry(What::Waited, name);
        let by = format!("{}/{name}", self.action);
        let unawaited = Arc::clone(&kept.unawaited);
        let (has_secrets, vault, id) = (self.has_secrets, Arc::clone(&kept.vault), kept.id.clone());
        let taken = kept.write(move |connection| {
            unawaited.catch_up(connection, claimed)?;
            let found = Sent::first(connection, claimed.run, &event, &by)?;
            let data = found.as_ref().map(|sent| sent.data(&vault, &id)).transpose()?;
            let has_secrets = has_secrets || found.as_ref().is_some_and(Sent::is_sealed);
            if data.is_none() && !is_over {
                return Ok((None, false));
            }
            let is_taken_now = match found {
                Some(sent) if sent.is_taken() => return Ok((Some(data), false)),
                Some(sent) => sent.take(connection, &by).map(|()| true)?,
                None => false,
            };
            let value: Value = data.iter().cloned().collect();
            let entry = Entry { value: Some(value), ..entry.clone() };
            let entry = if has_secrets { entry.seal(&vault, &id, "(secret)".into())? } else { entry };
            entry.write(connection, claimed)?;
            Ok((Some(data), is_taken_now))
        });
        let (data, is_taken_now) = taken.await;
        if is_taken_now {
            std::mem::forget(claim);
        }
        data
    }

    /// Where an event of this name is there that no other wait is about to take.
    fn claim(&self, event: &str) -> Option<Claim<'_>> {
        let kept = &*self.kept;
        let count = || kept.journal.read(|connection| Sent::untaken(connection, kept.claimed.run, event));
        kept.untaken.claim(event, count).then(|| Claim(kept))
    }

    /// Whether an earlier attempt may have taken an event for a wait.
    fn may_have_taken(&self, name: &str, event: &str) -> bool {
        let by = format!("{}/{name}", self.action);
        let run = self.kept.claimed.run;
        self.kept.journal.read(|connection| Sent::has_taken(connection, run, event, &by)).unwrap_or(true)
    }
}

impl StepHost for Host {
    fn run<'s>(&'s self, name: &'s str, work: BoxFuture<'s, ActionResult>) -> BoxFuture<'s, ActionResult> {
        Box::pin(async move {
            drop(self.steps.write().await);
            if let Some(RecordedStep::Value(value)) = self.steps.get(name) {
                return Ok(value);
            }
            let value = work.await?;
            let writing = self.steps.write().await;
            // Known at once, and written also where the attempt is stopped meanwhile: it is not done again.
            self.steps.put(name, RecordedStep::Value(value.clone()));
            match self.valued(What::Step, name, value.clone()) {
                Ok(entry) => self.kept.enter_surely(entry, writing).await,
                Err(error) => self.kept.stop(error).await,
            }
            Ok(value)
        })
    }

    fn sleep<'s>(&'s self, name: &'s str, duration: Duration) -> BoxFuture<'s, Result<(), ActionError>> {
        Box::pin(async move {
            if let Some(due_ms) = self.due(What::Sleep, name, Some(duration)).await {
                self.kept.until(due_ms).await;
            }
            Ok(())
        })
    }

    fn wait_for_event<'s>(
        &'s self,
        name: &'s str,
        event: &'s str,
        timeout: Option<Duration>,
    ) -> BoxFuture<'s, Result<Option<Value>, ActionError>> {
        Box::pin(async move {
            self.kept.engine.registry().knows_event(event).map_err(ActionError::fatal)?;
            if let Some(RecordedStep::Value(value)) = self.steps.get(name) {
                return Ok(value.as_array().and_then(|data| data.first().cloned()));
            }
            let due_ms = self.due(What::Wait, name, timeout).await;
            let mut may_have_taken = self.may_have_taken(name, event);
            loop {
                // Listens before it looks, so that nothing comes in between.
                let mut came = pin!(self.kept.events.notified());
                came.as_mut().enable();
                let is_over = due_ms.is_some_and(|due_ms| due_ms <= self.kept.now_ms());
                let claim = self.claim(event);
                if (claim.is_some() || is_over || std::mem::take(&mut may_have_taken))
                    && let Some(data) = self.taken(name, event, is_over, claim).await
                {
                    self.steps.put(name, RecordedStep::Value(data.iter().cloned().collect()));
                    return Ok(data);
                }
                let pause = Pause { due_ms, event: Some(event.to_owned()) };
                let _paused = self.kept.pauses.begin(pause);
                match due_ms {
                    None => came.await,
                    Some(due_ms) => match select(came, self.kept.engine.until(from_ms(due_ms))).await {
                        Either::Left(_) | Either::Right(_) => {}
                    },
                }
            }
        })
    }

    fn idempotency_key(&self) -> &str {
        &self.key
    }
}
