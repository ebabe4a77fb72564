//! What conditions ask for, as variables: of each tested place one, whose values are the cells that tests tell apart.

use super::diagram::{Diagrams, Variable, When};
use super::formula::{Formula, ValueTest};
use crate::template::{Place, Root};
use flowright_schema::{Access, Cell, Presence};
use serde_json::Value;
use std::collections::HashMap;

/// Constants past so many are not told apart.
const MOST_CONSTANTS: usize = 64;

/// A place that some condition tests.
#[derive(Debug)]
pub(super) struct Tested {
    pub(super) place: Place,
    /// What the value there can be, as far as the tests tell it apart.
    pub(super) cells: Vec<Cell>,
    pub(super) variable: Variable,
    /// Whether the producer may be skipped, for all that is known.
    pub(super) may_be_skipped: bool,
}

/// All that the conditions of a document test.
#[derive(Debug, Default)]
pub(super) struct Variables {
    tested: Vec<Tested>,
    by_place: HashMap<Place, usize>,
    by_root: HashMap<Root, Vec<usize>>,
    /// Whether a value passes a test that tells the values of one cell apart.
    mixed: HashMap<usize, Vec<(ValueTest, When)>>,
    opaque: HashMap<String, When>,
}

/// The places that formulas test, in the order in which they are tested first, each with the constants it is compared
/// with.
#[derive(Debug, Default)]
pub(super) struct Tests {
    places: Vec<(Place, Vec<Value>)>,
    by_place: HashMap<Place, usize>,
}

impl Tests {
    pub(super) fn note(&mut self, formula: &Formula) {
        match formula {
            Formula::Test(place, test) => self.note_test(place, test.constant()),
            Formula::Not(formula) => self.note(formula),
            Formula::All(formulas) | Formula::Any(formulas) => formulas.iter().for_each(|of| self.note(of)),
            Formula::Constant(_) | Formula::Opaque(_) => {}
        }
    }

    pub(super) fn note_test(&mut self, place: &Place, constant: Option<&Value>) {
        let at = *self.by_place.entry(place.clone()).or_insert_with(|| {
            self.places.push((place.clone(), Vec::new()));
            self.places.len() - 1
        });
        let constants = &mut self.places[at].1;
        if let Some(constant) = constant
            && constants.len() < MOST_CONSTANTS
            && !constants.iter().any(|known| crate::run::is_equal(known, constant))
        {
            constants.push(constant.clone());
        }
    }
}

impl Variables {
    /// `at` says what is at a place, where its producer completed; `is_skippable` whether it may be skipped where the
    /// place is tested.
    pub(super) fn new(
        tests: Tests,
        diagrams: &mut Diagrams,
        at: impl Fn(&Place) -> Access,
        is_skippable: impl Fn(&Place) -> bool,
    ) -> Self {
        let mut variables = Variables { by_place: tests.by_place, ..Variables::default() };
        for (place, constants) in tests.places {
            let access = at(&place);
            let mut cells = access.ty.cells(&constants);
            let may_be_skipped = is_skippable(&place);
            if may_be_skipped || access.presence != Presence::Always {
                cells.push(Cell::Absent);
            }
            let variable = diagrams.variable(cells.len());
            variables.by_root.entry(place.root).or_default().push(variables.tested.len());
            variables.tested.push(Tested { place, cells, variable, may_be_skipped });
        }
        variables
    }

    pub(super) fn tested(&self) -> impl Iterator<Item = &Tested> {
        self.tested.iter()
    }

    pub(super) fn at(&self, place: &Place) -> Option<&Tested> {
        self.tested.get(*self.by_place.get(place)?)
    }

    /// The tested places of one value of the state.
    pub(super) fn of_root(&self, root: Root) -> impl Iterator<Item = &Tested> {
        self.by_root.get(&root).into_iter().flatten().map(|at| &self.tested[*at])
    }

    /// When a formula holds; `None` where that takes too much.
    pub(super) fn when(&mut self, formula: &Formula, diagrams: &mut Diagrams) -> Option<When> {
        Some(match formula {
            Formula::Constant(true) => When::ALWAYS,
            Formula::Constant(false) => When::NEVER,
            Formula::Test(place, test) => self.passes(place, test, diagrams)?,
            Formula::Opaque(key) => match self.opaque.get(key) {
                Some(when) => *when,
                None => {
                    let when = diagrams.unknown();
                    self.opaque.insert(key.clone(), when);
                    when
                }
            },
            Formula::Not(formula) => {
                let when = self.when(formula, diagrams)?;
                diagrams.not(when)?
            }
            Formula::All(formulas) => {
                let mut all = When::ALWAYS;
                for formula in formulas {
                    let when = self.when(formula, diagrams)?;
                    all = diagrams.and(all, when)?;
                }
                all
            }
            Formula::Any(formulas) => {
                let any: Option<Vec<When>> = formulas.iter().map(|of| self.when(of, diagrams)).collect();
                diagrams.any(any?)?
            }
        })
    }

    /// When the value at a place passes a test.
    pub(super) fn passes(
        &mut self,
        place: &Place,
        test: &ValueTest,
        diagrams: &mut Diagrams,
    ) -> Option<When> {
        let at = *self.by_place.get(place)?;
        let Tested { variable, cells, .. } = &self.tested[at];
        let verdicts: Vec<Option<bool>> = cells.iter().map(|cell| test.of(cell)).collect();
        let surely = diagrams.is_one_of(*variable, |cell| verdicts[cell] == Some(true));
        if verdicts.iter().all(Option::is_some) {
            return Some(surely);
        }
        let maybe = diagrams.is_one_of(*variable, |cell| verdicts[cell].is_none());
        let known = self.mixed.entry(at).or_default();
        let passes = if let Some((_, passes)) = known.iter().find(|(known, _)| known == test) {
            *passes
        } else {
            let passes = diagrams.unknown();
            known.push((test.clone(), passes));
            passes
        };
        let maybe = diagrams.and(maybe, passes)?;
        diagrams.or(surely, maybe)
    }
}
