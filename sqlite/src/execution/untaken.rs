//! The events of a run that no wait has taken.

use crate::error::JournalError;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many events of each name no wait has taken and none is about to, as far as that was looked up: of many that wait,
/// as many write as there are events to take.
#[derive(Debug, Default)]
pub(crate) struct Untaken(Mutex<HashMap<String, u64>>);

impl Untaken {
    fn left(&self) -> MutexGuard<'_, HashMap<String, u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// There may be others by now.
    pub(crate) fn forget(&self) {
        self.left().clear();
    }

    /// Whether there is one for whoever asks, and for nobody else then. They are counted where that is not known; where
    /// they cannot be, whoever tries to take one learns why.
    pub(crate) fn claim(&self, event: &str, count: impl FnOnce() -> Result<u64, JournalError>) -> bool {
        let mut all = self.left();
        let left = match all.get(event) {
            Some(left) => Some(*left),
            None => count().ok(),
        };
        let Some(left) = left else { return true };
        all.insert(event.to_owned(), left.saturating_sub(1));
        left > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_have_one_as_there_are_and_they_are_counted_once() {
        let untaken = Untaken::default();
        assert!(untaken.claim("a", || Ok(2)));
        assert!(untaken.claim("a", || panic!("it is known")));
        assert!(!untaken.claim("a", || panic!("it is known")));
        assert!(!untaken.claim("b", || Ok(0)));
        untaken.forget();
        assert!(untaken.claim("a", || Ok(1)));
        assert!(!untaken.claim("a", || Ok(1)));
        assert!(untaken.claim("b", || Err(JournalError::Closed)));
    }
}
