//! Actions whose every execution somebody outside is told of, and the workflow that they are put together in.

use flowright::prelude::*;
use flowright::{CheckedWorkflow, Policy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Whoever is told of every execution.
pub struct Witness(pub SocketAddr);

impl Witness {
    /// Tells of something, and waits until it was heard.
    fn tell(&self, what: &str, key: &str) -> io::Result<()> {
        let mut stream = TcpStream::connect(self.0)?;
        writeln!(stream, "{what} {key}")?;
        let mut heard = String::new();
        BufReader::new(stream).read_line(&mut heard)?;
        if heard.is_empty() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }
}

/// What an order is made of.
#[derive(Deserialize, JsonSchema, Serialize)]
pub struct Order {
    /// How many are ordered.
    pub count: u32,
}

/// Somebody's approval.
#[derive(Deserialize, JsonSchema, Serialize)]
pub struct Approval {
    /// Whose.
    pub by: String,
}

/// Count on
#[engine_action]
fn count(witness: &Witness, step: &Step, value: u32) -> Result<u32, ActionError> {
    witness.tell("begin", step.idempotency_key())?;
    witness.tell("end", step.idempotency_key())?;
    Ok(value + 1)
}

/// Do two things with a pause in between
#[engine_action]
async fn parts(witness: &Witness, step: &Step, value: u32) -> Result<u32, ActionError> {
    let key = step.idempotency_key();
    witness.tell("begin", key)?;
    let one: u32 = step
        .run("one", || async {
            witness.tell("part", &format!("{key}/one"))?;
            Ok(value + 1)
        })
        .await?;
    witness.tell("kept", &format!("{key}/one"))?;
    step.sleep("pause", Duration::from_millis(30)).await?;
    let two: u32 = step
        .run("two", || async {
            witness.tell("part", &format!("{key}/two"))?;
            Ok(one + 1)
        })
        .await?;
    witness.tell("end", key)?;
    Ok(two)
}

/// Fail twice
#[engine_action(retries = 5)]
fn flaky(witness: &Witness, step: &Step, context: &ActionContext, value: u32) -> Result<u32, ActionError> {
    witness.tell("begin", step.idempotency_key())?;
    if context.attempt() < 3 {
        return Err(ActionError::retryable("not yet"));
    }
    witness.tell("end", step.idempotency_key())?;
    Ok(value + 1)
}

/// Wait for an approval
#[engine_action]
async fn approval(witness: &Witness, step: &Step) -> Result<String, ActionError> {
    witness.tell("begin", step.idempotency_key())?;
    let approval = step.wait_for_event::<Approval>("approved", Duration::from_mins(1)).await?;
    witness.tell("end", step.idempotency_key())?;
    Ok(approval.map_or_else(|| "nobody".to_owned(), |approval| approval.by))
}

/// The actions and events.
///
/// # Panics
///
/// Where they are wrong.
pub fn registry() -> Registry {
    let builder = Registry::builder().actions(actions![count, parts, flaky, approval]);
    let builder = builder.event::<Order>("order").event::<Approval>("approved");
    builder.build().expect("it is right")
}

/// An engine that tells the witness.
///
/// # Panics
///
/// Where it lacks something.
pub fn engine(witness: SocketAddr) -> Engine {
    engine_of(registry(), witness)
}

/// The same after a deploy: counting takes a step, which is one unless it is said.
///
/// # Panics
///
/// Where it lacks something.
pub fn changed_engine(witness: SocketAddr) -> Engine {
    let builder = Registry::builder().actions(actions![changed::count, parts, flaky, approval]);
    let builder = builder.event::<Order>("order").event::<Approval>("approved");
    engine_of(builder.build().expect("it is right"), witness)
}

mod changed {
    use super::{ActionError, Step, Witness};
    use flowright::prelude::*;

    /// Count on by a step
    #[engine_action]
    pub(super) fn count(
        witness: &Witness,
        step: &Step,
        value: u32,
        by: Option<u32>,
    ) -> Result<u32, ActionError> {
        witness.tell("begin", step.idempotency_key())?;
        witness.tell("end", step.idempotency_key())?;
        Ok(value + by.unwrap_or(1))
    }
}

fn engine_of(registry: Registry, witness: SocketAddr) -> Engine {
    let pause = Duration::from_millis(20);
    let builder = Engine::builder(registry).resource(Witness(witness));
    builder.default_policy(Policy::new().backoff(pause, pause)).build().expect("it is right")
}

/// Who waits for whom in the workflow.
pub const EDGES: [(&str, &str); 9] = [
    ("first", "parts"),
    ("first", "flaky"),
    ("first", "even"),
    ("even", "if"),
    ("even", "else"),
    ("parts", "join"),
    ("flaky", "join"),
    ("if", "join"),
    ("else", "join"),
];

/// A workflow with branches, joins, sub-steps, a sleep, retries and a wait.
///
/// # Panics
///
/// Where it is wrong.
pub fn workflow(registry: &Registry) -> CheckedWorkflow {
    let action = |id: &str, kind: &str, inputs: Value| json!({ "id": id, "kind": kind, "inputs": inputs });
    let value = |from: &str| json!({ "value": format!("!ref($.{from})") });
    let condition = |to: &str| {
        let test = if to == "if" || to == "else" { Some(to) } else { None };
        test.map(|test| json!({ "type": test, "ref": "!ref($.output.result)" }))
    };
    let edges = EDGES.iter().chain(&[("$source", "first"), ("join", "approval"), ("approval", "last")]);
    let edges = edges.map(|(from, to)| {
        let mut edge = json!({ "from": from, "to": to });
        if let Some(condition) = condition(to) {
            edge["conditional"] = condition;
        }
        edge
    });
    let rule = json!({ "condition": { "==": [{ "%": ["!ref($.state.first)", 2] }, 0] } });
    let document = json!({
        "name": "Survivor",
        "actions": [
            action("first", "count", value("event.data.count")),
            action("parts", "parts", value("state.first")),
            action("flaky", "flaky", value("state.first")),
            action("even", "builtin:if", rule),
            action("if", "count", json!({ "value": 100 })),
            action("else", "count", json!({ "value": 200 })),
            action("join", "count", value("state.parts")),
            action("approval", "approval", json!({})),
            action("last", "count", value("state.join")),
        ],
        "edges": edges.collect::<Vec<_>>(),
    });
    registry.check_for("order", document.to_string()).expect("it is right")
}
