//! A workflow that may run.

use crate::diagnostic::Report;
use crate::plan::Plan;
use crate::registry::Registry;
use crate::registry::Trigger;
use crate::workflow::Workflow;
use std::fmt;
use std::sync::Arc;

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

    pub(crate) fn event_type(&self) -> &Trigger {
        &self.0.trigger
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
