//! One workflow, two events, two ways through it: `builtin:if` with its True and False edges, edges that match a
//! value, and a join that waits for whichever branch is taken.

use flowright::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;
use std::error::Error;

const WORKFLOW: &str = include_str!("workflow.json");

/// The `data` of a `ticket.opened` event.
#[derive(Serialize, JsonSchema)]
struct TicketOpened {
    subject: String,
    /// From 1, an annoyance, to 4, an outage.
    severity: u8,
    plan: Plan,
}

/// What the customer pays for.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Plan {
    Free,
    Pro,
}

/// Who was woken up.
#[derive(Serialize, JsonSchema)]
struct Page {
    engineer: String,
}

/// Wake up the engineer on call.
#[engine_action(icon = "🚨")]
fn page_engineer(
    /// What to say.
    subject: String,
) -> Page {
    let engineer = if subject.contains("database") { "Grace" } else { "Alan" };
    Page { engineer: engineer.to_owned() }
}

/// What a ticket is about.
#[derive(Serialize, JsonSchema)]
struct Found {
    topic: Topic,
}

/// What a ticket may be about.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Topic {
    Billing,
    Other,
}

/// Find out what a text is about.
#[engine_action(edges(
    edge("Billing", match = ("$.output.topic", "billing")),
    edge("Other", match = ("$.output.topic", "other")),
))]
fn find_topic(text: String) -> Found {
    let billing = ["invoice", "refund", "price"].iter().any(|word| text.to_lowercase().contains(word));
    Found { topic: if billing { Topic::Billing } else { Topic::Other } }
}

/// A ticket in a queue.
#[derive(Serialize, JsonSchema)]
struct Queued {
    queue: String,
}

/// Put the ticket in a queue.
#[engine_action]
fn put_in_queue(#[input(min_length = 1)] queue: String) -> Queued {
    Queued { queue }
}

/// A message to the customer.
#[derive(Serialize, JsonSchema)]
struct Reply {
    subject: String,
    text: String,
}

/// Tell the customer what happens next.
#[engine_action]
fn reply(
    subject: String,
    /// Who works on it already.
    engineer: Option<String>,
) -> Reply {
    let text = match engineer {
        Some(engineer) => format!("{engineer} is looking at it right now."),
        None => "We will be back within a day.".to_owned(),
    };
    Reply { subject, text }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let registry = Registry::builder()
        .actions(actions![page_engineer, find_topic, put_in_queue, reply])
        .event::<TicketOpened>("ticket.opened")
        .build()?;
    let workflow = registry.check(WORKFLOW)?;
    let engine = Engine::builder(registry).build()?;

    for ticket in [
        TicketOpened { subject: "The database is down".to_owned(), severity: 4, plan: Plan::Pro },
        TicketOpened { subject: "My invoice is missing".to_owned(), severity: 2, plan: Plan::Free },
    ] {
        println!("{}", ticket.subject);
        println!("{}\n", engine.run(&workflow, Event::of("ticket.opened", &ticket)?).await?);
    }
    Ok(())
}
