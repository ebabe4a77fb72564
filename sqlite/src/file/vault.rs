//! What is secret is kept sealed, by a key that is not in the journal.

use crate::error::JournalError;
use chacha20poly1305::aead::{Aead, Generate, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use flowright::Key;
use rusqlite::{Connection, OptionalExtension};
use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many bytes of what is sealed are the nonce.
const NONCE: usize = 24;

/// What the seal of the journal is the seal of.
const ABOUT_JOURNAL: &str = "journal";

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.as_bytes().into())
}

/// Seals and opens.
pub(crate) struct Vault {
    keeps: Keeps,
    /// The key, once it is known.
    key: Mutex<Option<Key>>,
}

/// Where the key is.
enum Keeps {
    /// The program gave it.
    Given,
    /// In this file.
    File(PathBuf),
    /// It is not to be had.
    Nowhere,
}

impl Vault {
    /// One whose key the program gives.
    pub(crate) fn of(key: Key) -> Self {
        Vault { keeps: Keeps::Given, key: Mutex::new(Some(key)) }
    }

    /// One whose key is in a file beside the journal, made when the first secret is sealed.
    pub(crate) fn beside(journal: &Path) -> Self {
        let mut file = journal.as_os_str().to_owned();
        file.push(".key");
        Vault { keeps: Keeps::File(file.into()), key: Mutex::default() }
    }

    /// One that stays closed.
    pub(crate) fn closed() -> Self {
        Vault { keeps: Keeps::Nowhere, key: Mutex::default() }
    }

    /// Makes sure that there is a key, and that it is the one of this journal: where nothing was sealed yet, one is made.
    pub(crate) fn unlock(&self, connection: &Connection) -> Result<(), JournalError> {
        let seal: Option<Vec<u8>> =
            connection.query_row("select sealed from seal", [], |row| row.get(0)).optional()?;
        if let Some(seal) = seal {
            return self.open(ABOUT_JOURNAL, &seal).map(|_| ());
        }
        if let Keeps::File(file) = &self.keeps
            && self.key().is_err()
        {
            make(file)?;
        }
        let seal = self.seal(ABOUT_JOURNAL, b"")?;
        connection.execute("insert into seal (number, sealed) values (1, ?1)", [seal])?;
        Ok(())
    }

