//! The patterns of a schema, wherever they stand: together they are bounded, for each is compiled.

use crate::{SchemaPart, fault::SchemaFault, fuel::BYTES, pattern};
use serde_json::Value;
use std::collections::HashSet;

/// How much memory they may take together, about.
const MEMORY: usize = 64 << 20;

/// What the smallest one takes.
const LEAST: usize = 16 << 10;

/// The fault of having too many patterns, or too large ones. The depth of the schema is bounded before this.
pub(super) fn fault(schema: &Value) -> Option<SchemaFault> {
    let mut patterns = HashSet::new();
    collect(schema, SchemaPart::Schema, &mut patterns);
    let memory = patterns.into_iter().map(memory).fold(0, usize::saturating_add);
    (memory > MEMORY).then(|| SchemaFault {
        pointer: String::new(),
        message: format!("has so many or so large patterns that they take more than {} MiB", MEMORY >> 20),
    })
}

fn memory(pattern: &str) -> usize {
    LEAST + pattern::size(pattern).saturating_mul(BYTES)
}

fn collect<'s>(schema: &'s Value, part: SchemaPart, patterns: &mut HashSet<&'s str>) {
    match (schema, part) {
        (_, SchemaPart::Data) => {}
        (Value::Array(elements), _) => elements.iter().for_each(|element| collect(element, part, patterns)),
        (Value::Object(members), _) => {
            for (name, value) in members {
                match (part, name.as_str(), value) {
                    (SchemaPart::Schema, "pattern", Value::String(pattern)) => {
                        patterns.insert(pattern);
                    }
                    (SchemaPart::Schema, "patternProperties", Value::Object(properties)) => {
                        patterns.extend(properties.keys().map(String::as_str));
                    }
                    _ => {}
                }
                collect(value, part.member(name), patterns);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn patterns_are_found_where_schemas_are() {
        let schema = json!({
            "pattern": "^a",
            "patternProperties": { "^b": { "pattern": "^a" } },
            "properties": { "pattern": { "not": { "pattern": "^c" } }, "const": { "pattern": "^d" } },
            "$defs": { "e": { "anyOf": [{ "pattern": "^e" }] } },
            "default": { "pattern": "^f" }
        });
        let mut patterns = HashSet::new();
        collect(&schema, SchemaPart::Schema, &mut patterns);
        assert_eq!(patterns, HashSet::from(["^a", "^b", "^c", "^d", "^e"]));
    }

    #[test]
    fn patterns_are_bounded_together() {
        let all = |count: usize, pattern: &dyn Fn(usize) -> String| json!({ "not": { "anyOf": (0..count).map(|position| json!({ "pattern": pattern(position) })).collect::<Vec<_>>() } });
        let small = |position| format!("^a{position}");
        assert_eq!(fault(&all(4_000, &small)), None);
        assert!(fault(&all(4_200, &small)).unwrap().message.contains("so many or so large patterns"));
        for (written, most) in [("(a{1,900}){1,19}", 120), ("(?=b)(a{1,900}){1,19}", 120)] {
            let large = |position| format!("^{written}{position}$");
            assert_eq!(fault(&all(most - 20, &large)), None, "{written}");
            assert!(fault(&all(most + 20, &large)).is_some(), "{written}");
        }
        assert_eq!(fault(&all(10_000, &|_| "^a".to_owned())), None, "each counts once");
    }
}
