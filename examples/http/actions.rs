//! What users' workflows can do with an order.

use flowright::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// All actions.
pub(crate) const ACTIONS: [&dyn Action; 2] = actions![charge_card, send_receipt];

/// The `data` of an `order.placed` event.
#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "describes the event; only refs read it")]
pub(crate) struct OrderPlaced {
    /// What is to pay, in cents.
    total: u64,
    #[schemars(extend("format" = "email"))]
    email: String,
}

/// A payment.
#[derive(Serialize, JsonSchema)]
struct Payment {
    /// What the bank calls it.
    number: String,
    /// What was paid, in cents.
    amount: u64,
}

/// Charge the customer's card.
#[engine_action(icon = "💳")]
fn charge_card(
    context: &ActionContext,
    /// How much, in cents.
    #[input(min = 1)]
    amount: u64,
) -> Result<Payment, ActionError> {
    if amount > 1_000_000 {
        return Err(ActionError::fatal("the bank declined the payment"));
    }
    Ok(Payment { number: format!("P-{}-{amount}", context.action_id()), amount })
}

/// A receipt that was sent.
#[derive(Serialize, JsonSchema)]
struct Receipt {
    to: String,
    subject: String,
}

/// Send a receipt.
#[engine_action(icon = "✉")]
async fn send_receipt(
    /// The customer's address.
    #[input(format = "email")]
    to: String,
    /// The subject line.
    #[input(max_length = 80)]
    subject: String,
) -> Receipt {
    // Stands for the mail server: other runs and requests go on meanwhile.
    tokio::time::sleep(Duration::from_millis(5)).await;
    Receipt { to, subject }
}
