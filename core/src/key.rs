//! The key by which runtimes seal what is secret.

use std::fmt;

/// The key by which a runtime that keeps runs seals what is secret: 32 bytes.
///
/// It is written as 64 hexadecimal digits.
///
/// ```
/// use flowright::Key;
///
/// let key = Key::parse(&"0f".repeat(32)).ok_or("it is no key")?;
/// assert_eq!(key, Key::new([15; 32]));
/// assert_eq!(format!("{key:?}"), "Key(…)");
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl Key {
    /// The key of these bytes. They should be random.
    pub fn new(bytes: [u8; 32]) -> Self {
        Key(bytes)
    }

    /// The key that is written as 64 hexadecimal digits, with white space around them or without; `None` where it is not.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim();
        if digits.len() != 64 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let mut key = [0; 32];
        for (at, byte) in key.iter_mut().enumerate() {
            *byte = u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok()?;
        }
        Some(Key(key))
    }

    /// How it is written.
    pub fn to_hex(&self) -> String {
        self.0.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_written_as_64_hexadecimal_digits() {
        let key = Key::new(std::array::from_fn(|at| u8::try_from(at * 8).unwrap()));
        assert_eq!(Key::parse(&format!(" {}\n", key.to_hex().to_uppercase())), Some(key));
        for wrong in ["", "00", &"0g".repeat(32), &"00".repeat(33), &"é".repeat(32)] {
            assert_eq!(Key::parse(wrong), None, "{wrong}");
        }
    }
}
