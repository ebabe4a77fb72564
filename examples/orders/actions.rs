//! What is done with an order.

use flowright::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What was ordered.
#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "documents refer to its members")]
pub(crate) struct Order {
    /// What.
    article: String,
    /// How many.
    count: u32,
    /// What one costs.
    cents: u32,
}

/// An approval of an order.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct Approval {
    /// Who gave it.
    by: String,
}

/// Ships parcels, when it can be reached.
pub(crate) struct Carrier {
    /// How often nobody answers.
    pub(crate) silent: u32,
}

impl Carrier {
    fn label(&self, attempt: u32, key: &str) -> Result<String, ActionError> {
        if attempt <= self.silent {
            return Err(ActionError::retryable("the carrier cannot be reached"));
        }
        Ok(format!("label for {key}"))
    }
}

/// A shipped parcel.
#[derive(Deserialize, JsonSchema, Serialize)]
pub(crate) struct Parcel {
    label: String,
    /// How often the carrier was tried.
    attempts: u32,
}

/// Reserve articles.
#[engine_action]
fn reserve(article: String, count: u32) -> u32 {
    println!("reserve: {count} × {article}");
    count
}

/// Charge the customer.
///
/// The three things that it does are done once each, however often it is started.
#[engine_action]
async fn charge(step: &Step, cents: u32, count: u32) -> Result<u32, ActionError> {
    let key = step.idempotency_key();
    let mut charged = 0;
    for part in ["authorise", "capture", "receipt"] {
        charged = step
            .run(part, || async move {
                tokio::time::sleep(Duration::from_millis(400)).await;
                println!("charge: {part}, as {key}");
                Ok(cents * count)
            })
            .await?;
    }
    Ok(charged)
}

/// Wait for an approval.
#[engine_action]
async fn approve(step: &Step) -> Result<Option<String>, ActionError> {
    println!("approve: wait");
    let approval = step.wait_for_event::<Approval>("order.approved", Duration::from_hours(24)).await?;
    Ok(approval.map(|approval| approval.by))
}

/// Ship the parcel.
#[engine_action(retries = 5, timeout = "30s")]
async fn ship(
    carrier: &Carrier,
    step: &Step,
    context: &ActionContext,
    article: String,
) -> Result<Parcel, ActionError> {
    let attempts = context.attempt();
    println!("ship: {article}, attempt {attempts}");
    let key = step.idempotency_key();
    let label = step.run("label", || async { carrier.label(attempts, key) }).await?;
    Ok(Parcel { label, attempts })
}

/// Tell the customer.
#[engine_action]
fn notify(text: String) {
    println!("notify: {text}");
}

/// Remind the customer after a while.
#[engine_action]
async fn remind(step: &Step, text: String) -> Result<(), ActionError> {
    step.sleep("a while", Duration::from_secs(1)).await?;
    println!("remind: {text}");
    Ok(())
}

/// All of them.
pub(crate) const ORDERS: [&dyn Action; 6] = actions![reserve, charge, approve, ship, notify, remind];
