//! When each action runs: where an edge to it is taken.
//!
//! > `runs(n)` = ⋁ over edges `p → n` of `runs(p)` ∧ `condition`, and `runs($source)` is true
//!
//! This is said of *worlds*. A world gives a value to every tested place: to one of the event, and to one of an
//! action's output *as if the action ran*, whether it does or not. Where an action may have been skipped, a condition
//! on its output is `runs(a)` and the test of the value, or not `runs(a)` and the test of nothing.
//!
//! Of every run there is a world: the one with its values, and with any values of their types for what was skipped.
//! So what holds in all worlds holds in all runs. There are more worlds than runs: two places are independent here even
//! where one is part of the other; what is not understood of a condition is a variable that may have either value;
//! and an action whose `runs` would take too much to work out has a variable of its own in its place. Each of these
//! adds worlds, and none takes one away: more worlds can only turn *always* into *maybe*.

use super::diagram::{Diagrams, When};
use super::dominators::Dominators;
use super::formula::{Formula, ValueTest};
use super::variables::{Tests, Variables};
use super::{Edges, Sources};
use crate::graph::From;
use crate::plan::{EdgeTest, Holds};
use crate::template::{Place, Root};
use flowright_schema::{Access, Cell};

/// How many steps of work there are for each action and edge.
pub(super) const STEPS_EACH: usize = 64;

/// How many there are besides.
pub(super) const STEPS: usize = 20_000;

/// What is known of all runs of a document.
#[derive(Debug)]
pub(super) struct Runs {
    pub(super) diagrams: Diagrams,
    pub(super) variables: Variables,
    /// When each action runs.
    pub(super) actions: Vec<When>,
    /// When each edge is taken, given that the action it begins at runs.
    pub(super) edges: Vec<When>,
    /// When the result of a `builtin:if` is true, given that it runs.
    results: Vec<Option<When>>,
}

