//! What only a cluster could do wrong.

mod compose;
mod cut;
mod identity;
mod outcome;
mod page;
#[allow(dead_code, reason = "it is for the runs of `workflows`")]
#[path = "../workflows/runtime/restate.rs"]
mod runtime;
mod secrets;

use flowright::prelude::*;
use flowright::{CheckedWorkflow, EngineBuilder};
use flowright_tests::restate::ask;
use runtime::{End, MOMENT, Place};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

const MIB: usize = 1024 * 1024;

/// How often actions began to wait.
#[derive(Default)]
struct Waits(AtomicU32);

/// Wait for an event, for so long
#[engine_action]
async fn wait(step: &Step, waits: &Waits, ms: Option<u64>) -> Result<Option<String>, ActionError> {
    waits.0.fetch_add(1, Ordering::SeqCst);
    step.wait_for_event("told", ms.map(Duration::from_millis)).await
}

/// Sleep for an hour
#[engine_action]
async fn nap(step: &Step, waits: &Waits) -> Result<(), ActionError> {
    waits.0.fetch_add(1, Ordering::SeqCst);
    step.sleep("nap", Duration::from_hours(1)).await
}

/// Panic when the others wait
#[engine_action]
async fn panic(waits: &Waits) {
    while waits.0.load(Ordering::SeqCst) < 2 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("on purpose");
}

/// Make a text of so many MiB
#[engine_action]
fn large(mib: usize) -> String {
    "x".repeat(mib * MIB)
}

/// Make one in a sub-step
#[engine_action]
async fn large_step(step: &Step, mib: usize) -> Result<(), ActionError> {
    step.run("text", || async { Ok("x".repeat(mib * MIB)) }).await.map(drop)
}

/// A place, and how often actions began to wait there.
fn place(configured: impl FnOnce(EngineBuilder) -> EngineBuilder) -> (Place, Registry, Arc<Waits>) {
    let actions = actions![wait, peek, nap, panic, large, large_step];
    let registry = Registry::builder()
        .actions(actions)
        .event::<String>("told")
        .event::<Value>("go")
        .event::<Value>("other");
    let (registry, waits) = (registry.build().unwrap(), Arc::<Waits>::default());
    let builder = runtime::engine(registry.clone()).shared(Arc::clone(&waits));
    (Place::of(&configured(builder).build().unwrap()), registry, waits)
}

/// A run of actions side by side.
fn submit(place: &Place, registry: &Registry, actions: &[(&str, Value)]) -> (String, CheckedWorkflow) {
    let ids = 1..=actions.len();
    let written: Vec<Value> = ids
        .clone()
        .zip(actions)
        .map(|(id, (kind, inputs))| json!({ "id": id.to_string(), "kind": kind, "inputs": inputs }))
        .collect();
    let edges: Vec<Value> = ids.map(|id| json!({ "from": "$source", "to": id.to_string() })).collect();
    let document = json!({ "actions": written, "edges": edges }).to_string();
    let (workflow, id) = (registry.check_for("go", document).unwrap(), runtime::new_id());
    assert_eq!(place.submit(&id, &workflow, Event::new("go", json!(null))), Ok(true));
    (id, workflow)
}

#[test]
fn a_wait_may_be_longer_than_the_cluster_counts() {
    let (place, registry, waits) = place(|engine| engine);
    let (id, workflow) = submit(&place, &registry, &[("wait", json!({ "ms": u64::MAX }))]);
    place.until(|| waits.0.load(Ordering::SeqCst) == 1);
    place.send(&id, "told", json!("on")).unwrap();
    let End::Ended(outcome) = place.end(&id, &workflow) else { panic!("it did not end") };
    assert_eq!(outcome.value("1"), Some(&json!("on")));
}

