//! What conditions ask for, as variables: of each tested place one, whose values are the cells that tests tell apart.

use super::diagram::{Diagrams, Variable, When};
use super::formula::{Formula, ValueTest};
use crate::template::{Place, Root};
use flowright_schema::{Access, Cell, Presence, Type};
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
    /// The constants that the cells tell apart, where the value can be one.
    constants: Vec<Value>,
    pub(super) variable: Variable,
}

/// All that the conditions of a document test.
#[derive(Debug, Default)]
pub(super) struct Variables {
    tested: Vec<Tested>,
    by_place: HashMap<Place, usize>,
    by_root: HashMap<Root, Vec<usize>>,
    /// Whether a value passes a test that tells the values of one cell apart, by the place and what the test is.
    mixed: HashMap<(usize, String), When>,
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
    /// `at` says what is at a place, where its producer completed.
    pub(super) fn new(tests: Tests, diagrams: &mut Diagrams, at: impl Fn(&Place) -> Access) -> Self {
        let mut variables = Variables { by_place: tests.by_place, ..Variables::default() };
        for (place, constants) in tests.places {
            let access = at(&place);
            // What is on no way that its type knows is there in values that are more than their type says.
            let ty = if access.presence == Presence::Never { Type::any() } else { access.ty };
            let mut cells = ty.cells(&constants);
            if access.presence != Presence::Always {
                cells.push(Cell::Absent);
            }
            let variable = diagrams.variable(cells.len());
            variables.by_root.entry(place.root).or_default().push(variables.tested.len());
            variables.tested.push(Tested { place, cells, constants, variable });
        }
        variables
    }

    /// The tested places of one value of the state.
    pub(super) fn of_root(&self, root: Root) -> impl Iterator<Item = &Tested> {
        self.by_root.get(&root).into_iter().flatten().map(|at| &self.tested[*at])
    }

    /// When something holds of which only the key is known.
    pub(super) fn opaque(&mut self, key: &str, diagrams: &mut Diagrams) -> When {
        if let Some(when) = self.opaque.get(key) {
            return *when;
        }
        let when = diagrams.unknown();
        self.opaque.insert(key.to_owned(), when);
        when
    }

    /// When the value at a place passes a test, in runs in which its producer completed.
    pub(super) fn passes(
        &mut self,
        place: &Place,
        test: &ValueTest,
        diagrams: &mut Diagrams,
    ) -> Option<When> {
        let at = *self.by_place.get(place)?;
        let tested = &self.tested[at];
        let variable = tested.variable;
        let verdicts: Vec<Option<bool>> = tested.verdicts(test);
        let surely = diagrams.is_one_of(variable, |cell| verdicts[cell] == Some(true));
        if verdicts.iter().all(Option::is_some) {
            return Some(surely);
        }
        let maybe = diagrams.is_one_of(variable, |cell| verdicts[cell].is_none());
        let key = (at, format!("{test:?}"));
        let passes = *self.mixed.entry(key).or_insert_with(|| diagrams.unknown());
        let maybe = diagrams.and(maybe, passes)?;
        diagrams.or(surely, maybe)
    }
}

impl Tested {
    /// Whether the values of each cell pass a test; `None` where some may and some may not.
    fn verdicts(&self, test: &ValueTest) -> Vec<Option<bool>> {
        let is_told_apart = test
            .constant()
            .is_none_or(|constant| self.constants.iter().any(|known| crate::run::is_equal(known, constant)));
        let verdict = |cell: &Cell| match cell {
            Cell::Number | Cell::String | Cell::Array | Cell::Object if !is_told_apart => None,
            cell => test.of(cell),
        };
        self.cells.iter().map(verdict).collect()
    }
}
