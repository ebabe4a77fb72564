//! Whether a document may run: every rule in a file of its own, all findings at once.

mod branches;
mod conditions;
mod constant;
pub(crate) mod edges;
mod given;
pub(crate) mod ids;
pub(crate) mod inputs;
mod kinds;
mod leave;
mod misfit;
mod order;
mod outcomes;
pub(crate) mod proof;
mod rules;
mod templates;
mod value_type;
mod values;
mod written;

use crate::checked::{Checked, CheckedWorkflow};
use crate::diagnostic::{Code, Findings, Level, Pointer, Problem, Report};
use crate::graph::{Edge, From, Graph};
use crate::plan::{EdgeTest, Extent, Plain, Plan, PlannedAction, PlannedEdge, Work};
use crate::presence::Presence;
use crate::registry::{Mode, Registry, Trigger};
use crate::scope::Scope;
use crate::source::Source;
use crate::suggest::Suggestions;
use crate::workflow::{Document, Workflow, read};
pub(crate) use ids::Ids;
pub(crate) use leave::Leave;
pub(crate) use misfit::{example, place};
pub(crate) use order::Order;
use std::collections::HashMap;
use std::sync::OnceLock;
pub(crate) use templates::Places;

/// Checks a document whose event is of the trigger's type.
pub(crate) fn check(
    registry: &Registry,
    source: &Source,
    trigger: &Trigger,
) -> Result<CheckedWorkflow, Report> {
    check_into(Findings::with_levels(registry.limits(), levels(registry)), registry, source, trigger)
}

/// What is wrong with a document and has a fix; of what has none nothing is said.
pub(crate) fn fixes(registry: &Registry, source: &Source, trigger: &Trigger) -> Report {
    let findings = Findings::of_fixes(registry.limits(), levels(registry));
    match check_into(findings, registry, source, trigger) {
        Ok(workflow) => workflow.report().clone(),
        Err(report) => report,
    }
}

pub(crate) fn levels(registry: &Registry) -> HashMap<Code, Level> {
    let mut levels = registry.levels().clone();
    if registry.mode() == Mode::Strict {
        levels.insert(Code::CheckedAtRunTime, Level::Error);
    }
    levels
}

fn check_into(
    mut findings: Findings,
    registry: &Registry,
    source: &Source,
    trigger: &Trigger,
) -> Result<CheckedWorkflow, Report> {
    let Some(document) = read(source, registry.limits(), &mut findings) else {
        return Err(findings.into_report(source));
    };
    let (work, kinds, known) =
        in_scope(registry, trigger, &document, &mut findings, |scope, known, findings| {
            outcomes::check(scope, &known.edges, &known.tests, findings);
            let mut left = Vec::new();
            let actions = 0..document.actions.len();
            let work: Vec<Option<Work>> =
                actions.map(|action| inputs::check(scope, action, findings, &mut left)).collect();
            scope.leave.report_needless(scope.kinds, findings);
            proof::report(left, registry, findings);
            work
        });
    if findings.has_errors() {
        return Err(findings.into_report(source));
    }
    let plan = assemble(&document, &kinds, work, known);
    let report = findings.into_report(source);
    // INVARIANT: what the plan lacks was reported as an error that no level lowers.
    let Some(plan) = plan else { return Err(report) };
    let workflow = Workflow::of(source.clone(), document);
    Ok(CheckedWorkflow::new(Checked {
        registry: registry.clone(),
        workflow,
        trigger: trigger.clone(),
        report,
        plan,
        secret_places: std::sync::OnceLock::new(),
    }))
}

/// What is known of a document's edges before its inputs are looked at.
pub(crate) struct Known {
    /// The edges whose ends are known, by their position in the document.
    pub(crate) edges: Vec<Option<Edge>>,
    /// What each edge tests.
    tests: Vec<Option<EdgeTest>>,
    pub(crate) graph: Graph,
}

/// Checks all of a document but its inputs, and does something with the scope of its refs. Returns what that comes to,
/// and each action's definition, by position in the registry.
pub(crate) fn in_scope<T>(
    registry: &Registry,
    trigger: &Trigger,
    document: &Document,
    findings: &mut Findings,
    then: impl FnOnce(&Scope<'_>, &Known, &mut Findings) -> T,
) -> (T, Vec<Option<usize>>, Known) {
    let (suggestions, places) = (Suggestions::default(), Places::default());
    let ids = ids::check(document, findings);
    let kinds = kinds::check(registry, document, &suggestions, findings);
    let edges = edges::check(document, &ids, &suggestions, findings);
    let graph = Graph::new(document.actions.len(), edges.iter().flatten().copied());
    let order = order::check(document, &graph, &edges, &ids, findings);
    let leave = leave::read(document, &ids, &suggestions, findings);
    let scope = Scope {
        registry,
        trigger,
        document,
        ids: &ids,
        kinds: &kinds,
        order: &order,
        suggestions: &suggestions,
        places: &places,
        leave: &leave,
        presence: &Presence::default(),
    };
    let tests: Vec<Option<EdgeTest>> =
        (0..edges.len()).map(|edge| conditions::check(&scope, edge, edges[edge], findings)).collect();
    let presence = branches::read(&scope, &edges, &tests);
    let known = Known { edges, tests, graph };
    let done = then(&Scope { presence: &presence, ..scope }, &known, findings);
    (done, kinds, known)
}

/// A report that no workflow can start with this event.
pub(crate) fn refuse(registry: &Registry, source: &Source, event: &str, known: Vec<String>) -> Report {
    let mut findings = Findings::new(registry.limits());
    findings.report(Pointer::root(), Problem::UnknownEvent { event: event.to_owned(), known });
    findings.into_report(source)
}

/// The plan of a document without errors: everything is known, nothing is left out.
fn assemble(
    document: &Document,
    kinds: &[Option<usize>],
    work: Vec<Option<Work>>,
    Known { edges, tests, .. }: Known,
) -> Option<Plan> {
    let mut incoming = vec![0; kinds.len()];
    let mut outgoing = vec![Vec::new(); kinds.len()];
    let mut starts = Vec::new();
    let mut planned_edges = Vec::with_capacity(edges.len());
    for (edge, test) in edges.into_iter().zip(tests) {
        let edge = edge?;
        incoming[edge.to] += 1;
        match edge.from {
            From::Source => starts.push(planned_edges.len()),
            From::Action(from) => outgoing[from].push(planned_edges.len()),
        }
        planned_edges.push(PlannedEdge { to: edge.to, test });
    }
    let actions: Option<Box<[PlannedAction]>> = document
        .actions
        .iter()
        .zip(kinds)
        .zip(work)
        .zip(outgoing)
        .map(|(((action, kind), work), outgoing)| {
            let work = work?;
            let is_decided = outgoing.iter().all(|edge| planned_edges[*edge].test.is_none());
            let plain = match &work {
                Work::Call { inputs, checks } if checks.is_empty() && is_decided => Some(Plain {
                    extent: Extent::of(inputs.iter().filter_map(|input| input.template.as_ref())),
                    next: outgoing.iter().map(|edge| planned_edges[*edge].to).collect(),
                }),
                Work::Call { .. } | Work::If(_) => None,
            };
            Some(PlannedAction {
                id: action.id().into(),
                kind: (*kind)?,
                work,
                outgoing: outgoing.into(),
                plain,
            })
        })
        .collect();
    let by_id = OnceLock::new();
    Some(Plan {
        actions: actions?,
        incoming: incoming.into(),
        edges: planned_edges.into(),
        starts: starts.into(),
        by_id,
    })
}
