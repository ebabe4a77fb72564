//! The quick way to read a string that is one ref and has nothing but plain names in it, as nearly all have. Of any
//! other it says nothing.

use super::{OPENING, RefRoot, Reference};
use flowright_schema::{Path, Segment};

/// `!ref($.state.1.title)`; `None` for whatever is not as plain.
pub(super) fn read(text: &str, max_segments: usize) -> Option<Reference> {
    let inside = text.strip_prefix(OPENING)?.strip_prefix("$.")?.strip_suffix(')')?;
    let begin = OPENING.len() + 2;
    let segments = inside.bytes().filter(|byte| *byte == b'.').count() + 1;
    if segments > max_segments {
        return None;
    }
    let mut at = begin - 1;
    let mut names = inside.split('.').map(|name| {
        let span = at..at + 1 + name.len();
        at = span.end;
        is_plain(name).then_some((name, span))
    });
    let (first, first_span) = names.next()??;
    let (root, root_span) = match first {
        "event" => (RefRoot::Event, first_span),
        "output" => (RefRoot::Output, first_span),
        "state" => {
            let (id, span) = names.next()??;
            (RefRoot::State(id.to_owned()), span)
        }
        _ => return None,
    };
    let mut path = Vec::with_capacity(segments - 1);
    let mut segment_spans = Vec::with_capacity(segments - 1);
    for name in names {
        let (name, span) = name?;
        path.push(Segment::shorthand(name));
        segment_spans.push(span);
    }
    Some(Reference { root, path: Path::from(path), span: 0..text.len(), root_span, segment_spans })
}

/// Letters, digits and `_`, and no digit before a letter.
fn is_plain(name: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    match name.as_bytes() {
        [] => false,
        [first, rest @ ..] if letter(*first) => {
            rest.iter().all(|byte| letter(*byte) || byte.is_ascii_digit())
        }
        digits => digits.iter().all(u8::is_ascii_digit),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Parsed, parse};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_refs_are_read_the_quick_way() {
        for text in ["!ref($.event)", "!ref($.state.1.title)", "!ref($.output.a_1.0)"] {
            assert!(read(text, 64).is_some(), "{text}");
        }
        for text in [
            "!ref($.event",
            "!ref($)",
            "!ref($.state)",
            "!ref($.stat.1)",
            "!ref($.event.a-b)",
            "!ref($.event[0])",
            "!ref($.event.1a)",
            "!ref($.event..a)",
            "a !ref($.event)",
            "!ref($.event) !ref($.event)",
        ] {
            assert!(read(text, 64).is_none(), "{text}");
        }
        assert!(read("!ref($.event.a.b)", 3).is_some() && read("!ref($.event.a.b)", 2).is_none());
    }

    proptest! {
        #[test]
        fn what_is_read_the_quick_way_is_read_the_same_the_long_way(
            text in "!ref\\(\\$(\\.(event|state|output|1|[a-z_0-9é.-]{0,4})){0,4}\\)?( |\\))?",
            most in 1..6_usize,
        ) {
            if let Some(quick) = read(&text, most) {
                prop_assert_eq!(Ok(Parsed::Ref(quick)), super::super::parse::general(&text, most));
            }
            prop_assert_eq!(parse(&text, most), super::super::parse::general(&text, most));
        }
    }
}
