//! Services that only their cluster may call.

use crate::page::block;
use bytes::Bytes;
use flowright::prelude::*;
use flowright_restate::{Client, RunState, Service};
use flowright_tests::restate::Server;
use http::{Request, StatusCode};
use http_body_util::Full;
use rand::RngExt;
use restate_sdk::endpoint::Endpoint;
use restate_sdk::http_server::HttpServer;
use serde_json::json;
use std::error::Error;
use std::path::Path;
use tokio::net::TcpListener;
use tokio::task::block_in_place;

/// Say hello
#[engine_action]
fn greet(name: String) -> String {
    format!("Hello, {name}!")
}

/// As the page of clusters shows it.
async fn serve(engine: Engine, public_key: String, listener: TcpListener) -> Result<(), Box<dyn Error>> {
    let endpoint = Endpoint::builder().identity_key(&public_key)?;
    let endpoint = Service::new(engine).bind(endpoint).build();
    HttpServer::new(endpoint).serve(listener).await;
    Ok(())
}

/// An ed25519 key in PEM that nobody else has: what all keys begin with, and 32 bytes at random.
fn private_key() -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut random = rand::rng();
    let mut digit = |below: usize| char::from(DIGITS[random.random_range(0..below)]);
    // The first digit has two bits of what all keys begin with.
    let (first, others) = (digit(16), (0..42).map(|_| digit(64)).collect::<String>());
    format!("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEI{first}{others}\n-----END PRIVATE KEY-----\n")
}

/// The public key, as the log of a server tells it.
fn public_key(server: &Path) -> String {
    let log = std::fs::read_to_string(server.join("n1/restate.log")).unwrap();
    let at = log.find("publickeyv1_").expect("the log tells the key");
    log[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_cluster_that_has_the_key_may_call() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key.pem");
    std::fs::write(&file, private_key()).unwrap();
    let variable = ("RESTATE_REQUEST_IDENTITY_PRIVATE_KEY_PEM_FILE", file.to_str().unwrap());
    let own = folder.path().join("own");
    let Some(server) = block_in_place(|| Server::with_variables(&own, 1, &[variable])) else { return };

    let registry = Registry::builder().actions(actions![greet]).build().unwrap();
    let engine = Engine::builder(registry.clone()).build().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let public_key = public_key(&own);
    tokio::spawn(async move { serve(engine, public_key, listener).await.unwrap() });

    let address = format!("http://127.0.0.1:{port}");
    Service::register(&server.admin(), &address).await.unwrap();
    let workflow = registry.check(
        r#"{
            "actions": [{ "id": "1", "kind": "greet", "inputs": { "name": "!ref($.event.data.name)" } }],
            "edges": [{ "from": "$source", "to": "1" }]
        }"#,
    );
    let client = Client::connect(&server.ingress(), &registry).unwrap();
    let event = Event::new("user.created", json!({ "name": "Ada" }));
    client.submit("welcome", &workflow.unwrap(), event).await.unwrap();
    let RunState::Ended(outcome) = client.wait("welcome").await.unwrap() else { panic!("it ends") };
    assert_eq!(outcome["state"]["1"], "Hello, Ada!", "{outcome}");

    let other = folder.path().join("other");
    let other = block_in_place(|| Server::start(&other)).unwrap();
    let error = Service::register(&other.admin(), &address).await.unwrap_err().to_string();
    assert!(error.contains("401"), "{error}");
}

#[test]
fn requests_that_are_not_signed_are_refused() {
    let own = "publickeyv1_ChjENKeMvCtRnqG2mrBK1HmPKufgFUc98K8B3ononQvp";
    let registry = Registry::builder().actions(actions![greet]).build().unwrap();
    let engine = Engine::builder(registry).build().unwrap();
    let open = Service::new(engine.clone()).bind(Endpoint::builder()).build();
    let closed = Service::new(engine).bind(Endpoint::builder().identity_key(own).unwrap()).build();
    for (method, path) in [("GET", "/discover"), ("POST", "/invoke/FlowrightAttempt/make")] {
        let ask = |endpoint: &Endpoint| {
            let request = Request::builder().method(method).uri(path);
            let request = request.header("accept", "application/vnd.restate.endpointmanifest.v4+json");
            let request = request.header("content-type", "application/vnd.restate.invocation.v6");
            endpoint.handle(request.body(Full::new(Bytes::new())).unwrap()).status()
        };
        assert_eq!((ask(&open), ask(&closed)), (StatusCode::OK, StatusCode::UNAUTHORIZED), "{path}");
    }
}

#[test]
fn the_page_shows_how_such_a_service_is_made() {
    let own: Vec<&str> = include_str!("identity.rs").lines().map(str::trim).collect();
    let shown: Vec<&str> = block("rust,ignore").lines().collect();
    assert!(!shown.is_empty() && own.windows(shown.len()).any(|lines| lines == shown), "{shown:?}");
}
