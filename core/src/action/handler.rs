//! How an action is called.

use super::call::ActionCall;
use super::error::{ActionError, ActionResult};
use std::pin::Pin;
use std::sync::Arc;

/// A future that lives no longer than the run it is part of.
pub type BoxFuture<'run, T> = Pin<Box<dyn Future<Output = T> + Send + 'run>>;

/// The function behind an action. Inputs are decoded before a future is made, so that none borrows the state.
#[derive(Clone)]
pub enum Handler {
    /// Answers at once.
    Sync(fn(ActionCall<'_, '_>) -> ActionResult),
    /// Answers by a future.
    Async(for<'run> fn(ActionCall<'_, 'run>) -> Result<BoxFuture<'run, ActionResult>, ActionError>),
    /// Made at run time: by a builder, or in place of another.
    Dynamic(Arc<dyn for<'call, 'run> Fn(ActionCall<'call, 'run>) -> Call<'run> + Send + Sync>),
}

/// A call under way.
pub enum Call<'run> {
    /// Has come to its end.
    Ready(ActionResult),
    /// Is still to be waited for.
    Pending(BoxFuture<'run, ActionResult>),
}

impl Handler {
    /// Calls the action.
    #[inline]
    pub fn call<'run>(&self, call: ActionCall<'_, 'run>) -> Call<'run> {
        match self {
            Handler::Sync(handler) => Call::Ready(handler(call)),
            Handler::Async(handler) => match handler(call) {
                Ok(future) => Call::Pending(future),
                Err(error) => Call::Ready(Err(error)),
            },
            Handler::Dynamic(handler) => handler(call),
        }
    }
}
