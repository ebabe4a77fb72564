//! What the engine provides to a call.

use super::context::ActionContext;
use super::error::ActionError;
use super::naming::short_type_name;
use super::resources::Resources;
use crate::clock::SharedClock;
use crate::step::{Step, StepHosts};
use crate::workflow::Workflow;
use serde_json::Value;
use std::any::{Any, TypeId};
use std::sync::{Arc, OnceLock};

/// What all actions of a run share.
#[derive(Clone)]
pub(crate) struct RunFacts {
    pub(crate) run_id: Arc<str>,
    pub(crate) event: Arc<Value>,
    pub(crate) workflow: Workflow,
    pub(crate) clock: SharedClock,
    pub(crate) steps: Arc<dyn StepHosts>,
}

/// What tells one action of a run from another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ActionFacts<'run> {
    pub(crate) id: &'run str,
    pub(crate) kind: &'run str,
    pub(crate) attempt: u32,
}

/// Where a call's borrowed parameters come from.
#[derive(Clone, Copy)]
pub struct Host<'run> {
    pub(crate) resources: &'run Resources,
    pub(crate) run: &'run RunFacts,
    pub(crate) action: ActionFacts<'run>,
}

impl<'run> Host<'run> {
    pub(crate) fn new(resources: &'run Resources, run: &'run RunFacts, action: ActionFacts<'run>) -> Self {
        Host { resources, run, action }
    }

    /// What one call borrows from.
    pub fn scope(self) -> Scope<'run> {
        Scope { host: self, context: OnceLock::new(), step: OnceLock::new() }
    }

    pub(crate) fn step(self) -> Step {
        Step::new(self.run.steps.host(self.action.id))
    }
}

/// What lives as long as one call: the values that are made when they are first borrowed.
pub struct Scope<'run> {
    host: Host<'run>,
    context: OnceLock<Arc<ActionContext>>,
    step: OnceLock<Arc<Step>>,
}

impl Scope<'_> {
    /// The engine's value of this type.
    pub fn borrow<T: ?Sized + 'static>(&self) -> Result<&T, ActionError> {
        if let Some(resource) = self.host.resources.get::<T>() {
            return Ok(resource);
        }
        let own: &dyn Any = match Own::of::<T>() {
            Some(Own::Context) => self.context.get_or_init(|| Arc::new(ActionContext::of(self.host))),
            Some(Own::Step) => self.step.get_or_init(|| Arc::new(self.host.step())),
            None => return Err(missing::<T>()),
        };
        own.downcast_ref::<Arc<T>>().map(|own| &**own).ok_or_else(missing::<T>)
    }
}

/// What every engine provides by itself.
#[derive(Clone, Copy)]
pub(super) enum Own {
    Context,
    Step,
}

impl Own {
    /// Which of them `T` is.
    pub(super) fn of<T: ?Sized + 'static>() -> Option<Self> {
        let asked = TypeId::of::<T>();
        let all = [(TypeId::of::<ActionContext>(), Own::Context), (TypeId::of::<Step>(), Own::Step)];
        all.into_iter().find(|(known, _)| *known == asked).map(|(_, own)| own)
    }
}

#[cold]
pub(super) fn missing<T: ?Sized + 'static>() -> ActionError {
    let resource = short_type_name::<T>();
    ActionError::fatal(format_args!("the engine was not given the resource `{resource}`"))
}
