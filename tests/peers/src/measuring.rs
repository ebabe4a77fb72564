//! The same document with all peers, by turns.

use crate::peer::{PEERS, Peer};
use crate::process::Process;
use crate::shapes::Shape;
use serde_json::Value;
use std::time::Duration;

/// How long and how often is measured.
#[derive(Clone, Copy)]
pub(crate) struct Effort {
    /// How many rounds there are at most.
    rounds: usize,
    /// What a peer takes in a round, about: as many runs as fit, and one at least.
    round: Duration,
    /// What a peer takes in all before it sits out.
    budget: Duration,
}

impl Effort {
    pub(crate) const QUICK: Effort =
        Effort { rounds: 9, round: Duration::from_millis(20), budget: Duration::from_millis(1_500) };
    pub(crate) const FULL: Effort =
        Effort { rounds: 15, round: Duration::from_millis(40), budget: Duration::from_secs(2) };
}

/// However long it takes, a peer has as many rounds.
const ROUNDS_AT_LEAST: usize = 2;

/// A peer, and the fastest that it was.
struct Turn {
    peer: Peer,
    process: Process,
    repeats: u32,
    rounds: usize,
    spent: Duration,
    fastest: Duration,
}

impl Turn {
    /// What it came to is the same as expected, or nothing is measured.
    fn new(peer: Peer, shape: Shape, actions: usize, expected: &Value) -> Self {
        let mut process = Process::new(peer);
        let is_same = process.outputs(shape, actions) == *expected;
        assert!(is_same, "{} comes to something else: a {} of {actions}", peer.name(), shape.name());
        Turn { peer, process, repeats: 1, rounds: 0, spent: Duration::ZERO, fastest: Duration::MAX }
    }

    fn is_over(&self, effort: Effort) -> bool {
        self.rounds >= ROUNDS_AT_LEAST && self.spent >= effort.budget
    }

    fn round(&mut self, effort: Effort) {
        let taken = self.process.time(self.repeats);
        let each = taken / self.repeats;
        self.rounds += 1;
        self.spent += taken;
        self.fastest = self.fastest.min(each);
        let fit = effort.round.as_nanos() / each.as_nanos().max(1);
        self.repeats = u32::try_from(fit).unwrap_or(u32::MAX).max(1);
    }
}

/// The fastest run of each peer that ends.
pub(crate) fn measure(shape: Shape, actions: usize, effort: Effort) -> Vec<(Peer, Duration)> {
    let ending = PEERS.into_iter().filter(|peer| peer.ends(shape, actions));
    let expected = Process::new(Peer::Flowright).outputs(shape, actions);
    let mut turns: Vec<Turn> = ending.map(|peer| Turn::new(peer, shape, actions, &expected)).collect();
    for _ in 0..effort.rounds {
        for turn in turns.iter_mut().filter(|turn| !turn.is_over(effort)) {
            turn.round(effort);
        }
    }
    turns.into_iter().map(|turn| (turn.peer, turn.fastest)).collect()
}
