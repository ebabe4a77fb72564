//! Some strings of a pattern.

use crate::{fuel::Fuel, pattern::parsed, text::Pattern};
use regex_syntax::hir::{Class, Hir, HirKind};

/// How many characters one sample has at most.
const LONGEST: usize = 2_000;

/// How much work it is to take a pattern apart.
const PARSING: usize = 300;

/// Some strings that probably match, also longer ones.
pub(crate) fn samples(pattern: &Pattern, lengths: &[usize], fuel: &mut Fuel) -> Vec<String> {
    if !fuel.spend(PARSING) {
        return Vec::new();
    }
    let Some(hir) = parsed(pattern.translated()) else { return Vec::new() };
    let mut samples = Vec::new();
    let more = lengths.iter().copied().filter(|length| *length > 3 && *length <= LONGEST);
    for (variant, more) in [0, 1, 2, 3, 5].into_iter().chain(more).enumerate() {
        if !fuel.spend(1 + pattern.weight().min(LONGEST) / 8) {
            break;
        }
        let mut text = Vec::new();
        write(&hir, variant, more, &mut text);
        samples.extend(String::from_utf8(text).ok().filter(|text| !samples.contains(text)));
    }
    samples
}

fn write(hir: &Hir, variant: usize, more: usize, text: &mut Vec<u8>) {
    if text.len() >= LONGEST {
        return;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.extend(&literal.0),
        HirKind::Class(Class::Unicode(class)) => {
            let ranges = class.ranges();
            if let Some(range) = ranges.get((ranges.len() / 2 + variant) % ranges.len().max(1)) {
                let has_a = range.start() <= 'a' && 'a' <= range.end();
                let c = if range.start().is_control() && has_a { 'a' } else { range.start() };
                text.extend(c.to_string().bytes());
            }
        }
        HirKind::Class(Class::Bytes(class)) => {
            text.extend(class.ranges().first().map(regex_syntax::hir::ClassBytesRange::start));
        }
        HirKind::Repetition(repetition) => {
            let least = usize::try_from(repetition.min).unwrap_or(LONGEST);
            let most = repetition.max.map_or(LONGEST, |max| usize::try_from(max).unwrap_or(LONGEST));
            for _ in 0..least.saturating_add(more).min(most).min(LONGEST) {
                write(&repetition.sub, variant, 0, text);
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, variant, more, text),
        HirKind::Concat(parts) => parts.iter().for_each(|part| write(part, variant, more, text)),
        HirKind::Alternation(parts) => {
            if let Some(part) = parts.get(variant % parts.len().max(1)) {
                write(part, variant, more, text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::FUEL;

    fn samples_of(pattern: &str, lengths: &[usize]) -> Vec<String> {
        samples(&Pattern::new(pattern).unwrap(), lengths, &mut Fuel::of(FUEL))
    }

    #[test]
    fn samples_take_different_turns() {
        assert_eq!(samples_of("^[aceg]$", &[]), ["e", "g", "a", "c"]);
        assert_eq!(samples_of("^(?:ab|cd|ef)$", &[]), ["ab", "cd", "ef"]);
        assert_eq!(samples_of("^a*$", &[]), ["", "a", "aa", "aaa", "aaaaa"]);
        assert_eq!(samples_of("^(a[bd]?){2}$", &[]), ["aa"]);
    }

    #[test]
    fn what_people_cannot_read_is_avoided_where_a_letter_will_do() {
        assert_eq!(samples_of("^.$", &[]), ["a", "\u{202a}", "\0", "\u{b}"]);
        assert_eq!(samples_of("^[^0]$", &[]), ["1", "\0"]);
        assert_eq!(samples_of("^[^~]$", &[]), ["\u{7f}", "a"]);
    }

    #[test]
    fn samples_are_as_long_as_is_asked_for_up_to_some_length() {
        let lengths = |pattern: &str, asked: &[usize]| {
            samples_of(pattern, asked).iter().map(String::len).collect::<Vec<_>>()
        };
        assert_eq!(lengths("^[ace]*$", &[3, 4, LONGEST]), [0, 1, 2, 3, 5, 4, LONGEST]);
        assert_eq!(lengths("^[ace]*$", &[LONGEST + 1]), [0, 1, 2, 3, 5]);
        assert_eq!(lengths("^(?:ab){1500}$", &[]), [LONGEST]);
        assert_eq!(lengths("^(?:abc){1500}$", &[]), [LONGEST + 1]);
    }
}
