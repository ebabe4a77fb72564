//! Strings that have one form and none of others, found by automata that read them together.

use crate::{
    fuel::Fuel,
    text::{Pattern, StringForm},
};
use regex_automata::{
    Anchored,
    dfa::{Automaton as _, StartKind, dense},
    nfa::thompson,
    util::{primitives::StateID, start, syntax},
};
use std::{collections::HashSet, sync::LazyLock};

/// What reads a string byte by byte and tells whether it matches.
pub(crate) type Automaton = dense::DFA<Vec<u32>>;

/// The most memory one automaton takes.
const MEMORY: usize = 1 << 15;

/// How many states of all automata together are looked at.
const STATES: usize = 3_000;

/// How much work it is to begin to read with one automaton, and to go on by one byte.
const BEGINNING: usize = 20;
const GOING_ON: usize = 2;

/// Up to which length strings are told apart by their length.
const LONGEST: u64 = 256;

/// Strings by what they match and how long they are.
#[derive(Clone, Default)]
pub(crate) struct Texts<'p> {
    pub(crate) patterns: Vec<&'p Pattern>,
    /// In characters.
    pub(crate) min: u64,
    pub(crate) max: Option<u64>,
}

impl<'p> Texts<'p> {
    /// The strings of a form, its formats aside.
    pub(crate) fn of(form: &'p StringForm) -> Self {
        Texts { patterns: form.patterns.iter().collect(), min: form.min, max: form.max }
    }

    pub(crate) fn matching(pattern: &'p Pattern) -> Self {
        Texts { patterns: vec![pattern], min: 0, max: None }
    }

    /// Those that are of both.
    pub(crate) fn and(mut self, other: &Texts<'p>) -> Self {
        self.patterns.extend(&other.patterns);
        self.min = self.min.max(other.min);
        self.max = self.max.into_iter().chain(other.max).min();
        self
    }
}

/// How some strings are to others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Compared {
    /// All of them are among the others.
    Within,
    /// This one is not.
    Outside(String),
    /// It is too much work.
    Undecided,
}

/// Whether every string of `own` is one of `others`.
pub(crate) fn compare(own: &Texts<'_>, others: &[Texts<'_>], fuel: &mut Fuel) -> Compared {
    let reading = Reading::of(own, others, fuel);
    reading.and_then(|reading| reading.walk(fuel)).unwrap_or(Compared::Undecided)
}

/// Whether there certainly is no such string.
pub(crate) fn is_empty(own: &Texts<'_>, fuel: &mut Fuel) -> bool {
    compare(own, &[], fuel) == Compared::Within
}

/// Automata that read one string.
struct Reading<'p> {
    automata: Vec<&'p Automaton>,
    own: Claim,
    others: Vec<Claim>,
    /// From this length on lengths are not told apart.
    longest: u64,
}

/// What is said of a string.
struct Claim {
    /// By position: which automata match it.
    automata: Vec<usize>,
    min: u64,
    max: Option<u64>,
}

impl Claim {
    /// Adds the patterns to those that are read.
    fn of<'p>(texts: &Texts<'p>, patterns: &mut Vec<&'p Pattern>) -> Claim {
        let mut automata = Vec::new();
        for pattern in &texts.patterns {
            let known = patterns.iter().position(|known| known == pattern);
            automata.push(known.unwrap_or(patterns.len()));
            if known.is_none() {
                patterns.push(pattern);
            }
        }
        Claim { automata, min: texts.min, max: texts.max }
    }

    fn holds(&self, length: u64, matches: &[bool]) -> bool {
        length >= self.min
            && self.max.is_none_or(|max| length <= max)
            && self.automata.iter().all(|at| matches.get(*at) == Some(&true))
    }
}

/// Of each automaton its state, none once it has matched; and how many characters were read.
#[derive(Clone, PartialEq, Eq, Hash)]
struct State {
    automata: Vec<Option<StateID>>,
    length: u64,
}

/// What every string is: characters, as UTF-8 writes them.
static CHARACTERS: LazyLock<Option<Automaton>> = LazyLock::new(|| of(r"\A(?s:.)*\z"));

