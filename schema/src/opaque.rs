//! The part of a schema that has no structural form: kept whole, and judged by a validator.

use crate::{
    equal::same_value,
    judges::{Objection, Question},
    ty::{Document, NodeId},
};
use serde_json::Value;
use std::sync::Arc;

/// The values of an outline that a validator accepts too.
pub(crate) struct OpaqueForm {
    /// What of the schema has a structural form. Every value of the type is a value of its outline.
    pub(crate) outline: NodeId,
    /// What a value must satisfy besides.
    question: Question,
    /// Whether that is all that the outline is of, so that nothing within it need be validated again.
    pub(crate) whole: bool,
}

impl OpaqueForm {
    pub(crate) fn new(outline: NodeId, question: Question, whole: bool) -> Self {
        OpaqueForm { outline, question, whole }
    }

    /// The same with another outline, for a document with the same source.
    pub(crate) fn with_outline(&self, outline: NodeId) -> Self {
        OpaqueForm { outline, ..*self }
    }

    /// Whether the validator accepts `value`.
    pub(crate) fn accepts(&self, document: &Document, value: Value) -> bool {
        // INVARIANT: a document with an opaque form has a source with judges.
        document.judges().is_none_or(|judges| judges.accept(self.question, value))
    }

    /// Whether the validator refuses `value` for its shape, as far as its objections show: refinements aside, it would
    /// refuse it as well.
    pub(crate) fn refuses_shape(&self, document: &Document, value: Value) -> bool {
        const SHAPES: [&str; 7] =
            ["not", "type", "const", "enum", "required", "dependentRequired", "additionalProperties"];
        let objections = self.objections(document, value, 100);
        objections.iter().any(|objection| SHAPES.contains(&objection.keyword.as_str()))
    }

    /// Everything the validator has against `value`, at most `limit` objections.
    pub(crate) fn objections(&self, document: &Document, value: Value, limit: usize) -> Vec<Objection> {
        document.judges().map(|judges| judges.objections(self.question, value, limit)).unwrap_or_default()
    }

    /// Whether the other one is judged by the same schemas.
    pub(crate) fn same_judge(&self, document: &Document, other: &Self, theirs: &Document) -> bool {
        // The same schema is read in the same order, and asked about the same.
        self.question == other.question
            && match (&document.source, &theirs.source) {
                (Some(own), Some(theirs)) => {
                    Arc::ptr_eq(own, theirs) || same_value(&own.schema, &theirs.schema)
                }
                _ => false,
            }
    }
}
