//! Runs of checked workflows on a [Restate](https://restate.dev) cluster: the same actions and documents, on more than one
//! machine.
//!
//! A [`Service`] runs workflows by an engine; the cluster calls it, over HTTP, for each run and for each attempt at an
//! action, and keeps what it answered. Any number of replicas may serve the same engine behind one address, which is
//! registered with the cluster once for each version of the program. A [`Client`] submits runs, sends them events, cancels
//! them, and waits for what they come to.
//!
//! ```no_run
//! use flowright::prelude::*;
//! use flowright_restate::{Client, Service};
//! use serde_json::json;
//! use tokio::net::TcpListener;
//!
//! /// Say hello
//! #[engine_action]
//! fn greet(name: String) -> String {
//!     format!("Hello, {name}!")
//! }
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let registry = Registry::builder().actions(actions![greet]).build()?;
//! let workflow = registry.check(r#"{
//!     "actions": [{ "id": "1", "kind": "greet", "inputs": { "name": "!ref($.event.data.name)" } }],
//!     "edges": [{ "from": "$source", "to": "1" }]
//! }"#)?;
//! let engine = Engine::builder(registry.clone()).build()?;
//! tokio::spawn(Service::new(engine).serve(TcpListener::bind("0.0.0.0:9080").await?));
//! Service::register("http://localhost:9070", "http://localhost:9080").await?;
//!
//! let client = Client::connect("http://localhost:8080", &registry)?;
//! client.submit("welcome-1", &workflow, Event::new("user.created", json!({ "name": "Ada" }))).await?;
//! let outcome = client.wait("welcome-1").await?.outcome_of(&workflow).ok_or("it was cancelled")?;
//! assert_eq!(outcome.output::<String>("1")?, "Hello, Ada!");
//! # Ok(())
//! # }
//! ```
//!
//! # What is kept, and when
//!
//! An action that completed is not executed again: its output is in the cluster before anything that waited for it starts. An
//! attempt that was under way when its service died is made again, on any replica, with the same [idempotency
//! key](flowright::Step::idempotency_key); its sub-steps that had an end give what was recorded. What it comes to is recorded
//! before it is over, and holds from then on. Sleeps and waits are the cluster's. A service that is away is called again every
//! five seconds at the latest, until it is back. Retries follow the engine's policies, and what sub-steps came to is handed on
//! from one attempt to the next.
//!
//! An action that is the only one under way, is not `async` and borrows no [`Step`](flowright::Step) is made in the run's own
//! invocation, where it costs less; all others are called, each attempt in an invocation of its own, so that a cancellation can
//! come in between. Where the engine has a deadline, all are.
//!
//! # Secrets
//!
//! Of a run whose workflow gives something to a secret input, the document, the event, inputs, outputs, sub-steps, events and
//! the outcome go through the cluster sealed, by a [`Key`] that every [`Service`](Service::key) and every
//! [`Client`](Client::key) has and the cluster has not: it sees the ids of runs, actions and sub-steps, the names of events, how
//! large things are, which sealed things about the same are equal, how a run ended, and how long all that takes. Without a key such
//! a workflow is not submitted; a service that has none, or another one, leaves its runs to those that have it: the cluster calls
//! again until one of them answers, and says why.
//!
//! # Differences from the other runtimes
//!
//! The same tests hold for runs in memory, in a journal and on a cluster; where they ask a question of the runtime, the answer
//! of a cluster is one of these.
//!
//! - Actions come back in the order in which they end. In memory, and in a journal, those that end as soon as they are
//!   started come back in the order of the document, also where one of them fails.
//! - A message of the cluster has 32 MiB at most, whatever [`Limits`](flowright::Limits) say: the document with the event, what
//!   an attempt is given, what it gives back, and what the run comes to; what is sealed grows by a third. What would be larger is
//!   refused when it is submitted or sent, is a failure of its action with the code `limit`, and where it is what the run comes to,
//!   parks the run.
//! - A cancelled run ends at once, and so does an attempt that sleeps or waits; one that works goes on to the end of the sub-step
//!   that it does or asks for next, or to its own, and what it comes to is dropped.
//! - The time of an attempt that has sub-steps runs on while its service is away, from the first one that is recorded; before that,
//!   and without any, it begins anew where the attempt is made again.
//! - An attempt that finds a sub-step recorded that its program cannot read fails with that; in a journal the run waits for a program
//!   that can.
//! - An action that was refused as what it is given is too large counts among the [calls](flowright::Outcome::calls).
//! - The span of an attempt, `attempt`, is where the attempt is made, and `action` where the run is.
//! - What a run comes to is kept for as long as the cluster is set up to, a day by default.
//! - A run whose document no longer fits, or in which something panicked, is `parked` for good: submit it anew under another
//!   id. Runs in flight go on with the version of the program that they began with, and their attempts go to the latest one.
//! - A client reaches the cluster by `http://`. Where it stands behind TLS, a proxy stands in between.
//! - `max_concurrency` counts in each replica. Observers of a run are told again what happened before when the run is
//!   resumed.
#![deny(missing_docs)]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

#[cfg(doctest)]
#[doc = include_str!("../CLUSTER.md")]
struct Page;

mod attempts;
mod caught;
mod client;
mod course;
mod decision;
mod error;
mod inbox;
mod message;
mod names;
mod runs;
mod runtime;
mod service;
mod steps;
mod submission;
mod time;
#[doc(hidden)]
pub mod transport;
mod vault;

pub use client::{Client, RunState};
pub use error::ClientError;
pub use flowright::Key;
pub use service::Service;