impl<'p> Reading<'p> {
    fn of(own: &Texts<'p>, others: &[Texts<'p>], fuel: &mut Fuel) -> Option<Self> {
        let mut patterns = Vec::new();
        let mut own = Claim::of(own, &mut patterns);
        let others: Vec<Claim> = others.iter().map(|other| Claim::of(other, &mut patterns)).collect();
        own.automata.push(patterns.len());
        let ends =
            others.iter().chain([&own]).flat_map(|claim| [Some(claim.min), claim.max.map(|max| max + 1)]);
        let longest = ends.flatten().max().unwrap_or(0);
        if longest > LONGEST || !fuel.spend(BEGINNING * (1 + patterns.len())) {
            return None;
        }
        let automata = patterns.iter().map(|pattern| fuel.automaton(pattern)).chain([CHARACTERS.as_ref()]);
        let automata = automata.collect::<Option<Vec<_>>>()?;
        Some(Reading { automata, own, others, longest })
    }

    fn walk(self, fuel: &mut Fuel) -> Option<Compared> {
        let start = start::Config::new().anchored(Anchored::No);
        let first = self.automata.iter().map(|dfa| dfa.start_state(&start).ok().map(Some));
        let first = State { automata: first.collect::<Option<_>>()?, length: 0 };
        let bytes = self.bytes();
        let mut states = vec![(first.clone(), None)];
        let mut known = HashSet::from([first]);
        let mut at = 0;
        while let Some((state, _)) = states.get(at).cloned() {
            let matches: Vec<bool> = self.automata.iter().zip(&state.automata).map(ends_in_match).collect();
            let is_other = self.others.iter().any(|other| other.holds(state.length, &matches));
            if self.own.holds(state.length, &matches) && !is_other {
                return String::from_utf8(spelled(&states, at)).ok().map(Compared::Outside);
            }
            for byte in &bytes {
                if !fuel.spend(GOING_ON) {
                    return None;
                }
                let Some(next) = self.next(&state, *byte) else { continue };
                if known.contains(&next) {
                    continue;
                }
                if states.len() >= STATES {
                    return None;
                }
                known.insert(next.clone());
                states.push((next, Some((at, *byte))));
            }
            at += 1;
        }
        Some(Compared::Within)
    }

    /// The state behind a byte; `None` where no string of `own` goes on so.
    fn next(&self, state: &State, byte: u8) -> Option<State> {
        let is_continued = byte & 0b1100_0000 == 0b1000_0000;
        let length = if is_continued { state.length } else { (state.length + 1).min(self.longest) };
        if self.own.max.is_some_and(|max| length > max) {
            return None;
        }
        let mut automata = Vec::with_capacity(state.automata.len());
        for (position, (dfa, state)) in self.automata.iter().zip(&state.automata).enumerate() {
            let next = state.map(|state| dfa.next_state(state, byte));
            if next.is_some_and(|next| dfa.is_dead_state(next)) && self.own.automata.contains(&position) {
                return None;
            }
            automata.push(next.filter(|next| !dfa.is_match_state(*next)));
        }
        Some(State { automata, length })
    }

    /// One byte of each kind that some automaton tells apart, one that people read where there is one.
    fn bytes(&self) -> Vec<u8> {
        let mut known = HashSet::new();
        let kinds =
            |byte: u8| self.automata.iter().map(|dfa| dfa.byte_classes().get(byte)).collect::<Vec<_>>();
        let readable = (b'a'..=b'z').chain(b'A'..=b'Z').chain(b'0'..=b'9').chain(b' '..=b'~');
        readable.chain(0..=u8::MAX).filter(|byte| known.insert(kinds(*byte))).collect()
    }
}

/// Whether the string matches where it ends here.
fn ends_in_match((dfa, state): (&&Automaton, &Option<StateID>)) -> bool {
    state.is_none_or(|state| dfa.is_match_state(dfa.next_eoi_state(state)))
}

/// The bytes that lead to a state.
fn spelled(states: &[(State, Option<(usize, u8)>)], mut at: usize) -> Vec<u8> {
    let mut text = Vec::new();
    while let Some((_, Some((before, byte)))) = states.get(at) {
        text.push(*byte);
        at = *before;
    }
    text.reverse();
    text
}

/// The automaton of a regular expression as Rust writes it; `None` where it is too large.
pub(crate) fn of(source: &str) -> Option<Automaton> {
    dense::Builder::new()
        .configure(
            dense::Config::new()
                .start_kind(StartKind::Unanchored)
                .dfa_size_limit(Some(MEMORY))
                .determinize_size_limit(Some(2 * MEMORY)),
        )
        .thompson(thompson::Config::new().nfa_size_limit(Some(4 * MEMORY)))
        .syntax(syntax::Config::new().nest_limit(64))
        .build(source)
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::FUEL;

    fn form(pattern: &str, min: u64, max: Option<u64>) -> StringForm {
        StringForm { min, max, patterns: vec![Pattern::new(pattern).unwrap()], formats: Vec::new() }
    }

    fn compared(own: &StringForm, others: &[StringForm]) -> Compared {
        let others: Vec<Texts<'_>> = others.iter().map(Texts::of).collect();
        compare(&Texts::of(own), &others, &mut Fuel::of(FUEL))
    }

    #[test]
    fn lengths_and_patterns_are_read_together() {
        let letters = form("^[a-z]*$", 2, Some(3));
        assert_eq!(compared(&letters, &[form("^[a-z]+$", 0, None)]), Compared::Within);
        assert_eq!(compared(&letters, &[form("^[a-y]+$", 0, None)]), Compared::Outside("az".to_owned()));
        assert_eq!(compared(&letters, &[form("^..$", 0, None), form("^...$", 0, None)]), Compared::Within);
        let Compared::Outside(text) = compared(&letters, &[form("", 3, None)]) else { panic!("two letters") };
        assert_eq!(text.len(), 2);
        assert!(is_empty(&Texts::of(&form("^b?$", 2, Some(2))), &mut Fuel::of(FUEL)));
        assert!(!is_empty(&Texts::of(&form("^b?$", 1, Some(2))), &mut Fuel::of(FUEL)));
    }

    #[test]
    fn characters_are_counted_and_not_bytes() {
        assert_eq!(compared(&form("^é+$", 2, Some(2)), &[form("^éé$", 0, None)]), Compared::Within);
        assert_eq!(compared(&form("^[^a]$", 0, None), &[form("", 1, Some(1))]), Compared::Within);
        let Compared::Outside(text) = compared(&form("^[^a]+$", 2, Some(2)), &[form("^[ -~]+$", 0, None)])
        else {
            panic!("there are other characters");
        };
        assert_eq!(text.chars().count(), 2);
    }

    #[test]
    fn what_is_too_much_is_undecided() {
        assert_eq!(compared(&form("^a", 1_000, None), &[form("b$", 0, None)]), Compared::Undecided);
        let many = form("(a|b)*a(a|b){10}$", 0, None);
        assert_eq!(compared(&many, &[form("(b|a)*b(a|b){11}$", 0, None)]), Compared::Undecided);
    }
}
