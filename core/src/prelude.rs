//! What a module with actions imports: `use flowright::prelude::*;`

pub use crate::action::{Action, ActionContext, ActionDefinition, ActionError};
pub use crate::actions;
pub use crate::engine::Engine;
pub use crate::event::Event;
pub use crate::registry::Registry;
pub use flowright_macros::engine_action;
