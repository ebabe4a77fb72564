//! Schemas and values that mean harm are refused in time, on a small stack.

use flowright_schema::{FaultKind, Origin, Path, SchemaFault, Segment, Step, Type};
use serde_json::{Value, json};

/// Runs on the stack of a worker thread.
fn on_a_small_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().unwrap()
}

fn faults(schema: &Value) -> Vec<SchemaFault> {
    Type::parse(schema, Origin::Schema).unwrap_err()
}

fn nested(depth: usize, inner: Value, wrap: impl Fn(Value) -> Value) -> Value {
    (0..depth).fold(inner, |inner, _| wrap(inner))
}

#[test]
fn a_schema_too_deep_or_too_large_is_a_fault() {
    on_a_small_stack(|| {
        let deep = nested(1000, json!({}), |inner| json!({ "items": inner }));
        assert_eq!(faults(&deep)[0].to_string(), "the schema is nested more than 128 levels deep");
        let large = json!({ "enum": (0..300_000).collect::<Vec<_>>() });
        assert_eq!(faults(&large)[0].to_string(), "the schema consists of more than 200000 values");
    });
}

#[test]
fn branches_that_multiply_are_left_to_the_validator() {
    on_a_small_stack(|| {
        let choice = |n: usize| json!({ "anyOf": [{ "required": [format!("a{n}")] }, { "required": [format!("b{n}")] }] });
        let schema = json!({ "type": "object", "allOf": (0..20).map(choice).collect::<Vec<_>>() });
        let ty = Type::parse(&schema, Origin::Schema).unwrap();
        let full: serde_json::Map<String, Value> = (0..20).map(|n| (format!("a{n}"), json!(1))).collect();
        assert!(ty.accepts(&Value::Object(full.clone())));
        let mut lacking = full;
        lacking.remove("a19");
        assert!(!ty.accepts(&Value::Object(lacking)));
    });
}

#[test]
fn intersections_of_recursive_types_end() {
    on_a_small_stack(|| {
        let list = |period: usize, name: &str| {
            let mut definitions = serde_json::Map::new();
            for step in 0..period {
                let next = format!("#/$defs/{name}{}", (step + 1) % period);
                definitions
                    .insert(format!("{name}{step}"), json!({ "properties": { "next": { "$ref": next } } }));
            }
            definitions
        };
        let mut definitions = serde_json::Map::new();
        let periods = [("a", 7), ("b", 11), ("c", 13), ("d", 17), ("e", 19)];
        for (name, period) in periods {
            definitions.extend(list(period, name));
        }
        let all: Vec<Value> =
            periods.iter().map(|(name, _)| json!({ "$ref": format!("#/$defs/{name}0") })).collect();
        let schema = json!({ "allOf": all, "$defs": definitions });
        assert!(faults(&schema)[0].message.contains("too large"));
    });
}

#[test]
fn a_definition_that_is_a_choice_of_itself_is_a_fault() {
    let schema = json!({ "$ref": "#/$defs/A", "$defs": { "A": { "anyOf": [{ "$ref": "#/$defs/A" }, { "type": "null" }] } } });
    assert_eq!(
        faults(&schema)[0].to_string(),
        "the schema at `/$defs/A/anyOf/0` leads back, for the same value, to the schema around it, so that neither means \
         anything; lead back to it from a property or an element instead"
    );
}

