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
    /// A keyword that only a validator knows.
    keyword: Box<str>,
    /// Whether that is all that the outline is of, so that nothing within it need be validated again.
    pub(crate) whole: bool,
}

impl OpaqueForm {
    pub(crate) fn new(outline: NodeId, question: Question, keyword: Box<str>, whole: bool) -> Self {
        OpaqueForm { outline, question, keyword, whole }
    }

    /// The same with another outline, for a document with the same source.
    pub(crate) fn with_outline(&self, outline: NodeId) -> Self {
        OpaqueForm { outline, keyword: self.keyword.clone(), ..*self }
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
        let objections = document.judges().and_then(|judges| judges.objections(self.question, value, 100));
        objections.into_iter().flatten().any(|objection| SHAPES.contains(&objection.keyword.as_str()))
    }

    /// Everything the validator has against `value`, at most `limit` objections; or that it has something against it, where
    /// it is too much to find out what.
    pub(crate) fn objections(&self, document: &Document, value: Value, limit: usize) -> Vec<Objection> {
        let Some(judges) = document.judges() else { return Vec::new() };
        judges.objections(self.question, value.clone(), limit).unwrap_or_else(|| {
            let refused = !judges.accept(self.question, value);
            refused
                .then(|| Objection { path: Vec::new(), keyword: self.keyword.to_string() })
                .into_iter()
                .collect()
        })
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
