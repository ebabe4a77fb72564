//! A type accepts what the `jsonschema` crate accepts of the same schema.
//!
//! Differences that are meant, and that the generators here keep clear of or the comparison allows for:
//! an integer beyond what `i64` and `u64` hold is no integer; the formats schemars writes for integers bound them;
//! `uuid` and `duration` are formats in every draft.

mod oracle;

use flowright_schema::{Origin, Path, Presence, Segment, Type};
use oracle::{agree_on, validator};
use proptest::prelude::*;
use serde_json::{Value, json};

/// `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig { cases: default.cases.max(1000), failure_persistence: None, ..default }
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "ab", "kind", "__proto__", "", "x/y~z"]).prop_map(str::to_owned)
}

fn scalar() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(-0.0),
        json!(1),
        json!(1.0),
        json!(-1),
        json!(2),
        json!(3),
        json!(10),
        json!(1.5),
        json!(0.1),
        json!(0.3),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1e18),
        json!(""),
        json!("a"),
        json!("b"),
        json!("ab"),
        json!("éé"),
        json!("12"),
        json!("a@b.co"),
        json!("2020-01-01"),
        json!("__proto__"),
    ])
}

fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name(), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn keyword(inner: impl Strategy<Value = Value> + Clone + 'static) -> BoxedStrategy<(String, Value)> {
    let small = || prop::sample::select(vec![json!(0), json!(1), json!(2), json!(2.0), json!(3)]);
    let number = || {
        prop::sample::select(vec![json!(-1), json!(0), json!(0.5), json!(1), json!(1.0), json!(2), json!(10)])
    };
    let schemas = |inner: BoxedStrategy<Value>| prop::collection::vec(inner, 1..4).prop_map(Value::from);
    let inner = inner.boxed();
    let key = |name: &'static str, values: BoxedStrategy<Value>| {
        values.prop_map(move |value| (name.to_owned(), value)).boxed()
    };
    let kind =
        || prop::sample::select(vec!["null", "boolean", "integer", "number", "string", "array", "object"]);
    let patterns = prop::sample::select(vec!["^a", "b$", "^[a-z]+$", "\\d", "^$", "(?=a)b", "."]);
    let pattern_map = prop::collection::btree_map(patterns.clone(), inner.clone(), 1..3).prop_map(|map| {
        Value::Object(map.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    });
    let property_map = prop::collection::btree_map(name(), inner.clone(), 1..4)
        .prop_map(|map| Value::Object(map.into_iter().collect()));
    let names = prop::collection::btree_set(name(), 0..3).prop_map(|names| json!(names));
    let references = prop::sample::select(vec![json!("#/$defs/one"), json!("#/$defs/two")]);
    let formats = prop::sample::select(vec!["email", "date", "double", "nonsense"]);
    prop::strategy::Union::new_weighted(vec![
        (6, key("type", kind().prop_map(Value::from).boxed())),
        (2, key("type", prop::collection::btree_set(kind(), 1..4).prop_map(|kinds| json!(kinds)).boxed())),
        (1, key("minimum", number().boxed())),
        (1, key("maximum", number().boxed())),
        (1, key("exclusiveMinimum", number().boxed())),
        (1, key("exclusiveMaximum", number().boxed())),
        (
            1,
            key("multipleOf", prop::sample::select(vec![json!(1), json!(2), json!(0.1), json!(0.5)]).boxed()),
        ),
        (1, key("minLength", small().boxed())),
        (1, key("maxLength", small().boxed())),
        (1, key("pattern", patterns.prop_map(Value::from).boxed())),
        (1, key("format", formats.prop_map(Value::from).boxed())),
        (2, key("items", inner.clone())),
        (1, key("prefixItems", schemas(inner.clone()).boxed())),
        (1, key("minItems", small().boxed())),
        (1, key("maxItems", small().boxed())),
        (1, key("uniqueItems", any::<bool>().prop_map(Value::from).boxed())),
        (4, key("properties", property_map.boxed())),
        (3, key("required", names.boxed())),
        (2, key("patternProperties", pattern_map.boxed())),
        (3, key("additionalProperties", inner.clone())),
        (1, key("minProperties", small().boxed())),
        (1, key("maxProperties", small().boxed())),
        (2, key("enum", prop::collection::vec(value(), 1..4).prop_map(Value::from).boxed())),
        (2, key("const", value().boxed())),
        (2, key("allOf", schemas(inner.clone()).boxed())),
        (3, key("anyOf", schemas(inner.clone()).boxed())),
        (3, key("oneOf", schemas(inner.clone()).boxed())),
        (1, key("not", inner.clone())),
        (1, key("if", inner.clone())),
        (1, key("then", inner.clone())),
        (1, key("contains", inner.clone())),
        (1, key("propertyNames", inner.clone())),
        (1, key("unevaluatedProperties", inner.clone())),
        (1, key("unevaluatedItems", inner)),
        (2, key("$ref", references.boxed())),
    ])
    .boxed()
}

fn schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(true)),
        Just(json!(false)),
        Just(json!({})),
        prop::sample::select(vec!["null", "boolean", "integer", "number", "string", "array", "object"])
            .prop_map(|kind| json!({ "type": kind })),
        prop::collection::vec(scalar(), 1..3).prop_map(|values| json!({ "enum": values })),
        Just(json!({ "$ref": "#/$defs/one" })),
        Just(json!({ "$ref": "#/$defs/two" })),
    ];
    leaf.prop_recursive(4, 40, 4, |inner| {
        prop::collection::vec(keyword(inner), 1..4)
            .prop_map(|keywords| Value::Object(keywords.into_iter().collect()))
    })
}

