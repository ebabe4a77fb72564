//! Running a checked workflow.

mod begun;
mod budget;
mod condition;
mod drive;
mod durable;
mod failure;
mod inputs;
mod machine;
mod memory;
mod outcome;
mod rule;
mod size;

pub(crate) use budget::{bytes_as_text, deep};
pub(crate) use condition::{is_equal, is_truthy};
pub(crate) use size::{TooDeep, dismantle, size};

pub use begun::Run;
pub use drive::{Ended, Kept, Next, Runtime, Start, Started};
pub use durable::DurableRun;
pub use failure::{Cause, Failure, InputFault};
pub use outcome::{ActionStatus, Outcome, OutputError, Status};
