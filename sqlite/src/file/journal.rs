//! The file.

use crate::client::Client;
use crate::error::JournalError;
use crate::file::altered;
use crate::file::place::Place;
use crate::file::schema;
use crate::file::soundness;
use crate::file::vault::Vault;
use crate::file::wal;
use crate::file::writer::Writer;
use flowright::{Key, Registry};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

/// A file that keeps runs. Cheap to clone; several processes of one machine may have it open.
#[derive(Clone)]
pub struct Journal(Arc<Inner>);

struct Inner {
    path: PathBuf,
    place: Place,
    vault: Arc<Vault>,
    writer: Writer,
    reader: Mutex<Connection>,
    changed: Notify,
}

impl Journal {
    /// Opens a journal. Where there is no such file, one is made; one of an older version is brought to this one. Refused
    /// where the write-ahead log beside it is damaged, and commits would be lost by it.
    ///
    /// What secret inputs are given is sealed by the key in a file beside it, `<file>.key`, which is made when there is
    /// something to seal and which only its owner may read. Whoever has both files can read the secrets.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, JournalError> {
        Self::open_with_boundaries(path, || {})
    }

    /// The same, where the program keeps the key itself, and no key file is made.
    pub fn open_with_key(path: impl AsRef<Path>, key: Key) -> Result<Self, JournalError> {
        Self::open_by(path, Vault::of(key), || {})
    }

    /// The same without a key: to look at runs, with `"(secret)"` in place of secrets. A worker parks the runs that have
    /// some, and such runs cannot be submitted.
    pub fn open_without_key(path: impl AsRef<Path>) -> Result<Self, JournalError> {
        Self::open_by(path, Vault::closed(), || {})
    }

    /// The same, calling `boundary` before and after each commit: a place to crash at, for tests.
    #[doc(hidden)]
    pub fn open_with_boundaries(
        path: impl AsRef<Path>,
        boundary: impl Fn() + Send + 'static,
    ) -> Result<Self, JournalError> {
        let vault = Vault::beside(path.as_ref());
        Self::open_by(path, vault, boundary)
    }

    fn open_by(
        path: impl AsRef<Path>,
        vault: Vault,
        boundary: impl Fn() + Send + 'static,
    ) -> Result<Self, JournalError> {
        wal::check(path.as_ref())?;
        let mut connection = Connection::open(&path)?;
        schema::prepare(&mut connection)?;
        schema::check(&connection)?;
        let reader = Connection::open(&path)?;
        reader.busy_timeout(std::time::Duration::from_secs(5))?;
        reader.pragma_update(None, "query_only", true)?;
        let writer =
            Writer::spawn(connection, boundary).map_err(|error| JournalError::Thread(Arc::new(error)))?;
        Ok(Journal(Arc::new(Inner {
            path: path.as_ref().to_owned(),
            place: Place::of(path.as_ref()),
            vault: Arc::new(vault),
            writer,
            reader: Mutex::new(reader),
            changed: Notify::new(),
        })))
    }

    /// Lets the file have no more than so many pages, as a full disk would; no fewer than it has now. For tests.
    #[doc(hidden)]
    pub async fn limit_pages(&self, pages: u32) -> Result<(), JournalError> {
        let limited = self.writer().write(move |connection| {
            Ok(connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?)
        });
        limited.await
    }

    /// Alters the file by these statements as somebody could who knows its sums. For tests.
    #[doc(hidden)]
    pub async fn alter(&self, sql: &str) -> Result<(), JournalError> {
        let sql = sql.to_owned();
        self.writer().write(move |connection| altered::alter(connection, &sql)).await
    }

    /// What submits runs of this registry's workflows, and looks at all runs.
    pub fn client(&self, registry: &Registry) -> Client {
        Client::new(self, registry)
    }

    /// What is wrong with the file, a line each; nothing where all of it is as it was written. Reads all of it: its pages
    /// and indices, and every row, which carries a sum of itself.
    pub fn faults(&self) -> Result<Vec<String>, JournalError> {
        soundness::of_runs(&self.0.path, self.vault())
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0.path
    }

    /// Fails where the file was moved, removed or replaced: what is written would be lost.
    pub(crate) fn check_place(&self) -> Result<(), JournalError> {
        self.0.place.check()
    }

    pub(crate) fn vault(&self) -> &Arc<Vault> {
        &self.0.vault
    }

    /// Makes sure that secrets can be sealed and opened.
    pub(crate) async fn unlock(&self) -> Result<(), JournalError> {
        let vault = Arc::clone(self.vault());
        self.writer().write(move |connection| vault.unlock(connection)).await
    }

    pub(crate) fn writer(&self) -> &Writer {
        &self.0.writer
    }

    /// Rings when this process has changed what others may wait for.
    pub(crate) fn changed(&self) -> &Notify {
        &self.0.changed
    }

    /// Reads all of it as it is at one moment.
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        let reader = self.0.reader.lock().unwrap_or_else(PoisonError::into_inner);
        read(&*reader.unchecked_transaction()?)
    }
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Journal").finish_non_exhaustive()
    }
}
