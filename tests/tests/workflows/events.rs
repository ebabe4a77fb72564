//! The types of events.

use crate::draft::{Draft, accepted, codes, conformance, engine, refused, run, state};
use crate::runtime;
use flowright::{CheckedWorkflow, Code, Engine, Event, EventRefused, Registry};
use flowright_tests::actions::ACTIONS;
use schemars::JsonSchema;
use serde_json::{Value, json};

#[derive(JsonSchema)]
#[allow(dead_code, reason = "its schema is all that is used")]
struct OrderPlaced {
    id: u32,
    note: Option<String>,
    lines: Vec<Line>,
}

#[derive(JsonSchema)]
#[allow(dead_code, reason = "its schema is all that is used")]
struct Line {
    title: String,
}

#[derive(JsonSchema)]
#[allow(dead_code, reason = "its schema is all that is used")]
struct UserCreated {
    id: u32,
    email: String,
}

fn one() -> Registry {
    Registry::builder().actions(ACTIONS).event::<OrderPlaced>("order.placed").build().expect("it is right")
}

fn two() -> Registry {
    let both = Registry::builder().actions(ACTIONS).event::<OrderPlaced>("order.placed");
    both.event::<UserCreated>("user.created").build().expect("it is right")
}

fn order() -> Value {
    json!({ "id": 7, "lines": [{ "title": "tea" }] })
}

#[track_caller]
fn turned_away(engine: &Engine, workflow: &CheckedWorkflow, event: impl Into<Event>) -> EventRefused {
    let event = event.into();
    let refused = workflow.admits(&event).expect_err("it is admitted");
    let said = runtime::turned_away(engine, workflow, event);
    assert_eq!(said, format!("the event is refused: {refused}"));
    refused
}

#[test]
fn the_only_event_type_types_the_event() {
    let registry = one();
    let draft = Draft::new().echo("1", "!ref($.event.data.lines)").start("1");
    let workflow = accepted(registry.check(draft.text()));
    assert_eq!(workflow.trigger(), Some("order.placed"));
    let report = refused(registry.check(Draft::new().echo("1", "!ref($.event.data.lnes)").start("1").text()));
    assert_eq!(codes(&report), [(Code::UnknownField, "/actions/0/inputs/value".to_owned())]);
    let help = report.diagnostics()[0].help().unwrap_or_default();
    assert!(help.contains("`lines`"), "{help}");
}

#[test]
fn a_misspelt_field_of_a_rust_type_is_found_below_arrays_too() {
    let report =
        refused(one().check(Draft::new().echo("1", "!ref($.event.data.lines[0].titel)").start("1").text()));
    assert_eq!(codes(&report), [(Code::UnknownField, "/actions/0/inputs/value".to_owned())]);
    assert!(report.diagnostics()[0].help().unwrap_or_default().contains("`title`"));
}

#[test]
fn an_event_of_its_type_is_taken_with_further_members() {
    let registry = one();
    let workflow =
        accepted(registry.check(Draft::new().echo("1", "!ref($.event.data.id)").start("1").text()));
    let event = json!({ "name": "order.placed", "data": order(), "ts": 1, "user": { "id": 3 } });
    assert_eq!(state(&run(&engine(registry), &workflow, event)), json!({ "1": 7 }));
}

#[test]
fn further_members_of_an_event_may_be_referred_to() {
    let registry = one();
    let draft =
        Draft::new().echo("1", json!({ "ts": "!ref($.event.ts)", "name": "!ref($.event.name)" })).start("1");
    let workflow = accepted(registry.check(draft.text()));
    let engine = engine(registry);
    let with = run(&engine, &workflow, json!({ "name": "order.placed", "data": order(), "ts": 1 }));
    assert_eq!(state(&with), json!({ "1": { "ts": 1, "name": "order.placed" } }));
    let without = run(&engine, &workflow, Event::new("order.placed", order()));
    assert_eq!(state(&without), json!({ "1": { "name": "order.placed" } }));
}

