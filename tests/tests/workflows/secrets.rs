//! The value of a secret input stands nowhere that people read.

use crate::draft::{Draft, accepted, engine, refused, run};
use crate::recorder::recorded;
use flowright::prelude::*;
use flowright::{ActionDefinition, InputDefinition, Mode, Registry};
use serde_json::{Value, json};

const SECRET: &str = "hunter2-s3cret";

/// Log in.
#[engine_action]
fn log_in(
    #[input(secret, pattern = "^[0-9]+$", max_length = 5)] pin: Option<String>,
    #[input(secret)] keys: Option<Vec<u8>>,
) -> bool {
    pin.is_some() || keys.is_some()
}

fn registry(mode: Mode) -> Registry {
    let by_hand = ActionDefinition::builder("by_hand")
        .input_definition(InputDefinition::of::<u8>("code").as_secret())
        .handler(|call| call.input::<u8>("code").map(Value::from))
        .build();
    Registry::builder().actions(actions![log_in]).action(by_hand).mode(mode).build().expect("it is right")
}

/// Literals that are wrong, each with the secret in it.
fn wrong() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("log_in", "pin", json!(SECRET)),
        ("log_in", "pin", json!({ "x": SECRET })),
        ("log_in", "pin", json!([SECRET])),
        ("log_in", "keys", json!([1, SECRET])),
        ("log_in", "keys", json!(SECRET)),
        ("by_hand", "code", json!(SECRET)),
        ("by_hand", "code", json!({ "code": [SECRET] })),
    ]
}

fn draft(kind: &str, input: &str, value: Value) -> Draft {
    Draft::new()
        .action("1", kind, Value::Object([(input.to_owned(), value)].into_iter().collect()))
        .start("1")
}

#[test]
fn a_wrong_secret_is_not_in_the_messages_of_a_check() {
    for (kind, input, value) in wrong() {
        let report = refused(registry(Mode::Default).check(draft(kind, input, value.clone()).text()));
        for found in &report {
            let related = found.related().iter().map(flowright::Related::message).collect::<String>();
            let said = format!("{} {} {related}", found.message(), found.help().unwrap_or_default());
            assert!(!said.contains("hunter2"), "{value}: {said}");
        }
    }
}

#[test]
fn a_wrong_secret_is_not_in_the_failure_of_a_run() {
    for (kind, input, value) in wrong() {
        let registry = registry(Mode::Lenient);
        let workflow = accepted(registry.check(draft(kind, input, json!("!ref($.event.v)")).text()));
        let engine = engine(registry);
        let (outcome, spans) = recorded(|| run(&engine, &workflow, json!({ "v": value.clone() })));
        let failure = outcome.failure().unwrap_or_else(|| panic!("{value}: {outcome}"));
        for said in [failure.to_string(), failure.message(), format!("{failure:?}"), outcome.to_string()] {
            assert!(!said.contains("hunter2"), "{value}: {said}");
        }
        assert!(!format!("{spans:?}").contains("hunter2"), "{spans:?}");
    }
}

/// Send what cannot be sent.
#[engine_action]
fn send(#[input(secret)] token: String) -> Result<(), ActionError> {
    Err(std::io::Error::other(format!("refused with {token}")))?
}

#[test]
fn what_caused_a_failure_does_not_tell_a_secret() {
    let registry = Registry::builder().actions(actions![send]).build().expect("it is right");
    let workflow = accepted(registry.check(draft("send", "token", json!(SECRET)).text()));
    let outcome = run(&engine(registry), &workflow, json!({}));
    let failure = outcome.failure().expect("it is refused");
    assert_eq!(failure.message(), "refused with (secret)");
    assert!(!format!("{failure:?}").contains("hunter2"), "{failure:?}");
}

#[test]
fn a_secret_in_text_with_refs_is_not_told_either() {
    let registry = registry(Mode::Lenient);
    let workflow = accepted(registry.check(draft("log_in", "pin", json!("x!ref($.event.v)")).text()));
    let outcome = run(&engine(registry), &workflow, json!({ "v": SECRET }));
    let failure = outcome.failure().expect("it is no number");
    assert!(!format!("{failure} {failure:?} {outcome}").contains("hunter2"), "{failure:?}");
}

