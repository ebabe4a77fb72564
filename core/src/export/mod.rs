//! What a registry and its workflows are to other programs.

mod graph;
mod inlined;
mod public_actions;
mod tools;
mod typescript;
mod workflow_schema;

pub use graph::Graph;
pub(crate) use public_actions::inlined_input;
