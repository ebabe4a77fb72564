//! Generates posts for social networks when a blog post was updated. What is generated, and in which order, is up to
//! a workflow that a user made: `social-posts [WORKFLOW] [--event FILE]`.

mod actions;
mod blog;
mod trace;
mod writer;

use actions::ACTIONS;
use blog::BlogPostUpdated;
use clap::Parser;
use flowright::prelude::*;
use flowright::{Outcome, Report, RunError, Source};
use std::error::Error;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use trace::Trace;
use writer::Writer;

/// Generate posts for social networks from a blog post
#[derive(Parser)]
struct Arguments {
    /// The workflow to check and run
    #[arg(default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/social-posts/workflow.json"), hide_default_value = true)]
    workflow: PathBuf,
    /// The event that starts it
    #[arg(long, value_name = "FILE")]
    #[arg(default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/social-posts/event.json"), hide_default_value = true)]
    event: PathBuf,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(outcome) if outcome.is_completed() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            match error.downcast_ref::<Report>() {
                Some(report) => eprintln!("{}", report.render(is_coloured())),
                None => eprintln!("error: {error}"),
            }
            // 1 for a workflow or an event that is wrong, 2 for a file that cannot be read.
            let is_wrong = error.is::<Report>() || error.is::<RunError>();
            ExitCode::from(if is_wrong { 1 } else { 2 })
        }
    }
}

async fn run(arguments: &Arguments) -> Result<Outcome, Box<dyn Error>> {
    let source = Source::file(shortest(&arguments.workflow))?;
    let registry = Registry::builder().actions(ACTIONS).event::<BlogPostUpdated>(blog::UPDATED).build()?;
    let workflow = registry.check(source)?;
    if !workflow.report().is_empty() {
        eprintln!("{}\n", workflow.report().render(is_coloured()));
    }

    let event = read_event(&arguments.event)?;
    let engine = Engine::builder(registry).resource(Writer { campaign: "social".to_owned() }).build()?;
    let outcome = engine.run(&workflow, event.clone()).await?;
    println!("{}", Trace { workflow: &workflow, event: &event, outcome: &outcome });
    Ok(outcome)
}

fn read_event(file: &Path) -> Result<Event, Box<dyn Error>> {
    Ok(Event::parse(Source::file(shortest(file))?)?)
}

/// The path from the current directory, where the file is inside it.
fn shortest(file: &Path) -> PathBuf {
    let here = std::env::current_dir().ok();
    here.and_then(|here| file.strip_prefix(here).ok()).unwrap_or(file).to_owned()
}

/// Whether the report goes to a terminal, and the user has nothing against colours: <https://no-color.org>.
fn is_coloured() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