#[test]
fn a_secret_that_fits_is_passed_on_and_not_told() {
    let registry = registry(Mode::Default);
    let workflow = accepted(registry.check(draft("log_in", "pin", json!("!ref($.event.v)")).text()));
    let engine = engine(registry);
    let (outcome, spans) = recorded(|| run(&engine, &workflow, json!({ "v": "41973" })));
    assert_eq!(outcome.value("1"), Some(&json!(true)));
    assert!(!format!("{outcome} {spans:?}").contains("41973"));
}

/// Refuse whoever asks, and say why.
#[engine_action(retries = 1)]
fn refuse(
    #[input(secret)] token: String,
    #[input(secret)] pin: u32,
    user: String,
) -> Result<(), ActionError> {
    Err(ActionError::retryable(format_args!("{user} has not {token:?} but {pin}, and no {token}")))
}

#[test]
fn what_an_action_says_of_its_failure_is_told_without_its_secrets() {
    let registry = Registry::builder().actions(actions![refuse]).build().unwrap();
    let inputs =
        json!({ "token": "Bearer !ref($.event.t)", "pin": "!ref($.event.p)", "user": "!ref($.event.u)" });
    let workflow = accepted(registry.check(Draft::new().action("1", "refuse", inputs).start("1").text()));
    let pause = std::time::Duration::ZERO;
    let policy = flowright::Policy::new().backoff(pause, pause);
    let told = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let kept = std::sync::Arc::clone(&told);
    let engine = Engine::builder(registry)
        .default_policy(policy)
        .observer(move |progress: &flowright::RunProgress<'_>| {
            kept.lock().unwrap().push(format!("{progress:?}"));
        })
        .build()
        .unwrap();
    let event = json!({ "t": "hunter2\"", "p": 41973, "u": "Ada" });
    let (outcome, spans) = recorded(|| run(&engine, &workflow, event));
    let failure = outcome.failure().unwrap();
    assert_eq!(failure.message(), "Ada has not \"(secret)\" but (secret), and no (secret)");
    assert_eq!(failure.attempt(), 2);
    let told = told.lock().unwrap().concat();
    assert!(told.contains("Again"), "{told}");
    for said in [format!("{failure:?}"), outcome.to_json().to_string(), format!("{spans:?}"), told] {
        assert!(!said.contains("hunter2") && !said.contains("41973"), "{said}");
    }
}

#[test]
fn a_secret_is_masked_as_rust_writes_it_within_quotes() {
    let registry = Registry::builder().actions(actions![refuse]).build().unwrap();
    for token in ["it's\u{200b}hunter2", "it's\u{1b}hunter2", "\u{301}'hunter2\u{301}"] {
        let inputs = json!({ "token": token, "pin": 41973, "user": "Ada" });
        let workflow = accepted(registry.check(Draft::new().action("1", "refuse", inputs).start("1").text()));
        let policy = flowright::Policy::new().retries(0);
        let engine = Engine::builder(registry.clone()).policy("refuse", policy).build().unwrap();
        let outcome = run(&engine, &workflow, json!(null));
        let message = outcome.failure().unwrap().message();
        assert_eq!(message, "Ada has not \"(secret)\" but (secret), and no (secret)");
    }
}

