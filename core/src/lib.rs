//! User-built workflows that are right before they run.
#![deny(missing_docs)]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod limits;
mod rule;
mod template;
mod view;

pub use limits::Limits;
