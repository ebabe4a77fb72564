//! Actions as a run calls them.
#![allow(clippy::needless_pass_by_value, reason = "an input is owned")]

use super::handler::Call;
use super::host::{ActionFacts, Host, RunFacts};
use super::{Action, ActionCall, ActionContext, ActionDefinition, ActionError, ActionResult, Resources};
use crate::clock::SharedClock;
use crate::registry::Registry;
use crate::step::InMemory;
use crate::template::{Input, Piece, Place, Root, State, Template};
use crate::{Workflow, engine_action};
use futures_util::FutureExt;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;

/// Calls an action with the inputs of a document: templates in the definition's order.
struct Caller {
    resources: Resources,
    event: Value,
}

impl Caller {
    fn new() -> Self {
        Caller { resources: Resources::default(), event: json!({ "name": "Ada", "age": 36, "null": null }) }
    }

    fn with<T: ?Sized + Send + Sync + 'static>(mut self, resource: Arc<T>) -> Self {
        self.resources.insert(resource);
        self
    }

    fn call(&self, definition: &ActionDefinition, inputs: &[(&str, Template)]) -> ActionResult {
        assert_eq!(definition.faults(), [] as [&str; 0]);
        for (name, _) in inputs {
            assert!(definition.inputs().iter().any(|input| input.name() == *name), "no input {name}");
        }
        let inputs: Vec<_> = definition
            .inputs()
            .iter()
            .map(|input| Input {
                null_is_absent: false,
                template: inputs.iter().find(|(name, _)| *name == input.name()).map(|(_, t)| t.clone()),
                default: input.default().cloned(),
            })
            .collect();
        let event = Arc::new(self.event.clone());
        let registry = Registry::builder().build().unwrap();
        let run = RunFacts {
            run_id: "run-1".into(),
            event: Arc::clone(&event),
            workflow: Workflow::parse(r#"{ "name": "Onboarding", "actions": [], "edges": [] }"#).unwrap(),
            clock: SharedClock::default(),
            steps: Arc::new(InMemory::new("run-1".into(), registry, SharedClock::default(), Arc::default())),
        };
        let action = ActionFacts { id: "7", kind: definition.kind(), attempt: 2 };
        let host = Host::new(&self.resources, &run, action);
        let call = {
            let state = State::new(event, 0);
            // The state is gone before the future is polled.
            definition.handler().call(ActionCall::new(definition, &inputs, &state, host))
        };
        match call {
            Call::Ready(result) => result,
            Call::Pending(future) => future.now_or_never().unwrap(),
        }
    }
}

fn call(action: &dyn Action, inputs: &[(&str, Template)]) -> ActionResult {
    Caller::new().call(&action.definition(), inputs)
}

fn literal(value: Value) -> Template {
    Template::Literal(value)
}

fn event(member: &str) -> Template {
    Template::Ref(place(member))
}

fn place(member: &str) -> Place {
    let path = std::iter::once(flowright_schema::Segment::shorthand(member)).collect();
    Place { root: Root::Event, path }
}

fn fault(result: ActionResult) -> (String, String, String) {
    let error = result.unwrap_err();
    assert!(!error.is_retryable());
    let (name, pointer, message) = error.as_input_fault().unwrap();
    (name.to_owned(), pointer.to_owned(), message.to_owned())
}

#[engine_action(crate = crate)]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

#[test]
fn a_plain_value_is_the_output() {
    assert_eq!(call(&add {}, &[("b", literal(json!(2))), ("a", event("age"))]).unwrap(), json!(38));
    assert_eq!(add(1, 2), 3);
}

type Answer<T> = Result<T, std::num::ParseIntError>;

#[engine_action(crate = crate)]
fn parse(text: String) -> Answer<i64> {
    text.parse()
}

