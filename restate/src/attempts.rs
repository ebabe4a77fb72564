//! One invocation for each attempt at an action: it may be made on any machine, and goes on where it was left.

use crate::caught::caught;
use crate::inbox::Waiting;
use crate::message::{fits, too_large};
use crate::names::INBOX;
use crate::steps::{Asked, Asks, What, to_record};
use crate::time::counted;
use flowright::runtime::{Errand, Returned};
use flowright::{ActionError, Engine};
use futures_util::future::{Either, select};
use restate_sdk::context::RequestTarget;
use restate_sdk::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::pin::pin;
use std::sync::Arc;
use tokio::sync::mpsc;

/// What is asked of an invocation.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AttemptRequest {
    pub(crate) run: String,
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

/// The service.
pub(crate) struct Attempts {
    pub(crate) engine: Engine,
}

#[restate_sdk::service(name = "FlowrightAttempt")]
impl Attempts {
    #[handler]
    async fn make(
        &self,
        ctx: Context<'_>,
        Json(request): Json<AttemptRequest>,
    ) -> Result<Json<AttemptResponse>, HandlerError> {
        let AttemptRequest { run, errand, steps } = request;
        Ok(Json(make(&self.engine, &ctx, run, errand, steps).await?))
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
        Ok(attempt) => {
            let returned = caught(attempt.outcome()).await?;
            Ok(if fits(&returned) { returned } else { Returned::beyond_limit(too_large("the output")) })
        }
        Err(error) => Ok(Returned::refused(error)),
    }
}

async fn make(
    engine: &Engine,
    ctx: &Context<'_>,
    run: String,
    errand: Errand,
    mut steps: Map<String, Value>,
) -> Result<AttemptResponse, TerminalError> {
    if !errand.has_steps {
        let returned = make_alone(engine, &run, errand).await?;
        return Ok(AttemptResponse { returned, steps });
    }
    let (asked, mut asking) = mpsc::unbounded_channel();
    let asks = Asks { run: run.clone(), engine: engine.clone(), asked };
    let action = errand.action.clone();
    let attempt = match engine.errand(errand, &run, Arc::new(asks)) {
        Ok(attempt) => attempt,
        Err(error) => return Ok(AttemptResponse { returned: Returned::refused(error), steps }),
    };
    let returned = {
        let outcome = pin!(caught(attempt.outcome()));
        let answering = pin!(async {
            while let Some(asked) = asking.recv().await {
                answer(ctx, &run, &action, asked, &mut steps).await?;
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
    let response = AttemptResponse { returned, steps };
    if fits(&response) {
        return Ok(response);
    }
    let message = too_large("the output with what sub-steps came to");
    Ok(AttemptResponse { returned: Returned::beyond_limit(message), steps: Map::new() })
}

/// Answers what the action asks: with what is recorded, or with what it comes to.
async fn answer(
    ctx: &Context<'_>,
    run: &str,
    action: &str,
    asked: Asked,
    steps: &mut Map<String, Value>,
) -> Result<(), TerminalError> {
    let Asked { name, what, answer } = asked;
    if let Some(recorded) = steps.get(&name) {
        drop(answer.send(recorded.clone()));
        return Ok(());
    }
    let record = match what {
        What::Run { go, came } => {
            let work = move || async move {
                // Where it asks no more, the attempt is over.
                let _ = go.send(());
                let came = came.await.map_err(|_| TerminalError::new("the attempt is over"))?;
                let record = to_record(came);
                if fits(&record) {
                    return Ok(Json(record));
                }
                let refused = ActionError::fatal(too_large("what the sub-step came to"));
                Ok(Json(to_record(Err(refused))))
            };
            let Json(record) = ctx.run(work).name(name.as_str()).await?;
            record
        }
        What::Sleep(duration) => {
            ctx.sleep(counted(duration)).await?;
            Value::Null
        }
        What::Wait { event, timeout } => {
            let (awakeable, arrival) = ctx.awakeable::<Json<Value>>();
            let waiting = Waiting { wait: format!("{action}/{name}"), event, awakeable };
            let ask = |handler: &str| {
                let target = RequestTarget::object(INBOX, run, handler);
                ctx.request::<Json<Waiting>, Json<Vec<Value>>>(target, Json(waiting.clone())).call()
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
            Value::Array(data)
        }
    };
    // A failure is not recorded for later attempts.
    if record.get("error").is_none() || !record.is_object() {
        steps.insert(name, record.clone());
    }
    drop(answer.send(record));
    Ok(())
}
