//! Refs: `!ref($.state.1.title)`, alone or inside text.

mod fault;
mod parse;
mod plain;
mod print;
mod quoted;

pub(crate) use fault::{BadIndex, ManyValues, RefFault, RefFaultKind};
pub(crate) use parse::parse;
#[cfg(test)]
pub(crate) use print::literal;

use flowright_schema::Path;
use std::ops::Range;

/// What begins a ref, wherever in a string it stands.
pub(crate) const OPENING: &str = "!ref(";

/// A string of a document, read for refs.
#[derive(Clone, Debug, PartialEq)]
pub enum Parsed {
    /// Nothing in it begins a ref: it stands for itself.
    Plain,
    /// Text with `!ref("…")` in it, the escape, and no ref: the text it stands for.
    Literal(String),
    /// One ref, and nothing beside it.
    Ref(Reference),
    /// Text with refs.
    Text(Vec<PieceOf>),
}

/// A piece of text with refs.
#[derive(Clone, Debug, PartialEq)]
pub enum PieceOf {
    /// Stands for itself; never empty, and never beside another.
    Verbatim(String),
    /// Stands for what it leads to.
    Ref(Reference),
}

/// A ref. Prints as it is written in a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// What it begins at.
    pub root: RefRoot,
    /// The way from the root on; for [`RefRoot::State`], from the action's output on.
    pub path: Path,
    /// Where it stands in the string, with `!ref(` and `)`.
    pub span: Range<usize>,
    /// The segment that names the root, and for [`RefRoot::State`] the one that names the action: `.event`, `.1`.
    pub root_span: Range<usize>,
    /// The segments of the path, one by one, each with its `.` or its brackets.
    pub segment_spans: Vec<Range<usize>>,
}

/// What a ref begins at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RefRoot {
    /// `$.event`
    Event,
    /// `$.state.<action id>`
    State(String),
    /// `$.output`
    Output,
}

#[cfg(test)]
mod tests;
