//! An attempt at an action that is made in another process than the one that drives the run.

use super::attempt::{End, Ended, time_of, within_policy};
use super::budget::deep;
use super::drive::Run;
use super::failure::Cause;
use super::inputs;
use super::masked;
use super::size::{dismantle, size};
use crate::action::handler::{BoxFuture, Call};
use crate::action::host::{ActionFacts, Host, RunFacts};
use crate::action::{ActionCall, ActionError, ActionResult, Handler};
use crate::engine::Engine;
use crate::event::Event;
use crate::plan::Work;
use crate::registry::Registered;
use crate::step::StepHosts;
use crate::template::{Input, State, Template};
use crate::view::View;
use crate::workflow::Workflow;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tracing::{Instrument, debug_span};

/// An attempt at an action, for another process to make: `{ "action", "kind", "attempt", "inputs": { <name>: value } }`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Errand {
    /// The id of the action in the document.
    pub action: String,
    /// Its kind.
    pub kind: String,
    /// Which attempt it is; the first is 1.
    pub attempt: u32,
    /// The values of its inputs, by their names.
    pub inputs: Map<String, Value>,
    /// The event that started the run and the document, where the action may ask for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<ErrandContext>,
    /// Whether the action may ask for sub-steps.
    #[serde(default)]
    pub has_steps: bool,
    /// Whether the action ends as soon as it is called; not told to another process.
    #[serde(skip)]
    pub ends_at_once: bool,
}

/// What an action may ask of the run that it is part of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ErrandContext {
    /// The event that started the run.
    pub event: Value,
    /// The document.
    pub document: String,
}

/// What becomes of an attempt that another process is to make.
pub enum HandedOver {
    /// It ended without that.
    Ended(Ended),
    /// It is to be made.
    Errand(Errand),
}

/// What an attempt came to that another process made: `{ "output": value }`, or `{ "error": { "message", "retryable" },
/// "again_after_ms"? }`.
#[derive(Debug, Serialize, Deserialize)]
pub struct Returned {
    #[serde(flatten)]
    end: ReturnedEnd,
    /// How long until the next attempt, where one follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    again_after_ms: Option<u64>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ReturnedEnd {
    Output(Value),
    Error(ReturnedError),
    /// The output is nested too deep to be returned.
    TooDeep(bool),
    /// There is too much of something, and of what.
    Limit(String),
}

#[derive(Debug, Serialize, Deserialize)]
struct ReturnedError {
    message: String,
    retryable: bool,
    /// The input that was refused, and the place inside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    input: Option<(String, String)>,
}

impl Returned {
    /// An attempt that could not be made.
    pub fn refused(error: ActionError) -> Self {
        Self::new(Err(error), None)
    }

    /// An attempt that has too much of something for whoever keeps it; the message says of what.
    pub fn beyond_limit(message: impl Into<String>) -> Self {
        Returned { end: ReturnedEnd::Limit(message.into()), again_after_ms: None }
    }

    fn new(result: ActionResult, again_after: Option<Duration>) -> Self {
        let again_after_ms = again_after.map(|pause| u64::try_from(pause.as_millis()).unwrap_or(u64::MAX));
        let end = match result {
            Ok(output) if size(&output).is_ok() => ReturnedEnd::Output(output),
            Ok(output) => {
                dismantle(output);
                ReturnedEnd::TooDeep(true)
            }
            Err(error) => {
                let input = error.as_input_fault();
                let input = input.map(|(name, pointer, _)| (name.to_owned(), pointer.to_owned()));
                let (message, retryable) = (error.text().to_owned(), error.is_retryable());
                ReturnedEnd::Error(ReturnedError { message, retryable, input })
            }
        };
        Returned { end, again_after_ms }
    }

    /// The end of the action's attempt, for the loop to say what comes of it.
    pub fn into_ended(self, action: usize) -> Ended {
        let result = match self.end {
            ReturnedEnd::Output(output) => Ok(output),
            ReturnedEnd::TooDeep(_) => Err(Cause::Limit { message: deep("the output") }),
            ReturnedEnd::Limit(message) => Err(Cause::Limit { message }),
            ReturnedEnd::Error(ReturnedError { message, retryable, input }) => {
                let error = match input {
                    Some((name, pointer)) => ActionError::input(&name, pointer, message),
                    None if retryable => ActionError::retryable(message),
                    None => ActionError::fatal(message),
                };
                Err(inputs::refused(action, error))
            }
        };
        Ended(End::Returned(result.map_err(Box::new), self.again_after_ms.map(Duration::from_millis)))
    }
}

