//! Rows carry a sum of what stands in them, by which a damaged one is noticed.

use crc32fast::Hasher;
use rusqlite::Row;
use rusqlite::types::Value;

/// The sum of a row: of its table, of what it has to be told apart by, and of its columns.
pub(crate) fn of(table: &str, number: i64, columns: &[Value]) -> i64 {
    let mut hasher = Hasher::new();
    hasher.update(table.as_bytes());
    hasher.update(&number.to_le_bytes());
    for column in columns {
        let (tag, bytes): (u8, &[u8]) = match column {
            Value::Null => (0, &[]),
            Value::Integer(integer) => (1, &integer.to_le_bytes()),
            Value::Real(real) => (2, &real.to_le_bytes()),
            Value::Text(text) => (3, text.as_bytes()),
            Value::Blob(blob) => (4, blob),
        };
        hasher.update(&[tag]);
        hasher.update(&bytes.len().to_le_bytes());
        hasher.update(bytes);
    }
    i64::from(hasher.finalize())
}

/// So many columns of a row, from this one on, as they are.
pub(crate) fn columns(row: &Row<'_>, from: usize, count: usize) -> rusqlite::Result<Vec<Value>> {
    (from..from + count).map(|at| row.get(at)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_changes_changes_the_sum() {
        let text = |text: &str| Value::Text(text.to_owned());
        let rows = [
            of("a", 1, &[text("ab"), text("c")]),
            of("b", 1, &[text("ab"), text("c")]),
            of("a", 2, &[text("ab"), text("c")]),
            of("a", 1, &[text("a"), text("bc")]),
            of("a", 1, &[text("ab"), Value::Blob(b"c".to_vec())]),
            of("a", 1, &[text("ab"), Value::Null]),
            of("a", 1, &[text("ab")]),
        ];
        for (at, sum) in rows.iter().enumerate() {
            assert!(!rows[..at].contains(sum), "{at}");
        }
    }
}
