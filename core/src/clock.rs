//! What time it is.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

/// Tells the actions of an engine what time it is, by [`ActionContext::now`](crate::ActionContext::now).
///
/// An engine has the system's clock unless [`EngineBuilder::clock`](crate::EngineBuilder::clock) gives it another, such
/// as the [`ManualClock`](crate::testing::ManualClock) of a test.
pub trait Clock: Send + Sync + 'static {
    /// What time it is now.
    fn now(&self) -> SystemTime;
}

/// The clock of an engine, as its runs share it.
#[derive(Clone)]
pub(crate) struct SharedClock(Arc<dyn Clock>);

impl SharedClock {
    pub(crate) fn new(clock: impl Clock) -> Self {
        SharedClock(Arc::new(clock))
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.0.now()
    }
}

impl Default for SharedClock {
    fn default() -> Self {
        SharedClock::new(SystemClock)
    }
}

impl fmt::Debug for SharedClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now()).finish()
    }
}

struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}
