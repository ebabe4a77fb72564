//! Writing a document's text to its file: all of it or nothing.

use super::Source;
use std::fmt;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

impl Source {
    /// Writes the text to a file, in one step: whoever reads the file sees the old text or the new one, and where
    /// writing fails the file is as it was. Its permissions stay; of a symbolic link it is the file that it leads to
    /// that is written.
    ///
    /// Fails where the path is a directory, where the file is read-only, and where its folder cannot be written to.
    ///
    /// ```
    /// use flowright::Source;
    ///
    /// let path = std::env::temp_dir().join(format!("flowright-doc-{}.json", std::process::id()));
    /// Source::text("{ \"actions\": [], \"edges\": [] }").write_to(&path)?;
    /// assert_eq!(Source::file(&path)?.as_str(), "{ \"actions\": [], \"edges\": [] }");
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn write_to(&self, path: impl AsRef<Path>) -> Result<(), WriteError> {
        let path = path.as_ref();
        let failed = |error| WriteError { path: path.to_owned(), error };
        // The file itself, behind all links; a link to nothing is not replaced either.
        let (target, before) = match fs::canonicalize(path) {
            Ok(target) => {
                let metadata = fs::metadata(&target).map_err(failed)?;
                (target, Some(metadata))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound && fs::symlink_metadata(path).is_err() => {
                (path.to_owned(), None)
            }
            Err(error) => return Err(failed(error)),
        };
        match &before {
            Some(metadata) if metadata.is_dir() => return Err(failed(io::ErrorKind::IsADirectory.into())),
            Some(metadata) if metadata.permissions().readonly() => {
                return Err(failed(io::ErrorKind::PermissionDenied.into()));
            }
            _ => {}
        }
        let (beside, file) = create_beside(&target).map_err(failed)?;
        let written = fill(file, self.as_str(), before.as_ref()).and_then(|()| fs::rename(&beside, &target));
        written.map_err(|error| {
            // What is wrong is said; that a leftover stays would say nothing more.
            let _ = fs::remove_file(&beside);
            failed(error)
        })
    }
}

/// A new file in the folder of another: only there a file can take the other's place in one step.
fn create_beside(target: &Path) -> io::Result<(PathBuf, File)> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let beside = target.with_file_name(format!(".flowright-{}-{number}.tmp", std::process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&beside) {
            Ok(file) => return Ok((beside, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}

fn fill(mut file: File, text: &str, before: Option<&Metadata>) -> io::Result<()> {
    file.write_all(text.as_bytes())?;
    if let Some(before) = before {
        keep_owner(&file, before);
        file.set_permissions(before.permissions())?;
    }
    file.sync_all()
}

/// As far as the operating system lets it: who may write a file may not always give one away.
#[cfg(unix)]
fn keep_owner(file: &File, before: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let _ = fchown(file, Some(before.uid()), Some(before.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}

/// Why a file could not be written. It is as it was.
#[derive(Debug)]
pub struct WriteError {
    path: PathBuf,
    error: io::Error,
}

impl WriteError {
    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot write `{}`: {}", self.path.display(), self.error)
    }
}

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of its own, gone when dropped.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("flowright-write-{}-{name}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Folder(path)
        }

        fn names(&self) -> Vec<String> {
            let entries = fs::read_dir(&self.0).unwrap();
            let mut names: Vec<_> =
                entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_file_is_written_and_nothing_is_left_beside_it() {
        let folder = Folder::new("plain");
        let path = folder.0.join("a.json");
        Source::text("one").write_to(&path).unwrap();
        Source::text("two").write_to(&path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(folder.names(), ["a.json"]);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = Folder::new("links");
        let (path, link) = (folder.0.join("a.json"), folder.0.join("link.json"));
        fs::write(&path, "one").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("a.json", &link).unwrap();
        Source::text("two").write_to(&link).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);

        let dangling = folder.0.join("dangling.json");
        symlink("nothing.json", &dangling).unwrap();
        assert!(Source::text("two").write_to(&dangling).is_err());
        assert_eq!(folder.names(), ["a.json", "dangling.json", "link.json"]);
    }

    #[test]
    fn what_cannot_be_written_stays_as_it_was_and_says_why() {
        let folder = Folder::new("refused");
        let path = folder.0.join("a.json");
        fs::write(&path, "one").unwrap();
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).unwrap();
        let error = Source::text("two").write_to(&path).unwrap_err();
        assert!(error.to_string().starts_with(&format!("cannot write `{}`: ", path.display())), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");

        let error = Source::text("two").write_to(&folder.0).unwrap_err();
        assert!(error.to_string().contains("directory"), "{error}");
        assert!(Source::text("two").write_to(folder.0.join("none/a.json")).is_err());
        assert!(Source::text("two").write_to(path.join("b.json")).is_err());
        assert_eq!(folder.names(), ["a.json"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_in_a_folder_that_takes_none_stays_as_it_was() {
        use std::os::unix::fs::PermissionsExt;
        let folder = Folder::new("closed");
        let path = folder.0.join("a.json");
        fs::write(&path, "one").unwrap();
        fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o555)).unwrap();
        // Whom permissions do not hold, the file is written for.
        let is_held = File::create(folder.0.join("probe")).is_err();
        let written = Source::text("two").write_to(&path);
        fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(written.is_err(), is_held);
        assert_eq!(fs::read_to_string(&path).unwrap(), if is_held { "one" } else { "two" });
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_cannot_be_replaced_is_refused() {
        let error = Source::text("two").write_to("/proc/self/comm").unwrap_err();
        assert!(error.to_string().starts_with("cannot write `/proc/self/comm`: "), "{error}");
    }
}
