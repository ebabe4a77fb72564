//! Strings: lengths, patterns and formats.

use crate::{
    text::{Format, StringForm},
    ty::{Form, View},
};

/// Whether the strings of `a` are proven to be strings of `b`.
pub(super) fn within(a: &StringForm, b: &StringForm) -> bool {
    a.min >= b.min
        && b.max.is_none_or(|max| a.max.is_some_and(|own| own <= max))
        && b.patterns.iter().all(|pattern| a.patterns.contains(pattern))
        && b.formats.iter().all(|format| a.formats.iter().any(|own| is_kind_of(*own, *format)))
}

/// Formats all of whose strings are strings of another format.
const INCLUDED: [(&str, &str); 7] = [
    ("ipv4", "ip"),
    ("ipv6", "ip"),
    ("uri", "uri-reference"),
    ("uri", "iri"),
    ("uri", "iri-reference"),
    ("iri", "iri-reference"),
    ("uri-reference", "iri-reference"),
];

fn is_kind_of(own: Format, other: Format) -> bool {
    own == other || INCLUDED.contains(&(own.name(), other.name()))
}

/// Whether branches that ask only for a length together have every string of `a`.
pub(super) fn covered<'t>(a: &StringForm, branches: impl Iterator<Item = View<'t>>) -> bool {
    let mut lengths: Vec<(u64, Option<u64>)> = branches
        .filter_map(|branch| match branch.form() {
            Form::String(form) => Some(form),
            _ => None,
        })
        .filter(|form| within(a, &StringForm { min: 0, max: None, ..(*form).clone() }))
        .map(|form| (form.min, form.max))
        .collect();
    lengths.sort_unstable();
    let mut next = a.min;
    for (min, max) in lengths {
        if min > next {
            return false;
        }
        let Some(max) = max else { return true };
        if a.max.is_some_and(|own| own <= max) {
            return true;
        }
        next = next.max(max.saturating_add(1));
    }
    false
}
