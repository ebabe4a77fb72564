//! All values of a type, where they are few.

use super::proof::Prover;
use crate::{
    ty::{Form, View},
    verdict::Verdict,
};
use serde_json::{Map, Value};

/// How many values are few.
const FEW: usize = 64;

/// How deep they may be.
const DEEPEST: usize = 6;

/// All values of a type; `None` where they are many, or not known.
pub(crate) fn values<'t>(prover: &mut Prover<'t>, a: View<'t>, depth: usize) -> Option<Vec<Value>> {
    if depth > DEEPEST || !prover.spend(1) {
        return None;
    }
    let values = match a.form() {
        Form::Never => Vec::new(),
        Form::Null => vec![Value::Null],
        Form::Boolean => vec![Value::Bool(false), Value::Bool(true)],
        Form::Number(form) => super::number::few(form)?,
        Form::Constants(constants) => constants.values.iter().take(FEW + 1).cloned().collect(),
        Form::String(form) if form.max == Some(0) => {
            let empty = form.misfit("").is_none();
            if empty { vec![Value::from("")] } else { Vec::new() }
        }
        Form::Union(union) => {
            let mut all = Vec::new();
            for branch in &union.branches {
                all.extend(values(prover, a.child(*branch), depth + 1)?);
            }
            if union.exactly_one {
                all.retain(|value| prover.judged(a, value) == Verdict::Yes);
            }
            all
        }
        Form::Array(form) => {
            let least = usize::try_from(form.min).ok()?;
            let greatest = usize::try_from(form.max?).ok().filter(|greatest| *greatest <= 8)?;
            let mut all = Vec::new();
            for len in least..=greatest {
                let mut lists = vec![Vec::new()];
                for position in 0..len {
                    let ty = a.child(form.prefix.get(position).copied().unwrap_or(form.rest));
                    let elements = values(prover, ty, depth + 1)?;
                    lists = product(&lists, &elements, |list: &Vec<Value>, element| {
                        let mut list = list.clone();
                        list.push(element.clone());
                        list
                    })?;
                }
                all.extend(lists.into_iter().map(Value::from));
            }
            if form.unique {
                all.retain(|value| prover.judged(a, value) == Verdict::Yes);
            }
            all
        }
        Form::Object(form) => {
            let closed = form.additional.is_some_and(|id| a.child(id).is_never());
            if !closed || form.patterns.iter().any(|(_, ty)| !a.child(*ty).is_never()) {
                return None;
            }
            let mut objects = vec![Map::new()];
            for property in &form.properties {
                let members = values(prover, a.child(property.ty), depth + 1)?;
                let absent = if property.required { Vec::new() } else { objects.clone() };
                objects = product(&objects, &members, |object, member| {
                    let mut object = object.clone();
                    object.insert(property.name.to_string(), member.clone());
                    object
                })?;
                objects.extend(absent);
            }
            objects.into_iter().map(Value::Object).collect()
        }
        _ => return None,
    };
    if values.len() > FEW || !prover.spend(values.len()) {
        return None;
    }
    Some(values)
}

