//! What an engine takes and what it refuses.

use crate::draft::{Draft, accepted, block_on, calls, codes, conformance, engine, refused, run, state};
use flowright::prelude::*;
use flowright::{ActionDefinition, CheckedWorkflow, Code, Loader, RunError, Source};
use flowright_tests::actions::ACTIONS;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

fn hello() -> Draft {
    Draft::new().echo("1", "hello").start("1")
}

#[test]
fn an_engine_of_another_registry_refuses_the_workflow() {
    let workflow = accepted(hello().check());
    let other = engine(conformance());
    let error =
        block_on(other.run(&workflow, json!({}))).expect_err("it is another registry, though an equal one");
    assert!(matches!(error, RunError::OtherRegistry), "{error}");
    assert!(error.to_string().contains("engine.registry()"), "it says what to do: {error}");
}

#[test]
fn an_engine_runs_what_a_clone_of_its_registry_checked() {
    let registry = conformance();
    let workflow = accepted(registry.clone().check(hello().text()));
    let engine = engine(registry);
    assert!(run(&engine.clone(), &workflow.clone(), json!({})).is_completed());
    assert!(run(&engine, &accepted(engine.registry().check(hello().text())), json!({})).is_completed());
}

#[test]
fn an_engine_runs_what_a_subset_of_its_registry_checked() {
    let registry = conformance();
    let subset = registry.subset(["upper", "echo"]).expect("both are there");
    let kinds: Vec<_> = subset.definitions().map(ActionDefinition::kind).collect();
    assert_eq!(kinds, ["echo", "upper"], "in the order they were registered");
    let workflow = accepted(subset.check(hello().text()));
    assert!(run(&engine(registry), &workflow, json!({})).is_completed());
}

#[test]
fn a_subset_knows_no_other_kinds() {
    let subset = conformance().subset(["echo"]).expect("it is there");
    let draft = hello()
        .action("2", "upper", json!({ "text": "x" }))
        .rule("3", json!(true))
        .edge("1", "2")
        .edge("2", "3");
    let report = refused(subset.check(draft.text()));
    assert_eq!(
        codes(&report),
        [
            (Code::UnknownKind, "/actions/1/kind".to_owned()),
            (Code::UnknownKind, "/actions/2/kind".to_owned())
        ]
    );
    for diagnostic in &report {
        let text = format!("{} {}", diagnostic.message(), diagnostic.help().unwrap_or_default());
        assert!(!text.contains("make_user"), "another tenant's actions are not named: {text}");
    }
}

#[test]
fn a_subset_names_every_kind_that_is_not_there() {
    let error = conformance().subset(["echo", "uper", "nothing"]).expect_err("two are not there");
    let subjects: Vec<_> = error.faults().iter().map(flowright::RegistryFault::subject).collect();
    assert_eq!(subjects, ["action `uper`", "action `nothing`"]);
    assert!(error.to_string().contains("`upper`"), "{error}");
}

#[test]
fn a_checked_workflow_goes_to_other_threads() {
    fn anywhere<T: Send + Sync + Clone + 'static>(_: &T) {}
    let workflow = accepted(hello().check());
    anywhere::<CheckedWorkflow>(&workflow);
    let there = std::thread::spawn(move || workflow.workflow().actions().len());
    assert_eq!(there.join().expect("it does not panic"), 1);
}

struct Answers(fn(&Event) -> Result<Option<Source>, ActionError>);

impl Loader for Answers {
    async fn load(&self, event: &Event) -> Result<Option<Source>, ActionError> {
        (self.0)(event)
    }
}

fn loading(registry: Registry, answer: fn(&Event) -> Result<Option<Source>, ActionError>) -> Engine {
    Engine::builder(registry).loader(Answers(answer)).build().expect("nothing is borrowed")
}

#[test]
fn an_engine_finds_the_workflow_of_an_event() {
    let engine = loading(conformance(), |event| {
        let shout = Draft::new().action("1", "upper", json!({ "text": "!ref($.event.data)" })).start("1");
        Ok((event.name() == Some("shout")).then(|| Source::named("shout.json", &shout.text())))
    });
    let outcome = block_on(engine.handle(Event::new("shout", json!("hi")))).expect("it is found");
    assert_eq!(state(&outcome), json!({ "1": "HI" }));
    let error = block_on(engine.handle(Event::new("whisper", json!("hi")))).expect_err("there is none");
    assert!(matches!(&error, RunError::NoWorkflow(Some(name)) if name == "whisper"), "{error}");
    let error = block_on(engine.handle(json!({ "data": 1 }))).expect_err("it has no name");
    assert!(matches!(error, RunError::NoWorkflow(None)), "{error}");
}

#[test]
fn an_engine_without_a_loader_says_so() {
    let error = block_on(engine(conformance()).handle(json!({ "name": "x" }))).expect_err("it has no loader");
    assert!(matches!(error, RunError::NoLoader), "{error}");
}

#[test]
fn a_loader_that_fails_or_gives_a_wrong_document_is_an_error() {
    let broken = loading(conformance(), |_| Err(ActionError::fatal("the disk is on fire")));
    let error = block_on(broken.handle(json!({}))).expect_err("it fails");
    assert!(matches!(&error, RunError::Load(cause) if cause.to_string().contains("fire")), "{error}");
    let wrong = loading(conformance(), |_| {
        Ok(Some(Source::from(Draft::new().action("1", "nope", json!({})).start("1").text())))
    });
    let error = block_on(wrong.handle(json!({}))).expect_err("the kind is unknown");
    let RunError::Check(report) = error else { panic!("{error}") };
    assert_eq!(codes(&report), [(Code::UnknownKind, "/actions/0/kind".to_owned())]);
}

