//! Where a document's text comes from.

mod write;

pub use write::WriteError;

use crate::workflow::Workflow;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A larger file is not read at all, whatever the limits of a registry are.
const LARGEST_FILE: u64 = 100 * 1000 * 1000;

/// The text of a document, and where it comes from. Cheap to clone.
///
/// ```
/// use flowright::Source;
///
/// let source = Source::named("welcome.json", r#"{ "actions": [], "edges": [] }"#);
/// assert_eq!(source.name(), Some("welcome.json"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    text: Arc<str>,
    name: Option<Arc<str>>,
    comments: bool,
}

impl Source {
    /// Text without a name.
    pub fn text(text: &str) -> Self {
        Source { text: text.into(), name: None, comments: false }
    }

    /// Text with a name, usually that of a file, which reports show. A name that ends in `.jsonc` allows comments.
    pub fn named(name: &str, text: &str) -> Self {
        Source { text: text.into(), name: Some(name.into()), comments: is_jsonc(Path::new(name)) }
    }

    /// The text of a file. The extension `.jsonc` allows comments in it.
    ///
    /// Fails where the file cannot be read, is a directory, is larger than 100 MB or is not UTF-8.
    pub fn file(path: impl AsRef<Path>) -> Result<Self, SourceError> {
        let path = path.as_ref();
        let unreadable = |error| SourceError::Unreadable { path: path.to_owned(), error };
        let file = File::open(path).map_err(unreadable)?;
        let metadata = file.metadata().map_err(unreadable)?;
        if metadata.is_dir() {
            return Err(SourceError::Directory { path: path.to_owned() });
        }
        if metadata.len() > LARGEST_FILE {
            return Err(SourceError::TooLarge { path: path.to_owned() });
        }
        let mut bytes = Vec::new();
        // What is no plain file states no length, or a wrong one.
        file.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() as u64 > LARGEST_FILE {
            return Err(SourceError::TooLarge { path: path.to_owned() });
        }
        let text = String::from_utf8(bytes).map_err(|error| SourceError::NotUtf8 {
            path: path.to_owned(),
            offset: error.utf8_error().valid_up_to(),
        })?;
        let name = path.to_string_lossy();
        Ok(Source { text: text.into(), name: Some(name.into()), comments: is_jsonc(path) })
    }

    /// The same under another name.
    pub(crate) fn with_name(self, name: &str) -> Self {
        Source { name: Some(name.into()), ..self }
    }

    /// Another text from the same place.
    pub(crate) fn with_text(&self, text: &str) -> Self {
        Source { text: text.into(), ..self.clone() }
    }

    /// The text, as it was read.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The file's name, or what else the text was said to come from.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Whether comments are allowed in the text.
    pub fn allows_comments(&self) -> bool {
        self.comments
    }
}

fn is_jsonc(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("jsonc"))
}

impl From<&str> for Source {
    fn from(text: &str) -> Self {
        Source::text(text)
    }
}

impl From<String> for Source {
    fn from(text: String) -> Self {
        Source { text: text.into(), name: None, comments: false }
    }
}

impl From<&String> for Source {
    fn from(text: &String) -> Self {
        Source::text(text)
    }
}

impl From<&Source> for Source {
    fn from(source: &Source) -> Self {
        source.clone()
    }
}

impl From<Workflow> for Source {
    fn from(workflow: Workflow) -> Self {
        workflow.source().clone()
    }
}

impl From<&Workflow> for Source {
    fn from(workflow: &Workflow) -> Self {
        workflow.source().clone()
    }
}

/// Why a file could not be read as a [`Source`].
#[derive(Debug)]
#[non_exhaustive]
pub enum SourceError {
    /// The file could not be opened or read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        error: io::Error,
    },
    /// The path is a directory.
    Directory {
        /// The directory.
        path: PathBuf,
    },
    /// The file is larger than 100 MB.
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// The file is not UTF-8.
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// How many bytes at the file's begin are UTF-8.
        offset: usize,
    },
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SourceError::Unreadable { path, error } => {
                write!(f, "cannot read `{}`: {error}", path.display())
            }
            SourceError::Directory { path } => {
                write!(f, "`{}` is a directory: name a file in it", path.display())
            }
            SourceError::TooLarge { path } => {
                write!(f, "`{}` is larger than 100 MB, which no document is", path.display())
            }
            SourceError::NotUtf8 { path, offset } => {
                write!(f, "`{}` is not UTF-8: byte {offset} begins no character", path.display())
            }
        }
    }
}

impl std::error::Error for SourceError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            SourceError::Unreadable { error, .. } => Some(error),
            SourceError::Directory { .. } | SourceError::TooLarge { .. } | SourceError::NotUtf8 { .. } => {
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    /// A file of its own in the folder for temporary files, gone when dropped.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str, bytes: &[u8]) -> Self {
            let path = std::env::temp_dir().join(format!("flowright-{}-{name}", std::process::id()));
            std::fs::write(&path, bytes).unwrap();
            Scratch(path)
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }

    #[test]
    fn a_file_is_read_as_it_stands_and_keeps_its_name() {
        let file = Scratch::new("a.JSONC", "\u{feff}{ // é\r\n}".as_bytes());
        let source = Source::file(&file.0).unwrap();
        assert_eq!(source.as_str(), "\u{feff}{ // é\r\n}");
        assert_eq!(source.name(), file.0.to_str());
        assert!(source.allows_comments());
        assert!(!Source::named("a.json", "").allows_comments());
        assert!(!Source::text("// x").allows_comments());
    }

    #[test]
    fn what_is_no_text_file_is_refused_with_the_reason() {
        let missing = std::env::temp_dir().join("flowright-no-such-file.json");
        let error = Source::file(&missing).unwrap_err();
        assert!(matches!(&error, SourceError::Unreadable { path, .. } if *path == missing));
        assert!(std::error::Error::source(&error).is_some());

        let error = Source::file(std::env::temp_dir()).unwrap_err();
        assert!(matches!(error, SourceError::Directory { .. }), "{error}");

        let file = Scratch::new("latin.json", b"{ \"n\xe9\": 1 }");
        let error = Source::file(&file.0).unwrap_err();
        assert!(matches!(error, SourceError::NotUtf8 { offset: 4, .. }), "{error}");
        assert!(error.to_string().ends_with("is not UTF-8: byte 4 begins no character"));
    }

    #[test]
    fn a_huge_file_is_refused_before_it_is_read() {
        let file = Scratch::new("huge.json", b"");
        File::options().write(true).open(&file.0).unwrap().set_len(LARGEST_FILE + 1).unwrap();
        let error = Source::file(&file.0).unwrap_err();
        assert!(matches!(error, SourceError::TooLarge { .. }), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_without_end_is_not_read_to_it() {
        let error = Source::file("/dev/zero").unwrap_err();
        assert!(matches!(error, SourceError::TooLarge { .. }), "{error}");
    }
}
