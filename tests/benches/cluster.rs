//! Steps per second of runs on a Restate server, beside a handler of the same steps written by hand, and beside the SQLite
//! runtime: `cargo bench -p flowright-tests --bench cluster -- [--quick]`.
//!
//! A line `cluster/<shape>/<clients> <steps a second> hand <by hand> ratio <time over that by hand> spread <lowest>–<highest>`
//! is of runs of ten actions with an output of 1 KiB: `chain`, each called in an invocation of its own, one behind the other;
//! `pure`, the same beside steps by hand whose output is not recorded before they are over, as only those may do that always come
//! to the same; `inline`, made where the run is; `fan`, called side by side. A line `journal/<shape>/<clients> <steps a second> times
//! <steps a second over the cluster's>` is of the SQLite runtime. Rounds take turns; the spread is of their ratios.

use flowright::CheckedWorkflow;
use flowright::prelude::*;
use flowright_restate::transport::Transport;
use flowright_restate::{Client, Service};
use flowright_sqlite::{Journal, Worker};
use flowright_tests::restate::Server;
use futures_util::future::try_join_all;
use restate_sdk::context::{DurableFuture, RequestTarget};
use restate_sdk::ingress;
use restate_sdk::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::error::Error;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use tokio::net::TcpListener;

/// How many steps a run has.
const STEPS: u32 = 10;

#[derive(Serialize, Deserialize, JsonSchema)]
struct Counted {
    value: u64,
    padding: String,
}

fn counted(value: u64) -> Counted {
    Counted { value: value + 1, padding: "x".repeat(1_000) }
}

/// Count on, where the run is
#[engine_action]
fn count(value: u64) -> Counted {
    counted(value)
}

/// Count on, in an invocation of its own
#[engine_action]
fn call(_step: &Step, value: u64) -> Counted {
    counted(value)
}

/// A step by hand. What it comes to is recorded before it is over, as must be what would come to something else if it were
/// called again.
struct HandStep;

#[restate_sdk::service(name = "HandStep")]
impl HandStep {
    #[handler]
    async fn count(&self, ctx: Context<'_>, Json(value): Json<u64>) -> Result<Json<Counted>, HandlerError> {
        Ok(ctx.run(move || async move { Ok(Json(counted(value))) }).name("count").await?)
    }

    #[handler]
    #[expect(clippy::unused_async, reason = "as the macro wants it")]
    async fn pure(&self, _ctx: Context<'_>, Json(value): Json<u64>) -> Result<Json<Counted>, HandlerError> {
        Ok(Json(counted(value)))
    }
}

/// A run by hand.
struct Hand;

type Durable<'c> = Pin<Box<dyn DurableFuture<Output = Result<Json<Counted>, TerminalError>> + Send + 'c>>;

#[restate_sdk::workflow(name = "Hand")]
impl Hand {
    #[handler]
    async fn run(
        &self,
        ctx: WorkflowContext<'_>,
        Json(shape): Json<String>,
    ) -> Result<Json<Vec<Counted>>, HandlerError> {
        let mut all: Vec<Counted> = Vec::new();
        let step = |value: u64| -> Durable<'_> {
            let target = RequestTarget::service("HandStep", if shape == "pure" { "pure" } else { "count" });
            Box::pin(ctx.request::<Json<u64>, Json<Counted>>(target, Json(value)).call())
        };
        let last = |all: &[Counted]| all.last().map_or(0, |counted| counted.value);
        match shape.as_str() {
            "chain" | "pure" => {
                for _ in 0..STEPS {
                    all.push(step(last(&all)).await?.0);
                }
            }
            "inline" => {
                for _ in 0..STEPS {
                    let value = last(&all);
                    let made = ctx.run(move || async move { Ok(Json(counted(value))) }).name("count");
                    all.push(made.await?.0);
                }
            }
            _ => {
                let mut pending: DurableFuturesUnordered<Durable<'_>> = (0..STEPS).map(|_| step(0)).collect();
                while let Some((_, output)) = pending.next().await? {
                    all.push(output?.0);
                }
            }
        }
        Ok(Json(all))
    }
}

/// A workflow of this shape.
fn workflow(registry: &Registry, shape: &str) -> CheckedWorkflow {
    let kind = if shape == "inline" { "count" } else { "call" };
    let is_first = |at: u32| at == 1 || shape == "fan";
    let action = |at: u32| {
        let value = if is_first(at) { json!(0) } else { json!(format!("!ref($.state.{}.value)", at - 1)) };
        json!({ "id": at.to_string(), "kind": kind, "inputs": { "value": value } })
    };
    let edge = |at: u32| {
        let from = if is_first(at) { "$source".to_owned() } else { (at - 1).to_string() };
        json!({ "from": from, "to": at.to_string() })
    };
    let (actions, edges): (Vec<Value>, Vec<Value>) = (1..=STEPS).map(|at| (action(at), edge(at))).unzip();
    let document = json!({ "actions": actions, "edges": edges }).to_string();
    registry.check(document).unwrap_or_else(|report| panic!("{report}"))
}

