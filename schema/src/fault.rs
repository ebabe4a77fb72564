//! What is wrong with a schema, and what is wrong with a value.

use std::fmt;

/// A fault of a schema: it means no type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaFault {
    /// A JSON pointer to the part at fault.
    pub pointer: String,
    /// What is wrong, in one line.
    pub message: String,
}

impl fmt::Display for SchemaFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pointer.as_str() {
            "" => write!(f, "the schema {}", self.message),
            pointer => write!(f, "the schema at `{pointer}` {}", self.message),
        }
    }
}

impl std::error::Error for SchemaFault {}

/// One step from a value to one inside it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// To the member of this name.
    Member(String),
    /// To the element at this position.
    Element(usize),
}

/// What a value was held against, and how it went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checked {
    /// Everything wrong with the value, each at the element that is wrong; at most 1000.
    pub faults: Vec<Fault>,
    /// Whether something in the value is not known yet, so that it may turn out wrong.
    pub undecided: bool,
}

/// One thing wrong with a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The way to the element at fault. A missing member is the fault of its object.
    pub path: Vec<Step>,
    /// What is wrong with it.
    pub kind: FaultKind,
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq)]
pub enum FaultKind {
    /// It is of another type.
    WrongType {
        /// The type it should be of, as flowright writes types.
        expected: String,
        /// What it is.
        found: Found,
        /// The constant that was probably meant, as it must be written.
        nearest: Option<String>,
    },
    /// A member that must be there is not.
    MissingMember {
        /// Its name.
        name: String,
        /// Its type, as flowright writes types.
        expected: String,
    },
    /// The member that the path leads to must not be there.
    UnknownMember {
        /// Its name.
        name: String,
        /// The name that was probably meant.
        nearest: Option<String>,
        /// The names that could be there.
        known: Vec<String>,
    },
    /// Too small, too large, too short, too long, too few, too many.
    OutOfRange {
        /// What it must be: `≥ 0`, `at most 10 characters`.
        expected: String,
        /// What it is.
        found: Found,
    },
    /// A string of another format.
    BadFormat {
        /// The format, or the pattern.
        expected: Expected,
        /// What it is.
        found: Found,
    },
    /// An element equals an earlier one, and all must differ.
    Repeated {
        /// The position of the earlier one.
        first: usize,
    },
    /// It fits more than one type of which it must fit exactly one.
    Ambiguous {
        /// Those types, as flowright writes them.
        fits: Vec<String>,
    },
    /// A keyword of the schema refuses it.
    Refused {
        /// The keyword, such as `not`.
        keyword: String,
    },
    /// It is nested too deeply, or takes too long, to be judged.
    TooLarge,
}

/// What a string should look like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A format, such as `email`.
    Format(String),
    /// A regular expression.
    Pattern(String),
}

/// What was found in place of something else.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// `null`
    Null,
    /// A boolean.
    Boolean(Option<bool>),
    /// A number, as it was written.
    Number(Option<String>),
    /// A string, shortened.
    String(Option<String>),
    /// A string that is put together when the workflow runs.
    Text,
    /// An array, and how many elements it has.
    Array(usize),
    /// An object.
    Object,
}

impl FaultKind {
    /// The same without the value it is about: for values nobody may read.
    #[must_use]
    pub fn concealed(mut self) -> Self {
        match &mut self {
            FaultKind::WrongType { found, nearest, .. } => {
                found.conceal();
                *nearest = None;
            }
            FaultKind::OutOfRange { found, .. } | FaultKind::BadFormat { found, .. } => found.conceal(),
            FaultKind::MissingMember { .. }
            | FaultKind::UnknownMember { .. }
            | FaultKind::Repeated { .. }
            | FaultKind::Ambiguous { .. }
            | FaultKind::Refused { .. }
            | FaultKind::TooLarge => {}
        }
        self
    }
}

impl Found {
    /// The string, shortened to what a message can hold.
    pub(crate) fn string(text: &str) -> Found {
        Found::String(Some(shorten(text)))
    }

    fn conceal(&mut self) {
        match self {
            Found::Boolean(value) => *value = None,
            Found::Number(value) | Found::String(value) => *value = None,
            Found::Null | Found::Text | Found::Array(_) | Found::Object => {}
        }
    }
}

/// The most characters of a user's string that a message repeats.
const SHORT: usize = 60;

/// `text`, cut where it is too long for a message.
pub(crate) fn shorten(text: &str) -> String {
    match text.char_indices().nth(SHORT) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A string as JSON writes it.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Found::Null => f.write_str("`null`"),
            Found::Boolean(Some(value)) => write!(f, "`{value}`"),
            Found::Boolean(None) => f.write_str("a boolean"),
            Found::Number(Some(number)) => write!(f, "`{number}`"),
            Found::Number(None) => f.write_str("a number"),
            Found::String(Some(text)) => write!(f, "`{}`", quoted(text)),
            Found::String(None) => f.write_str("a string"),
            Found::Text => f.write_str("text"),
            Found::Array(0) => f.write_str("an empty array"),
            Found::Array(1) => f.write_str("an array of 1 element"),
            Found::Array(len) => write!(f, "an array of {len} elements"),
            Found::Object => f.write_str("an object"),
        }
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FaultKind::WrongType { expected, found, nearest } => {
                write!(f, "expected `{expected}`, found {found}")?;
                nearest.iter().try_for_each(|nearest| write!(f, "; did you mean `{nearest}`?"))
            }
            FaultKind::MissingMember { name, expected } => write!(f, "missing `{name}`: `{expected}`"),
            FaultKind::UnknownMember { name, nearest: Some(nearest), .. } => {
                write!(f, "unknown member `{name}`; did you mean `{nearest}`?")
            }
            FaultKind::UnknownMember { name, nearest: None, known } if known.is_empty() => {
                write!(f, "unknown member `{name}`; no member can be here")
            }
            FaultKind::UnknownMember { name, nearest: None, known } => {
                write!(f, "unknown member `{name}`; known are ")?;
                let shown = known.len().min(MOST_NAMES);
                for (position, name) in known.iter().take(shown).enumerate() {
                    write!(f, "{}`{name}`", if position == 0 { "" } else { ", " })?;
                }
                if shown < known.len() { f.write_str(", …") } else { Ok(()) }
            }
            FaultKind::OutOfRange { expected, found } => write!(f, "expected {expected}, found {found}"),
            FaultKind::BadFormat { expected: Expected::Format(format), found } => {
                write!(f, "expected the format `{format}`, found {found}")
            }
            FaultKind::BadFormat { expected: Expected::Pattern(pattern), found } => {
                write!(f, "expected a match of `{pattern}`, found {found}")
            }
            FaultKind::Repeated { first } => {
                write!(f, "the same as element {first}; all elements must differ")
            }
            FaultKind::Ambiguous { fits } => {
                f.write_str("fits more than one of the types of which it must fit exactly one: ")?;
                for (position, ty) in fits.iter().take(MOST_NAMES).enumerate() {
                    write!(f, "{}`{ty}`", if position == 0 { "" } else { ", " })?;
                }
                Ok(())
            }
            FaultKind::Refused { keyword } => write!(f, "refused by the schema's `{keyword}`"),
            FaultKind::TooLarge => f.write_str("too deeply nested, or too large, to be judged"),
        }
    }
}

/// The most names one message lists.
const MOST_NAMES: usize = 12;

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}
