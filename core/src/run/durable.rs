//! A run whose runtime keeps it elsewhere.

use super::drive;
use super::outcome::Outcome;
use super::runtime::Runtime;
use crate::action::BoxFuture;
use crate::action::host::RunFacts;
use crate::checked::CheckedWorkflow;
use crate::engine::Engine;
use crate::event::Event;
use crate::step::StepHosts;
use std::fmt;
use std::sync::Arc;
use tracing::{Instrument, info_span};

/// A run that another runtime than the one in memory drives; made by [`Engine::durable_run`].
pub struct DurableRun {
    engine: Engine,
    workflow: CheckedWorkflow,
    facts: RunFacts,
    event_size: usize,
}

impl DurableRun {
    pub(crate) fn new(
        engine: &Engine,
        workflow: &CheckedWorkflow,
        id: &str,
        (event, event_size): (Event, usize),
        steps: Arc<dyn StepHosts>,
    ) -> Self {
        let facts = RunFacts {
            run_id: id.into(),
            event: Arc::new(event.into_value()),
            workflow: workflow.workflow().clone(),
            clock: engine.clock().clone(),
            steps,
        };
        DurableRun { engine: engine.clone(), workflow: workflow.clone(), facts, event_size }
    }

    /// Drives the run to its end, or as far as the runtime goes.
    pub fn drive<'d, 'run: 'd, R>(&'run self, runtime: &'d mut R) -> BoxFuture<'d, Result<Outcome, R::Error>>
    where
        R: Runtime<'run> + Send,
        R::Error: Send,
    {
        let span = info_span!("run", id = &*self.facts.run_id, workflow = self.workflow.workflow().name());
        Box::pin(async move {
            let mut run = drive::Run::new(&self.engine, &self.workflow, &self.facts, self.event_size);
            run.drive(runtime).instrument(span).await?;
            Ok(Outcome::new(self.workflow.clone(), run.into_parts()))
        })
    }
}

impl fmt::Debug for DurableRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DurableRun").field("id", &self.facts.run_id).finish_non_exhaustive()
    }
}
