//! All that is wrong with a document.

use super::{Code, Pointer, Severity, draw, shown};
use crate::repair::edited;
use crate::source::Source;
use std::fmt;
use std::ops::Range;

/// One thing that is wrong with a document, or worth knowing about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    pub(super) code: Code,
    pub(super) severity: Severity,
    pub(super) pointer: Pointer,
    pub(super) span: Option<Range<usize>>,
    pub(super) message: String,
    pub(super) label: Option<String>,
    pub(super) help: Option<String>,
    pub(super) related: Vec<Related>,
    pub(super) fixes: Vec<Fix>,
}

impl Diagnostic {
    /// What kind of mistake it is.
    pub fn code(&self) -> Code {
        self.code
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// The member of the document that it is about.
    pub fn pointer(&self) -> &Pointer {
        &self.pointer
    }

    /// Where in the source's text it is, in bytes; `None` where it is about no place in it.
    pub fn span(&self) -> Option<Range<usize>> {
        self.span.clone()
    }

    /// What is wrong, in one line.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// Where else to look.
    pub fn related(&self) -> &[Related] {
        &self.related
    }

    /// Ways to change the document so that it is gone.
    pub fn fixes(&self) -> &[Fix] {
        &self.fixes
    }
}

/// A place that a [`Diagnostic`] has to do with.
#[derive(Clone, Debug, PartialEq)]
pub struct Related {
    pub(super) pointer: Pointer,
    pub(super) span: Option<Range<usize>>,
    pub(super) message: String,
}

impl Related {
    /// The member of the document.
    pub fn pointer(&self) -> &Pointer {
        &self.pointer
    }

    /// Where in the source's text it is, in bytes.
    pub fn span(&self) -> Option<Range<usize>> {
        self.span.clone()
    }

    /// What it has to do with it.
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// A change to a document that does away with a [`Diagnostic`].
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    pub(super) description: String,
    pub(super) pointer: Pointer,
    pub(super) edits: Vec<Edit>,
}

impl Fix {
    /// What it does, such as ``write `send_email` ``.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The member of the document that it changes.
    pub fn pointer(&self) -> &Pointer {
        &self.pointer
    }

    /// The changes to the source's text. None overlaps another.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }
}

/// A change to a source's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub(super) range: Range<usize>,
    pub(super) replacement: String,
}

impl Edit {
    pub(crate) fn new(range: Range<usize>, replacement: String) -> Self {
        Edit { range, replacement }
    }

    /// The bytes that are replaced.
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// What stands in their place.
    pub fn replacement(&self) -> &str {
        &self.replacement
    }
}

/// All that is wrong with a document, by position.
///
/// `Display` draws it with the lines of the source; [`to_json`](Report::to_json) is for programs.
#[derive(Clone)]
pub struct Report {
    source: Source,
    diagnostics: Vec<Diagnostic>,
    left: Vec<Pointer>,
}

impl Report {
    pub(super) fn new(source: Source, diagnostics: Vec<Diagnostic>, left: Vec<Pointer>) -> Self {
        Report { source, diagnostics, left }
    }

    /// Every diagnostic, by its position in the source, then by code.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Every diagnostic, by its position in the source, then by code.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.diagnostics.iter()
    }

    /// Whether nothing is wrong, and there is nothing worth knowing.
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// Whether the workflow cannot run.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// How many diagnostics are as bad as this.
    pub fn count(&self, severity: Severity) -> usize {
        self.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }

    /// The values that can only be checked when the workflow runs.
    pub fn left_to_run_time(&self) -> &[Pointer] {
        &self.left
    }

    /// What was read.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The source with the first fix of every diagnostic applied, as far as they do not overlap. Nothing is written
    /// anywhere.
    ///
    /// [`Registry::repair`](crate::Registry::repair) does this and more, and goes on with what is found then.
    ///
    /// ```
    /// use flowright::prelude::*;
    ///
    /// /// Ring a bell.
    /// #[engine_action]
    /// fn ring(times: u32) {}
    ///
    /// let registry = Registry::builder().actions(actions![ring]).build()?;
    /// let report = registry
    ///     .check(
    ///         r#"{ "actions": [{ "id": "1", "kind": "ring", "inputs": { "tiems": 7 } }],
    ///              "edges": [{ "from": "$source", "to": "1" }] }"#,
    ///     )
    ///     .unwrap_err();
    /// assert!(report.apply_fixes().as_str().contains(r#""times": 7"#));
    /// # Ok::<(), flowright::RegistryError>(())
    /// ```
    #[must_use]
    pub fn apply_fixes(&self) -> Source {
        let mut fixes: Vec<&Fix> = self.iter().filter_map(|found| found.fixes.first()).collect();
        fixes.sort_by_key(|fix| fix.edits.first().map(|edit| edit.range.start));
        let mut end = 0;
        let mut edits: Vec<&Edit> = Vec::new();
        for fix in fixes {
            let is_free = fix.edits.first().is_some_and(|edit| edit.range.start >= end);
            if let (true, Some(last)) = (is_free, fix.edits.last()) {
                end = last.range.end;
                edits.extend(&fix.edits);
            }
        }
        self.source.with_text(&edited(self.source.as_str(), edits))
    }

    /// Draws the report with the lines of the source, in the colours of a terminal where `color` says so.
    pub fn render(&self, color: bool) -> String {
        draw::draw(self, color)
    }

    /// The first error, and how many there are.
    pub(crate) fn in_one_line(&self) -> String {
        let first = self.iter().find(|diagnostic| diagnostic.severity == Severity::Error);
        let Some(first) = first else { return "no errors".to_owned() };
        let place = if first.pointer == Pointer::root() {
            String::new()
        } else {
            format!(" at {}", shown(first.pointer.as_str()))
        };
        match self.count(Severity::Error) {
            1 => format!("{}{place}", first.message),
            errors => format!("{}{place}, the first of {errors} errors", first.message),
        }
    }
}

impl<'r> IntoIterator for &'r Report {
    type Item = &'r Diagnostic;
    type IntoIter = std::slice::Iter<'r, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

/// The same as `Display`, so that a `main` that returns a report as its error shows it.
impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Report {}
