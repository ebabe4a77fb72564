//! The cells that are kept, looked up by value and by kind.

use super::{Cell, cells::single};
use crate::{kind::Kinds, material::canonical};
use serde_json::{Value, json};
use std::collections::HashMap;

/// The kept cells of a partition.
pub(super) struct Kept {
    /// Nothing may be there.
    pub(super) absent: bool,
    /// The kinds of which other values than those with a cell of their own are kept.
    pub(super) others: Kinds,
    /// The values with a cell of their own, by whether they are kept.
    singles: Vec<(Value, bool)>,
    /// Of the constants among them: where they stand there.
    constants: HashMap<String, usize>,
}

impl Kept {
    pub(super) fn new(cells: &[Cell], kept: &[bool]) -> Self {
        let mut new =
            Kept { absent: false, others: Kinds::NONE, singles: Vec::new(), constants: HashMap::new() };
        for (cell, kept) in cells.iter().zip(kept.iter().copied()) {
            let value = match cell {
                Cell::Absent => {
                    new.absent |= kept;
                    continue;
                }
                Cell::Number | Cell::String | Cell::Array | Cell::Object => {
                    if kept {
                        new.others = new.others.or(of_many(cell));
                    }
                    continue;
                }
                Cell::Null => Value::Null,
                Cell::False => json!(false),
                Cell::True => json!(true),
                Cell::Zero => json!(0),
                Cell::EmptyString => json!(""),
                Cell::EmptyArray => json!([]),
                Cell::Constant(value) => value.clone(),
            };
            new.constants.insert(canonical(&value), new.singles.len());
            new.singles.push((value, kept));
        }
        new
    }

    /// The kept values that have a cell of their own.
    pub(super) fn values(&self) -> impl Iterator<Item = &Value> {
        self.singles.iter().filter(|(_, kept)| *kept).map(|(value, _)| value)
    }

    /// The values of these kinds that have a cell of their own and are not kept.
    pub(super) fn dropped(&self, kinds: Kinds) -> impl Iterator<Item = &Value> {
        let dropped =
            self.singles.iter().filter(move |(value, kept)| !kept && kinds.has(Kinds::of_value(value)));
        dropped.map(|(value, _)| value)
    }

    /// How many values have a cell of their own.
    pub(super) fn singles(&self) -> usize {
        self.singles.len()
    }

    /// Whether a value is kept.
    pub(super) fn has(&self, value: &Value) -> bool {
        match self.constants.get(&canonical(value)) {
            Some(at) => self.singles.get(*at).is_some_and(|(_, kept)| *kept),
            // In a partition that does not have this cell it is no value at all.
            None => single(value).is_none() && self.others.has(Kinds::of_value(value)),
        }
    }

    /// Whether values are kept for what they are alone: a constant, or one value.
    pub(super) fn is_definite(&self) -> bool {
        let mut values = self.values();
        match (values.next(), values.next()) {
            (Some(_), None) => true,
            _ => self.values().any(|value| single(value).is_none()),
        }
    }
}

fn of_many(cell: &Cell) -> Kinds {
    match cell {
        Cell::Number => Kinds::NUMBER,
        Cell::String => Kinds::STRING,
        Cell::Array => Kinds::ARRAY,
        _ => Kinds::OBJECT,
    }
}
