//! Runs one run's actions as invocations of the cluster, which keeps in which order they came back.

use crate::attempts::{AttemptRequest, AttemptResponse, Task, make_alone};
use crate::caught::lost;
use crate::message::{fits, too_large};
use crate::names::ATTEMPT;
use crate::time::counted;
use crate::vault::{About, Envelope, Locked, Vault};
use flowright::Engine;
use flowright::runtime::{Errand, HandedOver, Kept, Next, Returned, Runtime, Start};
use restate_sdk::context::{DurableFuture, RequestTarget};
use restate_sdk::prelude::*;
use serde_json::{Map, Value};
use std::collections::{HashMap, VecDeque};
use std::pin::Pin;
use std::time::Duration;

/// What comes back from the cluster.
enum Back {
    Attempt(Box<Envelope<AttemptResponse>>),
    Time,
}

/// What it was waited for.
enum For {
    Attempt {
        at: usize,
        action: String,
    },
    /// The attempt after one that failed.
    Again(usize, Kept),
    Deadline(Duration),
}

type Durable<'c> = Pin<Box<dyn DurableFuture<Output = Result<Back, TerminalError>> + Send + 'c>>;

/// Whether a run handles secrets, and what seals them.
#[derive(Clone, Copy)]
pub(crate) struct Seal<'c> {
    pub(crate) vault: &'c Vault,
    pub(crate) is_secret: bool,
}

/// One run under way.
pub(crate) struct Cluster<'c> {
    ctx: &'c WorkflowContext<'c>,
    engine: &'c Engine,
    seal: Seal<'c>,
    run: String,
    known: VecDeque<Next>,
    /// What was started since it was last asked what comes next.
    started: Vec<(usize, Errand)>,
    pending: DurableFuturesUnordered<Durable<'c>>,
    /// What each pending future is for, by its index.
    awaited: HashMap<usize, For>,
    /// What is recorded of the sub-steps of each action.
    steps: HashMap<usize, Map<String, Value>>,
}

impl<'c> Cluster<'c> {
    pub(crate) fn new(ctx: &'c WorkflowContext<'c>, engine: &'c Engine, seal: Seal<'c>) -> Self {
        let mut cluster = Cluster {
            ctx,
            engine,
            seal,
            run: ctx.key().to_owned(),
            known: VecDeque::new(),
            started: Vec::new(),
            pending: DurableFuturesUnordered::new(),
            awaited: HashMap::new(),
            steps: HashMap::new(),
        };
        if let Some(deadline) = engine.deadline() {
            cluster.wait(deadline, For::Deadline(deadline));
        }
        cluster
    }

    /// Whether there are attempts under way.
    pub(crate) fn waits_for_attempts(&self) -> bool {
        self.awaited.values().any(|awaited| matches!(awaited, For::Attempt { .. }))
    }

    fn wait(&mut self, duration: Duration, awaited: For) {
        self.push(Box::pin(self.ctx.sleep(counted(duration)).map_ok(|()| Back::Time)), awaited);
    }

    fn push(&mut self, future: Durable<'c>, awaited: For) {
        let index = self.pending.push(future);
        self.awaited.insert(index, awaited);
    }

    /// Calls for all that was started. What is alone, asks for nothing and ends at once is made here: nothing else can come in
    /// between while it is.
    async fn call(&mut self) -> Result<(), Stopped> {
        let is_alone = self.started.len() == 1 && self.pending.is_empty() && self.known.is_empty();
        for (at, errand) in std::mem::take(&mut self.started) {
            if is_alone && errand.ends_at_once && !errand.has_steps {
                let returned = make_here(self.ctx, self.engine, self.seal, errand).await?;
                self.known.push_back(Next::Ended(at, returned.into_ended(at)));
                continue;
            }
            let action = errand.action.clone();
            let task = Task { errand, steps: self.steps.get(&at).cloned().unwrap_or_default() };
            let about = About::Request { run: &self.run, action: &action };
            let task = self.seal.vault.enclose(self.seal.is_secret, &about, task)?;
            let request = AttemptRequest {
                run: self.run.clone(),
                invocation: self.ctx.invocation_id().to_owned(),
                action: action.clone(),
                task,
            };
            if !fits(&request) {
                let refused = Returned::beyond_limit(too_large("what the action is given"));
                self.known.push_back(Next::Ended(at, refused.into_ended(at)));
                continue;
            }
            let target = RequestTarget::service(ATTEMPT, "make");
            let request = self
                .ctx
                .request::<Json<AttemptRequest>, Json<Envelope<AttemptResponse>>>(target, Json(request));
            let called = request.call().map_ok(|Json(response)| Back::Attempt(Box::new(response)));
            self.push(Box::pin(called), For::Attempt { at, action });
        }
        Ok(())
    }
}

