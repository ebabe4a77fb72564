//! Executes the runs that are due.

use crate::entry::{Claimed, Entry};
use crate::error::JournalError;
use crate::journal::Journal;
use crate::lease::Lease;
use crate::pause::Pauses;
use crate::recorded::Recorded;
use crate::run::{RunRecord, RunStatus};
use crate::runtime::{Durable, Stop};
use crate::steps::{Hosts, Kept};
use crate::time::{after, to_ms};
use flowright::{CheckedWorkflow, Engine, Event, Report};
use futures_util::FutureExt;
use futures_util::task::AtomicWaker;
use rusqlite::Connection;
use serde_json::Value;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::task::{JoinHandle, JoinSet};

/// How often it is looked what is due, and what others have changed.
const LOOK: Duration = Duration::from_millis(20);

/// How long until a run is tried again that could not go on.
const AGAIN: Duration = Duration::from_secs(1);

/// How long what is under way has to end when the worker stops.
const GRACE: Duration = Duration::from_secs(30);

/// Executes the runs of a journal that are due: those of this process and of others. Several workers may share a journal;
/// each run is executed by one.
#[derive(Debug)]
pub struct Worker {
    journal: Journal,
    engine: Engine,
    most: u32,
    lease: Duration,
    grace: Duration,
}

/// A worker at work.
#[derive(Debug)]
#[must_use = "it stops when this is dropped"]
pub struct RunningWorker {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl RunningWorker {
    /// Takes no more runs, starts no more actions, and waits for those that are under way to end and be kept. What only
    /// sleeps or waits, and what has not ended in time, goes on when a worker takes the run again.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        drop(self.task.await);
    }
}

impl Worker {
    /// A worker that executes the runs of this journal by this engine.
    pub fn new(journal: &Journal, engine: Engine) -> Self {
        Worker { journal: journal.clone(), engine, most: 256, lease: Duration::from_secs(5), grace: GRACE }
    }

    /// How many runs it has in memory at once; others wait for their turn. 256 unless set.
    #[must_use]
    pub fn max_runs(mut self, runs: u32) -> Self {
        self.most = runs.max(1);
        self
    }

    /// How long after the last sign of life of a worker another one takes its runs. Five seconds unless set.
    #[must_use]
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease.max(Duration::from_millis(100));
        self
    }

    /// How long the actions that are under way have to end when the worker is stopped. Thirty seconds unless set.
    #[must_use]
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// Begins to work, on the Tokio runtime that this is called in. It stops when what this gives is dropped; to wait until
    /// it has, call [`RunningWorker::stop`].
    pub fn start(self) -> Result<RunningWorker, JournalError> {
        let (stop, stopped) = watch::channel(false);
        let lease = Lease::hold(&self.journal, self.engine.clone(), self.lease);
        let office = Office {
            lease: lease.map_err(|error| JournalError::Thread(Arc::new(error)))?,
            name: name(),
            journal: self.journal,
            engine: self.engine,
            most: self.most,
            grace: self.grace,
            runs: JoinSet::new(),
            kept: HashMap::new(),
            stopping: Arc::default(),
            seen: None,
        };
        Ok(RunningWorker { stop, task: tokio::spawn(office.work(stopped)) })
    }
}

/// A name that no other worker has.
fn name() -> String {
    format!("{}-{:016x}", std::process::id(), RandomState::new().hash_one(std::time::SystemTime::now()))
}

struct Office {
    name: String,
    journal: Journal,
    engine: Engine,
    most: u32,
    lease: Arc<Lease>,
    grace: Duration,
    runs: JoinSet<Claimed>,
    kept: HashMap<i64, Arc<Kept>>,
    stopping: Arc<AtomicBool>,
    /// The latest event that runs were told of; none before the first look.
    seen: Option<i64>,
}

