//! Runs from their submission to their end.

use crate::cluster::{cluster, go};
use flowright_restate::{ClientError, RunState};
use serde_json::json;

#[tokio::test]
async fn a_run_is_executed_to_its_end() {
    let Some(cluster) = cluster() else { return };
    let id = cluster
        .submit(&[("say", json!({ "text": "one" })), ("say", json!({ "text": "!ref($.state.1)" }))])
        .await;
    let outcome = cluster.outcome(&id).await;
    assert_eq!(outcome["state"], json!({ "1": "one", "2": "one" }));
    assert_eq!(cluster.done(&id), [format!("{id} one"), format!("{id} one")]);
    let workflow =
        cluster.chain(&[("say", json!({ "text": "one" })), ("say", json!({ "text": "!ref($.state.1)" }))]);
    let typed = cluster.end(&id).await.outcome_of(&workflow).unwrap();
    assert_eq!(typed.output::<String>("2").unwrap(), "one");
}

#[tokio::test]
async fn a_run_is_submitted_once() {
    let Some(cluster) = cluster() else { return };
    let (client, id) = (cluster.client(), cluster.id());
    let workflow = cluster.chain(&[("say", json!({ "text": "one" }))]);
    assert!(client.submit(&id, &workflow, go()).await.unwrap());
    assert!(!client.submit(&id, &workflow, go()).await.unwrap());
    cluster.outcome(&id).await;
    assert!(!client.submit(&id, &workflow, go()).await.unwrap());
    assert_eq!(cluster.done(&id).len(), 1);
    let other = cluster.chain(&[("say", json!({ "text": "two" }))]);
    let error = client.submit(&id, &other, go()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("there is a run `{id}` already, of another document or event: give this one another id")
    );
    for id in ["", "a/b", "a\nb"] {
        assert!(matches!(client.submit(id, &workflow, go()).await, Err(ClientError::Id(_))), "{id}");
    }
}

#[tokio::test]
async fn a_sleep_is_slept_once() {
    let Some(cluster) = cluster() else { return };
    let id = cluster.submit(&[("nap", json!({ "ms": 300 })), ("say", json!({ "text": "awake" }))]).await;
    assert_eq!(cluster.outcome(&id).await["status"], "completed");
    assert_eq!(cluster.done(&id).last().unwrap(), &format!("{id} awake"));
}

#[tokio::test]
async fn events_are_kept_until_they_are_waited_for_and_each_wait_takes_one() {
    let Some(cluster) = cluster() else { return };
    let client = cluster.client();
    let id = cluster.submit(&[("gate", json!({})), ("approvals", json!({ "count": 3 }))]).await;
    cluster.until_done(&id, 1).await;
    for by in ["Ada", "Bob"] {
        client.send(&id, "approved", json!({ "by": by })).await.unwrap();
    }
    cluster.open_gate();
    cluster.until_done(&id, 2).await;
    client.send(&id, "approved", json!({ "by": "Eve" })).await.unwrap();
    assert_eq!(cluster.outcome(&id).await["state"]["2"], json!(["Ada", "Bob", "Eve"]));
}

#[tokio::test]
async fn a_wait_ends_in_time() {
    let Some(cluster) = cluster() else { return };
    let id = cluster.submit(&[("approvals", json!({ "count": 2, "ms": 100 }))]).await;
    assert_eq!(cluster.outcome(&id).await["state"]["1"], json!([null, null]));
}

#[tokio::test]
async fn a_wait_may_be_longer_than_the_cluster_counts() {
    let Some(cluster) = cluster() else { return };
    let id = cluster.submit(&[("approvals", json!({ "count": 1, "ms": u64::MAX }))]).await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    cluster.client().send(&id, "approved", json!({ "by": "Ada" })).await.unwrap();
    assert_eq!(cluster.outcome(&id).await["state"]["1"], json!(["Ada"]));
}

#[tokio::test]
async fn events_that_cannot_be_taken_are_refused() {
    let Some(cluster) = cluster() else { return };
    let client = cluster.client();
    let id = cluster.submit(&[("approvals", json!({ "count": 1 }))]).await;
    for (run, event, data, said) in [
        (&*id, "aproved", json!({ "by": "Ada" }), "did you mean `approved`?".to_owned()),
        (&*id, "approved", json!({ "by": 1 }), "string".to_owned()),
        ("nobody", "approved", json!({ "by": "Ada" }), "there is no run `nobody`".to_owned()),
    ] {
        let error = client.send(run, event, data).await.unwrap_err().to_string();
        assert!(error.contains(&said), "{error}");
    }
    client.send(&id, "approved", json!({ "by": "Ada" })).await.unwrap();
    assert_eq!(cluster.outcome(&id).await["state"]["1"], json!(["Ada"]));
    let error = client.send(&id, "approved", json!({ "by": "Ada" })).await.unwrap_err();
    assert_eq!(error.to_string(), format!("the run `{id}` has ended, and takes no more events"));
}

#[tokio::test]
async fn a_cancelled_run_stops_wherever_it_is() {
    let Some(cluster) = cluster() else { return };
    let client = cluster.client();
    for action in [("nap", json!({ "ms": 3_600_000 })), ("approvals", json!({ "count": 1 }))] {
        let id = cluster.submit(&[action, ("say", json!({ "text": "never" }))]).await;
        assert_eq!(client.state(&id).await.unwrap(), RunState::Running);
        assert!(client.cancel(&id).await.unwrap());
        assert_eq!(cluster.end(&id).await, RunState::Cancelled);
        assert!(!client.cancel(&id).await.unwrap());
        assert!(!cluster.done(&id).iter().any(|done| done.contains("never")));
    }
    assert!(matches!(client.cancel("nobody").await, Err(ClientError::NoRun(_))));
}
