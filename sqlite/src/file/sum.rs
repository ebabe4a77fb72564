//! Rows carry a sum of what stands in them, by which a damaged one is noticed.

use crate::error::JournalError;
use crc32fast::Hasher;
use rusqlite::Row;
use rusqlite::types::{FromSql, FromSqlError, Value, ValueRef};
use std::vec::IntoIter;

/// The sum of a row: of its table, of its place there, and of its columns.
pub(crate) fn of(table: &str, place: i64, columns: &[Value]) -> i64 {
    let mut hasher = Hasher::new();
    hasher.update(table.as_bytes());
    hasher.update(&place.to_le_bytes());
    for column in columns {
        let number;
        let (tag, bytes): (u8, &[u8]) = match column {
            Value::Null => (0, &[]),
            Value::Integer(integer) => {
                number = integer.to_le_bytes();
                (1, &number)
            }
            Value::Real(real) => {
                number = real.to_le_bytes();
                (2, &number)
            }
            Value::Text(text) => (3, text.as_bytes()),
            Value::Blob(blob) => (4, blob),
        };
        hasher.update(&[tag]);
        hasher.update(&bytes.len().to_le_bytes());
        hasher.update(bytes);
    }
    i64::from(hasher.finalize())
}

/// The columns of a row whose sum is right, in order.
pub(crate) struct Columns {
    table: &'static str,
    columns: IntoIter<Value>,
}

impl Columns {
    /// So many columns of a row from this one on, and behind them their sum.
    pub(crate) fn read(
        table: &'static str,
        place: i64,
        row: &Row<'_>,
        from: usize,
        count: usize,
    ) -> Result<Self, JournalError> {
        let read = |at| row.get::<_, Value>(at).map_err(|_| damaged(table));
        let columns = (from..from + count).map(read).collect::<Result<Vec<Value>, _>>()?;
        if read(from + count)? != Value::Integer(of(table, place, &columns)) {
            return Err(damaged(table));
        }
        Ok(Columns { table, columns: columns.into_iter() })
    }

    /// The next column.
    pub(crate) fn next<T: FromSql>(&mut self) -> Result<T, JournalError> {
        let column = self.columns.next().ok_or(FromSqlError::InvalidType);
        let read = column.and_then(|column| T::column_result(ValueRef::from(&column)));
        read.map_err(|_| damaged(self.table))
    }
}

/// A row of this table is not as it was written.
pub(crate) fn damaged(table: &str) -> JournalError {
    JournalError::Damaged(format!("a row of the table `{table}` is not as it was written"))
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
            of("a", 1, &[Value::Integer(1)]),
            of("a", 1, &[Value::Real(f64::from_bits(1))]),
        ];
        for (at, sum) in rows.iter().enumerate() {
            assert!(!rows[..at].contains(sum), "{at}");
        }
    }
}
