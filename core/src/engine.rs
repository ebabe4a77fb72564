//! What runs checked workflows: a registry, and the resources its actions borrow.

use crate::action::{ActionDefinition, ActionError, BoxFuture, Handler, Resources};
use crate::checked::CheckedWorkflow;
use crate::clock::{Clock, SharedClock};
use crate::diagnostic::Report;
use crate::event::Event;
use crate::loader::{AnyLoader, Loader};
use crate::map::Map;
use crate::policy::Policy;
use crate::registry::{Registered, Registry};
use crate::run::{self, DurableRun, Errand, ErrandRun, Outcome, Run, RunObserver, TooDeep, size};
use crate::step::StepHosts;
use crate::template::Root;
use async_lock::Semaphore;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
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

/// Puts an [`Engine`] together; made by [`Engine::builder`].
pub struct EngineBuilder {
    registry: Registry,
    resources: Resources,
    loader: Option<Box<dyn AnyLoader>>,
    verify_outputs: bool,
    clock: SharedClock,
    /// What is called in place of actions' own functions, by their positions in the registry.
    in_place: Map<usize, Handler>,
    policies: Map<String, Policy>,
    default_policy: Policy,
    deadline: Option<Duration>,
    observers: Vec<Arc<dyn RunObserver>>,
}

impl EngineBuilder {
    /// Provides a value that actions borrow as `&T`.
    #[must_use]
    pub fn resource<T: Send + Sync + 'static>(self, value: T) -> Self {
        self.shared(Arc::new(value))
    }

    /// Provides a value that is shared with other parts of the program, or is a trait object:
    /// an `Arc<dyn Clock>` is borrowed as `&dyn Clock`.
    #[must_use]
    pub fn shared<T: Send + Sync + ?Sized + 'static>(mut self, value: Arc<T>) -> Self {
        self.resources.insert(value);
        self
    }

    /// Where [`Engine::handle`] finds workflows.
    #[must_use]
    pub fn loader(mut self, loader: impl Loader) -> Self {
        self.loader = Some(Box::new(loader));
        self
    }

    /// Holds every output of an annotated function against its schema too, not only the outputs of actions
    /// that are described at run time: a custom serializer can disagree with its schema. Off unless set.
    #[must_use]
    pub fn verify_outputs(mut self, verify: bool) -> Self {
        self.verify_outputs = verify;
        self
    }

    /// The clock that actions read by [`ActionContext::now`](crate::ActionContext::now), in place of the system's.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = SharedClock::new(clock);
        self
    }

    /// How actions of this kind are tried, whatever their attribute says. Building the engine fails where the registry
    /// has no such kind.
    #[must_use]
    pub fn policy(mut self, kind: &str, policy: Policy) -> Self {
        self.policies.insert(kind.to_owned(), policy);
        self
    }

    /// How actions are tried of which nothing else is said.
    #[must_use]
    pub fn default_policy(mut self, policy: Policy) -> Self {
        self.default_policy = policy;
        self
    }

    /// How long a run may take. Whatever is under way then fails, and the run with it.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Tells what happens in runs as it happens. More than one may be given.
    #[must_use]
    pub fn observer(mut self, observer: impl RunObserver) -> Self {
        self.observers.push(Arc::new(observer));
        self
    }

    pub(crate) fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Calls `handler` in place of an action's own function, and holds its output against the action's type.
    pub(crate) fn call_in_place(&mut self, position: usize, handler: Handler) {
        self.in_place.insert(position, handler);
    }

    fn needs_resources_for(&self, kind: &str) -> bool {
        self.registry.position(kind).is_none_or(|position| !self.in_place.contains_key(&position))
    }

    /// How actions are tried of which something is said, by their positions in the registry.
    fn policies_by_position(&self) -> Map<usize, Policy> {
        let of = |definition: &ActionDefinition| {
            let kind = definition.kind();
            let named = self.policies.get(kind).map(|policy| policy.or(definition.policy()));
            let policy = named.unwrap_or_else(|| definition.policy().clone()).or(&self.default_policy);
            Some((self.registry.position(kind)?, policy)).filter(|(_, policy)| *policy != self.default_policy)
        };
        self.registry.definitions().filter_map(of).collect()
    }

    /// The engine, or every resource that an action needs and that was not provided, and every kind that was given a
    /// policy and is not there.
    pub fn build(self) -> Result<Engine, MissingResources> {
        let missing: Vec<MissingResource> = self
            .registry
            .definitions()
            .filter(|definition| self.needs_resources_for(definition.kind()))
            .flat_map(|definition| {
                let needs = definition.needs().iter().filter(|need| !self.resources.contains(need.type_id()));
                needs.map(|need| MissingResource {
                    kind: definition.kind().to_owned(),
                    resource: need.name().to_owned(),
                })
            })
            .collect();
        let mut unknown: Vec<String> =
            self.policies.keys().filter(|kind| self.registry.position(kind).is_none()).cloned().collect();
        unknown.sort_unstable();
        if !missing.is_empty() || !unknown.is_empty() {
            return Err(MissingResources { missing, unknown });
        }
        let policies = self.policies_by_position();
        let turns = |(at, policy): (&usize, &Policy)| Some((*at, Semaphore::new(policy.calls_at_once()?)));
        let is_plain = |(at, registered): (usize, &Registered)| {
            let definition = &registered.definition;
            let policy = policies.get(&at).unwrap_or(&self.default_policy);
            !self.verify_outputs
                && !definition.described_at_run_time()
                && !self.in_place.contains_key(&at)
                && policy.calls_at_once().is_none()
                && (policy.attempt_timeout().is_none() || matches!(definition.handler(), Handler::Sync(_)))
        };
        Ok(Engine(Arc::new(Inner {
            plain: self.registry.all_registered().enumerate().map(is_plain).collect(),
            turns: policies.iter().filter_map(turns).collect(),
            policies,
            registry: self.registry,
            resources: self.resources,
            loader: self.loader,
            verify_outputs: self.verify_outputs,
            clock: self.clock,
            in_place: self.in_place,
            default_policy: self.default_policy,
            deadline: self.deadline,
            observers: self.observers,
        })))
    }
}

