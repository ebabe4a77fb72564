//! A value's fault against its type, as a diagnostic's code.

use crate::diagnostic::{Code, Pointer};
use flowright_schema::{FaultKind, Path, Segment, Step, Type};
use serde_json::Value;

/// What can stand in text.
pub(crate) const TEXT: &str = "string | number | boolean";

pub(crate) fn code(kind: &FaultKind) -> Code {
    match kind {
        FaultKind::WrongType { .. }
        | FaultKind::UnknownMember { .. }
        | FaultKind::Ambiguous { .. }
        | FaultKind::Refused { .. } => Code::WrongType,
        FaultKind::MissingMember { .. } => Code::MissingMember,
        FaultKind::OutOfRange { .. } | FaultKind::Repeated { .. } => Code::OutOfRange,
        FaultKind::BadFormat { .. } => Code::BadFormat,
        FaultKind::TooLarge => Code::Limit,
    }
}

/// The way to a fault, as a path that a type can follow.
pub(crate) fn path(steps: &[Step]) -> Path {
    let segment = |step: &Step| match step {
        Step::Member(name) => Segment::Member(name.as_str().into()),
        Step::Element(index) => Segment::Element(i64::try_from(*index).unwrap_or(i64::MAX)),
    };
    steps.iter().map(segment).collect()
}

/// The place of a fault in the document, below that of the value.
pub(crate) fn pointer(value: &Pointer, steps: &[Step]) -> Pointer {
    steps.iter().fold(value.clone(), |pointer, step| match step {
        Step::Member(name) => pointer.member(name),
        Step::Element(index) => pointer.element(*index),
    })
}

/// What is wrong, and what to write instead where the type system has a proposal.
pub(crate) fn words(kind: &FaultKind) -> (String, Option<String>) {
    let message = kind.to_string();
    match kind {
        FaultKind::WrongType { nearest: Some(_), .. } | FaultKind::UnknownMember { .. } => {
            match message.rsplit_once("; ") {
                Some((what, instead)) => (what.to_owned(), Some(instead.to_owned())),
                None => (message, None),
            }
        }
        _ => (message, None),
    }
}

/// What a value is, as a type that says nothing more of it.
pub(crate) fn kind_type(value: &Value) -> Type {
    match value {
        Value::Null => Type::null(),
        Value::Bool(_) => Type::boolean(),
        Value::Number(_) => Type::number(),
        Value::String(_) => Type::string(),
        Value::Array(_) => Type::array(Type::any()),
        Value::Object(_) => Type::object([], true),
    }
}

/// What a value is, in words.
pub(crate) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
