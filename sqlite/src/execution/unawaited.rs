//! Entries that nobody waits for: what follows from them is written after them.

use crate::error::JournalError;
use crate::file::writer::Writer;
use crate::history::entry::{Claimed, Entry};
use rusqlite::Connection;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot::{Receiver, error::TryRecvError};

/// The entries of a run that nobody waits for.
#[derive(Debug, Default)]
pub(crate) struct Unawaited(Mutex<Vec<Unheard>>);

/// An entry of which it was not heard yet that it is written.
#[derive(Debug)]
struct Unheard {
    entry: Entry,
    written: Written,
}

#[derive(Debug)]
enum Written {
    /// It is written now, or was.
    Perhaps(Receiver<Result<(), JournalError>>),
    /// The file did not take it.
    No,
}

impl Unawaited {
    fn all(&self) -> MutexGuard<'_, Vec<Unheard>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands an entry over to be written.
    pub(crate) fn enter(&self, writer: &Writer, claimed: Claimed, entry: Entry) {
        let own = entry.clone();
        let written = Written::Perhaps(writer.begin(move |connection| own.write(connection, claimed)));
        self.all().push(Unheard { entry, written });
    }

    /// Writes, before what follows from them, the entries that the file did not take when they were handed over.
    pub(crate) fn catch_up(&self, connection: &Connection, claimed: Claimed) -> Result<(), JournalError> {
        let mut all = self.all();
        all.retain_mut(|unheard| {
            let Written::Perhaps(written) = &mut unheard.written else { return true };
            match written.try_recv() {
                // It is in this transaction.
                Err(TryRecvError::Empty) => true,
                Ok(Ok(())) => false,
                Ok(Err(_)) | Err(TryRecvError::Closed) => {
                    unheard.written = Written::No;
                    true
                }
            }
        });
        for unheard in all.iter().filter(|unheard| matches!(unheard.written, Written::No)) {
            if !unheard.entry.is_in(connection, claimed)? {
                unheard.entry.write(connection, claimed)?;
            }
        }
        Ok(())
    }
}
