//! How actions are tried.

use crate::cluster::cluster;
use serde_json::json;

#[tokio::test]
async fn what_has_failed_for_now_is_tried_again_and_its_sub_steps_are_not() {
    let Some(cluster) = cluster() else { return };
    let id = cluster.submit(&[("flaky", json!({ "fails": 2 }))]).await;
    assert_eq!(cluster.outcome(&id).await["state"], json!({ "1": 3 }));
    let expected =
        ["once", "attempt 1", "attempt 2", "attempt 3"].map(|what| format!("{what} {id}/1")).to_vec();
    assert_eq!(cluster.done(&id), expected);
}

#[tokio::test]
async fn after_the_last_attempt_the_run_has_failed() {
    let Some(cluster) = cluster() else { return };
    let id = cluster.submit(&[("flaky", json!({ "fails": 9 })), ("say", json!({ "text": "never" }))]).await;
    let failed = cluster.outcome(&id).await["failed"].clone();
    assert_eq!(
        (&failed["action"], &failed["attempt"], &failed["message"]),
        (&json!("1"), &json!(3), &json!("not now"))
    );
}

#[tokio::test]
async fn an_attempt_that_takes_too_long_is_over_and_its_sub_steps_are_known_to_the_next() {
    let Some(cluster) = cluster() else { return };
    let id = cluster.submit(&[("brief_nap", json!({ "ms": 3_600_000 }))]).await;
    let failed = cluster.outcome(&id).await["failed"].clone();
    assert_eq!((&failed["attempt"], &failed["message"]), (&json!(2), &json!("it did not end within 1s")));
    assert_eq!(cluster.done(&id), ["lie down", "nap", "nap"].map(|what| format!("{what} {id}/1")));
}

#[tokio::test]
async fn sub_steps_are_awaited_one_at_a_time() {
    let Some(cluster) = cluster() else { return };
    let id = cluster.submit(&[("hasty", json!({}))]).await;
    let message = cluster.outcome(&id).await["failed"]["message"].clone();
    assert_eq!(message, "sub-step `work` began before `nap` had ended: await each before the next begins");
}

#[tokio::test]
async fn the_work_of_a_sub_step_that_takes_too_long_is_over_with_its_attempt() {
    let Some(cluster) = cluster() else { return };
    let id = cluster.submit(&[("long_work", json!({}))]).await;
    let failed = cluster.outcome(&id).await["failed"].clone();
    assert_eq!((&failed["attempt"], &failed["message"]), (&json!(1), &json!("it did not end within 1s")));
    assert_eq!(cluster.done(&id), [format!("work {id}/1")]);
}

#[tokio::test]
async fn a_service_that_is_away_is_called_again_soon_and_for_as_long_as_it_takes() {
    let Some(cluster) = cluster() else { return };
    for name in ["FlowrightRun", "FlowrightAttempt", "FlowrightInbox"] {
        let policy = &cluster.service(name)["retry_policy"];
        assert_eq!((&policy["initial_interval"], &policy["max_interval"]), (&json!("100ms"), &json!("5s")));
        assert_eq!(policy["max_attempts"], json!(u32::MAX), "{name}");
    }
}
