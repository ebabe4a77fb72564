//! What patterns are made of.

use regex_syntax::hir::{Class, Hir, HirKind};

/// How many states a class of characters has at most at a time.
const OF_CLASS: usize = 8;

/// A regular expression as Rust writes it, taken apart.
pub(crate) fn parsed(source: &str) -> Option<Hir> {
    regex_syntax::ParserBuilder::new().nest_limit(64).build().parse(source).ok()
}

/// About how many states it takes to follow a regular expression through a string.
pub(crate) fn weight(source: &str) -> usize {
    parsed(source).map_or(usize::MAX, |hir| of(&hir))
}

fn of(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(Class::Bytes(_)) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        HirKind::Class(Class::Unicode(class)) => class.ranges().len().clamp(1, OF_CLASS),
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min).max(1);
            of(&repetition.sub).saturating_mul(usize::try_from(times).unwrap_or(usize::MAX))
        }
        HirKind::Capture(capture) => of(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().map(of).fold(0, usize::saturating_add)
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
}
