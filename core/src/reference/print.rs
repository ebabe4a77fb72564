//! Refs as a document writes them.

use super::{OPENING, RefRoot, Reference};
use flowright_schema::Segment;
use std::fmt;

impl fmt::Display for RefRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RefRoot::Event => f.write_str("$.event"),
            RefRoot::State(id) => write!(f, "$.state{}", Segment::shorthand(id)),
            RefRoot::Output => f.write_str("$.output"),
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{OPENING}{}{})", self.root, self.path)
    }
}

/// How a document writes text that is to stand for itself, whatever is in it.
#[cfg(test)]
pub(crate) fn literal(text: &str) -> String {
    text.replace(OPENING, r#"!ref("!ref(")"#)
}
