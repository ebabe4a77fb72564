//! What is known of a run from what was written of it.

use crate::error::JournalError;
use crate::history::entry::{Entry, What};
use flowright::Failure;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::OwnedMutexGuard;

/// What is known of a run, by the ids of its actions.
#[derive(Debug, Default)]
pub(crate) struct Recorded {
    /// Which of the edges from `$source` that have a condition are taken.
    pub(crate) began: Option<Box<[usize]>>,
    actions: HashMap<String, RecordedAction>,
}

/// What is known of an action.
#[derive(Debug, Default)]
pub(crate) struct RecordedAction {
    /// The latest attempt that began.
    pub(crate) begun: Option<Begun>,
    pub(crate) end: Option<End>,
    /// Which of the run's entries the end is.
    pub(crate) end_at: usize,
    pub(crate) steps: Arc<Steps>,
}

/// An attempt that began.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Begun {
    pub(crate) attempt: u32,
    /// When it has to have ended, where that is bounded.
    pub(crate) due_ms: Option<i64>,
}

/// How an attempt ended.
#[derive(Debug)]
pub(crate) enum End {
    Completed {
        output: Value,
        taken: Option<Box<[usize]>>,
    },
    Failed(Box<Failure>),
    /// The next attempt is due.
    Again {
        attempt: u32,
        failure: Box<Failure>,
        due_ms: i64,
    },
}

/// What is known of an action's sub-steps, by their names.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    known: Mutex<HashMap<String, RecordedStep>>,
    writing: Arc<tokio::sync::Mutex<()>>,
}

/// What is known of a sub-step.
#[derive(Clone, Debug)]
pub(crate) enum RecordedStep {
    /// It goes on until this time, if ever.
    Due(Option<i64>),
    /// It came to this.
    Value(Value),
}

impl Steps {
    fn known(&self) -> MutexGuard<'_, HashMap<String, RecordedStep>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has what is written of them now, where nothing is any more: an earlier attempt may have been stopped in a write.
    pub(crate) async fn write(&self) -> OwnedMutexGuard<()> {
        Arc::clone(&self.writing).lock_owned().await
    }

    pub(crate) fn get(&self, name: &str) -> Option<RecordedStep> {
        self.known().get(name).cloned()
    }

    pub(crate) fn put(&self, name: &str, step: RecordedStep) {
        self.known().insert(name.to_owned(), step);
    }
}

impl Recorded {
    pub(crate) fn of(entries: Vec<Entry>) -> Result<Self, JournalError> {
        let mut recorded = Recorded::default();
        for (at, entry) in entries.into_iter().enumerate() {
            recorded.add(at, entry)?;
        }
        Ok(recorded)
    }

    pub(crate) fn action(&mut self, id: &str) -> &mut RecordedAction {
        self.actions.entry(id.to_owned()).or_default()
    }

    /// The outputs that are recorded, by the ids of their actions.
    pub(crate) fn outputs(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.actions.iter().filter_map(|(id, action)| match &action.end {
            Some(End::Completed { output, .. }) => Some((&**id, output)),
            _ => None,
        })
    }

    /// The sub-steps of each action of which something is known.
    pub(crate) fn steps(&self) -> HashMap<String, Arc<Steps>> {
        self.actions.iter().map(|(id, action)| (id.clone(), Arc::clone(&action.steps))).collect()
    }

    fn add(&mut self, at: usize, entry: Entry) -> Result<(), JournalError> {
        let Entry { what, action: id, step, attempt, due_ms, value, edges, .. } = entry;
        let damaged =
            |lacks: &str| JournalError::Damaged(format!("an entry `{what}` of action `{id}` has no {lacks}"));
        let value = || value.clone().ok_or_else(|| damaged("value"));
        let failure = || Failure::from_json(&value()?).map(Box::new).ok_or_else(|| damaged("failure"));
        let step = || step.clone().ok_or_else(|| damaged("step"));
        if what == What::Began {
            self.began = edges;
            return Ok(());
        }
        let action = self.actions.entry(id.clone()).or_default();
        if matches!(what, What::Completed | What::Failed | What::Again) {
            action.end_at = at;
        }
        match what {
            What::Began => {}
            What::Started => {
                let attempt = attempt.ok_or_else(|| damaged("attempt"))?;
                action.begun = Some(Begun { attempt, due_ms });
                action.end = None;
            }
            What::Completed => action.end = Some(End::Completed { output: value()?, taken: edges }),
            What::Failed => action.end = Some(End::Failed(failure()?)),
            What::Again => {
                let attempt = attempt.ok_or_else(|| damaged("attempt"))?;
                let due_ms = due_ms.ok_or_else(|| damaged("time when it is due"))?;
                action.end = Some(End::Again { attempt, failure: failure()?, due_ms });
            }
            What::Sleep | What::Wait => action.steps.put(&step()?, RecordedStep::Due(due_ms)),
            What::Step | What::Waited => action.steps.put(&step()?, RecordedStep::Value(value()?)),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_end_comes_in_its_order_also_where_a_sub_step_was_written_behind_it() {
        let entry = |what, action: &str| Entry { value: Some(json!(1)), ..Entry::new(0, what, action) };
        let late = Entry { step: Some("s".to_owned()), ..entry(What::Step, "a") };
        let entries = vec![entry(What::Completed, "a"), entry(What::Completed, "b"), late];
        let mut recorded = Recorded::of(entries).unwrap();
        assert_eq!((recorded.action("a").end_at, recorded.action("b").end_at), (0, 1));
    }
}
