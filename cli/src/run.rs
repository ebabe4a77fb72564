//! `run`: a workflow, checked and run.

use crate::arguments::Run;
use crate::check;
use crate::files;
use crate::output::{self, Exit};
use flowright::{Engine, Event, Outcome};
use std::fmt::Write as _;

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
    match runtime.block_on(engine.run(&workflow, event)) {
        Ok(outcome) => {
            let shown = if run.trace { trace(&outcome) } else { format!("{:#}\n", outcome.to_json()) };
            output::print(&shown)?;
            Ok(if outcome.is_completed() { Exit::Clean } else { Exit::Faulty })
        }
        Err(error) => {
            output::complain(&error);
            Ok(Exit::Faulty)
        }
    }
}

/// Each action in the order of the document: how far it came, and its output.
fn trace(outcome: &Outcome) -> String {
    let mut trace = String::new();
    for (id, status) in outcome.actions() {
        let output = outcome.value(id).map_or_else(String::new, |output| format!(": {output}"));
        let _ = writeln!(trace, "{id} {status}{output}");
    }
    let end =
        outcome.failure().map_or_else(|| "completed".to_owned(), |failure| format!("failed: {failure}"));
    trace + &end + "\n"
}
