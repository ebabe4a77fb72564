//! A plain reading of the rules by which documents run, with nothing of flowright in it: no plan, no types, no
//! concurrency. It takes documents that are well formed, and panics at what it does not know.
//!
//! - [`refs`]: where a ref leads
//! - [`text`]: what refs come to in a value
//! - [`truth`]: which values conditions take for true
//! - [`rules`]: the rules of `builtin:if`
//! - [`actions`]: what the actions do
//! - [`graph`]: which actions run

pub mod actions;
pub mod graph;
pub mod refs;
pub mod rules;
pub mod text;
pub mod truth;
