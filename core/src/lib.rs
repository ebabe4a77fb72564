//! User-built workflows that are right before they run.
#![deny(missing_docs)]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod builtin;
mod check;
mod checked;
mod engine;
mod event;
mod fault;
mod graph;
mod limits;
mod loader;
mod plan;
mod registry;
mod run;
mod scope;
mod template;
mod view;

pub use checked::CheckedWorkflow;
pub use engine::{Engine, EngineBuilder, EventRefused, MissingResource, MissingResources, RunError};
pub use event::Event;
pub use limits::Limits;
pub use loader::Loader;
pub use registry::{Mode, Registry, RegistryBuilder, RegistryError, RegistryFault};
pub use run::{ActionStatus, Cause, Failure, InputFault, Outcome, OutputError, Status};
