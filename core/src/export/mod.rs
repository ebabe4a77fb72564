//! What a registry and its workflows are to other programs.

mod graph;
mod inlined;
mod public_actions;
mod workflow_schema;

pub use graph::Graph;
