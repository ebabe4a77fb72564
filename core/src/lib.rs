//! User-built workflows that are right before they run.
#![deny(missing_docs)]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod action;
mod ancestors;
pub mod build;
mod builtin;
mod check;
mod checked;
mod clock;
mod compare;
mod diagnostic;
mod engine;
mod event;
mod export;
mod fault;
mod graph;
mod groups;
mod key;
mod limits;
mod loader;
mod map;
mod plan;
mod policy;
pub mod prelude;
mod presence;
mod reference;
mod registry;
mod repair;
mod rule;
mod run;
pub mod runtime;
mod scope;
mod scope_at;
mod secrets;
mod source;
mod step;
mod suggest;
mod template;
pub mod testing;
mod view;
mod workflow;

pub use action::{
    Action, ActionBuilder, ActionCall, ActionContext, ActionDefinition, ActionError, ActionInput,
    ActionOutput, ActionResult, Bound, BoxFuture, Constraint, EdgeCondition, EdgeDefinition, EdgeTest,
    EdgesDefinition, InputDefinition, Need, OwnedActionCall, Resources,
};
pub use checked::CheckedWorkflow;
pub use clock::Clock;
pub use compare::{Change, Changed, Changes, How, Parting, TypeChange};
pub use diagnostic::{
    Code, Diagnostic, Edit, Fix, Level, Pointer, PointerError, Related, Report, Severity, UnknownCode, sarif,
};
pub use engine::{Engine, EngineBuilder, EventRefused, MissingResource, MissingResources, RunError};
pub use event::Event;
pub use export::Graph;
pub use flowright_macros::{engine_action, test_workflows};
pub use key::Key;
pub use limits::Limits;
pub use loader::Loader;
pub use policy::Policy;
pub use registry::{ExportedError, Mode, Registry, RegistryBuilder, RegistryError, RegistryFault};
pub use repair::{Repair, Repaired, Unrepaired};
pub use run::{
    ActionStatus, Cause, Failure, Happened, InputFault, ObservedAction, Outcome, OutputError, Run,
    RunObserver, RunProgress, Status,
};
pub use scope_at::{InputInScope, KindInScope, PresenceInScope, RefInScope, ScopeAt, VerdictInScope};
pub use source::{Source, SourceError, WriteError};
pub use step::{EventSender, SendError, Step};
pub use workflow::{Conditional, Test, Workflow, WorkflowAction, WorkflowEdge};
