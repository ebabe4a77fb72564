//! Edges by the actions they begin and end at.

use crate::graph::{Edge, From};
use crate::groups::Groups;

#[derive(Debug)]
pub(super) struct Edges {
    into: Groups,
    from: Groups,
    starts: Vec<usize>,
}

impl Edges {
    pub(super) fn new(actions: usize, edges: &[Option<Edge>]) -> Self {
        let known = edges.iter().enumerate().filter_map(|(at, edge)| Some((at, (*edge)?)));
        let from = known.clone().filter_map(|(at, edge)| match edge.from {
            From::Source => None,
            From::Action(from) => Some((from, at)),
        });
        let starts = known.clone().filter(|(_, edge)| edge.from == From::Source).map(|(at, _)| at);
        Edges {
            starts: starts.collect(),
            from: Groups::new(actions, from),
            into: Groups::new(actions, known.map(|(at, edge)| (edge.to, at))),
        }
    }

    /// Those that lead to an action, in the document's order.
    pub(super) fn leading_to(&self, action: usize) -> &[usize] {
        &self.into[action]
    }

    /// Those that begin at an action.
    pub(super) fn leaving(&self, action: usize) -> &[usize] {
        &self.from[action]
    }

    /// Those that begin at the start.
    pub(super) fn starts(&self) -> &[usize] {
        &self.starts
    }

    /// An order of the actions in `order`, in which every one comes after its parents, too; but one way is followed to
    /// where others meet it before the next is begun. What is tested along one way stands together then, and diagrams
    /// of many ways side by side stay small.
    pub(super) fn way_by_way(&self, ends: &[Option<Edge>], order: &[usize]) -> Vec<usize> {
        let mut open_for = vec![false; self.from.len()];
        for &action in order {
            open_for[action] = true;
        }
        let mut finished = Vec::with_capacity(order.len());
        for &root in order {
            let mut walk = if std::mem::take(&mut open_for[root]) { vec![(root, 0)] } else { Vec::new() };
            while let Some((action, next)) = walk.last_mut() {
                match self.from[*action].get(*next) {
                    Some(&edge) => {
                        *next += 1;
                        let child = ends[edge].map(|edge| edge.to);
                        if let Some(child) = child.filter(|child| std::mem::take(&mut open_for[*child])) {
                            walk.push((child, 0));
                        }
                    }
                    None => finished.extend(walk.pop().map(|(action, _)| action)),
                }
            }
        }
        finished.reverse();
        finished
    }
}
