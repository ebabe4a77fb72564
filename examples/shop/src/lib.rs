//! A shop's actions. Its own workflows stand in `workflows`, and `tests` holds them to what they should do.

use flowright::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;
use std::time::{Duration, UNIX_EPOCH};

/// Somebody ordered something.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "only its schema is of interest")]
struct OrderPlaced {
    /// What was ordered.
    item: String,
    /// What it costs.
    cents: u32,
    /// Whom to write to.
    #[schemars(email)]
    email: String,
}

/// What holds the goods.
pub struct Warehouse;

/// What moves the money.
pub struct Bank;

/// Something is put aside.
#[derive(Serialize, JsonSchema)]
pub struct Reservation {
    item: String,
    /// Until when, in seconds since 1970.
    until: u64,
}

/// Put an item aside.
#[engine_action]
fn reserve(
    context: &ActionContext,
    warehouse: &Warehouse,
    item: String,
    /// For how long.
    #[input(min = 1, max = 60, default = 15)]
    minutes: u64,
) -> Result<Reservation, ActionError> {
    let Warehouse = warehouse;
    let until = context.now() + Duration::from_secs(60 * minutes);
    Ok(Reservation { item, until: until.duration_since(UNIX_EPOCH)?.as_secs() })
}

/// Charge the customer's card.
#[engine_action]
fn charge(bank: &Bank, #[input(min = 1)] cents: u32) -> String {
    let Bank = bank;
    format!("receipt for {cents} cents")
}

/// Write to the customer.
#[engine_action]
fn notify(#[input(format = "email")] to: String, text: String) -> String {
    format!("to {to}: {text}")
}

/// What the shop's workflows may use.
///
/// # Panics
///
/// Where an action is wrong, which the tests rule out.
pub fn registry() -> Registry {
    let registry = Registry::builder().actions(actions![reserve, charge, notify]);
    registry.event::<OrderPlaced>("order.placed").build().expect("the actions are right")
}
