//! What runs checked workflows: a registry, and the resources its actions borrow.

use crate::action::host::RunFacts;
use crate::action::{ActionError, Handler, Resources};
use crate::checked::CheckedWorkflow;
use crate::clock::{Clock, SharedClock};
use crate::diagnostic::Report;
use crate::event::Event;
use crate::loader::{AnyLoader, Loader};
use crate::map::Map;
use crate::registry::Registry;
use crate::run::{self, Outcome, TooDeep, size};
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tracing::{Instrument, info_span};

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

    /// The engine, or every resource that an action needs and that was not provided.
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
        if !missing.is_empty() {
            return Err(MissingResources(missing));
        }
        let EngineBuilder { registry, resources, loader, verify_outputs, clock, in_place } = self;
        Ok(Engine(Arc::new(Inner { registry, resources, loader, verify_outputs, clock, in_place })))
    }
}

impl fmt::Debug for EngineBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EngineBuilder").field("registry", &self.registry).finish_non_exhaustive()
    }
}

/// Resources that actions borrow and that the engine was not given.
#[derive(Debug)]
pub struct MissingResources(Vec<MissingResource>);

/// A resource that an action borrows and that the engine was not given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingResource {
    /// The kind of the action that borrows it.
    pub kind: String,
    /// The name of the resource's Rust type.
    pub resource: String,
}

impl MissingResources {
    /// Each one, in the order of the registry.
    pub fn iter(&self) -> impl Iterator<Item = &MissingResource> {
        self.0.iter()
    }
}

impl fmt::Display for MissingResources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the engine lacks resources that its actions borrow; give each with `.resource(…)`:")?;
        self.0
            .iter()
            .try_for_each(|missing| write!(f, "\n- `{}` borrows `&{}`", missing.kind, missing.resource))
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
        let event = event.into();
        let (own, others) = (&self.0.registry, workflow.registry());
        let kinds = workflow.plan().actions.iter().map(|action| action.kind);
        if !own.shares_actions_with(others) || !own.has_all(others, kinds) {
            return Err(RunError::OtherRegistry);
        }
        let event_size = admit(workflow, &event).map_err(RunError::Event)?;
        let document = workflow.workflow();
        let facts = RunFacts {
            run_id: run_id(),
            event: Arc::new(event.into_value()),
            workflow: document.clone(),
            clock: self.0.clock.clone(),
        };
        let span = info_span!("run", id = &*facts.run_id, workflow = document.name());
        let parts = run::run(self, workflow, &facts, event_size).instrument(span).await;
        Ok(Outcome::new(workflow.clone(), parts))
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
fn admit(workflow: &CheckedWorkflow, event: &Event) -> Result<usize, EventRefused> {
    let limit = |message: String| EventRefused { code: "limit", message };
    let bytes = size(event.as_value()).map_err(|TooDeep| limit(run::deep("it")))?;
    let allowed = workflow.registry().limits().state_bytes;
    if bytes > allowed {
        let (bytes, allowed) = (run::bytes_as_text(bytes), run::bytes_as_text(allowed));
        return Err(limit(format!("it is {bytes} large, and may be {allowed}")));
    }
    workflow.event_type().admit(event).map_err(|(code, message)| EventRefused { code, message })?;
    Ok(bytes)
}

/// An id that no other run of this process has, and hardly one of any other.
fn run_id() -> Arc<str> {
    static PROCESS: std::sync::LazyLock<u64> = std::sync::LazyLock::new(|| RandomState::new().hash_one(0));
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("{:016x}-{}", *PROCESS, NEXT.fetch_add(1, Ordering::Relaxed)).into()
}
