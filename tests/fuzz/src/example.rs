//! A value of a schema at random.

use rand::{SeedableRng, rngs::StdRng};
use serde_json::Value;

/// A value of a schema, where one is found. The crate that makes values steps beyond bounds at the ends of what an integer holds,
/// and tries choices that lead to each other in every combination, without end: such schemas are left alone.
pub(crate) fn example(schema: &Value, seed: u64) -> Option<Value> {
    let chooses = ["anyOf", "oneOf", "if"].iter().any(|keyword| has_keyword(schema, keyword));
    if has_extreme(schema) || chooses && has_keyword(schema, "$ref") {
        return None;
    }
    noson::generate(schema, &mut StdRng::seed_from_u64(seed)).ok()
}

/// Less than the largest integer by a little.
const LARGE: f64 = 9.2e18;

fn has_extreme(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.as_f64().is_some_and(|number| number.abs() >= LARGE),
        Value::Array(elements) => elements.iter().any(has_extreme),
        Value::Object(members) => members.values().any(has_extreme),
        _ => false,
    }
}

fn has_keyword(value: &Value, keyword: &str) -> bool {
    match value {
        Value::Array(elements) => elements.iter().any(|element| has_keyword(element, keyword)),
        Value::Object(members) => {
            members.contains_key(keyword) || members.values().any(|member| has_keyword(member, keyword))
        }
        _ => false,
    }
}
