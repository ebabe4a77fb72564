//! Orders that survive: reserve, charge, wait for an approval, ship, notify, and remind after a while. They are kept in
//! the file that `--journal` names.
//!
//! `orders place ID` places an order, `orders approve ID` approves it, `orders work` works on all orders until it is
//! stopped, or with `--until-done` until none is left. Kill it wherever you like, and start it again.

mod actions;

use actions::{Approval, Carrier, ORDERS, Order};
use clap::{Parser, Subcommand};
use flowright::prelude::*;
use flowright::{CheckedWorkflow, Policy};
use flowright_sqlite::{Journal, RunStatus, Worker};
use serde_json::json;
use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

const DOCUMENT: &str = include_str!("workflow.json");

/// Orders that survive
#[derive(Parser)]
struct Arguments {
    /// The file that keeps the orders
    #[arg(long, default_value = "orders.db", global = true)]
    journal: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Place an order
    Place {
        /// What identifies it
        id: String,
        /// Approve it as well
        #[arg(long)]
        approved: bool,
    },
    /// Approve an order
    Approve {
        /// What identifies it
        id: String,
        /// Who approves it
        #[arg(long, default_value = "Ada")]
        by: String,
    },
    /// Work on all orders
    Work {
        /// Stop when all have ended
        #[arg(long)]
        until_done: bool,
    },
}

fn registry() -> Result<Registry, Box<dyn Error>> {
    let builder = Registry::builder().actions(ORDERS);
    Ok(builder.event::<Order>("order.placed").event::<Approval>("order.approved").build()?)
}

fn workflow(registry: &Registry) -> Result<CheckedWorkflow, Box<dyn Error>> {
    Ok(registry.check_for("order.placed", DOCUMENT)?)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let journal = Journal::open(&arguments.journal)?;
    let registry = registry()?;
    let client = journal.client(&registry);
    match arguments.command {
        Command::Place { id, approved } => {
            let event = Event::new("order.placed", json!({ "article": "tent", "count": 2, "cents": 19_900 }));
            let is_new = client.submit(&id, &workflow(&registry)?, event).await?;
            println!("{id} {}", if is_new { "is placed" } else { "was placed before" });
            if is_new && approved {
                client.send(&id, "order.approved", json!({ "by": "Ada" })).await?;
            }
        }
        Command::Approve { id, by } => {
            client.send(&id, "order.approved", json!({ "by": by })).await?;
            println!("{id} is approved by {by}");
        }
        Command::Work { until_done } => {
            let engine = Engine::builder(registry)
                .resource(Carrier { silent: 2 })
                .default_policy(Policy::new().backoff(Duration::from_millis(200), Duration::from_mins(1)))
                .build()?;
            let worker = Worker::new(&journal, engine).lease(Duration::from_secs(1)).start()?;
            if until_done {
                for run in client.list(None, u32::MAX)? {
                    let run = client.wait(&run.id).await?;
                    println!("{} {}", run.id, run.status);
                }
            } else {
                tokio::signal::ctrl_c().await?;
            }
            worker.stop().await;
            let failed = client.list(RunStatus::Failed, 1)?;
            if !failed.is_empty() {
                return Err("an order failed".into());
            }
        }
    }
    Ok(())
}
