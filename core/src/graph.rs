//! The graph of a document: which action runs before which.

use crate::ancestors::Ancestors;
use crate::groups::Groups;
use std::collections::HashMap;
use std::rc::Rc;

/// Where an edge begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum From {
    /// `$source`
    Source,
    /// An action, by its position in the document.
    Action(usize),
}

/// An edge whose ends are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Edge {
    pub(crate) from: From,
    pub(crate) to: usize,
}

/// Actions are nodes, by position; edges keep no order of their own.
#[derive(Debug)]
pub(crate) struct Graph {
    parents: Rc<Groups>,
    children: Groups,
    starts: Vec<usize>,
}

impl Graph {
    pub(crate) fn new(actions: usize, edges: impl Iterator<Item = Edge> + Clone) -> Self {
        let inner = edges.clone().filter_map(|edge| match edge.from {
            From::Source => None,
            From::Action(from) => Some((from, edge.to)),
        });
        Graph {
            parents: Rc::new(Groups::new(actions, inner.clone().map(|(from, to)| (to, from)))),
            children: Groups::new(actions, inner),
            starts: edges.filter(|edge| edge.from == From::Source).map(|edge| edge.to).collect(),
        }
    }

    pub(crate) fn parents(&self, action: usize) -> &[usize] {
        &self.parents[action]
    }

    /// The actions that can be reached from those given, themselves included.
    pub(crate) fn downstream(&self, from: impl IntoIterator<Item = usize>) -> Vec<bool> {
        reach(&self.children, from)
    }

    /// The actions from which those given can be reached, themselves included.
    pub(crate) fn upstream(&self, of: impl IntoIterator<Item = usize>) -> Vec<bool> {
        reach(&self.parents, of)
    }

    /// The actions that can be reached from `$source`.
    pub(crate) fn reachable(&self) -> Vec<bool> {
        self.downstream(self.starts.iter().copied())
    }

    /// An order in which every action comes after its parents; actions on or behind a cycle are left out.
    pub(crate) fn order(&self) -> Vec<usize> {
        let mut waiting: Vec<usize> =
            (0..self.parents.len()).map(|action| self.parents[action].len()).collect();
        let mut order: Vec<usize> = (0..waiting.len()).filter(|&action| waiting[action] == 0).collect();
        let mut next = 0;
        while let Some(&action) = order.get(next) {
            next += 1;
            for &child in &self.children[action] {
                waiting[child] -= 1;
                if waiting[child] == 0 {
                    order.push(child);
                }
            }
        }
        order
    }

    /// One shortest cycle of each knot of cycles, from its first action in the document on.
    pub(crate) fn cycles(&self) -> Vec<Vec<usize>> {
        let knots = self.knots();
        let mut done = vec![false; knots.len()];
        let mut before = vec![None; knots.len()];
        (0..knots.len())
            .filter(|&action| !std::mem::replace(&mut done[knots[action]], true))
            .filter_map(|first| self.cycle_through(first, &knots, &mut before))
            .collect()
    }

    /// A name for each action: actions that lead to each other have the same.
    fn knots(&self) -> Vec<usize> {
        let mut knots = vec![usize::MAX; self.children.len()];
        for root in self.by_finish().into_iter().rev() {
            let mut open = vec![root];
            while let Some(action) = open.pop() {
                if knots[action] == usize::MAX {
                    knots[action] = root;
                    open.extend(&self.parents[action]);
                }
            }
        }
        knots
    }

    /// The actions in the order in which a depth-first walk is done with them.
    fn by_finish(&self) -> Vec<usize> {
        let mut seen = vec![false; self.children.len()];
        let mut finished = Vec::with_capacity(seen.len());
        for root in 0..seen.len() {
            let mut walk = if std::mem::replace(&mut seen[root], true) { vec![] } else { vec![(root, 0)] };
            while let Some((action, next)) = walk.pop() {
                match self.children[action].get(next) {
                    None => finished.push(action),
                    Some(&child) => {
                        walk.push((action, next + 1));
                        if !std::mem::replace(&mut seen[child], true) {
                            walk.push((child, 0));
                        }
                    }
                }
            }
        }
        finished
    }

    /// A shortest way from `start` back to itself; `before` is scratch space, one knot's part of it.
    fn cycle_through(
        &self,
        start: usize,
        knots: &[usize],
        before: &mut [Option<usize>],
    ) -> Option<Vec<usize>> {
        let mut open = vec![start];
        let mut next = 0;
        while let Some(&action) = open.get(next) {
            next += 1;
            for &child in &self.children[action] {
                if child == start {
                    let back = std::iter::successors(Some(action), |&action| before[action]);
                    let mut cycle: Vec<usize> = back.collect();
                    cycle.reverse();
                    return Some(cycle);
                }
                if knots[child] == knots[start] && before[child].is_none() {
                    before[child] = Some(action);
                    open.push(child);
                }
            }
        }
        None
    }

    /// Which actions run before which; an action off `order` has no known ancestors.
    pub(crate) fn ancestors(&self, order: Vec<usize>) -> Ancestors {
        Ancestors::new(Rc::clone(&self.parents), order)
    }
}

fn reach(next: &Groups, from: impl IntoIterator<Item = usize>) -> Vec<bool> {
    let mut reached = vec![false; next.len()];
    let mut open: Vec<usize> = from.into_iter().collect();
    while let Some(action) = open.pop() {
        if !std::mem::replace(&mut reached[action], true) {
            open.extend(&next[action]);
        }
    }
    reached
}

/// The edges that equal an earlier one, each behind that one, by a key that says when two are equal.
pub(crate) fn repeated<K: std::hash::Hash + Eq>(keys: impl IntoIterator<Item = K>) -> Vec<(usize, usize)> {
    let mut seen = HashMap::new();
    let keys = keys.into_iter().enumerate();
    keys.map(|(at, key)| (*seen.entry(key).or_insert(at), at)).filter(|(first, at)| first != at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(actions: usize, starts: &[usize], edges: &[(usize, usize)]) -> Graph {
        let starts = starts.iter().map(|&to| Edge { from: From::Source, to });
        let edges = edges.iter().map(|&(from, to)| Edge { from: From::Action(from), to });
        Graph::new(actions, starts.chain(edges))
    }

    #[test]
    fn an_order_puts_parents_first() {
        let diamond = graph(4, &[3], &[(3, 1), (3, 2), (1, 0), (2, 0)]);
        assert_eq!(diamond.order(), [3, 1, 2, 0]);
        assert!(diamond.cycles().is_empty());
    }

    #[test]
    fn each_knot_of_cycles_is_named_once() {
        let knots = graph(7, &[0], &[(0, 1), (1, 2), (2, 1), (2, 3), (3, 1), (4, 4), (3, 5), (5, 6)]);
        assert_eq!(knots.cycles(), [vec![1, 2], vec![4]]);
    }

    #[test]
    fn what_nothing_leads_to_is_not_reachable() {
        assert_eq!(graph(3, &[0], &[(0, 1)]).reachable(), [true, true, false]);
    }
}
