//! When each action runs: where an edge to it is taken.
//!
//! `runs(n)` is that some edge from an action that runs is taken, and that edges from `$source` are. Conditions are
//! over variables that stand for the values which tested places have; what is not understood of a condition is a
//! variable that may have either value. More worlds are looked at than there are, never fewer: what holds in all of
//! them holds in every run. An action whose `runs` would take too much to work out has a variable of its own in its
//! place, which again is more worlds. Worlds that cannot be, such as those in which nothing is at a place that is
//! always there, may be told any way.

use super::diagram::{Diagrams, When};
use super::formula::{Formula, ValueTest};
use super::variables::{Tests, Variables};
use super::{Edges, Sources};
use crate::graph::From;
use crate::plan::{EdgeTest, Holds};
use crate::template::{Place, Root};
use flowright_schema::Access;
use serde_json::Value;

/// How many steps of work there are for each action and edge.
const STEPS_EACH: usize = 64;

/// How many there are besides.
const STEPS: usize = 20_000;

/// What is known of all runs of a document.
#[derive(Debug)]
pub(super) struct Runs {
    pub(super) diagrams: Diagrams,
    pub(super) variables: Variables,
    /// When each action runs.
    pub(super) actions: Vec<When>,
    /// When each edge is taken, given that the action it begins at runs.
    pub(super) edges: Vec<When>,
}

impl Runs {
    /// `order` has every action behind its parents; those that are not in it run whenever they like.
    pub(super) fn new(
        sources: &Sources<'_>,
        edges: &Edges,
        at: &dyn Fn(&Place) -> Access,
        is_skippable: &dyn Fn(&Place) -> bool,
    ) -> Self {
        let actions = sources.rules.len();
        let mut diagrams = Diagrams::new(STEPS + STEPS_EACH * (actions + sources.edges.len()));
        let variables = Variables::new(tests(sources, edges), &mut diagrams, at, is_skippable);
        let mut runs = Runs {
            actions: vec![When::ALWAYS; actions],
            edges: vec![When::ALWAYS; sources.edges.len()],
            diagrams,
            variables,
        };
        for &edge in edges.starts() {
            runs.edges[edge] = runs.taken(sources, edge);
        }
        let mut is_in_order = vec![false; actions];
        for &action in sources.order {
            is_in_order[action] = true;
            runs.actions[action] = runs.runs(sources, edges.leading_to(action));
            for &edge in edges.leaving(action) {
                runs.edges[edge] = runs.taken(sources, edge);
            }
        }
        for action in (0..actions).filter(|action| !is_in_order[*action]) {
            runs.actions[action] = runs.diagrams.unknown();
        }
        runs
    }

    fn runs(&mut self, sources: &Sources<'_>, incoming: &[usize]) -> When {
        let when = |runs: &mut Self| {
            let mut ways = Vec::with_capacity(incoming.len());
            for &edge in incoming {
                let from = match sources.edges[edge]?.from {
                    From::Source => When::ALWAYS,
                    From::Action(from) => runs.actions[from],
                };
                ways.push(runs.diagrams.and(from, runs.edges[edge])?);
            }
            runs.diagrams.any(ways)
        };
        when(self).unwrap_or_else(|| self.diagrams.unknown())
    }

    fn taken(&mut self, sources: &Sources<'_>, edge: usize) -> When {
        match &sources.tests[edge] {
            Some(test) => self.holds(sources, test).unwrap_or_else(|| self.diagrams.unknown()),
            // A condition that was reported may be any.
            None if sources.is_conditional(edge) => self.diagrams.unknown(),
            None => When::ALWAYS,
        }
    }

    fn holds(&mut self, sources: &Sources<'_>, EdgeTest { place, holds }: &EdgeTest) -> Option<When> {
        let Some((action, formula)) = sources.result(place) else {
            let test = match holds {
                Holds::Truthy | Holds::Falsy => ValueTest::Truthy,
                Holds::Equal(value) => ValueTest::Equals(value.clone()),
            };
            let passes = self.variables.passes(place, &test, &mut self.diagrams)?;
            return if matches!(holds, Holds::Falsy) { self.diagrams.not(passes) } else { Some(passes) };
        };
        // The result of a condition is a boolean, and there is none where the action is skipped.
        let runs = self.actions[action];
        let formula = self.variables.when(formula, &mut self.diagrams)?;
        let is_true = self.diagrams.and(runs, formula)?;
        match holds {
            Holds::Truthy | Holds::Equal(Value::Bool(true)) => Some(is_true),
            Holds::Falsy => self.diagrams.not(is_true),
            Holds::Equal(Value::Bool(false)) => {
                let is_false = self.diagrams.not(formula)?;
                self.diagrams.and(runs, is_false)
            }
            Holds::Equal(_) => Some(When::NEVER),
        }
    }
}

/// What is tested, in the order in which actions run.
fn tests(sources: &Sources<'_>, edges: &Edges) -> Tests {
    let mut tests = Tests::default();
    let mut note = |edge: usize| {
        let Some(EdgeTest { place, holds }) = &sources.tests[edge] else { return };
        match (sources.result(place), holds) {
            (Some((_, formula)), _) => tests.note(formula),
            (None, Holds::Equal(value)) => tests.note_test(place, Some(value)),
            (None, _) => tests.note_test(place, None),
        }
    };
    edges.starts().iter().for_each(|edge| note(*edge));
    for &action in sources.order {
        edges.leaving(action).iter().for_each(|edge| note(*edge));
    }
    tests
}

impl<'s> Sources<'s> {
    fn is_conditional(&self, edge: usize) -> bool {
        self.conditional[edge]
    }

    /// The `builtin:if` whose result is at a place, and when that is true.
    pub(super) fn result(&self, place: &Place) -> Option<(usize, &'s Formula)> {
        let Root::Output(action) = place.root else { return None };
        let [segment] = place.path.segments() else { return None };
        let formula = self.rules.get(action)?.as_ref()?;
        (segment.as_member() == Some("result")).then_some((action, formula))
    }
}