/// An id that no other run has.
fn id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("bench-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

struct Bench {
    client: Client,
    hand: ingress::Client<Transport>,
    registry: Registry,
    rounds: u32,
}

type Outcome<T> = Result<T, Box<dyn Error>>;

impl Bench {
    async fn by_hand(&self, shape: &str) -> Outcome<()> {
        let target = RequestTarget::workflow("Hand", id(), "run");
        let request = self.hand.request::<_, Json<Vec<Counted>>>(target, Json(shape.to_owned()));
        let Json(all) = request.send().await?.invocation_handle().attach().await?.into_body();
        assert_eq!(all.len(), STEPS as usize);
        Ok(())
    }

    async fn on_the_cluster(&self, workflow: &CheckedWorkflow) -> Outcome<()> {
        let id = id();
        self.client.submit(&id, workflow, json!({})).await?;
        let ended = self.client.wait(&id).await?;
        assert!(ended.outcome_of(workflow).is_some_and(|outcome| outcome.is_completed()));
        Ok(())
    }

    async fn in_a_journal(&self, workflow: &CheckedWorkflow, clients: u32, runs: u32) -> Outcome<f64> {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
        let journal = Journal::open(folder.path().join("runs.db"))?;
        let client = journal.client(&self.registry);
        let engine = Engine::builder(self.registry.clone()).build()?;
        let worker = Worker::new(&journal, engine).start()?;
        let begun = Instant::now();
        let each = (0..clients).map(|_| async {
            for _ in 0..runs {
                let id = id();
                client.submit(&id, workflow, json!({})).await?;
                client.wait(&id).await?;
            }
            Ok::<(), Box<dyn Error>>(())
        });
        try_join_all(each).await?;
        let took = begun.elapsed().as_secs_f64();
        worker.stop().await;
        Ok(took)
    }

    async fn compare(&self, shape: &str, clients: u32, runs: u32) -> Outcome<()> {
        let workflow = workflow(&self.registry, shape);
        let (mut ours, mut theirs, mut kept, mut ratios) = (f64::MAX, f64::MAX, f64::MAX, Vec::new());
        for _ in 0..self.rounds {
            let begun = Instant::now();
            try_join_all((0..clients).map(|_| async {
                for _ in 0..runs {
                    self.by_hand(shape).await?;
                }
                Ok::<(), Box<dyn Error>>(())
            }))
            .await?;
            let hand = begun.elapsed().as_secs_f64();
            let begun = Instant::now();
            try_join_all((0..clients).map(|_| async {
                for _ in 0..runs {
                    self.on_the_cluster(&workflow).await?;
                }
                Ok::<(), Box<dyn Error>>(())
            }))
            .await?;
            let own = begun.elapsed().as_secs_f64();
            ratios.push(own / hand);
            (ours, theirs) = (ours.min(own), theirs.min(hand));
            kept = kept.min(self.in_a_journal(&workflow, clients, runs).await?);
        }
        ratios.sort_by(f64::total_cmp);
        let rate = |seconds: f64| f64::from(clients * runs * STEPS) / seconds;
        let (low, high) = (ratios.first().unwrap_or(&f64::NAN), ratios.last().unwrap_or(&f64::NAN));
        println!(
            "cluster/{shape}/{clients} {:.0} hand {:.0} ratio {:.2} spread {low:.2}–{high:.2}",
            rate(ours),
            rate(theirs),
            ours / theirs
        );
        println!("journal/{shape}/{clients} {:.0} times {:.1}", rate(kept), ours / kept);
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let Some(server) = tokio::task::block_in_place(|| Server::start(folder.path())) else { return Ok(()) };
    let registry = Registry::builder().actions(actions![count, call]).build()?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    let service = Service::new(Engine::builder(registry.clone()).build()?);
    let endpoint = service.bind(Endpoint::builder()).bind(HandStep).bind(Hand).build();
    tokio::spawn(HttpServer::new(endpoint).serve(listener));
    tokio::task::block_in_place(|| server.register(port));
    let bench = Bench {
        client: Client::connect(&server.ingress(), &registry)?,
        hand: ingress::Client::new(server.ingress().parse()?, Transport::default())?,
        registry,
        rounds: if quick { 2 } else { 9 },
    };
    let loads = if quick { [(1, 2), (64, 1)] } else { [(1, 8), (64, 8)] };
    for shape in ["chain", "pure", "inline", "fan"] {
        for (clients, runs) in loads {
            bench.compare(shape, clients, runs).await?;
        }
    }
    Ok(())
}
