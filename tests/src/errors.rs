//! The registry that the pages of the error index (`core/errors`) check their examples against: a shop that writes to
//! its customers.

use flowright::Limits;
use flowright::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The actions of the shop.
pub const ACTIONS: [&dyn Action; 5] =
    actions![fetch_json, find_customer, give_discount, send_email, send_mail];

/// The event that starts the shop's workflows.
pub const EVENT: &str = "order.placed";

/// The most actions that a workflow of the shop may have.
pub const MOST_ACTIONS: usize = 5;

/// The shop: its actions, its event, and its bound on a workflow's size.
///
/// # Panics
///
/// Never: the actions are right.
pub fn registry() -> Registry {
    Registry::builder()
        .actions(ACTIONS)
        .event::<Order>(EVENT)
        .limits(Limits::default().actions(MOST_ACTIONS))
        .build()
        .expect("the shop's actions are right")
}

/// What was ordered: `$.event.data`.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Order {
    /// The order's number.
    pub id: String,
    /// How far the payment is.
    pub payment: Payment,
    /// What all of it costs.
    pub total: f64,
    /// Where the customer is written to.
    #[schemars(email)]
    pub email: String,
    /// A code for a discount; absent where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub coupon: String,
    /// What is ordered.
    pub items: Vec<Item>,
}

/// How far a payment is.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Payment {
    /// It was made.
    Paid,
    /// It is awaited.
    Open,
    /// It was refused.
    Failed,
}

/// One line of an order.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Item {
    /// What the thing is called.
    pub title: String,
    /// What one of it costs.
    pub price: f64,
}

/// What a customer pays for.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Plan {
    /// Nothing.
    Free,
    /// A single seat.
    Pro,
    /// Several seats.
    Team,
}

/// A plan that costs something.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PaidPlan {
    /// A single seat.
    Pro,
    /// Several seats.
    Team,
}

/// A customer.
#[derive(Serialize, JsonSchema)]
pub struct Customer {
    name: String,
    plan: Plan,
    seats: u8,
    phone: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    nickname: String,
}

/// Get a JSON document.
#[engine_action]
fn fetch_json(
    /// Where it is.
    #[input(format = "uri")]
    url: String,
) -> Value {
    Value::String(url)
}

/// Look a customer up.
#[engine_action]
fn find_customer(
    /// Where the customer is written to.
    #[input(format = "email")]
    email: String,
) -> Customer {
    Customer { name: email, plan: Plan::Pro, seats: 1, phone: None, nickname: String::new() }
}

/// A discount that was given.
#[derive(Serialize, JsonSchema)]
pub struct Discount {
    code: String,
    #[schemars(range(min = 1, max = 50))]
    percent: u8,
}

/// Give a discount to those who pay.
#[engine_action]
fn give_discount(
    /// What the customer pays for.
    plan: PaidPlan,
    /// How much less the next order costs.
    #[input(min = 1, max = 50)]
    percent: u8,
) -> Discount {
    let code = match plan {
        PaidPlan::Pro => "PRO",
        PaidPlan::Team => "TEAM",
    };
    Discount { code: format!("{code}-{percent}"), percent }
}

/// A message that was sent.
#[derive(Serialize, JsonSchema)]
pub struct Sent {
    id: String,
    delivered: bool,
}

/// Send an email.
#[engine_action]
fn send_email(
    /// The recipient's address.
    #[input(format = "email")]
    to: String,
    /// The subject line.
    subject: String,
    /// The text.
    text: Option<String>,
) -> Sent {
    Sent { id: format!("{to}: {subject}"), delivered: text.is_some() }
}

/// Send an email.
#[engine_action(deprecated = "use `send_email`")]
fn send_mail(
    /// The recipient's address.
    #[input(format = "email")]
    to: String,
    /// The subject line.
    subject: String,
) -> Sent {
    Sent { id: format!("{to}: {subject}"), delivered: true }
}