impl Runs {
    /// `order` has every action behind its parents; those that are not in it run whenever they like.
    pub(super) fn new(
        sources: &Sources<'_>,
        edges: &Edges,
        dominators: &Dominators,
        at: &dyn Fn(&Place) -> Access,
        steps: usize,
    ) -> Self {
        let actions = sources.rules.len();
        let mut diagrams = Diagrams::new(steps);
        let variables = Variables::new(tests(sources, edges), &mut diagrams, at);
        let mut runs = Runs {
            actions: vec![When::ALWAYS; actions],
            edges: vec![When::ALWAYS; sources.edges.len()],
            results: vec![None; actions],
            diagrams,
            variables,
        };
        for &edge in edges.starts() {
            runs.edges[edge] = runs.taken(sources, edge, None, dominators);
        }
        let mut is_in_order = vec![false; actions];
        for &action in sources.order {
            is_in_order[action] = true;
            runs.actions[action] = runs.runs(sources, edges.leading_to(action));
            if let Some(formula) = &sources.rules[action] {
                let holds = runs.when(formula, Some(action), dominators);
                runs.results[action] = Some(holds.unwrap_or_else(|| runs.diagrams.unknown()));
            }
            for &edge in edges.leaving(action) {
                runs.edges[edge] = runs.taken(sources, edge, Some(action), dominators);
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

    fn taken(
        &mut self,
        sources: &Sources<'_>,
        edge: usize,
        behind: Option<usize>,
        dominators: &Dominators,
    ) -> When {
        let holds = match &sources.tests[edge] {
            Some(EdgeTest { place, holds: Holds::Truthy }) => {
                self.passes(place, &ValueTest::Truthy, behind, dominators)
            }
            Some(EdgeTest { place, holds: Holds::Falsy }) => self
                .passes(place, &ValueTest::Truthy, behind, dominators)
                .and_then(|passes| self.diagrams.not(passes)),
            Some(EdgeTest { place, holds: Holds::Equal(value) }) => {
                self.passes(place, &ValueTest::Equals(value.clone()), behind, dominators)
            }
            // A condition that was reported may be any.
            None if sources.conditional[edge] => None,
            None => return When::ALWAYS,
        };
        holds.unwrap_or_else(|| self.diagrams.unknown())
    }

    /// When a formula holds that is asked where an action begins, or behind one; `None` where that takes too much.
    fn when(&mut self, formula: &Formula, behind: Option<usize>, dominators: &Dominators) -> Option<When> {
        match formula {
            Formula::Constant(holds) => Some(When::constant(*holds)),
            Formula::Test(place, test) => self.passes(place, test, behind, dominators),
            Formula::Opaque(key) => Some(self.variables.opaque(key, &mut self.diagrams)),
            Formula::Not(formula) => {
                let when = self.when(formula, behind, dominators)?;
                self.diagrams.not(when)
            }
            Formula::All(formulas) => formulas.iter().try_fold(When::ALWAYS, |all, formula| {
                let when = self.when(formula, behind, dominators)?;
                self.diagrams.and(all, when)
            }),
            Formula::Any(formulas) => {
                let any: Option<Vec<When>> =
                    formulas.iter().map(|formula| self.when(formula, behind, dominators)).collect();
                self.diagrams.any(any?)
            }
        }
    }

    /// When what is found at a place passes a test, nothing where its producer was skipped.
    fn passes(
        &mut self,
        place: &Place,
        test: &ValueTest,
        behind: Option<usize>,
        dominators: &Dominators,
    ) -> Option<When> {
        let passes = self.value_passes(place, test)?;
        let Root::Output(producer) = place.root else { return Some(passes) };
        let runs = self.actions[producer];
        let completed = behind.is_some_and(|behind| {
            behind == producer
                || dominators.leads_through(behind, producer)
                || self.diagrams.implies(self.actions[behind], runs)
        });
        if completed {
            return Some(passes);
        }
        if test.of(&Cell::Absent)? {
            let skipped = self.diagrams.not(runs)?;
            self.diagrams.or(passes, skipped)
        } else {
            self.diagrams.and(passes, runs)
        }
    }

    /// When the value at a place passes a test, given that its producer runs.
    fn value_passes(&mut self, place: &Place, test: &ValueTest) -> Option<When> {
        let result = result_of(place).and_then(|action| self.results.get(action).copied().flatten());
        let Some(result) = result else { return self.variables.passes(place, test, &mut self.diagrams) };
        match (test.of(&Cell::True)?, test.of(&Cell::False)?) {
            (true, false) => Some(result),
            (false, true) => self.diagrams.not(result),
            (holds, _) => Some(When::constant(holds)),
        }
    }
}

/// The action whose result is at a place, if that is a `builtin:if`.
fn result_of(place: &Place) -> Option<usize> {
    let Root::Output(action) = place.root else { return None };
    let [segment] = place.path.segments() else { return None };
    (segment.as_member() == Some("result")).then_some(action)
}

/// What is tested, in the order in which actions run.
fn tests(sources: &Sources<'_>, edges: &Edges) -> Tests {
    let mut tests = Tests::default();
    let note = |tests: &mut Tests, edge: usize| {
        let Some(EdgeTest { place, holds }) = &sources.tests[edge] else { return };
        let is_of_a_rule = result_of(place).is_some_and(|action| sources.rules[action].is_some());
        match holds {
            _ if is_of_a_rule => {}
            Holds::Equal(value) => tests.note_test(place, Some(value)),
            Holds::Truthy | Holds::Falsy => tests.note_test(place, None),
        }
    };
    edges.starts().iter().for_each(|edge| note(&mut tests, *edge));
    for &action in sources.order {
        if let Some(formula) = &sources.rules[action] {
            tests.note(formula);
        }
        edges.leaving(action).iter().for_each(|edge| note(&mut tests, *edge));
    }
    tests
}
