//! Edges that lead nowhere, edges that stand there twice, and conditions of the npm editor.

use super::mend::Mended;
use super::node::Node;
use super::removal::removals;
use crate::check::edges::{SOURCE, pointer, repeats};
use crate::check::ids::Ids;
use crate::diagnostic::{Edit, quoted};
use crate::graph::{Edge, From};
use crate::reference::{self, OPENING, Parsed};
use crate::registry::Registry;
use crate::suggest::Suggestions;
use crate::workflow::{Document, WorkflowEdge};
use flowright_schema::Presence;
use serde_json::Value;

/// The edges to take out: those that lead from or to an action that is gone, and those that stand there twice.
pub(super) fn needless(text: &str, root: &Node, document: &Document, ids: &Ids<'_>) -> Vec<Mended> {
    // Where an action has no id, any name may have been meant for it.
    if ids.some_are_missing() {
        return Vec::new();
    }
    let Some(list) = root.member("edges") else { return Vec::new() };
    let edges = &document.edges;
    let ends = Ends { ids, suggestions: Suggestions::default() };
    let mut why: Vec<Option<String>> = edges.iter().map(|edge| ends.gone(edge)).collect();
    let known: Vec<Option<Edge>> = edges.iter().map(|edge| ends.known(edge)).collect();
    for (_, second) in repeats(edges, &known) {
        let edge = edges.get(second).map(shown).unwrap_or_default();
        if let Some(why) = why.get_mut(second) {
            why.get_or_insert_with(|| format!("remove the edge {edge}, which stands there twice"));
        }
    }
    let (removed, whys): (Vec<usize>, Vec<String>) =
        why.into_iter().enumerate().filter_map(|(at, why)| Some((at, why?))).unzip();
    let items: Vec<_> = list.elements().iter().map(|edge| edge.span.clone()).collect();
    let ranges = removals(text, &list.span, &items, &removed);
    let removed = removed.into_iter().zip(whys).zip(ranges);
    removed
        .map(|((at, description), ranges)| Mended {
            pointer: pointer(at),
            description,
            edits: ranges.into_iter().map(|range| Edit::new(range, String::new())).collect(),
        })
        .collect()
}

struct Ends<'d> {
    ids: &'d Ids<'d>,
    suggestions: Suggestions,
}

impl Ends<'_> {
    /// Why an edge leads nowhere.
    fn gone(&self, edge: &WorkflowEdge) -> Option<String> {
        let from = edge.from.as_deref().filter(|id| *id != SOURCE && self.is_gone(id, Some(SOURCE)));
        let id = from.or_else(|| edge.to.as_deref().filter(|id| *id != SOURCE && self.is_gone(id, None)))?;
        Some(format!("remove the edge {}: there is no action {}", shown(edge), quoted(id)))
    }

    /// Whether no action has the id, and none is near that may have been meant.
    fn is_gone(&self, id: &str, start: Option<&str>) -> bool {
        let is_source = start.is_some() && id == "source";
        self.ids.get(id).is_none()
            && !is_source
            && self.suggestions.nearest_id(id, self.ids.names().chain(start)).is_none()
            && !self.suggestions.are_spent()
    }

    fn known(&self, edge: &WorkflowEdge) -> Option<Edge> {
        let from = match edge.from.as_deref()? {
            SOURCE => From::Source,
            id => From::Action(self.ids.get(id)?),
        };
        Some(Edge { from, to: self.ids.get(edge.to.as_deref()?)? })
    }
}

fn shown(edge: &WorkflowEdge) -> String {
    format!("from {} to {}", quoted(edge.from()), quoted(edge.to()))
}

/// Conditions such as `!ref($.result)`, which the npm editor writes for what is `!ref($.output.result)`.
pub(super) fn conditions(
    registry: &Registry,
    root: &Node,
    document: &Document,
    ids: &Ids<'_>,
) -> Vec<Mended> {
    let list = root.member("edges").map(Node::elements).unwrap_or_default();
    let edges = document.edges.iter().zip(list).enumerate();
    let wrong = edges.filter_map(|(at, (edge, node))| {
        let written = edge.conditional.as_ref()?.reference.as_deref()?;
        let right = of_output(written, registry, document, ids.get(edge.from.as_deref()?)?)?;
        let node = node.member("conditional")?.member("ref")?;
        let description =
            format!("write {}: the condition is about what {} yields", quoted(&right), quoted(edge.from()));
        let edit = Edit::new(node.span.clone(), Value::from(right).to_string());
        let pointer = pointer(at).member("conditional").member("ref");
        Some(Mended { pointer, description, edits: vec![edit] })
    });
    wrong.collect()
}

/// A ref that begins at no root, as one to what the action yields; `None` where it has no such output.
fn of_output(written: &str, registry: &Registry, document: &Document, from: usize) -> Option<String> {
    let path = written.strip_prefix(OPENING)?.strip_prefix('$')?;
    if reference::parse(written, registry.limits().path_segments).is_ok() {
        return None;
    }
    let right = format!("{OPENING}$.output{path}");
    let Ok(Parsed::Ref(reference)) = reference::parse(&right, registry.limits().path_segments) else {
        return None;
    };
    let kind = document.actions.get(from)?.kind.as_deref()?;
    let output = &registry.registered(registry.position(kind)?).output;
    let is_there = !reference.path.segments().is_empty()
        && !output.is_any()
        && output.at(&reference.path).presence != Presence::Never;
    is_there.then_some(right)
}