#[test]
fn long_names_do_not_multiply() {
    on_a_small_stack(|| {
        let long = "k".repeat(500_000);
        let many = |schema: Value| vec![schema; 40_000];
        let inner: serde_json::Map<String, Value> =
            (0..40_000).map(|position| (format!("a{position}"), json!({}))).collect();
        let below = json!({ "properties": { &long: { "properties": inner } } });
        assert!(faults(&below)[0].message.contains("names so long"));
        for (keyword, value) in [
            ("required", json!([&long])),
            ("const", json!(&long)),
            ("title", json!(&long)),
            ("description", json!(&long)),
        ] {
            let each = (0..10_000).map(|least| json!({ "$ref": "#/$defs/long", "minProperties": least }));
            let shared = json!({
                "prefixItems": each.collect::<Vec<_>>(), "$defs": { "long": { "type": "object", keyword: value } }
            });
            assert!(faults(&shared)[0].message.contains("too large, or combines too much"), "{keyword}");
        }
        let judged = (0..10_000).map(|least| json!({ "$ref": "#x", "minProperties": least }));
        let judged = json!({
            "prefixItems": judged.collect::<Vec<_>>(),
            "$defs": { &long: { "$anchor": "x", "type": "object", "not": { "required": ["a"] } } }
        });
        assert!(faults(&judged)[0].message.contains("too large, or combines too much"));
        let anchored = json!({ "allOf": many(json!({ "$ref": "#x" })), "$defs": { "x": { "$anchor": "x", "type": "null" } } });
        assert!(Type::parse(&anchored, Origin::Schema).unwrap().accepts(&json!(null)));
        let unanchored = json!({ "allOf": many(json!({ "$ref": "#x" })) });
        assert_eq!(faults(&unanchored).len(), 100);
    });
}

#[test]
fn choices_within_choices_do_not_multiply() {
    on_a_small_stack(|| {
        let mut definitions = serde_json::Map::new();
        for level in 0..60 {
            let next = json!({ "$ref": format!("#/$defs/{}", level + 1) });
            let twice = json!({ "anyOf": [next, { "title": "again", "anyOf": [next, { "const": level }] }] });
            definitions.insert(level.to_string(), twice);
        }
        definitions.insert("60".to_owned(), json!({ "type": "string" }));
        let schema = json!({ "$ref": "#/$defs/0", "$defs": definitions });
        if let Ok(ty) = Type::parse(&schema, Origin::Schema) {
            assert!(ty.accepts(&json!(3)) && !ty.accepts(&json!(-3)));
        }
    });
}

#[test]
fn a_value_too_deep_is_a_fault_at_any_type_that_looks_into_it() {
    on_a_small_stack(|| {
        let list = json!({
            "$ref": "#/$defs/List",
            "$defs": { "List": { "anyOf": [
                { "type": "null" },
                { "type": "object", "properties": { "next": { "$ref": "#/$defs/List" } }, "additionalProperties": false }
            ] } }
        });
        let ty = Type::parse(&list, Origin::Schema).unwrap();
        let next = |inner| Value::Object([("next".to_owned(), inner)].into_iter().collect());
        let deep = |depth| nested(depth, Value::Null, next);
        assert!(ty.accepts(&deep(120)));
        assert!(!ty.accepts(&deep(2000)));
        let checked = ty.check(&deep(2000));
        assert!(checked.faults.iter().any(|fault| matches!(fault.kind, FaultKind::TooLarge)), "{checked:?}");

        let opaque = Type::parse(&json!({ "not": { "type": "string" } }), Origin::Schema).unwrap();
        assert!(opaque.accepts(&deep(120)));
        assert!(!opaque.accepts(&deep(2000)));
        let judged = json!({
            "type": "object", "properties": { "next": { "anyOf": [{ "type": "null" }, { "$ref": "#" }] } },
            "propertyNames": { "const": "next" }
        });
        let judged = Type::parse(&judged, Origin::Schema).unwrap();
        assert!(judged.accepts(&deep(100)));
        assert!(!judged.accepts(&deep(2000)));
        assert!(Type::any().accepts(&deep(2000)));
    });
}

#[test]
fn a_value_that_every_branch_must_be_tried_for_ends() {
    on_a_small_stack(|| {
        let schema = json!({
            "$ref": "#/$defs/X",
            "$defs": { "X": { "anyOf": [
                { "type": "object", "properties": { "a": { "$ref": "#/$defs/X" } }, "required": ["a"] },
                { "type": "object", "properties": { "a": { "$ref": "#/$defs/X" }, "b": true }, "required": ["a"] },
                { "type": "null" }
            ] } }
        });
        let ty = Type::parse(&schema, Origin::Schema).unwrap();
        let deep = nested(40, json!("x"), |inner| json!({ "a": inner }));
        let faults = ty.check(&deep).faults;
        assert!(matches!(faults[0].kind, FaultKind::TooLarge), "{faults:?}");
    });
}

