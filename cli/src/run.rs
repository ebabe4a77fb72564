//! `run`: a workflow, checked and run.

use crate::arguments::Run;
use crate::check;
use crate::files;
use crate::kept;
use crate::outcome;
use crate::output::{self, Exit};
use flowright::{CheckedWorkflow, Engine, Event};
use tokio::runtime::Runtime;

pub(crate) fn run(engine: &Engine, run: &Run, color: bool) -> Result<Exit, String> {
    if run.file == "-" && run.event == "-" {
        return Err("the workflow and the event cannot both come from standard input".to_owned());
    }
    let source = files::read(&run.file).map_err(|file| file.message)?;
    let event = files::read(&run.event).map_err(|file| file.message)?;
    let event = match Event::parse(event) {
        Ok(event) => event,
        Err(report) => {
            output::note(&report.render(color));
            return Ok(Exit::Faulty);
        }
    };
    let registry = engine.registry();
    let trigger = event.name().filter(|name| registry.has_event(name));
    let Some(workflow) = check::checked(registry, trigger, source, color) else { return Ok(Exit::Faulty) };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("no runtime can be started: {error}"))?;
    let Some(journal) = &run.journal else { return in_memory(&runtime, engine, &workflow, event, run.trace) };
    let ended = runtime.block_on(kept::run(engine, &workflow, event, journal, run));
    // An action that blocks its thread does not hold up a command that is over.
    runtime.shutdown_background();
    ended
}

fn in_memory(
    runtime: &Runtime,
    engine: &Engine,
    workflow: &CheckedWorkflow,
    event: Event,
    trace: bool,
) -> Result<Exit, String> {
    match runtime.block_on(engine.run(workflow, event)) {
        Ok(outcome) => outcome::print(&outcome.to_json(), trace),
        Err(error) => {
            output::complain(&error);
            Ok(Exit::Faulty)
        }
    }
}
