//! Why a run does not begin.

use crate::action::ActionError;
use crate::diagnostic::Report;
use std::fmt;

/// Why a run did not begin. A run that begins and fails is an [`Outcome`](crate::Outcome).
#[derive(Debug)]
#[non_exhaustive]
pub enum RunError {
    /// The workflow was checked against a registry whose actions this engine does not have.
    OtherRegistry,
    /// The event is not one that the workflow was checked for.
    Event(EventRefused),
    /// [`Engine::handle`](crate::Engine::handle) was called on an engine without a loader.
    NoLoader,
    /// The loader failed.
    Load(ActionError),
    /// The loader has no workflow for this event.
    NoWorkflow(Option<String>),
    /// The workflow that the loader gave is wrong.
    Check(Box<Report>),
}

/// An event that is not of the type its workflow was checked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRefused {
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl EventRefused {
    /// The rule that is broken: `wrong-type`, `out-of-range`, `limit`, ….
    pub fn code(&self) -> &'static str {
        self.code
    }
}

impl fmt::Display for EventRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EventRefused {}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunError::OtherRegistry => f.write_str(
                "the workflow was checked against another registry; check it against the engine's own: `engine.registry()`",
            ),
            RunError::Event(refused) => write!(f, "the event is refused: {refused}"),
            RunError::NoLoader => f.write_str("the engine has no loader; give it one with `.loader(…)`"),
            RunError::Load(error) => write!(f, "the workflow could not be loaded: {error}"),
            RunError::NoWorkflow(Some(event)) => write!(f, "there is no workflow for the event `{event}`"),
            RunError::NoWorkflow(None) => f.write_str("there is no workflow for an event without a name"),
            RunError::Check(report) => report.fmt(f),
        }
    }
}

impl std::error::Error for RunError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            RunError::Event(refused) => Some(refused),
            RunError::Load(error) => error.source().map(|source| source as _),
            RunError::Check(report) => Some(report),
            RunError::OtherRegistry | RunError::NoLoader | RunError::NoWorkflow(_) => None,
        }
    }
}
