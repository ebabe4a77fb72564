//! A clock that stands still until it is set.

use crate::clock::Clock;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

/// A clock that stands still until a test sets it. Clones show the same time.
///
/// ```
/// use flowright::testing::ManualClock;
/// use flowright::{Clock, Engine, Registry};
/// use std::time::{Duration, UNIX_EPOCH};
///
/// let clock = ManualClock::at(UNIX_EPOCH);
/// let engine = Engine::builder(Registry::builder().build()?).clock(clock.clone()).build()?;
/// clock.advance(Duration::from_secs(60));
/// assert_eq!(clock.now(), UNIX_EPOCH + Duration::from_secs(60));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<Mutex<SystemTime>>);

impl ManualClock {
    /// A clock that shows this time.
    pub fn at(time: SystemTime) -> Self {
        ManualClock(Arc::new(Mutex::new(time)))
    }

    /// Shows this time from now on; it may be an earlier one.
    pub fn set(&self, time: SystemTime) {
        *self.shown() = time;
    }

    /// Goes forward.
    ///
    /// # Panics
    ///
    /// Where the system knows no time that late.
    pub fn advance(&self, by: Duration) {
        *self.shown() += by;
    }

    fn shown(&self) -> MutexGuard<'_, SystemTime> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for ManualClock {
    fn now(&self) -> SystemTime {
        *self.shown()
    }
}
