//! How much time processors have spent on this process, whoever else has them in between.

use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// What all threads of this process have taken until now.
fn spent() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).expect("time is not negative")
}

/// What this work takes.
pub(crate) fn time(work: impl FnOnce()) -> Duration {
    let before = spent();
    work();
    spent().saturating_sub(before)
}
