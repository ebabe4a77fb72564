//! What is known of a value behind a condition that it passed.

mod cells;
mod here;
mod kept;
mod path;
mod rebuilt;

use crate::{Path, Type};
use kept::Kept;
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

/// How much work narrowing one type may be. Past it, nothing is narrowed.
const FUEL: usize = 50_000;

/// How many steps through a type, and through unions on the way, a path may take.
const DEEPEST: usize = 256;

impl Type {
    /// The cells that values of this type can be in, those of `constants` told apart. Never [`Cell::Absent`].
    ///
    /// The constants that a type lists are told apart too, unless they are very many or other values of their
    /// kind belong to the type as well.
    pub fn cells(&self, constants: &[Value]) -> Vec<Cell> {
        cells::of(self, constants)
    }

    /// The values of this type at whose `path` is a value of one of the cells `kept`, out of the partition
    /// `cells`. The result may have more values than that, and has none that this type has not.
    #[must_use]
    pub fn narrowed(&self, path: &Path, cells: &[Cell], kept: &[bool]) -> Type {
        if cells.len() == kept.len() && kept.iter().all(|kept| *kept) {
            return self.clone();
        }
        path::narrowed(self, path.segments(), &Kept::new(cells, kept))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Origin, Segment};
    use serde_json::json;

    #[test]
    fn where_everything_is_kept_the_type_is_the_same_one() {
        let schema = json!({ "type": "object", "properties": { "a": { "type": ["string", "null"] } } });
        let ty = Type::parse(&schema, Origin::Schema).unwrap();
        let path = Path::from(vec![Segment::shorthand("a")]);
        let cells = [Cell::Null, Cell::String];
        assert_eq!(ty.narrowed(&path, &cells, &[true, true]).view().key(), ty.view().key());
        let narrowed = ty.narrowed(&path, &cells, &[false, true]);
        assert_eq!(narrowed.at(&path).ty.to_string(), "string");
        assert_ne!(narrowed.view().key(), ty.view().key());
        // What nothing is said of is not kept.
        assert_ne!(ty.narrowed(&path, &cells, &[true]).view().key(), ty.view().key());
    }
}