    /// Seals a text about something: it opens only as one about the same.
    pub(crate) fn seal(&self, about: &str, plain: &[u8]) -> Result<Vec<u8>, JournalError> {
        let failed = |_| JournalError::Key("nothing can be sealed here".to_owned());
        let nonce = XNonce::try_generate()
            .map_err(|error| JournalError::Key(format!("no key can be made: {error}")))?;
        let payload = Payload { msg: plain, aad: about.as_bytes() };
        let sealed = cipher(&self.key()?).encrypt(&nonce, payload).map_err(failed)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what was sealed about something.
    pub(crate) fn open(&self, about: &str, sealed: &[u8]) -> Result<Vec<u8>, JournalError> {
        let other = || {
            let key = match &self.keeps {
                Keeps::File(file) => format!("the key in `{}`", file.display()),
                Keeps::Given | Keeps::Nowhere => "the key that was given".to_owned(),
            };
            JournalError::Key(format!("{key} is not the one by which they were sealed"))
        };
        let (nonce, sealed) = sealed.split_at_checked(NONCE).ok_or_else(other)?;
        let nonce = XNonce::try_from(nonce).map_err(|_| other())?;
        let open = |key: &Key| {
            let payload = Payload { msg: sealed, aad: about.as_bytes() };
            cipher(key).decrypt(&nonce, payload).ok()
        };
        if let Some(plain) = open(&self.key()?) {
            return Ok(plain);
        }
        // The file may have been put right since it was read.
        let Keeps::File(file) = &self.keeps else { return Err(other()) };
        let key = read(file)?;
        let plain = open(&key).ok_or_else(other)?;
        *self.known() = Some(key);
        Ok(plain)
    }

    fn known(&self) -> MutexGuard<'_, Option<Key>> {
        self.key.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn key(&self) -> Result<Key, JournalError> {
        let mut known = self.known();
        if let Some(key) = &*known {
            return Ok(key.clone());
        }
        let Keeps::File(file) = &self.keeps else {
            return Err(JournalError::Key("the journal was opened without its key".to_owned()));
        };
        let key = read(file)?;
        *known = Some(key.clone());
        Ok(key)
    }
}

fn read(file: &Path) -> Result<Key, JournalError> {
    let named = file.display();
    let text = std::fs::read_to_string(file)
        .map_err(|error| JournalError::Key(format!("the key file `{named}` cannot be read: {error}")))?;
    Key::parse(&text)
        .ok_or_else(|| JournalError::Key(format!("`{named}` holds no key, which is 64 hexadecimal digits")))
}

/// Makes a key file that only its owner may read; where another process made one meanwhile, that one stays.
fn make(file: &Path) -> Result<(), JournalError> {
    let failed = |error: &dyn fmt::Display| {
        JournalError::Key(format!("the key file `{}` cannot be made: {error}", file.display()))
    };
    let key = chacha20poly1305::Key::try_generate().map_err(|error| failed(&error))?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut made = tempfile::NamedTempFile::new_in(folder).map_err(|error| failed(&error))?;
    writeln!(made, "{}", Key::new(key.into()).to_hex()).map_err(|error| failed(&error))?;
    made.as_file().sync_all().map_err(|error| failed(&error))?;
    match made.persist_noclobber(file) {
        Ok(_) => {}
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(failed(&error.error)),
    }
    // What is sealed must not outlive its key.
    #[cfg(unix)]
    std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| failed(&error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(error: &JournalError) -> String {
        error.to_string()
    }

    #[test]
    fn what_is_sealed_opens_by_its_key_and_as_what_it_is_about() {
        let vault = Vault::of(Key::new([7; 32]));
        let sealed = vault.seal("a", b"hunter2").unwrap();
        assert!(!sealed.windows(7).any(|part| part == b"hunter2"));
        assert_ne!(sealed, vault.seal("a", b"hunter2").unwrap());
        assert_eq!(vault.open("a", &sealed).unwrap(), b"hunter2");
        for wrong in
            [vault.open("b", &sealed), Vault::of(Key::new([8; 32])).open("a", &sealed), vault.open("a", b"")]
        {
            let other = "the key that was given is not the one by which they were sealed";
            assert!(said(&wrong.unwrap_err()).contains(other));
        }
        assert!(said(&Vault::closed().open("a", &sealed).unwrap_err()).contains("without its key"));
    }

    #[test]
    fn a_key_file_is_made_once_and_only_its_owner_may_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("runs.db.key");
        make(&file).unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        assert_eq!(Key::parse(&text).unwrap().to_hex(), text.trim());
        make(&file).unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_key_file_that_is_put_right_is_used_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("runs.db.key");
        let sealed = Vault::of(Key::new([7; 32])).seal("a", b"hunter2").unwrap();
        let vault = Vault::beside(&folder.path().join("runs.db"));
        std::fs::write(&file, Key::new([8; 32]).to_hex()).unwrap();
        assert!(said(&vault.open("a", &sealed).unwrap_err()).contains("is not the one"));
        std::fs::write(&file, Key::new([7; 32]).to_hex()).unwrap();
        assert_eq!(vault.open("a", &sealed).unwrap(), b"hunter2");
        std::fs::remove_file(file).unwrap();
        assert_eq!(vault.open("a", &sealed).unwrap(), b"hunter2");
    }

    #[test]
    fn no_key_is_told_of() {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::beside(&folder.path().join("runs.db"));
        assert!(said(&vault.open("a", &[0; 50]).unwrap_err()).contains("runs.db.key` cannot be read"));
        std::fs::write(folder.path().join("runs.db.key"), "abc").unwrap();
        assert!(said(&vault.open("a", &[0; 50]).unwrap_err()).contains("64 hexadecimal digits"));
    }
}
