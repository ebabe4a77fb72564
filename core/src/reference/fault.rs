//! How a ref can be wrong.

use crate::diagnostic::Code;
use std::ops::Range;

/// A mistake in a ref.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RefFault {
    /// Where, in the string.
    pub(crate) span: Range<usize>,
    pub(crate) kind: RefFaultKind,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RefFaultKind {
    /// `!ref()`
    Empty,
    /// `!ref(event.name)`; the right spelling, where it is clear.
    NoDollar {
        right: Option<String>,
    },
    /// `!ref($)`, `!ref($[0])`
    NoRoot,
    /// `!ref($.evnt)`
    UnknownRoot {
        name: String,
        nearest: Option<String>,
    },
    /// `!ref($.state)`
    NoId,
    /// `!ref($.state[0])`
    PositionForId {
        index: i64,
    },
    /// A part that means more than one value.
    ManyValues(ManyValues),
    WhiteSpace,
    /// No `)`.
    Unclosed,
    /// No `]`.
    UnclosedBracket,
    UnclosedQuote {
        quote: char,
    },
    /// `$.event.`, `$.event[]`
    NoName,
    /// `$.make-user`, `$[make-user]`: the path up to the name, and the name in quotes, is the right spelling.
    Unquoted {
        name: String,
        right: String,
    },
    BadIndex {
        found: String,
        why: BadIndex,
    },
    BadEscape {
        found: String,
    },
    LoneSurrogate,
    ControlCharacter {
        character: char,
    },
    Unexpected {
        found: char,
    },
    /// `!ref("text".name)`
    BehindLiteral,
    TooManySegments {
        limit: usize,
    },
}

/// What makes a path mean more than one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ManyValues {
    Wildcard,
    Slice,
    Filter,
    Descendant,
    List,
}

/// Why an index is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadIndex {
    LeadingZero,
    MinusZero,
    TooLarge,
    NoInteger,
}

impl RefFaultKind {
    pub(crate) fn code(&self) -> Code {
        match self {
            RefFaultKind::UnknownRoot { .. } => Code::UnknownRoot,
            RefFaultKind::TooManySegments { .. } => Code::Limit,
            _ => Code::RefSyntax,
        }
    }
}