#[test]
fn patterns_are_bounded() {
    let long = json!({ "type": "string", "pattern": "a".repeat(2000) });
    assert_eq!(faults(&long)[0].pointer, "/pattern");
    let invalid = json!({ "properties": { "a": { "pattern": "(" } } });
    assert_eq!(faults(&invalid)[0].pointer, "/properties/a/pattern");
    let backtracking = json!({ "type": "string", "pattern": "^(?=(a+)+b)x" });
    let ty = Type::parse(&backtracking, Origin::Schema).unwrap();
    assert!(!ty.accepts(&json!("a".repeat(5000))));
}

#[test]
fn a_pattern_has_a_kibibyte_at_most() {
    let pattern = |bytes: usize| json!({ "type": "string", "pattern": "a".repeat(bytes) });
    assert!(Type::parse(&pattern(1024), Origin::Schema).is_ok());
    let refused = faults(&pattern(1025));
    assert_eq!(refused[0].to_string(), "the schema at `/pattern` has a pattern of more than 1024 bytes");
    let name = json!({ "type": "object", "patternProperties": { "a".repeat(1025): true } });
    assert!(faults(&name)[0].message.contains("a pattern of more than 1024 bytes"));
}

#[test]
fn deep_paths_and_unions_of_unions_stay_small() {
    on_a_small_stack(|| {
        let mut ty = Type::union([Type::null(), Type::string()]);
        for step in 0..2000 {
            ty = Type::union([ty, Type::constant(json!(step % 7))]);
        }
        assert!(ty.accepts(&json!(3)) && !ty.accepts(&json!(7)));
        let path: Path = (0..5000).map(|_| Segment::shorthand("a")).collect();
        assert!(Type::any().at(&path).ty.is_any());
    });
}

#[test]
fn every_fault_of_a_schema_is_reported_where_it_is() {
    let schema = json!({
        "type": "strin",
        "properties": { "a/b": { "minLength": -1 }, "c": { "$ref": "https://example.com/x" }, "d": 3 },
        "items": { "$ref": "#/$defs/nowhere" }, "required": "a", "anyOf": []
    });
    let mut found: Vec<String> = faults(&schema).iter().map(ToString::to_string).collect();
    found.sort();
    assert_eq!(
        found,
        [
            "the schema at `/anyOf` must be a non-empty array of schemas",
            "the schema at `/items/$ref` refers to `#/$defs/nowhere`, which does not exist",
            "the schema at `/properties/a~1b/minLength` must be an integer that is not negative",
            "the schema at `/properties/c/$ref` refers to `https://example.com/x`, which is not in it; write `#/$defs/…`",
            "the schema at `/properties/d` must be an object or a boolean",
            "the schema at `/required` must be an array of strings",
            "the schema at `/type` must be one or several of `array`, `boolean`, `integer`, `null`, `number`, `object`, `string`",
        ]
    );
    assert_eq!(faults(&json!(3))[0].to_string(), "the schema must be an object or a boolean");
}

#[test]
fn what_many_places_leave_to_the_validator_is_made_once() {
    on_a_small_stack(|| {
        let unlike: Vec<Value> = (0..20_000).map(|n| json!({ "not": { "const": n } })).collect();
        let ty = Type::parse(&json!({ "prefixItems": unlike }), Origin::Schema).unwrap();
        let mut values = vec![json!(-1); 20_000];
        assert!(ty.accepts(&Value::from(values.clone())));
        values[12_345] = json!(12_345);
        let checked = ty.check(&Value::from(values));
        assert_eq!(checked.faults.len(), 1);
        assert_eq!(checked.faults[0].path, [Step::Element(12_345)]);
        assert_eq!(checked.faults[0].kind, FaultKind::Refused { keyword: "not".to_owned() });
    });
}

