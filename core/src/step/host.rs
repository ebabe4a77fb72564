//! What a runtime does for the sub-steps of an action.

use crate::action::{ActionError, ActionResult, BoxFuture};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

/// What a runtime does for the sub-steps of one attempt at an action. Names are those that the action gave; no two
/// sub-steps of an action have the same one, and they come one at a time.
pub trait StepHost: Send + Sync {
    /// The value that is recorded under this name; where there is none, what `work` comes to, recorded.
    fn run<'s>(&'s self, name: &'s str, work: BoxFuture<'s, ActionResult>) -> BoxFuture<'s, ActionResult>;

    /// Ends when the time has come that was recorded under this name when it first began.
    fn sleep<'s>(&'s self, name: &'s str, duration: Duration) -> BoxFuture<'s, Result<(), ActionError>>;

    /// The data of an event that was sent to the run; nothing where it did not come in time.
    fn wait_for_event<'s>(
        &'s self,
        name: &'s str,
        event: &'s str,
        timeout: Option<Duration>,
    ) -> BoxFuture<'s, Result<Option<Value>, ActionError>>;

    /// The same for each attempt at this action in this run.
    fn idempotency_key(&self) -> &str;
}

/// The idempotency key of an action in a run: `<run id>/<action id>`.
pub fn idempotency_key(run: &str, action: &str) -> String {
    format!("{run}/{action}")
}

/// Where the hosts of one run's actions come from.
pub trait StepHosts: Send + Sync {
    /// What does the sub-steps of one attempt at the action of this id.
    fn host(&self, action: &str) -> Arc<dyn StepHost>;
}
