//! A registry's tools, as the Model Context Protocol's own SDK serves and reads them, and the instructions beside them.

use flowright::prelude::*;
use flowright::{ActionDefinition, Code, Report};
use flowright_tests::node::Package;
use flowright_tests::{actions, awkward, errors, typed};
use rand::{SeedableRng, rngs::StdRng};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashSet};

fn registries() -> [Registry; 4] {
    let typed = Registry::builder().actions(actions::ACTIONS).actions(typed::ACTIONS).build();
    let bare = ActionDefinition::builder("größe/wählen")
        .input_schema("any", json!(true), true)
        .input_schema("none", json!(false), false)
        .handler(|_| Ok(Value::Null))
        .build();
    let bare = Registry::builder().without_builtins().action(bare).build();
    [awkward::registry(), errors::registry(), typed.expect("it is right"), bare.expect("it is right")]
}

fn instructions(registry: &Registry) -> String {
    registry.tools()["instructions"].as_str().expect("a text").to_owned()
}

/// The blocks of JSON in a text.
fn blocks(text: &str) -> Vec<Value> {
    let blocks = text.split("```json\n").skip(1).map(|block| block.split("```").next().expect("it ends"));
    blocks
        .map(|block| serde_json::from_str(block).unwrap_or_else(|error| panic!("{error}:\n{block}")))
        .collect()
}

#[test]
fn tools_are_those_of_the_model_context_protocol() {
    let mut random = StdRng::seed_from_u64(7);
    for registry in registries() {
        let mut input = registry.tools();
        let tools = input["tools"].as_array().expect("a list").clone();
        let mut samples = Map::new();
        for (tool, definition) in tools.iter().zip(registry.definitions()) {
            assert_eq!(tool["_meta"]["kind"], definition.kind());
            let mut some = |schema: &Value| -> Value {
                (0..10).filter_map(|_| noson::generate(schema, &mut random).ok()).collect()
            };
            let inputs = some(&definition.inputs_schema());
            let outputs = some(&definition.output_schema());
            samples.insert(
                tool["name"].as_str().expect("a name").to_owned(),
                json!({ "inputs": inputs, "outputs": outputs }),
            );
        }
        input["samples"] = samples.into();
        let printed = Package::at("tests/tools").run("read.js", &[], &input.to_string());
        let read: Value = serde_json::from_str(&printed).expect("it prints JSON");
        assert_eq!(read["problems"], json!([]));
        // The protocol's reader drops what it does not know.
        assert_eq!(read["listed"], input["tools"]);
        assert_eq!(read["instructions"], input["instructions"]);
    }
}

#[test]
fn names_are_those_that_models_take() {
    let registry = awkward::registry();
    let tools = registry.tools();
    let tools = tools["tools"].as_array().expect("a list");
    assert_eq!(tools.len(), registry.definitions().count());
    let names: Vec<&str> = tools.iter().map(|tool| tool["name"].as_str().expect("a name")).collect();
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    assert!(
        names.iter().all(|name| (1..=64).contains(&name.len()) && name.chars().all(allowed)),
        "{names:?}"
    );
    assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
    let by_kind: BTreeMap<&str, &str> = tools
        .iter()
        .map(|tool| (tool["_meta"]["kind"].as_str().expect("a kind"), tool["name"].as_str().expect("a name")))
        .collect();
    assert_eq!(by_kind["weird/kind:with.all-signs"], "weird_kind_with_all-signs");
    assert_eq!((by_kind["builtin:if"], by_kind["route"], by_kind["grüße"]), ("builtin_if", "route", "gr__e"));
}

#[test]
fn outputs_that_are_objects_have_schemas() {
    let tools = awkward::registry().tools();
    let has_schema = |name: &str| {
        let mut tools = tools["tools"].as_array().expect("a list").iter();
        tools.find(|tool| tool["name"] == name).expect("it is there").get("outputSchema").is_some()
    };
    let objects = ["builtin_if", "choose_plan", "route", "tree", "labels", "schedule"];
    assert_eq!(objects.map(has_schema), [true; 6]);
    assert_eq!(["nothing", "integers", "contact", "weigh"].map(has_schema), [false; 4]);
}

