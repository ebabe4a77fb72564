//! Sub-steps of a run that lives in memory.

use super::host::{StepHost, StepHosts, idempotency_key};
use super::inbox::Inbox;
use crate::action::{ActionError, ActionResult, BoxFuture};
use crate::clock::SharedClock;
use crate::registry::Registry;
use futures_util::future::{Either, select};
use serde_json::Value;
use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

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
