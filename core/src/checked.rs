//! A workflow that may run.

use crate::diagnostic::Report;
use crate::engine::{self, EventRefused};
use crate::event::Event;
use crate::plan::Plan;
use crate::registry::Registry;
use crate::registry::Trigger;
use crate::secrets::SecretPlaces;
use crate::template::Root;
use crate::workflow::Workflow;
use serde_json::Value;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// A workflow that was checked and found right: what [`Engine::run`](crate::Engine::run) takes, and only
/// [`Registry::check`] gives. Cheap to clone.
#[derive(Clone)]
pub struct CheckedWorkflow(Arc<Checked>);

pub(crate) struct Checked {
    pub(crate) registry: Registry,
    pub(crate) workflow: Workflow,
    pub(crate) trigger: Trigger,
    pub(crate) report: Report,
    pub(crate) plan: Plan,
    /// What refs take for secret inputs, once somebody asks.
    pub(crate) secret_places: OnceLock<SecretPlaces>,
}

impl CheckedWorkflow {
    pub(crate) fn new(checked: Checked) -> Self {
        CheckedWorkflow(Arc::new(checked))
    }

    /// The document.
    pub fn workflow(&self) -> &Workflow {
        &self.0.workflow
    }

    /// The registry it was checked against.
    pub fn registry(&self) -> &Registry {
        &self.0.registry
    }

    /// Its warnings and hints, and the values that are left to run-time checks.
    pub fn report(&self) -> &Report {
        &self.0.report
    }

    /// The name of the event that starts it, where it was checked for one.
    pub fn trigger(&self) -> Option<&str> {
        self.0.trigger.name()
    }

    /// Whether a run of it may be started by this event: refused where it is not of the type that the workflow was checked
    /// for, and where it is too large or too deep.
    pub fn admits(&self, event: &Event) -> Result<(), EventRefused> {
        engine::admit(self, event).map(|_| ())
    }

    /// Whether an output that was recorded of an action is one that the action may have today: a message where it is not.
    pub fn takes_output(&self, action: &str, output: &Value) -> Result<(), String> {
        let Some(at) = self.plan().position(action) else {
            return Err(format!("the document has no action `{}`", action.escape_debug()));
        };
        let registered = self.registry().registered(self.plan().actions[at].kind);
        let fault = registered.output.check(output).faults.into_iter().next();
        fault.map_or(Ok(()), |found| {
            let found = self.secret_places().told(Root::Output(at), found);
            Err(format!(
                "the output that is recorded of action `{action}` is of another type than today's: {found}"
            ))
        })
    }

    pub(crate) fn event_type(&self) -> &Trigger {
        &self.0.trigger
    }

    pub(crate) fn secret_places(&self) -> &SecretPlaces {
        self.0.secret_places.get_or_init(|| SecretPlaces::of(&self.0.plan, &self.0.registry))
    }

    pub(crate) fn plan(&self) -> &Plan {
        &self.0.plan
    }
}

impl fmt::Debug for CheckedWorkflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckedWorkflow").field("workflow", &self.0.workflow).finish_non_exhaustive()
    }
}