#[test]
fn a_result_under_another_name_is_a_result() {
    assert_eq!(call(&parse {}, &[("text", literal(json!("12")))]).unwrap(), json!(12));
    let error = call(&parse {}, &[("text", literal(json!("x")))]).unwrap_err();
    assert!(error.is_retryable());
    assert!(error.source().unwrap().is::<std::num::ParseIntError>());
    assert_eq!(parse {}.definition().output_schema(), json!({ "type": "integer", "format": "int64" }));
}

#[engine_action(crate = crate)]
fn refuse() -> Result<(), ActionError> {
    Err(ActionError::fatal("never again"))
}

#[engine_action(crate = crate)]
fn nothing() {}

#[test]
fn an_action_error_passes_as_it_is() {
    let error = call(&refuse {}, &[]).unwrap_err();
    assert_eq!((error.to_string(), error.is_retryable()), ("never again".to_owned(), false));
    assert!(error.as_input_fault().is_none());
    assert_eq!(call(&nothing {}, &[]).unwrap(), Value::Null);
    assert_eq!(nothing {}.definition().output_schema(), json!({ "type": "null" }));
}

struct Greeting(&'static str);

trait Clock: Send + Sync {
    fn now(&self) -> u64;
}

struct Fixed(u64);

impl Clock for Fixed {
    fn now(&self) -> u64 {
        self.0
    }
}

#[engine_action(crate = crate)]
async fn greet(
    greeting: &Greeting,
    name: String,
    clock: &dyn Clock,
    context: &ActionContext,
    shout: Option<bool>,
) -> Result<Value, ActionError> {
    std::future::ready(()).await;
    let text = format!("{} {name} at {}", greeting.0, clock.now());
    Ok(json!({
        "text": if shout.unwrap_or(false) { text.to_uppercase() } else { text },
        "run": context.run_id(),
        "workflow": context.workflow().name(),
        "action": context.action_id(),
        "kind": context.kind(),
        "attempt": context.attempt(),
        "age": context.event()["age"],
    }))
}

#[test]
fn borrowed_parameters_come_from_the_engine() {
    let definition = greet {}.definition();
    let caller = Caller::new().with(Arc::new(Greeting("hello"))).with::<dyn Clock>(Arc::new(Fixed(5)));
    assert_eq!(
        caller.call(&definition, &[("name", event("name"))]).unwrap(),
        json!({ "text": "hello Ada at 5", "run": "run-1", "workflow": "Onboarding", "action": "7", "kind": "greet", "attempt": 2, "age": 36 })
    );
    let needs: Vec<_> = definition.needs().iter().map(super::Need::name).collect();
    assert_eq!(needs, ["Greeting", "dyn Clock"]);
    assert!(caller.resources.contains(definition.needs()[1].type_id()));
}

#[test]
fn a_missing_resource_is_named() {
    let caller = Caller::new().with(Arc::new(Greeting("hello")));
    let error = caller.call(&greet {}.definition(), &[("name", event("name"))]).unwrap_err();
    assert_eq!(error.to_string(), "the engine was not given the resource `dyn Clock`");
    assert!(!error.is_retryable());
}

#[engine_action(crate = crate)]
#[allow(clippy::option_option, clippy::needless_pass_by_value)]
fn optional(
    maybe: Option<String>,
    #[input(default = "none")] text: String,
    #[input(default)] count: u32,
    list: Option<Vec<u8>>,
) -> Value {
    json!([maybe, text, count, list])
}

#[test]
fn an_optional_input_takes_absent_and_null_alike() {
    let absent = json!([null, "none", 0, null]);
    assert_eq!(call(&optional {}, &[]).unwrap(), absent);
    assert_eq!(
        call(&optional {}, &[("maybe", event("null")), ("list", literal(Value::Null))]).unwrap(),
        absent
    );
    assert_eq!(
        call(&optional {}, &[("maybe", event("nothing")), ("text", event("nothing"))]).unwrap(),
        absent
    );
    assert_eq!(
        call(&optional {}, &[("maybe", event("name")), ("count", literal(json!(3)))]).unwrap(),
        json!(["Ada", "none", 3, null])
    );
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Order {
    items: Vec<Item>,
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Item {
    #[serde(rename = "a/b~c")]
    amount: u8,
    shape: Option<Shape>,
}

#[derive(Deserialize, Serialize, JsonSchema)]
enum Shape {
    Round { radius: u8 },
    Flat,
}

#[engine_action(crate = crate)]
#[allow(clippy::unused_async, reason = "called as one")]
async fn order(note: String, order: Order) -> usize {
    let _ = note;
    order.items.len()
}

#[test]
fn a_refused_value_is_pointed_at() {
    let at = |items: Value| {
        fault(call(&order {}, &[("note", event("name")), ("order", literal(json!({ "items": items })))]))
    };
    let (name, pointer, message) = at(json!([{ "a/b~c": 1 }, { "a/b~c": 300 }]));
    assert_eq!((name.as_str(), pointer.as_str()), ("order", "/items/1/a~1b~0c"));
    assert_eq!(message, "invalid value: integer `300`, expected u8");
    assert_eq!(
        at(json!([{ "a/b~c": 1, "shape": { "Round": { "radius": "x" } } }])).1,
        "/items/0/shape/Round/radius"
    );
    assert_eq!(at(json!([{ "a/b~c": 1, "shape": "Square" }])).1, "/items/0/shape");
    assert_eq!(at(json!([{}])).1, "/items/0");
    // The variant is not a member here, so no pointer leads to it.
    assert_eq!(at(json!([{ "a/b~c": 1, "shape": "Round" }])).1, "/items/0/shape");

    let missing = fault(call(&order {}, &[("note", event("name")), ("order", event("nothing"))]));
    assert_eq!(missing, ("order".into(), String::new(), "required, and nothing is there".into()));
}

#[test]
fn a_refused_value_inside_a_template_is_pointed_at() {
    let amount = |place: Template| Template::Object([("a/b~c".into(), place)].into());
    let items = Template::Array([amount(literal(json!(1))), amount(event("name"))].into());
    let order_input = Template::Object([("items".into(), items)].into());
    let (_, pointer, message) = fault(call(&order {}, &[("note", event("name")), ("order", order_input)]));
    assert_eq!(pointer, "/items/1/a~1b~0c");
    assert_eq!(message, "invalid type: string \"Ada\", expected u8");

    let text = Template::Text([Piece::Verbatim("x".into()), Piece::Ref(place("null"))].into());
    let (name, pointer, _) =
        fault(call(&order {}, &[("note", text), ("order", literal(json!({ "items": [] })))]));
    assert_eq!((name.as_str(), pointer.as_str()), ("note", ""));
}

#[engine_action(crate = crate)]
fn sign(#[input(secret)] key: u8, #[input(flatten, secret)] rest: Keys) -> u8 {
    key + rest.second
}

#[derive(Deserialize, JsonSchema)]
struct Keys {
    second: u8,
}

#[test]
fn a_secret_is_in_no_message() {
    let first =
        call(&sign {}, &[("key", literal(json!("hunter2"))), ("second", literal(json!(1)))]).unwrap_err();
    let second =
        call(&sign {}, &[("key", literal(json!(1))), ("second", literal(json!("hunter2")))]).unwrap_err();
    assert_eq!(first.to_string(), "input `key`: the value does not fit");
    assert_eq!(second.to_string(), "input `second`: the value does not fit");
    assert!(!format!("{first:?} {second:?}").contains("hunter2"));
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Address {
    /// Street and number.
    street: String,
    #[serde(default = "germany")]
    country: String,
    code: Option<Vec<u8>>,
}

fn germany() -> String {
    "DE".to_owned()
}

#[engine_action(crate = crate)]
fn ship(before: u8, #[input(flatten)] to: Address, after: u8) -> Value {
    json!([before, to.street, to.country, to.code, after])
}

#[test]
fn a_flattened_struct_carries_its_members_as_inputs() {
    let definition = ship {}.definition();
    let names: Vec<_> = definition.inputs().iter().map(|input| (input.name(), input.required())).collect();
    assert_eq!(names.first(), Some(&("before", true)));
    assert_eq!(names.last(), Some(&("after", true)));
    assert!(
        names.contains(&("street", true))
            && names.contains(&("country", false))
            && names.contains(&("code", false))
    );
    assert_eq!(definition.inputs_schema()["properties"]["street"]["description"], "Street and number.");
    assert_eq!(definition.inputs_schema()["properties"]["country"]["default"], "DE");

    let ends = [("before", literal(json!(1))), ("after", literal(json!(2)))];
    let with = |more: &[(&str, Template)]| call(&ship {}, &[&ends, more].concat());
    assert_eq!(with(&[("street", event("name"))]).unwrap(), json!([1, "Ada", "DE", null, 2]));
    assert_eq!(
        with(&[("street", event("name")), ("code", literal(json!([1]))), ("country", literal(json!("FR")))])
            .unwrap(),
        json!([1, "Ada", "FR", [1], 2])
    );
    let (name, pointer, _) = fault(with(&[("street", event("name")), ("code", literal(json!([1, "x"])))]));
    assert_eq!((name.as_str(), pointer.as_str()), ("code", "/1"));
    let missing = fault(with(&[("street", event("nothing"))]));
    assert_eq!(missing, ("street".into(), String::new(), "required, and nothing is there".into()));
}

#[test]
fn an_action_can_be_described_at_run_time() {
    let add = ActionDefinition::builder("add")
        .input::<i64>("a")
        .input_schema("b", json!({ "type": "integer" }), false)
        .needs::<Greeting>()
        .handler(|call| {
            assert_eq!(call.context().action_id(), "7");
            let greeting = call.resource::<Greeting>()?.0;
            let sum = call.input::<i64>("a")? + call.input::<Option<i64>>("b")?.unwrap_or(0);
            Ok(json!([greeting, sum, call.inputs()?]))
        })
        .build();
    assert!(add.described_at_run_time() && !parse {}.definition().described_at_run_time());
    let caller = Caller::new().with(Arc::new(Greeting("hi")));
    assert_eq!(caller.call(&add, &[("a", event("age"))]).unwrap(), json!(["hi", 36, { "a": 36 }]));
    let (name, ..) = fault(caller.call(&add, &[("a", event("name"))]));
    assert_eq!(name, "a");
    let error = Caller::new().call(&add, &[("a", event("age"))]).unwrap_err();
    assert_eq!(error.to_string(), "the engine was not given the resource `Greeting`");
}

#[test]
fn an_asynchronous_handler_owns_its_call() {
    let shout = ActionDefinition::builder("shout")
        .input::<Vec<String>>("words")
        .handler_async(|call| async move {
            std::future::ready(()).await;
            let greeting = call.resource::<Greeting>()?.0;
            let words = call.input::<Vec<String>>("words")?;
            let undeclared = call.input::<String>("word").unwrap_err().to_string();
            Ok(json!([greeting, words, call.inputs(), call.context().attempt(), undeclared]))
        })
        .build();
    let caller = Caller::new().with(Arc::new(Greeting("hi")));
    let words = Template::Array([event("name")].into());
    assert_eq!(
        caller.call(&shout, &[("words", words)]).unwrap(),
        json!(["hi", ["Ada"], { "words": ["Ada"] }, 2, "`shout` declares no input `word`"])
    );
    let (name, pointer, _) = fault(caller.call(&shout, &[("words", literal(json!(["a", 1])))]));
    assert_eq!((name.as_str(), pointer.as_str()), ("words", "/1"));
}

#[derive(JsonSchema)]
struct Unwritable;

impl Serialize for Unwritable {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("no"))
    }
}

#[engine_action(crate = crate)]
fn unwritable() -> Unwritable {
    Unwritable
}

#[test]
fn an_output_that_cannot_be_written_is_fatal() {
    let error = call(&unwritable {}, &[]).unwrap_err();
    assert_eq!(error.to_string(), "the output cannot be written as JSON: no");
    assert!(!error.is_retryable());
}
