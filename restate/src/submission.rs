//! What is submitted.

use flowright::{CheckedWorkflow, Engine, Event, Report};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is submitted: a run's document, the event that it was checked for, and the event that starts it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Submission {
    pub(crate) document: String,
    pub(crate) trigger: Option<String>,
    pub(crate) event: Value,
}

impl Submission {
    pub(crate) fn new(workflow: &CheckedWorkflow, event: Event) -> Self {
        Submission {
            document: workflow.workflow().to_string(),
            trigger: workflow.trigger().map(str::to_owned),
            event: event.into_value(),
        }
    }

    /// The document, checked against this engine's actions.
    pub(crate) fn checked(&self, engine: &Engine) -> Result<CheckedWorkflow, Report> {
        let document = self.document.as_str();
        match &self.trigger {
            Some(event) => engine.registry().check_for(event, document),
            None => engine.registry().check(document),
        }
    }
}
