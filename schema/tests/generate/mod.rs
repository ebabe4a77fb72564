//! Random schemas and values.

use proptest::prelude::*;
use serde_json::{Value, json};

/// A member's name.
pub(crate) fn name() -> impl Strategy<Value = String> {
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

/// A value.
pub(crate) fn value() -> impl Strategy<Value = Value> {
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
pub(crate) fn document() -> impl Strategy<Value = Value> {
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
