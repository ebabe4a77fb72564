//! One run, executed as far as it goes here.

pub(crate) mod pause;
mod runtime;
pub(crate) mod steps;
pub(crate) mod unawaited;
pub(crate) mod untaken;

use crate::error::JournalError;
use crate::execution::runtime::{Durable, Stop};
use crate::execution::steps::{Hosts, Kept};
use crate::file::journal::Journal;
use crate::history::entry::Entry;
use crate::history::recorded::Recorded;
use crate::history::sent::Sent;
use crate::run::{RunRow, RunStatus, Submission, seal_outcome};
use crate::time::after;
use crate::work::caught;
use flowright::{CheckedWorkflow, Engine, Event, Report};
use futures_util::FutureExt;
use rusqlite::Connection;
use serde_json::Value;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How long until a run is tried again that could not go on.
const AGAIN: Duration = Duration::from_secs(1);

/// Why a run is parked that panicked.
const PANICKED: &str = "something panicked while it was executed: an action, an observer or a serializer; mend it, and \
                        resume the run";

/// When a run is due that need not wait, whatever the clock shows later.
const AT_ONCE: i64 = 0;

/// Executes a run as far as it goes, and writes what becomes of it.
pub(crate) async fn execute(journal: &Journal, kept: &Arc<Kept>, run: RunRow, stopping: Arc<AtomicBool>) {
    if let Err(error) = caught::in_time(to_its_end(journal, kept, run, stopping)).await {
        tracing::error!(run = kept.id, %error, "what became of the run cannot be written, and it is executed again");
        tokio::time::sleep(AGAIN).await;
    }
}

async fn to_its_end(
    journal: &Journal,
    kept: &Arc<Kept>,
    run: RunRow,
    stopping: Arc<AtomicBool>,
) -> Result<(), JournalError> {
    let went = AssertUnwindSafe(came_to(journal, kept, run, stopping)).catch_unwind().await;
    let end = match went {
        Ok(Ok(end)) => end,
        Ok(Err(error)) if error.is_damage() => {
            tracing::error!(run = kept.id, %error, "the run is set aside");
            End::Damaged { why: error.to_string() }
        }
        Ok(Err(error @ JournalError::Key(_))) => End::Parked { report: error.to_string().into() },
        Ok(Err(error)) => {
            tracing::error!(run = kept.id, %error, "the run cannot go on, and is tried again");
            End::Later { due_ms: after(kept.engine.now(), AGAIN), events: Vec::new() }
        }
        Err(_) => End::Parked { report: PANICKED.into() },
    };
    match end.write(kept) {
        Some(write) => kept.try_write(write).await,
        None => Ok(()),
    }
}

/// What becomes of a run that this worker had.
#[derive(Clone, Debug)]
enum End {
    Finished {
        status: RunStatus,
        /// What it came to, as people may read it.
        readable: Value,
        /// The whole of it, where it has secrets.
        sealed: Option<Vec<u8>>,
    },
    Parked {
        report: Value,
    },
    Damaged {
        why: String,
    },
    /// It goes on later, or when one of these events comes.
    Later {
        due_ms: i64,
        events: Vec<String>,
    },
    /// Another worker has it, or it was cancelled.
    Lost,
}

