//! Actions, by all of their names.

use super::change::{Change, Changed};
use super::{inputs, types};
use crate::diagnostic::{Code, Severity};
use crate::registry::{Registered, Registry};
use std::collections::HashSet;

pub(super) fn compare(old: &Registry, new: &Registry, changes: &mut Vec<Change>) {
    let mut known = HashSet::new();
    for definition in old.definitions() {
        let Some(before) = old.position(definition.kind()).map(|at| old.registered(at)) else { continue };
        if let Some(at) = successor(before, new) {
            known.insert(at);
            names(before, at, new, changes);
            deprecated(before, new.registered(at), new, changes);
            inputs::compare((before, old), (new.registered(at), new), changes);
            let change = types::of_output(&before.output, &new.registered(at).output);
            changes.extend(change.map(|(change, breaking)| {
                Change::of_action(before.kind(), Changed::OutputType(change), breaking)
            }));
        } else {
            let deprecated = definition.deprecated().map(str::to_owned);
            changes.push(Change::of_action(before.kind(), Changed::ActionRemoved { deprecated }, true));
        }
        known.extend(names_of(before).filter_map(|name| new.position(name)));
    }
    let added = new.kinds().filter(|kind| new.position(kind).is_some_and(|at| !known.contains(&at)));
    changes.extend(added.map(|kind| Change::of_action(kind, Changed::ActionAdded, false)));
}

fn names_of(action: &Registered) -> impl Iterator<Item = &str> {
    let aliases = action.definition.aliases().iter().map(String::as_str);
    std::iter::once(action.kind()).chain(aliases)
}

/// The action that takes the place of an old one: its kind leads there, or else the first of its other names that leads
/// anywhere.
fn successor(old: &Registered, new: &Registry) -> Option<usize> {
    names_of(old).find_map(|name| new.position(name))
}

/// Where the old names lead.
fn names(old: &Registered, successor: usize, new: &Registry, changes: &mut Vec<Change>) {
    let now = new.kind_at(successor);
    let kept = new.position(old.kind()).is_some();
    if now != old.kind() {
        changes.push(Change::of_action(
            old.kind(),
            Changed::ActionRenamed { to: now.to_owned(), kept },
            !kept,
        ));
    }
    for alias in old.definition.aliases() {
        let what = match new.position(alias) {
            None => Changed::AliasRemoved { alias: alias.clone() },
            Some(other) if other != successor => {
                Changed::AliasMoved { alias: alias.clone(), to: new.kind_at(other).to_owned() }
            }
            Some(_) => continue,
        };
        changes.push(Change::of_action(old.kind(), what, true));
    }
}

fn deprecated(old: &Registered, now: &Registered, new: &Registry, changes: &mut Vec<Change>) {
    if let (None, Some(advice)) = (old.definition.deprecated(), now.definition.deprecated()) {
        let what = Changed::ActionDeprecated { advice: advice.to_owned() };
        changes.push(Change::of_action(old.kind(), what, is_error(new, Code::Deprecated)));
    }
}

/// Whether a registry refuses a document for this.
pub(super) fn is_error(registry: &Registry, code: Code) -> bool {
    let severity = registry.levels().get(&code).map_or(Some(code.default_severity()), |own| own.severity());
    severity == Some(Severity::Error)
}
