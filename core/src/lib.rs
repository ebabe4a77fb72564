//! User-built workflows that are right before they run.
#![deny(missing_docs)]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod diagnostic;
mod limits;
mod reference;
mod source;
mod template;
mod view;
mod workflow;

pub use diagnostic::{
    Code, Diagnostic, Edit, Fix, Level, Pointer, PointerError, Related, Report, Severity, UnknownCode,
};
pub use limits::Limits;
pub use source::{Source, SourceError};
pub use workflow::{Conditional, Test, Workflow, WorkflowAction, WorkflowEdge};
