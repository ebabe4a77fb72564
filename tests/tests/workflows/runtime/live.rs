//! A run under way that is kept somewhere.

use super::Place;
use flowright::{CheckedWorkflow, Engine, EngineBuilder, Event, Outcome, Registry};
use serde_json::Value;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// A while: so long that it is seen, and so short that it may be waited for.
pub(crate) const MOMENT: Duration = Duration::from_millis(40);

/// How long anything may take: only what hangs takes it.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// What becomes of a run.
#[derive(Debug)]
pub(crate) enum End {
    /// It completed or failed.
    Ended(Outcome),
    Cancelled,
    /// It cannot go on, and this is why.
    Parked(Value),
}

/// An id that no other run has.
pub(crate) fn new_id() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("run-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// An engine by whose clock runs that [begin](begin) go on.
pub(crate) fn engine(registry: Registry) -> EngineBuilder {
    Engine::builder(registry)
}

#[track_caller]
pub(crate) fn run(engine: &Engine, workflow: &CheckedWorkflow, event: Event) -> Outcome {
    begin(engine, workflow, event).outcome()
}

/// Why the event starts no run of the workflow.
#[track_caller]
pub(crate) fn turned_away(engine: &Engine, workflow: &CheckedWorkflow, event: Event) -> String {
    let id = new_id();
    match Place::of(engine).submit(&id, workflow, event) {
        Ok(_) => panic!("the event is admitted to `{id}`"),
        Err(refused) => refused,
    }
}

impl Place {
    pub(crate) fn send(&self, id: &str, event: &str, data: Value) -> Result<(), String> {
        self.runtime.block_on(self.client.send(id, event, data)).map_err(|error| error.to_string())
    }

    pub(crate) fn cancel(&self, id: &str) -> Result<bool, String> {
        self.runtime.block_on(self.client.cancel(id)).map_err(|error| error.to_string())
    }

    /// Waits until something is so.
    #[track_caller]
    pub(crate) fn until(&self, is_so: impl Fn() -> bool) {
        let until = async {
            while !is_so() {
                sleep(Duration::from_millis(2)).await;
            }
        };
        self.runtime.block_on(async { timeout(PATIENCE, until).await }).expect("it never came to that");
    }
}

/// A run under way.
pub(crate) struct Live {
    place: Place,
    id: String,
    workflow: CheckedWorkflow,
}

#[track_caller]
pub(crate) fn begin(engine: &Engine, workflow: &CheckedWorkflow, event: Event) -> Live {
    let (place, id) = (Place::of(engine), new_id());
    let is_new = place.submit(&id, workflow, event).unwrap_or_else(|error| panic!("it is refused: {error}"));
    assert!(is_new, "there is a run `{id}` already");
    Live { place, id, workflow: workflow.clone() }
}

impl Live {
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn send(&self, event: &str, data: Value) -> Result<(), String> {
        self.place.send(&self.id, event, data)
    }

    /// The run goes on until this is so.
    #[track_caller]
    pub(crate) fn until(&mut self, is_so: impl Fn() -> bool) {
        self.place.until(is_so);
    }

    /// What the run comes to.
    #[track_caller]
    pub(crate) fn outcome(self) -> Outcome {
        match self.place.end(&self.id, &self.workflow) {
            End::Ended(outcome) => outcome,
            end => panic!("the run `{}` did not end: {end:?}", self.id),
        }
    }
}
