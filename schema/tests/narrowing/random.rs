//! Types, conditions and values at random.

use super::{is_in, object, path, ty};
use flowright_schema::{Cell, Path, Presence, Segment};
use proptest::prelude::*;
use serde_json::{Value, json};

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
