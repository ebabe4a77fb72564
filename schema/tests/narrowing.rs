//! What is known of a value behind a condition that it passed.

use flowright_schema::{Cell, Origin, Path, Presence, Segment, Type};
use proptest::prelude::*;
use serde_json::{Value, json};

fn ty(schema: &Value) -> Type {
    Type::parse(schema, Origin::Schema).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn path(names: &[&str]) -> Path {
    names
        .iter()
        .map(|name| name.parse().map_or_else(|_| Segment::shorthand(name), Segment::Element))
        .collect()
}

fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) if left.is_f64() || right.is_f64() => {
            left.as_f64() == right.as_f64()
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, left)| right.get(name).is_some_and(|right| same(left, right)))
        }
        (left, right) => left == right,
    }
}

/// Whether the value is in the cell of the partition, by what the cells say they are.
fn is_in(value: Option<&Value>, cell: &Cell, cells: &[Cell]) -> bool {
    let Some(value) = value else { return *cell == Cell::Absent };
    let named = cells.iter().any(|cell| matches!(cell, Cell::Constant(constant) if same(constant, value)));
    match (cell, value) {
        (Cell::Constant(constant), value) => same(constant, value),
        (Cell::Null, value) => value.is_null(),
        (Cell::False, value) => *value == json!(false),
        (Cell::True, value) => *value == json!(true),
        (Cell::Zero, value) => value.as_f64() == Some(0.0),
        (Cell::EmptyString, value) => *value == json!(""),
        (Cell::EmptyArray, value) => *value == json!([]),
        (Cell::Number, Value::Number(number)) => number.as_f64() != Some(0.0) && !named,
        (Cell::String, Value::String(text)) => !text.is_empty() && !named,
        (Cell::Array, Value::Array(elements)) => !elements.is_empty() && !named,
        (Cell::Object, Value::Object(_)) => !named,
        _ => false,
    }
}

/// Narrowed to the cells that `kept` chooses, among those at the path and absence.
fn narrowed(ty: &Type, path: &Path, constants: &[Value], kept: impl Fn(&Cell) -> bool) -> Type {
    let access = ty.at(path);
    let mut cells = access.ty.cells(constants);
    if access.presence != Presence::Always {
        cells.push(Cell::Absent);
    }
    let kept: Vec<bool> = cells.iter().map(kept).collect();
    ty.narrowed(path, &cells, &kept)
}

fn truthy(cell: &Cell) -> bool {
    use Cell::{Absent, EmptyString, False, Null, Zero};
    !matches!(cell, Absent | Null | False | Zero | EmptyString)
}

fn falsy(cell: &Cell) -> bool {
    !truthy(cell)
}

fn is(value: Value) -> impl Fn(&Cell) -> bool {
    move |cell| *cell == Cell::Constant(value.clone())
}

