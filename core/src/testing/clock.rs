//! A clock that stands still until it is set.

use crate::action::BoxFuture;
use crate::clock::Clock;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::{Duration, SystemTime};

/// A clock that stands still until a test sets it: what sleeps until some time goes on when the clock shows it. Clones
/// show the same time.
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
pub struct ManualClock(Arc<Mutex<Shown>>);

#[derive(Debug)]
struct Shown {
    time: SystemTime,
    /// What sleeps, and until when.
    sleeping: Vec<(SystemTime, Waker)>,
}

impl ManualClock {
    /// A clock that shows this time.
    pub fn at(time: SystemTime) -> Self {
        ManualClock(Arc::new(Mutex::new(Shown { time, sleeping: Vec::new() })))
    }

    /// Shows this time from now on; it may be an earlier one.
    pub fn set(&self, time: SystemTime) {
        let mut shown = self.shown();
        shown.time = time;
        let due = shown.sleeping.extract_if(.., |(until, _)| *until <= time);
        let due: Vec<Waker> = due.map(|(_, waker)| waker).collect();
        drop(shown);
        due.into_iter().for_each(Waker::wake);
    }

    /// Goes forward.
    ///
    /// # Panics
    ///
    /// Where the system knows no time that late.
    pub fn advance(&self, by: Duration) {
        self.set(self.now() + by);
    }

    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for ManualClock {
    fn now(&self) -> SystemTime {
        self.shown().time
    }

    fn until(&self, time: SystemTime) -> BoxFuture<'static, ()> {
        let clock = self.clone();
        Box::pin(poll_fn(move |context| {
            let mut shown = clock.shown();
            if time <= shown.time {
                return Poll::Ready(());
            }
            let waker = context.waker();
            if !shown.sleeping.iter().any(|(until, known)| *until == time && known.will_wake(waker)) {
                shown.sleeping.push((time, waker.clone()));
            }
            Poll::Pending
        }))
    }
}