#[test]
fn examples_are_documents_that_the_registry_accepts() {
    for registry in registries() {
        let blocks = blocks(&instructions(&registry));
        // The first shows the format, with placeholders.
        let documents: Vec<&Value> =
            blocks.iter().skip(1).filter(|block| block.get("actions").is_some()).collect();
        for document in &documents {
            let workflow = registry.check(&*document.to_string()).unwrap_or_else(|report| panic!("{report}"));
            assert!(workflow.report().is_empty(), "{}", workflow.report());
        }
        let has_branches = registry.definition("builtin:if").is_some();
        assert_eq!(documents.len(), 1 + usize::from(has_branches));
    }
    let shop = instructions(&errors::registry());
    let examples = shop.split("## Examples").nth(1).expect("there are some");
    for part in ["!ref($.state.1.", "{\"condition\":{\"==\":[\"!ref($.event.data."] {
        assert!(examples.contains(part), "{examples}");
    }
}

#[test]
fn the_report_that_is_explained_is_a_report() {
    let greet = ActionDefinition::builder("send_email").handler(|_| Ok(Value::Null)).build();
    let registry = Registry::builder().action(greet).build().expect("it is right");
    let text = r#"{ "actions": [{ "id": "1", "kind": "send_emial" }], "edges": [{ "from": "$source", "to": "1" }] }"#;
    let report: Value =
        registry.check(text).map_err(|report| Report::to_json(&report)).expect_err("it is wrong");
    let blocks = blocks(&instructions(&registry));
    let shown = blocks.iter().find(|block| block.get("diagnostics").is_some()).expect("a report is shown");
    let without_places = |report: &Value| {
        let mut report = report.clone();
        let found = report["diagnostics"][0].as_object_mut().expect("a diagnostic");
        assert!(found.remove("span").is_some_and(|span| span["line"] == 1));
        found["fixes"][0]["edits"][0]["start"] = 0.into();
        found["fixes"][0]["edits"][0]["end"] = 0.into();
        report
    };
    assert_eq!(without_places(shown), without_places(&report));
}

#[test]
fn every_code_is_listed_and_there_is_no_other() {
    let text = instructions(&errors::registry());
    let codes = text.split("The codes:\n\n").nth(1).expect("a list of codes");
    let codes: Vec<Code> = codes
        .lines()
        .map(|line| line.split('`').nth(1).expect("a code").parse().unwrap_or_else(|error| panic!("{error}")))
        .collect();
    assert_eq!(codes, Code::ALL);
}

#[test]
fn every_action_stands_in_the_instructions_with_its_types() {
    let registry = errors::registry();
    let text = instructions(&registry);
    for definition in registry.definitions() {
        assert!(text.contains(&format!("\n### `{}`\n", definition.kind())), "{}", definition.kind());
    }
    for line in [
        "- input `percent`, required: `integer 1 to 50`. How much less the next order costs.",
        "- output: `{ delivered: boolean, id: string }`",
        "Deprecated: use `send_email`.",
        "- edge `True`: `if` on `!ref($.output.result)`",
    ] {
        assert!(text.lines().any(|it| it == line), "{line} in\n{text}");
    }
    assert!(text.contains("- `order.placed`: `$.event` is `{ data: { "), "{text}");
}

#[test]
fn an_exported_registry_gives_the_same_tools() {
    for registry in registries() {
        let elsewhere = Registry::from_exported(&registry.exported()).expect("it is read back");
        assert_eq!(elsewhere.tools(), registry.tools());
    }
}

#[test]
fn secrets_stay_where_they_are() {
    let action = ActionDefinition::builder("call")
        .input_definition(flowright::InputDefinition::with_default("key", "hunter2".to_owned()).as_secret())
        .handler(|_| Ok(Value::Null))
        .build();
    let registry = Registry::builder().action(action).build().expect("it is right");
    assert!(!instructions(&registry).contains("hunter2"));
}