/// Makes an attempt in the run's own invocation.
async fn make_here<'c>(
    ctx: &'c WorkflowContext<'c>,
    engine: &'c Engine,
    Seal { vault, is_secret }: Seal<'c>,
    errand: Errand,
) -> Result<Returned, Stopped> {
    let (run, action) = (ctx.key(), errand.action.clone());
    let make = move || async move {
        let action = errand.action.clone();
        let returned = make_alone(engine, run, errand).await?;
        let about = About::Response { run, action: &action };
        let enclosed = vault.enclose(is_secret, &about, returned)?;
        let too_large = || Envelope::Open(Returned::beyond_limit(too_large("the output")));
        Ok(Json(if fits(&enclosed) { enclosed } else { too_large() }))
    };
    let Json(returned) = ctx.run(make).name(action.as_str()).await?;
    Ok(vault.open(&About::Response { run, action: &action }, returned)?)
}

/// Why a run does not go on here.
pub(crate) enum Stopped {
    /// It is over.
    Over(TerminalError),
    /// Others have to go on with it, which have the key.
    Locked(Locked),
}

impl From<TerminalError> for Stopped {
    fn from(error: TerminalError) -> Self {
        Stopped::Over(error)
    }
}

impl From<Locked> for Stopped {
    fn from(locked: Locked) -> Self {
        Stopped::Locked(locked)
    }
}

impl<'run> Runtime<'run> for Cluster<'_> {
    type Error = Stopped;

    fn start(&mut self, start: Start<'_, 'run>) {
        let action = start.action();
        match start.hand_over() {
            HandedOver::Ended(ended) => self.known.push_back(Next::Ended(action, ended)),
            HandedOver::Errand(errand) => self.started.push((action, errand)),
        }
    }

    fn keep(&mut self, action: usize, kept: Kept) -> Option<Kept> {
        let Kept::Again { pause, .. } = kept else { return Some(kept) };
        self.wait(pause, For::Again(action, kept));
        None
    }

    fn hurry(&mut self) {
        let pauses = self.awaited.extract_if(|_, awaited| matches!(awaited, For::Again(..)));
        let mut pauses: Vec<(usize, For)> = pauses.collect();
        pauses.sort_unstable_by_key(|(index, _)| *index);
        for (_, awaited) in pauses {
            if let For::Again(action, kept) = awaited {
                self.known.push_back(Next::Kept(action, kept));
            }
        }
    }

    async fn next(&mut self) -> Result<Option<Next>, Stopped> {
        self.call().await?;
        if let Some(next) = self.known.pop_front() {
            return Ok(Some(next));
        }
        if self.awaited.values().all(|awaited| matches!(awaited, For::Deadline(_))) {
            return Ok(None);
        }
        let (awaited, back) = loop {
            let Some((index, back)) = self.pending.next().await? else { return Ok(None) };
            // What was to be tried again is not waited for any more where the run has failed meanwhile.
            if let Some(awaited) = self.awaited.remove(&index) {
                break (awaited, back.map_err(lost)?);
            }
        };
        Ok(Some(match (awaited, back) {
            (For::Attempt { at, action }, Back::Attempt(response)) => {
                let about = About::Response { run: &self.run, action: &action };
                let AttemptResponse { returned, steps } = self.seal.vault.open(&about, *response)?;
                self.steps.insert(at, steps);
                Next::Ended(at, returned.into_ended(at))
            }
            (For::Again(action, kept), _) => Next::Kept(action, kept),
            (For::Deadline(deadline), _) => Next::Expired(deadline),
            (For::Attempt { .. }, Back::Time) => return Ok(None),
        }))
    }
}
