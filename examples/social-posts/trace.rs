//! What a run did, for people to read.

use flowright::{ActionDefinition, ActionStatus, CheckedWorkflow, Event, Outcome, WorkflowAction};
use serde_json::{Map, Value};
use std::fmt;

/// How much of a value is shown in one line.
const WIDTH: usize = 96;

/// Every action in the order they started, with its inputs and what came out; then the state that is left.
pub(crate) struct Trace<'run> {
    pub(crate) workflow: &'run CheckedWorkflow,
    pub(crate) event: &'run Event,
    pub(crate) outcome: &'run Outcome,
}

impl fmt::Display for Trace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let document = self.workflow.workflow();
        let event = self.event.name().unwrap_or("an event without a name");
        writeln!(f, "{}, started by {event}\n", document.name().unwrap_or("A workflow"))?;

        let started: Vec<&str> = self.outcome.calls().collect();
        let position = |action: &&WorkflowAction| started.iter().position(|id| *id == action.id());
        let mut actions: Vec<&WorkflowAction> = document.actions().iter().collect();
        actions.sort_by_key(|action| position(action).unwrap_or(usize::MAX));
        for action in actions {
            self.action(action, f)?;
        }

        let state: Map<String, Value> =
            self.outcome.outputs().map(|(id, output)| (id.to_owned(), output.clone())).collect();
        writeln!(f, "$.state = {:#}\n", Value::Object(state))?;
        match self.outcome.failure() {
            None => write!(f, "completed"),
            Some(failure) => write!(f, "failed: {failure}"),
        }
    }
}

impl Trace<'_> {
    fn action(&self, action: &WorkflowAction, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.outcome.action(action.id()).unwrap_or(ActionStatus::NotStarted);
        let mark = match status {
            ActionStatus::Completed => '✓',
            ActionStatus::Skipped => '-',
            ActionStatus::Failed => '✗',
            ActionStatus::NotStarted => '·',
        };
        write!(f, "{mark} {} {}", action.id(), action.kind())?;
        match action.name() {
            Some(name) => writeln!(f, " ({name})")?,
            None => writeln!(f)?,
        }
        if matches!(status, ActionStatus::Completed | ActionStatus::Failed)
            && let Some(definition) = self.workflow.registry().definition(action.kind())
        {
            inputs(action, definition, f)?;
        }
        match self.outcome.value(action.id()) {
            Some(output) => writeln!(f, "    → {}\n", shortened(output)),
            None => writeln!(f, "    {status}\n"),
        }
    }
}

/// The inputs as the document has them, and the defaults of those it leaves out.
fn inputs(action: &WorkflowAction, definition: &ActionDefinition, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for input in definition.inputs() {
        let written = action.inputs().find(|(name, _)| *name == input.name());
        match (written, input.default()) {
            (Some((name, value)), _) => writeln!(f, "    {name} = {}", shortened(value))?,
            (None, Some(default)) => writeln!(f, "    {} = {} by default", input.name(), shortened(default))?,
            (None, None) => {}
        }
    }
    Ok(())
}

/// The value in one line.
fn shortened(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
