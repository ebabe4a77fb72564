//! One workflow invocation for each run, by the run's id.

use crate::caught::{LOST, PANICKED, caught};
use crate::message::{fits, too_large};
use crate::names::INBOX;
use crate::runtime::{Cluster, Seal, Stopped};
use crate::steps::Asks;
use crate::submission::Submission;
use crate::vault::{About, Envelope, Vault};
use flowright::{Engine, Event, Outcome};
use restate_sdk::context::RequestTarget;
use restate_sdk::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Where the run keeps what was submitted.
const SUBMISSION: &str = "submission";

/// What a cancelled invocation fails with.
const CANCELLED: u16 = 409;

/// The workflow.
pub(crate) struct Runs {
    pub(crate) engine: Engine,
    pub(crate) vault: Vault,
}

/// How a run ended.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum End {
    /// What it came to, as [`Outcome::to_json`] gives it.
    Outcome(Envelope<Value>),
    Cancelled,
    /// It cannot go on here; the report, or why.
    Parked(Envelope<Value>),
}

#[restate_sdk::workflow(name = "FlowrightRun")]
impl Runs {
    /// Runs it to its end.
    #[handler]
    async fn run(
        &self,
        ctx: WorkflowContext<'_>,
        Json(submission): Json<Envelope<Submission>>,
    ) -> Result<Json<End>, HandlerError> {
        ctx.set(SUBMISSION, Json(submission.clone()));
        let went = match caught(self.came_to(&ctx, submission)).await {
            Ok(went) => went,
            Err(panicked) => Err(Stopped::Over(panicked)),
        };
        let end = match went {
            Ok(end) => end,
            Err(Stopped::Locked(locked)) => return Err(locked.into()),
            Err(Stopped::Over(error)) if error.code() == CANCELLED => End::Cancelled,
            Err(Stopped::Over(error)) if matches!(error.code(), PANICKED | LOST) => {
                leave(&ctx).await;
                End::parked(&error.message())
            }
            Err(Stopped::Over(error)) => return Err(error.into()),
        };
        Ok(Json(end))
    }

    /// What was submitted, once it has begun.
    #[handler]
    async fn submission(
        &self,
        ctx: SharedWorkflowContext<'_>,
    ) -> Result<Json<Option<Envelope<Submission>>>, HandlerError> {
        Ok(Json(ctx.get::<Json<Envelope<Submission>>>(SUBMISSION).await?.map(|Json(submission)| submission)))
    }

    /// Cancels it, as the invocation of this id.
    #[handler]
    #[expect(clippy::unused_async, reason = "as the macro wants it")]
    async fn cancel(
        &self,
        ctx: SharedWorkflowContext<'_>,
        Json(invocation): Json<String>,
    ) -> Result<(), HandlerError> {
        ctx.invocation_handle(invocation).cancel();
        Ok(())
    }

    /// Waits until it has ended, as the invocation of this id, and forgets the events that were sent to it.
    #[handler]
    async fn outlast(
        &self,
        ctx: SharedWorkflowContext<'_>,
        Json(invocation): Json<String>,
    ) -> Result<(), HandlerError> {
        // However it ended.
        let _ = ctx.invocation_handle(invocation.clone()).attach::<Json<End>>().await;
        let forget = RequestTarget::object(INBOX, ctx.key(), "forget");
        ctx.request::<Json<String>, ()>(forget, Json(invocation)).send();
        Ok(())
    }
}

impl Runs {
    async fn came_to(
        &self,
        ctx: &WorkflowContext<'_>,
        submission: Envelope<Submission>,
    ) -> Result<End, Stopped> {
        let Runs { engine, vault } = self;
        let is_sealed = submission.is_sealed();
        let about = About::Outcome { run: ctx.key() };
        let parked = |why: Value| {
            let why = vault.enclose(is_sealed, &about, why)?;
            Ok(if fits(&why) { End::Parked(why) } else { End::parked(&too_large("the report")) })
        };
        let submission = vault.open(&About::Submission { run: ctx.key() }, submission)?;
        let workflow = match submission.checked(engine) {
            Ok(workflow) => workflow,
            Err(report) => return parked(report.to_json()),
        };
        let seal = Seal { vault, is_secret: is_sealed || workflow.has_secrets() };
        vault.can_enclose(seal.is_secret)?;
        let (asked, _) = mpsc::unbounded_channel();
        // Actions are called elsewhere, and so are their sub-steps.
        let hosts = Arc::new(Asks { run: ctx.key().to_owned(), engine: engine.clone(), asked });
        let event = Event::from(submission.event);
        let run = match engine.durable_run(&workflow, ctx.key(), event, hosts) {
            Ok(run) => run,
            Err(error) => return parked(error.to_string().into()),
        };
        let mut cluster = Cluster::new(ctx, engine, seal);
        let outcome: Outcome = run.drive(&mut cluster).await?;
        if cluster.waits_for_attempts() {
            leave(ctx).await;
        }
        let outcome = vault.enclose(seal.is_secret, &about, outcome.to_json())?;
        Ok(if fits(&outcome) {
            End::Outcome(outcome)
        } else {
            End::parked(&too_large("what the run came to"))
        })
    }
}

impl End {
    /// For a reason that holds no value of the run.
    fn parked(why: &impl ToString) -> Self {
        End::Parked(Envelope::Open(why.to_string().into()))
    }
}

/// Cancels the attempts that are under way: whoever is cancelled cancels what it waits for.
async fn leave(ctx: &WorkflowContext<'_>) {
    ctx.invocation_handle(ctx.invocation_id().to_owned()).cancel();
    let (_, nothing) = ctx.awakeable::<()>();
    drop(nothing.await);
}