impl fmt::Debug for EngineBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EngineBuilder").field("registry", &self.registry).finish_non_exhaustive()
    }
}

/// What an engine lacks: resources that actions borrow and that it was not given, and actions that it was given a policy
/// for.
#[derive(Debug)]
pub struct MissingResources {
    missing: Vec<MissingResource>,
    unknown: Vec<String>,
}

/// A resource that an action borrows and that the engine was not given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingResource {
    /// The kind of the action that borrows it.
    pub kind: String,
    /// The name of the resource's Rust type.
    pub resource: String,
}

impl MissingResources {
    /// Each resource, in the order of the registry.
    pub fn iter(&self) -> impl Iterator<Item = &MissingResource> {
        self.missing.iter()
    }

    /// The kinds that a policy is for and that the registry does not have.
    pub fn unknown_kinds(&self) -> impl Iterator<Item = &str> {
        self.unknown.iter().map(String::as_str)
    }
}

impl fmt::Display for MissingResources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.missing.is_empty() {
            f.write_str(
                "the engine lacks resources that its actions borrow; give each with `.resource(…)`:",
            )?;
        }
        let borrows =
            |missing: &MissingResource| format!("- `{}` borrows `&{}`", missing.kind, missing.resource);
        let mut lines: Vec<String> = self.missing.iter().map(borrows).collect();
        if let ([_, ..], [_, ..]) = (&*self.missing, &*self.unknown) {
            lines.push(String::new());
        }
        let policies = |kind: &String| {
            format!("`.policy(\"{kind}\", …)` is for an action that the registry does not have")
        };
        lines.extend(self.unknown.iter().map(policies));
        let lines = lines.join("\n");
        let apart = if self.missing.is_empty() { "" } else { "\n" };
        write!(f, "{apart}{lines}")
    }
}

impl std::error::Error for MissingResources {}

/// Why a run did not begin. A run that begins and fails is an [`Outcome`].
#[derive(Debug)]
#[non_exhaustive]
pub enum RunError {
    /// The workflow was checked against a registry whose actions this engine does not have.
    OtherRegistry,
    /// The event is not one that the workflow was checked for.
    Event(EventRefused),
    /// [`Engine::handle`] was called on an engine without a loader.
    NoLoader,
    /// The loader failed.
    Load(ActionError),
    /// The loader has no workflow for this event.
    NoWorkflow(Option<String>),
    /// The workflow that the loader gave is wrong.
    Check(Box<Report>),
}

/// An event that is not of the type its workflow was checked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRefused {
    code: &'static str,
    message: String,
}

impl EventRefused {
    /// The rule that is broken: `wrong-type`, `out-of-range`, `limit`, ….
    pub fn code(&self) -> &'static str {
        self.code
    }
}

impl fmt::Display for EventRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EventRefused {}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunError::OtherRegistry => f.write_str(
                "the workflow was checked against another registry; check it against the engine's own: `engine.registry()`",
            ),
            RunError::Event(refused) => write!(f, "the event is refused: {refused}"),
            RunError::NoLoader => f.write_str("the engine has no loader; give it one with `.loader(…)`"),
            RunError::Load(error) => write!(f, "the workflow could not be loaded: {error}"),
            RunError::NoWorkflow(Some(event)) => write!(f, "there is no workflow for the event `{event}`"),
            RunError::NoWorkflow(None) => f.write_str("there is no workflow for an event without a name"),
            RunError::Check(report) => report.fmt(f),
        }
    }
}

impl std::error::Error for RunError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            RunError::Event(refused) => Some(refused),
            RunError::Load(error) => error.source().map(|source| source as _),
            RunError::Check(report) => Some(report),
            RunError::OtherRegistry | RunError::NoLoader | RunError::NoWorkflow(_) => None,
        }
    }
}

impl Engine {
    /// An engine for the actions of `registry`.
    pub fn builder(registry: Registry) -> EngineBuilder {
        EngineBuilder {
            registry,
            resources: Resources::default(),
            loader: None,
            verify_outputs: false,
            clock: SharedClock::default(),
            in_place: Map::default(),
            policies: Map::default(),
            default_policy: Policy::new(),
            deadline: None,
            observers: Vec::new(),
        }
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
    static PROCESS: std::sync::LazyLock<u64> = std::sync::LazyLock::new(|| RandomState::new().hash_one(0));
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("{:016x}-{}", *PROCESS, NEXT.fetch_add(1, Ordering::Relaxed)).into()
}
