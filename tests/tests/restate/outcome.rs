//! What an attempt comes to.

use crate::cut::cut_before_the_first_end;
use flowright::prelude::*;
use flowright_restate::{Client, RunState, Service};
use flowright_tests::restate::Server;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;

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
        .actions(actions![times, times_with_steps, hurry, oversleep, overwait, overwork, dawdle])
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
    for is_cut in [false, true] {
        let Some(outcome) = outcome(&only("hurry"), is_cut).await else { return };
        assert_eq!(outcome["state"], json!({ "1": 1 }));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_that_took_too_long_stays_so_where_its_service_was_lost_before_it_was_over() {
    for kind in ["oversleep", "overwait", "overwork", "dawdle"] {
        let Some(outcome) = outcome(&only(kind), true).await else { return };
        assert_eq!(outcome["failed"]["message"], "it did not end within 200ms", "{kind}: {outcome}");
    }
}
