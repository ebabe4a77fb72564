//! What a workflow is made of: functions with named, typed inputs and one typed output.

mod builder;
mod call;
mod constraint;
mod context;
mod contract;
mod definition;
mod edges;
mod error;
pub(crate) mod handler;
pub(crate) mod host;
mod input;
mod list;
mod naming;
mod output;
mod record;
mod resources;
mod returned;
#[cfg(test)]
mod tests;

pub use builder::ActionBuilder;
pub use call::{ActionCall, OwnedActionCall};
pub use constraint::{Bound, Constraint};
pub use context::ActionContext;
pub(crate) use contract::decoded as decoded_segment;
pub use definition::{ActionDefinition, Need};
pub use edges::{EdgeCondition, EdgeDefinition, EdgeTest, EdgesDefinition};
pub use error::{ActionError, ActionFault, ActionResult};
pub use handler::{BoxFuture, Handler};
pub use input::{ActionDefault, ActionInput, InputDefinition, flattened};
pub use list::{count, join};
pub use naming::text_of;
pub use output::ActionOutput;
pub(crate) use record::ActionRecord;
pub use resources::{ActionResource, Resources};
pub use returned::{ProducesNothing, Returned, ReturnedPlain, Returns, ReturnsPlain, finish};

/// A function that workflows can use.
///
/// `#[engine_action]` on a function implements this for a type of the function's name. By hand, the definition
/// comes from [`ActionDefinition::builder`]:
///
/// ```
/// use flowright::{Action, ActionDefinition};
/// use serde_json::json;
///
/// struct Shout;
///
/// impl Action for Shout {
///     fn definition(&self) -> ActionDefinition {
///         ActionDefinition::builder("shout")
///             .input::<String>("text")
///             .output::<String>()
///             .handler(|call| Ok(json!(call.input::<String>("text")?.to_uppercase())))
///             .build()
///     }
/// }
///
/// assert_eq!(Shout.definition().kind(), "shout");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an action",
    label = "not an action",
    note = "write `#[engine_action]` on the function, or implement `flowright::Action` for the type"
)]
pub trait Action: Send + Sync {
    /// Everything there is to know of the action, and the function itself.
    fn definition(&self) -> ActionDefinition;
}

impl<A: Action + ?Sized> From<&A> for ActionDefinition {
    fn from(action: &A) -> Self {
        action.definition()
    }
}
