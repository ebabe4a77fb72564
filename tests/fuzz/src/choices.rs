//! Bytes read as choices, so that a byte that changes changes one choice.

use arbitrary::Unstructured;
use serde_json::{Map, Value, json};

/// Bytes read as choices. Where they end, the first of what there is is chosen.
pub struct Choices<'b>(Unstructured<'b>);

/// Names of members and ids; some are those of JavaScript's prototypes.
pub const NAMES: [&str; 12] =
    ["a", "b", "name", "data", "1", "01", "__proto__", "constructor", "first name", "it's", "é", ""];

const TEXTS: [&str; 16] = [
    "x",
    "",
    "on",
    "off",
    "0",
    "-1.5e3",
    "a@b.co",
    "$&",
    "!ref(",
    "!ref($.event)",
    "!ref(\"!ref(\")",
    "2026-01-02T03:04:05Z",
    "https://example.org/",
    "ABC",
    "\u{0}\u{1f600}\u{301}",
    "true",
];

impl<'b> Choices<'b> {
    /// The choices that these bytes are.
    pub fn new(bytes: &'b [u8]) -> Self {
        Choices(Unstructured::new(bytes))
    }

    /// A number below `end`, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        self.0.int_in_range(0..=end - 1).unwrap_or(0)
    }

    /// Whether it is one of so many cases in a hundred; not where the bytes have ended.
    pub fn percent(&mut self, share: usize) -> bool {
        self.below(100) + share >= 100
    }

    /// One of these, which are not none.
    pub fn pick<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }

    /// Any number, of eight bytes.
    pub fn number(&mut self) -> u64 {
        self.0.arbitrary().unwrap_or(0)
    }

    /// What is left, as bytes.
    pub fn rest(self) -> &'b [u8] {
        self.0.take_rest()
    }

    /// A text, often one that means something elsewhere.
    pub fn text(&mut self) -> String {
        if self.percent(85) {
            return (*self.pick(&TEXTS)).to_owned();
        }
        let length = self.below(24);
        let bytes = self.0.bytes(length.min(self.0.len())).unwrap_or_default();
        String::from_utf8_lossy(bytes).into_owned()
    }

    /// A number as JSON, often one at a bound. Huge ones are rare: what has them for bounds has few examples.
    pub fn json_number(&mut self) -> Value {
        match self.below(32) {
            0..=3 => json!(0),
            4..=7 => json!(1),
            8..=10 => json!(-1),
            11..=13 => json!(1.5),
            14 | 15 => json!(-0.0),
            16 | 17 => json!(9_007_199_254_740_993_u64),
            18..=20 => json!(0.1),
            21..=27 => json!(self.below(256)),
            28 => json!(1e21),
            29 => json!(u64::MAX),
            30 => json!(i64::MIN),
            _ => json!(f64::from_bits(self.number())),
        }
    }

    /// Any JSON of no more than so many levels.
    pub fn json(&mut self, levels: usize) -> Value {
        match self.below(if levels == 0 { 5 } else { 7 }) {
            0 => Value::Null,
            1 => json!(true),
            2 => json!(false),
            3 => self.json_number(),
            4 => self.text().into(),
            5 => {
                let count = self.below(4);
                (0..count).map(|_| self.json(levels - 1)).collect()
            }
            _ => {
                let count = self.below(4);
                let members: Map<String, Value> =
                    (0..count).map(|_| ((*self.pick(&NAMES)).to_owned(), self.json(levels - 1))).collect();
                members.into()
            }
        }
    }
}

/// Whether bytes are to be read as the text that they are, and not as choices: people write such, and dictionaries
/// help with it.
pub fn is_text(bytes: &[u8]) -> bool {
    matches!(bytes.first(), Some(b'{' | b'[' | b'/' | b' ' | b'\n' | b'"'))
}
