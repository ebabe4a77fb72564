//! What those are told who look on while runs go on.

use super::failure::Failure;
use super::outcome::Status;
use std::time::Duration;

/// Is told what happens in the runs of an engine, as it happens: for progress bars, counters, and logs of one's own. Given
/// by [`EngineBuilder::observer`](crate::EngineBuilder::observer).
///
/// It is called where the run goes on, so it should be quick, and hand on what takes time. No inputs and no outputs are
/// told, so that no secret is.
///
/// ```
/// use flowright::prelude::*;
/// use flowright::{Happened, RunProgress};
/// use std::sync::{Arc, Mutex};
///
/// /// Say hello
/// #[engine_action]
/// fn greet(name: String) -> String {
///     format!("Hello, {name}!")
/// }
///
/// # futures_util::future::FutureExt::now_or_never(async {
/// let registry = Registry::builder().actions(actions![greet]).build()?;
/// let workflow = registry.check(r#"{
///     "actions": [{ "id": "1", "kind": "greet", "inputs": { "name": "Ada" } }],
///     "edges": [{ "from": "$source", "to": "1" }]
/// }"#)?;
/// let seen = Arc::new(Mutex::new(Vec::new()));
/// let kept = Arc::clone(&seen);
/// let observer = move |progress: &RunProgress<'_>| {
///     if let Happened::Completed { action, .. } = progress.happened {
///         kept.lock().unwrap().push(format!("{}: {}/{}", action.id, progress.settled, progress.actions));
///     }
/// };
/// let engine = Engine::builder(registry).observer(observer).build()?;
/// engine.run(&workflow, Event::new("user.created", serde_json::json!(null))).await?;
/// assert_eq!(*seen.lock().unwrap(), ["1: 1/1"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).ok_or("pending")??;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait RunObserver: Send + Sync + 'static {
    /// Something happened in a run.
    fn observe(&self, progress: &RunProgress<'_>);
}

impl<F: Fn(&RunProgress<'_>) + Send + Sync + 'static> RunObserver for F {
    fn observe(&self, progress: &RunProgress<'_>) {
        self(progress);
    }
}

/// What happened in a run, and how far it is.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct RunProgress<'p> {
    /// What identifies the run.
    pub run: &'p str,
    /// The name of its workflow, where it has one.
    pub workflow: Option<&'p str>,
    /// How many actions the workflow has.
    pub actions: usize,
    /// How many of them completed, failed or were skipped.
    pub settled: usize,
    /// What happened.
    pub happened: Happened<'p>,
}

/// What happened in a run.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Happened<'p> {
    /// The run began, or goes on where it was left.
    Began,
    /// An attempt at an action began.
    Started {
        /// Which.
        action: ObservedAction<'p>,
    },
    /// An action completed.
    Completed {
        /// Which.
        action: ObservedAction<'p>,
        /// Whether it had completed before the run was left, and was only looked up.
        recorded: bool,
    },
    /// An attempt failed, and another one follows.
    Again {
        /// Which.
        action: ObservedAction<'p>,
        /// Why.
        failure: &'p Failure,
        /// How long until the next.
        pause: Duration,
    },
    /// An action failed, and is not tried again.
    Failed {
        /// Which.
        action: ObservedAction<'p>,
        /// Why.
        failure: &'p Failure,
    },
    /// No edge to an action was taken.
    Skipped {
        /// Which; its attempt is 0.
        action: ObservedAction<'p>,
    },
    /// The run is left for now, by a runtime that can go on with it later: it only waits, its worker stops, or another
    /// one has it.
    Left,
    /// The run ended.
    Ended(Status),
}

/// The action to which something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ObservedAction<'p> {
    /// Its id in the document.
    pub id: &'p str,
    /// Its kind.
    pub kind: &'p str,
    /// Which attempt at it; the first is 1.
    pub attempt: u32,
}
