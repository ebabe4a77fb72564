//! The events that are sent to a run in memory.

use crate::registry::Registry;
use serde_json::Value;
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

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

    /// The data of the first event of this name.
    pub(super) fn poll(&self, event: &str, context: &Context<'_>) -> Poll<Value> {
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
