//! The file.

use crate::client::Client;
use crate::error::JournalError;
use crate::schema;
use crate::wal;
use crate::writer::Writer;
use flowright::Registry;
use rusqlite::Connection;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

/// A file that keeps runs. Cheap to clone; several processes of one machine may have it open.
#[derive(Clone)]
pub struct Journal(Arc<Inner>);

struct Inner {
    writer: Writer,
    reader: Mutex<Connection>,
    changed: Notify,
}

impl Journal {
    /// Opens a journal. Where there is no such file, one is made; one of an older version is brought to this one. Refused
    /// where the write-ahead log beside it is damaged, and commits would be lost by it.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, JournalError> {
        Self::open_with_boundaries(path, || {})
    }

    /// The same, calling `boundary` before and after each commit: a place to crash at, for tests.
    #[doc(hidden)]
    pub fn open_with_boundaries(
        path: impl AsRef<Path>,
        boundary: impl Fn() + Send + 'static,
    ) -> Result<Self, JournalError> {
        wal::check(path.as_ref())?;
        let mut connection = Connection::open(&path)?;
        schema::prepare(&mut connection)?;
        let reader = Connection::open(&path)?;
        reader.busy_timeout(std::time::Duration::from_secs(5))?;
        reader.pragma_update(None, "query_only", true)?;
        let writer =
            Writer::spawn(connection, boundary).map_err(|error| JournalError::Thread(Arc::new(error)))?;
        Ok(Journal(Arc::new(Inner { writer, reader: Mutex::new(reader), changed: Notify::new() })))
    }

    /// Lets the file have no more than so many pages, as a full disk would; no fewer than it has now. For tests.
    #[doc(hidden)]
    pub async fn limit_pages(&self, pages: u32) -> Result<(), JournalError> {
        let limited = self.writer().write(move |connection| {
            Ok(connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?)
        });
        limited.await
    }

    /// What submits runs of this registry's workflows, and looks at all runs.
    pub fn client(&self, registry: &Registry) -> Client {
        Client::new(self, registry)
    }

    pub(crate) fn writer(&self) -> &Writer {
        &self.0.writer
    }

    /// Rings when this process has changed what others may wait for.
    pub(crate) fn changed(&self) -> &Notify {
        &self.0.changed
    }

    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        read(&self.0.reader.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Journal").finish_non_exhaustive()
    }
}
