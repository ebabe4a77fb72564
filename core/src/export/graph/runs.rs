//! Whether each action of a checked workflow runs in every run of it.

use crate::checked::CheckedWorkflow;
use crate::graph::{Edge, From, Graph};
use crate::plan::{EdgeTest, Plan, Work};
use crate::presence::{Formula, Presence, Sources};
use crate::template::{Place, Root};
use flowright_schema::Access;

/// In which runs an action runs, of those that complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runs {
    Always,
    /// It may be skipped.
    Sometimes,
    Never,
}

/// Of each action, in the document's order.
pub(super) fn of(workflow: &CheckedWorkflow) -> Vec<Runs> {
    let plan = workflow.plan();
    let edges: Vec<Edge> =
        from_and_to(plan).map(|(from, edge)| Edge { from, to: plan.edges[edge].to }).collect();
    let graph = Graph::new(plan.actions.len(), edges.iter().copied());
    let presence = presence(workflow, &graph);
    let reachable = graph.reachable().into_iter().enumerate();
    let runs = reachable.map(|(action, reachable)| match presence.runs(action) {
        _ if !reachable => Runs::Never,
        Some(true) => Runs::Always,
        Some(false) => Runs::Never,
        None => Runs::Sometimes,
    });
    runs.collect()
}

/// Where each edge begins, in the document's order.
pub(super) fn edges(plan: &Plan) -> Vec<From> {
    let mut from = vec![From::Source; plan.edges.len()];
    from_and_to(plan).for_each(|(begins, edge)| from[edge] = begins);
    from
}

/// Where edges begin, and which they are.
fn from_and_to(plan: &Plan) -> impl Iterator<Item = (From, usize)> {
    let starts = plan.starts.iter().map(|edge| (From::Source, *edge));
    let actions = plan.actions.iter().enumerate();
    starts.chain(
        actions.flat_map(|(at, action)| action.outgoing.iter().map(move |edge| (From::Action(at), *edge))),
    )
}

fn presence(workflow: &CheckedWorkflow, graph: &Graph) -> Presence {
    let plan = workflow.plan();
    let from = edges(plan);
    let ends = plan.edges.iter().zip(from).map(|(edge, from)| Some(Edge { from, to: edge.to }));
    let tests: Vec<Option<EdgeTest>> = plan.edges.iter().map(|edge| edge.test.clone()).collect();
    let mut is_tested = vec![false; plan.actions.len()];
    for test in tests.iter().flatten() {
        if let Root::Output(action) = test.place.root {
            is_tested[action] = true;
        }
    }
    let rules = plan.actions.iter().enumerate();
    let rules = rules.map(|(at, action)| is_tested[at].then(|| rule(at, &action.work)).flatten());
    let sources = Sources {
        order: &graph.order(),
        edges: &ends.collect::<Vec<_>>(),
        conditional: &tests.iter().map(Option::is_some).collect::<Vec<_>>(),
        tests: &tests,
        rules: &rules.collect::<Vec<_>>(),
    };
    Presence::new(&sources, &|place| access(workflow, place))
}

fn rule(at: usize, work: &Work) -> Option<Formula> {
    match work {
        Work::If(condition) => Some(Formula::of(condition, at)),
        Work::Call { .. } => None,
    }
}

fn access(workflow: &CheckedWorkflow, place: &Place) -> Access {
    let registry = workflow.registry();
    let ty = match place.root {
        Root::Event => workflow.event_type().ty(),
        Root::Output(action) => &registry.registered(workflow.plan().actions[action].kind).output,
    };
    registry.memo().at(ty, &place.path)
}
