//! How large a message of the cluster may be.

use serde::Serialize;
use std::io::{Error, Write};

/// The cluster takes 32 MiB, of which some are its own. What is larger it would ask for again and again.
const MOST: usize = 32 * 1024 * 1024 - 64 * 1024;

/// What is said of what is larger.
pub(crate) fn too_large(what: &str) -> String {
    format!("{what} is larger than a message of the cluster, which has 32 MiB at most")
}

/// Whether this is small enough, written as JSON.
pub(crate) fn fits(message: &impl Serialize) -> bool {
    serde_json::to_writer(Room(MOST), message).is_ok()
}

/// How many bytes may still be written.
struct Room(usize);

impl Write for Room {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Error> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or_else(|| Error::other("it is too large"))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_as_large_as_it_is_written() {
        let text = |bytes: usize| "x".repeat(bytes);
        assert!(fits(&text(MOST - 2)) && !fits(&text(MOST - 1)));
        assert!(!fits(&"\u{1}".repeat(MOST / 5)), "what is escaped is longer");
    }
}
