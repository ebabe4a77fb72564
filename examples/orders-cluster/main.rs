//! The orders of `examples/orders` on a Restate cluster: the same actions and the same workflow.
//!
//! `orders-cluster ID` serves the actions, places an order, approves it, and waits for what it comes to. Where the program is
//! stopped in between, the same command goes on with the order.

#[path = "../orders/actions.rs"]
mod actions;

use actions::{Approval, Carrier, ORDERS, Order};
use clap::Parser;
use flowright::Policy;
use flowright::prelude::*;
use flowright_restate::{Client, RunState, Service};
use serde_json::json;
use std::error::Error;
use std::time::Duration;
use tokio::net::TcpListener;

const DOCUMENT: &str = include_str!("../orders/workflow.json");

/// Orders on a cluster
#[derive(Parser)]
struct Arguments {
    /// What identifies the order
    id: String,
    /// Where the cluster takes orders
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    ingress: String,
    /// Where it is administered
    #[arg(long, default_value = "http://127.0.0.1:9070")]
    admin: String,
    /// Where the actions are served
    #[arg(long, default_value = "127.0.0.1:9080")]
    address: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Arguments { id, ingress, admin, address } = Arguments::parse();
    let builder = Registry::builder().actions(ORDERS);
    let registry = builder.event::<Order>("order.placed").event::<Approval>("order.approved").build()?;
    let workflow = registry.check_for("order.placed", DOCUMENT)?;
    let engine = Engine::builder(registry.clone())
        .resource(Carrier { silent: 2 })
        .default_policy(Policy::new().backoff(Duration::from_millis(200), Duration::from_mins(1)))
        .build()?;

    let listener = TcpListener::bind(&address).await?;
    let address = format!("http://{}", listener.local_addr()?);
    tokio::spawn(Service::new(engine).serve(listener));
    Service::register(&admin, &address).await?;

    let client = Client::connect(&ingress, &registry)?;
    let event = Event::new("order.placed", json!({ "article": "tent", "count": 2, "cents": 19_900 }));
    client.submit(&id, &workflow, event).await?;
    if client.state(&id).await? == RunState::Running {
        client.send(&id, "order.approved", json!({ "by": "Ada" })).await?;
    }
    match client.wait(&id).await? {
        RunState::Ended(outcome) => println!("{id} {}", outcome["status"].as_str().unwrap_or_default()),
        other => println!("{id}: {other:?}"),
    }
    Ok(())
}
