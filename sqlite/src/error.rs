//! Why a journal cannot be read or written.

use rusqlite::ErrorCode;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// Why a journal cannot be read or written, or refuses what is asked of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum JournalError {
    /// SQLite says so.
    Sqlite(Arc<rusqlite::Error>),
    /// The file was written by a newer program.
    Newer {
        /// The version of the file.
        version: usize,
        /// The latest version that is known here.
        known: usize,
    },
    /// There is no run of this id.
    NoRun(String),
    /// There is a run of this id already, of another document or another event.
    OtherRun(String),
    /// The run has ended, and takes no more events.
    Ended(String),
    /// The event is refused: the registry does not know it, or its data is of another type.
    Event(String),
    /// What is written in the file cannot be read.
    Damaged(String),
    /// The journal's secrets cannot be read or kept.
    Key(String),
    /// What was committed to the write-ahead log beside the file, and not yet moved into it, would be lost, as the log is
    /// damaged or the file is gone.
    DamagedLog(String),
    /// No file stands at this path any more, or another one: it was moved, removed or replaced while the journal was open.
    /// It is told where the system tells files apart, which is on Unix.
    Moved(PathBuf),
    /// The run's id cannot be one.
    Id(String),
    /// Another worker took the run over, as the lease of this one had ended.
    Lost,
    /// The thread that writes cannot be started.
    Thread(Arc<std::io::Error>),
    /// Something panicked meanwhile, such as a [`Clock`](flowright::Clock); with what it said.
    Panicked(String),
    /// The thread that writes has ended.
    Closed,
}

impl JournalError {
    /// Whether the same may succeed later: the file is locked, or its disk is full.
    pub fn is_passing(&self) -> bool {
        let JournalError::Sqlite(error) = self else { return false };
        matches!(
            error.sqlite_error_code(),
            Some(
                ErrorCode::DatabaseBusy
                    | ErrorCode::DatabaseLocked
                    | ErrorCode::DiskFull
                    | ErrorCode::SystemIoFailure
                    | ErrorCode::CannotOpen
                    | ErrorCode::ReadOnly
                    | ErrorCode::OutOfMemory
                    | ErrorCode::FileLockingProtocolFailed
            )
        )
    }
}

impl JournalError {
    /// Whether the file is not as it was written.
    pub(crate) fn is_damage(&self) -> bool {
        match self {
            JournalError::Damaged(_) | JournalError::DamagedLog(_) => true,
            JournalError::Sqlite(error) => {
                matches!(
                    error.sqlite_error_code(),
                    Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
                )
            }
            _ => false,
        }
    }
}

const RESTORE: &str = "restore the file and what stands beside it from a copy";

/// What can be done about it.
fn advice(error: &rusqlite::Error) -> Option<&'static str> {
    use ErrorCode::{DatabaseBusy, DatabaseCorrupt, DatabaseLocked, DiskFull, NotADatabase};
    match error.sqlite_error_code()? {
        DatabaseBusy | DatabaseLocked => Some("another program has it locked; try again when it has ended"),
        DiskFull => Some("make room on the disk, and try again"),
        DatabaseCorrupt | NotADatabase => Some(RESTORE),
        _ => None,
    }
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JournalError::Sqlite(error) => {
                write!(f, "the journal cannot be used: {error}")?;
                advice(error).map_or(Ok(()), |advice| write!(f, ": {advice}"))
            }
            JournalError::Newer { version, known } => write!(
                f,
                "the journal is of version {version}, and this program knows no later one than {known}: use a newer program"
            ),
            JournalError::NoRun(id) => write!(f, "there is no run `{id}`"),
            JournalError::OtherRun(id) => {
                write!(
                    f,
                    "there is a run `{id}` already, of another document or event: give this one another id"
                )
            }
            JournalError::Ended(id) => write!(f, "the run `{id}` has ended, and takes no more events"),
            JournalError::Event(message) => f.write_str(message),
            JournalError::Damaged(what) => write!(f, "the journal is damaged: {what}: {RESTORE}"),
            JournalError::Key(why) => write!(f, "the secrets of the journal cannot be used: {why}"),
            JournalError::DamagedLog(what) => write!(
                f,
                "the journal is damaged: {what}: restore the file and its `-wal` from a copy, or move the `-wal` aside to \
                 go on without what it had"
            ),
            JournalError::Moved(path) => write!(
                f,
                "the file `{}` of the journal was moved, removed or replaced while it was open: open it anew",
                path.display()
            ),
            JournalError::Id(id) => write!(
                f,
                "`{}` cannot be the id of a run: write 1 to 128 characters, none of them `/` or a control character",
                id.escape_debug()
            ),
            JournalError::Lost => f.write_str("another worker took the run over"),
            JournalError::Thread(error) => write!(f, "no thread can be started for the journal: {error}"),
            JournalError::Panicked(message) => write!(f, "something panicked: {message}"),
            JournalError::Closed => f.write_str("the journal is closed"),
        }
    }
}

impl std::error::Error for JournalError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            JournalError::Sqlite(error) => Some(error),
            JournalError::Thread(error) => Some(error),
            _ => None,
        }
    }
}

impl From<rusqlite::Error> for JournalError {
    fn from(error: rusqlite::Error) -> Self {
        JournalError::Sqlite(Arc::new(error))
    }
}
