//! Edges by the actions they begin and end at.

use crate::graph::{Edge, From};

#[derive(Debug)]
pub(super) struct Edges {
    into: Vec<Vec<usize>>,
    from: Vec<Vec<usize>>,
    starts: Vec<usize>,
}

impl Edges {
    pub(super) fn new(actions: usize, edges: &[Option<Edge>]) -> Self {
        let mut sorted =
            Edges { into: vec![Vec::new(); actions], from: vec![Vec::new(); actions], starts: Vec::new() };
        for (at, edge) in edges.iter().enumerate() {
            let Some(edge) = edge else { continue };
            sorted.into[edge.to].push(at);
            match edge.from {
                From::Source => sorted.starts.push(at),
                From::Action(from) => sorted.from[from].push(at),
            }
        }
        sorted
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
}
