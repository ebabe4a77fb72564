//! Every action is reached from the start, and none waits for itself.

use super::edges::SOURCE;
use super::ids::Ids;
use crate::ancestors::Ancestors;
use crate::diagnostic::{Findings, Pointer, Problem};
use crate::graph::{Edge, Graph};
use crate::workflow::{Document, WorkflowEdge};

/// Which action runs before which.
#[derive(Debug)]
pub(crate) struct Order {
    ancestors: Ancestors,
    /// Of each action: whether all that should lead to it is known.
    certain: Vec<bool>,
    /// Of each action: whether an edge that leads nowhere begins at it, or behind it.
    astray: Vec<bool>,
}

impl Order {
    /// Whether `ancestor` may run after `action`, or beside it. Never said of an action whose place is not known.
    pub(crate) fn is_not_before(&self, ancestor: usize, action: usize) -> bool {
        let comes_after = ancestor == action || self.ancestors.contains(ancestor, action);
        let is_known = self.certain[action] && !self.astray[ancestor];
        comes_after || (is_known && !self.ancestors.contains(action, ancestor))
    }

    /// Whether all that should lead to an action is known.
    pub(crate) fn is_certain(&self, action: usize) -> bool {
        self.certain[action]
    }

    /// An order in which every action comes after its parents; without those on or behind a cycle.
    pub(crate) fn sequence(&self) -> &[usize] {
        self.ancestors.order()
    }
}

pub(crate) fn check(
    document: &Document,
    graph: &Graph,
    edges: &[Option<Edge>],
    ids: &Ids<'_>,
    findings: &mut Findings,
) -> Order {
    let actions = document.actions.len();
    let order = graph.order();
    let mut before_cycles = vec![false; actions];
    for &action in &order {
        before_cycles[action] = true;
    }
    let cycles = if order.len() < actions { graph.cycles() } else { Vec::new() };
    for cycle in cycles {
        let ids = cycle.iter().map(|&action| document.actions[action].id().to_owned()).collect();
        findings.report(Pointer::root().member("edges"), Problem::Cycle { ids });
    }

    let written = || document.edges.iter().zip(edges);
    let begins = |edge: &WorkflowEdge| match edge.from.as_deref() {
        Some(SOURCE) => true,
        // Whatever is written there may have been meant for `$source`.
        from => from.is_none_or(|from| ids.get(from).is_none()),
    };
    let started = document.edges.iter().any(begins);
    if !started && actions > 0 && document.has_edges {
        findings.report(Pointer::root().member("edges"), Problem::NoStart);
    }
    let broken = || written().filter(|(_, edge)| edge.is_none()).map(|(written, _)| written);
    let ends = broken().filter_map(|edge| ids.get(edge.to.as_deref()?));
    let half_known = graph.downstream(ends.chain(ids.nameless().iter().copied()));
    let reachable = graph.reachable();
    let astray = |action: &usize| !reachable[*action] && !half_known[*action] && before_cycles[*action];
    let unreached: Vec<usize> =
        (0..actions).filter(astray).filter(|&action| graph.parents(action).is_empty()).collect();
    // Each edge that leads nowhere may have been meant for one of them.
    let lost_ends = || broken().filter(|edge| edge.to.as_deref().is_none_or(|to| ids.get(to).is_none()));
    if started && unreached.len() > lost_ends().count() {
        for action in unreached {
            let id = document.actions[action].id().to_owned();
            findings.report(Pointer::root().member("actions").element(action), Problem::Unreachable { id });
        }
    }
    let certain =
        (0..actions).map(|action| reachable[action] && before_cycles[action] && !half_known[action]);
    Order {
        certain: certain.collect(),
        astray: graph.upstream(lost_ends().filter_map(|edge| ids.get(edge.from.as_deref()?))),
        ancestors: graph.ancestors(order),
    }
}