fn product<T>(items: &[T], values: &[Value], join: impl Fn(&T, &Value) -> T) -> Option<Vec<T>> {
    if items.len() * values.len() > FEW {
        return None;
    }
    Some(
        items
            .iter()
            .flat_map(|item| values.iter().map(|value| join(item, value)).collect::<Vec<_>>())
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::{super::trial::ty, *};
    use serde_json::json;

    fn known(schema: &Value) -> Option<Value> {
        let ty = ty(schema);
        values(&mut Prover::new(super::super::FUEL, false), ty.view(), 0).map(Value::from)
    }

    fn integers(count: usize) -> Value {
        json!({ "type": "integer", "minimum": 1, "maximum": count })
    }

    fn tuple(element: &Value, len: usize) -> Value {
        json!({ "type": "array", "items": element, "minItems": len, "maxItems": len })
    }

    #[test]
    fn all_values_of_small_types_are_known() {
        let closed = |properties: Value, required: Value| json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false });
        let pair = json!({
            "type": "array", "prefixItems": [{ "type": "null" }], "items": { "type": "boolean" }, "minItems": 1, "maxItems": 2
        });
        let rows = [
            (json!({ "type": ["null", "boolean"] }), json!([null, false, true])),
            (integers(3), json!([1, 2, 3])),
            (json!({ "type": "string", "maxLength": 0 }), json!([""])),
            (json!({ "type": "string", "maxLength": 0, "pattern": "a" }), json!([])),
            (json!({ "oneOf": [{ "enum": [1, 2] }, { "enum": [2, 3] }] }), json!([1, 3])),
            (pair, json!([[null], [null, false], [null, true]])),
            (
                json!({ "type": "array", "items": { "type": "boolean" }, "minItems": 2, "maxItems": 2, "uniqueItems": true }),
                json!([[false, true], [true, false]]),
            ),
            (
                closed(json!({ "a": { "const": 1 }, "b": integers(2) }), json!(["b"])),
                json!([{ "a": 1, "b": 1 }, { "a": 1, "b": 2 }, { "b": 1 }, { "b": 2 }]),
            ),
            (closed(json!({ "a": false }), json!([])), json!([{}])),
        ];
        for (schema, expected) in rows {
            assert_eq!(known(&schema), Some(expected), "{schema}");
        }
        for schema in [json!({ "type": "string", "maxLength": 1 }), json!({ "type": "object" })] {
            assert_eq!(known(&schema), None, "{schema}");
        }
    }

    #[test]
    fn many_values_are_not_written_down() {
        let count = |schema: &Value| known(schema).and_then(|values| values.as_array().map(Vec::len));
        let with_null = |schema: Value| json!({ "anyOf": [schema, { "type": "null" }] });
        assert_eq!(count(&integers(FEW)), Some(FEW));
        assert_eq!(count(&integers(FEW + 1)), None);
        assert_eq!(count(&with_null(integers(FEW - 1))), Some(FEW));
        assert_eq!(count(&with_null(integers(FEW))), None);
        let constants = |count: usize| json!({ "enum": (0..count).collect::<Vec<_>>() });
        assert_eq!(count(&constants(FEW)), Some(FEW));
        assert_eq!(count(&constants(FEW + 1)), None);
        assert_eq!(count(&constants(3 * FEW)), None);
        assert_eq!(count(&tuple(&integers(4), 3)), Some(FEW));
        assert_eq!(count(&tuple(&integers(5), 3)), None);
        // Those that turn out to be of it are not counted, but those that are looked at.
        let unique = |len: usize| {
            let mut tuple = tuple(&integers(len), 3);
            tuple["uniqueItems"] = json!(true);
            tuple
        };
        assert_eq!(count(&unique(4)), Some(24));
        assert_eq!(count(&unique(5)), None);
    }

    #[test]
    fn what_lies_deep_is_not_written_down() {
        let in_list = |inner: Value| tuple(&inner, 1);
        let in_object = |inner: Value| json!({ "type": "object", "properties": { "a": inner }, "required": ["a"], "additionalProperties": false });
        let in_choice = |inner: Value| json!({ "anyOf": [{ "type": "null" }, inner] });
        let wraps: [&[&dyn Fn(Value) -> Value]; 3] = [&[&in_list], &[&in_object], &[&in_list, &in_choice]];
        for wraps in wraps {
            let nested = |depth: usize| {
                wraps.iter().cycle().take(depth).fold(json!({ "type": "boolean" }), |inner, wrap| wrap(inner))
            };
            assert!(known(&nested(DEEPEST)).is_some(), "{}", nested(DEEPEST));
            assert!(known(&nested(DEEPEST + 1)).is_none(), "{}", nested(DEEPEST + 1));
        }
    }
}
