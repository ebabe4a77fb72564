//! What happened in a run, action by action.

use crate::history::entry::{Entry, What};
use serde_json::{Value, json};

/// What happened to one action of a run. Times are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq)]
pub struct ActionTimeline {
    /// The id of the action.
    pub action: String,
    /// The attempts at it, in order.
    pub attempts: Vec<Attempt>,
}

/// One attempt at an action. What was started again after a crash is one attempt still.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// Which attempt it is; the first is 1.
    pub number: u32,
    /// When it was started, each time that it was.
    pub started_ms: Vec<i64>,
    /// How it ended, if it has: [`What::Completed`], [`What::Failed`] or [`What::Again`].
    pub end: Option<What>,
    /// When.
    pub ended_ms: Option<i64>,
    /// Why it failed, where it did.
    pub failure: Option<String>,
    /// When the next attempt is due, where one follows.
    pub next_ms: Option<i64>,
    /// Its sub-steps, in order.
    pub steps: Vec<StepTimeline>,
}

/// A sub-step of an attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct StepTimeline {
    /// Its name; that of a wait is the event's.
    pub name: String,
    /// What it is: [`What::Step`], [`What::Sleep`] or [`What::Wait`].
    pub what: What,
    /// When a pause began, or when the sub-step had an end.
    pub at_ms: i64,
    /// When a pause is over at the latest.
    pub due_ms: Option<i64>,
    /// When the event of a wait came, or the wait was over.
    pub ended_ms: Option<i64>,
}

/// The actions in the order in which they were started first.
pub(crate) fn of(entries: &[Entry]) -> Vec<ActionTimeline> {
    let mut actions: Vec<ActionTimeline> = Vec::new();
    for entry in entries.iter().filter(|entry| entry.what != What::Began) {
        let position = actions.iter().position(|action| action.action == entry.action).unwrap_or_else(|| {
            actions.push(ActionTimeline { action: entry.action.clone(), attempts: Vec::new() });
            actions.len() - 1
        });
        if let Some(action) = actions.get_mut(position) {
            action.add(entry);
        }
    }
    actions
}

impl ActionTimeline {
    fn add(&mut self, entry: &Entry) {
        if entry.what == What::Started {
            let number = entry.attempt.unwrap_or(1);
            match self.attempts.last_mut().filter(|attempt| attempt.number == number) {
                Some(again) => again.started_ms.push(entry.at_ms),
                None => self.attempts.push(Attempt::new(number, entry.at_ms)),
            }
            return;
        }
        let Some(attempt) = self.attempts.last_mut() else { return };
        let step = || StepTimeline {
            name: entry.step.clone().unwrap_or_default(),
            what: entry.what,
            at_ms: entry.at_ms,
            due_ms: entry.due_ms,
            ended_ms: None,
        };
        match entry.what {
            What::Step | What::Sleep | What::Wait => attempt.steps.push(step()),
            What::Waited => {
                let waits = attempt.steps.iter_mut().rev();
                let mut own = waits.filter(|wait| Some(&wait.name) == entry.step.as_ref());
                if let Some(wait) = own.next() {
                    wait.ended_ms = Some(entry.at_ms);
                }
            }
            What::Completed | What::Failed | What::Again | What::Started | What::Began => {
                attempt.end = Some(entry.what);
                attempt.ended_ms = Some(entry.at_ms);
                attempt.next_ms = entry.due_ms;
                if entry.what != What::Completed {
                    let message = entry.value.as_ref().and_then(|failure| failure.get("message")?.as_str());
                    attempt.failure = message.map(str::to_owned);
                }
            }
        }
    }

    /// `{ "action", "attempts": [{ "number", "started_ms": [ms], "end", "ended_ms", "failure", "next_ms", "steps":
    /// [{ "name", "what", "at_ms", "due_ms", "ended_ms" }] }] }`; null is what is not known, or not yet.
    pub fn to_json(&self) -> Value {
        let step = |step: &StepTimeline| {
            json!({
                "name": step.name, "what": step.what.as_str(), "at_ms": step.at_ms, "due_ms": step.due_ms,
                "ended_ms": step.ended_ms
            })
        };
        let attempt = |attempt: &Attempt| {
            json!({
                "number": attempt.number, "started_ms": attempt.started_ms, "end": attempt.end.map(What::as_str),
                "ended_ms": attempt.ended_ms, "failure": attempt.failure, "next_ms": attempt.next_ms,
                "steps": attempt.steps.iter().map(step).collect::<Vec<_>>()
            })
        };
        json!({ "action": self.action, "attempts": self.attempts.iter().map(attempt).collect::<Vec<_>>() })
    }
}

impl Attempt {
    fn new(number: u32, started_ms: i64) -> Self {
        Attempt {
            number,
            started_ms: vec![started_ms],
            end: None,
            ended_ms: None,
            failure: None,
            next_ms: None,
            steps: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_sub_steps_and_crashes_are_told_apart() {
        let entry = |at_ms, what| Entry::new(at_ms, what, "a");
        let started = |at_ms, attempt| Entry { attempt: Some(attempt), ..entry(at_ms, What::Started) };
        let step = |at_ms, what, due_ms| Entry { step: Some("s".to_owned()), due_ms, ..entry(at_ms, what) };
        let failure = Some(json!({ "message": "no" }));
        let entries = [
            started(1, 1),
            step(2, What::Wait, Some(9)),
            started(3, 1),
            step(4, What::Waited, None),
            Entry { value: failure, due_ms: Some(7), ..entry(5, What::Again) },
            started(7, 2),
            entry(8, What::Completed),
        ];
        let wait = StepTimeline {
            name: "s".to_owned(),
            what: What::Wait,
            at_ms: 2,
            due_ms: Some(9),
            ended_ms: Some(4),
        };
        let first = Attempt {
            started_ms: vec![1, 3],
            end: Some(What::Again),
            ended_ms: Some(5),
            failure: Some("no".to_owned()),
            next_ms: Some(7),
            steps: vec![wait],
            ..Attempt::new(1, 1)
        };
        let second = Attempt { end: Some(What::Completed), ended_ms: Some(8), ..Attempt::new(2, 7) };
        assert_eq!(of(&entries), [ActionTimeline { action: "a".to_owned(), attempts: vec![first, second] }]);
    }
}
