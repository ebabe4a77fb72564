//! What happened in a run, as it is written down and read again.

pub(crate) mod entry;
pub(crate) mod recorded;
pub(crate) mod sent;
pub(crate) mod timeline;