/// Definitions that refer to each other below, never in place.
fn document() -> impl Strategy<Value = Value> {
    let definitions = prop_oneof![
        Just(json!({
            "one": { "type": "object", "properties": { "a": { "$ref": "#/$defs/two" } } },
            "two": { "anyOf": [{ "type": "null" }, { "$ref": "#/$defs/one" }] }
        })),
        Just(json!({
            "one": { "type": "object", "required": ["kind"], "properties": { "kind": { "const": "a" }, "b": { "type": "integer" } } },
            "two": { "type": "array", "items": { "$ref": "#/$defs/two" } }
        })),
        Just(json!({
            "one": {
                "type": "object", "required": ["a"], "properties": { "a": { "type": ["string", "null"] } },
                "additionalProperties": { "$ref": "#/$defs/one" }
            },
            "two": { "enum": ["a", 1, null, { "a": "b" }] }
        })),
    ];
    (schema(), definitions).prop_map(|(schema, definitions)| {
        let mut schema = match schema {
            Value::Object(members) => members,
            other => [("allOf".to_owned(), json!([other]))].into_iter().collect(),
        };
        schema.insert("$defs".to_owned(), definitions);
        Value::Object(schema)
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_type_accepts_what_its_schema_accepts(schema in document(), values in prop::collection::vec(value(), 12)) {
        let oracle = validator(&schema);
        let ty = match Type::parse(&schema, Origin::Schema) {
            Ok(ty) => ty,
            Err(faults) => return Err(TestCaseError::fail(format!("{schema}: {faults:?}"))),
        };
        for value in &values {
            if let Err(message) = agree_on(&ty, &oracle, &schema, value) {
                return Err(TestCaseError::fail(message));
            }
        }
    }
}

/// Every value inside `value` with the ways there, counted from the front and from the back.
fn inside(value: &Value) -> Vec<(Vec<Segment>, &Value)> {
    let mut found = vec![(Vec::new(), value)];
    let mut next = 0;
    while let Some((path, value)) = found.get(next).cloned() {
        next += 1;
        let mut add = |segment: Segment, value| {
            let mut path = path.clone();
            path.push(segment);
            found.push((path, value));
        };
        match value {
            Value::Array(elements) => {
                for ((position, element), back) in (0_i64..).zip(elements).zip((1..=elements.len()).rev()) {
                    add(Segment::Element(position), element);
                    add(Segment::shorthand(&position.to_string()), element);
                    add(Segment::Element(-i64::try_from(back).unwrap()), element);
                }
            }
            Value::Object(members) => {
                members.iter().for_each(|(name, member)| add(Segment::shorthand(name), member));
            }
            _ => {}
        }
    }
    found
}

fn segment() -> impl Strategy<Value = Segment> {
    prop_oneof![
        3 => name().prop_map(|name| Segment::shorthand(&name)),
        1 => (-2_i64..3).prop_map(Segment::Element),
        1 => (0_i64..2).prop_map(|index| Segment::shorthand(&index.to_string())),
    ]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_type_at_a_path_has_every_value_found_there(
        schema in document(),
        values in prop::collection::vec(value(), 12),
        paths in prop::collection::vec(prop::collection::vec(segment(), 1..3), 8),
    ) {
        let ty = Type::parse(&schema, Origin::Schema).unwrap();
        for value in values.iter().filter(|value| ty.accepts(*value)) {
            for (path, found) in inside(value) {
                let path = Path::from(path);
                let access = ty.at(&path);
                prop_assert!(
                    access.presence != Presence::Never && access.ty.accepts(found),
                    "{schema}\n{ty} at {path} is {:?} {}\nfound {found} in {value}", access.presence, access.ty
                );
            }
            for path in &paths {
                let path = Path::from(path.clone());
                let access = ty.at(&path);
                let is_there = path.find(value).is_some();
                prop_assert!(
                    is_there || access.presence != Presence::Always,
                    "{schema}\n{ty} at {path} is always {}\nnot in {value}", access.ty
                );
            }
        }
    }
}

#[test]
fn recursive_types_are_judged_as_deep_as_their_values() {
    let schema = json!({
        "$ref": "#/$defs/Tree",
        "$defs": { "Tree": {
            "type": "object",
            "properties": { "value": { "type": "integer" }, "children": { "type": "array", "items": { "$ref": "#/$defs/Tree" } } },
            "required": ["value"]
        } }
    });
    let mut value = json!({ "value": 1 });
    for _ in 0..40 {
        value = json!({ "value": 1, "children": [value] });
    }
    let ty = Type::parse(&schema, Origin::Schema).unwrap();
    assert_eq!(agree_on(&ty, &validator(&schema), &schema, &value), Ok(true));
    value["children"][0]["children"][0]["value"] = json!("one");
    assert_eq!(agree_on(&ty, &validator(&schema), &schema, &value), Ok(false));
}

#[test]
fn patterns_of_several_schemas_limit_the_same_names() {
    let schema = json!({
        "patternProperties": { "^a": true },
        "oneOf": [
            { "patternProperties": { "b$": { "type": "string" } }, "additionalProperties": { "type": "null" } },
            { "type": "boolean" }
        ]
    });
    let ty = Type::parse(&schema, Origin::Schema).unwrap();
    let accepted = [json!({ "ab": "x", "c": null }), json!({ "a": null }), json!(1)];
    let refused = [json!({ "ab": null }), json!({ "a": 1 }), json!({ "c": 1 }), json!(true)];
    for (value, valid) in
        accepted.iter().map(|value| (value, true)).chain(refused.iter().map(|value| (value, false)))
    {
        assert_eq!(agree_on(&ty, &validator(&schema), &schema, value), Ok(valid));
    }
}
