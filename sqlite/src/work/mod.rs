//! A worker: which runs it takes and keeps, and which of its colleagues are dead.

pub(crate) mod beat;
pub(crate) mod caught;
pub(crate) mod colleagues;
pub(crate) mod lease;
pub(crate) mod office;
pub(crate) mod retention;
pub(crate) mod worker;
