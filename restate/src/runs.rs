//! One workflow invocation for each run, by the run's id.

use crate::caught::{PANICKED, caught};
use crate::error::ClientError;
use crate::message::{fits, too_large};
use crate::names::INBOX;
use crate::runtime::Cluster;
use crate::steps::Asks;
use crate::submission::Submission;
use flowright::{Engine, Event, Outcome};
use restate_sdk::context::RequestTarget;
use restate_sdk::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::mpsc;

/// Where the run keeps what was submitted.
const SUBMISSION: &str = "submission";

/// Where it keeps what it is called as an invocation.
const INVOCATION: &str = "invocation";

/// What a cancelled invocation fails with.
const CANCELLED: u16 = 409;

/// The workflow.
pub(crate) struct Runs {
    pub(crate) engine: Engine,
}

#[restate_sdk::workflow(name = "FlowrightRun")]
impl Runs {
    /// Runs it to its end: its outcome, or `{ "status": "parked", "report" }`, or `{ "status": "cancelled" }`.
    #[handler]
    async fn run(
        &self,
        ctx: WorkflowContext<'_>,
        Json(submission): Json<Submission>,
    ) -> Result<Json<Value>, HandlerError> {
        ctx.set(INVOCATION, ctx.invocation_id().to_owned());
        ctx.set(SUBMISSION, Json(submission.clone()));
        let went = caught(came_to(&self.engine, &ctx, submission)).await.flatten();
        let ended = match went {
            Err(error) if error.code() == CANCELLED => json!({ "status": "cancelled" }),
            Err(error) if error.code() == PANICKED => {
                leave(&ctx).await;
                parked(error.message())
            }
            ended => ended?,
        };
        ctx.request::<(), ()>(RequestTarget::object(INBOX, ctx.key(), "forget"), ()).send();
        Ok(Json(ended))
    }

    /// What was submitted, once it has begun.
    #[handler]
    async fn submission(
        &self,
        ctx: SharedWorkflowContext<'_>,
    ) -> Result<Json<Option<Submission>>, HandlerError> {
        Ok(Json(ctx.get::<Json<Submission>>(SUBMISSION).await?.map(|Json(submission)| submission)))
    }

    /// Cancels it, where it has begun.
    #[handler]
    async fn cancel(&self, ctx: SharedWorkflowContext<'_>) -> Result<Json<bool>, HandlerError> {
        let Some(invocation) = ctx.get::<String>(INVOCATION).await? else { return Ok(Json(false)) };
        ctx.invocation_handle(invocation).cancel();
        Ok(Json(true))
    }
}

fn parked(why: impl Into<Value>) -> Value {
    json!({ "status": "parked", "report": why.into() })
}

async fn came_to(
    engine: &Engine,
    ctx: &WorkflowContext<'_>,
    submission: Submission,
) -> Result<Value, TerminalError> {
    let workflow = match submission.checked(engine) {
        Ok(workflow) => workflow,
        Err(report) => return Ok(parked(report.to_json())),
    };
    if workflow.has_secrets() {
        return Ok(parked(ClientError::Secrets.to_string()));
    }
    let (asked, _) = mpsc::unbounded_channel();
    // Actions are called elsewhere, and so are their sub-steps.
    let hosts = Arc::new(Asks { run: ctx.key().to_owned(), engine: engine.clone(), asked });
    let event = Event::from(submission.event);
    let run = match engine.durable_run(&workflow, ctx.key(), event, hosts) {
        Ok(run) => run,
        Err(error) => return Ok(parked(error.to_string())),
    };
    let mut cluster = Cluster::new(ctx, engine);
    let outcome: Outcome = run.drive(&mut cluster).await?;
    if cluster.waits_for_attempts() {
        leave(ctx).await;
    }
    let ended = outcome.to_json();
    Ok(if fits(&ended) { ended } else { parked(too_large("what the run came to")) })
}

/// Cancels the attempts that are under way: whoever is cancelled cancels what it waits for.
async fn leave(ctx: &WorkflowContext<'_>) {
    ctx.invocation_handle(ctx.invocation_id().to_owned()).cancel();
    let (_, nothing) = ctx.awakeable::<()>();
    drop(nothing.await);
}