/// Nothing of any run is under way any more.
fn assert_nothing_is_left(place: &Place) {
    let cluster = place.cluster.as_ref().expect("there is a server");
    place.until(|| cluster.server.under_way().contains(r#""rows":[]"#));
}

#[test]
fn of_a_run_that_ended_before_its_actions_nothing_is_left() {
    let waiting = [("wait", json!({})), ("nap", json!({}))];
    let (short, registry, _) = place(|engine| engine.deadline(10 * MOMENT));
    let (id, workflow) = submit(&short, &registry, &waiting);
    assert!(matches!(short.end(&id, &workflow), End::Ended(outcome) if !outcome.is_completed()));
    assert_nothing_is_left(&short);
    drop(short);

    let (place, registry, waits) = place(|engine| engine);
    let (id, workflow) = submit(&place, &registry, &waiting);
    place.until(|| waits.0.load(Ordering::SeqCst) == 2);
    assert_eq!(place.cancel(&id), Ok(true));
    assert!(matches!(place.end(&id, &workflow), End::Cancelled));
    assert_nothing_is_left(&place);

    let [wait, nap] = waiting;
    let (id, workflow) = submit(&place, &registry, &[wait, nap, ("panic", json!({}))]);
    assert!(matches!(place.end(&id, &workflow), End::Parked(_)));
    assert_nothing_is_left(&place);
}

#[test]
fn a_run_whose_attempt_was_stopped_from_outside_is_parked() {
    let (place, registry, waits) = place(|engine| engine);
    let (id, workflow) = submit(&place, &registry, &[("nap", json!({}))]);
    place.until(|| waits.0.load(Ordering::SeqCst) == 1);
    place.cluster.as_ref().expect("there is a server").server.kill_attempt();
    let End::Parked(why) = place.end(&id, &workflow) else { panic!("it is not parked") };
    assert!(
        why.as_str().is_some_and(|why| why.starts_with("an attempt at an action was stopped from outside"))
    );
    assert_nothing_is_left(&place);
}

/// Wait for an event no longer than a moment, and be over
#[engine_action]
async fn peek(step: &Step, waits: &Waits) -> Result<bool, ActionError> {
    let told = step.wait_for_event::<String>("told", None);
    let is_told = tokio::time::timeout(Duration::from_millis(50), told).await.is_ok();
    waits.0.fetch_add(1, Ordering::SeqCst);
    Ok(is_told)
}

#[test]
fn a_wait_that_was_given_up_takes_no_event_from_others() {
    let (place, registry, waits) = place(|engine| engine);
    let (id, workflow) = submit(&place, &registry, &[("peek", json!({})), ("wait", json!({}))]);
    place.until(|| waits.0.load(Ordering::SeqCst) == 2);
    place.until(|| {
        let server = &place.cluster.as_ref().expect("there is a server").server;
        server.under_way().matches("FlowrightAttempt").count() == 1
    });
    place.send(&id, "told", json!("on")).unwrap();
    let End::Ended(outcome) = place.end(&id, &workflow) else { panic!("it did not end") };
    assert_eq!((outcome.value("1"), outcome.value("2")), (Some(&json!(false)), Some(&json!("on"))));
}

/// Wait for an event of this name
#[engine_action]
async fn wait_for(step: &Step, waits: &Waits, event: String) -> Result<Option<String>, ActionError> {
    waits.0.fetch_add(1, Ordering::SeqCst);
    step.wait_for_event(&event, None).await
}

#[test]
fn waits_are_told_apart_however_actions_and_events_are_called() {
    let registry = Registry::builder().actions(actions![wait_for]);
    let registry = registry.event::<String>("b/c").event::<String>("c").event::<Value>("go").build().unwrap();
    let waits = Arc::<Waits>::default();
    let place = Place::of(&runtime::engine(registry.clone()).shared(Arc::clone(&waits)).build().unwrap());
    let document = json!({
        "actions": [
            { "id": "a", "kind": "wait_for", "inputs": { "event": "b/c" } },
            { "id": "a/b", "kind": "wait_for", "inputs": { "event": "c" } },
        ],
        "edges": [{ "from": "$source", "to": "a" }, { "from": "$source", "to": "a/b" }],
    });
    let (workflow, id) = (registry.check_for("go", document.to_string()).unwrap(), runtime::new_id());
    assert_eq!(place.submit(&id, &workflow, Event::new("go", json!(null))), Ok(true));
    place.until(|| {
        let server = &place.cluster.as_ref().expect("there is a server").server;
        server.inboxes().matches("awakeable").count() == 2
    });
    place.send(&id, "b/c", json!("of a")).unwrap();
    place.send(&id, "c", json!("of a/b")).unwrap();
    let End::Ended(outcome) = place.end(&id, &workflow) else { panic!("it did not end") };
    assert_eq!((outcome.value("a"), outcome.value("a/b")), (Some(&json!("of a")), Some(&json!("of a/b"))));
}

#[test]
fn the_end_of_a_run_leaves_what_was_sent_to_another_one_of_its_id() {
    let (place, registry, waits) = place(|engine| engine);
    let (id, workflow) = submit(&place, &registry, &[("wait", json!({}))]);
    place.until(|| waits.0.load(Ordering::SeqCst) == 1);
    place.send(&id, "other", json!("kept")).unwrap();
    let server = &place.cluster.as_ref().expect("there is a server").server;
    let port = server.ingress().rsplit(':').next().unwrap().parse().unwrap();
    let late =
        json!({ "event": "other", "data": { "open": "belated" }, "invocation": "inv_another" }).to_string();
    for (handler, body) in [("forget", "\"inv_another\""), ("send", &late)] {
        let path = format!("/FlowrightInbox/{id}/{handler}/send");
        assert_eq!(ask(port, "POST", &path, body).unwrap().status, 202);
    }
    // An object does one thing after another.
    place.send(&id, "other", json!("later")).unwrap();
    let kept = server.inboxes();
    assert!(kept.contains("kept") && !kept.contains("belated"), "{kept}");
    place.send(&id, "told", json!("on")).unwrap();
    assert!(matches!(place.end(&id, &workflow), End::Ended(_)));
    place.until(|| !server.inboxes().contains("kept"));
}

#[test]
fn a_service_that_is_away_is_called_again_soon_and_for_as_long_as_it_takes() {
    let (place, ..) = place(|engine| engine);
    let admin = place.cluster.as_ref().expect("there is a server").server.admin();
    let port = admin.rsplit(':').next().unwrap().parse().unwrap();
    for name in ["FlowrightRun", "FlowrightAttempt", "FlowrightInbox"] {
        let answer = ask(port, "GET", &format!("/services/{name}"), "").unwrap();
        let policy = &serde_json::from_str::<Value>(&answer.body).unwrap()["retry_policy"];
        assert_eq!((&policy["initial_interval"], &policy["max_interval"]), (&json!("100ms"), &json!("5s")));
        assert_eq!(policy["max_attempts"], json!(u32::MAX), "{name}");
    }
}

#[test]
fn what_is_larger_than_a_message_is_refused_and_not_tried_for_ever() {
    let (place, registry, _) = place(|engine| engine);
    let mib = |mib: u32| json!({ "mib": mib });
    for (kind, limit) in [("large", "limit"), ("large_step", "action-failed")] {
        let (id, workflow) = submit(&place, &registry, &[(kind, mib(33))]);
        let End::Ended(outcome) = place.end(&id, &workflow) else { panic!("it did not end") };
        let failure = outcome.failure().expect("it is too large");
        assert_eq!(failure.code(), limit);
        assert!(failure.message().contains("32 MiB at most"), "{failure}");
    }
    let (id, workflow) = submit(&place, &registry, &[("large", mib(17)), ("large", mib(17))]);
    let End::Parked(why) = place.end(&id, &workflow) else { panic!("it is not parked") };
    assert!(why.as_str().is_some_and(|why| why.contains("what the run came to is larger")), "{why}");

    let text = || json!("x".repeat(33 * MIB));
    let refused = place.submit("large", &workflow, Event::new("go", text())).unwrap_err();
    assert!(refused.starts_with("the document with the event is larger"), "{refused}");
    let (id, workflow) = submit(&place, &registry, &[("wait", json!({}))]);
    let refused = place.send(&id, "told", text()).unwrap_err();
    assert!(refused.starts_with("the event is larger"), "{refused}");
    place.send(&id, "other", json!("x".repeat(17 * MIB))).unwrap();
    let refused = place.send(&id, "other", json!("x".repeat(17 * MIB))).unwrap_err();
    assert!(refused.contains("all that was sent to the run is larger"), "{refused}");
    place.send(&id, "told", json!("on")).unwrap();
    assert!(matches!(place.end(&id, &workflow), End::Ended(outcome) if outcome.is_completed()));
}
