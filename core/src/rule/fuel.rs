//! What an evaluation may use up.

use super::RuleError;

/// How deep the values may nest that a rule builds, joins to text or gives back. Dropping them recurses this deep.
pub(super) const VALUE_DEPTH: usize = 128;

/// Bytes of text made, copied, for a step.
const BYTES_BUILT: usize = 64;

/// Bytes of text looked at for a step.
const BYTES_READ: usize = 1024;

/// Elements copied for a step.
const ELEMENTS_COPIED: usize = 8;

/// The steps that are left. Each part of a rule costs one each time it is evaluated, and so does each element
/// that is visited or copied; text costs by its length.
pub(super) struct Fuel {
    steps: u64,
}

/// Why an evaluation stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exhausted {
    Steps,
    Depth,
}

impl<E> From<Exhausted> for RuleError<E> {
    fn from(exhausted: Exhausted) -> Self {
        match exhausted {
            Exhausted::Steps => RuleError::Steps,
            Exhausted::Depth => RuleError::Depth,
        }
    }
}

impl Fuel {
    pub(super) fn new(steps: u64) -> Self {
        Fuel { steps }
    }

    pub(super) fn spend(&mut self, steps: usize) -> Result<(), Exhausted> {
        let left = u64::try_from(steps).ok().and_then(|steps| self.steps.checked_sub(steps));
        self.steps = left.unwrap_or(0);
        left.map(|_| ()).ok_or(Exhausted::Steps)
    }

    /// Pays for text before it is made.
    pub(super) fn build(&mut self, bytes: usize) -> Result<(), Exhausted> {
        self.spend(bytes / BYTES_BUILT)
    }

    /// Pays for elements that are put into an array without being evaluated, or compared there.
    pub(super) fn copy(&mut self, elements: usize) -> Result<(), Exhausted> {
        self.spend(elements / ELEMENTS_COPIED)
    }

    /// Pays for text before it is looked at.
    pub(super) fn read(&mut self, bytes: usize) -> Result<(), Exhausted> {
        self.spend(bytes / BYTES_READ)
    }
}
