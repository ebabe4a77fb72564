//! Workflow documents: their text, and what it says.

mod broken;
mod document;
mod nearly;
mod plain;
mod structure;
mod syntax;

pub(crate) use document::Document;
pub use document::{Conditional, Test, WorkflowAction, WorkflowEdge};
pub(crate) use structure::{DEEPEST, number};
pub(crate) use syntax::{SyntaxFault, Tree, tree};

use crate::diagnostic::{Findings, Pointer, Problem, Report};
use crate::limits::Limits;
use crate::source::Source;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// Reads a document. `None` where the text is no JSON object, or too large.
pub(crate) fn read(source: &Source, limits: &Limits, findings: &mut Findings) -> Option<Document> {
    let bytes = source.as_str().len();
    if bytes > limits.document_bytes {
        let what = "bytes of text".to_owned();
        findings.report(Pointer::root(), Problem::Limit { what, limit: limits.document_bytes, found: bytes });
        return None;
    }
    plain::read(source.as_str(), limits).or_else(|| structure::read(source, limits, findings))
}

/// Reads any JSON, whose numbers are those that are written; fails with all that is wrong with it.
pub(crate) fn read_value(source: &Source) -> Result<Value, Report> {
    let limits = Limits::default();
    let mut findings = Findings::new(&limits);
    match structure::read_value(source, &limits, &mut findings) {
        Some(value) if !findings.has_errors() => Ok(value),
        _ => Err(findings.into_report(source)),
    }
}

/// A workflow document that is well-formed, and not yet checked against any registry. Cheap to clone, never changed.
///
/// It keeps its text: it prints and serializes byte for byte as it was read, members that the format does not know
/// and all.
///
/// ```
/// use flowright::Workflow;
///
/// let text = r#"{ "actions": [{ "id": "1", "kind": "greet" }], "edges": [{ "from": "$source", "to": "1" }] }"#;
/// let workflow = Workflow::parse(text)?;
/// assert_eq!(workflow.actions()[0].kind(), "greet");
/// assert_eq!(workflow.to_string(), text);
/// # Ok::<(), flowright::Report>(())
/// ```
#[derive(Clone)]
pub struct Workflow(Arc<Read>);

struct Read {
    source: Source,
    document: Document,
}

impl Workflow {
    /// Reads a document, within the default [`Limits`]. Fails with all that is wrong with its text or its form.
    pub fn parse(source: impl Into<Source>) -> Result<Self, Report> {
        let source = source.into();
        let limits = Limits::default();
        let mut findings = Findings::new(&limits);
        match read(&source, &limits, &mut findings) {
            Some(document) if !findings.has_errors() => Ok(Workflow(Arc::new(Read { source, document }))),
            _ => Err(findings.into_report(&source)),
        }
    }

    /// A document that was read from this source, without errors.
    pub(crate) fn of(source: Source, document: Document) -> Self {
        Workflow(Arc::new(Read { source, document }))
    }

    /// What the user calls the workflow.
    pub fn name(&self) -> Option<&str> {
        self.0.document.name.as_deref()
    }

    /// What the user says about it.
    pub fn description(&self) -> Option<&str> {
        self.0.document.description.as_deref()
    }

    /// What editors and programs keep with it: an object.
    pub fn metadata(&self) -> Option<&Value> {
        self.0.document.metadata.as_ref()
    }

    /// The actions, in the document's order.
    pub fn actions(&self) -> &[WorkflowAction] {
        &self.0.document.actions
    }

    /// The edges, in the document's order.
    pub fn edges(&self) -> &[WorkflowEdge] {
        &self.0.document.edges
    }

    /// The text it was read from.
    pub fn source(&self) -> &Source {
        &self.0.source
    }
}

/// The text, as it was read.
impl fmt::Display for Workflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.source.as_str())
    }
}

impl fmt::Debug for Workflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Workflow").field(&self.0.document).finish()
    }
}

impl FromStr for Workflow {
    type Err = Report;

    fn from_str(text: &str) -> Result<Self, Report> {
        Workflow::parse(text)
    }
}

/// The document's text becomes the value's, indented.
impl TryFrom<Value> for Workflow {
    type Error = Report;

    fn try_from(value: Value) -> Result<Self, Report> {
        let limits = Limits::default();
        if is_deeper(&value, limits.nesting) {
            let mut findings = Findings::new(&limits);
            let what = "arrays and objects stand inside each other".to_owned();
            let problem = Problem::Limit { what, limit: limits.nesting, found: limits.nesting + 1 };
            findings.report(Pointer::root(), problem);
            dismantle(value);
            return Err(findings.into_report(&Source::text("")));
        }
        Workflow::parse(format!("{value:#}"))
    }
}

/// Whether more than `nesting` arrays and objects stand inside each other.
fn is_deeper(value: &Value, nesting: usize) -> bool {
    if !value.is_array() && !value.is_object() {
        return false;
    }
    let mut open = vec![(value, 1)];
    while let Some((value, depth)) = open.pop() {
        let inner: Box<dyn Iterator<Item = &Value>> = match value {
            Value::Array(elements) => Box::new(elements.iter()),
            Value::Object(members) => Box::new(members.values()),
            _ => continue,
        };
        if depth > nesting {
            return true;
        }
        open.extend(inner.map(|value| (value, depth + 1)));
    }
    false
}

/// Drops a value however deep it is: by itself it would drop by recursion.
fn dismantle(value: Value) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(elements) => open.extend(elements),
            Value::Object(members) => open.extend(members.into_iter().map(|(_, member)| member)),
            _ => {}
        }
    }
}

/// Into JSON byte for byte; of a `.jsonc` document, without its comments.
impl Serialize for Workflow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let source = self.source();
        let bare;
        let text = if source.allows_comments() {
            bare = syntax::without_comments(source.as_str());
            &bare
        } else {
            source.as_str()
        };
        serde_json::from_str::<&RawValue>(text).map_err(S::Error::custom)?.serialize(serializer)
    }
}

/// From JSON, as [`Workflow::parse`] reads it.
impl<'de> Deserialize<'de> for Workflow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Box::<RawValue>::deserialize(deserializer)?;
        Workflow::parse(text.get()).map_err(|report| D::Error::custom(report.in_one_line()))
    }
}

#[cfg(test)]
mod tests;
