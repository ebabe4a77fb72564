//! What a run waits for that goes on much later.

use crate::runs::at;
use flowright_sqlite::{ActionTimeline, StepTimeline, What};
use std::collections::HashSet;

/// What was said already of what a run waits for.
#[derive(Default)]
pub(crate) struct Waits(HashSet<String>);

impl Waits {
    /// What its actions wait for at this time, and was not said before.
    pub(crate) fn news(&mut self, actions: &[ActionTimeline], now_ms: i64) -> Vec<String> {
        let mut news: Vec<String> = actions.iter().filter_map(|action| waits(action, now_ms)).collect();
        news.retain(|wait| self.0.insert(wait.clone()));
        news
    }
}

fn waits(action: &ActionTimeline, now_ms: i64) -> Option<String> {
    let attempt = action.attempts.last()?;
    let what = match (attempt.end, attempt.next_ms) {
        (Some(What::Again), Some(next_ms)) if next_ms > now_ms => format!("is tried again {}", at(next_ms)),
        (None, _) => paused(attempt.steps.last()?, now_ms)?,
        _ => return None,
    };
    Some(format!("action `{}` {what}", action.action))
}

fn paused(step: &StepTimeline, now_ms: i64) -> Option<String> {
    match (step.what, step.due_ms, step.ended_ms) {
        (What::Sleep, Some(due_ms), _) if due_ms > now_ms => Some(format!("sleeps until {}", at(due_ms))),
        (What::Wait, due_ms, None) => {
            let until = due_ms.map_or_else(String::new, |due_ms| format!(" until {}", at(due_ms)));
            Some(format!("waits for the event `{}`{until}", event(&step.name)))
        }
        _ => None,
    }
}

/// The event that a wait is named for; of several in an action, each but the first has a number behind it.
fn event(name: &str) -> &str {
    match name.rsplit_once(" #") {
        Some((event, number)) if number.parse::<u32>().is_ok() => event,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flowright_sqlite::Attempt;

    fn attempt(steps: Vec<StepTimeline>) -> Attempt {
        Attempt {
            number: 1,
            started_ms: vec![0],
            end: None,
            ended_ms: None,
            failure: None,
            next_ms: None,
            steps,
        }
    }

    fn step(what: What, name: &str, due_ms: Option<i64>) -> StepTimeline {
        StepTimeline { name: name.to_owned(), what, at_ms: 0, due_ms, ended_ms: None }
    }

    fn action(id: &str, attempt: Attempt) -> ActionTimeline {
        ActionTimeline { action: id.to_owned(), attempts: vec![attempt] }
    }

    #[test]
    fn what_a_run_waits_for_is_said_once() {
        let mut over = step(What::Wait, "approved", None);
        over.ended_ms = Some(1);
        let again = Attempt {
            end: Some(What::Again),
            ended_ms: Some(1),
            next_ms: Some(60_000),
            ..attempt(Vec::new())
        };
        let ended = Attempt { end: Some(What::Completed), ..attempt(vec![step(What::Sleep, "s", Some(9))]) };
        let actions = [
            action("a", attempt(vec![over.clone(), step(What::Wait, "approved #2", None)])),
            action("b", attempt(vec![step(What::Wait, "paid", Some(3_000))])),
            action("c", attempt(vec![step(What::Sleep, "a day", Some(2_000))])),
            action("d", again),
            action("e", attempt(vec![over])),
            action("f", ended),
        ];
        let mut waits = Waits::default();
        let expected = [
            "action `a` waits for the event `approved`",
            "action `b` waits for the event `paid` until 1970-01-01T00:00:03Z",
            "action `c` sleeps until 1970-01-01T00:00:02Z",
            "action `d` is tried again 1970-01-01T00:01:00Z",
        ];
        assert_eq!(waits.news(&actions, 5), expected);
        assert!(waits.news(&actions, 5).is_empty());
        assert!(Waits::default().news(&actions[2..4], 60_000).is_empty());
    }
}
