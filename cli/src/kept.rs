//! `run --journal`: a run that a journal keeps, executed here until it has ended.

use crate::arguments::Run;
use crate::interrupts::Interrupts;
use crate::outcome;
use crate::output::{self, Exit};
use crate::waits::Waits;
use flowright::{CheckedWorkflow, Engine, Event};
use flowright_sqlite::{Client, Journal, JournalError, RunRecord, RunStatus, RunningWorker, Worker};
use jiff::Timestamp;
use std::hash::{BuildHasher, RandomState};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// How often it is looked what the run waits for.
const LOOK: Duration = Duration::from_millis(500);

/// Submits the run, where it is not there yet, and works until it has ended.
pub(crate) async fn run(
    engine: &Engine,
    workflow: &CheckedWorkflow,
    event: Event,
    file: &Path,
    asked: &Run,
) -> Result<Exit, String> {
    let mut interrupts = Interrupts::heed().map_err(|error| format!("signals cannot be heeded: {error}"))?;
    let journal = Journal::open(file).map_err(|error| error.to_string())?;
    let client = journal.client(engine.registry());
    let id = asked.id.clone().unwrap_or_else(new_id);
    match client.submit(&id, workflow, event).await {
        Err(JournalError::Event(refused)) => {
            output::complain(&refused);
            return Ok(Exit::Faulty);
        }
        submitted => submitted.map_err(|error| error.to_string())?,
    };
    if asked.id.is_none() {
        output::note(&format_args!(
            "the run is `{id}`; where it is interrupted, the same command with `--id {id}` goes on with it"
        ));
    }
    let found = client.get(&id).map_err(|error| error.to_string())?;
    if let Some(exit) = shown(&found, file, asked.trace)? {
        return Ok(exit);
    }
    let worker = Worker::new(&journal, engine.clone()).start().map_err(|error| error.to_string())?;
    let ended = tokio::select! {
        ended = ended(&client, &id) => Some(ended.map_err(|error| error.to_string())?),
        () = interrupts.next() => None,
    };
    let exit = ended.map_or(Ok(None), |run| shown(&run, file, asked.trace))?;
    if exit.is_none() {
        output::note(&format_args!(
            "interrupted: waiting for the actions that are under way, unless interrupted again; the run goes on when \
             the same command is given again with `--id {id}`"
        ));
    }
    stop(worker, &mut interrupts).await;
    Ok(exit.unwrap_or(Exit::Interrupted))
}

/// An id that no other run has.
fn new_id() -> String {
    format!("run-{:016x}", RandomState::new().hash_one((std::process::id(), SystemTime::now())))
}

/// Waits until the run has ended or is parked, and says what it waits for itself.
async fn ended(client: &Client, id: &str) -> Result<RunRecord, JournalError> {
    let mut waits = Waits::default();
    loop {
        match tokio::time::timeout(LOOK, client.wait(id)).await {
            Ok(Err(error)) if error.is_passing() => tokio::time::sleep(LOOK).await,
            Ok(ended) => return ended,
            Err(_) => match waiting(client, id, &mut waits) {
                Err(error) if !error.is_passing() => return Err(error),
                _ => {}
            },
        }
    }
}

fn waiting(client: &Client, id: &str, waits: &mut Waits) -> Result<(), JournalError> {
    if client.get(id)?.status != RunStatus::Waiting {
        return Ok(());
    }
    for wait in waits.news(&client.timeline(id)?, Timestamp::now().as_millisecond()) {
        output::note(&wait);
    }
    Ok(())
}

/// Lets what is under way end, unless there is another interrupt.
async fn stop(worker: RunningWorker, interrupts: &mut Interrupts) {
    tokio::select! {
        () = worker.stop() => {}
        () = interrupts.next() => {}
    }
}

/// Prints what the run came to, where it came to something.
fn shown(run: &RunRecord, file: &Path, trace: bool) -> Result<Option<Exit>, String> {
    let id = &run.id;
    match run.status {
        RunStatus::Queued | RunStatus::Running | RunStatus::Waiting => return Ok(None),
        RunStatus::Completed | RunStatus::Failed => return outcome::print(&run.outcome, trace).map(Some),
        RunStatus::Cancelled => output::complain(&format_args!("the run `{id}` was cancelled")),
        RunStatus::Parked => output::complain(&format_args!(
            "the run `{id}` is parked: {}; mend it, say `runs resume {id} --journal {}`, and run it again",
            outcome::why_set_aside(&run.outcome),
            file.display()
        )),
        RunStatus::Damaged => output::complain(&format_args!(
            "the run `{id}` is damaged: {}",
            outcome::why_set_aside(&run.outcome)
        )),
    }
    Ok(Some(Exit::Faulty))
}
