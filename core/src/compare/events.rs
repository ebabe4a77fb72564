//! Events, by their names.

use super::change::{Change, Changed};
use super::types;
use crate::registry::Registry;

pub(super) fn compare(old: &Registry, new: &Registry, changes: &mut Vec<Change>) {
    for (name, before) in old.events() {
        match new.trigger(name) {
            None => changes.push(Change::of_event(name, Changed::EventRemoved, true)),
            Some(now) => {
                let change = types::of_output(before, now.ty());
                changes.extend(
                    change.map(|(change, breaking)| {
                        Change::of_event(name, Changed::EventType(change), breaking)
                    }),
                );
            }
        }
    }
    let added = new.events().map(|(name, _)| name).filter(|name| old.trigger(name).is_none());
    changes.extend(added.map(|name| Change::of_event(name, Changed::EventAdded, true)));
}
