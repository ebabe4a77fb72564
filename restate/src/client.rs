//! Submits runs to a cluster, sends them events, cancels them, and waits for what they come to.

use crate::error::ClientError;
use crate::inbox::{FULL, OVER, Sent};
use crate::message::{fits, too_large};
use crate::names::{INBOX, RUN};
use crate::runs::End;
use crate::submission::Submission;
use crate::transport::Transport;
use crate::vault::{About, Envelope, Vault};
use flowright::{CheckedWorkflow, Event, Key, Outcome, Registry};
use restate_sdk::context::RequestTarget;
use restate_sdk::ingress::{self, CallResponse, InvocationHandle, Output, SendStatus};
use restate_sdk::serde::Json;
use serde_json::Value;
use std::fmt;
use std::time::Duration;

/// How long until it is asked again what has not begun yet.
const AGAIN: Duration = Duration::from_millis(20);

/// Submits runs to a cluster, sends them events, cancels them, and waits for what they come to.
pub struct Client {
    cluster: ingress::Client<Transport>,
    registry: Registry,
    vault: Vault,
}

type Handle = InvocationHandle<Transport, Json<End>>;

/// How far a run is.
#[derive(Clone, Debug, PartialEq)]
pub enum RunState {
    /// It goes on, or waits for something.
    Running,
    /// It completed or failed; the value is what [`Outcome::to_json`] gives.
    Ended(Value),
    /// It was cancelled.
    Cancelled,
    /// It cannot go on: the report, where its document does not fit the actions of the service, or else why as text.
    Parked(Value),
}

impl RunState {
    /// What the run came to, with typed outputs; `None` where it has not ended, or is not one of this workflow.
    pub fn outcome_of(&self, workflow: &CheckedWorkflow) -> Option<Outcome> {
        let RunState::Ended(outcome) = self else { return None };
        Outcome::from_json(workflow, outcome)
    }
}

impl Client {
    /// A client of the cluster whose ingress is at this address, such as `http://localhost:8080`, for runs of this
    /// registry's workflows.
    pub fn connect(address: &str, registry: &Registry) -> Result<Self, ClientError> {
        let address = address.parse().map_err(|error| ClientError::Address(format!("{error}")))?;
        let cluster = ingress::Client::new(address, Transport::default());
        let cluster = cluster.map_err(|error| ClientError::Address(error.to_string()))?;
        Ok(Client { cluster, registry: registry.clone(), vault: Vault::default() })
    }

    /// Seals by this key what goes through the cluster of runs that handle secrets. All services and clients have the same.
    #[must_use]
    pub fn key(mut self, key: Key) -> Self {
        self.vault = Vault::of(key);
        self
    }

    /// Submits a run. `true` where it is new, `false` where the same document and event were submitted under this id
    /// before: so it may be submitted again by whoever does not know whether it was. Refused where another run has the id,
    /// where it cannot be one, where the event is not one that the workflow was checked for, and where the workflow gives
    /// something to a secret input and there is no [key](Self::key). The cluster knows of a run that has ended for as long as it is set up to: a day, unless
    /// `default-workflow-completion-retention` says otherwise.
    pub async fn submit(
        &self,
        id: &str,
        workflow: &CheckedWorkflow,
        event: impl Into<Event>,
    ) -> Result<bool, ClientError> {
        let event = event.into();
        if id.is_empty() || id.chars().count() > 128 || id.contains(|c: char| c == '/' || c.is_control()) {
            return Err(ClientError::Id(id.to_owned()));
        }
        workflow
            .admits(&event)
            .map_err(|refused| ClientError::Event(format!("the event is refused: {refused}")))?;
        let submission = Submission::new(workflow, event);
        let about = About::Submission { run: id };
        let enclosed = self.vault.enclose(workflow.has_secrets(), &about, submission.clone())?;
        if !fits(&enclosed) {
            return Err(ClientError::Event(too_large("the document with the event")));
        }
        let target = RequestTarget::workflow(RUN, id, "run");
        let request = self.cluster.request::<_, Json<End>>(target, Json(enclosed));
        if request.send().await?.send_status() == SendStatus::Accepted {
            return Ok(true);
        }
        let known = self.vault.open(&about, self.submitted(id).await?)?;
        if known == submission { Ok(false) } else { Err(ClientError::OtherRun(id.to_owned())) }
    }

