//! When each action runs: where an edge to it is taken.
//!
//! `runs(n)` is that some edge from an action that runs is taken, and that edges from `$source` are. Conditions are
//! over variables that stand for the values which tested places have once their producers completed; where a producer
//! may have been skipped, a test of its value is one of nothing in worlds in which it is. What is not understood of a
//! condition is a variable that may have either value. More worlds are looked at than there are, never fewer: what
//! holds in all of them holds in every run. An action whose `runs` would take too much to work out has a variable of
//! its own in its place, which again is more worlds.

use super::diagram::{Diagrams, When};
use super::dominators::Dominators;
use super::formula::{Formula, ValueTest};
use super::variables::{Tests, Variables};
use super::{Behind, Edges, Sources};
use crate::graph::From;
use crate::plan::{EdgeTest, Holds};
use crate::template::{Place, Root};
use flowright_schema::{Access, Cell};

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
    pub(super) dominators: Dominators,
    /// When the result of each `builtin:if` is true, given that it runs; `None` where that is not known.
    results: Vec<Option<When>>,
}

impl Runs {
    /// `order` has every action behind its parents; those that are not in it run whenever they like.
    pub(super) fn new(
        sources: &Sources<'_>,
        edges: &Edges,
        dominators: Dominators,
        at: &dyn Fn(&Place) -> Access,
        steps: Option<usize>,
    ) -> Self {
        let actions = sources.rules.len();
        let steps = steps.unwrap_or(STEPS + STEPS_EACH * (actions + sources.edges.len()));
        let mut diagrams = Diagrams::new(steps);
        let variables = Variables::new(tests(sources, edges), &mut diagrams, at);
        let mut runs = Runs {
            actions: vec![When::ALWAYS; actions],
            edges: vec![When::ALWAYS; sources.edges.len()],
            results: vec![None; actions],
            dominators,
            diagrams,
            variables,
        };
        for &edge in edges.starts() {
            runs.edges[edge] = runs.taken(sources, edge, None);
        }
        let mut is_in_order = vec![false; actions];
        for &action in sources.order {
            is_in_order[action] = true;
            runs.actions[action] = runs.runs(sources, edges.leading_to(action));
            let rule = sources.rules[action].as_ref();
            runs.results[action] = rule.and_then(|formula| runs.when(formula, Some(action)));
            for &edge in edges.leaving(action) {
                runs.edges[edge] = runs.taken(sources, edge, Some(action));
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

    fn taken(&mut self, sources: &Sources<'_>, edge: usize, behind: Behind) -> When {
        match &sources.tests[edge] {
            Some(test) => self.holds(test, behind).unwrap_or_else(|| self.diagrams.unknown()),
            // A condition that was reported may be any.
            None if sources.is_conditional(edge) => self.diagrams.unknown(),
            None => When::ALWAYS,
        }
    }

    fn holds(&mut self, EdgeTest { place, holds }: &EdgeTest, behind: Behind) -> Option<When> {
        match holds {
            Holds::Truthy => self.passes(place, &ValueTest::Truthy, behind),
            Holds::Falsy => {
                let passes = self.passes(place, &ValueTest::Truthy, behind)?;
                self.diagrams.not(passes)
            }
            Holds::Equal(value) => self.passes(place, &ValueTest::Equals(value.clone()), behind),
        }
    }

    /// When a formula holds, given that what it stands behind runs; `None` where that takes too much.
    fn when(&mut self, formula: &Formula, behind: Behind) -> Option<When> {
        Some(match formula {
            Formula::Constant(true) => When::ALWAYS,
            Formula::Constant(false) => When::NEVER,
            Formula::Test(place, test) => self.passes(place, test, behind)?,
            Formula::Opaque(key) => self.variables.opaque(key, &mut self.diagrams),
            Formula::Not(formula) => {
                let when = self.when(formula, behind)?;
                self.diagrams.not(when)?
            }
            Formula::All(formulas) => {
                let mut all = When::ALWAYS;
                for formula in formulas {
                    let when = self.when(formula, behind)?;
                    all = self.diagrams.and(all, when)?;
                }
                all
            }
            Formula::Any(formulas) => {
                let any: Option<Vec<When>> = formulas.iter().map(|of| self.when(of, behind)).collect();
                self.diagrams.any(any?)?
            }
        })
    }

    /// When what is at a place passes a test, given that what the test stands behind runs.
    fn passes(&mut self, place: &Place, test: &ValueTest, behind: Behind) -> Option<When> {
        let passes = match result(place).and_then(|action| self.results[action]) {
            Some(is_true) => self.passes_boolean(is_true, test)?,
            None => self.variables.passes(place, test, &mut self.diagrams)?,
        };
        let Root::Output(producer) = place.root else { return Some(passes) };
        if self.surely(producer, behind) {
            return Some(passes);
        }
        let runs = self.actions[producer];
        let passes = self.diagrams.and(runs, passes)?;
        if test.of(&Cell::Absent) == Some(false) {
            return Some(passes);
        }
        let skipped = self.diagrams.not(runs)?;
        self.diagrams.or(passes, skipped)
    }

    /// When a boolean passes a test.
    fn passes_boolean(&mut self, is_true: When, test: &ValueTest) -> Option<When> {
        match (test.of(&Cell::True), test.of(&Cell::False)) {
            (Some(true), Some(true)) => Some(When::ALWAYS),
            (Some(true), Some(false)) => Some(is_true),
            (Some(false), Some(true)) => self.diagrams.not(is_true),
            (Some(false), Some(false)) => Some(When::NEVER),
            _ => None,
        }
    }

    /// Whether an action has certainly completed where something runs.
    pub(super) fn surely(&mut self, action: usize, behind: Behind) -> bool {
        if behind.is_some_and(|here| here == action || self.dominators.leads_through(here, action)) {
            return true;
        }
        let here = self.behind(behind);
        self.diagrams.implies(here, self.actions[action])
    }

    pub(super) fn behind(&self, behind: Behind) -> When {
        behind.map_or(When::ALWAYS, |action| self.actions[action])
    }
}

/// What is tested, in the order in which actions run.
fn tests(sources: &Sources<'_>, edges: &Edges) -> Tests {
    let mut tests = Tests::default();
    let note = |tests: &mut Tests, edge: usize| match &sources.tests[edge] {
        Some(EdgeTest { place, holds: Holds::Equal(value) }) => tests.note_test(place, Some(value)),
        Some(EdgeTest { place, .. }) => tests.note_test(place, None),
        None => {}
    };
    edges.starts().iter().for_each(|edge| note(&mut tests, *edge));
    for &action in sources.order {
        sources.rules[action].iter().for_each(|formula| tests.note(formula));
        edges.leaving(action).iter().for_each(|edge| note(&mut tests, *edge));
    }
    tests
}

impl Sources<'_> {
    fn is_conditional(&self, edge: usize) -> bool {
        self.conditional[edge]
    }
}

/// The action whose member `result` is at a place.
fn result(place: &Place) -> Option<usize> {
    let Root::Output(action) = place.root else { return None };
    let [segment] = place.path.segments() else { return None };
    (segment.as_member() == Some("result")).then_some(action)
}
