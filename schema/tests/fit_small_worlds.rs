//! `fits` on all pairs of small types, beside what is so of all values that they can tell apart.

#[path = "oracle/shape.rs"]
mod shape;

use flowright_schema::{FitVerdict, Origin, Type};
use serde_json::{Value, json};

/// Some types, and for each which of some values it has.
struct World {
    types: Vec<Small>,
}

struct Small {
    ty: Type,
    has: Vec<bool>,
    /// Which of the values are of its shape.
    is_alike: Vec<bool>,
}

fn parsed(schema: &Value) -> Type {
    Type::parse(schema, Origin::Schema).unwrap_or_else(|faults| panic!("{schema}: {faults:?}"))
}

impl World {
    fn new(schemas: impl IntoIterator<Item = Value>, values: &[Value]) -> Self {
        let of = |schema: Value| {
            let (ty, shape) = (parsed(&schema), parsed(&shape::shape(&schema)));
            let has = values.iter().map(|value| ty.accepts(value)).collect();
            let is_alike = values.iter().map(|value| shape.accepts(value)).collect();
            Small { ty, has, is_alike }
        };
        World { types: schemas.into_iter().map(of).collect() }
    }

    /// Holds every pair against what is so of the values; of so many at most may nothing be known.
    fn hold(&self, most_unknown: usize) {
        let pairs = self.types.iter().flat_map(|a| self.types.iter().map(move |b| (a, b)));
        let mut counts = [0; 5];
        let mut wrong = Vec::new();
        for (first, second) in pairs {
            let (a, b) = (&first.ty, &second.ty);
            let fit = a.fits(b);
            let own = |of: &[bool]| {
                first.has.iter().zip(of).filter(|(own, _)| **own).map(|(_, of)| *of).collect::<Vec<_>>()
            };
            let (is_of, is_alike) = (own(&second.has), own(&second.is_alike));
            let expected = if is_of.iter().all(|is| *is) {
                FitVerdict::Fits
            } else if !is_of.contains(&true) {
                FitVerdict::NeverFits
            } else if is_alike.iter().all(|is| *is) {
                FitVerdict::Refined
            } else {
                FitVerdict::MayNotFit
            };
            counts[fit.verdict as usize] += 1;
            if fit.verdict == FitVerdict::Unknown {
                continue;
            }
            if expected != fit.verdict {
                wrong.push(format!("{a} into {b} is {}, not {expected}", fit.verdict));
                continue;
            }
            if let Some(value) = fit.reason.and_then(|reason| reason.counterexample) {
                assert!(a.accepts(&value) && !b.accepts(&value), "{value} as one of {a} that is none of {b}");
            } else {
                assert_eq!(fit.verdict, FitVerdict::Fits, "{a} into {b}: no counterexample");
            }
        }
        let shown = wrong.iter().step_by(1 + wrong.len() / 20).cloned().collect::<Vec<_>>().join("\n");
        assert!(wrong.is_empty(), "{} of {}:\n{shown}", wrong.len(), self.types.len().pow(2));
        assert!(counts[0] > 0 && counts[3] > 0 && counts[4] <= most_unknown, "{counts:?}");
    }
}

/// All lists of up to `longest` of these.
fn lists<T: Clone>(of: &[T], longest: usize) -> Vec<Vec<T>> {
    let mut all = vec![Vec::new()];
    let mut last = all.clone();
    for _ in 0..longest {
        let longer = |list: &Vec<T>| {
            let begin = list.clone();
            of.iter().map(move |next| [begin.clone(), vec![next.clone()]].concat())
        };
        last = last.iter().flat_map(longer).collect();
        all.extend(last.clone());
    }
    all
}

/// Choices between two of these. One that has no value has no shape either.
fn anyone_of(schemas: &[Value], values: &[Value], step: usize, keyword: &str) -> Vec<Value> {
    let has_some = |schema: &&Value| {
        let ty = parsed(schema);
        values.iter().any(|value| ty.accepts(value))
    };
    let schemas: Vec<&Value> = schemas.iter().filter(has_some).collect();
    let pairs = schemas.iter().flat_map(|a| schemas.iter().map(move |b| json!({ keyword: [a, b] })));
    pairs.step_by(step).collect()
}

