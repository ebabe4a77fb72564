//! The changes that concern a document.

use crate::{action, build};
use flowright::{Changed, InputDefinition, Registry};
use serde_json::{Value, json};

/// Two kinds of actions, and events; what they have in common is of the type.
fn registry(schema: &Value, events: &[&str]) -> Registry {
    let act = |kind: &str| {
        let act = action(kind).alias(format!("{kind}_too"));
        let act = act.input_schema("x", schema.clone(), false).input_schema("y", schema.clone(), false);
        act.output_schema(schema.clone()).handler(|_| Ok(Value::Null)).build()
    };
    let event = |name: &str| json!({ "type": "object", "properties": { "name": { "const": name }, "data": schema }, "required": ["name", "data"] });
    let builder = Registry::builder().actions([act("one"), act("two")]);
    events.iter().fold(builder, |builder, name| builder.event_schema(name, event(name))).build().unwrap()
}

fn workflow(actions: &Value, conditional: Option<&Value>) -> String {
    let mut edges = json!([{ "from": "$source", "to": "1" }]);
    if actions.as_array().is_some_and(|actions| actions.len() > 1) {
        let mut edge = json!({ "from": "1", "to": "2" });
        if let Some(conditional) = conditional {
            edge["conditional"] = conditional.clone();
        }
        edges.as_array_mut().unwrap().push(edge);
    }
    json!({ "actions": actions, "edges": edges }).to_string()
}

/// What concerns a document, in short: `one.x`, `one→` for its output, `go!` for an event.
fn concerning(event: Option<&str>, document: &str) -> Vec<String> {
    let events = ["go", "stop"];
    let old = registry(&json!({ "type": "integer" }), &events);
    concerning_of(&old, &registry(&json!({ "type": "string" }), &events), event, document)
}

fn concerning_of(old: &Registry, new: &Registry, event: Option<&str>, document: &str) -> Vec<String> {
    let checked = match event {
        Some(event) => old.check_for(event, document),
        None => old.check(document),
    };
    let concerning = new.compare(old).concerning(&checked.unwrap());
    let short = |change: &flowright::Change| match change.what() {
        Changed::InputType { input, .. } => format!("{}.{input}", change.action().unwrap()),
        Changed::OutputType(_) => format!("{}→", change.action().unwrap()),
        Changed::EventType(_) => format!("{}!", change.event().unwrap()),
        Changed::EventRemoved => format!("no {}", change.event().unwrap()),
        other => format!("{other:?}"),
    };
    concerning.iter().map(short).collect()
}

#[test]
fn inputs_concern_who_gives_them_and_outputs_who_reads_them() {
    let one = json!({ "id": "1", "kind": "one", "inputs": { "x": 1 } });
    assert_eq!(concerning(None, &workflow(&json!([one]), None)), ["one.x"]);
    let by_alias = json!({ "id": "2", "kind": "two_too", "inputs": { "y": "!ref($.state.1)" } });
    assert_eq!(concerning(None, &workflow(&json!([one, by_alias]), None)), ["one.x", "one→", "two.y"]);
    let bare = |id: &str, kind: &str| json!({ "id": id, "kind": kind });
    let both = json!([bare("1", "one"), bare("2", "two")]);
    assert_eq!(concerning(None, &workflow(&both, None)), [""; 0]);
    let test = json!({ "type": "match", "ref": "!ref($.output)", "value": 1 });
    assert_eq!(concerning(None, &workflow(&both, Some(&test))), ["one→"]);
}

#[test]
fn an_event_concerns_who_reads_it_and_may_be_started_by_it() {
    let reads = json!({ "id": "1", "kind": "one", "inputs": { "x": "!ref($.event.data)" } });
    let document = workflow(&json!([reads]), None);
    assert_eq!(concerning(None, &document), ["one.x", "go!", "stop!"]);
    assert_eq!(concerning(Some("stop"), &document), ["one.x", "stop!"]);
    let rule = json!({ "id": "1", "kind": "builtin:if", "inputs": { "condition": { "==": ["!ref($.event.data)", 1] } } });
    assert_eq!(concerning(Some("go"), &workflow(&json!([rule]), None)), ["go!"]);
}

#[test]
fn an_event_that_is_removed_concerns_who_reads_it_or_is_checked_for_it() {
    let integer = json!({ "type": "integer" });
    let (old, new) = (registry(&integer, &["go", "stop"]), registry(&integer, &["go"]));
    let concerning = |event, input: Value| {
        let one = json!({ "id": "1", "kind": "one", "inputs": { "x": input } });
        concerning_of(&old, &new, event, &workflow(&json!([one]), None))
    };
    let (reading, other) = (json!("!ref($.event.data)"), json!(1));
    assert_eq!(concerning(None, reading.clone()), ["no stop"]);
    assert_eq!(concerning(None, other.clone()), [""; 0]);
    assert_eq!(concerning(Some("stop"), other), ["no stop"]);
    assert_eq!(concerning(Some("go"), reading), [""; 0]);
}

#[test]
fn a_name_concerns_who_writes_it() {
    let act = |kind: &str, alias: &str, input: &str, other: &str| {
        let input = InputDefinition::from_schema(input, json!({}), false).with_alias(other);
        build(action(kind).alias(alias).input_definition(input))
    };
    let (old, new) = (act("act", "do", "x", "y"), act("perform", "act", "z", "x"));
    let concerning = |kind: &str, input: &str| {
        let one = json!({ "id": "1", "kind": kind, "inputs": { input: 1 } });
        let checked = old.check(workflow(&json!([one]), None)).unwrap();
        new.compare(&old).concerning(&checked).to_string()
    };
    assert_eq!(
        concerning("act", "x"),
        "fine: `act` is called `perform` now, and its old name still works\n\
         fine: the input `x` of `act` is called `z` now, and its old name still works\n"
    );
    assert_eq!(
        concerning("do", "y"),
        "breaking: `act` goes by `do` no more; keep that as an alias\n\
         breaking: the input `x` of `act` goes by `y` no more; keep that as an alias\n"
    );
}
