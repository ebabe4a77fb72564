//! A value of a schema at random.

use rand::{SeedableRng, rngs::StdRng};
use serde_json::{Map, Value};

/// A value of a schema, where one is found. The crate that makes values steps beyond bounds at the ends of what an integer holds,
/// makes as much as it is told to, and tries choices that lead to each other in every combination, without end: such schemas are
/// left alone.
pub(crate) fn example(schema: &Value, seed: u64) -> Option<Value> {
    if has_extreme(schema) || chooses_on_and_on(schema) {
        return None;
    }
    noson::generate(schema, &mut StdRng::seed_from_u64(seed)).ok()
}

/// Less than the largest integer by a little.
const LARGE: f64 = 9.2e18;

/// More than this, twice, is no number any more.
const HUGE: f64 = 1e300;

/// How much of anything is made.
const MANY: f64 = 1000.0;

/// Whether there is a bound that cannot be stepped from. What is no bound may be any number.
fn has_extreme(schema: &Value) -> bool {
    match schema {
        Value::Array(elements) => elements.iter().any(has_extreme),
        Value::Object(members) => members.iter().any(|(name, member)| match member.as_f64() {
            Some(number) => is_extreme(name, number),
            None => has_extreme(member),
        }),
        _ => false,
    }
}

fn is_extreme(keyword: &str, number: f64) -> bool {
    match keyword {
        // A range without an upper bound ends a little above the lower one.
        "minimum" | "exclusiveMinimum" => !(-HUGE..LARGE).contains(&number),
        "maximum" => number.abs() > HUGE,
        "exclusiveMaximum" => number <= -LARGE || number > HUGE,
        // What is less than that is taken for 0.
        "multipleOf" => !(1e-8..=HUGE).contains(&number),
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minContains" | "maxContains"
        | "minProperties" | "maxProperties" => number > MANY,
        _ => false,
    }
}

/// How many choices are tried with each other where refs lead to some of them.
const CHOICES: usize = 4;

/// How many refs there are beside choices.
const REFS: usize = 16;

/// How many refs lead to each other.
const HOPS: usize = 4;

fn chooses_on_and_on(schema: &Value) -> bool {
    let choices = ["anyOf", "oneOf", "if"].iter().map(|keyword| count(schema, keyword)).sum::<usize>();
    let refs = count(schema, "$ref");
    let is_much = choices > CHOICES || refs > REFS;
    choices > 0 && refs > 0 && (is_much || leads_on(schema, schema, &mut vec!["#"]))
}

fn count(schema: &Value, keyword: &str) -> usize {
    let counted = |members: &Map<String, Value>| usize::from(members.contains_key(keyword));
    match schema {
        Value::Array(elements) => elements.iter().map(|element| count(element, keyword)).sum(),
        Value::Object(members) => {
            counted(members) + members.values().map(|member| count(member, keyword)).sum::<usize>()
        }
        _ => 0,
    }
}

/// Whether refs lead back to where they were met, or through too many others. `way` is where they were met.
fn leads_on<'s>(schema: &'s Value, root: &'s Value, way: &mut Vec<&'s str>) -> bool {
    match schema {
        Value::Array(elements) => elements.iter().any(|element| leads_on(element, root, way)),
        Value::Object(members) => members.iter().any(|(name, member)| match member.as_str() {
            Some(to) if name == "$ref" => {
                let Some(target) = to.strip_prefix('#').and_then(|pointer| root.pointer(pointer)) else {
                    return false;
                };
                if way.contains(&to) || way.len() > HOPS {
                    return true;
                }
                way.push(to);
                let leads_on = leads_on(target, root, way);
                way.pop();
                leads_on
            }
            _ => leads_on(member, root, way),
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn has_example(schema: &Value) -> bool {
        (0..20).any(|seed| example(schema, seed).is_some())
    }

    #[test]
    fn a_number_that_is_no_bound_is_no_hindrance() {
        for schema in [
            json!({ "const": u64::MAX }),
            json!({ "enum": [1e21, i64::MIN] }),
            json!({ "type": "integer", "minimum": 0, "maximum": i64::MAX }),
            json!({ "type": "integer", "minimum": i64::MIN, "maximum": 0 }),
            json!({ "type": "number", "minimum": 0, "exclusiveMaximum": 1e21 }),
        ] {
            assert!(has_example(&schema), "{schema}");
        }
    }

    #[test]
    fn what_cannot_be_stepped_from_is_left_alone() {
        for schema in [
            json!({ "type": "integer", "minimum": i64::MAX }),
            json!({ "type": "integer", "exclusiveMinimum": 1e21 }),
            json!({ "type": "integer", "exclusiveMaximum": i64::MIN }),
            json!({ "type": "number", "minimum": f64::MIN, "maximum": f64::MAX }),
            json!({ "type": "integer", "multipleOf": 1e-10 }),
            json!({ "type": "array", "minItems": 1_000_000_000_000_u64 }),
        ] {
            assert!(!has_example(&schema), "{schema}");
        }
    }

    #[test]
    fn choices_behind_refs_are_made_unless_they_lead_on() {
        let choice = json!({ "anyOf": [{ "type": "null" }, { "$ref": "#/$defs/a" }] });
        let of = |a: Value| json!({ "type": "object", "required": ["x"], "properties": { "x": choice }, "$defs": { "a": a } });
        assert!(has_example(&of(json!({ "type": "integer" }))));
        for a in [json!({ "$ref": "#" }), json!({ "items": { "$ref": "#/$defs/a" } }), choice.clone()] {
            assert!(!has_example(&of(a.clone())), "{a}");
        }
    }
}