#[test]
fn arrays() {
    let elements = [json!({ "const": 1 }), json!({ "enum": [1, 2] })];
    let mut schemas = Vec::new();
    for prefix in lists(&elements, 2) {
        for items in [json!(false), json!({ "const": 2 }), json!({ "enum": [1, 2, 3] })] {
            for (min, max) in [(0, 4), (0, 1), (1, 4), (2, 2), (3, 4)] {
                let mut schema = json!({ "type": "array", "items": items, "minItems": min, "maxItems": max });
                if !prefix.is_empty() {
                    schema["prefixItems"] = prefix.clone().into();
                }
                schemas.push(schema);
            }
        }
    }
    let values = lists(&[json!(1), json!(2), json!(3)], 4).into_iter().map(Value::from).collect::<Vec<_>>();
    World::new(schemas.clone(), &values).hold(0);
    let unions = anyone_of(&schemas, &values, 97, "anyOf");
    World::new(schemas.into_iter().step_by(3).chain(unions), &values).hold(0);
}

#[test]
fn arrays_without_repetition() {
    let mut schemas = Vec::new();
    for prefix in
        [vec![], vec![json!({ "const": 1 })], vec![json!({ "enum": [1, 2] }), json!({ "const": 3 })]]
    {
        for items in [json!(false), json!({ "enum": [1, 2] }), json!({ "enum": [1, 2, 3] })] {
            for (min, max) in [(0, 1), (0, 3), (1, 2), (2, 2), (2, 3)] {
                for unique in [false, true] {
                    let mut schema = json!({
                        "type": "array", "items": items, "minItems": min, "maxItems": max, "uniqueItems": unique
                    });
                    if !prefix.is_empty() {
                        schema["prefixItems"] = prefix.clone().into();
                    }
                    schemas.push(schema);
                }
            }
        }
    }
    let values = lists(&[json!(1), json!(2), json!(3)], 3).into_iter().map(Value::from).collect::<Vec<_>>();
    // Unknown is where one element must make way for another.
    World::new(schemas.clone(), &values).hold(52);
    let unions = anyone_of(&schemas, &values, 61, "anyOf");
    World::new(schemas.into_iter().step_by(2).chain(unions), &values).hold(139);
}

#[test]
fn long_arrays() {
    let mut schemas = Vec::new();
    for items in [json!({ "const": 1 }), json!({ "const": 2 }), json!({ "enum": [1, 2] })] {
        for (min, max) in [(0, 10), (0, 8), (0, 9), (7, 8), (8, 9), (8, 10), (9, 9), (9, 10), (10, 10)] {
            schemas.push(json!({ "type": "array", "items": items, "minItems": min, "maxItems": max }));
        }
    }
    let values = lists(&[json!(1), json!(2)], 10).into_iter().map(Value::from).collect::<Vec<_>>();
    World::new(schemas.clone(), &values).hold(0);
    let unions = anyone_of(&schemas, &values, 31, "anyOf");
    World::new(schemas.into_iter().step_by(2).chain(unions), &values).hold(0);
}

#[test]
fn objects() {
    let members = [None, Some(json!({ "const": 1 })), Some(json!({ "enum": [1, 2] })), Some(json!(false))];
    let mut schemas = Vec::new();
    for a in &members {
        for b in &members[..3] {
            for additional in [json!(false), json!({ "const": 2 }), json!({ "enum": [1, 2] })] {
                for required in [json!([]), json!(["a"]), json!(["a", "b"]), json!(["c"])] {
                    let mut schema =
                        json!({ "type": "object", "additionalProperties": additional, "required": required });
                    for (name, member) in [("a", a), ("b", b)] {
                        if let Some(member) = member {
                            schema["properties"][name] = member.clone();
                        }
                    }
                    schemas.push(schema);
                }
            }
        }
    }
    let choices = [None, Some(json!(1)), Some(json!(2))];
    let mut values = Vec::new();
    for a in &choices {
        for b in &choices {
            for c in &choices {
                for d in &choices {
                    let members = [("a", a), ("b", b), ("c", c), ("d", d)].into_iter();
                    let there = members.filter_map(|(name, value)| Some((name.to_owned(), value.clone()?)));
                    values.push(Value::Object(there.collect()));
                }
            }
        }
    }
    World::new(schemas.clone(), &values).hold(0);
    let unions = anyone_of(&schemas, &values, 211, "anyOf");
    World::new(schemas.into_iter().step_by(4).chain(unions), &values).hold(0);
}

