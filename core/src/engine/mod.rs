//! What runs checked workflows: a registry, and the resources its actions borrow.

mod builder;
mod missing;
mod refused;

pub use builder::EngineBuilder;
pub use missing::{MissingResource, MissingResources};
pub use refused::{EventRefused, RunError};

use crate::action::{ActionError, BoxFuture, Handler, Resources};
use crate::checked::CheckedWorkflow;
use crate::clock::SharedClock;
use crate::event::Event;
use crate::loader::AnyLoader;
use crate::map::Map;
use crate::policy::Policy;
use crate::registry::Registry;
use crate::run::{self, DurableRun, Errand, ErrandRun, Outcome, Run, RunObserver, TooDeep, size};
use crate::step::StepHosts;
use crate::template::Root;
use async_lock::Semaphore;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, SystemTime};

/// Runs checked workflows. Cheap to clone.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    registry: Registry,
    resources: Resources,
    loader: Option<Box<dyn AnyLoader>>,
    verify_outputs: bool,
    clock: SharedClock,
    /// What is called in place of actions' own functions, by their positions in the registry.
    in_place: Map<usize, Handler>,
    /// How actions are tried, by their positions in the registry.
    policies: Map<usize, Policy>,
    default_policy: Policy,
    /// Of the actions of which so many calls at once may be under way.
    turns: Map<usize, Semaphore>,
    deadline: Option<Duration>,
    observers: Vec<Arc<dyn RunObserver>>,
    /// Of each action, by its position in the registry: whether it is called as it is, for as long as it takes.
    plain: Box<[bool]>,
}

impl Engine {
    /// An engine for the actions of `registry`.
    pub fn builder(registry: Registry) -> EngineBuilder {
        EngineBuilder::new(registry)
    }

    /// The registry whose actions this engine runs.
    pub fn registry(&self) -> &Registry {
        &self.0.registry
    }

    pub(crate) fn resources(&self) -> &Resources {
        &self.0.resources
    }

    pub(crate) fn verifies_outputs(&self) -> bool {
        self.0.verify_outputs
    }

    /// What is called in place of an action's own function.
    pub(crate) fn in_place_of(&self, position: usize) -> Option<&Handler> {
        self.0.in_place.get(&position)
    }

    /// Whether an action is called as it is, for as long as it takes, and its output kept without being looked at.
    #[inline]
    pub(crate) fn is_plain(&self, position: usize) -> bool {
        self.0.plain.get(position).copied().unwrap_or_default()
    }

    /// Who is told what happens in runs.
    pub(crate) fn observers(&self) -> &[Arc<dyn RunObserver>] {
        &self.0.observers
    }

    /// How actions of a kind are tried.
    pub(crate) fn policy_of(&self, position: usize) -> &Policy {
        self.0.policies.get(&position).unwrap_or(&self.0.default_policy)
    }

    /// What the calls of an action take turns by, where not all may be under way at once.
    pub(crate) fn turns_of(&self, position: usize) -> Option<&Semaphore> {
        self.0.turns.get(&position)
    }

