//! The file of three nodes that the page of clusters shows, on this machine instead of in containers.

use crate::page::block;
use flowright::prelude::*;
use flowright_restate::{Client, RunState, Service};
use flowright_tests::restate::{Ports, Server, Settings, ask};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::task::block_in_place;

/// How long anything here may take.
const PATIENCE: Duration = Duration::from_mins(3);

#[derive(Deserialize)]
struct File {
    services: BTreeMap<String, Container>,
    volumes: BTreeMap<String, Option<Value>>,
}

#[derive(Deserialize)]
struct Container {
    image: String,
    hostname: Option<String>,
    #[serde(default)]
    environment: BTreeMap<String, String>,
    #[serde(default)]
    volumes: Vec<String>,
    #[serde(default)]
    ports: Vec<String>,
    healthcheck: Option<Check>,
    #[serde(default)]
    command: Vec<String>,
}

#[derive(Deserialize)]
struct Check {
    test: Vec<String>,
}

fn file() -> File {
    serde_saphyr::from_str(block("yaml")).unwrap()
}

impl File {
    /// The nodes, by the names that others know them by.
    fn nodes(&self) -> Vec<(&str, &Container)> {
        let services = self.services.iter().map(|(name, container)| (&**name, container));
        services.filter(|(_, container)| container.environment.contains_key("RESTATE_NODE_NAME")).collect()
    }
}

/// Where each node is on this machine.
struct Here<'f>(Vec<(&'f str, Ports)>);

impl Here<'_> {
    /// A text with the addresses of this machine.
    fn tell(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (name, ports)| {
            let text = text.replace(&format!("{name}:5122"), &format!("127.0.0.1:{}", ports.node));
            text.replace(&format!("{name}:9070"), &format!("127.0.0.1:{}", ports.admin))
        })
    }

    /// The variables of a node, and what a container has of its own.
    fn settings(&self, at: usize, container: &Container, folder: &Path) -> Settings {
        let ports = self.0[at].1;
        let folder = folder.join(self.0[at].0);
        std::fs::create_dir_all(&folder).unwrap();
        let local = |port: u16| format!("127.0.0.1:{port}");
        let own = [
            ("RESTATE_BASE_DIR", folder.join("data").display().to_string()),
            ("RESTATE_BIND_IP", "127.0.0.1".to_owned()),
            ("RESTATE_BIND_PORT", ports.node.to_string()),
            ("RESTATE_INGRESS__BIND_ADDRESS", local(ports.ingress)),
            ("RESTATE_ADMIN__BIND_ADDRESS", local(ports.admin)),
        ];
        let own = own.map(|(name, value)| (name.to_owned(), value));
        let written = container.environment.iter().map(|(name, value)| (name.clone(), self.tell(value)));
        Settings { folder, ports, environment: written.chain(own).collect() }
    }
}

/// Say hello
#[engine_action]
fn greet(name: String) -> String {
    format!("Hello, {name}!")
}

