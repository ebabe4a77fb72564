//! What a registry insists on: what its levels make less than an error is no mistake here.

use crate::diagnostic::{Code, Severity};
use crate::registry::Registry;

#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a level of its own")]
pub(super) struct Asked {
    pub(super) known_inputs: bool,
    pub(super) types: bool,
    pub(super) ranges: bool,
    pub(super) formats: bool,
}

impl Asked {
    pub(super) fn by(registry: &Registry) -> Self {
        let is_error = |code: &Code| match registry.levels().get(code) {
            Some(level) if code.may_be_lowered() => level.severity() == Some(Severity::Error),
            _ => code.default_severity() == Severity::Error,
        };
        let all = |codes: &[Code]| codes.iter().all(is_error);
        Asked {
            known_inputs: all(&[Code::UnknownInput]),
            // Text with refs where no text may be is said to never fit.
            types: all(&[Code::WrongType, Code::NeverFits]),
            ranges: all(&[Code::OutOfRange]),
            formats: all(&[Code::BadFormat]),
        }
    }
}
