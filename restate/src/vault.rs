//! What is secret goes through the cluster sealed, by a key that the cluster does not have.

use aes_siv::KeyInit;
use aes_siv::siv::Aes128Siv;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flowright::Key;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What goes through the cluster: `{ "open": value }`, or `{ "sealed": "<base64>" }`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Envelope<T> {
    /// As it is.
    Open(T),
    /// The JSON of it, sealed.
    Sealed(String),
}

impl<T> Envelope<T> {
    pub(crate) fn is_sealed(&self) -> bool {
        matches!(self, Envelope::Sealed(_))
    }
}

/// Seals and opens.
///
/// What is resumed has to say again what it said before, so that the same is sealed to the same: by AES-SIV, of which no more
/// can be told than that two equal things about the same are equal.
#[derive(Clone, Debug, Default)]
pub(crate) struct Vault(Option<Key>);

/// Why something secret cannot be sealed or opened.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Locked {
    /// There is no key.
    NoKey,
    /// It was sealed by another key, or as something else.
    OtherKey,
}

impl Vault {
    pub(crate) fn of(key: Key) -> Self {
        Vault(Some(key))
    }

    /// Whether there is what something secret is sealed by.
    pub(crate) fn can_enclose(&self, is_secret: bool) -> Result<(), Locked> {
        if is_secret && self.0.is_none() { Err(Locked::NoKey) } else { Ok(()) }
    }

    /// Encloses something: sealed where it is secret, to be opened as something about the same.
    pub(crate) fn enclose<T: Serialize>(
        &self,
        is_secret: bool,
        about: &About<'_>,
        value: T,
    ) -> Result<Envelope<T>, Locked> {
        if !is_secret {
            return Ok(Envelope::Open(value));
        }
        let plain = serde_json::to_vec(&value).map_err(|_| Locked::OtherKey)?;
        let sealed = self.cipher()?.encrypt(&[about.to_string()], &plain).map_err(|_| Locked::OtherKey)?;
        Ok(Envelope::Sealed(STANDARD.encode(sealed)))
    }

    pub(crate) fn open<T: DeserializeOwned>(
        &self,
        about: &About<'_>,
        envelope: Envelope<T>,
    ) -> Result<T, Locked> {
        match envelope {
            Envelope::Open(value) => Ok(value),
            Envelope::Sealed(sealed) => {
                let sealed = STANDARD.decode(sealed).map_err(|_| Locked::OtherKey)?;
                let plain = self.cipher()?.decrypt(&[about.to_string()], &sealed);
                let plain = plain.map_err(|_| Locked::OtherKey)?;
                serde_json::from_slice(&plain).map_err(|_| Locked::OtherKey)
            }
        }
    }

    fn cipher(&self) -> Result<Aes128Siv, Locked> {
        let key = self.0.as_ref().ok_or(Locked::NoKey)?;
        Ok(Aes128Siv::new(key.as_bytes().into()))
    }
}

/// What something that is sealed is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum About<'a> {
    /// What was submitted.
    Submission { run: &'a str },
    /// What a run came to.
    Outcome { run: &'a str },
    /// What is asked of an attempt.
    Request { run: &'a str, action: &'a str },
    /// What came of it.
    Response { run: &'a str, action: &'a str },
    /// What an attempt does next, and how often it has decided that.
    Decision { run: &'a str, action: &'a str, number: u32 },
    /// The data of an event that is sent to a run.
    Event { run: &'a str, name: &'a str },
}

impl fmt::Display for About<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No id of a run has a slash.
        match self {
            About::Submission { run } => write!(f, "submission/{run}"),
            About::Outcome { run } => write!(f, "outcome/{run}"),
            About::Request { run, action } => write!(f, "request/{run}/{action}"),
            About::Response { run, action } => write!(f, "response/{run}/{action}"),
            About::Decision { run, action, number } => write!(f, "decision/{run}/{number}/{action}"),
            About::Event { run, name } => write!(f, "event/{run}/{name}"),
        }
    }
}

impl std::error::Error for Locked {}

/// The cluster is told of errors in this form.
impl fmt::Debug for Locked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Locked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Locked::NoKey => {
                "the run handles secrets, and there is no key to seal them by: give the service and its clients one with \
                 `.key(…)`"
            }
            Locked::OtherKey => "the secrets of the run were sealed by another key than the one that was given",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const ABOUT: About<'_> = About::Submission { run: "a" };

    fn vault(key: u8) -> Vault {
        Vault::of(Key::new([key; 32]))
    }

    #[test]
    fn what_is_sealed_opens_by_its_key_and_as_what_it_is_about() {
        let secret = json!({ "password": "hunter2" });
        let sealed = vault(7).enclose(true, &ABOUT, secret.clone()).unwrap();
        assert!(sealed.is_sealed() && !format!("{sealed:?}").contains("hunter2"));
        assert_eq!(vault(7).open(&ABOUT, sealed.clone()), Ok(secret));
        let opened = |vault: Vault, about: About<'_>| vault.open::<Value>(&about, sealed.clone());
        assert_eq!(opened(vault(8), ABOUT), Err(Locked::OtherKey));
        assert_eq!(opened(vault(7), About::Outcome { run: "a" }), Err(Locked::OtherKey));
        assert_eq!(opened(vault(7), About::Submission { run: "b" }), Err(Locked::OtherKey));
        assert_eq!(opened(Vault::default(), ABOUT), Err(Locked::NoKey));
        for altered in ["", "AAAA", "no base64"] {
            let altered = Envelope::<Value>::Sealed(altered.to_owned());
            assert_eq!(vault(7).open(&ABOUT, altered), Err(Locked::OtherKey));
        }
    }

    #[test]
    fn the_same_about_the_same_is_sealed_to_the_same() {
        let sealed = |about: About<'_>, value: Value| vault(7).enclose(true, &about, value).unwrap();
        assert_eq!(sealed(ABOUT, json!(1)), sealed(ABOUT, json!(1)));
        assert_ne!(sealed(ABOUT, json!(1)), sealed(ABOUT, json!(2)));
        assert_ne!(sealed(ABOUT, json!(1)), sealed(About::Submission { run: "b" }, json!(1)));
        let (one, other) = (
            About::Decision { run: "a", action: "2/b", number: 1 },
            About::Decision { run: "a", action: "b", number: 12 },
        );
        assert_ne!(sealed(one, json!(1)), sealed(other, json!(1)));
    }

    #[test]
    fn what_is_not_secret_needs_no_key_and_can_be_read() {
        let open = Vault::default().enclose(false, &ABOUT, json!({ "sealed": "AAAA" })).unwrap();
        assert_eq!(serde_json::to_value(&open).unwrap(), json!({ "open": { "sealed": "AAAA" } }));
        assert_eq!(Vault::default().open(&ABOUT, open), Ok(json!({ "sealed": "AAAA" })));
        assert_eq!(Vault::default().enclose(true, &ABOUT, json!(1)), Err(Locked::NoKey));
    }
}
