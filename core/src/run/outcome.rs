//! What a run came to.

use super::failure::Failure;
use super::machine::{Parts, Progress};
use crate::checked::CheckedWorkflow;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::fmt;

/// What a run came to: whether it completed, and the output of every action that did.
#[derive(Debug)]
pub struct Outcome {
    workflow: CheckedWorkflow,
    parts: Parts,
}

/// Whether a run completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Every action completed or was skipped.
    Completed,
    /// An action failed.
    Failed,
}

/// How far an action came in its run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionStatus {
    /// It ran, and its output is there.
    Completed,
    /// No edge to it was taken.
    Skipped,
    /// It was called and failed, or its inputs were refused.
    Failed,
    /// Another action failed before its turn came.
    NotStarted,
}

/// A typed output that is not there, or is of another type.
#[derive(Debug)]
#[non_exhaustive]
pub enum OutputError {
    /// The workflow has no action of this id.
    UnknownAction(String),
    /// The action has no output: it was skipped, failed or never started.
    NoOutput(String, ActionStatus),
    /// The output is not of the type that was asked for.
    WrongType(String, serde_json::Error),
}

impl fmt::Display for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OutputError::UnknownAction(id) => write!(f, "the workflow has no action `{id}`"),
            OutputError::NoOutput(id, status) => write!(f, "action `{id}` has no output: it {status}"),
            OutputError::WrongType(id, error) => {
                write!(f, "the output of action `{id}` is of another type: {error}")
            }
        }
    }
}

impl std::error::Error for OutputError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            OutputError::WrongType(_, error) => Some(error),
            OutputError::UnknownAction(_) | OutputError::NoOutput(..) => None,
        }
    }
}

impl ActionStatus {
    fn slug(self) -> &'static str {
        match self {
            ActionStatus::Completed => "completed",
            ActionStatus::Skipped => "skipped",
            ActionStatus::Failed => "failed",
            ActionStatus::NotStarted => "not-started",
        }
    }
}

impl fmt::Display for ActionStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ActionStatus::Completed => "completed",
            ActionStatus::Skipped => "was skipped",
            ActionStatus::Failed => "failed",
            ActionStatus::NotStarted => "did not start",
        })
    }
}

impl Outcome {
    pub(crate) fn new(workflow: CheckedWorkflow, parts: Parts) -> Self {
        Outcome { workflow, parts }
    }

    /// Whether the run completed.
    pub fn status(&self) -> Status {
        if self.failure().is_some() { Status::Failed } else { Status::Completed }
    }

    /// Whether the run completed.
    pub fn is_completed(&self) -> bool {
        self.status() == Status::Completed
    }

    /// Why the run failed, where it did: the first failure.
    pub fn failure(&self) -> Option<&Failure> {
        self.parts.failures.first()
    }

    /// All failures, in the order they happened: actions that are in flight when another fails may fail too.
    pub fn failures(&self) -> &[Failure] {
        &self.parts.failures
    }

    /// How far an action came; `None` where the workflow has no action of this id.
    pub fn action(&self, id: &str) -> Option<ActionStatus> {
        self.position(id).map(|action| self.status_of(action))
    }

    /// The actions that started in the order they did, then the others, each with how far it came.
    pub fn actions(&self) -> impl Iterator<Item = (&str, ActionStatus)> {
        self.in_order().map(|action| (&*self.workflow.plan().actions[action].id, self.status_of(action)))
    }

    fn in_order(&self) -> impl Iterator<Item = usize> {
        let mut others = vec![true; self.parts.progress.len()];
        for &action in &self.parts.calls {
            others[action] = false;
        }
        let others = others.into_iter().enumerate().filter_map(|(action, other)| other.then_some(action));
        self.parts.calls.iter().copied().chain(others)
    }

    /// The outcome as JSON, for a server to answer with:
    /// `{ "status": "completed" | "failed", "state": { <id>: output }, "actions": [{ "id", "kind", "status" }],
    /// "failed"?: { "action", "kind", "attempt", "code", "message", "pointer"?, "ref"? }, "failures"?: [ … ] }`. An action's
    /// status is `completed`, `skipped`, `failed` or `not-started`. Where more than one failed, `failures` has all, as
    /// `failed` has the first.
    pub fn to_json(&self) -> Value {
        self.as_json(|_, output| output.clone())
    }

    /// The same as people may read it: with `"(secret)"` in place of what secret inputs of later actions were given.
    pub fn to_json_without_secrets(&self) -> Value {
        self.as_json(|id, output| {
            self.workflow.output_without_secrets(id, output).unwrap_or_else(|| output.clone())
        })
    }

