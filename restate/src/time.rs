//! Times that the cluster can count.

use std::future::pending;
use std::time::{Duration, SystemTime};
use tokio::sync::watch;
use tokio::time::timeout;

/// A thousand years: the cluster counts milliseconds since 1970, and adds a duration to the time that it is.
const LONGEST: Duration = Duration::from_hours(24 * 365 * 1_000);

/// The duration, or the longest that the cluster can count.
pub(crate) fn counted(duration: Duration) -> Duration {
    duration.min(LONGEST)
}

/// The time that an attempt has. While it pauses, the cluster says when that is over.
pub(crate) struct AttemptTime {
    limit: Option<Duration>,
    count: watch::Sender<Count>,
}

#[derive(Clone, Copy)]
struct Count {
    /// When it is over, once it has begun.
    over_at: Option<SystemTime>,
    phase: Phase,
}

#[derive(Clone, Copy)]
pub(crate) enum Phase {
    Works,
    Pauses,
    Over,
}

impl AttemptTime {
    pub(crate) fn new(limit: Option<Duration>) -> Self {
        let count = Count { over_at: None, phase: Phase::Works };
        AttemptTime { limit: limit.map(counted), count: watch::Sender::new(count) }
    }

    /// Ends when the time is over, which begins now unless it began earlier.
    pub(crate) async fn over(&self) {
        let Some(limit) = self.limit else { return pending().await };
        self.count.send_modify(|count| {
            count.over_at.get_or_insert_with(|| SystemTime::now() + limit);
        });
        let mut count = self.count.subscribe();
        loop {
            let Count { over_at, phase } = *count.borrow_and_update();
            let left = match phase {
                Phase::Works => left_until(over_at).unwrap_or(LONGEST),
                Phase::Pauses => LONGEST,
                Phase::Over => return,
            };
            if timeout(left, count.changed()).await.is_err() {
                return;
            }
        }
    }

    pub(crate) fn has_limit(&self) -> bool {
        self.limit.is_some()
    }

    pub(crate) fn enter(&self, phase: Phase) {
        self.count.send_modify(|count| count.phase = phase);
    }

    /// When it is over, where it has begun.
    pub(crate) fn over_at(&self) -> Option<SystemTime> {
        self.count.borrow().over_at
    }

    /// It began earlier, and is over then.
    pub(crate) fn resume(&self, over_at: Option<SystemTime>) {
        self.count.send_modify(|count| count.over_at = over_at.or(count.over_at));
    }

    /// How much is left of it, where it has begun.
    pub(crate) fn left(&self) -> Option<Duration> {
        left_until(self.over_at())
    }
}

fn left_until(time: Option<SystemTime>) -> Option<Duration> {
    time.map(|time| time.duration_since(SystemTime::now()).unwrap_or_default())
}
