//! What an attempt comes to.

use crate::cut::cut_before_the_first_end;
use crate::secrets::bound;
use flowright::prelude::*;
use flowright_restate::{Client, RunState, Service};
use flowright_tests::restate::{Server, free_port};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

#[derive(Default)]
struct Calls(AtomicU32);

impl Calls {
    fn next(&self) -> u32 {
        self.0.fetch_add(1, Ordering::Relaxed) + 1
    }
}

/// Say how often it was called
#[engine_action]
fn times(calls: &Calls) -> u32 {
    calls.next()
}

/// Say how often it was called, and pause before
#[engine_action]
async fn times_with_steps(calls: &Calls, step: &Step) -> Result<u32, ActionError> {
    step.sleep("pause", Duration::from_millis(1)).await?;
    Ok(calls.next())
}

/// Give up a sub-step, and go on
#[engine_action]
async fn hurry(step: &Step) -> Result<u32, ActionError> {
    let work = step.run("work", std::future::pending::<Result<(), ActionError>>);
    Ok(u32::from(tokio::time::timeout(Duration::from_millis(50), work).await.is_err()))
}

/// Give up a wait, and go on
#[engine_action]
async fn impatient(step: &Step) -> Result<u32, ActionError> {
    let told = step.wait_for_event::<Value>("told", Some(Duration::from_hours(1)));
    if tokio::time::timeout(Duration::from_millis(50), told).await.is_ok() {
        return Ok(0);
    }
    step.run("work", || async { Ok(1) }).await
}

/// Give up a sleep, and be over
#[engine_action]
async fn restless(step: &Step) -> Result<u32, ActionError> {
    let nap = step.sleep("nap", Duration::from_hours(1));
    Ok(u32::from(tokio::time::timeout(Duration::from_millis(50), nap).await.is_err()))
}

/// Sleep when called first only
#[engine_action]
async fn once(calls: &Calls, step: &Step) -> Result<u32, ActionError> {
    if calls.next() == 1 {
        step.sleep("nap", Duration::from_secs(1)).await?;
    }
    Ok(1)
}

/// Sleep for longer than there is time
#[engine_action(timeout = "200ms", retries = 0)]
async fn oversleep(step: &Step) -> Result<(), ActionError> {
    step.sleep("long", Duration::from_hours(1)).await
}

/// Wait for longer than there is time
#[engine_action(timeout = "200ms", retries = 0)]
async fn overwait(step: &Step) -> Result<(), ActionError> {
    step.wait_for_event::<Value>("long", Some(Duration::from_hours(1))).await.map(drop)
}

/// Work for longer than there is time when called first
#[engine_action(timeout = "200ms", retries = 0)]
async fn overwork(calls: &Calls, step: &Step) -> Result<(), ActionError> {
    let work = || async {
        match calls.next() {
            1 => std::future::pending().await,
            _ => Ok(()),
        }
    };
    step.run("work", work).await
}

/// Dawdle between two sub-steps when called first
#[engine_action(timeout = "200ms", retries = 0)]
async fn dawdle(calls: &Calls, step: &Step) -> Result<(), ActionError> {
    step.sleep("pause", Duration::from_millis(1)).await?;
    if calls.next() == 1 {
        std::future::pending::<()>().await;
    }
    step.run("work", || async { Ok(()) }).await
}

