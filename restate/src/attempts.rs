//! One invocation for each attempt at an action: it may be made on any machine, and goes on where it was left.

use crate::caught::caught;
use crate::course::{Course, Outcome};
use crate::decision::{Decision, Next, Pause};
use crate::inbox::Waiting;
use crate::message::{fits, too_large};
use crate::names::INBOX;
use crate::steps::Asks;
use crate::time::{AttemptTime, Phase};
use crate::vault::{About, Envelope, Vault};
use flowright::runtime::{Errand, ErrandRun, Returned};
use flowright::{ActionError, ActionResult, Engine};
use restate_sdk::context::{DurableFuture, RequestTarget};
use restate_sdk::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::pin::Pin;
use std::sync::Arc;
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
        let task = self.vault.open(&About::Request { run: &run, action: &action }, task)?;
        let (run, invocation, action) = (run.as_str(), invocation.as_str(), action.as_str());
        let place = Place { ctx: &ctx, run, invocation, action, is_secret, vault: &self.vault };
        Ok(Json(place.make(&self.engine, task).await?))
    }
}

/// Makes an attempt whose action asks for no sub-steps.
pub(crate) async fn make_alone(engine: &Engine, run: &str, errand: Errand) -> Outcome {
    let (asked, _) = mpsc::unbounded_channel();
    let asks = Asks { run: run.to_owned(), engine: engine.clone(), asked };
    match engine.errand(errand, run, Arc::new(asks)) {
        Ok(attempt) => caught(attempt.outcome()).await,
        Err(error) => Ok(Returned::refused(error)),
    }
}

/// What a pause comes to.
enum Paused {
    /// What the action is told.
    Told(ActionResult),
    /// The action went on without it.
    GivenUp,
    /// The time of the attempt is over; or else this is what the action is told.
    Late(Value),
}

/// What ends a pause.
enum First {
    Time,
    Event(Envelope<Value>),
    GivenUp,
}

type Durable<'c> = Pin<Box<dyn DurableFuture<Output = Result<First, TerminalError>> + Send + 'c>>;

/// Where an attempt is made. Whoever has not the key that it is sealed by leaves it to others.
#[derive(Clone, Copy)]
struct Place<'a> {
    ctx: &'a Context<'a>,
    run: &'a str,
    /// The run as an invocation.
    invocation: &'a str,
    action: &'a str,
    is_secret: bool,
    vault: &'a Vault,
}