    fn as_json(&self, shown: impl Fn(&str, &Value) -> Value) -> Value {
        let actions = self.in_order().map(|action| {
            let planned = &self.workflow.plan().actions[action];
            let kind = self.workflow.registry().kind_at(planned.kind);
            json!({ "id": planned.id, "kind": kind, "status": self.status_of(action).slug() })
        });
        let state: Map<String, Value> =
            self.outputs().map(|(id, output)| (id.to_owned(), shown(id, output))).collect();
        let mut json = json!({
            "status": if self.is_completed() { "completed" } else { "failed" },
            "state": state,
            "actions": actions.collect::<Vec<_>>(),
        });
        if let Some(failure) = self.failure() {
            json["failed"] = failure.to_json();
        }
        if self.failures().len() > 1 {
            json["failures"] = self.failures().iter().map(Failure::to_json).collect();
        }
        json
    }

    /// The outcome of a run of this workflow that [`Outcome::to_json`] gave, where it is one. Of the actions that failed,
    /// those count as called whose inputs were not refused.
    pub fn from_json(workflow: &CheckedWorkflow, json: &Value) -> Option<Self> {
        let plan = workflow.plan();
        let mut parts = Parts::nothing(plan.actions.len());
        let failures = json.get("failures").and_then(Value::as_array).map(Vec::as_slice);
        let failures = failures.or_else(|| json.get("failed").map(std::slice::from_ref)).unwrap_or_default();
        parts.failures = failures.iter().map(Failure::from_json).collect::<Option<_>>()?;
        for action in json.get("actions")?.as_array()? {
            let id = action.get("id")?.as_str()?;
            let position = plan.position(id)?;
            let progress = match action.get("status")?.as_str()? {
                "completed" => Progress::Completed,
                "skipped" => Progress::Skipped,
                "failed" => Progress::Failed,
                "not-started" => Progress::Waiting,
                _ => return None,
            };
            let failure = parts.failures.iter().find(|failure| failure.action_id() == id);
            let is_called = failure.is_none_or(Failure::is_of_call);
            if matches!(progress, Progress::Completed | Progress::Failed) && is_called {
                parts.calls.push(position);
            }
            parts.progress[position] = progress;
        }
        for (id, output) in json.get("state")?.as_object()? {
            parts.state.outputs[plan.position(id)?] = Some(output.clone());
        }
        Some(Outcome::new(workflow.clone(), parts))
    }

    fn position(&self, id: &str) -> Option<usize> {
        self.workflow.plan().position(id)
    }

    fn status_of(&self, action: usize) -> ActionStatus {
        match self.parts.progress[action] {
            Progress::Waiting | Progress::Started => ActionStatus::NotStarted,
            Progress::Held | Progress::Completed => ActionStatus::Completed,
            Progress::Skipped => ActionStatus::Skipped,
            Progress::Failed => ActionStatus::Failed,
        }
    }

    /// An action's output as JSON; `None` where there is none.
    pub fn value(&self, id: &str) -> Option<&Value> {
        self.parts.state.outputs[self.position(id)?].as_ref()
    }

    /// An action's output, typed.
    pub fn output<T: DeserializeOwned>(&self, id: &str) -> Result<T, OutputError> {
        let Some(action) = self.position(id) else { return Err(OutputError::UnknownAction(id.to_owned())) };
        match &self.parts.state.outputs[action] {
            Some(value) => {
                T::deserialize(value).map_err(|error| OutputError::WrongType(id.to_owned(), error))
            }
            None => Err(OutputError::NoOutput(id.to_owned(), self.status_of(action))),
        }
    }

    /// The outputs of the actions that completed, in document order.
    pub fn outputs(&self) -> impl Iterator<Item = (&str, &Value)> {
        let outputs = self.workflow.plan().actions.iter().zip(&self.parts.state.outputs);
        outputs.filter_map(|(action, output)| Some((&*action.id, output.as_ref()?)))
    }

    /// The ids of the actions that were called, in the order they started.
    pub fn calls(&self) -> impl Iterator<Item = &str> {
        self.parts.calls.iter().map(|&action| &*self.workflow.plan().actions[action].id)
    }
}

/// A line per action: those that started in the order they did, then the others.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for action in self.in_order() {
            let planned = &self.workflow.plan().actions[action];
            let status = self.status_of(action);
            let mark = match status {
                ActionStatus::Completed => '✓',
                ActionStatus::Skipped => '-',
                ActionStatus::Failed => '✗',
                ActionStatus::NotStarted => '·',
            };
            write!(f, "{mark} {} {}", planned.id, self.workflow.registry().kind_at(planned.kind))?;
            let failure = self.parts.failures.iter().find(|failure| failure.action_id() == &*planned.id);
            match (&self.parts.state.outputs[action], failure) {
                (Some(output), _) => writeln!(f, " → {output}")?,
                (None, Some(failure)) => writeln!(f, ": {}", failure.message())?,
                (None, None) => writeln!(f, " {status}")?,
            }
        }
        f.write_str(if self.is_completed() { "completed" } else { "failed" })
    }
}
