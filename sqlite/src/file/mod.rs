//! The file: its tables, who writes to it, and whether it is as it was written.

pub(crate) mod altered;
pub(crate) mod journal;
pub(crate) mod place;
pub(crate) mod schema;
pub(crate) mod soundness;
pub(crate) mod sum;
pub(crate) mod vault;
pub(crate) mod wal;
pub(crate) mod writer;