/// What a run of this document comes to; where the connection is to be cut, it is lost when its first attempt has ended.
async fn outcome(document: &Value, to_be_cut: bool) -> Option<Value> {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path())?;
    let registry = Registry::builder()
        .actions(actions![
            times,
            times_with_steps,
            hurry,
            impatient,
            restless,
            once,
            oversleep,
            overwait,
            overwork,
            dawdle
        ])
        .build()
        .unwrap();
    let workflow = registry.check(document.to_string()).unwrap();
    let engine = Engine::builder(registry.clone()).resource(Calls::default()).build().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let service = listener.local_addr().unwrap();
    tokio::spawn(Service::new(engine).serve(listener));
    let (port, is_cut) = cut_before_the_first_end(service).await;
    let port = if to_be_cut { port } else { service.port() };
    tokio::task::block_in_place(|| server.register(port));
    let client = Client::connect(&server.ingress(), &registry).unwrap();
    client.submit("run", &workflow, Event::new("go", json!(null))).await.unwrap();
    let ended = tokio::time::timeout(Duration::from_secs(30), client.wait("run"));
    let RunState::Ended(outcome) = ended.await.expect("it ends").unwrap() else { panic!("it ends") };
    assert_eq!(is_cut.load(Ordering::Relaxed), to_be_cut);
    Some(outcome)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_holds_whose_service_was_lost_before_it_was_over() {
    let document = json!({
        "actions": [{ "id": "1", "kind": "times_with_steps", "inputs": {} }],
        "edges": [{ "from": "$source", "to": "1" }],
    });
    let Some(outcome) = outcome(&document, true).await else { return };
    assert_eq!(outcome["state"], json!({ "1": 1 }));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_without_sub_steps_is_not_made_again_where_its_service_was_lost_before_it_was_over() {
    let document = json!({
        "actions": [
            { "id": "1", "kind": "times", "inputs": {} },
            { "id": "2", "kind": "times", "inputs": {} },
            { "id": "3", "kind": "times", "inputs": {} },
        ],
        "edges": [
            { "from": "$source", "to": "1" },
            { "from": "$source", "to": "2" },
            { "from": "1", "to": "3" },
            { "from": "2", "to": "3" },
        ],
    });
    let Some(outcome) = outcome(&document, true).await else { return };
    assert_eq!(outcome["status"], "completed", "{outcome}");
}

/// A document of one action.
fn only(kind: &str) -> Value {
    json!({ "actions": [{ "id": "1", "kind": kind }], "edges": [{ "from": "$source", "to": "1" }] })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_action_may_give_up_a_sub_step_and_go_on() {
    for kind in ["hurry", "impatient", "restless"] {
        for is_cut in [false, true] {
            let Some(outcome) = outcome(&only(kind), is_cut).await else { return };
            assert_eq!(outcome["state"], json!({ "1": 1 }), "{kind} {is_cut}");
        }
    }
}

/// Serves at a port by a runtime of its own, which ends with it.
fn serve(port: u16, registry: Registry, calls: &Arc<Calls>) -> Runtime {
    let engine = Engine::builder(registry).shared(Arc::clone(calls)).build().unwrap();
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.spawn(async move { Service::new(engine).serve(bound(port).await).await });
    runtime
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_goes_on_whose_action_does_not_ask_again_for_what_it_slept_by() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Server::start(folder.path()) else { return };
    let registry = Registry::builder().actions(actions![once]).build().unwrap();
    let workflow = registry.check(only("once").to_string()).unwrap();
    let (port, calls) = (free_port(), Arc::<Calls>::default());
    let first = serve(port, registry.clone(), &calls);
    tokio::task::block_in_place(|| server.register(port));
    let client = Client::connect(&server.ingress(), &registry).unwrap();
    client.submit("run", &workflow, Event::new("go", json!(null))).await.unwrap();
    let asleep = async {
        while !tokio::task::block_in_place(|| server.sleeps()) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), asleep).await.expect("it sleeps");
    first.shutdown_background();
    let second = serve(port, registry, &calls);
    let ended = tokio::time::timeout(Duration::from_secs(30), client.wait("run"));
    let RunState::Ended(outcome) = ended.await.expect("it ends").unwrap() else { panic!("it ends") };
    assert_eq!(outcome["state"], json!({ "1": 1 }));
    assert!(calls.next() > 2, "the action was called again");
    second.shutdown_background();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_that_took_too_long_stays_so_where_its_service_was_lost_before_it_was_over() {
    for kind in ["oversleep", "overwait", "overwork", "dawdle"] {
        let Some(outcome) = outcome(&only(kind), true).await else { return };
        assert_eq!(outcome["failed"]["message"], "it did not end within 200ms", "{kind}: {outcome}");
    }
}
