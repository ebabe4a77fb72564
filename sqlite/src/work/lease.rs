//! Until when a worker has its runs.

use crate::error::JournalError;
use crate::file::journal::Journal;
use crate::time::to_ms;
use crate::work::beat::Beat;
use crate::work::caught;
use flowright::Engine;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use tokio::sync::oneshot::Receiver;

/// A name that no other worker has.
fn name() -> String {
    format!("{}-{:016x}", std::process::id(), RandomState::new().hash_one(std::time::SystemTime::now()))
}

/// Until when a worker has its runs, as it knows. It is renewed by a thread of its own, which no action can hold up: each
/// time, the worker's row counts one beat more, and as long as others see it count they leave the runs alone.
pub(crate) struct Lease(Arc<Held>);

/// What the thread has of it as well.
struct Held {
    name: String,
    engine: Engine,
    duration: Duration,
    state: Mutex<State>,
    /// Rings when it is over.
    given_up: Condvar,
}

enum State {
    /// The worker's row is not written yet.
    New,
    /// The latest renewal that was committed began then.
    Renewed(Instant),
    /// The file is another one by now, or gone.
    Moved,
    /// The worker has stopped.
    Over,
}

impl Lease {
    /// A lease that is renewed for as long as somebody has it.
    pub(crate) fn hold(journal: &Journal, engine: Engine, duration: Duration) -> std::io::Result<Arc<Self>> {
        let (state, given_up) = (Mutex::new(State::New), Condvar::new());
        let held = Arc::new(Held { name: name(), engine, duration, state, given_up });
        let lease = Arc::new(Lease(Arc::clone(&held)));
        let journal = journal.clone();
        thread::Builder::new().name("flowright-lease".to_owned()).spawn(move || renew(&held, &journal))?;
        Ok(lease)
    }

    /// What the worker is called in the file.
    pub(crate) fn name(&self) -> &str {
        &self.0.name
    }

    /// How long other workers leave the runs alone without a beat.
    pub(crate) fn duration(&self) -> Duration {
        self.0.duration
    }

    /// Whether no other worker can have taken the runs meanwhile.
    pub(crate) fn is_held(&self) -> bool {
        matches!(*self.0.state(), State::Renewed(begun) if begun.elapsed() < self.0.duration)
    }

    /// Is not renewed any more, by no write that comes after one that is handed over now.
    pub(crate) fn give_up(&self) {
        *self.0.state() = State::Over;
        self.0.given_up.notify_all();
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.give_up();
    }
}

impl Held {
    fn is_over(&self) -> bool {
        matches!(*self.state(), State::Over)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits so long, or until it is over.
    fn is_over_within(&self, pause: Duration) -> bool {
        let is_on = |state: &mut State| !matches!(state, State::Over);
        let waited = self.given_up.wait_timeout_while(self.state(), pause, is_on);
        !is_on(&mut waited.unwrap_or_else(PoisonError::into_inner).0)
    }

    /// No more runs are taken, until the file is there again.
    fn moved(&self, error: &JournalError) {
        let mut state = self.state();
        if matches!(*state, State::New | State::Renewed(_)) {
            tracing::error!(%error, "the worker takes no more runs");
            *state = State::Moved;
        }
    }

    fn renewed(&self, begun: Instant) {
        let mut state = self.state();
        if !matches!(*state, State::Over) {
            *state = State::Renewed(begun);
        }
    }
}

fn renew(held: &Arc<Held>, journal: &Journal) {
    let mut beats: i64 = 0;
    loop {
        beats += 1;
        let (own, begun) = (Arc::clone(held), Instant::now());
        let now_ms = journal.check_place().and_then(|()| caught::at_once(|| Ok(to_ms(held.engine.now()))));
        let renewed = now_ms.map(|at_ms| {
            journal.writer().begin(move |connection| {
                if own.is_over() {
                    return Ok(());
                }
                let lease_ms = i64::try_from(own.duration.as_millis()).unwrap_or(i64::MAX);
                Beat { name: own.name.clone(), beats, at_ms, lease_ms }.write(connection)
            })
        });
        match renewed.map(Receiver::blocking_recv) {
            Ok(Ok(Ok(()))) => held.renewed(begun),
            Err(error @ JournalError::Moved(_)) => held.moved(&error),
            Ok(Ok(Err(error))) | Err(error) => {
                tracing::warn!(%error, "the lease of the worker cannot be renewed");
            }
            Ok(Err(_)) => return,
        }
        // The first beat is what the worker waits for.
        if beats == 1 && !held.is_over() {
            journal.changed().notify_waiters();
        }
        if held.is_over_within(held.duration / 4) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flowright::testing::ManualClock;
    use flowright::{Clock, Registry};
    use rusqlite::Connection;

    /// Waits until something is so.
    fn until(is_so: impl Fn() -> bool) {
        let begun = Instant::now();
        while !is_so() {
            assert!(begun.elapsed() < Duration::from_secs(20), "it never came to that");
            thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn a_lease_is_held_while_it_is_renewed_whatever_the_clock_shows() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("runs.db");
        let journal = Journal::open(&file).unwrap();
        let other = Connection::open(&file).unwrap();
        other.execute_batch("begin immediate").unwrap();
        let clock = ManualClock::at(std::time::SystemTime::now());
        let registry = Registry::builder().build().unwrap();
        let engine = Engine::builder(registry).clock(clock.clone()).build().unwrap();
        let lease = Lease::hold(&journal, engine, Duration::from_millis(200)).unwrap();
        thread::sleep(Duration::from_millis(50));
        assert!(!lease.is_held());
        other.execute_batch("rollback").unwrap();
        until(|| lease.is_held());
        clock.advance(Duration::from_hours(1));
        assert!(lease.is_held());
        thread::sleep(Duration::from_millis(400));
        assert!(lease.is_held());

        other.busy_timeout(Duration::from_secs(5)).unwrap();
        other.execute_batch("begin immediate").unwrap();
        clock.advance(Duration::from_hours(1));
        clock.set(clock.now() - Duration::from_hours(3));
        until(|| !lease.is_held());
        other.execute_batch("rollback").unwrap();
        until(|| lease.is_held());
        lease.give_up();
        thread::sleep(Duration::from_millis(100));
        assert!(!lease.is_held());
    }
}
