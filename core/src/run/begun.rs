//! A run in memory, and what others may do while it goes on.

use super::memory;
use super::outcome::Outcome;
use crate::action::host::RunFacts;
use crate::checked::CheckedWorkflow;
use crate::engine::Engine;
use crate::event::Event;
use crate::step::{EventSender, InMemory, Inbox};
use std::fmt;
use std::sync::Arc;
use tracing::{Instrument, info_span};

/// A run in memory; made by [`Engine::begin`]. It goes on while [`Run::outcome`] is polled, and ends where that is
/// dropped.
///
/// ```
/// use flowright::prelude::*;
/// use serde_json::json;
///
/// /// Wait for somebody's approval
/// #[engine_action]
/// async fn approval(step: &Step) -> Result<bool, ActionError> {
///     Ok(step.wait_for_event::<bool>("approved", None).await?.unwrap_or_default())
/// }
///
/// # futures_util::future::FutureExt::now_or_never(async {
/// let registry = Registry::builder().actions(actions![approval]).build()?;
/// let workflow = registry.check(r#"{
///     "actions": [{ "id": "1", "kind": "approval" }],
///     "edges": [{ "from": "$source", "to": "1" }]
/// }"#)?;
/// let run = Engine::builder(registry).build()?.begin(&workflow, Event::new("order", json!(null)))?;
/// run.events().send("approved", json!(true))?;
/// assert_eq!(run.outcome().await.value("1"), Some(&json!(true)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).ok_or("pending")??;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Run {
    engine: Engine,
    workflow: CheckedWorkflow,
    facts: RunFacts,
    event_size: usize,
    events: EventSender,
}

impl Run {
    pub(crate) fn new(
        engine: &Engine,
        workflow: &CheckedWorkflow,
        id: Arc<str>,
        event: Event,
        event_size: usize,
    ) -> Self {
        let (registry, clock, inbox) =
            (engine.registry().clone(), engine.clock().clone(), Arc::<Inbox>::default());
        let events = EventSender::new(registry.clone(), Arc::clone(&inbox));
        let facts = RunFacts {
            run_id: Arc::clone(&id),
            event: Arc::new(event.into_value()),
            workflow: workflow.workflow().clone(),
            clock: clock.clone(),
            steps: Arc::new(InMemory::new(id, registry, clock, inbox)),
        };
        Run { engine: engine.clone(), workflow: workflow.clone(), facts, event_size, events }
    }

    /// What identifies the run.
    pub fn id(&self) -> &str {
        &self.facts.run_id
    }

    /// Sends events to the run, also while it goes on.
    pub fn events(&self) -> EventSender {
        self.events.clone()
    }

    /// Drives the run to its end.
    pub async fn outcome(self) -> Outcome {
        let Run { engine, workflow, facts, event_size, events: _ } = self;
        let span = info_span!("run", id = &*facts.run_id, workflow = workflow.workflow().name());
        let parts = memory::run(&engine, &workflow, &facts, event_size).instrument(span).await;
        Outcome::new(workflow, parts)
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run").field("id", &self.id()).finish_non_exhaustive()
    }
}