#[test]
fn a_loaded_workflow_is_checked_for_its_event() {
    #[derive(JsonSchema)]
    #[allow(dead_code, reason = "its schema is all that is used")]
    struct Order {
        id: u32,
    }
    let registry =
        Registry::builder().actions(ACTIONS).event::<Order>("order.placed").event::<String>("note");
    let engine = loading(registry.build().expect("it is right"), |_| {
        Ok(Some(Draft::new().echo("1", "!ref($.event.data.id)").start("1").text().into()))
    });
    let outcome = block_on(engine.handle(Event::new("order.placed", json!({ "id": 7 })))).expect("it fits");
    assert_eq!(state(&outcome), json!({ "1": 7 }));
    let error = block_on(engine.handle(Event::new("note", json!("x")))).expect_err("a string has no id");
    let RunError::Check(report) = error else { panic!("{error}") };
    assert_eq!(codes(&report), [(Code::UnknownField, "/actions/0/inputs/value".to_owned())]);
    let error = block_on(engine.handle(Event::new("order.placed", json!({ "id": "7" }))))
        .expect_err("it is no order");
    assert!(matches!(error, RunError::Event(_)), "{error}");
}

struct Mailer;
struct Clock;

/// Send.
#[engine_action]
fn send(mailer: &Mailer, clock: &Clock, to: String) -> String {
    let (_, _) = (mailer, clock);
    to
}

/// Tell the time.
#[engine_action]
fn tell(clock: &Clock) -> u32 {
    let _ = clock;
    12
}

#[test]
fn an_engine_names_every_resource_it_lacks() {
    let registry = || Registry::builder().actions(actions![send, tell]).build().expect("it is right");
    let missing = Engine::builder(registry()).build().expect_err("all are missing");
    let named: Vec<_> =
        missing.iter().map(|missing| (missing.kind.as_str(), missing.resource.as_str())).collect();
    assert_eq!(named, [("send", "Mailer"), ("send", "Clock"), ("tell", "Clock")]);
    let text = missing.to_string();
    assert!(text.contains("`send`") && text.contains("Mailer") && text.contains("Clock"), "{text}");
    let missing = Engine::builder(registry()).resource(Clock).build().expect_err("one is missing");
    assert_eq!(missing.iter().count(), 1);
    assert!(Engine::builder(registry()).resource(Clock).resource(Mailer).build().is_ok());
}

#[test]
fn a_subset_needs_only_the_resources_of_its_own_actions() {
    let registry = Registry::builder().actions(actions![send, tell]).build().expect("it is right");
    let subset = registry.subset(["tell"]).expect("it is there");
    assert!(Engine::builder(subset).resource(Clock).build().is_ok());
}

/// Says that it is a number, and is text.
struct Odd;

impl Serialize for Odd {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("seven")
    }
}

impl JsonSchema for Odd {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Odd".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "integer" })
    }
}

/// Be odd.
#[engine_action]
fn odd() -> Odd {
    Odd
}

#[test]
fn outputs_of_functions_are_verified_where_that_is_set() {
    let registry = Registry::builder().actions(actions![odd]).build().expect("it is right");
    let draft = Draft::new().action("1", "odd", json!({})).start("1");
    let workflow = accepted(registry.check(draft.text()));
    let trusting = Engine::builder(registry.clone()).build().expect("nothing is borrowed");
    assert_eq!(state(&run(&trusting, &workflow, json!({}))), json!({ "1": "seven" }));
    let verifying = Engine::builder(registry).verify_outputs(true).build().expect("nothing is borrowed");
    let outcome = run(&verifying, &workflow, json!({}));
    assert_eq!(outcome.failure().expect("it lies").code(), "wrong-type");
    assert_eq!(state(&outcome), json!({}));
    assert_eq!(calls(&outcome), ["1"]);
}

/// What an action is told of its run.
#[engine_action]
fn about(context: &ActionContext) -> Value {
    json!([
        context.action_id(),
        context.kind(),
        context.attempt(),
        context.workflow().name(),
        context.event()
    ])
}

#[test]
fn an_action_knows_where_it_stands() {
    let registry = Registry::builder().actions(actions![about]).build().expect("it is right");
    let text = json!({
        "name": "My flow",
        "actions": [{ "id": "x 1", "kind": "about" }],
        "edges": [{ "from": "$source", "to": "x 1" }],
    });
    let workflow = accepted(registry.check(text.to_string()));
    let event = json!({ "name": "e", "extra": [null] });
    let outcome = run(&engine(registry), &workflow, event.clone());
    assert_eq!(outcome.value("x 1"), Some(&json!(["x 1", "about", 1, "My flow", event])));
}

#[test]
fn a_typed_output_that_is_not_there_says_why() {
    let draft = hello().echo("2", 1).when("1", "2", "!ref($.event.no)");
    let outcome = draft.run(json!({}));
    assert_eq!(outcome.output::<String>("1").expect("it is text"), "hello");
    assert!(outcome.output::<u8>("1").expect_err("it is text").to_string().contains("`1`"));
    assert_eq!(
        outcome.output::<u8>("2").expect_err("it was skipped").to_string(),
        "action `2` has no output: it was skipped"
    );
    assert_eq!(
        outcome.output::<u8>("3").expect_err("there is none").to_string(),
        "the workflow has no action `3`"
    );
}
