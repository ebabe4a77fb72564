//! One invocation for each attempt at an action: it may be made on any machine, and goes on where it was left.

use crate::caught::caught;
use crate::inbox::Waiting;
use crate::message::{fits, too_large};
use crate::names::INBOX;
use crate::steps::{Asked, Asks, What, to_record};
use crate::time::counted;
use crate::vault::{About, Envelope, Locked, Vault};
use flowright::runtime::{Errand, Returned};
use flowright::{ActionError, Engine};
use futures_util::future::{Either, select};
use restate_sdk::context::RequestTarget;
use restate_sdk::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::mpsc;

/// What is asked of an invocation.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AttemptRequest {
    pub(crate) run: String,
    /// The run as an invocation.
    pub(crate) invocation: String,
    pub(crate) action: String,
    pub(crate) task: Envelope<Task>,
}

/// What is to be done.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Task {
    pub(crate) errand: Errand,
    /// What is recorded of sub-steps in earlier attempts.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub(crate) steps: Map<String, Value>,
}

/// What came of it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AttemptResponse {
    pub(crate) returned: Returned,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub(crate) steps: Map<String, Value>,
}

impl AttemptResponse {
    /// An attempt that could not be made.
    pub(crate) fn refused(locked: Locked) -> Self {
        AttemptResponse { returned: Returned::refused(ActionError::fatal(locked)), steps: Map::new() }
    }
}

/// The service.
pub(crate) struct Attempts {
    pub(crate) engine: Engine,
    pub(crate) vault: Vault,
}

#[restate_sdk::service(name = "FlowrightAttempt")]
impl Attempts {
    #[handler]
    async fn make(
        &self,
        ctx: Context<'_>,
        Json(request): Json<AttemptRequest>,
    ) -> Result<Json<Envelope<AttemptResponse>>, HandlerError> {
        let AttemptRequest { run, invocation, action, task } = request;
        let is_secret = task.is_sealed();
        let response = match self.vault.open(&About::Request { run: &run, action: &action }, task) {
            Ok(task) => {
                let place = Place {
                    run: &run,
                    invocation: &invocation,
                    action: &action,
                    is_secret,
                    vault: &self.vault,
                };
                make(&self.engine, &ctx, place, task).await?
            }
            Err(locked) => Envelope::Open(AttemptResponse::refused(locked)),
        };
        Ok(Json(response))
    }
}

/// Where an attempt is made.
#[derive(Clone, Copy)]
struct Place<'a> {
    run: &'a str,
    invocation: &'a str,
    action: &'a str,
    is_secret: bool,
    vault: &'a Vault,
}

impl Place<'_> {
    /// What is answered.
    fn response(self, returned: Returned, steps: Map<String, Value>) -> Envelope<AttemptResponse> {
        let about = About::Response { run: self.run, action: self.action };
        match self.vault.enclose(self.is_secret, &about, AttemptResponse { returned, steps }) {
            Ok(response) if fits(&response) => response,
            Ok(_) => {
                let message = too_large("the output with what sub-steps came to");
                let returned = Returned::beyond_limit(message);
                Envelope::Open(AttemptResponse { returned, steps: Map::new() })
            }
            Err(locked) => Envelope::Open(AttemptResponse::refused(locked)),
        }
    }
}

/// Makes an attempt whose action asks for no sub-steps.
pub(crate) async fn make_alone(
    engine: &Engine,
    run: &str,
    errand: Errand,
) -> Result<Returned, TerminalError> {
    let (asked, _) = mpsc::unbounded_channel();
    let asks = Asks { run: run.to_owned(), engine: engine.clone(), asked };
    match engine.errand(errand, run, Arc::new(asks)) {
        Ok(attempt) => caught(attempt.outcome()).await,
        Err(error) => Ok(Returned::refused(error)),
    }
}

