//! Texts that a pattern matches.

use crate::text::Pattern;
use regex_syntax::hir::{Class, Hir, HirKind};

/// How long a text may grow.
const LONGEST: usize = 512;

/// A few texts that the pattern most likely matches, of at least `min` characters where it lets them grow.
pub(super) fn texts(pattern: &Pattern, min: u64) -> Vec<String> {
    let Ok(hir) = regex_syntax::parse(pattern.translated()) else { return Vec::new() };
    let grown = u32::try_from(min).unwrap_or(u32::MAX).min(200);
    let mut found: Vec<String> = Vec::new();
    for (more, choice) in [(0, 0), (1, 0), (grown, 0), (0, 1), (1, 1), (2, 2)] {
        let mut text = String::new();
        if write(&hir, more, choice, &mut text).is_some() && !found.contains(&text) {
            found.push(text);
        }
    }
    found
}

/// Writes one text: repetitions are `more` longer than they must be, and of several ways the one at `choice` is
/// taken.
fn write(hir: &Hir, more: u32, choice: usize, text: &mut String) -> Option<()> {
    if text.len() > LONGEST {
        return None;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(()),
        HirKind::Literal(literal) => {
            text.push_str(std::str::from_utf8(&literal.0).ok()?);
            Some(())
        }
        HirKind::Class(class) => {
            text.push(character(class, choice)?);
            Some(())
        }
        HirKind::Repetition(repetition) => {
            let times = repetition.min.saturating_add(more);
            let times = repetition.max.map_or(times, |max| times.min(max));
            (0..times.min(256)).try_for_each(|_| write(&repetition.sub, more, choice, text))
        }
        HirKind::Capture(capture) => write(&capture.sub, more, choice, text),
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| write(part, more, choice, text)),
        HirKind::Alternation(ways) => write(ways.get(choice % ways.len().max(1))?, more, choice, text),
    }
}

/// A character of a class, a plain one where there is one.
fn character(class: &Class, choice: usize) -> Option<char> {
    match class {
        Class::Unicode(class) => {
            let has = |c: char| class.ranges().iter().any(|range| range.start() <= c && c <= range.end());
            let plain: Vec<char> = ['a', 'A', '0', '-', ' ', '.'].into_iter().filter(|c| has(*c)).collect();
            plain
                .get(choice % plain.len().max(1))
                .copied()
                .or_else(|| class.ranges().first().map(regex_syntax::hir::ClassUnicodeRange::start))
        }
        Class::Bytes(class) => class.ranges().first().map(|range| char::from(range.start())),
    }
}
