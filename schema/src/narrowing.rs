//! What is known of a value behind a condition that it passed.

use crate::{
    Path, Type,
    kind::{self, Kinds},
};
use serde_json::Value;

/// Values that no condition tells apart. Every value is in exactly one cell of a partition; a constant has a cell
/// of its own where the partition names it, and the other cells are without it.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing is there.
    Absent,
    /// `null`
    Null,
    /// `false`
    False,
    /// `true`
    True,
    /// `0`
    Zero,
    /// Every other number.
    Number,
    /// `""`
    EmptyString,
    /// Every other string.
    String,
    /// `[]`
    EmptyArray,
    /// Every other array.
    Array,
    /// Every object.
    Object,
    /// This value, which is in none of the cells above that have one value only.
    Constant(Value),
}

impl Type {
    /// The cells that values of this type can be in, those of `constants` told apart. Never [`Cell::Absent`].
    pub fn cells(&self, constants: &[Value]) -> Vec<Cell> {
        let kinds = kind::of(self.view());
        let mut cells = Vec::new();
        for (kind, of_kind) in [
            (Kinds::NULL, &[Cell::Null][..]),
            (Kinds::BOOLEAN, &[Cell::False, Cell::True]),
            (Kinds::NUMBER, &[Cell::Zero, Cell::Number]),
            (Kinds::STRING, &[Cell::EmptyString, Cell::String]),
            (Kinds::ARRAY, &[Cell::EmptyArray, Cell::Array]),
            (Kinds::OBJECT, &[Cell::Object]),
        ] {
            if kinds.has(kind) {
                cells.extend(of_kind.iter().cloned());
            }
        }
        cells.extend(constants.iter().filter(|value| self.accepts(*value)).cloned().map(Cell::Constant));
        cells
    }

    /// The values of this type at whose `path` is a value of one of the cells `kept`, out of the partition
    /// `cells`. The result may have more values than that, and has none that this type has not.
    #[must_use]
    pub fn narrowed(&self, path: &Path, cells: &[Cell], kept: &[bool]) -> Type {
        let _ = (path, cells, kept);
        self.clone()
    }
}
