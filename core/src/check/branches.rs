//! What the conditions of a document say of its runs.

use super::rules;
use super::templates::Places;
use crate::diagnostic::{Findings, Pointer};
use crate::graph::Edge;
use crate::plan::EdgeTest;
use crate::presence::{Formula, Presence, Sources};
use crate::registry::Builtin;
use crate::scope::Scope;
use crate::template::Root;

/// What is known of all runs, by what edges test.
pub(crate) fn read(scope: &Scope<'_>, edges: &[Option<Edge>], tests: &[Option<EdgeTest>]) -> Presence {
    let conditional: Vec<bool> = scope.document.edges.iter().map(|edge| edge.conditional.is_some()).collect();
    if !conditional.contains(&true) {
        return Presence::default();
    }
    let mut is_tested = vec![false; scope.document.actions.len()];
    for test in tests.iter().flatten() {
        if let Root::Output(action) = test.place.root {
            is_tested[action] = true;
        }
    }
    let rules: Vec<Option<Formula>> =
        is_tested.iter().enumerate().map(|(action, is)| is.then(|| rule(scope, action)).flatten()).collect();
    let sources =
        Sources { order: scope.order.sequence(), edges, conditional: &conditional, tests, rules: &rules };
    Presence::new(&sources, &|place| scope.at(place))
}

/// When the condition of a `builtin:if` holds. What is wrong with it is reported elsewhere.
fn rule(scope: &Scope<'_>, action: usize) -> Option<Formula> {
    let registered = scope.registered(action)?;
    if registered.builtin != Some(Builtin::If) {
        return None;
    }
    let mut inputs = scope.document.actions[action].inputs();
    let (_, condition) = inputs.find(|(name, _)| registered.input(name) == Some(0))?;
    let scope = Scope { places: &Places::default(), ..*scope };
    let mut unread = Findings::new(scope.registry.limits());
    let condition = rules::check(&scope, action, condition, &Pointer::root(), &mut unread, &mut Vec::new())?;
    Some(Formula::of(&condition, action))
}
