//! What is due is claimed and executed, and what others do to runs is heard.

use crate::error::JournalError;
use crate::execution;
use crate::execution::pause::Pauses;
use crate::execution::steps::Kept;
use crate::execution::untaken::Untaken;
use crate::file::journal::Journal;
use crate::history::entry::Claimed;
use crate::run::{Asks, RunRow};
use crate::time::to_ms;
use crate::work::caught;
use crate::work::colleagues::{Colleagues, Dead};
use crate::work::lease::Lease;
use flowright::Engine;
use futures_util::task::AtomicWaker;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

/// How often it is looked what is due, and what others have changed.
const LOOK: Duration = Duration::from_millis(20);

/// How long until it is looked again where that failed.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// What a worker knows of its runs.
pub(crate) struct Office {
    journal: Journal,
    engine: Engine,
    most: u32,
    lease: Arc<Lease>,
    colleagues: Colleagues,
    grace: Duration,
    runs: JoinSet<Claimed>,
    kept: HashMap<i64, Arc<Kept>>,
    stopping: Arc<AtomicBool>,
    /// The file was found damaged: no more runs are taken.
    damaged: Arc<AtomicBool>,
    /// The latest event that runs were told of; none before the first look.
    seen: Option<i64>,
}

impl Office {
    pub(crate) fn new(
        journal: Journal,
        engine: Engine,
        most: u32,
        lease: Arc<Lease>,
        grace: Duration,
        damaged: Arc<AtomicBool>,
    ) -> Self {
        let colleagues = Colleagues::of(lease.name(), lease.duration());
        Office {
            journal,
            engine,
            most,
            lease,
            colleagues,
            grace,
            runs: JoinSet::new(),
            kept: HashMap::new(),
            stopping: Arc::default(),
            damaged,
            seen: None,
        }
    }

    /// Works until it is told to stop, or nobody is left to tell it.
    pub(crate) async fn work(mut self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() && stop.has_changed().is_ok() {
            let mut pause = LOOK;
            if let Err(error) = caught::in_time(self.look()).await {
                pause = LOOK_AGAIN;
                if let JournalError::Panicked(_) = error {
                    tracing::error!(%error, "the worker cannot look at the journal, and tries again");
                } else {
                    tracing::warn!(%error, "the journal cannot be used, and is tried again");
                }
            }
            let journal = self.journal.clone();
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = journal.changed().notified() => {}
                Some(ended) = self.runs.join_next(), if !self.runs.is_empty() => self.forget(ended.ok()),
                _ = stop.changed() => {}
            }
        }
        self.stopping.store(true, Ordering::Relaxed);
        self.kept.values().for_each(|kept| kept.waker.wake());
        let told = Instant::now();
        while !self.runs.is_empty() && told.elapsed() < self.grace {
            if let Err(error) = self.drop_lost() {
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
        if let Some(ended) = ended
            && self.kept.get(&ended.run).is_some_and(|kept| kept.claimed == ended)
        {
            self.kept.remove(&ended.run);
        }
        self.journal.changed().notify_waiters();
    }

    /// Looks what is due, what was sent, and what was cancelled.
    async fn look(&mut self) -> Result<(), JournalError> {
        while let Some(ended) = self.runs.try_join_next() {
            self.forget(ended.ok());
        }
        self.ring()?;
        self.drop_lost()?;
        let dead = self.colleagues.look(&self.journal)?;
        self.claim(&dead).await?;
        dead.remove(&self.journal).await
    }

    /// Takes what is due, as far as there is room for it.
    async fn claim(&mut self, dead: &Dead) -> Result<(), JournalError> {
        let free = self.most.saturating_sub(u32::try_from(self.runs.len()).unwrap_or(u32::MAX));
        if free == 0 || !self.lease.is_held() || self.damaged.load(Ordering::Relaxed) {
            return Ok(());
        }
        let asks = Asks { worker: self.lease.name().to_owned(), own: self.own(), dead: dead.clone() };
        let now_ms = to_ms(self.engine.now());
        if !self.journal.read(|connection| asks.any(connection, now_ms))? {
            return Ok(());
        }
        let claimed = self.journal.writer().write(move |connection| asks.claim(connection, now_ms, free));
        for run in claimed.await? {
            self.execute(run);
        }
        Ok(())
    }

    /// The numbers of the runs that it has, as JSON.
    fn own(&self) -> String {
        self.kept.keys().copied().collect::<Value>().to_string()
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
                kept.ring();
            }
        }
        Ok(())
    }

    /// Stops the runs that somebody cancelled, and those that another worker has taken over.
    fn drop_lost(&self) -> Result<(), JournalError> {
        if self.kept.is_empty() {
            return Ok(());
        }
        let claims = self.kept.values().map(|kept| json!([kept.claimed.run, kept.claimed.claim]));
        let claims = claims.collect::<Value>().to_string();
        let lost: Vec<i64> = self.journal.read(|connection| {
            let mut select = connection.prepare_cached(
                "select held.value ->> 0 from json_each(?1) as held where not exists (select 1 from run \
                 where number = held.value ->> 0 and claim = held.value ->> 1 and finished_ms is null)",
            )?;
            let rows = select.query_map([claims], |row| row.get(0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })?;
        for kept in lost.iter().filter_map(|number| self.kept.get(number)) {
            kept.stopped.send_replace(Some(JournalError::Lost));
        }
        Ok(())
    }

    /// Leaves its runs to others.
    async fn release(&self) {
        self.lease.give_up();
        let name = self.lease.name().to_owned();
        let released = self.journal.writer().write(move |connection| {
            let mut select =
                connection.prepare("select number from run where worker = ?1 and finished_ms is null")?;
            let runs: Vec<i64> = select.query_map([&name], |row| row.get(0))?.collect::<Result<_, _>>()?;
            for run in runs {
                if let Ok(Some(mut run)) = RunRow::get(connection, run) {
                    run.worker = None;
                    run.store(connection)?;
                }
            }
            connection.execute("delete from worker where name = ?1", [&name])?;
            Ok(())
        });
        if let Err(error) = released.await {
            tracing::warn!(%error, "the runs of the worker are free when its lease ends");
        }
    }

    fn execute(&mut self, run: RunRow) {
        let claimed = Claimed { run: run.number, claim: run.claim };
        let kept = Arc::new(Kept {
            claimed,
            id: run.id.clone(),
            unawaited: Arc::default(),
            journal: self.journal.clone(),
            vault: Arc::clone(self.journal.vault()),
            lease: Arc::clone(&self.lease),
            engine: self.engine.clone(),
            pauses: Pauses::default(),
            events: Notify::new(),
            untaken: Untaken::default(),
            waker: AtomicWaker::new(),
            stopped: watch::Sender::new(None),
            unwritten: AtomicUsize::new(0),
        });
        self.kept.insert(run.number, Arc::clone(&kept));
        let (journal, stopping) = (self.journal.clone(), Arc::clone(&self.stopping));
        self.runs.spawn(async move {
            execution::execute(&journal, &kept, run, stopping).await;
            claimed
        });
    }
}
