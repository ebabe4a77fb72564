//! What time it is, and when a time has come.

use crate::action::BoxFuture;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Tells the actions of an engine what time it is, by [`ActionContext::now`](crate::ActionContext::now), and when what
/// they wait for is due.
///
/// An engine has the system's clock unless [`EngineBuilder::clock`](crate::EngineBuilder::clock) gives it another, such
/// as the [`ManualClock`](crate::testing::ManualClock) of a test.
pub trait Clock: Send + Sync + 'static {
    /// What time it is now.
    fn now(&self) -> SystemTime;

    /// Ends when this clock shows `time`, or a later one. Unless a clock says otherwise, it goes as fast as the
    /// system's.
    fn until(&self, time: SystemTime) -> BoxFuture<'static, ()> {
        let rest = time.duration_since(self.now()).unwrap_or_default();
        Box::pin(async move { elapsed(rest).await })
    }
}

/// Ends after so long. Timers take no more than this at a time.
async fn elapsed(mut rest: Duration) {
    const AT_ONCE: Duration = Duration::from_hours(24);
    while !rest.is_zero() {
        let now = rest.min(AT_ONCE);
        futures_timer::Delay::new(now).await;
        rest -= now;
    }
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

    pub(crate) fn until(&self, time: SystemTime) -> BoxFuture<'static, ()> {
        self.0.until(time)
    }

    /// Ends so long from now; never, where the clock knows no time that late.
    pub(crate) fn after(&self, duration: Duration) -> BoxFuture<'static, ()> {
        match self.now().checked_add(duration) {
            Some(time) => self.until(time),
            None => Box::pin(std::future::pending()),
        }
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