/// Executes a run as far as it goes.
async fn came_to(
    journal: &Journal,
    kept: &Arc<Kept>,
    run: RunRow,
    stopping: Arc<AtomicBool>,
) -> Result<End, JournalError> {
    let vault = journal.vault();
    let (submission, entries) = journal.read(|connection| {
        let submission = Submission::of(connection, vault, (run.number, &run.id))?;
        let run = RunRow::claimed(connection, kept.claimed)?;
        Sent::check(connection, &run)?;
        Ok((submission, Entry::of(connection, vault, &run)?))
    })?;
    submission.check_opened(vault, &run.id)?;
    for entry in &entries {
        entry.check_opened(vault, &run.id)?;
    }
    let recorded = Recorded::of(entries)?;
    let workflow = match checked(&kept.engine, &submission) {
        Ok(workflow) => workflow,
        Err(report) => return Ok(End::Parked { report: report.to_json() }),
    };
    let unfit = recorded.outputs().find_map(|(id, output)| workflow.takes_output(id, output).err());
    if let Some(message) = unfit {
        return Ok(End::Parked { report: message.into() });
    }
    if workflow.has_secrets() {
        journal.unlock().await?;
    }
    let steps = Mutex::new(recorded.steps());
    let hosts = Arc::new(Hosts { kept: Arc::clone(kept), workflow: workflow.clone(), steps });
    let durable = match kept.engine.durable_run(&workflow, &run.id, Event::from(submission.event), hosts) {
        Ok(durable) => durable,
        Err(error) => return Ok(End::Parked { report: Value::from(error.to_string()) }),
    };
    let deadline = kept.engine.deadline().map(|deadline| {
        (run.created_ms.saturating_add(i64::try_from(deadline.as_millis()).unwrap_or(i64::MAX)), deadline)
    });
    let mut runtime = Durable::new(kept, &workflow, recorded, stopping, deadline);
    Ok(match durable.drive(&mut runtime).await {
        Ok(outcome) => {
            let status = if outcome.is_completed() { RunStatus::Completed } else { RunStatus::Failed };
            let (whole, readable) = (outcome.to_json(), outcome.to_json_without_secrets());
            let sealed = (whole != readable).then(|| seal_outcome(vault, &run.id, &whole)).transpose()?;
            End::Finished { status, readable, sealed }
        }
        Err(Stop::Waits(pauses)) => {
            let due =
                pauses.iter().filter_map(|pause| pause.due_ms).chain(deadline.map(|(due_ms, _)| due_ms));
            let due_ms = due.min().unwrap_or(i64::MAX);
            End::Later { due_ms, events: pauses.into_iter().filter_map(|pause| pause.event).collect() }
        }
        Err(Stop::Stopping) => End::Later { due_ms: AT_ONCE, events: Vec::new() },
        Err(Stop::Misfit(message)) => End::Parked { report: message.into() },
        Err(Stop::Journal(JournalError::Lost)) => End::Lost,
        Err(Stop::Journal(error)) => return Err(error),
    })
}

/// The document, checked against today's actions.
fn checked(engine: &Engine, submission: &Submission) -> Result<CheckedWorkflow, Report> {
    let document = submission.document.as_str();
    match &submission.trigger {
        Some(event) => engine.registry().check_for(event, document),
        None => engine.registry().check(document),
    }
}

impl End {
    /// What is written of it, where the worker still has the run.
    fn write(
        self,
        kept: &Kept,
    ) -> Option<impl Fn(&Connection) -> Result<(), JournalError> + Clone + Send + 'static> {
        if matches!(self, End::Lost) {
            return None;
        }
        let (claimed, now_ms) = (kept.claimed, kept.now_ms());
        let unawaited = Arc::clone(&kept.unawaited);
        Some(move |connection: &Connection| {
            if !matches!(self, End::Damaged { .. }) {
                unawaited.catch_up(connection, claimed).or_else(|error| match error {
                    JournalError::Lost => Ok(()),
                    error => Err(error),
                })?;
            }
            let mut run = match RunRow::claimed(connection, claimed) {
                Ok(run) => run,
                // It is another's by now, and there is nothing to say.
                Err(JournalError::Lost) => return Ok(()),
                Err(error) if error.is_damage() => {
                    return RunRow::set_aside(connection, claimed.run, &error.to_string());
                }
                Err(error) => return Err(error),
            };
            run.worker = None;
            match &self {
                End::Finished { status, readable, sealed } => {
                    (run.status, run.finished_ms) = (*status, Some(now_ms));
                    (run.outcome, run.sealed) = (Some(readable.to_string()), sealed.clone());
                }
                End::Parked { report } => {
                    (run.status, run.outcome) = (RunStatus::Parked, Some(report.to_string()));
                }
                End::Damaged { why } => {
                    let why = Value::from(why.as_str()).to_string();
                    (run.status, run.outcome) = (RunStatus::Damaged, Some(why));
                }
                End::Later { due_ms, events } => {
                    let came = Sent::any_waits(connection, run.number, events)?;
                    (run.status, run.due_ms) = (RunStatus::Waiting, if came { AT_ONCE } else { *due_ms });
                }
                End::Lost => return Ok(()),
            }
            run.store(connection)
        })
    }
}
