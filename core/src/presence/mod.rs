//! When actions run, and what is known of values where they do.

mod diagram;
mod dominators;
mod edges;
mod formula;
mod known;
mod of_rule;
mod runs;
mod variables;

pub(crate) use known::Presence;

use crate::graph::Edge;
use crate::plan::EdgeTest;
use edges::Edges;
pub(crate) use formula::{Formula, ValueTest};

/// What a document says of its edges and conditions.
#[derive(Clone, Copy)]
pub(crate) struct Sources<'s> {
    /// An order in which every action comes after its parents; without those on or behind a cycle.
    pub(crate) order: &'s [usize],
    /// By position; `None` where an end is not known.
    pub(crate) edges: &'s [Option<Edge>],
    /// Which edges have a condition.
    pub(crate) conditional: &'s [bool],
    /// What conditions test; `None` also where that was reported.
    pub(crate) tests: &'s [Option<EdgeTest>],
    /// When the results of `builtin:if` are true, by action.
    pub(crate) rules: &'s [Option<Formula>],
}
