//! Every edge leads from the start or an action to an action, and stands there once.

use super::ids::Ids;
use crate::diagnostic::{Findings, Pointer, Problem};
use crate::graph::{Edge, From, repeated};
use crate::workflow::{Document, WorkflowEdge};
use flowright_schema::nearest;

/// What an edge calls the start.
pub(crate) const SOURCE: &str = "$source";

/// The edges by their position in the document; `None` where an end is not known.
pub(crate) fn check(document: &Document, ids: &Ids, findings: &mut Findings) -> Vec<Option<Edge>> {
    let edges = &document.edges;
    for second in repeated(edges.iter().enumerate().map(|(at, edge)| key(at, edge))) {
        findings.report(pointer(second), Problem::DuplicateEdge);
    }
    edges
        .iter()
        .enumerate()
        .map(|(at, edge)| {
            let from = match edge.from.as_deref() {
                Some(SOURCE) => Some(From::Source),
                Some(id) => known(id, pointer(at).member("from"), ids, findings).map(From::Action),
                None => None,
            };
            let to = match edge.to.as_deref() {
                Some(SOURCE) => {
                    findings.report(pointer(at).member("to"), Problem::EdgeIntoSource);
                    None
                }
                Some(id) => known(id, pointer(at).member("to"), ids, findings),
                None => None,
            };
            Some(Edge { from: from?, to: to? })
        })
        .collect()
}

pub(crate) fn pointer(edge: usize) -> Pointer {
    Pointer::root().member("edges").element(edge)
}

fn known(id: &str, pointer: Pointer, ids: &Ids, findings: &mut Findings) -> Option<usize> {
    let found = ids.get(id);
    if found.is_none() {
        let near = if findings.is_full() { None } else { nearest(id, ids.names()) };
        let problem = Problem::UnknownAction { id: id.to_owned(), nearest: near.map(str::to_owned) };
        findings.report(pointer, problem);
    }
    found
}

/// Two edges of one key are the same edge; one without both ends is like no other.
fn key(at: usize, edge: &WorkflowEdge) -> Result<(&str, &str, Option<String>), usize> {
    match (edge.from.as_deref(), edge.to.as_deref()) {
        (Some(from), Some(to)) => {
            Ok((from, to, edge.conditional.as_ref().map(|conditional| format!("{conditional:?}"))))
        }
        _ => Err(at),
    }
}