impl Run<'_> {
    /// What another process has to do; or how the attempt ended without that.
    pub(super) fn errand(&self, action: usize, attempt: u32) -> Result<Errand, Result<Value, Box<Cause>>> {
        let (planned, registered) = self.planned(action);
        let state = &self.machine.state;
        self.budget.allow(action, &planned.work, state).map_err(Err)?;
        let (given, checks) = match &planned.work {
            Work::If(condition) => {
                let limits = self.workflow.registry().limits();
                let result = condition.evaluate(self.workflow.plan(), action, state, limits);
                return Err(result.map(|result| json!({ "result": result })).map_err(Box::new));
            }
            Work::Call { inputs, checks } => (inputs, checks),
        };
        inputs::check(self.workflow.plan(), action, registered, given, checks, state)
            .map_err(|fault| Err(Box::new(Cause::Input(*fault))))?;
        let mut inputs = Map::new();
        for (input, given) in registered.inputs.iter().zip(given) {
            let value =
                given.template.as_ref().map_or(Ok(None), |template| View::of(template, state).to_value());
            match value {
                Ok(Some(value)) => drop(inputs.insert(input.name.to_string(), value)),
                Ok(None) => {}
                Err(error) => {
                    let refused = ActionError::input(&input.name, String::new(), error.to_string());
                    return Err(Err(Box::new(inputs::refused(action, refused))));
                }
            }
        }
        let handler = self.engine.in_place_of(planned.kind).unwrap_or(registered.definition.handler());
        let borrows = registered.definition.borrows(handler);
        let context = borrows.context.then(|| ErrandContext {
            event: Value::clone(&self.facts.event),
            document: self.facts.workflow.to_string(),
        });
        Ok(Errand {
            action: planned.id.to_string(),
            kind: registered.kind().to_owned(),
            attempt,
            inputs,
            context,
            has_steps: borrows.step,
            ends_at_once: matches!(handler, Handler::Sync(_)),
        })
    }
}

/// An attempt that this process makes for another; made by [`Engine::errand`].
pub struct ErrandRun {
    engine: Engine,
    position: usize,
    errand: Errand,
    given: Box<[Input]>,
    facts: RunFacts,
}

