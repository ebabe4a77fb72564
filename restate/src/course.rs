//! The course of an attempt: what its action asks for, one thing after another, until it is over.

use crate::decision::{Next, Pause};
use crate::steps::{Asked, What, is_failure, to_record};
use crate::time::AttemptTime;
use flowright::runtime::Returned;
use flowright::{ActionResult, BoxFuture};
use futures_util::future::{Either, select};
use restate_sdk::errors::TerminalError;
use serde_json::{Map, Value};
use std::future::pending;
use std::pin::pin;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::oneshot;

/// What an attempt comes to, or that it panicked.
pub(crate) type Outcome = Result<Returned, TerminalError>;

/// An attempt under way.
pub(crate) struct Course<'a> {
    outcome: BoxFuture<'a, Outcome>,
    asking: UnboundedReceiver<Asked>,
    /// What the last decision is about.
    asked: Option<(String, oneshot::Sender<ActionResult>)>,
    /// What is recorded of sub-steps that had an end.
    steps: Map<String, Value>,
    /// What is recorded of others, and was not asked for yet.
    failures: Vec<(String, ActionResult)>,
    time: &'a AttemptTime,
}

impl<'a> Course<'a> {
    pub(crate) fn new(
        outcome: impl Future<Output = Outcome> + Send + 'a,
        asking: UnboundedReceiver<Asked>,
        steps: Map<String, Value>,
        time: &'a AttemptTime,
    ) -> Self {
        Course { outcome: Box::pin(outcome), asking, asked: None, steps, failures: Vec::new(), time }
    }

    /// What the attempt does next that is not recorded yet.
    pub(crate) async fn next(&mut self) -> Result<Next, TerminalError> {
        loop {
            let asking = &mut self.asking;
            let asked = async {
                match asking.recv().await {
                    Some(asked) => asked,
                    None => pending().await,
                }
            };
            let Asked { name: step, what, answer } = match beside(&mut self.outcome, asked).await {
                Ok(asked) => asked,
                Err(outcome) => return outcome.map(Next::End),
            };
            if let Some(known) = self.known(&step) {
                drop(answer.send(known));
                continue;
            }
            let next = match what {
                What::Run { go, came } => {
                    // What is given up is asked for no more.
                    let _ = go.send(());
                    match beside(&mut self.outcome, came).await {
                        Ok(Ok(came)) => Next::Did { step: step.clone(), record: to_record(came) },
                        Ok(Err(_)) => continue,
                        Err(outcome) => return outcome.map(Next::End),
                    }
                }
                _ if answer.is_closed() => continue,
                What::Sleep(duration) => {
                    Next::Sleep { step: step.clone(), pause: Pause::of(Some(duration), self.time.left()) }
                }
                What::Wait { event, timeout } => {
                    Next::Wait { step: step.clone(), event, pause: Pause::of(timeout, self.time.left()) }
                }
            };
            self.asked = Some((step, answer));
            return Ok(next);
        }
    }

    fn known(&mut self, step: &str) -> Option<ActionResult> {
        if let Some(record) = self.steps.get(step) {
            return Some(Ok(record.clone()));
        }
        let at = self.failures.iter().position(|(name, _)| name == step)?;
        Some(self.failures.remove(at).1)
    }

    /// Tells the action what a sub-step came to, now or when it asks for that.
    pub(crate) fn tell(&mut self, step: String, record: ActionResult) {
        let is_kept = record.as_ref().is_ok_and(|record| !is_failure(record));
        if let (true, Ok(record)) = (is_kept, &record) {
            self.steps.insert(step.clone(), record.clone());
        }
        match self.asked.take() {
            Some((_, answer)) => drop(answer.send(record)),
            None if !is_kept => self.failures.push((step, record)),
            None => {}
        }
    }

    /// What comes while the attempt goes on; or what the attempt came to before.
    pub(crate) async fn beside<T>(&mut self, other: impl Future<Output = T>) -> Result<T, Outcome> {
        beside(&mut self.outcome, other).await
    }

    /// What is recorded of sub-steps, for later attempts.
    pub(crate) fn into_steps(self) -> Map<String, Value> {
        self.steps
    }
}

async fn beside<T>(
    outcome: &mut BoxFuture<'_, Outcome>,
    other: impl Future<Output = T>,
) -> Result<T, Outcome> {
    match select(outcome, pin!(other)).await {
        Either::Left((outcome, _)) => Err(outcome),
        Either::Right((came, _)) => Ok(came),
    }
}