impl Office {
    async fn work(mut self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() && stop.has_changed().is_ok() {
            if let Err(error) = self.look().await {
                tracing::warn!(%error, "the journal cannot be used, and is tried again");
            }
            let journal = self.journal.clone();
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = journal.changed().notified() => {}
                Some(ended) = self.runs.join_next(), if !self.runs.is_empty() => self.forget(ended.ok()),
                _ = stop.changed() => {}
            }
        }
        self.stopping.store(true, Ordering::Relaxed);
        self.kept.values().for_each(|kept| kept.waker.wake());
        let over = tokio::time::Instant::now() + self.grace;
        while !self.runs.is_empty() && tokio::time::Instant::now() < over {
            if let Err(error) = self.drop_cancelled() {
                tracing::warn!(%error, "the journal cannot be used, and is tried again");
            }
            if let Ok(Some(ended)) = tokio::time::timeout(LOOK, self.runs.join_next()).await {
                self.forget(ended.ok());
            }
        }
        self.runs.shutdown().await;
        self.release().await;
    }

    fn forget(&mut self, ended: Option<Claimed>) {
        // A run that this worker has claimed again meanwhile is another one by now.
        if let Some(ended) = ended {
            self.lease.remove(ended);
            if self.kept.get(&ended.run).is_some_and(|kept| kept.claimed == ended) {
                self.kept.remove(&ended.run);
            }
        }
        self.journal.changed().notify_waiters();
    }

    /// Looks what is due, what was sent, and what was cancelled.
    async fn look(&mut self) -> Result<(), JournalError> {
        while let Some(ended) = self.runs.try_join_next() {
            self.forget(ended.ok());
        }
        self.ring()?;
        self.drop_cancelled()?;
        let free = self.most.saturating_sub(u32::try_from(self.runs.len()).unwrap_or(u32::MAX));
        if free == 0 || !self.is_due()? {
            return Ok(());
        }
        let (name, engine, lease) = (self.name.clone(), self.engine.clone(), self.lease.duration());
        let own = self.own();
        let claimed = self.journal.writer().write(move |connection| {
            let now = engine.now();
            RunRecord::claim(connection, &name, to_ms(now), after(now, lease), free, &own)
        });
        for run in claimed.await? {
            self.execute(run);
        }
        Ok(())
    }

    /// The numbers of the runs that it has, as JSON.
    fn own(&self) -> String {
        self.kept.keys().copied().collect::<Value>().to_string()
    }

    /// Whether there is a run to claim; looked up without writing.
    fn is_due(&self) -> Result<bool, JournalError> {
        let (now_ms, own) = (to_ms(self.engine.now()), self.own());
        self.journal.read(|connection| {
            let mut select = connection.prepare_cached(
                "select exists (select 1 from run where finished_ms is null and status <> 'parked' and due_ms <= ?1 \
                 and (worker is null or lease_ms < ?1) and number not in (select value from json_each(?2)))",
            )?;
            Ok(select.query_row((now_ms, &own), |row| row.get(0))?)
        })
    }

    /// Tells the runs that wait of what was sent.
    fn ring(&mut self) -> Result<(), JournalError> {
        let Some(seen) = self.seen else {
            // Runs look for what was sent before when they begin to wait.
            let latest = self.journal.read(|connection| {
                Ok(connection.query_row("select ifnull(max(number), 0) from event", [], |row| row.get(0))?)
            });
            self.seen = Some(latest?);
            return Ok(());
        };
        let sent: Vec<(i64, i64)> = self.journal.read(|connection| {
            let mut select = connection.prepare_cached("select number, run from event where number > ?1")?;
            let rows = select.query_map([seen], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })?;
        for (number, run) in sent {
            self.seen = self.seen.max(Some(number));
            if let Some(kept) = self.kept.get(&run) {
                kept.events.notify_waiters();
            }
        }
        Ok(())
    }

    /// Stops the runs that somebody cancelled.
    fn drop_cancelled(&self) -> Result<(), JournalError> {
        for (number, kept) in &self.kept {
            let ended: bool = self.journal.read(|connection| {
                let mut select =
                    connection.prepare_cached("select finished_ms is not null from run where number = ?1")?;
                Ok(select.query_row([number], |row| row.get(0))?)
            })?;
            if ended {
                kept.stopped.send_replace(Some(JournalError::Lost));
            }
        }
        Ok(())
    }

    /// Leaves its runs to others.
    async fn release(&self) {
        let name = self.name.clone();
        let released = self.journal.writer().write(move |connection| {
            let mut update = connection
                .prepare_cached("update run set worker = null where worker = ?1 and finished_ms is null")?;
            Ok(update.execute([name])?)
        });
        if let Err(error) = released.await {
            tracing::warn!(%error, "the runs of the worker are free when its lease ends");
        }
    }

    fn execute(&mut self, run: RunRecord) {
        let claimed = Claimed { run: run.number, claim: run.claim };
        self.lease.add(claimed);
        let kept = Arc::new(Kept {
            claimed,
            id: run.id.clone(),
            writer: self.journal.writer().clone(),
            lease: Arc::clone(&self.lease),
            engine: self.engine.clone(),
            pauses: Pauses::default(),
            events: Notify::new(),
            waker: AtomicWaker::new(),
            stopped: watch::Sender::new(None),
        });
        self.kept.insert(run.number, Arc::clone(&kept));
        let (journal, stopping) = (self.journal.clone(), Arc::clone(&self.stopping));
        self.runs.spawn(async move {
            let later = || End::Later { due_ms: after(kept.engine.now(), AGAIN), events: Vec::new() };
            let went = AssertUnwindSafe(came_to(&journal, &kept, run, stopping)).catch_unwind().await;
            let end = match went {
                Ok(Ok(end)) => end,
                Ok(Err(error @ JournalError::Damaged(_))) => End::Parked { report: error.to_string().into() },
                Ok(Err(error)) => {
                    tracing::error!(run = kept.id, %error, "the run cannot go on, and is tried again");
                    later()
                }
                Err(_) => End::Parked { report: "an action panicked; mend it, and resume the run".into() },
            };
            if let Some(write) = end.write(&kept)
                && let Err(error) = kept.try_write(write).await
            {
                tracing::error!(run = kept.id, %error, "the run is left to the end of its lease");
            }
            claimed
        });
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
        Err(Stop::Stopping) => End::Later { due_ms: kept.now_ms(), events: Vec::new() },
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
                    let due_ms = if came(connection, run, events)? { now_ms } else { *due_ms };
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
