//! A type accepts what the `jsonschema` crate accepts of the same schema.
//!
//! Differences that are meant, and that the generators here keep clear of or the comparison allows for:
//! an integer beyond what `i64` and `u64` hold is no integer; the formats schemars writes for integers bound them;
//! `uuid` and `duration` are formats in every draft.

use flowright_schema::{Origin, Type};
use proptest::prelude::*;
use serde_json::{Value, json};

/// The validator of the schema with what flowright adds to it said in keywords.
fn oracle(schema: &Value) -> jsonschema::Validator {
    let mut explicit = schema.clone();
    bound_integers(&mut explicit);
    jsonschema::options()
        .offline()
        .should_validate_formats(true)
        .build(&explicit)
        .unwrap_or_else(|error| panic!("{error}: {explicit}"))
}

/// Says in `allOf` which integers a format means.
fn bound_integers(schema: &mut Value) {
    match schema {
        Value::Array(elements) => elements.iter_mut().for_each(bound_integers),
        Value::Object(members) => {
            members.values_mut().for_each(bound_integers);
            let bounds = match members.get("format").and_then(Value::as_str) {
                Some("int32") => Some(json!({ "minimum": i32::MIN, "maximum": i32::MAX })),
                Some("int64" | "int") => Some(json!({ "minimum": i64::MIN, "maximum": i64::MAX })),
                Some("uint32") => Some(json!({ "minimum": 0, "maximum": u32::MAX })),
                Some("uint64" | "uint") => Some(json!({ "minimum": 0, "maximum": u64::MAX })),
                _ => None,
            };
            if let Some(bounds) = bounds {
                members.insert("allOf".to_owned(), json!([bounds]));
            }
        }
        _ => {}
    }
}

/// `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig { cases: default.cases.max(1000), failure_persistence: None, ..default }
}

fn agree(schema: &Value, value: &Value) -> Result<(), String> {
    let ty = Type::parse(schema, Origin::Schema).map_err(|faults| format!("{schema}: {faults:?}"))?;
    agree_on(&ty, &oracle(schema), schema, value)
}

fn agree_on(ty: &Type, oracle: &jsonschema::Validator, schema: &Value, value: &Value) -> Result<(), String> {
    let checked = ty.check(value);
    let valid = oracle.is_valid(value);
    if ty.accepts(value) != valid || checked.faults.is_empty() != valid || checked.undecided {
        return Err(format!(
            "schema {schema}\ntype {ty}\nvalue {value}\nvalid {valid}, accepts {}, {checked:?}",
            ty.accepts(value)
        ));
    }
    Ok(())
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
        let oracle = oracle(&schema);
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
    agree(&schema, &value).unwrap();
    value["children"][0]["children"][0]["value"] = json!("one");
    agree(&schema, &value).unwrap();
}