impl Place<'_> {
    async fn make(self, engine: &Engine, task: Task) -> Result<Envelope<AttemptResponse>, HandlerError> {
        let Task { errand, steps } = task;
        let (asked, asking) = mpsc::unbounded_channel();
        let asks = Asks { run: self.run.to_owned(), engine: engine.clone(), asked };
        let attempt = engine.errand(errand, self.run, Arc::new(asks));
        let time = AttemptTime::new(attempt.as_ref().ok().and_then(ErrandRun::timeout));
        let outcome = async {
            match attempt {
                Ok(attempt) => caught(attempt.outcome_until(time.over())).await,
                Err(error) => Ok(Returned::refused(error)),
            }
        };
        let mut course = Course::new(outcome, asking, steps, &time);
        for number in 1_u32.. {
            let Decision { over_at, next } = self.decision(number, &mut course, &time).await?;
            time.resume(over_at);
            let (step, pause, event) = match next {
                Next::End(returned) => return self.response(returned, course.into_steps()),
                Next::Did { step, record } => {
                    course.tell(step, Ok(record));
                    continue;
                }
                Next::Sleep { step, pause } => (step, pause, None),
                Next::Wait { step, pause, event } => (step, pause, Some(event)),
            };
            time.enter(Phase::Pauses);
            let paused = match event {
                None => self.sleep(&mut course, pause).await?,
                Some(event) => self.wait(&mut course, &step, event, pause).await?,
            };
            time.enter(Phase::Works);
            match paused {
                Paused::Told(record) => course.tell(step, record),
                Paused::GivenUp => course.give_up(),
                // Without a limit, which this version may no longer have, it goes on.
                Paused::Late(record) if !time.has_limit() => course.tell(step, Ok(record)),
                Paused::Late(_) => time.enter(Phase::Over),
            }
        }
        Err(TerminalError::new("the attempt has too many sub-steps").into())
    }

    /// What is decided next, by this process or one before it.
    async fn decision(
        self,
        number: u32,
        course: &mut Course<'_>,
        time: &AttemptTime,
    ) -> Result<Decision, HandlerError> {
        let about = About::Decision { run: self.run, action: self.action, number };
        let decide = move || async move {
            let next = course.next().await?;
            let decision = Decision { over_at: time.over_at(), next };
            Ok(Json(decision.enclose(self.vault, self.is_secret, &about)?))
        };
        let Json(decision) = self.ctx.run(decide).name(self.action).await?;
        Ok(self.vault.open(&about, decision)?)
    }

    async fn sleep(self, course: &mut Course<'_>, pause: Pause) -> Result<Paused, TerminalError> {
        Ok(match self.first(course, None, pause).await? {
            First::GivenUp => Paused::GivenUp,
            _ if pause.is_last => Paused::Late(Value::Null),
            _ => Paused::Told(Ok(Value::Null)),
        })
    }

    async fn wait(
        self,
        course: &mut Course<'_>,
        step: &str,
        event: String,
        pause: Pause,
    ) -> Result<Paused, TerminalError> {
        let (awakeable, arrival) = self.ctx.awakeable::<Json<Envelope<Value>>>();
        let wait = format!("{}/{}/{step}", self.action.len(), self.action);
        let waiting = Waiting { wait, event, awakeable, invocation: self.invocation.to_owned() };
        let target = |handler: &str| RequestTarget::object(INBOX, self.run, handler);
        let ask = |handler: &str| {
            let asked = Json(waiting.clone());
            self.ctx.request::<Json<Waiting>, Json<Vec<Envelope<Value>>>>(target(handler), asked).call()
        };
        let release =
            || self.ctx.request::<Json<Waiting>, ()>(target("release"), Json(waiting.clone())).send();
        let Json(mut data) = ask("take").await?;
        if data.is_empty() {
            let arrival = Box::pin(arrival.map_ok(|Json(data)| First::Event(data)));
            match self.first(course, Some(arrival), pause).await? {
                First::Event(came) => data.push(came),
                First::GivenUp => {
                    drop(release());
                    return Ok(Paused::GivenUp);
                }
                First::Time if pause.is_last => {
                    drop(release());
                    return Ok(Paused::Late(Value::Array(Vec::new())));
                }
                First::Time => data = ask("leave").await?.0,
            }
        }
        let about = About::Event { run: self.run, name: &waiting.event };
        let opened = data.into_iter().map(|data| self.vault.open(&about, data));
        let opened = opened.collect::<Result<_, _>>().map(Value::Array);
        Ok(Paused::Told(opened.map_err(ActionError::fatal)))
    }

    /// What ends a pause. That the action has given it up the cluster is told by a promise of its own, which is kept after
    /// each pause, however that ended: whoever resumes the attempt cannot know how before.
    async fn first(
        self,
        course: &mut Course<'_>,
        arrival: Option<Durable<'_>>,
        pause: Pause,
    ) -> Result<First, TerminalError> {
        let (promise, given_up) = self.ctx.awakeable::<()>();
        let mut all = DurableFuturesUnordered::<Durable<'_>>::new();
        all.push(Box::pin(given_up.map_ok(|()| First::GivenUp)));
        if let Some(arrival) = arrival {
            all.push(arrival);
        }
        if let Some(at_most) = pause.at_most {
            all.push(Box::pin(self.ctx.sleep(at_most).map_ok(|()| First::Time)));
        }
        let came = course.paused(all.next()).await;
        self.ctx.resolve_awakeable(&promise, ());
        let first = match came {
            Some(first) => first,
            None => all.next().await,
        };
        let (_, first) = first?.ok_or_else(|| TerminalError::new("a pause has an end"))?;
        first
    }

    /// What is answered.
    fn response(
        self,
        returned: Returned,
        steps: Map<String, Value>,
    ) -> Result<Envelope<AttemptResponse>, HandlerError> {
        let about = About::Response { run: self.run, action: self.action };
        let response = self.vault.enclose(self.is_secret, &about, AttemptResponse { returned, steps })?;
        if fits(&response) {
            return Ok(response);
        }
        let returned = Returned::beyond_limit(too_large("the output with what sub-steps came to"));
        Ok(Envelope::Open(AttemptResponse { returned, steps: Map::new() }))
    }
}
