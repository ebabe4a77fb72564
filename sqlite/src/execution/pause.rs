//! What of a run only waits, and until when.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The parts of a run that only wait.
#[derive(Debug, Default)]
pub(crate) struct Pauses(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    next: u64,
    pauses: HashMap<u64, Pause>,
}

/// One that waits.
#[derive(Clone, Debug)]
pub(crate) struct Pause {
    /// Until this time, if ever.
    pub(crate) due_ms: Option<i64>,
    /// For this event.
    pub(crate) event: Option<String>,
}

/// It waits until this is dropped.
pub(crate) struct Paused<'p> {
    pauses: &'p Pauses,
    number: u64,
}

impl Pauses {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn begin(&self, pause: Pause) -> Paused<'_> {
        let mut state = self.state();
        state.next += 1;
        let number = state.next;
        state.pauses.insert(number, pause);
        Paused { pauses: self, number }
    }

    /// All that wait, where there are so many.
    pub(crate) fn if_all(&self, under_way: usize) -> Option<Vec<Pause>> {
        let state = self.state();
        (state.pauses.len() == under_way).then(|| state.pauses.values().cloned().collect())
    }
}

impl Drop for Paused<'_> {
    fn drop(&mut self) {
        self.pauses.state().pauses.remove(&self.number);
    }
}
