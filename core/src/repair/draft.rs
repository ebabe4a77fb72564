//! A text that is changed again and again, and which of its first bytes stand for what.

use crate::diagnostic::Edit;
use std::collections::HashSet;
use std::ops::Range;

/// A text, and the edits that made it of another.
#[derive(Debug)]
pub(super) struct Draft {
    text: String,
    /// In the order of the text; none overlaps another.
    changes: Vec<Change>,
    /// The repairs of which a later one took away what they wrote.
    undone: HashSet<usize>,
}

/// Bytes of the first text with what stands in their place.
#[derive(Clone, Debug)]
struct Change {
    first: Range<usize>,
    replacement: String,
    /// Which repair it belongs to.
    owner: usize,
}

impl Draft {
    pub(super) fn new(text: &str) -> Self {
        Draft { text: text.to_owned(), changes: Vec::new(), undone: HashSet::new() }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Changes the text as it is now. The edits stand in the order of the text, each with the repair it belongs to,
    /// and none overlaps another. What changes a part of an earlier change becomes a part of that.
    pub(super) fn apply(&mut self, edits: &[(Edit, usize)]) {
        let mut next = Vec::with_capacity(self.changes.len() + edits.len());
        let mut changes = std::mem::take(&mut self.changes).into_iter().peekable();
        let mut rest = edits;
        let mut shift = Shift::default();
        loop {
            // What begins first begins a group of all that overlap.
            let mut group = match (changes.peek(), rest.first()) {
                (None, None) => break,
                (Some(change), Some((edit, _))) if edit.range().start < shift.start_of(change) => {
                    edit.range()
                }
                (Some(change), _) => shift.now(change),
                (None, Some((edit, _))) => edit.range(),
            };
            let first = shift.back(group.start);
            let mut within: Vec<Change> = Vec::new();
            let mut here = 0;
            loop {
                let is_in = |group: &Range<usize>, range: Range<usize>| {
                    *group == range || (range.start < group.end && range.end > group.start)
                };
                if let Some(change) = changes.next_if(|change| is_in(&group, shift.now(change))) {
                    group.end = group.end.max(shift.now(&change).end);
                    shift.past(&change);
                    within.push(change);
                } else if let Some((edit, _)) = rest.get(here).filter(|(edit, _)| is_in(&group, edit.range()))
                {
                    group.end = group.end.max(edit.range().end);
                    here += 1;
                } else {
                    break;
                }
            }
            let (those, others) = rest.split_at(here);
            rest = others;
            match (those.first(), within.first()) {
                (Some((edit, owner)), earlier) => {
                    let owner = if edit.range() == group {
                        self.undone.extend(within.iter().map(|change| change.owner));
                        *owner
                    } else {
                        earlier.map_or(*owner, |change| change.owner)
                    };
                    let moved = those.iter().map(|(edit, _)| {
                        let Range { start, end } = edit.range();
                        Edit::new(start - group.start..end - group.start, edit.replacement().to_owned())
                    });
                    let moved: Vec<Edit> = moved.collect();
                    let replacement = edited(self.text.get(group.clone()).unwrap_or_default(), &moved);
                    next.push(Change { first: first..shift.back(group.end), replacement, owner });
                }
                (None, _) => next.extend(within),
            }
        }
        self.changes = next;
        self.text = edited(&self.text, edits.iter().map(|(edit, _)| edit));
    }

    /// The edits of the first text, each with the repair it belongs to, and the repairs that others undid.
    pub(super) fn into_edits(self) -> (Vec<(usize, Edit)>, HashSet<usize>) {
        let edits = self.changes.into_iter();
        let edits = edits.map(|change| (change.owner, Edit::new(change.first, change.replacement)));
        (edits.collect(), self.undone)
    }
}

/// The text with edits that stand in its order.
pub(crate) fn edited<'e>(text: &str, edits: impl IntoIterator<Item = &'e Edit>) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut kept = 0;
    for edit in edits {
        whole.push_str(text.get(kept..edit.range().start).unwrap_or_default());
        whole.push_str(edit.replacement());
        kept = edit.range().end;
    }
    whole.push_str(text.get(kept..).unwrap_or_default());
    whole
}

/// The bytes that the changes so far put in, and those they took out.
#[derive(Default)]
struct Shift {
    put_in: usize,
    taken_out: usize,
}

impl Shift {
    /// Where the text as it is now has what begins at `first`.
    fn start_of(&self, change: &Change) -> usize {
        change.first.start + self.put_in - self.taken_out
    }

    /// The bytes of a change in the text as it is now.
    fn now(&self, change: &Change) -> Range<usize> {
        let start = self.start_of(change);
        start..start + change.replacement.len()
    }

    /// Where the first text has what is at `now`.
    fn back(&self, now: usize) -> usize {
        now + self.taken_out - self.put_in
    }

    fn past(&mut self, change: &Change) {
        self.put_in += change.replacement.len();
        self.taken_out += change.first.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The first text with the edits that the draft ended with.
    fn replayed(first: &str, draft: Draft) -> String {
        let edits: Vec<Edit> = draft.into_edits().0.into_iter().map(|(_, edit)| edit).collect();
        edited(first, &edits)
    }

    #[test]
    fn a_change_of_a_change_is_one_change() {
        let mut draft = Draft::new("ab cd ef");
        draft.apply(&[(Edit::new(3..5, "CCDD".to_owned()), 0), (Edit::new(6..8, String::new()), 1)]);
        draft.apply(&[(Edit::new(0..1, "x".to_owned()), 2), (Edit::new(4..5, "_".to_owned()), 3)]);
        assert_eq!(draft.text(), "xb C_DD ");
        let (edits, undone) = draft.into_edits();
        assert!(undone.is_empty());
        assert_eq!(
            edits,
            [
                (2, Edit::new(0..1, "x".to_owned())),
                (0, Edit::new(3..5, "C_DD".to_owned())),
                (1, Edit::new(6..8, String::new())),
            ]
        );
    }

    #[test]
    fn what_takes_a_change_away_owns_its_place() {
        let mut draft = Draft::new("ab cd ef");
        draft.apply(&[(Edit::new(3..5, "CCDD".to_owned()), 0)]);
        draft.apply(&[(Edit::new(2..8, String::new()), 1)]);
        assert_eq!(draft.text(), "abef");
        let (edits, undone) = draft.into_edits();
        assert_eq!(edits, [(1, Edit::new(2..6, String::new()))]);
        assert_eq!(undone, HashSet::from([0]));
    }

    proptest! {
        #[test]
        fn the_edits_of_the_first_text_make_the_last_one(
            rounds in proptest::collection::vec(
                proptest::collection::vec((0_usize..12, 1_usize..6, "[A-Z]{0,5}"), 0..6), 0..6),
        ) {
            let first = "abcdefghijklmnopqrstuvwxyz".repeat(2);
            let mut draft = Draft::new(&first);
            for (owner, round) in rounds.into_iter().enumerate() {
                let mut edits = Vec::new();
                let mut at = 0;
                for (gap, len, replacement) in round {
                    let (start, end) = (at + gap, at + gap + len);
                    if end > draft.text().len() {
                        break;
                    }
                    edits.push((Edit::new(start..end, replacement), owner));
                    at = end;
                }
                draft.apply(&edits);
            }
            let last = draft.text().to_owned();
            prop_assert_eq!(replayed(&first, draft), last);
        }
    }
}
