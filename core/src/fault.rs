//! A value's fault against its type, as a diagnostic's code.

use crate::diagnostic::Code;
use flowright_schema::FaultKind;
use serde_json::Value;

pub(crate) fn code(kind: &FaultKind) -> Code {
    match kind {
        FaultKind::WrongType { .. } => Code::WrongType,
        FaultKind::MissingMember { .. } => Code::MissingMember,
        FaultKind::UnknownMember { .. } => Code::UnknownMember,
        FaultKind::OutOfRange { .. } => Code::OutOfRange,
        FaultKind::BadFormat { .. } => Code::BadFormat,
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