/// The cells of a type, as they print.
#[track_caller]
fn assert_cells(schema: &Value, constants: &[Value], expected: &str) {
    let cells: Vec<String> = ty(schema)
        .cells(constants)
        .iter()
        .map(|cell| match cell {
            Cell::Constant(value) => value.to_string(),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(cells.join(" "), expected, "{schema}");
}

#[track_caller]
fn assert_truthy(schema: &Value, names: &[&str], expected: &str, otherwise: &str) {
    let (ty, path) = (ty(schema), path(names));
    assert_eq!(narrowed(&ty, &path, &[], truthy).to_string(), expected, "{schema}");
    assert_eq!(narrowed(&ty, &path, &[], falsy).to_string(), otherwise, "{schema}");
}

#[test]
fn cells_are_those_that_values_can_be_in() {
    assert_cells(&json!(true), &[], "Null False True Zero EmptyString EmptyArray Number String Array Object");
    assert_cells(&json!(false), &[], "");
    assert_cells(&json!({ "type": ["boolean", "null"] }), &[], "Null False True");
    assert_cells(&json!({ "type": "integer", "minimum": 1 }), &[], "Number");
    assert_cells(&json!({ "type": "number", "exclusiveMaximum": 0 }), &[], "Number");
    assert_cells(&json!({ "type": "string", "minLength": 1 }), &[], "String");
    assert_cells(&json!({ "type": "string", "format": "email" }), &[], "String");
    assert_cells(&json!({ "type": "string", "maxLength": 0 }), &[], "EmptyString");
    assert_cells(&json!({ "type": "array", "minItems": 1 }), &[], "Array");
    assert_cells(&json!({ "type": "array", "items": false }), &[], "EmptyArray");
    assert_cells(
        &json!({ "enum": ["a", "b", "", 0, 1, null, true] }),
        &[],
        r#"Null True Zero EmptyString 1 "a" "b""#,
    );
    assert_cells(&json!({ "enum": [{ "a": 1 }, [1]] }), &[], r#"[1] {"a":1}"#);
    assert_cells(&json!({ "anyOf": [{ "const": "a" }, { "type": "string" }] }), &[], "EmptyString String");
    assert_cells(&json!({ "anyOf": [{ "const": "a" }, { "type": "integer" }] }), &[], r#"Zero Number "a""#);
    assert_cells(
        &json!({ "type": "integer", "not": { "const": 1 } }),
        &[json!(1), json!(2)],
        "Zero Number 2",
    );
}

#[test]
fn constants_have_cells_of_their_own_where_the_type_has_them() {
    let given = [json!("a"), json!(1), json!(1.0), json!("a"), json!(-0.0), json!(null), json!("")];
    assert_cells(&json!({ "type": "string" }), &given, r#"EmptyString String "a""#);
    assert_cells(&json!({ "type": "number" }), &given, "Zero Number 1");
    assert_cells(&json!({ "enum": ["a", "b"] }), &given, r#""a" "b""#);
    assert_cells(&json!({ "type": "integer", "minimum": 0, "maximum": 1 }), &given, "Zero 1");
    assert_cells(&json!({ "type": "integer", "minimum": 0, "maximum": 2 }), &given, "Zero Number 1");
    let many: Vec<Value> = (1..=70).map(|at| json!(at)).collect();
    assert_cells(&json!({ "enum": many }), &[json!(3), json!("x")], "Number 3");
    assert_eq!(ty(&json!({ "enum": many })).cells(&many).len(), 70);
}

#[test]
fn a_few_integers_may_all_be_given_but_never_all_fractions() {
    let bounds = |kind: &str, max: i64| json!({ "type": kind, "minimum": 1, "maximum": max });
    let given: Vec<Value> = (1..=70).map(|at| json!(at)).collect();
    assert_cells(&bounds("integer", 2), &given, "1 2");
    assert_cells(&bounds("number", 2), &given, "Number 1 2");
    let has_others = |max| ty(&bounds("integer", max)).cells(&given).contains(&Cell::Number);
    assert!(!has_others(65) && has_others(66));
    let ranges: Vec<Value> =
        (0..70).map(|at| json!({ "type": "integer", "minimum": at, "maximum": at })).collect();
    assert!(ty(&json!({ "anyOf": ranges })).cells(&given).contains(&Cell::Number));
}

#[test]
fn a_condition_on_a_value_narrows_it() {
    assert_truthy(&json!({ "type": ["string", "null"] }), &[], "string (≥ 1 characters)", r#""" | null"#);
    assert_truthy(&json!({ "type": "integer", "minimum": 0 }), &[], "integer ≥ 1", "0");
    assert_truthy(&json!({ "type": "integer", "maximum": 0 }), &[], "integer ≤ -1", "0");
    assert_truthy(&json!({ "type": "number", "minimum": 0 }), &[], "number > 0", "0");
    assert_truthy(&json!({ "type": "number" }), &[], "number", "0");
    assert_truthy(&json!({ "type": "boolean" }), &[], "true", "false");
    assert_truthy(&json!({ "enum": ["a", "", null] }), &[], r#""a""#, r#""" | null"#);
    assert_truthy(&json!({ "type": "object" }), &[], "object", "never");
    assert_truthy(&json!({ "type": "null" }), &[], "never", "null");
    assert_truthy(&json!(true), &[], "any", "any");
}

fn object(members: &Value, required: &[&str]) -> Value {
    json!({ "type": "object", "properties": members, "required": required, "additionalProperties": false })
}

#[test]
fn a_member_that_must_be_there_is_required() {
    let user = object(&json!({ "name": { "type": ["string", "null"] }, "age": { "type": "integer" } }), &[]);
    assert_truthy(
        &user,
        &["name"],
        "{ name: string (≥ 1 characters), age?: integer }",
        r#"{ age?: integer, name?: "" | null }"#,
    );
    let present =
        ty(&user).narrowed(&path(&["age"]), &[Cell::Absent, Cell::Zero, Cell::Number], &[false, true, true]);
    assert_eq!(present.to_string(), "{ age: integer, name?: string | null }");
    assert_eq!(present.at(&path(&["age"])).presence, Presence::Always);
    let absent =
        ty(&user).narrowed(&path(&["age"]), &[Cell::Absent, Cell::Zero, Cell::Number], &[true, false, false]);
    assert_eq!(absent.at(&path(&["age"])).presence, Presence::Never);
    assert!(absent.accepts(&json!({ "name": "a" })) && !absent.accepts(&json!({ "age": 1 })));
    let patterns = json!({
        "type": "object", "patternProperties": { "^a": { "type": ["string", "null"] }, "b$": { "type": ["null", "integer"] } }
    });
    assert_eq!(
        narrowed(&ty(&patterns), &path(&["a"]), &[], truthy).at(&path(&["a"])).presence,
        Presence::Always
    );
    assert_eq!(narrowed(&ty(&patterns), &path(&["ab"]), &[], truthy), ty(&patterns));
    let map = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    let has = narrowed(&ty(&map), &path(&["x"]), &[], truthy).at(&path(&["x"]));
    assert_eq!((has.ty.to_string().as_str(), has.presence), ("string (≥ 1 characters)", Presence::Always));
    assert_eq!(has.ty.at(&path(&["y"])).presence, Presence::Never);
}

#[test]
fn a_tag_picks_its_branch() {
    let branch = |tag: &str, value: Value| object(&json!({ "t": { "const": tag }, "v": value }), &["t", "v"]);
    let (a, b, c) = (
        branch("a", json!({ "type": "string" })),
        branch("b", json!({ "type": "integer" })),
        branch("c", json!({ "type": "null" })),
    );
    let event = object(&json!({ "e": { "anyOf": [a, b, c, { "type": "null" }] } }), &["e"]);
    let event = ty(&event);
    let tag = path(&["e", "t"]);
    let is_a = narrowed(&event, &tag, &[], is(json!("a")));
    assert_eq!(is_a.to_string(), r#"{ e: { t: "a", v: string } }"#);
    assert_eq!(is_a.at(&path(&["e", "v"])).presence, Presence::Always);
    let others = narrowed(&event, &tag, &[], |cell| !is(json!("a"))(cell));
    let v = others.at(&path(&["e", "v"]));
    assert_eq!((v.ty.to_string().as_str(), v.presence), ("integer | null", Presence::Maybe));
    let both = narrowed(&event, &tag, &[], |cell| matches!(cell, Cell::Constant(_)) && !is(json!("a"))(cell));
    assert_eq!(both.at(&path(&["e", "v"])).presence, Presence::Always);
    assert!(narrowed(&event, &tag, &[], |_| false).is_never());
}

#[test]
fn exactly_one_branch_stays_exactly_one() {
    let schema = json!({ "oneOf": [{ "type": "integer" }, { "type": "number" }, { "type": "null" }] });
    let some = narrowed(&ty(&schema), &path(&[]), &[], |cell| *cell != Cell::Null);
    assert!(some.accepts(&json!(0.5)) && !some.accepts(&json!(1)) && !some.accepts(&json!(null)));
}

#[test]
fn elements_are_narrowed_by_position() {
    let list = json!({ "type": "array", "items": { "type": ["string", "null"] } });
    let first = narrowed(&ty(&list), &path(&["0"]), &[], truthy);
    assert_eq!(first.at(&path(&["0"])).presence, Presence::Always);
    assert_eq!(first.at(&path(&["0"])).ty.to_string(), "string (≥ 1 characters)");
    assert_eq!(first.at(&path(&["1"])).ty.to_string(), "string | null");
    let from_behind = narrowed(&ty(&list), &path(&["-2"]), &[], truthy);
    assert_eq!(from_behind.at(&path(&["1"])).presence, Presence::Always);
    let far = narrowed(&ty(&list), &path(&["1000"]), &[], truthy);
    assert_eq!(far.at(&path(&["1000"])).presence, Presence::Always);
    let short = narrowed(&ty(&list), &path(&["1"]), &[], |cell| *cell == Cell::Absent);
    assert!(short.accepts(&json!(["a"])) && !short.accepts(&json!(["a", "b"])));
    let tuple = json!({ "type": "array", "prefixItems": [{ "type": "boolean" }, { "type": "string" }], "minItems": 2, "items": false });
    assert_eq!(narrowed(&ty(&tuple), &path(&["0"]), &[], truthy).to_string(), "[true, string]");
}

#[test]
fn what_is_opaque_stays_judged() {
    let schema = json!({
        "type": "object", "properties": { "a": { "type": ["string", "null"] }, "b": true }, "required": ["a"],
        "not": { "required": ["b"] }
    });
    let some = narrowed(&ty(&schema), &path(&["a"]), &[], truthy);
    assert_eq!(some.at(&path(&["a"])).ty.to_string(), "string (≥ 1 characters)");
    assert!(some.accepts(&json!({ "a": "x" })));
    assert!(!some.accepts(&json!({ "a": "x", "b": 1 })) && !some.accepts(&json!({ "a": null })));
    assert_eq!(some, narrowed(&ty(&schema), &path(&["a"]), &[], truthy));
    assert_eq!(some.schema(), None);
}

#[test]
fn recursive_types_are_rebuilt_along_the_path_only() {
    let tree = json!({
        "$ref": "#/$defs/Tree",
        "$defs": { "Tree": object(&json!({ "next": { "anyOf": [{ "$ref": "#/$defs/Tree" }, { "type": "null" }] } }), &["next"]) }
    });
    let tree = ty(&tree);
    let two = narrowed(&tree, &path(&["next", "next"]), &[], truthy);
    assert_eq!(two.at(&path(&["next", "next", "next"])).presence, Presence::Always);
    assert_eq!(two.at(&path(&["next", "next", "next", "next"])).presence, Presence::Maybe);
    let end = narrowed(&tree, &path(&["next", "next"]), &[], |cell| *cell == Cell::Null);
    assert!(end.accepts(&json!({ "next": { "next": null } })) && !end.accepts(&json!({ "next": null })));
}

#[test]
fn objects_of_rust_types_stay_closed_for_access() {
    let schema = json!({ "type": "object", "properties": { "a": { "type": ["string", "null"] } } });
    let closed = Type::parse(&schema, Origin::Rust).unwrap();
    let some = narrowed(&closed, &path(&["a"]), &[], truthy);
    assert_ne!(some, closed);
    assert_eq!(some.at(&path(&["b"])).presence, Presence::Never);
    assert_eq!(
        narrowed(&ty(&schema), &path(&["a"]), &[], truthy).at(&path(&["b"])).presence,
        Presence::Maybe
    );
}

#[test]
fn what_nobody_described_is_narrowed_to_definite_values_only() {
    let any = Type::any();
    let constants = [json!("a"), json!("b")];
    assert_eq!(narrowed(&any, &path(&[]), &constants, is(json!("a"))), Type::constant(json!("a")));
    assert_eq!(narrowed(&any, &path(&[]), &[], |cell| *cell == Cell::Null), Type::null());
    assert_eq!(
        narrowed(&any, &path(&[]), &constants, |cell| matches!(cell, Cell::Constant(_))).to_string(),
        r#""a" | "b""#
    );
    assert!(narrowed(&any, &path(&["x"]), &[], truthy).is_any());
    assert!(narrowed(&any, &path(&[]), &[], |_| false).is_never());
}

#[test]
fn narrowing_again_builds_no_chain() {
    let members: serde_json::Map<String, Value> =
        (0..8).map(|at| (format!("m{at}"), json!({ "type": ["integer", "null"] }))).collect();
    let mut at_last = ty(&object(&Value::Object(members), &[]));
    for step in 0_i64..20_000 {
        let constants = [json!(step)];
        at_last = narrowed(&at_last, &path(&[&format!("m{}", step % 8)]), &constants, |cell| {
            *cell != Cell::Constant(json!(step)) && *cell != Cell::Null
        });
    }
    assert!(at_last.accepts(&json!({ "m1": -3 })));
}

/// Runs on the stack of a worker thread.
fn on_a_small_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().unwrap()
}

#[test]
fn what_is_too_much_work_is_left_as_it_is() {
    on_a_small_stack(|| {
        let branch = |at: i32| {
            json!({
                "type": "object", "properties": { "t": { "const": at }, "v": { "type": ["string", "null"] } }, "required": ["t"]
            })
        };
        let wide = ty(&json!({ "anyOf": (0..8_000).map(branch).collect::<Vec<_>>() }));
        assert_eq!(narrowed(&wide, &path(&["v"]), &[], truthy), wide);
        assert_eq!(
            narrowed(&wide, &path(&["t"]), &[json!(7)], is(json!(7))).to_string(),
            "{ t: 7, v?: string | null }"
        );
    });
}

#[test]
fn deep_types_need_no_deep_stack() {
    on_a_small_stack(|| {
        // Each level is a choice of one among two, so that nothing of it is flattened away.
        let level = json!({
            "type": "object", "required": ["a"],
            "properties": { "a": { "oneOf": [{ "$ref": "#/$defs/level" }, { "type": ["integer", "null"] }, { "type": "number" }] } }
        });
        let deep = ty(&json!({ "$ref": "#/$defs/level", "$defs": { "level": level } }));
        let way = vec!["a"; 64];
        let some = narrowed(&deep, &path(&way), &[], truthy);
        let mut value = json!(1.5);
        for _ in 0..64 {
            value = json!({ "a": value });
        }
        assert!(some.accepts(&value));
        drop(some);
        assert_eq!(narrowed(&deep, &path(&vec!["a"; 5_000]), &[], truthy), deep);
    });
}

#[test]
fn many_constants_are_looked_up_not_searched() {
    let many: Vec<Value> = (0..50_000).map(|at| json!(format!("c{at}"))).collect();
    let kept = narrowed(&Type::string(), &path(&[]), &many, is(json!("c7")));
    assert_eq!(kept, Type::constant(json!("c7")));
    let half = narrowed(
        &Type::string(),
        &path(&[]),
        &many,
        |cell| matches!(cell, Cell::Constant(Value::String(text)) if text.ends_with("77")),
    );
    assert!(half.accepts(&json!("c77")) && half.accepts(&json!("c49977")) && !half.accepts(&json!("c8")));
}

/// `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig { cases: default.cases.max(2000), failure_persistence: None, ..default }
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "t", "0", "1"]).prop_map(str::to_owned)
}

fn scalar() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(-0.0),
        json!(0.0),
        json!(1),
        json!(1.0),
        json!(-1),
        json!(2),
        json!(0.5),
        json!(""),
        json!("a"),
        json!("b"),
        json!("ab"),
    ])
}

fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(3, 16, 3, |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            3 => prop::collection::btree_map(name(), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        2 => prop::sample::select(vec![
            json!(true),
            json!(false),
            json!({ "type": "null" }),
            json!({ "type": "boolean" }),
            json!({ "type": "string" }),
            json!({ "type": "string", "minLength": 1 }),
            json!({ "type": "string", "maxLength": 0 }),
            json!({ "type": "string", "pattern": "^a*$" }),
            json!({ "type": "integer" }),
            json!({ "type": "integer", "minimum": 0 }),
            json!({ "type": "integer", "minimum": 0, "maximum": 2 }),
            json!({ "type": "integer", "minimum": -1, "maximum": 0, "multipleOf": 1 }),
            json!({ "type": "number", "minimum": 0 }),
            json!({ "type": "number", "exclusiveMinimum": 0, "maximum": 1 }),
            json!({ "type": "number", "minimum": 1, "maximum": 1 }),
            json!({ "type": ["string", "null"] }),
            json!({ "type": ["integer", "string", "null"] }),
            json!({ "type": "array", "items": { "type": "integer" } }),
            json!({ "type": "array", "uniqueItems": true, "minItems": 1 }),
            json!({ "type": "object" }),
            json!({ "not": { "const": "a" } }),
            json!({ "not": { "type": "null" }, "enum": ["a", 0, null] }),
            json!({ "$ref": "#/$defs/list" }),
        ]),
        1 => prop::collection::vec(value(), 1..4).prop_map(|values| json!({ "enum": values })),
        1 => scalar().prop_map(|value| json!({ "const": value })),
    ]
}

fn schema() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(4, 24, 4, |inner| {
        let members = || prop::collection::btree_map(name(), inner.clone(), 1..4);
        let names = prop::collection::btree_set(name(), 0..3);
        let several = || prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            4 => (members(), names, prop::option::of(inner.clone()), prop::option::weighted(0.2, inner.clone()), any::<bool>()).prop_map(
                |(members, names, additional, pattern, opaque)| {
                    let mut schema = json!({ "type": "object", "properties": members, "required": names });
                    if let Some(additional) = additional {
                        schema["additionalProperties"] = additional;
                    }
                    if let Some(pattern) = pattern {
                        schema["patternProperties"] = json!({ "^[ab]": pattern });
                    }
                    if opaque {
                        schema["not"] = json!({ "required": ["b", "1"] });
                    }
                    schema
                }
            ),
            2 => several().prop_map(|branches| json!({ "anyOf": branches })),
            1 => several().prop_map(|branches| json!({ "oneOf": branches })),
            1 => (several(), inner.clone(), 0..3).prop_map(|(prefix, rest, least)| json!({
                "type": "array", "prefixItems": prefix, "items": rest, "minItems": least
            })),
            1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| {
                let branch = |tag, value: Value| json!({
                    "type": "object", "properties": { "t": { "const": tag }, "a": value }, "required": ["t"]
                });
                json!({ "oneOf": [branch("a", a), branch("b", b), { "type": "null" }] })
            }),
        ]
    })
}

