//! What patterns are made of.

use crate::{fuel::BYTES, judges::JUDGED_MEMORY};
use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind};

/// How many states a class of characters has at most at a time.
const OF_CLASS: usize = 8;

/// How many states an engine has at most: a larger one is not made.
const LARGEST: usize = JUDGED_MEMORY / BYTES;

/// A regular expression as Rust writes it, taken apart.
pub(crate) fn parsed(source: &str) -> Option<Hir> {
    regex_syntax::ParserBuilder::new().nest_limit(64).build().parse(source).ok()
}

/// About how many states it takes to follow a regular expression through a string.
pub(crate) fn weight(source: &str) -> usize {
    parsed(source).map_or(usize::MAX, |hir| states(&hir, &|class| class.ranges().len().clamp(1, OF_CLASS)))
}

/// About how many states an engine for a pattern has, as JSON Schema writes it.
pub(crate) fn size(source: &str) -> usize {
    // Groups that look around hold what others hold, and back-references nothing.
    let looking = ["(?=", "(?!", "(?<=", "(?<!"];
    let plain = looking.iter().fold(source.to_owned(), |source, looking| source.replace(looking, "(?:"));
    let plain = ('1'..='9').fold(plain, |source, digit| source.replace(&format!("\\{digit}"), ""));
    let translated = jsonschema_regex::to_rust_regex(&plain).ok();
    let parsed = translated.and_then(|translated| parsed(&translated));
    parsed.map_or(LARGEST, |hir| states(&hir, &bytes_of).min(LARGEST))
}

/// About how many states read a character of a class byte by byte.
fn bytes_of(class: &ClassUnicode) -> usize {
    if class.is_ascii() { 1 } else { 10 + class.ranges().len() * 3 / 4 }
}

/// How many states there are, where a class has as many as `of_class` says.
fn states(hir: &Hir, of_class: &dyn Fn(&ClassUnicode) -> usize) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(Class::Bytes(_)) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        HirKind::Class(Class::Unicode(class)) => of_class(class),
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min).max(1);
            let once = states(&repetition.sub, of_class);
            once.saturating_mul(usize::try_from(times).unwrap_or(usize::MAX))
        }
        HirKind::Capture(capture) => states(&capture.sub, of_class),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().map(|part| states(part, of_class)).fold(0, usize::saturating_add)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_repeated_weighs_as_often() {
        for (source, expected) in [
            ("", 1),
            ("^a$", 3),
            ("^abc$", 5),
            ("a{30}", 30),
            ("(a{0,30}){0,30}", 900),
            ("(?:ab){5,}", 10),
            ("a*", 1),
            ("ab|[cd]|.", 2 + 1 + 2),
            (r"\p{L}", 8),
        ] {
            assert_eq!(weight(source), expected, "{source}");
        }
    }

    #[test]
    fn what_looks_around_is_as_large_as_what_it_looks_for() {
        assert_eq!(size("(?=^a{30}$)b(?<!c)"), size("(?:^a{30}$)b(?:c)"));
        assert_eq!(size(r"(ab)\1"), 2);
        assert_eq!(size("("), LARGEST);
        assert_eq!(size("((a{1000}){1000}){1000}"), LARGEST);
        assert!(size(r"^\p{L}{1,30}$") > 30 * 100);
    }
}
