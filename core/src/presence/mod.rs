//! When actions run, and what is known of values where they do.

mod diagram;
mod dominators;
pub(crate) mod formula;
mod of_rule;
