//! The actions that may start.

/// The actions that may start, by their positions in the document: the first of them is taken first.
#[derive(Debug)]
pub(crate) struct Ready {
    /// A bit for each action.
    actions: Box<[u64]>,
    /// A bit for each word of those, set where any of its bits is.
    words: Box<[u64]>,
    count: usize,
}

const BITS: usize = u64::BITS as usize;

impl Ready {
    pub(crate) fn new(actions: usize) -> Self {
        let words = actions.div_ceil(BITS);
        Ready { actions: vec![0; words].into(), words: vec![0; words.div_ceil(BITS)].into(), count: 0 }
    }

    /// Adds an action that is not there.
    #[inline]
    pub(crate) fn push(&mut self, action: usize) {
        let word = action / BITS;
        self.actions[word] |= 1 << (action % BITS);
        self.words[word / BITS] |= 1 << (word % BITS);
        self.count += 1;
    }

    /// Takes the first.
    #[inline]
    pub(crate) fn pop(&mut self) -> Option<usize> {
        if self.count == 0 {
            return None;
        }
        let (at, words) = self.words.iter_mut().enumerate().find(|(_, words)| **words != 0)?;
        let word = at * BITS + words.trailing_zeros() as usize;
        let bits = &mut self.actions[word];
        let action = word * BITS + bits.trailing_zeros() as usize;
        *bits &= *bits - 1;
        if *bits == 0 {
            *words &= *words - 1;
        }
        self.count -= 1;
        Some(action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_first_in_the_document_is_taken_first() {
        let mut random = 1_u64;
        for actions in [1, 63, 64, 65, 4_096, 4_097, 10_000] {
            let (mut ready, mut expected) = (Ready::new(actions), BTreeSet::new());
            for _ in 0..2_000 {
                random =
                    random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let action = usize::try_from(random >> 33).unwrap() % actions;
                if (random >> 32).is_multiple_of(4) {
                    assert_eq!(ready.pop(), expected.pop_first());
                } else if expected.insert(action) {
                    ready.push(action);
                }
                assert_eq!(ready.count, expected.len());
            }
            while let Some(first) = expected.pop_first() {
                assert_eq!(ready.pop(), Some(first));
            }
            assert_eq!(ready.pop(), None);
        }
    }

    #[test]
    fn of_no_actions_none_is_ready() {
        assert_eq!(Ready::new(0).pop(), None);
    }
}
