//! What conditions ask for, as variables: of each tested place one, whose values are the cells that tests tell apart.

use super::diagram::{Diagrams, Variable, When};
use super::formula::{Formula, ValueTest};
use crate::map::Map;
use crate::template::{Place, Root};
use flowright_schema::{Access, Cell, Presence, Type};
use serde_json::Value;

/// Constants past so many are not told apart.
const MOST_CONSTANTS: usize = 128;

/// Types of more cells than this, of which some list many constants, are told apart by kinds of values only.
const MOST_CELLS: usize = 256;

/// A place that some condition tests. Its variable stands for the value there had its producer run, whether it does
/// or not.
#[derive(Debug)]
pub(super) struct Tested {
    pub(super) place: Place,
    /// What the value there can be, as far as the tests tell it apart.
    pub(super) cells: Vec<Cell>,
    pub(super) variable: Variable,
    /// Whether the constants that it is compared with have cells of their own.
    are_apart: bool,
}

/// All that the conditions of a document test.
#[derive(Debug, Default)]
pub(super) struct Variables {
    tested: Vec<Tested>,
    by_place: Map<Place, usize>,
    by_root: Map<Root, Vec<usize>>,
    /// Whether a value passes a test that tells the values of one cell apart.
    mixed: Map<(usize, String), When>,
    opaque: Map<String, When>,
}

/// The places that formulas test, in the order in which they are tested first, each with the constants it is compared
/// with.
#[derive(Debug, Default)]
pub(super) struct Tests {
    places: Vec<(Place, Vec<Value>)>,
    by_place: Map<Place, usize>,
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
            && constants.len() <= MOST_CONSTANTS
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
            // What leads nowhere was reported; where a level lets it pass, there may be anything.
            let ty = if access.presence == Presence::Never { Type::any() } else { access.ty };
            let (mut cells, are_apart) = cells(&ty, &constants);
            if access.presence != Presence::Always {
                cells.push(Cell::Absent);
            }
            let variable = diagrams.variable(cells.len());
            variables.by_root.entry(place.root).or_default().push(variables.tested.len());
            variables.tested.push(Tested { place, cells, variable, are_apart });
        }
        variables
    }

    /// The tested places of one value of the state.
    pub(super) fn of_root(&self, root: Root) -> impl Iterator<Item = &Tested> {
        self.by_root.get(&root).into_iter().flatten().map(|at| &self.tested[*at])
    }

    /// What stands for something that is the same whenever its key is.
    pub(super) fn opaque(&mut self, key: &str, diagrams: &mut Diagrams) -> When {
        if let Some(when) = self.opaque.get(key) {
            return *when;
        }
        let when = diagrams.unknown();
        self.opaque.insert(key.to_owned(), when);
        when
    }

    /// When the value at a place passes a test.
    pub(super) fn passes(
        &mut self,
        place: &Place,
        test: &ValueTest,
        diagrams: &mut Diagrams,
    ) -> Option<When> {
        let at = *self.by_place.get(place)?;
        let Tested { variable, cells, are_apart, .. } = &self.tested[at];
        let variable = *variable;
        if test.constant().is_some() && !are_apart {
            return Some(self.mixed(at, test, diagrams));
        }
        let verdicts: Vec<Option<bool>> = cells.iter().map(|cell| test.of(cell)).collect();
        let surely = diagrams.is_one_of(variable, |cell| verdicts[cell] == Some(true));
        if verdicts.iter().all(Option::is_some) {
            return Some(surely);
        }
        let maybe = diagrams.is_one_of(variable, |cell| verdicts[cell].is_none());
        let passes = self.mixed(at, test, diagrams);
        let maybe = diagrams.and(maybe, passes)?;
        diagrams.or(surely, maybe)
    }

    /// Whether a value passes a test of which its cell does not decide.
    fn mixed(&mut self, at: usize, test: &ValueTest, diagrams: &mut Diagrams) -> When {
        *self.mixed.entry((at, format!("{test:?}"))).or_insert_with(|| diagrams.unknown())
    }
}

/// The cells of a type, and whether the constants have cells of their own.
fn cells(ty: &Type, constants: &[Value]) -> (Vec<Cell>, bool) {
    let fits = |cells: &Vec<Cell>| !cells.is_empty() && cells.len() <= MOST_CELLS;
    let apart = Some(constants).filter(|constants| constants.len() <= MOST_CONSTANTS);
    if let Some(cells) = apart.map(|constants| ty.cells(constants)).filter(fits) {
        return (cells, true);
    }
    let together = Some(ty.cells(&[])).filter(fits);
    (together.unwrap_or_else(|| Type::any().cells(&[])), false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn types_of_very_many_cells_are_told_apart_by_kinds_only() {
        let of_each_kind = |count: usize| {
            (1..=count).flat_map(|at| [json!(at), json!(at.to_string()), json!([at]), json!({ "at": at })])
        };
        let (cells, are_apart) = super::cells(&Type::constants(of_each_kind(64)), &[]);
        assert_eq!((cells.len(), are_apart), (MOST_CELLS, true));
        let one_more = Type::constants(of_each_kind(64).chain([Value::Null]));
        assert_eq!(super::cells(&one_more, &[]), (Type::any().cells(&[]), false));
        assert_eq!(super::cells(&Type::never(), &[]), (Type::any().cells(&[]), false));
    }

    #[test]
    fn constants_have_cells_of_their_own_unless_they_are_very_many() {
        let constants: Vec<Value> = (0..=MOST_CONSTANTS).map(|at| json!(at.to_string())).collect();
        let (cells, are_apart) = super::cells(&Type::string(), &constants[1..]);
        assert_eq!((cells.len(), are_apart), (MOST_CONSTANTS + 2, true));
        assert_eq!(super::cells(&Type::string(), &constants), (vec![Cell::EmptyString, Cell::String], false));
    }
}
