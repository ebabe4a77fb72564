//! The ways through a document.

use crate::case::{Case, text};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of the ways that lead to an action.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ways {
    /// How many there are, as Workflow Kit goes: what is beyond a million is a million.
    pub(crate) count: u64,
    /// How many edges they have.
    pub(crate) lengths: BTreeSet<usize>,
    /// Whether a condition stands on every one of them.
    pub(crate) may_be_skipped: bool,
}

/// Those of every action, and the ids in an order in which each comes after what leads to it.
pub(crate) fn ways(case: &Case) -> (Vec<&str>, BTreeMap<&str, Ways>) {
    let start = Ways { count: 1, lengths: BTreeSet::from([0]), may_be_skipped: false };
    let mut known = BTreeMap::from([("$source", start)]);
    let mut order = Vec::new();
    while let Some(id) = case.ids().find(|id| {
        let mut froms = case.edges().iter().filter(|edge| edge["to"] == **id);
        !known.contains_key(id) && froms.all(|edge| known.contains_key(text(&edge["from"])))
    }) {
        let mut ways = Ways { may_be_skipped: true, ..Ways::default() };
        for edge in case.edges().iter().filter(|edge| edge["to"] == *id) {
            let from = &known[text(&edge["from"])];
            ways.count = (ways.count + from.count).min(1_000_000);
            ways.lengths.extend(from.lengths.iter().map(|length| length + 1));
            ways.may_be_skipped &= from.may_be_skipped || edge.get("conditional").is_some();
        }
        known.insert(id, ways);
        order.push(id);
    }
    (order, known)
}