/// Waits until something holds of the cluster.
fn until(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !block_in_place(&holds) {
        assert!(begun.elapsed() < PATIENCE, "it never holds: {what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

impl Here<'_> {
    /// How many nodes keep what the cluster knows of itself, as the first one says.
    fn members(&self) -> Option<usize> {
        let answer = ask(self.0[0].1.admin, "GET", "/cluster-health", "")?;
        let health: Value = serde_json::from_str(&answer.body).ok()?;
        Some(health["metadata_cluster_health"]["members"].as_array()?.len())
    }

    /// What a figure that each node tells comes to.
    fn sum(&self, figure: &str) -> Option<f64> {
        let own = |(_, ports): &(_, Ports)| {
            let answer = ask(ports.node, "GET", "/metrics", "")?;
            let line = answer.body.lines().find(|line| line.starts_with(&format!("{figure}{{")))?.to_owned();
            line.rsplit(' ').next()?.parse::<f64>().ok()
        };
        self.0.iter().map(own).sum()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_of_the_page_makes_a_cluster_that_goes_on_without_its_first_node() {
    let file = file();
    let here = Here(file.nodes().into_iter().map(|(name, _)| (name, Ports::free())).collect());
    let folder = tempfile::tempdir().unwrap();
    let nodes = file.nodes().into_iter().enumerate();
    let nodes = nodes.map(|(at, (_, container))| here.settings(at, container, folder.path())).collect();
    let Some(mut server) = block_in_place(|| Server::of(nodes)) else { return };
    until("three nodes are members", || here.members() == Some(3));
    until("each partition is on two nodes, and one of them leads", || {
        let (all, leading) =
            (here.sum("restate_num_active_partitions"), here.sum("restate_num_active_partition_leaders"));
        leading > Some(0.0) && all == leading.map(|leading| 2.0 * leading)
    });

    let registry = Registry::builder().actions(actions![greet]).build().unwrap();
    let engine = Engine::builder(registry.clone()).build().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(Service::new(engine).serve(listener));
    let [_, body, to] = &*file.services["orders-registered"].command else { panic!("it is sent somewhere") };
    let (body, to) = (body.replace("orders:9080", &address.to_string()), here.tell(to));
    let (port, path) = to.strip_prefix("http://127.0.0.1:").unwrap().split_once('/').unwrap();
    let (port, path) = (port.parse().unwrap(), format!("/{path}"));
    let registered = block_in_place(|| ask(port, "POST", &path, &body)).unwrap();
    assert_eq!(registered.status, 201, "{}", registered.body);

    let workflow = registry.check(
        r#"{
            "actions": [{ "id": "1", "kind": "greet", "inputs": { "name": "!ref($.event.data.name)" } }],
            "edges": [{ "from": "$source", "to": "1" }]
        }"#,
    );
    let workflow = workflow.unwrap();
    let run = async |client: &Client, id: &str| {
        let event = Event::new("user.created", json!({ "name": "Ada" }));
        client.submit(id, &workflow, event).await?;
        client.wait(id).await
    };
    let greeted = async |server: &Server, id: &str| {
        let client = Client::connect(&server.ingress(), &registry).unwrap();
        let begun = Instant::now();
        let ended = loop {
            // Where a node was lost, the others may need a while to notice.
            match tokio::time::timeout(PATIENCE, run(&client, id)).await.expect("it ends") {
                Ok(ended) => break ended,
                Err(error) => assert!(begun.elapsed() < PATIENCE, "{error}"),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        let RunState::Ended(outcome) = ended else { panic!("it ends") };
        assert_eq!(outcome["state"]["1"], "Hello, Ada!", "{outcome}");
    };
    greeted(&server, "with-three").await;
    block_in_place(|| server.lose_node(0));
    greeted(&server, "with-two").await;
}

#[test]
fn the_file_of_the_page_is_sound() {
    let file = file();
    let nodes = file.nodes();
    let mut published = BTreeSet::new();
    for (name, node) in &nodes {
        let variable = |variable: &str| node.environment.get(variable).map(String::as_str);
        assert_eq!(node.hostname.as_deref(), Some(*name));
        assert_eq!(variable("RESTATE_NODE_NAME"), Some(*name));
        assert_eq!(variable("RESTATE_ADVERTISED_ADDRESS"), Some(&*format!("http://{name}:5122")));
        assert!(
            variable("RESTATE_METADATA_CLIENT__ADDRESSES").unwrap().contains(&format!("http://{name}:5122"))
        );
        assert_eq!(node.image, file.services["orders-registered"].image);
        let [volume] = &*node.volumes else { panic!("{name} keeps its data in one volume") };
        let (volume, at) = volume.split_once(':').unwrap();
        assert!(file.volumes.contains_key(volume), "{volume}");
        assert_eq!(at, "/restate-data");
        let check = node.healthcheck.as_ref().unwrap();
        assert_eq!(check.test.last().unwrap(), "http://localhost:8080/restate/health");
        for (port, inside) in node.ports.iter().map(|port| port.rsplit_once(':').unwrap()) {
            assert!(port.starts_with("127.0.0.1:") && published.insert(port), "{name}: {port}");
            assert!(["8080", "9070"].contains(&inside), "{name}: {inside}");
        }
    }
    let first = nodes.iter().filter(|(_, node)| node.environment["RESTATE_AUTO_PROVISION"] == "true");
    assert_eq!((nodes.len(), published.len(), first.count()), (3, 6, 1));
    let tested = include_str!("../../restate/package.json");
    let tag = nodes[0].1.image.rsplit(':').next().unwrap();
    assert!(tested.contains(&format!("\"@restatedev/restate-server-linux-x64\": \"{tag}.")), "{tag}");
}
