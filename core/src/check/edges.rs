//! Every edge leads from the start or an action to an action, and stands there once.

use super::ids::Ids;
use crate::diagnostic::{Findings, Pointer, Problem};
use crate::graph::{Edge, From, repeated};
use crate::reference::{self, Parsed, RefRoot};
use crate::suggest::Suggestions;
use crate::workflow::{Conditional, Document, Test, WorkflowEdge};
use serde_json::Value;

/// What an edge calls the start.
pub(crate) const SOURCE: &str = "$source";

/// The edges by their position in the document; `None` where an end is not known.
pub(crate) fn check(
    document: &Document,
    ids: &Ids<'_>,
    suggestions: &Suggestions,
    findings: &mut Findings,
) -> Vec<Option<Edge>> {
    let edges = &document.edges;
    let mut ends = Ends { ids, suggestions, findings };
    let known: Vec<Option<Edge>> = edges.iter().enumerate().map(|(at, edge)| ends.known(at, edge)).collect();
    for (first, second) in repeats(edges, &known) {
        let related = vec![(pointer(first), "the same edge".to_owned())];
        findings.report_related(pointer(second), Problem::DuplicateEdge, related);
    }
    known
}

/// The edges that stand there again, each behind the one that stands there first.
pub(crate) fn repeats(edges: &[WorkflowEdge], known: &[Option<Edge>]) -> Vec<(usize, usize)> {
    let groups = of_one_pair(edges, known).into_iter();
    let pairs = groups.flat_map(|alike| {
        let repeated = repeated(alike.iter().map(|at| key(&edges[*at])));
        repeated.into_iter().map(move |(first, second)| (alike[first], alike[second]))
    });
    pairs.collect()
}

/// The edges that may be the same, in the document's order: those between two actions, and those that have an unknown
/// end.
fn of_one_pair(edges: &[WorkflowEdge], known: &[Option<Edge>]) -> Vec<Vec<usize>> {
    let has_ends = |at: &usize| edges[*at].from.is_some() && edges[*at].to.is_some();
    let mut sorted: Vec<usize> = (0..edges.len()).filter(has_ends).collect();
    let pair = |at: usize| {
        known[at].map(|edge| match edge.from {
            From::Source => (0, edge.to),
            From::Action(from) => (from + 1, edge.to),
        })
    };
    sorted.sort_by_key(|at| pair(*at));
    let groups = sorted.chunk_by(|one, other| pair(*one) == pair(*other));
    groups.filter(|group| group.len() > 1).map(<[usize]>::to_vec).collect()
}

pub(crate) fn pointer(edge: usize) -> Pointer {
    Pointer::root().member("edges").element(edge)
}

struct Ends<'c> {
    ids: &'c Ids<'c>,
    suggestions: &'c Suggestions,
    findings: &'c mut Findings,
}

impl Ends<'_> {
    fn known(&mut self, at: usize, edge: &WorkflowEdge) -> Option<Edge> {
        let from = match edge.from.as_deref() {
            Some(SOURCE) => Some(From::Source),
            Some(id) => self.action(id, || pointer(at).member("from"), Some(SOURCE)).map(From::Action),
            None => None,
        };
        let to = match edge.to.as_deref() {
            Some(SOURCE) => {
                self.findings.report(pointer(at).member("to"), Problem::EdgeIntoSource);
                None
            }
            Some(id) => self.action(id, || pointer(at).member("to"), None),
            None => None,
        };
        Some(Edge { from: from?, to: to? })
    }

    fn action(&mut self, id: &str, pointer: impl Fn() -> Pointer, start: Option<&str>) -> Option<usize> {
        let found = self.ids.get(id);
        if found.is_none() && !self.ids.some_are_missing() {
            let nearest = match start {
                Some(start) if id == "source" => Some(start.to_owned()),
                start => self.suggestions.nearest_id(id, self.ids.names().chain(start)),
            };
            self.findings.report(pointer(), Problem::UnknownAction { id: id.to_owned(), nearest });
        }
        found
    }
}

/// Whether two edges are the same: then only one of them may stand in a document.
pub(crate) fn are_same(one: &WorkflowEdge, other: &WorkflowEdge) -> bool {
    key(one) == key(other)
}

/// Two edges of one key are the same edge.
fn key(edge: &WorkflowEdge) -> (&str, &str, Option<String>) {
    let (from, to) = (edge.from(), edge.to());
    (from, to, edge.conditional.as_ref().map(|conditional| meaning(from, conditional)))
}

/// A condition of an edge from this action, however it is spelled.
fn meaning(from: &str, conditional: &Conditional) -> String {
    let written = conditional.reference.as_deref().unwrap_or_default();
    let reference = match reference::parse(written, usize::MAX) {
        Ok(Parsed::Ref(mut reference)) => {
            if reference.root == RefRoot::Output {
                reference.root = RefRoot::State(from.to_owned());
            }
            reference.to_string()
        }
        _ => written.to_owned(),
    };
    match &conditional.test {
        Some(Test::Match(value)) => format!("match {reference} {}", by_value(value)),
        test => format!("{test:?} {reference}"),
    }
}

/// A value whose numbers are spelled alike where they are equal: `1.0` as `1`.
fn by_value(value: &Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64() {
            #[expect(clippy::cast_possible_truncation, reason = "integral, and small enough to be exact")]
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 9e15 => {
                Value::from(float as i64)
            }
            _ => value.clone(),
        },
        Value::Array(elements) => elements.iter().map(by_value).collect(),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, value)| (name.clone(), by_value(value))).collect())
        }
        other => other.clone(),
    }
}
