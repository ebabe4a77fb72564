//! What is wrong with a document: collected, placed in its text, and shown.

mod code;
mod draw;
mod findings;
mod json;
mod place;
mod pointer;
mod problem;
mod quoted;
mod report;
mod sarif;
mod words;

pub use code::{Code, Level, Severity, UnknownCode};
pub(crate) use findings::{Beside, Findings};
pub use pointer::{Pointer, PointerError};
pub(crate) use problem::{Inside, LeaveFault, NotText, Problem, ReservedBecause};
pub(crate) use quoted::{any_of, grouped, is_invisible, message, quoted, shown, typed};
pub use report::{Diagnostic, Edit, Fix, Related, Report};
pub use sarif::sarif;

#[cfg(test)]
use words::Words;

#[cfg(test)]
mod tests;
