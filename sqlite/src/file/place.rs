//! Where the file of a journal stands, and whether it still does.

use crate::error::JournalError;
use std::path::{Path, PathBuf};

/// Where a file stood when it was opened, and which one it was.
#[derive(Debug)]
pub(crate) struct Place {
    path: PathBuf,
    /// Nothing where files are not told apart.
    file: Option<Identity>,
}

/// The device and the number of a file on it.
type Identity = (u64, u64);

impl Place {
    /// That of a file which is there.
    pub(crate) fn of(path: &Path) -> Self {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let file = identity(&path).ok();
        Place { path, file }
    }

    /// Fails where another file stands there by now, or none.
    pub(crate) fn check(&self) -> Result<(), JournalError> {
        let Some(file) = self.file else { return Ok(()) };
        let is_moved = match identity(&self.path) {
            Ok(found) => found != file,
            // What cannot be looked at for now may still be there.
            Err(error) => error.kind() == std::io::ErrorKind::NotFound,
        };
        if is_moved { Err(JournalError::Moved(self.path.clone())) } else { Ok(()) }
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> std::io::Result<Identity> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).map(|file| (file.dev(), file.ino()))
}

#[cfg(not(unix))]
fn identity(_: &Path) -> std::io::Result<Identity> {
    Err(std::io::ErrorKind::Unsupported.into())
}
