//! What the expansions of macros name, and the fuzzer. No part of the interface: it changes without notice.

pub use crate::action::{
    Action, ActionBuilder, ActionCall, ActionDefault, ActionDefinition, ActionError, ActionFault,
    ActionInput, ActionResource, EdgeDefinition, Handler, InputDefinition, Returned, Returns, count, finish,
    flattened, join, text_of,
};
pub use crate::policy::Policy;
pub use crate::reference::{Parsed, PieceOf, RefRoot, Reference};
pub use crate::registry::Registry;
pub use crate::testing::golden::compare as compare_report;
pub use crate::testing::workflows::TestedWorkflows;
pub use std::boxed::Box;
pub use std::convert::Into;
pub use std::default::Default;
pub use std::result::Result;
pub use std::sync::OnceLock;
pub use std::time::Duration;

/// A string of a document, read for refs; nothing where one of them is malformed.
pub fn read_refs(text: &str) -> Option<Parsed> {
    crate::reference::parse(text, crate::Limits::default().path_segments).ok()
}

/// The traits that answer where no inherent item does.
pub mod otherwise {
    pub use crate::action::{ProducesNothing as _, ReturnedPlain as _, ReturnsPlain as _};
}
