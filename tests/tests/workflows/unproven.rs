//! No action runs on a value that was neither proven nor checked.

use crate::draft::{Draft, accepted, block_on, calls, codes, engine, refused, run, state};
use flowright::prelude::*;
use flowright::{Code, Level, Limits, Registry, RunError};
use flowright_tests::actions::ACTIONS;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn plug(schema: Value) -> Registry {
    let plug = ActionDefinition::builder("plug")
        .input_schema("p", schema, true)
        .handler(|call| call.inputs())
        .build();
    Registry::builder().action(plug).build().expect("it is right")
}

fn plugged(value: Value) -> Draft {
    Draft::new().action("1", "plug", json!({ "p": value })).start("1")
}

#[test]
fn a_misspelt_input_leaves_a_gap_where_it_is_no_error() {
    let registry = Registry::builder().actions(ACTIONS).lint(Code::UnknownInput, Level::Allow).build();
    let draft = Draft::new().action("1", "upper", json!({ "txt": "x" })).start("1");
    let report = refused(registry.expect("it is right").check(draft.text()));
    assert_eq!(codes(&report), [(Code::MissingInput, "/actions/0/inputs".to_owned())]);
}

#[test]
fn a_member_that_may_be_absent_is_checked_where_it_is_required() {
    let required = json!({ "type": "object", "properties": { "a": true }, "required": ["a"] });
    for schema in [required, json!({ "type": "object", "minProperties": 1 })] {
        let registry = plug(schema);
        let workflow = accepted(registry.check(plugged(json!({ "a": "!ref($.event.a)" })).text()));
        let left: Vec<String> =
            workflow.report().left_to_run_time().iter().map(ToString::to_string).collect();
        assert_eq!(left, ["/actions/0/inputs/p/a"]);
        let engine = engine(registry);
        assert!(run(&engine, &workflow, json!({ "a": 1 })).is_completed());
        let outcome = run(&engine, &workflow, json!({}));
        assert!(outcome.failure().is_some_and(|failure| failure.pointer().is_some()), "{outcome}");
        assert!(calls(&outcome).is_empty());
    }
}

#[test]
fn a_check_that_fails_names_the_ref_the_value_and_the_type() {
    for (schema, value, said) in [
        (json!({ "type": "string" }), json!(7), "expected `string`, found `7`"),
        (json!({ "type": "integer" }), json!(1.5), "expected `integer`, found `1.5`"),
        (json!({ "type": "boolean" }), json!("yes"), "expected `boolean`, found `\"yes\"`"),
        (json!({ "type": "string" }), Value::Null, "expected `string`, found `null`"),
        (json!({ "enum": ["on", "off"] }), json!("of"), "expected `\"on\" | \"off\"`, found `\"of\"`"),
        (
            json!({ "type": "string", "format": "email" }),
            json!("nobody"),
            "expected the format `email`, found `\"nobody\"`",
        ),
    ] {
        let outcome = plugged(json!("!ref($.event.v)")).run_with(plug(schema), json!({ "v": value }));
        let message = outcome.failure().expect("the value is wrong").to_string();
        assert!(message.contains(said), "{said} in: {message}");
        assert!(message.contains("from `!ref($.event.v)` (at /actions/0/inputs/p)"), "{message}");
        assert!(calls(&outcome).is_empty());
    }
}

#[test]
fn each_part_of_an_input_that_is_not_proven_is_listed() {
    let schema = json!({
        "type": "object",
        "properties": { "to": { "type": "string", "format": "email" }, "n": { "type": "integer", "minimum": 1 } },
    });
    let draft = plugged(json!({ "to": "!ref($.event.to)@x.org", "n": "!ref($.event.n)" }));
    let workflow = accepted(plug(schema).check(draft.text()));
    let left: Vec<String> = workflow.report().left_to_run_time().iter().map(ToString::to_string).collect();
    assert_eq!(left, ["/actions/0/inputs/p/n", "/actions/0/inputs/p/to"]);
}

#[test]
fn an_unknown_member_of_a_closed_value_is_an_error() {
    let schema = json!({ "type": "object", "properties": { "a": true }, "additionalProperties": false });
    let report = refused(plug(schema).check(plugged(json!({ "a": 1, "bb": 2 })).text()));
    assert_eq!(codes(&report), [(Code::WrongType, "/actions/0/inputs/p/bb".to_owned())]);
}

/// Numbers at every depth.
#[derive(Deserialize, JsonSchema)]
struct Sizes {
    width: u32,
    others: BTreeMap<String, Vec<i64>>,
}

/// Add up.
#[engine_action]
fn area(sizes: Sizes, height: u8, #[input(flatten)] rest: Sizes) -> i64 {
    let sum: i64 = sizes.others.values().chain(rest.others.values()).flatten().sum();
    i64::from(sizes.width) * i64::from(height) + i64::from(rest.width) + sum
}

