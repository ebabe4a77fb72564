//! The runs that a worker may take.

use super::row::RunRow;
use super::status::RunStatus;
use crate::error::JournalError;
use crate::work::beat::Found;
use crate::work::colleagues::Dead;
use rusqlite::Connection;
use serde_json::Value;

/// Who asks for runs.
#[derive(Clone, Debug)]
pub(crate) struct Asks {
    /// The worker.
    pub(crate) worker: String,
    /// The numbers of the runs that it has or cannot execute, as JSON.
    pub(crate) own: String,
    /// Whose runs are free.
    pub(crate) dead: Dead,
}

/// That a run is due, and that no living worker has it. What is claimed for a worker that does not know of it is free as
/// well. The parameters are the worker, the time, the runs it has, and the workers: those that live, and of the others
/// those whose runs are free, or null where all are.
const IS_FREE: &str = "finished_ms is null and status not in ('parked', 'damaged') and due_ms <= ?2 \
     and number not in (select value from json_each(?3)) and (worker is null or worker = ?1 or ( \
         worker not in (select value from json_each(?4)) \
         and (?5 is null or worker in (select value from json_each(?5)))))";

impl Asks {
    /// The names of the workers that live, and of those that are dead, as JSON; the latter only where a row of one that
    /// lives is not as it was written: whoever is not written down may be that one, and has its runs.
    fn workers(&self, connection: &Connection) -> Result<(String, Option<String>), JournalError> {
        let (mut living, mut dead, mut are_all_known) = (Vec::new(), Vec::new(), true);
        for row in Found::all(connection)? {
            let is_dead = self.dead.contains(&row);
            match row.beat {
                Ok(beat) if is_dead => dead.push(beat.name),
                Ok(beat) => living.push(beat.name),
                Err(_) => are_all_known &= is_dead,
            }
        }
        Ok((Value::from(living).to_string(), (!are_all_known).then(|| Value::from(dead).to_string())))
    }

    /// Whether there is a run to claim; looked up without writing.
    pub(crate) fn any(&self, connection: &Connection, now_ms: i64) -> Result<bool, JournalError> {
        let sql = format!("select exists (select 1 from run where {IS_FREE})");
        let (living, dead) = self.workers(connection)?;
        let mut select = connection.prepare_cached(&sql)?;
        Ok(select.query_row((&self.worker, now_ms, &self.own, living, dead), |row| row.get(0))?)
    }

    /// Of the runs that are due, those that no living worker has, up to so many: they are this worker's from now on. Each
    /// claim has a number, by which what an earlier one still writes is told apart. A damaged run is set aside.
    pub(crate) fn claim(
        &self,
        connection: &Connection,
        now_ms: i64,
        most: u32,
    ) -> Result<Vec<RunRow>, JournalError> {
        let sql = format!(
            "select number from run where {IS_FREE} and exists (select 1 from worker where name = ?1)
             order by due_ms limit ?6"
        );
        let mut select = connection.prepare_cached(&sql)?;
        let (living, dead) = self.workers(connection)?;
        let asked = (&self.worker, now_ms, &self.own, living, dead, most);
        let numbers: Vec<i64> = select.query_map(asked, |row| row.get(0))?.collect::<Result<_, _>>()?;
        let mut claimed = Vec::new();
        for number in numbers {
            match RunRow::get(connection, number) {
                Ok(None) => {}
                Ok(Some(mut run)) => {
                    run.worker = Some(self.worker.clone());
                    run.status = RunStatus::Running;
                    run.claim = run.claim.wrapping_add(1);
                    // Whoever takes it over finds it due, whatever the clock shows by then.
                    run.due_ms = 0;
                    run.store(connection)?;
                    claimed.push(run);
                }
                Err(error @ JournalError::Damaged(_)) => {
                    tracing::error!(number, %error, "a run is set aside");
                    RunRow::set_aside(connection, number, &error.to_string())?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(claimed)
    }
}
