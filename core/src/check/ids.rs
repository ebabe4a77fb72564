//! Every action has an id of its own that refs and edges can name.

use crate::diagnostic::{Findings, Pointer, Problem, ReservedBecause};
use crate::map::Map;
use crate::workflow::Document;

const LONGEST: usize = 128;

/// The action that each id names: the first of those that have it.
#[derive(Debug, Default)]
pub(crate) struct Ids<'d> {
    by_id: Map<&'d str, usize>,
    /// In document order.
    names: Vec<&'d str>,
    /// Actions whose id is missing, reserved or another's: edges may lead to them in vain.
    nameless: Vec<usize>,
    /// Whether an action has no id at all, so that any name may have been meant for it.
    some_are_missing: bool,
}

impl<'d> Ids<'d> {
    pub(crate) fn get(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &'d str> {
        self.names.iter().copied()
    }

    pub(crate) fn some_are_missing(&self) -> bool {
        self.some_are_missing
    }

    pub(crate) fn nameless(&self) -> &[usize] {
        &self.nameless
    }
}

pub(crate) fn check<'d>(document: &'d Document, findings: &mut Findings) -> Ids<'d> {
    let actions = document.actions.len();
    let mut ids = Ids {
        by_id: Map::with_capacity_and_hasher(actions, ahash::RandomState::default()),
        names: Vec::with_capacity(actions),
        ..Ids::default()
    };
    for (at, action) in document.actions.iter().enumerate() {
        let Some(id) = action.id.as_deref() else {
            ids.nameless.push(at);
            ids.some_are_missing = true;
            continue;
        };
        let pointer = || Pointer::root().member("actions").element(at).member("id");
        if let Some(reason) = refuse(id) {
            findings.report(pointer(), Problem::ReservedId { id: id.to_owned(), reason });
            ids.nameless.push(at);
        }
        if let Some(&first) = ids.by_id.get(id) {
            ids.nameless.push(at);
            let first = Pointer::root().member("actions").element(first).member("id");
            let related = vec![(first, "the first action of this id".to_owned())];
            findings.report_related(pointer(), Problem::DuplicateId { id: id.to_owned() }, related);
        } else {
            ids.names.push(id);
            ids.by_id.insert(id, at);
        }
    }
    ids
}

pub(crate) fn refuse(id: &str) -> Option<ReservedBecause> {
    if id.is_empty() {
        Some(ReservedBecause::Empty)
    } else if id.starts_with('$') {
        Some(ReservedBecause::Dollar)
    } else if id.chars().nth(LONGEST).is_some() {
        Some(ReservedBecause::TooLong)
    } else if id.chars().any(char::is_control) {
        Some(ReservedBecause::ControlCharacter)
    } else {
        None
    }
}
