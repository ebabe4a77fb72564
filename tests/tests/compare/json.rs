//! Changes for programs.

use crate::action;
use flowright::{Code, InputDefinition, Level, Limits, Mode, Registry, RegistryBuilder};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn input(name: &str) -> InputDefinition {
    InputDefinition::from_schema(name, json!({ "type": "string" }), false)
}

fn build(builder: RegistryBuilder, actions: Vec<flowright::ActionBuilder>) -> Registry {
    let actions = actions.into_iter().map(|action| action.handler(|_| Ok(Value::Null)).build());
    builder.actions(actions).build().unwrap()
}

/// A registry, and one that is changed in every way there is.
fn before_and_after() -> (Registry, Registry) {
    let text = |most: u64| json!({ "type": "string", "maxLength": most });
    let event =
        |most: u64| json!({ "type": "object", "properties": { "data": text(most) }, "required": ["data"] });
    let old = vec![
        action("removed"),
        action("outdated").deprecated("use `other`"),
        action("former").alias("formerly"),
        action("lost").alias("found"),
        action("left").alias("moved"),
        action("inputs")
            .input_definition(input("gone").as_deprecated())
            .input_definition(input("before").with_alias("long-before"))
            .input_definition(input("lost").with_alias("found"))
            .input_definition(input("x").with_alias("y"))
            .input_definition(input("one"))
            .input_definition(input("two"))
            .input_definition(input("old"))
            .input_schema("may", json!({ "type": "string" }), false)
            .input_schema("must", json!({ "type": "string" }), true)
            .input_schema("type", text(9), true),
        action("output").output_schema(text(5)),
    ];
    let new = vec![
        action("latter").alias("former"),
        action("found"),
        action("left"),
        action("right").alias("moved"),
        action("added"),
        action("inputs")
            .input_definition(input("after").with_alias("before"))
            .input_definition(input("found"))
            .input_definition(input("x"))
            .input_definition(input("y"))
            .input_definition(input("one").with_alias("two"))
            .input_definition(input("old").as_deprecated())
            .input_schema("may", json!({ "type": "string" }), true)
            .input_schema("must", json!({ "type": "string" }), false)
            .input_schema("type", text(5), true)
            .input_schema("new", json!({}), true),
        action("output").output_schema(text(9)).deprecated("use nothing"),
    ];
    let from = Registry::builder().event_schema("go", event(5)).event_schema("gone", event(5));
    let to = Registry::builder()
        .event_schema("go", event(9))
        .event_schema("new", event(5))
        .mode(Mode::Strict)
        .lint(Code::UnknownMember, Level::Error)
        .limits(Limits::default().edges(10));
    (build(from, old), build(to, new))
}

#[test]
fn every_change_has_its_own_members() {
    let (old, new) = before_and_after();
    let json = new.compare(&old).to_json();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/compare/changes.json");
    let now = format!("{json:#}\n");
    if std::env::var_os("FLOWRIGHT_BLESS").is_some() {
        std::fs::write(file, &now).unwrap();
    }
    assert_eq!(
        now,
        std::fs::read_to_string(file).unwrap(),
        "run with FLOWRIGHT_BLESS=1, and read what changes"
    );
    let said: BTreeSet<&str> =
        json["changes"].as_array().unwrap().iter().map(|change| change["change"].as_str().unwrap()).collect();
    assert_eq!(said.len(), 23, "every change there is: {said:?}");
}
