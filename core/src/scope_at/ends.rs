//! The ends of an edge.

use super::ScopeAt;
use crate::check::Known;
use crate::check::edges::{SOURCE, are_same};
use crate::graph::{From, Graph};
use crate::scope::Scope;
use crate::workflow::WorkflowEdge;
use std::collections::HashSet;

/// How many ids are listed.
const MOST: usize = 500;

/// Where an edge begins, where that is known.
pub(super) fn begin(scope: &Scope<'_>, edge: usize) -> Option<From> {
    match scope.document.edges[edge].from.as_deref()? {
        SOURCE => Some(From::Source),
        id => scope.ids.get(id).map(From::Action),
    }
}

pub(super) fn from(scope: &Scope<'_>, known: &Known, edge: usize) -> ScopeAt {
    let to = scope.document.edges[edge].to.as_deref().and_then(|to| scope.ids.get(to));
    let behind = to.map(|to| others(scope, known, edge).downstream([to])).unwrap_or_default();
    let taken = taken(scope, edge, |edge| &edge.to, |edge| &mut edge.from);
    let start = Some(SOURCE.to_owned()).filter(|start| !taken.contains(start));
    let (ids, cut) = ids(scope, to, &behind, &taken);
    ScopeAt::End { ids: start.into_iter().chain(ids).collect(), cut }
}

pub(super) fn to(scope: &Scope<'_>, known: &Known, edge: usize) -> ScopeAt {
    let from = match begin(scope, edge) {
        Some(From::Action(from)) => Some(from),
        Some(From::Source) | None => None,
    };
    let before = from.map(|from| others(scope, known, edge).upstream([from])).unwrap_or_default();
    let taken = taken(scope, edge, |edge| &edge.from, |edge| &mut edge.to);
    let (ids, cut) = ids(scope, from, &before, &taken);
    ScopeAt::End { ids, cut }
}

/// The graph without an edge.
fn others(scope: &Scope<'_>, known: &Known, edge: usize) -> Graph {
    let others = known.edges.iter().enumerate().filter(move |(at, _)| *at != edge);
    Graph::new(scope.document.actions.len(), others.filter_map(|(_, other)| *other))
}

/// The ids at one end that would make an edge the same as another with the same other end.
fn taken(
    scope: &Scope<'_>,
    edge: usize,
    other_end: impl Fn(&WorkflowEdge) -> &Option<String>,
    end: impl Fn(&mut WorkflowEdge) -> &mut Option<String>,
) -> HashSet<String> {
    let this = &scope.document.edges[edge];
    let others = scope.document.edges.iter().enumerate().filter(|(at, _)| *at != edge);
    let others = others.map(|(_, other)| other);
    let others = others.filter(|other| other_end(this).is_some() && other_end(this) == other_end(other));
    let same = others.filter_map(|other| {
        let (mut moved, mut other) = (this.clone(), other.clone());
        let id = end(&mut other).clone()?;
        *end(&mut moved) = Some(id.clone());
        are_same(&moved, &other).then_some(id)
    });
    same.collect()
}

/// The ids that are neither `wrong` nor `taken`, in the document's order; those near `other` where there are many.
fn ids(
    scope: &Scope<'_>,
    other: Option<usize>,
    wrong: &[bool],
    taken: &HashSet<String>,
) -> (Vec<String>, bool) {
    let known = scope.ids.names().filter_map(|id| Some((scope.ids.get(id)?, id)));
    let right = known.filter(|(at, id)| !wrong.get(*at).is_some_and(|wrong| *wrong) && !taken.contains(*id));
    let mut right: Vec<(usize, &str)> = right.collect();
    let cut = right.len() > MOST;
    if cut {
        right.sort_by_key(|(at, _)| at.abs_diff(other.unwrap_or_default()));
        right.truncate(MOST);
        right.sort_unstable();
    }
    (right.into_iter().map(|(_, id)| id.to_owned()).collect(), cut)
}
