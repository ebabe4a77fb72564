//! What observers are told.

use crate::draft::{Draft, accepted};
use crate::runtime::{self, MOMENT};
use flowright::prelude::*;
use flowright::{Happened, Policy, RunProgress};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Fail the first attempts
#[engine_action(retries = 2)]
fn flaky(context: &ActionContext, fails: u32) -> Result<u32, ActionError> {
    if context.attempt() > fails { Ok(fails) } else { Err(ActionError::retryable("not now")) }
}

fn line(progress: &RunProgress<'_>) -> String {
    let what = match progress.happened {
        Happened::Began => "began".to_owned(),
        Happened::Started { action } => format!("started {} {} {}", action.id, action.kind, action.attempt),
        Happened::Completed { action, recorded } => format!("completed {} {recorded}", action.id),
        Happened::Again { action, failure, .. } => format!("again {}: {}", action.id, failure.message()),
        Happened::Failed { action, failure } => format!("failed {}: {}", action.id, failure.message()),
        Happened::Skipped { action } => format!("skipped {}", action.id),
        Happened::Ended(status) => format!("ended {status:?}"),
        _ => "something else".to_owned(),
    };
    format!("{}/{} {what}", progress.settled, progress.actions)
}

fn told(draft: &Draft, event: Value, deadline: Option<Duration>) -> Vec<String> {
    let registry = Registry::builder().actions(actions![flaky, hang]).build().unwrap();
    let workflow = accepted(registry.check(draft.text()));
    let told = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&told);
    let mut engine = runtime::engine(registry)
        .default_policy(Policy::new().backoff(Duration::ZERO, Duration::ZERO))
        .observer(move |progress: &RunProgress<'_>| kept.lock().unwrap().push(line(progress)));
    if let Some(deadline) = deadline {
        engine = engine.deadline(deadline);
    }
    runtime::begin(&engine.build().unwrap(), &workflow, event.into()).outcome();
    told.lock().unwrap().clone()
}

/// Never end
#[engine_action]
async fn hang() -> u8 {
    std::future::pending().await
}

#[test]
fn attempts_skipped_actions_and_the_end_are_told_in_order() {
    let draft = Draft::new()
        .action("1", "flaky", json!({ "fails": 1 }))
        .action("2", "flaky", json!({ "fails": 0 }))
        .action("3", "flaky", json!({ "fails": 0 }))
        .action("4", "flaky", json!({ "fails": 0 }))
        .start("1")
        .when("1", "2", "!ref($.output)")
        .otherwise("1", "3", "!ref($.output)")
        .edge("3", "4");
    let expected = [
        "0/4 began",
        "0/4 started 1 flaky 1",
        "0/4 again 1: not now",
        "0/4 started 1 flaky 2",
        "3/4 completed 1 false",
        "3/4 skipped 3",
        "3/4 skipped 4",
        "3/4 started 2 flaky 1",
        "4/4 completed 2 false",
        "4/4 ended Completed",
    ];
    assert_eq!(told(&draft, json!({}), None), expected);
}

#[test]
fn a_failure_and_a_deadline_are_told() {
    let draft = Draft::new().action("1", "flaky", json!({ "fails": 9 })).start("1");
    let told_of_failure = told(&draft, json!({}), None);
    assert_eq!(told_of_failure[told_of_failure.len() - 2..], ["1/1 failed 1: not now", "1/1 ended Failed"]);
    let draft = Draft::new().action("1", "hang", json!({})).start("1");
    let deadline = 20 * MOMENT;
    let failed = format!("1/1 failed 1: the run did not end within {deadline:?}");
    let expected = ["0/1 began", "0/1 started 1 hang 1", &*failed, "1/1 ended Failed"];
    assert_eq!(told(&draft, json!({}), Some(deadline)), expected);
}