impl ErrandRun {
    /// The attempt, where the engine has such an action; a fatal error where it does not.
    pub(crate) fn new(
        engine: &Engine,
        errand: Errand,
        run: &str,
        steps: Arc<dyn StepHosts>,
    ) -> Result<Self, ActionError> {
        let position = engine.registry().position(&errand.kind).ok_or_else(|| {
            ActionError::fatal(format_args!(
                "there is no action of the kind `{}` here",
                errand.kind.escape_debug()
            ))
        })?;
        let registered = engine.registry().registered(position);
        let mut given: Vec<Input> = registered
            .inputs
            .iter()
            .map(|input| Input {
                template: None,
                default: input.default.clone(),
                null_is_absent: input.null_is_absent(),
            })
            .collect();
        for (name, value) in &errand.inputs {
            let at = registered.input(name).ok_or_else(|| {
                let kind = errand.kind.escape_debug();
                ActionError::fatal(format_args!("`{kind}` takes no input `{}` here", name.escape_debug()))
            })?;
            given[at].template = Some(Template::Literal(value.clone()));
        }
        let given = given.into();
        let (event, document) = match &errand.context {
            Some(context) => (context.event.clone(), context.document.as_str()),
            None => (Value::Null, r#"{ "actions": [], "edges": [] }"#),
        };
        let workflow = Workflow::parse(document)
            .map_err(|_| ActionError::fatal("the document of the run cannot be read"))?;
        let facts = RunFacts {
            run_id: run.into(),
            event: Arc::new(Event::from(event).into_value()),
            workflow,
            clock: engine.clock().clone(),
            steps,
        };
        Ok(ErrandRun { engine: engine.clone(), position, errand, given, facts })
    }

    /// How long it may take, where there is a limit.
    pub fn timeout(&self) -> Option<Duration> {
        self.engine.policy_of(self.position).attempt_timeout()
    }

    /// Makes the attempt.
    pub async fn outcome(&self) -> Returned {
        self.outcome_until(time_of(&self.engine, self.position, &self.facts.clock, None)).await
    }

    /// Makes the attempt, by another clock than the engine's: where it has a [limit](Self::timeout), the attempt is stopped
    /// when `over` ends, which is first asked when the attempt's time begins.
    pub async fn outcome_until(&self, over: impl Future<Output = ()> + Send) -> Returned {
        let Errand { action, kind, attempt, .. } = &self.errand;
        let span = debug_span!("attempt", id = action, kind, attempt, run = &*self.facts.run_id);
        let result = self.result(over).instrument(span).await;
        let result = result.map_err(|error| {
            masked::error(
                error,
                self.registered(),
                &self.given,
                &State::new(Arc::clone(&self.facts.event), 0),
            )
        });
        let pause = match &result {
            Err(error) if error.is_retryable() => self.engine.policy_of(self.position).pause_after(*attempt),
            _ => None,
        };
        Returned::new(result, pause)
    }

    fn registered(&self) -> &Registered {
        self.engine.registry().registered(self.position)
    }

    async fn result(&self, over: impl Future<Output = ()> + Send) -> ActionResult {
        let registered = self.registered();
        let facts =
            ActionFacts { id: &self.errand.action, kind: &self.errand.kind, attempt: self.errand.attempt };
        let handler: &Handler =
            self.engine.in_place_of(self.position).unwrap_or(registered.definition.handler());
        let call = {
            let state = State::new(Arc::clone(&self.facts.event), 0);
            let host = Host::new(self.engine.resources(), &self.facts, facts);
            handler.call(ActionCall::new(&registered.definition, &self.given, &state, host))
        };
        match call {
            Call::Ready(result) => result,
            Call::Pending(future) => {
                let future: BoxFuture<'_, ActionResult> = future;
                within_policy(&self.engine, self.position, over, future).await
            }
        }
    }
}

impl fmt::Debug for ErrandRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ErrandRun").field(&self.errand.action).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::ActionDefinition;
    use crate::registry::Registry;
    use crate::step::StepHost;
    use futures_util::FutureExt;

    /// Actions without sub-steps.
    struct None;

    impl StepHosts for None {
        fn host(&self, action: &str) -> Arc<dyn StepHost> {
            panic!("`{action}` asks for a sub-step")
        }
    }

    /// What an engine answers to an errand, as JSON.
    fn answered(errand: Value) -> Value {
        let double = ActionDefinition::builder("double")
            .input::<u32>("value")
            .output::<u32>()
            .handler(|call| call.input::<u32>("value").map(|value| json!(value * 2)))
            .build();
        let registry = Registry::builder().action(double).build().unwrap();
        let engine = Engine::builder(registry).build().unwrap();
        let errand = serde_json::from_value(errand).unwrap();
        let returned = match engine.errand(errand, "run", Arc::new(None)) {
            Ok(attempt) => attempt.outcome().now_or_never().unwrap(),
            Err(error) => Returned::refused(error),
        };
        serde_json::to_value(returned).unwrap()
    }

    fn errand(kind: &str, inputs: &Value) -> Value {
        json!({ "action": "1", "kind": kind, "attempt": 1, "inputs": inputs })
    }

    #[test]
    fn an_errand_is_answered_with_an_output_or_with_why_there_is_none() {
        assert_eq!(answered(errand("double", &json!({ "value": 4 }))), json!({ "output": 8 }));
        let refused = answered(errand("double", &json!({ "value": "x" })));
        assert_eq!(refused["error"]["input"], json!(["value", ""]));
    }

    #[test]
    fn what_this_version_of_the_actions_does_not_know_is_refused() {
        let said = |errand: Value| answered(errand)["error"]["message"].as_str().unwrap().to_owned();
        assert_eq!(said(errand("treble", &json!({}))), "there is no action of the kind `treble` here");
        let unknown = errand("double", &json!({ "value": 1, "times": 2 }));
        assert_eq!(said(unknown), "`double` takes no input `times` here");
    }
}
