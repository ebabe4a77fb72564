//! How often an action is tried, how long it may take, and how many of its calls run at once.

use backon::{BackoffBuilder, ExponentialBuilder};
use std::time::Duration;

/// How an action is tried: how often, how long, and how many at once. What it does not say, a policy further out says.
///
/// An action's own comes from its attribute: `#[engine_action(retries = 3, timeout = "30s", max_concurrency = 8)]`.
/// [`EngineBuilder::policy`](crate::EngineBuilder::policy) goes before it for one kind, and
/// [`EngineBuilder::default_policy`](crate::EngineBuilder::default_policy) fills in what neither says. Where nobody says
/// anything, an action is tried once, for as long as it takes.
///
/// ```
/// use flowright::Policy;
/// use std::time::Duration;
///
/// let policy = Policy::new().retries(5).timeout(Duration::from_secs(30));
/// # assert_eq!(policy, policy.clone());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    retries: Option<u32>,
    backoff: Option<(Duration, Duration)>,
    timeout: Option<Duration>,
    max_concurrency: Option<usize>,
}

/// The first pause between two attempts, and the longest.
const BACKOFF: (Duration, Duration) = (Duration::from_secs(1), Duration::from_mins(5));

impl Policy {
    /// A policy that says nothing.
    #[must_use]
    pub fn new() -> Self {
        Policy::default()
    }

    /// How often the action is tried again after a retryable failure.
    #[must_use]
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = Some(retries);
        self
    }

    /// How long the first pause between two attempts is, and how long they get: each is twice as long as the one before,
    /// and up to as much again at random, so that what failed together is not tried together. A second and five minutes
    /// where nobody says otherwise.
    #[must_use]
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.backoff = Some((first, longest));
        self
    }

    /// How long one attempt may take; then it is stopped and has failed retryably. A synchronous function cannot be
    /// stopped.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How many calls of the action may be under way at once, in all runs of one engine; others wait. Synchronous
    /// functions are not counted.
    #[must_use]
    pub fn max_concurrency(mut self, calls: usize) -> Self {
        self.max_concurrency = Some(calls.max(1));
        self
    }

    /// This policy, and what it does not say as `further` says it.
    pub(crate) fn or(&self, further: &Policy) -> Policy {
        Policy {
            retries: self.retries.or(further.retries),
            backoff: self.backoff.or(further.backoff),
            timeout: self.timeout.or(further.timeout),
            max_concurrency: self.max_concurrency.or(further.max_concurrency),
        }
    }

    pub(crate) fn attempt_timeout(&self) -> Option<Duration> {
        self.timeout
    }

    pub(crate) fn calls_at_once(&self) -> Option<usize> {
        self.max_concurrency
    }

    /// How long to wait before the attempt that follows this one; `None` where there is none.
    pub(crate) fn pause_after(&self, attempt: u32) -> Option<Duration> {
        if attempt > self.retries.unwrap_or(0) {
            return None;
        }
        let (first, longest) = self.backoff.unwrap_or(BACKOFF);
        let pauses = ExponentialBuilder::new()
            .with_min_delay(first)
            .with_max_delay(longest)
            .with_factor(2.0)
            .without_max_times()
            .with_jitter()
            .build();
        pauses.into_iter().nth(usize::try_from(attempt.min(64)).unwrap_or(64).saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_with_as_much_again_at_random() {
        let second = Duration::from_secs(1);
        let policy = Policy::new().retries(1000).backoff(second, 8 * second);
        for (attempt, least) in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 8), (1000, 8)] {
            let pause = policy.pause_after(attempt).unwrap();
            assert!((least * second..=2 * least * second).contains(&pause), "{attempt}: {pause:?}");
        }
    }

    #[test]
    fn after_the_last_attempt_there_is_no_pause() {
        assert_eq!(Policy::new().pause_after(1), None);
        let policy = Policy::new().retries(2);
        assert!(policy.pause_after(2).is_some());
        assert_eq!(policy.pause_after(3), None);
    }

    #[test]
    fn what_a_policy_does_not_say_one_further_out_says() {
        let own = Policy::new().retries(1);
        let further = Policy::new().retries(9).timeout(Duration::from_secs(1)).max_concurrency(0);
        assert_eq!(own.or(&further), own.clone().timeout(Duration::from_secs(1)).max_concurrency(1));
    }
}
