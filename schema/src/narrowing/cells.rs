//! Which cells the values of a type can be in.

use super::Cell;
use crate::{
    Type,
    access::containers,
    material::canonical,
    numeral,
    ty::{Form, NumberForm},
    verdict::{Budget, Verdict, accepts_number, judge},
};
use serde_json::{Number, Value};
use std::collections::HashSet;

/// How many constants of a type, of one kind, have cells of their own.
const MOST_OWN: usize = 64;

/// How many integers a type may have for it to be found out whether constants cover them all.
const MOST_COUNTED: i128 = 64;

/// How much work it may be to find out which constants a type has.
const STEPS: usize = 200_000;

/// The values of a kind that have no cell to themselves from the start.
#[derive(Default)]
struct Others<'t> {
    /// There are some that no list names.
    unlisted: bool,
    /// Those that a type lists.
    listed: Vec<&'t Value>,
}

#[derive(Default)]
struct Collected<'t> {
    /// Cells of one value.
    singles: Vec<Cell>,
    numbers: Others<'t>,
    strings: Others<'t>,
    arrays: Others<'t>,
    objects: Others<'t>,
    /// Integers within bounds, few enough to be covered by constants.
    ranges: Vec<(i128, i128, &'t NumberForm)>,
}

/// The cells of one value that there always are.
const SINGLES: [Cell; 6] =
    [Cell::Null, Cell::False, Cell::True, Cell::Zero, Cell::EmptyString, Cell::EmptyArray];

pub(super) fn of(ty: &Type, constants: &[Value]) -> Vec<Cell> {
    let mut collected = Collected::default();
    containers(ty.view(), &mut |view| collected.add(view.form()));
    let mut named = Named::default();
    let mut budget = Budget::of(STEPS);
    let can_be = |value: &&Value| {
        let verdict = judge(ty.view(), *value, 0, &mut budget);
        // Where the budget ends, the answer is no without being known.
        verdict == Verdict::Yes || budget.is_spent()
    };
    named.extend(constants.iter().filter(can_be));
    let ranges = std::mem::take(&mut collected.ranges);
    for (least, greatest, form) in ranges {
        collected.numbers.unlisted |= (least..=greatest)
            .filter_map(numeral::from_integer)
            .any(|number| accepts_number(form, &number) && !named.has(&Value::Number(number)));
    }
    collected.into_cells(named)
}

/// Constants that have a cell of their own.
#[derive(Default)]
struct Named {
    keys: HashSet<String>,
    cells: Vec<Cell>,
}

impl Named {
    fn extend<'t>(&mut self, values: impl IntoIterator<Item = &'t Value>) {
        for value in values {
            if single(value).is_none() && self.keys.insert(canonical(value)) {
                self.cells.push(Cell::Constant(value.clone()));
            }
        }
    }

    /// Whether this value has a cell to itself.
    fn has(&self, value: &Value) -> bool {
        single(value).is_some() || self.keys.contains(&canonical(value))
    }
}

/// The cell that this value is alone in, whatever the partition.
pub(super) fn single(value: &Value) -> Option<Cell> {
    Some(match value {
        Value::Null => Cell::Null,
        Value::Bool(false) => Cell::False,
        Value::Bool(true) => Cell::True,
        Value::Number(number) if is_zero(number) => Cell::Zero,
        Value::String(text) if text.is_empty() => Cell::EmptyString,
        Value::Array(elements) if elements.is_empty() => Cell::EmptyArray,
        _ => return None,
    })
}

fn is_zero(number: &Number) -> bool {
    numeral::integral(number) == Some(0)
}

impl<'t> Collected<'t> {
    fn add(&mut self, form: &'t Form) {
        match form {
            Form::Any => {
                self.singles = SINGLES.into();
                for others in [&mut self.numbers, &mut self.strings, &mut self.arrays, &mut self.objects] {
                    others.unlisted = true;
                }
            }
            Form::Null => self.single(Cell::Null),
            Form::Boolean => {
                self.single(Cell::False);
                self.single(Cell::True);
            }
            Form::Number(number) => self.number(number),
            Form::String(string) => {
                if string.misfit("").is_none() {
                    self.single(Cell::EmptyString);
                }
                self.strings.unlisted |= string.max != Some(0);
            }
            Form::Array(array) => {
                if array.min == 0 {
                    self.single(Cell::EmptyArray);
                }
                self.arrays.unlisted |= array.max != Some(0);
            }
            Form::Object(_) => self.objects.unlisted = true,
            Form::Constants(constants) => constants.values.iter().for_each(|value| self.constant(value)),
            Form::Never | Form::Union(_) | Form::Opaque(_) | Form::Foreign(_) | Form::Same(_) => {}
        }
    }

    fn number(&mut self, form: &'t NumberForm) {
        if accepts_number(form, &Number::from(0)) {
            self.single(Cell::Zero);
        }
        let least = form.min.as_ref().and_then(|min| numeral::ceiling(&min.value));
        let greatest = form.max.as_ref().and_then(|max| numeral::floor(&max.value));
        match (least, greatest) {
            (Some(least), Some(greatest))
                if form.integer
                    && greatest.saturating_sub(least) <= MOST_COUNTED
                    && self.ranges.len() < MOST_OWN =>
            {
                self.ranges.push((least, greatest, form));
            }
            _ => self.numbers.unlisted = true,
        }
    }

    fn single(&mut self, cell: Cell) {
        if !self.singles.contains(&cell) {
            self.singles.push(cell);
        }
    }

    fn constant(&mut self, value: &'t Value) {
        if let Some(cell) = single(value) {
            return self.single(cell);
        }
        match value {
            Value::String(_) => self.strings.listed.push(value),
            Value::Array(_) => self.arrays.listed.push(value),
            Value::Object(_) => self.objects.listed.push(value),
            _ => self.numbers.listed.push(value),
        }
    }

    fn into_cells(self, mut named: Named) -> Vec<Cell> {
        let mut cells: Vec<Cell> = SINGLES.into_iter().filter(|cell| self.singles.contains(cell)).collect();
        for (others, cell) in [
            (self.numbers, Cell::Number),
            (self.strings, Cell::String),
            (self.arrays, Cell::Array),
            (self.objects, Cell::Object),
        ] {
            if !others.unlisted && others.listed.len() <= MOST_OWN {
                named.extend(others.listed);
            } else if others.unlisted || others.listed.iter().any(|value| !named.has(value)) {
                cells.push(cell);
            }
        }
        cells.append(&mut named.cells);
        cells
    }
}
