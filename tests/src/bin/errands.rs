//! A command line with actions that leave their traces in files, for the tests of `run --journal`.

use flowright::prelude::*;
use std::fs::OpenOptions;
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

fn append(file: &str, line: &str) -> Result<(), ActionError> {
    let opened = OpenOptions::new().create(true).append(true).open(file);
    opened.and_then(|mut file| writeln!(file, "{line}")).map_err(ActionError::fatal)
}

/// Append a line to a file
#[engine_action]
fn note(text: String, file: String) -> Result<String, ActionError> {
    append(&file, &text)?;
    Ok(text)
}

/// Sleep as a step, which ends when it was going to end
#[engine_action]
async fn nap(step: &Step, ms: u64) -> Result<(), ActionError> {
    step.sleep("nap", Duration::from_millis(ms)).await
}

/// Work for a while, with a line when it begins and one when it ends
#[engine_action]
async fn work(ms: u64, file: String) -> Result<(), ActionError> {
    append(&file, "begun")?;
    tokio::time::sleep(Duration::from_millis(ms)).await;
    append(&file, "ended")
}

/// Wait for an approval
#[engine_action]
async fn approval(step: &Step) -> Result<String, ActionError> {
    let by = step.wait_for_event::<String>("approved", None).await?;
    by.ok_or_else(|| ActionError::fatal("nobody approved"))
}

/// Fail
#[engine_action]
fn fail(why: String) -> Result<(), ActionError> {
    Err(ActionError::fatal(why))
}

fn engine() -> Result<Engine, Box<dyn std::error::Error>> {
    let registry = Registry::builder().actions(actions![note, nap, work, approval, fail]);
    let registry = registry.event::<String>("go").event::<String>("approved").build()?;
    Ok(Engine::builder(registry).build()?)
}

fn main() -> ExitCode {
    flowright_cli::main(engine())
}