#[test]
fn numbers() {
    let mut schemas = Vec::new();
    for kind in ["integer", "number"] {
        for low in [None, Some(("minimum", 0)), Some(("exclusiveMinimum", 0)), Some(("minimum", 2))] {
            for high in [None, Some(("maximum", 2)), Some(("exclusiveMaximum", 2)), Some(("maximum", 6))] {
                for multiple in [None, Some(2), Some(3)] {
                    let mut schema = json!({ "type": kind });
                    for (keyword, bound) in low.into_iter().chain(high) {
                        schema[keyword] = bound.into();
                    }
                    if let Some(multiple) = multiple {
                        schema["multipleOf"] = multiple.into();
                    }
                    schemas.push(schema);
                }
            }
        }
    }
    schemas.extend([json!({ "enum": [0, 6] }), json!({ "enum": [0.5, 3] }), json!({ "const": 2 })]);
    let large = [1e20, -1e20, 2e20, -2e20, 3e20, -3e20, 6e20, -6e20];
    let values = (-12..=24)
        .map(|half| f64::from(half) / 2.0)
        .chain(large)
        .map(|value| json!(value))
        .collect::<Vec<_>>();
    World::new(schemas.clone(), &values).hold(0);
    let unions = anyone_of(&schemas, &values, 53, "anyOf");
    // Unknown is where all depends on that: numbers too large for an integer are even.
    World::new(schemas.into_iter().step_by(2).chain(unions), &values).hold(25);
}

#[test]
fn strings() {
    let mut schemas = Vec::new();
    for (min, max) in [(0, 4), (0, 0), (0, 2), (1, 3), (2, 2)] {
        for pattern in [None, Some("^a"), Some("b$"), Some("^(a|ab)*$"), Some("^b?$")] {
            let mut schema = json!({ "type": "string", "minLength": min, "maxLength": max });
            if let Some(pattern) = pattern {
                schema["pattern"] = pattern.into();
            }
            schemas.push(schema);
        }
    }
    schemas.extend([
        json!({ "enum": ["", "a"] }),
        json!({ "enum": ["ab", "b"] }),
        json!({ "const": "abab" }),
    ]);
    let texts = lists(&['a', 'b', 'c'], 4);
    let values =
        texts.into_iter().map(|text| json!(text.into_iter().collect::<String>())).collect::<Vec<_>>();
    World::new(schemas.clone(), &values).hold(0);
    let unions = anyone_of(&schemas, &values, 29, "anyOf");
    World::new(schemas.into_iter().chain(unions), &values).hold(0);
}

#[test]
fn kinds_in_choices() {
    let plain = [
        json!({ "type": "null" }),
        json!({ "type": "boolean" }),
        json!({ "enum": [1, 2] }),
        json!({ "enum": ["a", null] }),
        json!({ "const": true }),
        json!({ "type": "array", "items": { "type": "boolean" }, "maxItems": 1 }),
        json!({ "type": "array", "prefixItems": [{ "const": 1 }], "items": false }),
        json!({ "type": "object", "properties": { "t": { "const": "a" } }, "required": ["t"], "additionalProperties": false }),
        json!({ "type": "object", "properties": { "t": { "enum": ["a", "b"] } }, "additionalProperties": false }),
        json!(false),
    ];
    let values = vec![
        json!(null),
        json!(true),
        json!(false),
        json!(1),
        json!(2),
        json!("a"),
        json!([]),
        json!([true]),
        json!([false]),
        json!([1]),
        json!({}),
        json!({ "t": "a" }),
        json!({ "t": "b" }),
    ];
    let exclusive = anyone_of(&plain, &values, 1, "oneOf");
    let unions = anyone_of(&plain, &values, 1, "anyOf");
    let some = unions.iter().step_by(7).cloned().collect::<Vec<_>>();
    let larger = anyone_of(&some, &values, 3, "anyOf");
    World::new(plain.into_iter().chain(exclusive).chain(unions).chain(larger), &values).hold(0);
}
