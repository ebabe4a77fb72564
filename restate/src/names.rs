//! What services and handlers are called in the cluster.

/// The workflow whose key is a run's id.
pub(crate) const RUN: &str = "FlowrightRun";

/// The service that makes attempts at actions.
pub(crate) const ATTEMPT: &str = "FlowrightAttempt";

/// The object that keeps the events of a run.
pub(crate) const INBOX: &str = "FlowrightInbox";