#[test]
fn an_event_that_is_not_of_its_type_is_refused_on_entry() {
    let registry = one();
    let workflow = accepted(registry.check(Draft::new().echo("1", 1).start("1").text()));
    let engine = engine(registry);
    let data = |data: Value| json!({ "name": "order.placed", "data": data });
    for (event, code, mentions) in [
        (data(json!({ "lines": [] })), "missing-member", "id"),
        (data(json!({ "id": "7", "lines": [] })), "wrong-type", "id"),
        (data(json!({ "id": -1, "lines": [] })), "out-of-range", "id"),
        (data(json!({ "id": 4_294_967_296_u64, "lines": [] })), "out-of-range", "id"),
        (data(json!({ "id": 7, "lines": [{ "title": "a" }, {}] })), "missing-member", "lines"),
        (data(json!(null)), "wrong-type", "data"),
        (json!({ "name": "order.placed" }), "missing-member", "data"),
        (json!({ "data": order() }), "missing-member", "name"),
        (json!({ "name": "order.plced", "data": order() }), "wrong-type", "order.plced"),
        (json!({ "name": 1, "data": order() }), "wrong-type", "name"),
        (json!([]), "wrong-type", "array"),
        (Value::Null, "wrong-type", "null"),
    ] {
        let refused = turned_away(&engine, &workflow, event.clone());
        assert_eq!(refused.code(), code, "{event}: {refused}");
        assert!(refused.to_string().contains(mentions), "`{mentions}` in: {refused}");
    }
}

#[test]
fn a_workflow_is_checked_for_one_of_several_events() {
    let registry = two();
    let email = Draft::new().echo("1", "!ref($.event.data.email)").start("1").text();
    let workflow = accepted(registry.check_for("user.created", &email));
    assert_eq!(workflow.trigger(), Some("user.created"));
    let report = refused(registry.check_for("order.placed", &email));
    assert_eq!(codes(&report), [(Code::UnknownField, "/actions/0/inputs/value".to_owned())]);
    let engine = engine(registry);
    let user = Event::new("user.created", json!({ "id": 1, "email": "a@b.c" }));
    assert_eq!(state(&run(&engine, &workflow, user)), json!({ "1": "a@b.c" }));
    let other = turned_away(&engine, &workflow, Event::new("order.placed", order()));
    assert!(
        other.to_string().contains("user.created") && other.to_string().contains("order.placed"),
        "{other}"
    );
}

#[test]
fn an_event_that_no_one_knows_is_one_diagnostic() {
    let report = refused(two().check_for("order.plced", Draft::new().echo("1", "!ref($.nope)").text()));
    assert_eq!(report.diagnostics().len(), 1);
    let found = &report.diagnostics()[0];
    assert_eq!(found.pointer().as_str(), "");
    let text = format!("{} {}", found.message(), found.help().unwrap_or_default());
    assert!(text.contains("`order.plced`") && text.contains("order.placed"), "{text}");
}

#[test]
fn without_a_name_a_workflow_is_checked_for_all_events_together() {
    let registry = two();
    let workflow =
        accepted(registry.check(Draft::new().echo("1", "!ref($.event.data.id)").start("1").text()));
    assert_eq!(workflow.trigger(), None);
    let engine = engine(registry.clone());
    assert!(run(&engine, &workflow, Event::new("order.placed", order())).is_completed());
    let user = json!({ "id": 1, "email": "a@b.c" });
    assert!(run(&engine, &workflow, Event::new("user.created", user.clone())).is_completed());
    turned_away(&engine, &workflow, Event::new("order.placed", user));
    turned_away(&engine, &workflow, Event::new("other", json!({ "id": 1 })));
    let report =
        refused(registry.check(Draft::new().echo("1", "!ref($.event.data.nothing)").start("1").text()));
    assert_eq!(codes(&report), [(Code::UnknownField, "/actions/0/inputs/value".to_owned())]);
}

