//! When actions run, and what is known of values where they do.

pub(crate) mod formula;
mod of_rule;
