//! Sub-steps of an attempt: the action asks, and the handler of its invocation answers.

use flowright::runtime::{StepHost, StepHosts, idempotency_key};
use flowright::{ActionError, ActionResult, BoxFuture, Engine};
use futures_util::future::{Either, select};
use serde_json::Value;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// What an action asks of the handler of its invocation. Its context does not live as long as an action may, so that it is
/// spoken to from afar.
pub(crate) struct Asked {
    pub(crate) name: String,
    pub(crate) what: What,
    /// What is recorded of it, or why that cannot be known.
    pub(crate) answer: oneshot::Sender<ActionResult>,
}

pub(crate) enum What {
    /// Do some work, where it is not recorded what it came to.
    Run {
        go: oneshot::Sender<()>,
        came: oneshot::Receiver<ActionResult>,
    },
    Sleep(Duration),
    Wait {
        event: String,
        timeout: Option<Duration>,
    },
}

/// Asks for the sub-steps of one attempt.
pub(crate) struct Asks {
    pub(crate) run: String,
    pub(crate) engine: Engine,
    pub(crate) asked: mpsc::UnboundedSender<Asked>,
}

impl StepHosts for Asks {
    fn host(&self, action: &str) -> Arc<dyn StepHost> {
        let key = idempotency_key(&self.run, action);
        Arc::new(Host { key, engine: self.engine.clone(), asked: self.asked.clone() })
    }
}

struct Host {
    key: String,
    engine: Engine,
    asked: mpsc::UnboundedSender<Asked>,
}

impl Host {
    /// Asks, and gives where the answer will be.
    fn ask(&self, name: &str, what: What) -> oneshot::Receiver<ActionResult> {
        let (answer, answered) = oneshot::channel();
        // Where nobody listens any more, the attempt is over.
        drop(self.asked.send(Asked { name: name.to_owned(), what, answer }));
        answered
    }
}

async fn answer(answered: oneshot::Receiver<ActionResult>) -> ActionResult {
    match answered.await {
        Ok(answer) => answer,
        Err(_) => std::future::pending().await,
    }
}

/// What a sub-step's work came to, as it is recorded: `{ "ok": value }`, or `{ "error", "retryable" }`.
pub(crate) fn to_record(result: ActionResult) -> Value {
    match result {
        Ok(value) => serde_json::json!({ "ok": value }),
        Err(error) => serde_json::json!({ "error": error.to_string(), "retryable": error.is_retryable() }),
    }
}

/// Whether a record is of a sub-step that failed, which is not handed on to later attempts.
pub(crate) fn is_failure(record: &Value) -> bool {
    record.is_object() && record.get("error").is_some()
}

fn from_record(mut record: Value) -> ActionResult {
    if let Some(value) = record.get_mut("ok") {
        return Ok(value.take());
    }
    let message = record.get("error").and_then(Value::as_str).unwrap_or_default();
    if record.get("retryable") == Some(&Value::Bool(true)) {
        Err(ActionError::retryable(message))
    } else {
        Err(ActionError::fatal(message))
    }
}

impl StepHost for Host {
    fn run<'s>(&'s self, name: &'s str, work: BoxFuture<'s, ActionResult>) -> BoxFuture<'s, ActionResult> {
        Box::pin(async move {
            let ((go, may_go), (tell, came)) = (oneshot::channel(), oneshot::channel());
            let answered = self.ask(name, What::Run { go, came });
            let answered = pin!(answer(answered));
            match select(may_go, answered).await {
                Either::Left((Ok(()), answered)) => {
                    drop(tell.send(work.await));
                    from_record(answered.await?)
                }
                // It is recorded what it came to.
                Either::Left((Err(_), answered)) => from_record(answered.await?),
                Either::Right((record, _)) => from_record(record?),
            }
        })
    }

    fn sleep<'s>(&'s self, name: &'s str, duration: Duration) -> BoxFuture<'s, Result<(), ActionError>> {
        Box::pin(async move { answer(self.ask(name, What::Sleep(duration))).await.map(drop) })
    }

    fn wait_for_event<'s>(
        &'s self,
        name: &'s str,
        event: &'s str,
        timeout: Option<Duration>,
    ) -> BoxFuture<'s, Result<Option<Value>, ActionError>> {
        Box::pin(async move {
            self.engine.registry().knows_event(event).map_err(ActionError::fatal)?;
            let asked = self.ask(name, What::Wait { event: event.to_owned(), timeout });
            Ok(answer(asked).await?.as_array().and_then(|data| data.first().cloned()))
        })
    }

    fn idempotency_key(&self) -> &str {
        &self.key
    }
}
