//! A run: what was submitted, and how far it is.

mod free;
mod record;
mod row;
mod status;
mod submission;

pub(crate) use free::Asks;
pub use record::RunRecord;
pub(crate) use record::seal_outcome;
pub(crate) use row::RunRow;
pub use status::RunStatus;
pub(crate) use submission::Submission;