    /// What was submitted under an id that is taken.
    async fn submitted(&self, id: &str) -> Result<Envelope<Submission>, ClientError> {
        loop {
            let target = RequestTarget::workflow(RUN, id, "submission");
            let request = self.cluster.request::<(), Json<Option<Envelope<Submission>>>>(target, ());
            match request.call().await?.into_body()?.0 {
                Some(known) => return Ok(known),
                None => tokio::time::sleep(AGAIN).await,
            }
        }
    }

    /// Sends an event to a run. It is kept until the run waits for it. Refused where the registry has events and none of
    /// this name, where the data is not of its type, where the run has ended or there is none, and where it handles secrets and
    /// the [key](Self::key) is not the one that it was submitted with.
    pub async fn send(&self, run: &str, event: &str, data: Value) -> Result<(), ClientError> {
        self.registry.admits_data(event, &data).map_err(ClientError::Event)?;
        let handle = self.handle(run).await?;
        if end(run, &handle).await?.is_some() {
            return Err(ClientError::Ended(run.to_owned()));
        }
        // Whoever sends may know other actions than the run has, and so not that it handles secrets.
        let submitted = self.submitted(run).await?;
        let is_secret = submitted.is_sealed();
        self.vault.open(&About::Submission { run }, submitted)?;
        let data = self.vault.enclose(is_secret, &About::Event { run, name: event }, data)?;
        let invocation = handle.invocation_id().clone();
        let sent = Sent { event: event.to_owned(), data, invocation };
        if !fits(&sent) {
            return Err(ClientError::Event(too_large("the event")));
        }
        let request = self.cluster.request::<_, ()>(RequestTarget::object(INBOX, run, "send"), Json(sent));
        match request.call().await.and_then(CallResponse::into_body) {
            Err(error) if status(&error) == Some(FULL) => {
                Err(ClientError::Event(too_large("all that was sent to the run")))
            }
            Err(error) if status(&error) == Some(OVER) => Err(ClientError::Ended(run.to_owned())),
            answer => Ok(answer?),
        }
    }

    /// Cancels a run: no further action of it starts, and what is under way is stopped where it sleeps or waits; what works goes
    /// on to the end of the sub-step that it does or asks for next, or to its own. `false` where it had ended.
    pub async fn cancel(&self, run: &str) -> Result<bool, ClientError> {
        let handle = self.handle(run).await?;
        if end(run, &handle).await?.is_some() {
            return Ok(false);
        }
        let target = RequestTarget::workflow(RUN, run, "cancel");
        let request = self.cluster.request::<_, ()>(target, Json(handle.invocation_id().clone()));
        request.call().await?.into_body()?;
        Ok(true)
    }

    /// How far a run is.
    pub async fn state(&self, run: &str) -> Result<RunState, ClientError> {
        let end = end(run, &self.handle(run).await?).await?;
        end.map_or(Ok(RunState::Running), |end| self.ended(run, end))
    }

    /// Waits until the run has ended.
    pub async fn wait(&self, run: &str) -> Result<RunState, ClientError> {
        let handle = self.handle(run).await?;
        let Json(end) = handle.attach().await.map_err(|error| unknown(run, error))?.into_body();
        self.ended(run, end)
    }

    fn ended(&self, run: &str, end: End) -> Result<RunState, ClientError> {
        Ok(match end {
            End::Outcome(outcome) => RunState::Ended(self.vault.open(&About::Outcome { run }, outcome)?),
            End::Cancelled => RunState::Cancelled,
            End::Parked(report) => RunState::Parked(self.vault.open(&About::Outcome { run }, report)?),
        })
    }

    async fn handle(&self, run: &str) -> Result<Handle, ClientError> {
        let found = self.cluster.lookup_workflow::<Json<End>>(RUN, run, None).await;
        found.map_err(|error| unknown(run, error))
    }
}

/// How a run ended, where it has.
async fn end(run: &str, handle: &Handle) -> Result<Option<End>, ClientError> {
    match handle.output().await.map_err(|error| unknown(run, error))?.into_body() {
        Output::NotReady => Ok(None),
        Output::Ready(Json(end)) => Ok(Some(end)),
    }
}

fn status(error: &ingress::ClientError) -> Option<u16> {
    error.response().map(|response| response.status().as_u16())
}

/// A run that the cluster does not find is none.
fn unknown(run: &str, error: restate_sdk::ingress::ClientError) -> ClientError {
    if status(&error) == Some(404) { ClientError::NoRun(run.to_owned()) } else { error.into() }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}