fn document() -> impl Strategy<Value = Value> {
    schema().prop_map(|schema| {
        let list = json!({
            "type": "object", "required": ["t"],
            "properties": { "t": { "enum": ["a", "", null] }, "a": { "$ref": "#/$defs/list" }, "b": { "anyOf": [{ "$ref": "#/$defs/list" }, { "type": "null" }] } }
        });
        json!({ "allOf": [schema], "$defs": { "list": list } })
    })
}

fn segments() -> impl Strategy<Value = Path> {
    let segment = prop_oneof![
        4 => name().prop_map(|name| Segment::shorthand(&name)),
        1 => (-2_i64..3).prop_map(Segment::Element),
    ];
    prop::collection::vec(segment, 0..3).prop_map(Path::from)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_value_of_a_type_is_in_one_of_its_cells(
        schema in document(), constants in prop::collection::vec(value(), 0..4), values in prop::collection::vec(value(), 12),
    ) {
        let ty = ty(&schema);
        let cells = ty.cells(&constants);
        for value in values.iter().chain(&constants).filter(|value| ty.accepts(*value)) {
            let of: Vec<&Cell> = cells.iter().filter(|cell| is_in(Some(value), cell, &cells)).collect();
            prop_assert_eq!(of.len(), 1, "{} of {} is in {:?} of {:?}", value, ty, of, cells);
        }
    }

    #[test]
    fn narrowing_loses_no_value_that_it_keeps_and_adds_none(
        schema in document(),
        path in segments(),
        constants in prop::collection::vec(scalar(), 0..3),
        choices in prop::collection::vec(any::<bool>(), 40),
        values in prop::collection::vec(value(), 16),
    ) {
        let ty = ty(&schema);
        let mut cells = ty.at(&path).ty.cells(&constants);
        cells.push(Cell::Absent);
        let kept: Vec<bool> = cells.iter().enumerate().map(|(at, _)| choices[at % choices.len()]).collect();
        let narrowed = ty.narrowed(&path, &cells, &kept);
        let others: Vec<bool> = kept.iter().map(|kept| !kept).collect();
        let rest = ty.narrowed(&path, &cells, &others);
        prop_assert_eq!(&ty.narrowed(&path, &cells, &vec![true; cells.len()]), &ty);
        // Narrowing again finds nothing new that is wrong.
        let twice = narrowed.narrowed(&path, &cells, &kept);
        for value in &values {
            let is_of = ty.accepts(value);
            let at = cells.iter().position(|cell| is_in(path.find(value), cell, &cells));
            if let (true, Some(at)) = (is_of, at) {
                let (own, other) = if kept[at] { (&narrowed, &rest) } else { (&rest, &narrowed) };
                prop_assert!(
                    own.accepts(value),
                    "{schema}\n{value} of {ty} at {path} is in {:?} of {cells:?}\nbut not of {own}, but of {other}", cells[at]
                );
                prop_assert!(!kept[at] || twice.accepts(value), "{schema}\n{value}: {narrowed}, then {twice}");
                let access = own.at(&path);
                match path.find(value) {
                    Some(found) => prop_assert!(
                        access.presence != Presence::Never && access.ty.accepts(found),
                        "{schema}\n{own} at {path} is {:?} {}\nfound {found}", access.presence, access.ty
                    ),
                    None => prop_assert!(access.presence != Presence::Always, "{schema}\n{own} at {path}\nnot in {value}"),
                }
            }
            prop_assert!(is_of || !narrowed.accepts(value), "{schema}\n{value} is of {narrowed}\nand not of {ty}");
        }
    }

    #[test]
    fn what_is_kept_of_enums_and_tags_is_kept_exactly(
        tags in prop::collection::btree_set(prop::sample::select(vec!["a", "b", "c", "d", ""]), 1..5),
        choices in prop::collection::vec(any::<bool>(), 6),
        optional in any::<bool>(),
    ) {
        let branch = |tag: &&str| object(&json!({ "t": { "const": tag }, "v": { "const": tag } }), &["t", "v"]);
        let mut branches: Vec<Value> = tags.iter().map(branch).collect();
        if optional {
            branches.push(json!({ "type": "null" }));
        }
        let ty = ty(&json!({ "oneOf": branches }));
        let tag = path(&["t"]);
        let mut cells = ty.at(&tag).ty.cells(&[]);
        cells.push(Cell::Absent);
        let kept = &choices[..cells.len()];
        let narrowed = ty.narrowed(&tag, &cells, kept);
        let values = tags.iter().map(|tag| json!({ "t": tag, "v": tag })).chain([Value::Null]);
        for value in values.filter(|value| ty.accepts(value)) {
            let at = cells.iter().position(|cell| is_in(tag.find(&value), cell, &cells)).unwrap();
            prop_assert_eq!(narrowed.accepts(&value), kept[at], "{} of {}", value, narrowed);
        }
    }
}
