//! What an action does durably: sub-steps, sleeps, and waits for events.

mod host;
mod in_memory;
mod inbox;
mod one_at_a_time;

pub use host::{StepHost, StepHosts, idempotency_key};
pub(crate) use in_memory::InMemory;
pub(crate) use inbox::Inbox;
pub use inbox::{EventSender, SendError};

use crate::action::ActionError;
use crate::run::{deep, dismantle, size};
use one_at_a_time::Turns;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Durable parts of an action. An action borrows it: `async fn f(step: &Step, …)`.
///
/// What a sub-step came to is recorded under its name. When the action is started again, after a failure or a crash,
/// it runs from its beginning, and every sub-step that had an end gives what was recorded and is not called. So an
/// action does nothing outside of sub-steps that must not be done twice.
///
/// Sub-steps are awaited one at a time: a second one that begins before the first has ended fails, and so does one whose
/// name another one of the same action had. A sleep or a wait is awaited alone: while an action does nothing else, its run
/// may be left, to go on when the pause is over.
///
/// ```
/// use flowright::prelude::*;
/// use std::time::Duration;
///
/// /// Remind a customer
/// #[engine_action]
/// async fn remind(step: &Step, customer: String) -> Result<bool, ActionError> {
///     let key = step.idempotency_key();
///     let sent: u64 = step.run("first reminder", || async { Ok(send(&customer, key)) }).await?;
///     step.sleep("a day", Duration::from_secs(24 * 60 * 60)).await?;
///     let answer = step.wait_for_event::<String>("customer.answered", Duration::from_secs(60)).await?;
///     Ok(sent > 0 && answer.is_some())
/// }
/// # fn send(_: &str, _: &str) -> u64 { 1 }
/// ```
pub struct Step {
    host: Arc<dyn StepHost>,
    turns: Turns,
}

impl Step {
    pub(crate) fn new(host: Arc<dyn StepHost>) -> Self {
        Step { host, turns: Turns::default() }
    }

    /// Does something once: what `work` came to is recorded under this name, and given back instead when the action is
    /// started again. Its failure is not recorded; it is for the action to fail with it, or to go on.
    pub async fn run<T, F, W>(&self, name: &str, work: F) -> Result<T, ActionError>
    where
        T: Serialize + DeserializeOwned,
        F: FnOnce() -> W + Send,
        W: Future<Output = Result<T, ActionError>> + Send,
    {
        let turn = self.turns.take(name)?;
        let done = AtomicBool::new(false);
        let is_done = &done;
        let work = async move {
            let output = work().await?;
            is_done.store(true, Ordering::Relaxed);
            let refused = |why: &dyn fmt::Display| {
                ActionError::fatal(format_args!("what the sub-step came to cannot be recorded: {why}"))
            };
            let output = serde_json::to_value(output).map_err(|error| refused(&error))?;
            if size(&output).is_err() {
                dismantle(output);
                return Err(refused(&deep("it")));
            }
            Ok(output)
        };
        let output = self.host.run(turn.name(), Box::pin(work)).await?;
        T::deserialize(output).map_err(|error| {
            let message = format!("what sub-step `{name}` came to is recorded as another type: {error}");
            if done.load(Ordering::Relaxed) {
                ActionError::fatal(message)
            } else {
                ActionError::misfit(message)
            }
        })
    }

    /// Waits so long. The time at which it ends is recorded: a restart in between does not make it longer.
    pub async fn sleep(&self, name: &str, duration: Duration) -> Result<(), ActionError> {
        let turn = self.turns.take(name)?;
        self.host.sleep(turn.name(), duration).await
    }

    /// Waits for an event that is sent to this run, and gives its data; `None` where none came within `timeout`. An
    /// event that came before is kept for the wait, and each wait takes one.
    ///
    /// Fails where the registry has events and none of this name, and where the data is no `T`.
    pub async fn wait_for_event<T: DeserializeOwned>(
        &self,
        event: &str,
        timeout: impl Into<Option<Duration>>,
    ) -> Result<Option<T>, ActionError> {
        let turn = self.turns.take_numbered(event)?;
        let data = self.host.wait_for_event(turn.name(), event, timeout.into()).await?;
        let typed = data.map(T::deserialize).transpose();
        typed.map_err(|error| {
            ActionError::fatal(format_args!("the data of event `{event}` is of another type: {error}"))
        })
    }

    /// The same for every attempt at this action in this run, and for no other: what it asks of other systems carries
    /// it, so that they do it once.
    pub fn idempotency_key(&self) -> &str {
        self.host.idempotency_key()
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Step").field(&self.idempotency_key()).finish()
    }
}
