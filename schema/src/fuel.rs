//! What a proof may still cost.

use crate::automata::Automaton;
use crate::text::Pattern;
use serde_json::Value;
use std::collections::HashSet;
use std::sync::Arc;

/// How many bytes are read by an automaton, or copied, for one unit of work.
pub(crate) const BYTES: usize = 32;

/// How many states of an engine without an automaton are looked at for one unit of work.
const STATES: usize = 2;

/// Work that is left, in units of about a tenth of a microsecond.
#[derive(Default)]
pub(crate) struct Fuel {
    left: usize,
    /// What is kept back while something is done with a part of it.
    kept: usize,
    /// The patterns whose automata have been paid for: what something costs does not hang on what was made before.
    paid: HashSet<Arc<str>>,
}

impl Fuel {
    pub(crate) fn of(units: usize) -> Self {
        Fuel { left: units, kept: 0, paid: HashSet::new() }
    }

    pub(crate) fn left(&self) -> usize {
        self.left
    }

    pub(crate) fn is_spent(&self) -> bool {
        self.left == 0
    }

    /// Accounts for work. False where there is none left to spend.
    pub(crate) fn spend(&mut self, work: usize) -> bool {
        self.left = self.left.saturating_sub(work);
        self.left > 0
    }

    /// Does something with no more than `most` of what is left, automata that are made for the first time aside.
    pub(crate) fn at_most<T>(&mut self, most: usize, work: impl FnOnce(&mut Fuel) -> T) -> T {
        let kept = self.left.saturating_sub(most);
        self.left -= kept;
        self.kept += kept;
        let done = work(self);
        let back = kept.min(self.kept);
        self.kept -= back;
        self.left += back;
        done
    }

    /// The automaton of a pattern, where it has one.
    pub(crate) fn automaton<'p>(&mut self, pattern: &'p Pattern) -> Option<&'p Automaton> {
        let automaton = pattern.automaton();
        if self.paid.insert(pattern.source().clone()) {
            let kept = pattern.making().min(self.kept);
            self.kept -= kept;
            self.spend(pattern.making() - kept);
        }
        automaton
    }

    /// Accounts for a string of so many bytes being held against a pattern.
    pub(crate) fn spend_on_match(&mut self, pattern: &Pattern, bytes: usize) -> bool {
        let work = match self.automaton(pattern) {
            Some(_) => bytes / BYTES,
            None => bytes.saturating_mul(pattern.weight()) / STATES,
        };
        self.spend(1 + work)
    }

    /// Accounts for a value being made or copied.
    pub(crate) fn spend_on_value(&mut self, value: &Value) -> bool {
        self.spend(size(value))
    }
}

/// How many parts a value has, longer texts counted as several.
pub(crate) fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => 1 + text.len() / BYTES,
        Value::Array(elements) => 1 + elements.iter().map(size).sum::<usize>(),
        Value::Object(members) => {
            1 + members.iter().map(|(name, member)| 1 + name.len() / BYTES + size(member)).sum::<usize>()
        }
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn work(pattern: &str, lengths: &[usize]) -> usize {
        let mut fuel = Fuel::of(1_000_000_000);
        let pattern = Pattern::new(pattern).unwrap();
        for length in lengths {
            fuel.spend_on_match(&pattern, *length);
        }
        1_000_000_000 - fuel.left()
    }

    #[test]
    fn what_is_spent_is_gone_and_never_more() {
        let mut fuel = Fuel::of(10);
        assert!(fuel.spend(9));
        assert!(!fuel.spend(1) && fuel.is_spent());
        assert!(!fuel.spend(1));
        assert_eq!(fuel.left(), 0);
    }

    #[test]
    fn a_part_of_it_is_kept_back() {
        let mut fuel = Fuel::of(10);
        assert!(!fuel.at_most(4, |fuel| fuel.spend(100)));
        assert_eq!(fuel.left(), 6);
        assert!(fuel.at_most(100, |fuel| fuel.spend(5)));
        assert_eq!(fuel.left(), 1);
    }

    #[test]
    fn automata_are_made_of_what_is_kept_back() {
        let pattern = Pattern::new("^[a-z]+$").unwrap();
        let mut fuel = Fuel::of(10_000);
        fuel.at_most(10, |fuel| {
            assert!(fuel.automaton(&pattern).is_some());
            assert_eq!(fuel.left(), 10);
        });
        assert_eq!(fuel.left(), 10_000 - pattern.making());
    }

    #[test]
    fn an_automaton_is_paid_for_once_and_reads_fast() {
        let (once, twice) = (work("^[a-z]+$", &[3_200]), work("^[a-z]+$", &[3_200, 3_200]));
        assert_eq!(twice - once, 1 + 100);
        assert!(once > 1 + 100);
    }

    #[test]
    fn without_an_automaton_it_costs_what_the_pattern_weighs() {
        let more = |pattern: &str| work(pattern, &[1, 100]) - work(pattern, &[1]);
        let nested = "^((a{0,30}){0,30}){0,10}$";
        assert!(Pattern::new(nested).unwrap().automaton().is_none());
        assert!(more(nested) > 100 * 9_000 / 2, "{}", more(nested));
    }

    #[test]
    fn values_cost_what_they_hold() {
        assert_eq!(size(&json!(null)), 1);
        assert_eq!(size(&json!("a".repeat(320))), 11);
        assert_eq!(size(&json!([1, [2, 3]])), 5);
        assert_eq!(size(&json!({ "a": 1, "b": { "c": [] } })), 7);
    }
}
