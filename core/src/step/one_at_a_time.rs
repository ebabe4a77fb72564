//! Sub-steps come one after the other, each with a name of its own.

use crate::action::ActionError;
use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The names that were used, and the one whose turn it is.
#[derive(Default)]
pub(super) struct Turns(Mutex<State>);

#[derive(Default)]
struct State {
    used: HashSet<String>,
    /// The last number behind each name that has one.
    numbers: HashMap<String, u64>,
    under_way: Option<String>,
}

/// A sub-step under way. It has ended when this is dropped.
pub(super) struct Turn<'t> {
    turns: &'t Turns,
    name: String,
}

impl Turns {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The turn of a sub-step of this name.
    pub(super) fn take(&self, name: &str) -> Result<Turn<'_>, ActionError> {
        self.begin(name.to_owned())
    }

    /// The same; of several sub-steps with one name each but the first has a number behind it.
    pub(super) fn take_numbered(&self, name: &str) -> Result<Turn<'_>, ActionError> {
        let numbered = {
            let mut state = self.state();
            let State { used, numbers, .. } = &mut *state;
            let number = numbers.entry(name.to_owned()).or_insert(1);
            let mut numbered = name.to_owned();
            while used.contains(&numbered) {
                *number += 1;
                numbered = format!("{name} #{number}");
            }
            numbered
        };
        self.begin(numbered)
    }

    fn begin(&self, name: String) -> Result<Turn<'_>, ActionError> {
        let mut state = self.state();
        if let Some(other) = &state.under_way {
            return Err(ActionError::fatal(format_args!(
                "sub-step `{name}` began before `{other}` had ended: await each before the next begins"
            )));
        }
        if !state.used.insert(name.clone()) {
            return Err(ActionError::fatal(format_args!(
                "two sub-steps are named `{name}`: give each a name of its own, such as `{name} 2`"
            )));
        }
        state.under_way = Some(name.clone());
        Ok(Turn { turns: self, name })
    }
}

impl Turn<'_> {
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.turns.state().under_way = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(turn: Result<Turn<'_>, ActionError>) -> String {
        let Err(error) = turn else { panic!("it may begin") };
        assert!(!error.is_retryable());
        error.to_string()
    }

    #[test]
    fn one_ends_before_the_next_begins() {
        let turns = Turns::default();
        let first = turns.take("a").unwrap();
        assert_eq!(
            refused(turns.take("b")),
            "sub-step `b` began before `a` had ended: await each before the next begins"
        );
        drop(first);
        assert_eq!(turns.take("b").unwrap().name(), "b");
    }

    #[test]
    fn a_name_is_used_once() {
        let turns = Turns::default();
        drop(turns.take("a").unwrap());
        assert_eq!(
            refused(turns.take("a")),
            "two sub-steps are named `a`: give each a name of its own, such as `a 2`"
        );
    }

    #[test]
    fn many_waits_are_numbered() {
        let turns = Turns::default();
        for _ in 0..20_000 {
            drop(turns.take_numbered("a").unwrap());
        }
        assert_eq!(turns.take_numbered("a").unwrap().name(), "a #20001");
    }

    #[test]
    fn a_number_that_a_sub_step_has_is_left_out() {
        let turns = Turns::default();
        drop(turns.take("a #2").unwrap());
        for name in ["a", "a #3", "a #4"] {
            assert_eq!(turns.take_numbered("a").unwrap().name(), name);
        }
    }

    #[test]
    fn waits_for_the_same_event_are_numbered() {
        let turns = Turns::default();
        for name in ["a", "a #2", "a #3"] {
            assert_eq!(turns.take_numbered("a").unwrap().name(), name);
        }
    }
}