#[test]
fn patterns_that_only_the_validator_sees_are_bounded() {
    let large = |n: usize| json!({ "pattern": format!("^(?=b)(a{{1,900}}){{1,19}}{n}$") });
    let schema = json!({ "not": { "anyOf": (0..1_000).map(large).collect::<Vec<_>>() } });
    assert_eq!(
        faults(&schema)[0].to_string(),
        "the schema has so many or so large patterns that they take more than 64 MiB"
    );
}

#[test]
fn what_a_validator_would_explain_without_end_is_refused_in_a_word() {
    on_a_small_stack(|| {
        let lists = json!({ "anyOf": [
            { "type": "array", "items": { "$ref": "#/$defs/lists" }, "not": { "minItems": 3 } },
            { "type": "array", "items": { "$ref": "#/$defs/lists" }, "not": { "maxItems": 0 } },
            { "type": "null" }
        ] });
        let schema = json!({ "$ref": "#/$defs/lists", "$defs": { "lists": lists } });
        let ty = Type::parse(&schema, Origin::Schema).unwrap();
        let deep = |leaf: Value| nested(40, leaf, |inner| json!([inner]));
        assert!(ty.accepts(&deep(json!(null))));
        assert!(!ty.accepts(&deep(json!(1))));
        assert!(!ty.check(&deep(json!(1))).faults.is_empty());
        let itself = json!({ "items": { "$ref": "#" } });
        let schema = json!({ "anyOf": [itself, itself], "not": { "const": 1 } });
        let checked = Type::parse(&schema, Origin::Schema).unwrap().check(&deep(json!(1)));
        assert_eq!(checked.faults.len(), 1);
        assert_eq!(checked.faults[0].path, []);
        assert_eq!(checked.faults[0].kind, FaultKind::Refused { keyword: "not".to_owned() });
    });
}

#[test]
fn what_a_validator_follows_far_and_deep_stays_on_the_stack() {
    on_a_small_stack(|| {
        type Wrap = fn(Value) -> Value;
        let wraps: [Wrap; 6] = [
            |inner| json!({ "allOf": [inner, { "type": ["array", "null", "integer"] }] }),
            |inner| json!({ "anyOf": [inner, false] }),
            |inner| json!({ "oneOf": [inner, false] }),
            |inner| json!({ "if": true, "then": inner }),
            |inner| json!({ "not": { "not": inner } }),
            |inner| json!({ "allOf": [{ "$ref": "#/$defs/null" }, inner] }),
        ];
        for (position, wrap) in wraps.into_iter().enumerate() {
            for far in [2, 20] {
                let inner = json!({ "items": { "$ref": "#" }, "not": { "const": 1 } });
                let mut schema = nested(far, inner, wrap);
                schema["$defs"] = json!({ "null": { "not": { "const": 2 } } });
                let ty = Type::parse(&schema, Origin::Schema).unwrap();
                for depth in [60, 310] {
                    let value = nested(depth, json!(1), |inner| json!([inner]));
                    assert!(!ty.accepts(&value), "{position} {far} {depth}");
                    assert!(!ty.check(&value).faults.is_empty(), "{position} {far} {depth}");
                }
                assert!(ty.accepts(&nested(40, json!(3), |inner| json!([inner]))), "{position} {far}");
            }
        }
    });
}

#[test]
fn a_step_that_leads_to_the_same_from_many_branches_ends() {
    on_a_small_stack(|| {
        let branch = |n: usize| json!({ "properties": { "next": { "$ref": "#" }, "n": { "const": n } }, "required": ["n"] });
        let schema = json!({ "anyOf": (0..2_000).map(branch).collect::<Vec<_>>() });
        let ty = Type::parse(&schema, Origin::Schema).unwrap();
        let path: Path = (0..2).map(|_| Segment::shorthand("next")).collect();
        let next = ty.at(&path).ty;
        assert!(next.accepts(&json!({ "n": 1_999 })) && !next.accepts(&json!({ "n": 2_000 })));
    });
}