/// An event, an output, and a secret that is given both.
#[test]
fn events_and_outputs_that_secrets_are_taken_from_are_not_told_where_they_are_wrong() {
    let issue = |ty: Value| {
        ActionDefinition::builder("issue")
            .output_schema(json!({ "type": "object", "properties": { "token": ty }, "required": ["token"] }))
            .handler(|_| Ok(json!({ "token": SECRET })))
            .build()
    };
    let registry = |ty: &str| {
        let data =
            json!({ "type": "object", "properties": { "token": { "type": ty } }, "required": ["token"] });
        let event = json!({ "type": "object", "properties": { "data": data }, "required": ["data"] });
        let builder = Registry::builder().actions(actions![keep]).action(issue(json!({ "type": ty })));
        builder.event_schema("login", event).mode(Mode::Lenient).build().unwrap()
    };
    let keys = json!(["!ref($.event.data.token)", "!ref($.state.1.token)"]);
    let inputs = json!({ "keys": keys, "token": "t", "user": "Ada" });
    let draft =
        Draft::new().action("1", "issue", json!({})).action("2", "keep", inputs).start("1").edge("1", "2");
    let wrong = registry("integer");
    let workflow = accepted(wrong.check_for("login", draft.text()));
    let event = |token: Value| flowright::Event::new("login", json!({ "token": token }));
    let refused = workflow.admits(&event(json!(SECRET))).unwrap_err().to_string();
    assert_eq!(refused, "`$.event.data.token`: expected `integer`, found a string");
    let unfit = workflow.takes_output("1", &json!({ "token": SECRET })).unwrap_err();
    assert!(unfit.ends_with("expected `integer`, found a string"), "{unfit}");
    let outcome = run(&engine(wrong), &workflow, event(json!(1)));
    let failure = outcome.failure().unwrap().message();
    assert!(failure.ends_with("expected `integer`, found a string"), "{failure}");
}

/// Take secrets
#[engine_action]
fn keep(#[input(secret)] keys: Value, #[input(secret, aliases("old"))] token: String, user: String) -> Value {
    json!([keys, token, user])
}

#[test]
fn documents_events_and_outputs_can_be_shown_without_what_secret_inputs_are_given() {
    let registry = Registry::builder().actions(actions![keep]).mode(Mode::Lenient).build().unwrap();
    let draft = Draft::new()
        .action(
            "1",
            "keep",
            json!({
                "keys": ["!ref($.event.list[-1])", { "a": "!ref($.event.deep.1)", "b": "literal" }],
                "old": "!ref($.event.token)",
                "user": "!ref($.event.user)"
            }),
        )
        .action(
            "2",
            "keep",
            json!({ "keys": "!ref($.state.1[0])", "token": "x!ref($.state.1[1])", "user": "Eve" }),
        )
        .start("1")
        .edge("1", "2");
    let workflow = accepted(registry.check(draft.text()));
    let document: Value = serde_json::from_str(&workflow.document_without_secrets().unwrap()).unwrap();
    let inputs = |at: usize| document["actions"][at]["inputs"].clone();
    assert_eq!(
        inputs(0),
        json!({ "keys": "(secret)", "old": "!ref($.event.token)", "user": "!ref($.event.user)" })
    );
    assert_eq!(inputs(1), json!({ "keys": "!ref($.state.1[0])", "token": "(secret)", "user": "Eve" }));
    let event = json!({ "list": [1, 2], "deep": { "1": "d", "2": "e" }, "token": "t", "user": "Ada" });
    assert_eq!(
        workflow.event_without_secrets(&event),
        Some(
            json!({ "list": [1, "(secret)"], "deep": { "1": "(secret)", "2": "e" }, "token": "(secret)", "user": "Ada" })
        )
    );
    let outcome = run(&engine(registry), &workflow, event);
    let shown = outcome.to_json_without_secrets();
    assert_eq!(shown["state"]["1"], json!(["(secret)", "(secret)", "Ada"]));
    assert_eq!(shown["state"]["2"], outcome.to_json()["state"]["2"]);
    assert_eq!(workflow.output_without_secrets("2", &json!(1)), None);
    assert_eq!(workflow.event_without_secrets(&json!("no object")), Some(json!("no object")));
}

#[test]
fn a_document_without_secrets_is_shown_as_it_is() {
    let registry = Registry::builder().actions(actions![log_in]).build().unwrap();
    let workflow = accepted(registry.check(draft("log_in", "pin", json!("!ref($.event.v)")).text()));
    assert_eq!(workflow.document_without_secrets(), None);
    assert!(workflow.has_secrets());
    let nothing = Draft::new().action("1", "log_in", json!({})).start("1");
    assert!(!accepted(registry.check(nothing.text())).has_secrets());
}
