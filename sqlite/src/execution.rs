//! One run, executed as far as it goes here.

use crate::entry::{Claimed, Entry};
use crate::error::JournalError;
use crate::journal::Journal;
use crate::recorded::Recorded;
use crate::run::{RunRecord, RunStatus};
use crate::runtime::{Durable, Stop};
use crate::steps::{Hosts, Kept};
use crate::time::after;
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

/// When a run is due that need not wait, whatever the clock shows later.
const AT_ONCE: i64 = 0;

/// Executes a run as far as it goes, and writes what becomes of it.
pub(crate) async fn execute(journal: &Journal, kept: &Arc<Kept>, run: RunRecord, stopping: Arc<AtomicBool>) {
    let went = AssertUnwindSafe(came_to(journal, kept, run, stopping)).catch_unwind().await;
    let end = match went {
        Ok(Ok(end)) => end,
        Ok(Err(error @ JournalError::Damaged(_))) => End::Parked { report: error.to_string().into() },
        Ok(Err(error)) => {
            tracing::error!(run = kept.id, %error, "the run cannot go on, and is tried again");
            End::Later { due_ms: after(kept.engine.now(), AGAIN), events: Vec::new() }
        }
        Err(_) => End::Parked { report: "an action panicked; mend it, and resume the run".into() },
    };
    if let Some(write) = end.write(kept)
        && let Err(error) = kept.try_write(write).await
    {
        tracing::error!(run = kept.id, %error, "what became of the run cannot be written, and it is executed again");
        tokio::time::sleep(AGAIN).await;
    }
}

/// What becomes of a run that this worker had.
#[derive(Clone, Debug)]
enum End {
    Finished {
        status: RunStatus,
        outcome: Value,
    },
    Parked {
        report: Value,
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
    run: RunRecord,
    stopping: Arc<AtomicBool>,
) -> Result<End, JournalError> {
    let entries = journal.read(|connection| Entry::of(connection, run.number))?;
    let recorded = Recorded::of(entries)?;
    let workflow = match checked(&kept.engine, &run) {
        Ok(workflow) => workflow,
        Err(report) => return Ok(End::Parked { report: report.to_json() }),
    };
    let unfit = recorded.outputs().find_map(|(id, output)| workflow.takes_output(id, output).err());
    if let Some(message) = unfit {
        return Ok(End::Parked { report: message.into() });
    }
    let steps = Mutex::new(recorded.steps());
    let hosts = Arc::new(Hosts { kept: Arc::clone(kept), steps });
    let durable = match kept.engine.durable_run(&workflow, &run.id, Event::from(run.event), hosts) {
        Ok(durable) => durable,
        Err(error) => return Ok(End::Parked { report: Value::from(error.to_string()) }),
    };
    let deadline = kept.engine.deadline().map(|deadline| {
        (run.created_ms.saturating_add(i64::try_from(deadline.as_millis()).unwrap_or(i64::MAX)), deadline)
    });
    let mut runtime = Durable::new(kept, recorded, stopping, deadline);
    Ok(match durable.drive(&mut runtime).await {
        Ok(outcome) => {
            let status = if outcome.is_completed() { RunStatus::Completed } else { RunStatus::Failed };
            End::Finished { status, outcome: outcome.to_json() }
        }
        Err(Stop::Waits(pauses)) => {
            let due =
                pauses.iter().filter_map(|pause| pause.due_ms).chain(deadline.map(|(due_ms, _)| due_ms));
            let due_ms = due.min().unwrap_or(i64::MAX);
            End::Later { due_ms, events: pauses.into_iter().filter_map(|pause| pause.event).collect() }
        }
        Err(Stop::Stopping) => End::Later { due_ms: AT_ONCE, events: Vec::new() },
        Err(Stop::Journal(JournalError::Lost)) => End::Lost,
        Err(Stop::Journal(error)) => return Err(error),
    })
}

/// The document, checked against today's actions.
fn checked(engine: &Engine, run: &RunRecord) -> Result<CheckedWorkflow, Report> {
    match &run.trigger {
        Some(event) => engine.registry().check_for(event, run.document.as_str()),
        None => engine.registry().check(run.document.as_str()),
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
        let (Claimed { run, claim }, now_ms) = (kept.claimed, kept.now_ms());
        Some(move |connection: &Connection| {
            let (status, outcome, finished_ms, due_ms) = match &self {
                End::Finished { status, outcome } => (*status, Some(outcome), Some(now_ms), now_ms),
                End::Parked { report } => (RunStatus::Parked, Some(report), None, now_ms),
                End::Later { due_ms, events } => {
                    let due_ms = if came(connection, run, events)? { AT_ONCE } else { *due_ms };
                    (RunStatus::Waiting, None, None, due_ms)
                }
                End::Lost => return Ok(()),
            };
            let mut update = connection.prepare_cached(
                "update run set status = ?3, outcome = ?4, finished_ms = ?5, due_ms = ?6, worker = null
                 where number = ?1 and claim = ?2 and worker is not null and finished_ms is null",
            )?;
            let outcome = outcome.map(Value::to_string);
            // Where it is another's by now, there is nothing to say.
            update.execute((run, claim, status.as_str(), outcome, finished_ms, due_ms))?;
            Ok(())
        })
    }
}

/// Whether an event that the run waits for has come.
fn came(connection: &Connection, run: i64, events: &[String]) -> Result<bool, JournalError> {
    let mut select = connection.prepare_cached(
        "select exists (select 1 from event where run = ?1 and name = ?2 and taken_by is null)",
    )?;
    for event in events {
        if select.query_row((run, event), |row| row.get(0))? {
            return Ok(true);
        }
    }
    Ok(false)
}
