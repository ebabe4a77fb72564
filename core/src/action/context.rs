//! What an action may know of the run it is part of.

use super::error::ActionError;
use super::host::Host;
use crate::clock::SharedClock;
use crate::workflow::Workflow;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::Arc;
use std::time::SystemTime;

/// The run that an action is part of. An action borrows it: `fn f(context: &ActionContext, …)`.
#[derive(Clone, Debug)]
pub struct ActionContext {
    event: Arc<Value>,
    run_id: Arc<str>,
    workflow: Workflow,
    action_id: Box<str>,
    kind: Box<str>,
    attempt: u32,
    clock: SharedClock,
}

impl ActionContext {
    pub(crate) fn of(host: Host<'_>) -> Self {
        ActionContext {
            event: Arc::clone(&host.run.event),
            run_id: Arc::clone(&host.run.run_id),
            workflow: host.run.workflow.clone(),
            action_id: host.action.id.into(),
            kind: host.action.kind.into(),
            attempt: host.action.attempt,
            clock: host.run.clock.clone(),
        }
    }

    /// The event that started the run, whole: what a ref calls `$.event`.
    pub fn event(&self) -> &Value {
        &self.event
    }

    /// The event's `data`, typed. A fatal error where it is of another type; it never is where the workflow was
    /// checked for an event of this type.
    pub fn data<T: DeserializeOwned>(&self) -> Result<T, ActionError> {
        T::deserialize(self.event.get("data").unwrap_or(&Value::Null))
            .map_err(|error| ActionError::fatal(format_args!("the event's data is of another type: {error}")))
    }

    /// What identifies the run.
    pub fn run_id(&self) -> &str {
        &self.run_id
    }

    /// The document that runs.
    pub fn workflow(&self) -> &Workflow {
        &self.workflow
    }

    /// The `id` of the action in the document.
    pub fn action_id(&self) -> &str {
        &self.action_id
    }

    /// The `kind` of the action.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Which attempt at this action this is: 1 for the first.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// What time it is by the engine's [`Clock`](crate::Clock). Tests set it, where `SystemTime::now()` cannot be set.
    ///
    /// ```
    /// use flowright::prelude::*;
    /// use std::time::{Duration, UNIX_EPOCH};
    ///
    /// /// Whether an offer still stands.
    /// #[engine_action]
    /// fn still_stands(context: &ActionContext, until: u64) -> bool {
    ///     context.now() < UNIX_EPOCH + Duration::from_secs(until)
    /// }
    /// ```
    pub fn now(&self) -> SystemTime {
        self.clock.now()
    }
}
