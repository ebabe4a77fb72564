//! Running a checked workflow.

mod attempt;
mod begun;
mod budget;
mod condition;
mod drive;
mod durable;
mod errand;
mod failure;
mod inputs;
mod machine;
mod masked;
mod memory;
mod observer;
mod outcome;
mod plain;
mod ready;
mod rule;
mod runtime;
mod size;
mod together;

pub(crate) use budget::{bytes_as_text, deep};
pub(crate) use condition::{is_equal, is_truthy};
pub(crate) use size::{TooDeep, dismantle, size};

pub use attempt::{Ended, Started, UnderWay};
pub use begun::Run;
pub use durable::DurableRun;
pub use errand::{Errand, ErrandContext, ErrandRun, HandedOver, Returned};
pub use failure::{Cause, Failure, InputFault};
pub use observer::{Happened, ObservedAction, RunObserver, RunProgress};
pub use outcome::{ActionStatus, Outcome, OutputError, Status};
pub use runtime::{Kept, Next, Runtime, Start};
