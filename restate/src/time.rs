//! Times that the cluster can count.

use std::time::Duration;

/// A thousand years: the cluster counts milliseconds since 1970, and adds a duration to the time that it is.
const LONGEST: Duration = Duration::from_hours(24 * 365 * 1_000);

/// The duration, or the longest that the cluster can count.
pub(crate) fn counted(duration: Duration) -> Duration {
    duration.min(LONGEST)
}
