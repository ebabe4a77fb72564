//! Which outcomes the conditions of edges can have: a value that is never met, values that no edge meets, a condition
//! that always comes out the same.

use super::edges::pointer;
use crate::diagnostic::{Findings, Problem};
use crate::graph::{Edge, From};
use crate::map::{Map, Set};
use crate::plan::{EdgeTest, Holds};
use crate::registry::Builtin;
use crate::run::is_equal;
use crate::scope::{Scope, Site};
use crate::template::{Place, Root};
use flowright_schema::{Cell, Type};
use serde_json::Value;

/// How many edges that match one ref are asked for what they leave out.
const MOST_MATCHES: usize = 256;

/// Reports what is odd about the conditions of edges. What runs do is known.
pub(crate) fn check(
    scope: &Scope<'_>,
    edges: &[Option<Edge>],
    tests: &[Option<EdgeTest>],
    findings: &mut Findings,
) {
    let mut told = Set::default();
    for (at, (edge, test)) in edges.iter().zip(tests).enumerate() {
        let (Some(Edge { from, .. }), Some(test)) = (edge, test) else { continue };
        if findings.is_full() {
            return;
        }
        if is_impossible(scope, at, test, findings) {
            told.insert((*from, &test.place));
        }
    }
    for (at, (edge, test)) in edges.iter().zip(tests).enumerate() {
        let (Some(Edge { from, .. }), Some(test)) = (edge, test) else { continue };
        if matches!(from, From::Action(from) if !scope.order.is_certain(*from)) {
            continue;
        }
        let Some(holds) = scope.presence.constant(at) else { continue };
        // Of a rule that is always true, the rule says so.
        if is_result_of(scope, *from, &test.place) || !told.insert((*from, &test.place)) {
            continue;
        }
        let ty = scope.narrowed(&test.place, Site::Edge(Some(*from))).ty;
        let says_something = !ty.is_any() && !ty.is_never() && !is_result(scope, &test.place);
        let found = (says_something && !findings.is_full()).then(|| ty.to_string());
        findings.report(pointer(at).member("conditional"), Problem::ConstantCondition { holds, found });
    }
    for Group { from, place, edges: of, values } in groups(edges, tests) {
        if told.contains(&(from, place)) || findings.is_full() {
            continue;
        }
        let ty = scope.narrowed(place, Site::Edge(Some(from))).ty;
        let missing = missing(&ty, &values);
        if let (false, Some(first)) = (missing.is_empty(), of.first()) {
            let from = match from {
                From::Source => super::edges::SOURCE.to_owned(),
                From::Action(action) => scope.document.actions[action].id().to_owned(),
            };
            let conditional = scope.document.edges[*first].conditional.as_ref();
            let reference = conditional.and_then(|of| of.reference.clone()).unwrap_or_default();
            let problem = Problem::IncompleteMatch { from, reference, missing };
            findings.report(pointer(*first).member("conditional"), problem);
        }
    }
}

/// Reports a value to match that the ref never yields.
fn is_impossible(scope: &Scope<'_>, at: usize, test: &EdgeTest, findings: &mut Findings) -> bool {
    let Holds::Equal(value) = &test.holds else { return false };
    let ty = scope.at(&test.place).ty;
    // Where nothing can be, the ref was reported.
    if ty.is_any() || ty.is_never() || ty.accepts(value) {
        return false;
    }
    let listed = strings(&ty);
    let nearest =
        value.as_str().and_then(|text| scope.suggestions.nearest(text, listed.iter().map(String::as_str)));
    let problem = Problem::ImpossibleMatch { value: value.to_string(), found: ty.to_string(), nearest };
    findings.report(pointer(at).member("conditional").member("value"), problem);
    true
}

/// The strings that a type lists.
fn strings(ty: &Type) -> Vec<String> {
    let cells = ty.cells(&[]).into_iter();
    let strings = cells.filter_map(|cell| match cell {
        Cell::Constant(Value::String(text)) => Some(text),
        _ => None,
    });
    strings.collect()
}

fn is_result_of(scope: &Scope<'_>, from: From, place: &Place) -> bool {
    matches!((from, place.root), (From::Action(from), Root::Output(action)) if from == action)
        && is_result(scope, place)
}

/// Whether it is the outcome of a rule that is tested.
fn is_result(scope: &Scope<'_>, place: &Place) -> bool {
    let Root::Output(action) = place.root else { return false };
    scope.registered(action).is_some_and(|registered| registered.builtin == Some(Builtin::If))
}

/// The edges that match one ref with values, where no other edge begins.
struct Group<'t> {
    from: From,
    place: &'t Place,
    edges: Vec<usize>,
    values: Vec<&'t Value>,
}

/// Those of several edges, in the order of their first.
fn groups<'t>(edges: &[Option<Edge>], tests: &'t [Option<EdgeTest>]) -> Vec<Group<'t>> {
    let mut groups: Vec<Group<'t>> = Vec::new();
    // `None`: not all that begins there matches one ref.
    let mut by_start: Map<From, Option<usize>> = Map::default();
    for (at, (edge, test)) in edges.iter().zip(tests).enumerate() {
        let Some(Edge { from, .. }) = *edge else { continue };
        let Some(EdgeTest { place, holds: Holds::Equal(value) }) = test else {
            by_start.insert(from, None);
            continue;
        };
        let group = *by_start.entry(from).or_insert_with(|| {
            groups.push(Group { from, place, edges: Vec::new(), values: Vec::new() });
            Some(groups.len() - 1)
        });
        match group.and_then(|group| groups.get_mut(group)) {
            Some(group) if group.place == place => {
                group.edges.push(at);
                group.values.push(value);
            }
            _ => {
                by_start.insert(from, None);
            }
        }
    }
    let whole: Set<usize> = by_start.into_values().flatten().collect();
    let several = groups.into_iter().enumerate().filter(|(at, group)| {
        whole.contains(at) && group.values.iter().any(|value| !is_equal(value, group.values[0]))
    });
    several.map(|(_, group)| group).collect()
}

/// The values of a type that are none of those given; none where it has values without end.
fn missing(ty: &Type, values: &[&Value]) -> Vec<String> {
    if ty.is_any() || values.len() > MOST_MATCHES {
        return Vec::new();
    }
    let values: Vec<Value> = values.iter().copied().cloned().collect();
    let singles: Option<Vec<Value>> = ty.cells(&values).into_iter().map(single).collect();
    let missing = singles.into_iter().flatten();
    let missing = missing.filter(|single| !values.iter().any(|value| is_equal(single, value)));
    missing.map(|value| value.to_string()).collect()
}

/// The value that a cell has, where it has one only.
fn single(cell: Cell) -> Option<Value> {
    match cell {
        Cell::Null => Some(Value::Null),
        Cell::False => Some(Value::Bool(false)),
        Cell::True => Some(Value::Bool(true)),
        Cell::Zero => Some(Value::from(0)),
        Cell::EmptyString => Some(Value::from("")),
        Cell::EmptyArray => Some(Value::Array(Vec::new())),
        Cell::Constant(value) => Some(value),
        Cell::Absent | Cell::Number | Cell::String | Cell::Array | Cell::Object => None,
    }
}