    /// Runs a workflow to its end. The event is held against the type the workflow was checked for first.
    ///
    /// ```
    /// use flowright::prelude::*;
    ///
    /// /// Say hello.
    /// #[engine_action]
    /// fn greet(name: String) -> String {
    ///     format!("Hello, {name}!")
    /// }
    ///
    /// # futures_util::future::FutureExt::now_or_never(async {
    /// let registry = Registry::builder().actions(actions![greet]).build()?;
    /// let workflow = registry.check(r#"{
    ///     "actions": [{ "id": "1", "kind": "greet", "inputs": { "name": "!ref($.event.data.name)" } }],
    ///     "edges": [{ "from": "$source", "to": "1" }]
    /// }"#)?;
    /// let engine = Engine::builder(registry).build()?;
    /// let event = Event::new("user.created", serde_json::json!({ "name": "Ada" }));
    /// let outcome = engine.run(&workflow, event).await?;
    /// assert_eq!(outcome.output::<String>("1")?, "Hello, Ada!");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).ok_or("pending")??;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn run(
        &self,
        workflow: &CheckedWorkflow,
        event: impl Into<Event>,
    ) -> Result<Outcome, RunError> {
        Ok(self.begin(workflow, event)?.outcome().await)
    }

    /// A run that has not begun: it is driven by [`Run::outcome`], and events can be sent to it.
    pub fn begin(&self, workflow: &CheckedWorkflow, event: impl Into<Event>) -> Result<Run, RunError> {
        let event = event.into();
        let event_size = self.admit(workflow, &event)?;
        Ok(Run::new(self, workflow, run_id(), event, event_size))
    }

    /// The run of this id for another runtime than the one in memory, which does its actions' sub-steps.
    pub fn durable_run(
        &self,
        workflow: &CheckedWorkflow,
        id: &str,
        event: impl Into<Event>,
        steps: Arc<dyn StepHosts>,
    ) -> Result<DurableRun, RunError> {
        let event = event.into();
        let event_size = self.admit(workflow, &event)?;
        Ok(DurableRun::new(self, workflow, id, (event, event_size), steps))
    }

    /// An attempt of the run of this id that another process [handed over](crate::runtime::Start::hand_over), with what does its
    /// sub-steps.
    pub fn errand(
        &self,
        errand: Errand,
        run: &str,
        steps: Arc<dyn StepHosts>,
    ) -> Result<ErrandRun, ActionError> {
        ErrandRun::new(self, errand, run, steps)
    }

    /// The event's size, where this engine runs the workflow and the event is one that it was checked for.
    fn admit(&self, workflow: &CheckedWorkflow, event: &Event) -> Result<usize, RunError> {
        let (own, others) = (&self.0.registry, workflow.registry());
        let kinds = workflow.plan().actions.iter().map(|action| action.kind);
        if !own.shares_actions_with(others) || !own.has_all(others, kinds) {
            return Err(RunError::OtherRegistry);
        }
        admit(workflow, event).map_err(RunError::Event)
    }

    /// How long a run may take, where that is bounded.
    pub fn deadline(&self) -> Option<Duration> {
        self.0.deadline
    }

    /// What time it is, by the clock of the engine.
    pub fn now(&self) -> SystemTime {
        self.0.clock.now()
    }

    /// Ends when the clock of the engine shows this time.
    pub fn until(&self, time: SystemTime) -> BoxFuture<'static, ()> {
        self.0.clock.until(time)
    }

    pub(crate) fn clock(&self) -> &SharedClock {
        &self.0.clock
    }

    /// Loads the workflow for an event, checks it, and runs it.
    pub async fn handle(&self, event: impl Into<Event>) -> Result<Outcome, RunError> {
        let event = event.into();
        let loader = self.0.loader.as_ref().ok_or(RunError::NoLoader)?;
        let source = loader.load(&event).await.map_err(RunError::Load)?;
        let source = source.ok_or_else(|| RunError::NoWorkflow(event.name().map(str::to_owned)))?;
        let registry = &self.0.registry;
        let checked = match event.name() {
            Some(name) if registry.has_event(name) => registry.check_for(name, source),
            _ => registry.check(source),
        };
        let workflow = checked.map_err(|report| RunError::Check(Box::new(report)))?;
        self.run(&workflow, event).await
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("registry", &self.0.registry).finish_non_exhaustive()
    }
}

/// The event's size, where it is one that the workflow was checked for.
pub(crate) fn admit(workflow: &CheckedWorkflow, event: &Event) -> Result<usize, EventRefused> {
    let limit = |message: String| EventRefused { code: "limit", message };
    let bytes = size(event.as_value()).map_err(|TooDeep| limit(run::deep("it")))?;
    let allowed = workflow.registry().limits().state_bytes;
    if bytes > allowed {
        let (bytes, allowed) = (run::bytes_as_text(bytes), run::bytes_as_text(allowed));
        return Err(limit(format!("it is {bytes} large, and may be {allowed}")));
    }
    let told = |fault| workflow.secret_places().told(Root::Event, fault);
    workflow.event_type().admit(event, told).map_err(|(code, message)| EventRefused { code, message })?;
    Ok(bytes)
}

/// An id that no other run of this process has, and hardly one of any other.
fn run_id() -> Arc<str> {
    static PROCESS: LazyLock<String> = LazyLock::new(|| format!("{:016x}-", RandomState::new().hash_one(0)));
    static NEXT: AtomicU64 = AtomicU64::new(1);
    [&**PROCESS, &NEXT.fetch_add(1, Ordering::Relaxed).to_string()].concat().into()
}