#[test]
fn integral_numbers_are_integers_wherever_they_come_from() {
    let draft = Draft::new().action(
        "1",
        "area",
        json!({
            "sizes": { "width": 2.0, "others": { "a": [3.0, "!ref($.event.n)"] } },
            "height": "!ref($.event.n)",
            "width": 1e2,
            "others": { "b": [-1.0] },
        }),
    );
    let registry = Registry::builder().actions(actions![area]).build().expect("it is right");
    let outcome = draft.start("1").run_with(registry, json!({ "n": 10.0 }));
    assert_eq!(state(&outcome), json!({ "1": 2 * 10 + 100 + 3 + 10 - 1 }), "{outcome}");
}

#[test]
fn null_leaves_an_input_with_a_default_to_it() {
    #[engine_action]
    fn greet(#[input(default = "you")] name: String) -> String {
        name
    }
    for name in [json!(null), json!("!ref($.event.nobody)")] {
        let registry = Registry::builder().actions(actions![greet]).build().expect("it is right");
        let draft = Draft::new().action("1", "greet", json!({ "name": name })).start("1");
        assert_eq!(state(&draft.run_with(registry, json!({ "nobody": null }))), json!({ "1": "you" }));
    }
}

#[test]
fn a_number_that_json_cannot_write_is_the_fault_of_its_own_action() {
    let draft = Draft::new()
        .action("1", "add", json!({ "a": 1e308, "b": 1e308 }))
        .action("2", "add", json!({ "a": "!ref($.state.1)", "b": 1 }))
        .start("1")
        .edge("1", "2");
    let outcome = draft.run(json!({}));
    let failure = outcome.failure().expect("infinity is no number of JSON");
    assert_eq!((failure.action_id(), failure.code()), ("1", "wrong-type"), "{failure}");
}

#[test]
fn an_engine_of_a_subset_runs_nothing_else() {
    let whole = Registry::builder().actions(ACTIONS).build().expect("it is right");
    let part = whole.subset(["upper"]).expect("it is there");
    let workflow = accepted(whole.check(Draft::new().echo("1", 1).start("1").text()));
    let refused = block_on(engine(part).run(&workflow, json!({})));
    assert!(matches!(refused, Err(RunError::OtherRegistry)), "{refused:?}");
}

#[test]
fn an_output_that_is_refused_does_not_count() {
    let registry = Registry::builder()
        .actions(ACTIONS)
        .limits(Limits::default().state_bytes(300))
        .build()
        .expect("right");
    let draft = Draft::new()
        .action("small", "echo", json!({ "value": "!ref($.event)" }))
        .action("large", "concat", json!({ "parts": ["x".repeat(400)] }))
        .start("small")
        .start("large");
    let outcome = draft.run_with(registry, json!("event"));
    assert_eq!(state(&outcome), json!({ "small": "event" }));
    assert_eq!(outcome.failure().map(flowright::Failure::code), Some("limit"));
}

#[test]
fn an_event_of_any_depth_is_dropped_in_peace() {
    let deep = || (0..1_000_000).fold(json!(1), |value, _| Value::Array(vec![value]));
    let workflow = accepted(Draft::new().echo("1", 1).start("1").check());
    let other = engine(Registry::builder().build().expect("it is right"));
    assert!(matches!(block_on(other.run(&workflow, deep())), Err(RunError::OtherRegistry)));
    assert!(matches!(block_on(other.handle(deep())), Err(RunError::NoLoader)));
    let own = engine(workflow.registry().clone());
    assert!(matches!(block_on(own.run(&workflow, deep())), Err(RunError::Event(_))));
}

/// A part of an event.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct Inner {
    n: u8,
}

/// An event whose fields are named as keywords are.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct Keywords {
    default: Inner,
    examples: Vec<Inner>,
}

#[test]
fn the_fields_of_an_event_may_be_named_as_keywords() {
    let registry = Registry::builder().actions(ACTIONS).event::<Keywords>("e").build().expect("it is right");
    let draft = |field: &str| Draft::new().echo("1", format!("!ref($.event.data.{field})")).start("1").text();
    accepted(registry.check(draft("default.n")));
    let report = refused(registry.check(draft("default.m")));
    assert_eq!(codes(&report), [(Code::UnknownField, "/actions/0/inputs/value".to_owned())]);
}

#[test]
fn names_are_proposed_alike_every_time() {
    let ids = ["aaaaab", "aaaaac", "aaaaad"];
    let draft = ids.iter().fold(Draft::new(), |draft, id| draft.echo(id, 1).start(id));
    let text = draft.echo("x", "!ref($.state.aaaaax)").edge("aaaaab", "x").text();
    let helps: Vec<Option<String>> = (0..20)
        .map(|_| {
            refused(crate::draft::conformance().check(&*text)).diagnostics()[0].help().map(str::to_owned)
        })
        .collect();
    assert!(helps.iter().all(|help| help.as_deref() == Some("did you mean `aaaaab`?")), "{helps:?}");
}

#[test]
fn a_long_name_over_many_refs_is_a_limit() {
    let refs: Vec<Value> = (0..100).map(|at| json!(format!("!ref($.event.a{at})"))).collect();
    let long = |letters: usize| Draft::new().echo("1", json!({ "k".repeat(letters): refs })).start("1");
    assert!(long(1_000).check().is_ok());
    let report = refused(long(1_000_000).check());
    assert_eq!(codes(&report), [(Code::Limit, String::new())]);
}
