//! Runs in memory, by a clock that stands still until it is known that a run waits for it.

use crate::draft::block_on;
use flowright::testing::ManualClock;
use flowright::{CheckedWorkflow, Engine, EngineBuilder, Event, EventSender, Outcome, Registry};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, UNIX_EPOCH};
use tokio::time::timeout;

/// What ends as soon as it is started comes back in the order of the document.
pub(crate) const IN_ORDER: bool = true;

/// How many bytes a run may have, where the runtime bounds that.
pub(crate) const LARGEST: Option<usize> = None;

/// A while. Here it is over as soon as nothing else can happen.
pub(crate) const MOMENT: Duration = Duration::from_secs(1);

/// How many moments a run may take.
const PATIENCE: u32 = 1_000;

thread_local! {
    /// The clock of a test.
    static CLOCK: ManualClock = ManualClock::at(UNIX_EPOCH);
}

/// An engine by whose clock runs that [begin](begin) go on.
pub(crate) fn engine(registry: Registry) -> EngineBuilder {
    Engine::builder(registry).clock(CLOCK.with(Clone::clone))
}

#[track_caller]
pub(crate) fn run(engine: &Engine, workflow: &CheckedWorkflow, event: Event) -> Outcome {
    // Only what hangs takes so long.
    let outcome = block_on(async { timeout(Duration::from_mins(1), engine.run(workflow, event)).await });
    outcome.expect("it ends").unwrap_or_else(|error| panic!("the run did not begin: {error}"))
}

/// Why the event starts no run of the workflow.
#[track_caller]
pub(crate) fn turned_away(engine: &Engine, workflow: &CheckedWorkflow, event: Event) -> String {
    match engine.begin(workflow, event) {
        Ok(run) => panic!("the event is admitted to {run:?}"),
        Err(refused) => refused.to_string(),
    }
}

/// A run under way.
pub(crate) struct Live {
    id: String,
    events: EventSender,
    run: Pin<Box<dyn Future<Output = Outcome>>>,
    outcome: Option<Outcome>,
}

#[track_caller]
pub(crate) fn begin(engine: &Engine, workflow: &CheckedWorkflow, event: Event) -> Live {
    let run = engine.begin(workflow, event).unwrap_or_else(|error| panic!("the run did not begin: {error}"));
    Live { id: run.id().to_owned(), events: run.events(), run: Box::pin(run.outcome()), outcome: None }
}

impl Live {
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn send(&self, event: &str, data: serde_json::Value) -> Result<(), String> {
        self.events.send(event, data).map_err(|refused| refused.to_string())
    }

    /// The run goes on until this is so.
    #[track_caller]
    pub(crate) fn until(&mut self, is_so: impl Fn() -> bool) {
        self.go_on(|_| is_so());
    }

    /// What the run comes to.
    #[track_caller]
    pub(crate) fn outcome(mut self) -> Outcome {
        self.go_on(|run| run.outcome.is_some());
        self.outcome.expect("it has ended")
    }

    #[track_caller]
    fn go_on(&mut self, is_enough: impl Fn(&Self) -> bool) {
        for _ in 0..PATIENCE {
            if self.outcome.is_none()
                && let Poll::Ready(outcome) = self.run.as_mut().poll(&mut Context::from_waker(Waker::noop()))
            {
                self.outcome = Some(outcome);
            }
            if is_enough(self) {
                return;
            }
            CLOCK.with(|clock| clock.advance(MOMENT));
        }
        panic!("the run `{}` never came to that: {:?}", self.id, self.outcome);
    }
}
