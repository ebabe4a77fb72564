//! What runs the actions of one run, as the loop sees it.

use super::attempt::{Attempt, Ended, Started};
use super::errand::HandedOver;
use super::failure::Failure;
use serde_json::Value;
use std::time::{Duration, SystemTime};

/// What runs the actions of one run: in memory, in a journal, in a cluster.
///
/// The loop that drives it starts all actions that are ready, in the order of the document, and then asks for what comes
/// next. A runtime that replays what it recorded gives it back in the order in which it was recorded.
pub trait Runtime<'run> {
    /// Why the run cannot go on here.
    type Error;

    /// Keeps which of the edges from `$source` that have a condition are taken, by their positions in the document, and
    /// gives back what was kept of the run before. It never blocks, and is called once, before anything else; not where no
    /// edge from `$source` has a condition.
    fn begin(&mut self, taken: Box<[usize]>) -> Box<[usize]> {
        taken
    }

    /// Whether the loop may call actions itself and go on from what they come to, of which the runtime hears nothing then: nothing
    /// is known that comes before it, and nothing has to be kept.
    #[doc(hidden)]
    fn goes_on_at_once(&self) -> bool {
        false
    }

    /// Begins an attempt at an action. It never blocks.
    fn start(&mut self, start: Start<'_, 'run>);

    /// Keeps what an attempt came to: gives it back where it is kept at once, and else comes [`next`](Runtime::next) with it
    /// when it is. It never blocks.
    fn keep(&mut self, action: usize, kept: Kept) -> Option<Kept>;

    /// The run has failed, and nothing further starts in it: what was to be tried again after a pause comes next at once.
    fn hurry(&mut self);

    /// What comes next; `None` where nothing is under way.
    fn next(&mut self) -> impl Future<Output = Result<Option<Next>, Self::Error>> + Send;
}

/// What comes next in a run.
pub enum Next {
    /// An attempt at an action ended. It is for the loop to say what came of it.
    Ended(usize, Ended),
    /// What an attempt came to is kept. Where another one follows, its time has come.
    Kept(usize, Kept),
    /// The action was started, and this had been recorded of it. Where another attempt follows, its time has come.
    Recorded(usize, Kept),
    /// The run did not end within the time that it had.
    Expired(Duration),
}

/// What came of an attempt.
#[derive(Debug)]
pub enum Kept {
    /// The action completed.
    Completed {
        /// What it came to.
        output: Value,
        /// Which of the edges from it that have a condition are taken, by their positions in the document; `None` where
        /// none has a condition, or where that was not recorded.
        taken: Option<Box<[usize]>>,
    },
    /// The action failed, and is not tried again.
    Failed(Box<Failure>),
    /// This attempt failed, and another one follows after a pause.
    Again {
        /// Which attempt failed; the first is 1.
        attempt: u32,
        /// Why.
        failure: Box<Failure>,
        /// How long until the next.
        pause: Duration,
    },
}

/// An attempt that is about to begin.
pub struct Start<'s, 'run>(pub(super) Attempt<'s, 'run>);

impl<'run> Start<'_, 'run> {
    /// The action's position in the document.
    pub fn action(&self) -> usize {
        self.0.action
    }

    /// The action's id in the document.
    pub fn id(&self) -> &'run str {
        self.0.id()
    }

    /// The action's kind.
    pub fn kind(&self) -> &'run str {
        self.0.kind()
    }

    /// Which attempt it is; the first is 1.
    pub fn attempt(&self) -> u32 {
        self.0.number
    }

    /// The same as a later attempt, where earlier ones were recorded.
    #[must_use]
    pub fn as_attempt(self, attempt: u32) -> Self {
        Start(Attempt { number: attempt, ..self.0 })
    }

    /// How long it may take from its start, as the policy of its kind says; `None` where that is not bounded, and where it
    /// waits for its turn before.
    pub fn timeout(&self) -> Option<Duration> {
        self.0.timeout()
    }

    /// The same as one that has to have ended by then, where it is bounded: an earlier start of it settled that.
    #[must_use]
    pub fn until(self, deadline: SystemTime) -> Self {
        Start(Attempt { deadline: Some(deadline), ..self.0 })
    }

    /// What another process has to do of it, with all refs in its inputs filled in; or how it ended without that: a
    /// condition is evaluated here, and inputs that were left to run time are held against their types here.
    pub fn hand_over(self) -> HandedOver {
        self.0.hand_over()
    }

    /// Begins it: the inputs are filled in and held against their types, and the action's function is called.
    pub fn begin(self) -> Started<'run> {
        self.0.begin()
    }
}