async fn make(
    engine: &Engine,
    ctx: &Context<'_>,
    place: Place<'_>,
    task: Task,
) -> Result<Envelope<AttemptResponse>, TerminalError> {
    let Task { errand, mut steps } = task;
    let run = place.run;
    if !errand.has_steps {
        let alone = move || async move {
            let returned = make_alone(engine, run, errand).await?;
            Ok(Json(place.response(returned, steps)))
        };
        let Json(response) = ctx.run(alone).name(place.action).await?;
        return Ok(response);
    }
    let (asked, mut asking) = mpsc::unbounded_channel();
    let asks = Asks { run: run.to_owned(), engine: engine.clone(), asked };
    let attempt = match engine.errand(errand, run, Arc::new(asks)) {
        Ok(attempt) => attempt,
        Err(error) => return Ok(place.response(Returned::refused(error), steps)),
    };
    let is_asked = AtomicBool::new(false);
    let returned = {
        let outcome = pin!(caught(attempt.outcome()));
        let answering = pin!(async {
            while let Some(asked) = asking.recv().await {
                is_asked.store(true, Ordering::Relaxed);
                answer(ctx, place, asked, &mut steps).await?;
                is_asked.store(false, Ordering::Relaxed);
            }
            // The action asks no more, and is waited for.
            std::future::pending::<Result<(), TerminalError>>().await
        });
        match select(outcome, answering).await {
            Either::Left((returned, _)) => returned?,
            Either::Right((Err(error), _)) => return Err(error),
            Either::Right((Ok(()), outcome)) => outcome.await?,
        }
    };
    // What was asked and not answered is waited for when the attempt is resumed, so nothing may be recorded behind it.
    if is_asked.load(Ordering::Relaxed) {
        return Ok(place.response(returned, steps));
    }
    // Called again, the action may come to something else, and the cluster takes no other answer than the one it has.
    let response = place.response(returned, steps);
    let Json(response) = ctx.run(move || async move { Ok(Json(response)) }).name("outcome").await?;
    Ok(response)
}

/// Answers what the action asks: with what is recorded, or with what it comes to.
async fn answer(
    ctx: &Context<'_>,
    place: Place<'_>,
    asked: Asked,
    steps: &mut Map<String, Value>,
) -> Result<(), TerminalError> {
    let Place { run, invocation, action, is_secret, vault } = place;
    let Asked { name, what, answer } = asked;
    if let Some(recorded) = steps.get(&name) {
        drop(answer.send(Ok(recorded.clone())));
        return Ok(());
    }
    let record = match what {
        What::Run { go, came } => {
            let about = About::Step { run, action, name: &name };
            let work = || async move {
                // Where it asks no more, the attempt is over.
                let _ = go.send(());
                let came = came.await.unwrap_or_else(|_| Err(ActionError::retryable("it was given up")));
                let record = vault.enclose(is_secret, &about, to_record(came));
                let mut record = record.map_err(|locked| TerminalError::new(locked.to_string()))?;
                if !fits(&record) {
                    let refused = ActionError::fatal(too_large("what the sub-step came to"));
                    record = Envelope::Open(to_record(Err(refused)));
                }
                Ok(Json(record))
            };
            let Json(record) = ctx.run(work).name(name.as_str()).await?;
            vault.open(&about, record)
        }
        What::Sleep(duration) => {
            ctx.sleep(counted(duration)).await?;
            Ok(Value::Null)
        }
        What::Wait { event, timeout } => {
            let (awakeable, arrival) = ctx.awakeable::<Json<Envelope<Value>>>();
            let (wait, invocation) = (format!("{action}/{name}"), invocation.to_owned());
            let waiting = Waiting { wait, event, awakeable, invocation };
            let about = About::Event { run, name: &waiting.event };
            let ask = |handler: &str| {
                let target = RequestTarget::object(INBOX, run, handler);
                ctx.request::<Json<Waiting>, Json<Vec<Envelope<Value>>>>(target, Json(waiting.clone())).call()
            };
            let Json(mut data) = ask("take").await?;
            if data.is_empty() {
                match timeout {
                    None => data.push(arrival.await?.0),
                    Some(timeout) => {
                        let came = restate_sdk::select! {
                            came = arrival => Some(came?.0),
                            _ = ctx.sleep(counted(timeout)) => None,
                        };
                        match came {
                            Some(came) => data.push(came),
                            None => data = ask("leave").await?.0,
                        }
                    }
                }
            }
            let opened = data.into_iter().map(|data| vault.open(&about, data));
            opened.collect::<Result<_, _>>().map(Value::Array)
        }
    };
    // A failure is not recorded for later attempts.
    if let Ok(record) = &record
        && (record.get("error").is_none() || !record.is_object())
    {
        steps.insert(name, record.clone());
    }
    drop(answer.send(record.map_err(ActionError::fatal)));
    Ok(())
}
