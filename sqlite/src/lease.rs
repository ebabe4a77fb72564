//! Until when a worker has its runs.

use crate::entry::Claimed;
use crate::journal::Journal;
use crate::time::{after, to_ms};
use flowright::Engine;
use std::collections::HashSet;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::Duration;

/// Until when a worker has its runs, as it knows. It is renewed by a thread of its own, which no action can hold up.
pub(crate) struct Lease {
    engine: Engine,
    duration: Duration,
    until_ms: AtomicI64,
    runs: Mutex<HashSet<Claimed>>,
}

impl Lease {
    /// A lease that is renewed for as long as somebody has it.
    pub(crate) fn hold(journal: &Journal, engine: Engine, duration: Duration) -> std::io::Result<Arc<Self>> {
        let until_ms = AtomicI64::new(after(engine.now(), duration));
        let lease = Arc::new(Lease { engine, duration, until_ms, runs: Mutex::default() });
        let (held, journal) = (Arc::downgrade(&lease), journal.clone());
        thread::Builder::new().name("flowright-lease".to_owned()).spawn(move || renew(&held, &journal))?;
        Ok(lease)
    }

    /// Whether no other worker can have taken the runs meanwhile.
    pub(crate) fn is_held(&self) -> bool {
        to_ms(self.engine.now()) <= self.until_ms.load(Ordering::Relaxed)
    }

    pub(crate) fn duration(&self) -> Duration {
        self.duration
    }

    pub(crate) fn add(&self, run: Claimed) {
        self.runs().insert(run);
    }

    pub(crate) fn remove(&self, run: Claimed) {
        self.runs().remove(&run);
    }

    fn runs(&self) -> MutexGuard<'_, HashSet<Claimed>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn renew(held: &Weak<Lease>, journal: &Journal) {
    while let Some(lease) = held.upgrade() {
        let runs: Vec<Claimed> = lease.runs().iter().copied().collect();
        let engine = lease.engine.clone();
        let duration = lease.duration;
        let renewed = journal.writer().begin(move |connection| {
            let until_ms = after(engine.now(), duration);
            let mut update = connection.prepare_cached(
                "update run set lease_ms = ?3 where number = ?1 and claim = ?2 and worker is not null",
            )?;
            for Claimed { run, claim } in runs {
                update.execute((run, claim, until_ms))?;
            }
            Ok(until_ms)
        });
        match renewed.blocking_recv() {
            Ok(Ok(until_ms)) => lease.until_ms.store(until_ms, Ordering::Relaxed),
            Ok(Err(error)) => tracing::warn!(%error, "the lease of the worker cannot be renewed"),
            Err(_) => return,
        }
        let pause = lease.duration / 4;
        drop(lease);
        thread::sleep(pause);
    }
}