#[test]
fn a_field_of_one_event_only_may_be_absent_where_it_is_optional() {
    let registry = two();
    let inputs = json!({ "name": "x", "age": 1, "email": "!ref($.event.data.email)" });
    let workflow = accepted(registry.check(Draft::new().action("1", "make_user", inputs).start("1").text()));
    let engine = engine(registry);
    let outcome = run(&engine, &workflow, Event::new("order.placed", order()));
    assert_eq!(state(&outcome), json!({ "1": { "name": "x", "age": 1, "email": null } }));
    let outcome = run(&engine, &workflow, Event::new("user.created", json!({ "id": 1, "email": "a@b.c" })));
    assert_eq!(outcome.value("1").expect("it completed")["email"], "a@b.c");
}

#[test]
fn a_schema_of_the_whole_event_types_all_of_it() {
    let schema = json!({
        "type": "object",
        "properties": { "topic": { "const": "ping" }, "n": { "type": "integer", "minimum": 1 } },
        "required": ["topic", "n"],
        "additionalProperties": false,
    });
    let registry =
        Registry::builder().actions(ACTIONS).event_schema("ping", schema).build().expect("it is right");
    let workflow = accepted(registry.check(Draft::new().echo("1", "!ref($.event.n)").start("1").text()));
    let report = refused(registry.check(Draft::new().echo("1", "!ref($.event.data)").start("1").text()));
    assert_eq!(codes(&report), [(Code::UnknownField, "/actions/0/inputs/value".to_owned())]);
    let engine = engine(registry);
    assert!(run(&engine, &workflow, json!({ "topic": "ping", "n": 1 })).is_completed());
    assert!(run(&engine, &workflow, json!({ "topic": "ping", "n": 2.0 })).is_completed());
    assert_eq!(turned_away(&engine, &workflow, json!({ "topic": "ping", "n": 0 })).code(), "out-of-range");
    assert_eq!(
        turned_away(&engine, &workflow, json!({ "topic": "ping", "n": 1, "x": 1 })).code(),
        "wrong-type"
    );
}

#[test]
fn an_integer_is_one_that_64_bits_hold() {
    let schema = json!({ "type": "object", "properties": { "n": { "type": "integer" } }, "required": ["n"] });
    let registry =
        Registry::builder().actions(ACTIONS).event_schema("count", schema).build().expect("it is right");
    let workflow = accepted(registry.check(Draft::new().echo("1", "!ref($.event.n)").start("1").text()));
    let engine = engine(registry);
    for n in [json!(30.0), json!(-30.0), json!(u64::MAX), json!(i64::MIN)] {
        assert_eq!(state(&run(&engine, &workflow, json!({ "n": n }))), json!({ "1": n }));
    }
    for n in [json!(18_446_744_073_709_551_616.0), json!(1e30), json!(-1e30)] {
        let refused = turned_away(&engine, &workflow, json!({ "n": n }));
        assert_eq!(refused.code(), "out-of-range", "{refused}");
        assert!(refused.to_string().contains("-9223372036854775808 to 18446744073709551615"), "{refused}");
    }
    assert_eq!(turned_away(&engine, &workflow, json!({ "n": 30.5 })).code(), "wrong-type");
}

#[test]
fn without_event_types_any_json_is_an_event() {
    let registry = conformance();
    let workflow = accepted(registry.check(Draft::new().echo("1", "!ref($.event)").start("1").text()));
    assert_eq!(workflow.trigger(), None);
    let engine = engine(registry);
    for event in
        [json!(null), json!(0), json!("x"), json!([]), json!({ "name": 3 }), json!({ "name": "anything" })]
    {
        assert_eq!(run(&engine, &workflow, event.clone()).value("1"), Some(&event));
    }
}

#[test]
fn an_event_that_is_too_deep_or_too_large_is_refused() {
    let workflow = accepted(Draft::new().echo("1", 1).start("1").check());
    let engine = engine(workflow.registry().clone());
    let deep = (0..100_000).fold(json!(1), |inner, _| Value::Array(vec![inner]));
    assert_eq!(turned_away(&engine, &workflow, deep).code(), "limit");
    let large = Value::String("x".repeat(65 * 1024 * 1024));
    assert_eq!(turned_away(&engine, &workflow, large).code(), "limit");
}
