//! JSON Schema as a type system. Knows values, types and paths; knows no workflow.
#![deny(missing_docs)]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod path;
mod subject;

pub use path::{Path, Segment};
pub use subject::{Shape, Subject};
