//! What the engine provides to a call.

use super::context::ActionContext;
use super::error::ActionError;
use super::naming::short_type_name;
use super::resources::Resources;
use crate::clock::SharedClock;
use crate::workflow::Workflow;
use serde_json::Value;
use std::any::Any;
use std::sync::{Arc, OnceLock};

/// What all actions of a run share.
#[derive(Clone, Debug)]
pub(crate) struct RunFacts {
    pub(crate) run_id: Arc<str>,
    pub(crate) event: Arc<Value>,
    pub(crate) workflow: Workflow,
    pub(crate) clock: SharedClock,
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
        Scope { host: self, context: OnceLock::new() }
    }
}

/// What lives as long as one call: the values that are made when they are first borrowed.
pub struct Scope<'run> {
    host: Host<'run>,
    context: OnceLock<Arc<ActionContext>>,
}

impl Scope<'_> {
    /// The engine's value of this type.
    pub fn borrow<T: ?Sized + 'static>(&self) -> Result<&T, ActionError> {
        if let Some(resource) = self.host.resources.get::<T>() {
            return Ok(resource);
        }
        if is_context::<T>() {
            let context: &dyn Any = self.context.get_or_init(|| Arc::new(ActionContext::of(self.host)));
            if let Some(context) = context.downcast_ref::<Arc<T>>() {
                return Ok(context);
            }
        }
        Err(missing::<T>())
    }
}

/// Whether `T` is what every engine provides by itself.
pub(super) fn is_context<T: ?Sized + 'static>() -> bool {
    std::any::TypeId::of::<T>() == std::any::TypeId::of::<ActionContext>()
}

#[cold]
pub(super) fn missing<T: ?Sized + 'static>() -> ActionError {
    let resource = short_type_name::<T>();
    ActionError::fatal(format_args!("the engine was not given the resource `{resource}`"))
}
