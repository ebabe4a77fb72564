//! A value of a schema at random.

use rand::{SeedableRng, rngs::StdRng};
use serde_json::Value;

/// A value of a schema, where one is found. Bounds at the ends of what an integer holds are left alone: the crate that makes
/// values steps beyond them.
pub(crate) fn example(schema: &Value, seed: u64) -> Option<Value> {
    if has_extreme(schema) {
        return None;
    }
    noson::generate(schema, &mut StdRng::seed_from_u64(seed)).ok()
}

fn has_extreme(value: &Value) -> bool {
    match value {
        Value::Number(number) => matches!(number.as_i64(), Some(i64::MIN | i64::MAX)),
        Value::Array(elements) => elements.iter().any(has_extreme),
        Value::Object(members) => members.values().any(has_extreme),
        _ => false,
    }
}
