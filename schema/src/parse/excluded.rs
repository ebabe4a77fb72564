//! Integers but for one, as schemars writes `NonZero<i32>`: `not` has no structural form, two ranges have.

use crate::numeral;
use serde_json::{Map, Value, json};

/// The schema with two ranges wherever integers are all but one; `None` where there is none of that.
pub(super) fn as_ranges(schema: &Value) -> Option<Value> {
    let mut rewritten = schema.clone();
    rewrite(&mut rewritten).then_some(rewritten)
}

/// The depth of a schema is bounded before this.
fn rewrite(schema: &mut Value) -> bool {
    match schema {
        Value::Array(schemas) => rewrite_all(schemas),
        Value::Object(keywords) => {
            let own = ranges(keywords).is_some_and(|ranges| {
                keywords.remove("not");
                keywords.insert("anyOf".to_owned(), ranges);
                true
            });
            // Below these keywords stand values.
            let data = ["const", "enum", "default", "examples"];
            let within = keywords.iter_mut().filter(|(keyword, _)| !data.contains(&keyword.as_str()));
            rewrite_all(within.map(|(_, schema)| schema)) || own
        }
        _ => false,
    }
}

/// Rewrites each of them; whether one was.
fn rewrite_all<'s>(schemas: impl IntoIterator<Item = &'s mut Value>) -> bool {
    schemas.into_iter().filter_map(|schema| rewrite(schema).then_some(())).count() > 0
}

fn ranges(keywords: &Map<String, Value>) -> Option<Value> {
    let Value::Object(not) = keywords.get("not")? else { return None };
    let Some(Value::Number(excluded)) = not.get("const").filter(|_| not.len() == 1) else { return None };
    if keywords.get("type")? != "integer" || keywords.contains_key("anyOf") {
        return None;
    }
    let excluded = numeral::integral(excluded)?;
    let (below, above) =
        (numeral::from_integer(excluded.checked_sub(1)?)?, numeral::from_integer(excluded.checked_add(1)?)?);
    Some(json!([{ "maximum": below }, { "minimum": above }]))
}

#[cfg(test)]
mod tests {
    use crate::{Origin, Type};
    use serde_json::{Value, json};

    fn shown(schema: &Value) -> String {
        Type::parse(schema, Origin::Schema).unwrap().to_string()
    }

    #[test]
    fn integers_but_for_one_are_two_ranges() {
        assert_eq!(shown(&json!({ "type": "integer", "not": { "const": 0 } })), "integer ≤ -1 | integer ≥ 1");
        let small =
            json!({ "items": { "type": "integer", "minimum": 0, "maximum": 9, "not": { "const": 4.0 } } });
        let ty = Type::parse(&small, Origin::Schema).unwrap();
        assert!(ty.accepts(&json!([0, 3, 5, 9])) && !ty.accepts(&json!([4])) && !ty.accepts(&json!([10])));
    }

    #[test]
    fn other_exclusions_are_judged_as_they_stand() {
        for schema in [
            json!({ "type": "number", "not": { "const": 0 } }),
            json!({ "type": "integer", "not": { "const": 0, "type": "integer" } }),
            json!({ "type": "integer", "not": { "const": 0 }, "anyOf": [{ "minimum": 1 }, { "maximum": 3 }] }),
        ] {
            let ty = Type::parse(&schema, Origin::Schema).unwrap();
            assert!(ty.accepts(&json!(2)) && !ty.accepts(&json!(0)), "{schema}");
        }
        let data = json!({ "enum": [{ "type": "integer", "not": { "const": 0 } }] });
        assert!(Type::parse(&data, Origin::Schema).unwrap().accepts(&data["enum"][0]));
    }
}
