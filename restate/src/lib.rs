//! Runs of checked workflows on a Restate cluster: the same actions and documents, on more than one machine.
#![deny(missing_docs)]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod attempts;
mod client;
mod error;
mod inbox;
mod names;
mod runs;
mod runtime;
mod service;
mod steps;
mod submission;
mod transport;

pub use client::{Client, RunState};
pub use error::ClientError;
pub use service::Service;
