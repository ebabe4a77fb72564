//! What crosses flowright's crates: the conformance actions, and what the benchmarks share.

pub mod actions;
pub mod awkward;
pub mod conformance;
pub mod errors;
pub mod node;
pub mod restate;
pub mod survivor;
pub mod targets;
pub mod typed;
