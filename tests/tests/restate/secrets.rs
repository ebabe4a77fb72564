//! What secret inputs are given can be read nowhere in the cluster.

use flowright::CheckedWorkflow;
use flowright::prelude::*;
use flowright_restate::{Client, ClientError, Key, RunState, Service};
use flowright_tests::restate::{Server, free_port};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::task::block_in_place;

/// Make a token
#[engine_action]
async fn issue(step: &Step) -> Result<Value, ActionError> {
    let told: Option<String> = step.wait_for_event("told", None).await?;
    Ok(json!({ "token": told, "user": "Ada" }))
}

/// Log in
#[engine_action(retries = 0)]
async fn log_in(
    step: &Step,
    #[input(secret)] password: String,
    #[input(secret)] token: String,
    #[input(secret)] salt: String,
) -> Result<String, ActionError> {
    let session = format!("{password} {token} {salt}");
    step.run("session", || async { Ok(session.clone()) }).await?;
    Ok(session)
}

/// Hash
#[engine_action]
fn hash(#[input(secret)] session: String, salt: String) -> String {
    format!("{session} {salt}")
}

fn registry() -> Registry {
    let builder = Registry::builder().actions(actions![issue, log_in, hash]);
    builder.event::<Value>("go").event::<String>("told").build().unwrap()
}

const SECRETS: [&str; 3] = ["sent-h7nter2", "told-h7nter2", "written-h7nter2"];

/// A workflow whose secrets come from the event that starts it, from an output and from the document.
fn secretive() -> CheckedWorkflow {
    let document = json!({
        "actions": [
            { "id": "1", "kind": "issue" },
            { "id": "2", "kind": "log_in", "inputs": {
                "password": "!ref($.event.data.password)", "token": "!ref($.state.1.token)", "salt": "written-h7nter2"
            } },
            { "id": "3", "kind": "hash", "inputs": { "session": "!ref($.state.2)", "salt": "!ref($.state.2)" } }
        ],
        "edges": [{ "from": "$source", "to": "1" }, { "from": "1", "to": "2" }, { "from": "2", "to": "3" }],
        "metadata": { "flowright": { "leave": { "2": ["/password", "/token"] } } }
    });
    registry().check_for("go", document.to_string()).unwrap()
}

/// A workflow without secrets.
fn open() -> CheckedWorkflow {
    let document = json!({
        "actions": [{ "id": "1", "kind": "issue" }], "edges": [{ "from": "$source", "to": "1" }]
    });
    registry().check_for("go", document.to_string()).unwrap()
}

fn go(event: Value) -> Event {
    Event::new("go", event)
}

fn login() -> Event {
    go(json!({ "password": "sent-h7nter2", "user": "Ada" }))
}

fn key(key: u8) -> Key {
    Key::new([key; 32])
}

struct Trial {
    folder: TempDir,
    server: Server,
    port: u16,
    service: Option<Runtime>,
}

