//! User-built workflows that are right before they run.
#![deny(missing_docs)]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod action;
mod limits;
pub mod prelude;
mod template;
mod view;

pub use action::{
    Action, ActionBuilder, ActionCall, ActionContext, ActionDefinition, ActionError, ActionInput,
    ActionOutput, ActionResult, Bound, Constraint, EdgeCondition, EdgeDefinition, EdgeTest, EdgesDefinition,
    InputDefinition, Need, OwnedActionCall, Resources,
};
pub use flowright_macros::engine_action;
pub use limits::Limits;
