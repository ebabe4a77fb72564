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
    /// What it came to that is not recorded yet.
    ended: Option<Outcome>,
    asking: UnboundedReceiver<Asked>,
    /// What was asked that nothing is decided about yet.
    open: Option<Asked>,
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
        let outcome: BoxFuture<'a, Outcome> = Box::pin(outcome);
        Course { outcome, ended: None, asking, open: None, asked: None, steps, failures: Vec::new(), time }
    }

    /// What the attempt does next that is not recorded yet.
    pub(crate) async fn next(&mut self) -> Result<Next, TerminalError> {
        loop {
            let Some(Asked { name: step, what, answer }) = self.moves().await else {
                return self.end().await.map(Next::End);
            };
            if let Some(known) = self.known(&step) {
                drop(answer.send(known));
                continue;
            }
            let next = match what {
                What::Run { go, mut came } => {
                    // What is given up is asked for no more.
                    let _ = go.send(());
                    let came = match select(&mut came, &mut self.outcome).await {
                        Either::Left((came, _)) => came.ok(),
                        Either::Right((outcome, came)) => {
                            self.ended = Some(outcome);
                            came.try_recv().ok()
                        }
                    };
                    let Some(came) = came else { continue };
                    Next::Did { step: step.clone(), record: to_record(came) }
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

    /// What the action asks; `None` where it has ended.
    async fn moves(&mut self) -> Option<Asked> {
        if self.ended.is_some() || self.open.is_some() {
            return self.open.take();
        }
        let asking = &mut self.asking;
        let asked = async {
            match asking.recv().await {
                Some(asked) => asked,
                None => pending().await,
            }
        };
        match select(pin!(asked), &mut self.outcome).await {
            Either::Left((asked, _)) => Some(asked),
            Either::Right((outcome, _)) => {
                self.ended = Some(outcome);
                None
            }
        }
    }

    async fn end(&mut self) -> Outcome {
        match self.ended.take() {
            Some(outcome) => outcome,
            None => (&mut self.outcome).await,
        }
    }

    /// What something comes to while the action waits for it; `None` where the action went on before.
    pub(crate) async fn paused<T>(&mut self, pause: impl Future<Output = T>) -> Option<T> {
        let came = match select(pin!(pause), pin!(self.moves())).await {
            Either::Left((came, _)) => Ok(came),
            Either::Right((asked, _)) => Err(asked),
        };
        came.map_err(|asked| self.open = asked).ok()
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

    /// The last decision was about something that the action asks for no more.
    pub(crate) fn give_up(&mut self) {
        self.asked = None;
    }

    /// What is recorded of sub-steps, for later attempts.
    pub(crate) fn into_steps(self) -> Map<String, Value> {
        self.steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::mpsc::unbounded_channel;

    #[tokio::test]
    async fn work_that_ends_together_with_its_attempt_is_recorded_before_that() {
        let (asked, asking) = unbounded_channel();
        let outcome = async {
            let ((go, may_go), (tell, came)) = (oneshot::channel(), oneshot::channel());
            let (answer, _) = oneshot::channel();
            drop(asked.send(Asked { name: "work".to_owned(), what: What::Run { go, came }, answer }));
            may_go.await.expect("it may");
            drop(tell.send(Ok(1.into())));
            Ok(Returned::beyond_limit("too slow"))
        };
        let time = AttemptTime::new(None);
        let mut course = Course::new(outcome, asking, Map::new(), &time);
        let Ok(Next::Did { step, record }) = course.next().await else { panic!("it did something") };
        course.tell(step, Ok(record));
        assert!(matches!(course.next().await, Ok(Next::End(_))));
        assert_eq!(Value::Object(course.into_steps()), serde_json::json!({ "work": { "ok": 1 } }));
    }
}