impl Trial {
    async fn of(key: Option<Key>) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let server = block_in_place(|| Server::start(folder.path()))?;
        let mut trial = Trial { folder, server, port: free_port(), service: None };
        trial.serve(key).await;
        block_in_place(|| trial.server.register(trial.port));
        Some(trial)
    }

    /// Serves with this key from now on, and no longer as before.
    async fn serve(&mut self, key: Option<Key>) {
        self.serve_with(key, registry()).await;
    }

    /// The same with the actions of another version.
    async fn serve_with(&mut self, key: Option<Key>, registry: Registry) {
        self.stop();
        let service = Service::new(Engine::builder(registry).build().unwrap());
        let service = match key {
            Some(key) => service.key(key),
            None => service,
        };
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = bound(self.port).await.into_std().unwrap();
        runtime.spawn(async move { service.serve(TcpListener::from_std(listener).unwrap()).await });
        self.service = Some(runtime);
    }

    /// Stops the service, wherever it is.
    fn stop(&mut self) {
        if let Some(service) = self.service.take() {
            service.shutdown_background();
        }
    }

    fn client(&self, key: Option<Key>) -> Client {
        let client = Client::connect(&self.server.ingress(), &registry()).unwrap();
        match key {
            Some(key) => client.key(key),
            None => client,
        }
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Listens at a port, once whoever had it has left it.
pub(crate) async fn bound(port: u16) -> TcpListener {
    let bound = async {
        loop {
            match TcpListener::bind(("127.0.0.1", port)).await {
                Ok(listener) => return listener,
                Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), bound).await.expect("the port is left")
}

async fn end(client: &Client, run: &str) -> RunState {
    tokio::time::timeout(Duration::from_secs(30), client.wait(run)).await.expect("it ends").unwrap()
}

/// Whether a text stands in any file below a folder.
fn stands_in(folder: &Path, text: &str) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return stands_in(&path, text);
        }
        // A file of the server may be gone by now.
        let content = fs::read(path).unwrap_or_default();
        content.windows(text.len()).any(|part| part == text.as_bytes())
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_go_through_the_cluster_sealed_and_a_run_goes_on_with_them() {
    let Some(mut trial) = Trial::of(Some(key(1))).await else { return };
    let client = trial.client(Some(key(1)));
    assert!(client.submit("a", &secretive(), login()).await.unwrap());
    assert!(!client.submit("a", &secretive(), login()).await.unwrap());
    let other = client.submit("a", &secretive(), go(json!({ "password": "other" }))).await;
    assert!(matches!(other, Err(ClientError::OtherRun(_))), "{other:?}");
    client.submit("b", &open(), go(json!("no secret"))).await.unwrap();
    client.send("b", "told", json!("any-h7nter2")).await.unwrap();
    assert!(matches!(end(&client, "b").await, RunState::Ended(_)));

    // What is resumed says again what it said before.
    trial.serve(Some(key(1))).await;
    client.send("a", "told", json!("told-h7nter2")).await.unwrap();
    let ended = end(&client, "a").await;
    let outcome = ended.outcome_of(&secretive()).unwrap();
    let session = SECRETS.join(" ");
    assert_eq!(outcome.output::<String>("2").unwrap(), session);
    assert_eq!(outcome.output::<String>("3").unwrap(), format!("{session} {session}"));
    assert_eq!(client.state("a").await.unwrap(), ended);

    trial.server.kill();
    assert!(stands_in(trial.folder.path(), "no secret"), "what is open can be found");
    for secret in SECRETS {
        assert!(!stands_in(trial.folder.path(), secret), "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_no_key_or_another_one_is_told_so() {
    let Some(trial) = Trial::of(Some(key(1))).await else { return };
    let (keyed, keyless, other) =
        (trial.client(Some(key(1))), trial.client(None), trial.client(Some(key(2))));
    let error = keyless.submit("a", &secretive(), login()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the run handles secrets, and there is no key to seal them by: give the service and its clients one with `.key(…)`"
    );
    keyed.submit("a", &secretive(), login()).await.unwrap();
    let events = Registry::builder().event::<String>("told").build().unwrap();
    let unaware = Client::connect(&trial.server.ingress(), &events).unwrap();
    for refused in [
        unaware.send("a", "told", json!("told-h7nter2")).await,
        other.submit("a", &secretive(), login()).await.map(drop),
        other.send("a", "told", json!("told-h7nter2")).await,
        keyless.send("a", "told", json!("told-h7nter2")).await,
    ] {
        assert!(matches!(refused, Err(ClientError::Key(_))), "{refused:?}");
    }
    keyless.submit("b", &open(), go(json!(null))).await.unwrap();
    keyless.send("b", "told", json!("open")).await.unwrap();
    assert!(matches!(end(&keyless, "b").await, RunState::Ended(_)));

    keyed.send("a", "told", json!("told-h7nter2")).await.unwrap();
    end(&keyed, "a").await;
    for client in [&other, &keyless] {
        let unread = client.state("a").await;
        assert!(matches!(unread, Err(ClientError::Key(_))), "{unread:?}");
        assert!(!client.cancel("a").await.unwrap());
    }
}

/// Log in by numbers, as another version of the program does
#[engine_action(kind = "log_in")]
fn log_in_by_numbers(_step: &Step, password: u32, token: u32, salt: u32) -> u32 {
    password + token + salt
}

#[tokio::test(flavor = "multi_thread")]
async fn why_a_run_with_secrets_is_parked_is_sealed_as_well() {
    let Some(mut trial) = Trial::of(None).await else { return };
    let actions = actions![issue, log_in_by_numbers, hash];
    let other = Registry::builder().actions(actions).event::<Value>("go").event::<String>("told");
    trial.serve_with(Some(key(1)), other.build().unwrap()).await;
    let client = trial.client(Some(key(1)));
    client.submit("a", &secretive(), login()).await.unwrap();
    let RunState::Parked(report) = end(&client, "a").await else { panic!("it is not parked") };
    assert!(report.to_string().contains("written-h7nter2"), "{report}");
    trial.server.kill();
    assert!(!stands_in(trial.folder.path(), "written-h7nter2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_to_a_run_without_secrets_is_read_without_a_key() {
    let Some(trial) = Trial::of(None).await else { return };
    let keyless = trial.client(None);
    keyless.submit("a", &open(), go(json!(null))).await.unwrap();
    trial.client(Some(key(1))).send("a", "told", json!("open")).await.unwrap();
    let ended = end(&keyless, "a").await;
    let issued = ended.outcome_of(&open()).unwrap().output::<Value>("1").unwrap();
    assert_eq!(issued, json!({ "token": "open", "user": "Ada" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_left_to_the_services_that_have_its_key() {
    let Some(mut trial) = Trial::of(Some(key(1))).await else { return };
    let client = trial.client(Some(key(1)));
    client.submit("begun", &secretive(), login()).await.unwrap();
    client.send("begun", "told", json!("told-h7nter2")).await.unwrap();
    for (service, why) in [(None, "there is no key"), (Some(key(2)), "were sealed by another key")] {
        trial.serve(service).await;
        client.submit("new", &secretive(), login()).await.unwrap();
        let told = || block_in_place(|| trial.server.under_way());
        let seen = async {
            while told().matches(why).count() < 2 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let seen = tokio::time::timeout(Duration::from_secs(30), seen).await;
        assert!(seen.is_ok(), "{why}: {}", told());
    }
    trial.serve(Some(key(1))).await;
    let outcome = end(&client, "begun").await.outcome_of(&secretive()).unwrap();
    assert_eq!(outcome.output::<String>("2").unwrap(), SECRETS.join(" "));
}
