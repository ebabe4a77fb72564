//! Sub-steps in memory, and the events that they wait for.

use super::host::{StepHost, StepHosts, idempotency_key};
use crate::action::{ActionError, ActionResult, BoxFuture};
use crate::clock::SharedClock;
use crate::registry::Registry;
use futures_util::future::{Either, select};
use serde_json::Value;
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// The events that were sent to a run and that no wait has taken yet.
#[derive(Debug, Default)]
pub(crate) struct Inbox(Mutex<Letters>);

#[derive(Debug, Default)]
struct Letters {
    events: HashMap<String, VecDeque<Value>>,
    waiting: Vec<(String, Waker)>,
}

impl Inbox {
    fn state(&self) -> MutexGuard<'_, Letters> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, event: &str, data: Value) {
        let mut state = self.state();
        state.events.entry(event.to_owned()).or_default().push_back(data);
        let waiting: Vec<_> = state.waiting.extract_if(.., |(name, _)| name == event).collect();
        drop(state);
        for (_, waker) in waiting {
            waker.wake();
        }
    }

    fn poll(&self, event: &str, context: &Context<'_>) -> Poll<Value> {
        let mut state = self.state();
        if let Some(data) = state.events.get_mut(event).and_then(VecDeque::pop_front) {
            return Poll::Ready(data);
        }
        let waker = context.waker();
        if !state.waiting.iter().any(|(name, known)| name == event && known.will_wake(waker)) {
            state.waiting.push((event.to_owned(), waker.clone()));
        }
        Poll::Pending
    }
}

/// Sends events to one run.
#[derive(Clone)]
pub struct EventSender {
    registry: Registry,
    inbox: Arc<Inbox>,
}

/// Why an event was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendError(String);

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SendError {}

impl EventSender {
    pub(crate) fn new(registry: Registry, inbox: Arc<Inbox>) -> Self {
        EventSender { registry, inbox }
    }

    /// Sends an event. It is kept until the run waits for one of its name. Refused where the registry has events and
    /// none of this name, or where the data is not of its type.
    pub fn send(&self, event: &str, data: Value) -> Result<(), SendError> {
        self.registry.admits_data(event, &data).map_err(SendError)?;
        self.inbox.put(event, data);
        Ok(())
    }
}

impl fmt::Debug for EventSender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("EventSender").field(&self.inbox).finish()
    }
}

/// Sub-steps of a run that lives in memory: nothing is recorded longer than the run.
pub(crate) struct InMemory {
    run_id: Arc<str>,
    registry: Registry,
    clock: SharedClock,
    inbox: Arc<Inbox>,
    recorded: Mutex<HashMap<Box<str>, Arc<Recorded>>>,
}

/// What the sub-steps of an action came to, by their names.
type Recorded = Mutex<HashMap<String, Value>>;

impl InMemory {
    pub(crate) fn new(run_id: Arc<str>, registry: Registry, clock: SharedClock, inbox: Arc<Inbox>) -> Self {
        InMemory { run_id, registry, clock, inbox, recorded: Mutex::default() }
    }
}

impl StepHosts for InMemory {
    fn host(&self, action: &str) -> Arc<dyn StepHost> {
        let mut recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        let recorded = Arc::clone(recorded.entry(action.into()).or_default());
        let key = idempotency_key(&self.run_id, action);
        let (registry, clock, inbox) = (self.registry.clone(), self.clock.clone(), Arc::clone(&self.inbox));
        Arc::new(Host { key, registry, clock, inbox, recorded })
    }
}

struct Host {
    key: String,
    registry: Registry,
    clock: SharedClock,
    inbox: Arc<Inbox>,
    recorded: Arc<Recorded>,
}

impl Host {
    fn recorded(&self) -> MutexGuard<'_, HashMap<String, Value>> {
        self.recorded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StepHost for Host {
    fn run<'s>(&'s self, name: &'s str, work: BoxFuture<'s, ActionResult>) -> BoxFuture<'s, ActionResult> {
        Box::pin(async move {
            let known = self.recorded().get(name).cloned();
            if let Some(known) = known {
                return Ok(known);
            }
            let output = work.await?;
            self.recorded().insert(name.to_owned(), output.clone());
            Ok(output)
        })
    }

    fn sleep<'s>(&'s self, name: &'s str, duration: Duration) -> BoxFuture<'s, Result<(), ActionError>> {
        Box::pin(async move {
            if !self.recorded().contains_key(name) {
                self.clock.after(duration).await;
                self.recorded().insert(name.to_owned(), Value::Null);
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
            self.registry.knows_event(event).map_err(ActionError::fatal)?;
            let known = self.recorded().get(name).cloned();
            if let Some(known) = known {
                return Ok(known.as_array().and_then(|data| data.first().cloned()));
            }
            let arrival = poll_fn(|context| self.inbox.poll(event, context));
            let data = match timeout {
                None => Some(arrival.await),
                Some(timeout) => match select(arrival, self.clock.after(timeout)).await {
                    Either::Left((data, _)) => Some(data),
                    Either::Right(_) => None,
                },
            };
            // Nothing is told apart from null.
            self.recorded().insert(name.to_owned(), data.iter().cloned().collect());
            Ok(data)
        })
    }

    fn idempotency_key(&self) -> &str {
        &self.key
    }
}
