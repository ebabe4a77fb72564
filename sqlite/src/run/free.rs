//! The runs that a worker may take.

use super::row::RunRow;
use super::status::RunStatus;
use crate::colleagues::Dead;
use crate::error::JournalError;
use rusqlite::Connection;

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
/// well. The parameters are the worker, the time, the runs it has, and the dead.
const IS_FREE: &str = "finished_ms is null and status not in ('parked', 'damaged') and due_ms <= ?2 \
     and number not in (select value from json_each(?3)) and (worker is null or worker = ?1 or not exists ( \
         select 1 from worker as other where other.name = run.worker and not exists ( \
             select 1 from json_each(?4) where value ->> 0 = other.name and value ->> 1 = other.beats)))";

impl Asks {
    /// Whether there is a run to claim; looked up without writing.
    pub(crate) fn any(&self, connection: &Connection, now_ms: i64) -> Result<bool, JournalError> {
        let sql = format!("select exists (select 1 from run where {IS_FREE})");
        let mut select = connection.prepare_cached(&sql)?;
        Ok(select.query_row((&self.worker, now_ms, &self.own, self.dead.as_json()), |row| row.get(0))?)
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
             order by due_ms limit ?5"
        );
        let mut select = connection.prepare_cached(&sql)?;
        let asked = (&self.worker, now_ms, &self.own, self.dead.as_json(), most);
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
