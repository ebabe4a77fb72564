//! How an engine is put together.

use super::missing::{MissingResource, MissingResources};
use super::{Engine, Inner};
use crate::action::{ActionDefinition, Handler, Resources};
use crate::clock::{Clock, SharedClock};
use crate::loader::{AnyLoader, Loader};
use crate::map::Map;
use crate::policy::Policy;
use crate::registry::{Registered, Registry};
use crate::run::RunObserver;
use async_lock::Semaphore;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

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
    pub(super) fn new(registry: Registry) -> Self {
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
