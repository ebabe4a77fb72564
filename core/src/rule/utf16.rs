//! Text as JavaScript counts it: by UTF-16 code units.
//!
//! A cut through a character outside the basic plane leaves half of it, which no Rust string can hold: the
//! half becomes U+FFFD, as when JavaScript writes it as UTF-8. It still counts as one unit.

use std::borrow::Cow;
use std::cmp::Ordering;

pub(super) fn length(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.encode_utf16().count() }
}

pub(super) fn compare(left: &str, right: &str) -> Ordering {
    left.encode_utf16().cmp(right.encode_utf16())
}

/// The units from `start` up to, not including, `end`.
pub(super) fn slice(text: &str, start: usize, end: usize) -> Cow<'_, str> {
    if start >= end {
        return Cow::Borrowed("");
    }
    let mut from = text.len();
    let mut to = text.len();
    let mut half_before = false;
    let mut half_after = false;
    let mut unit = 0;
    for (at, character) in text.char_indices() {
        let next = unit + character.len_utf16();
        if unit >= end {
            to = at;
            break;
        }
        if unit < start {
            if next > start {
                half_before = true;
                from = at + character.len_utf8();
            }
        } else {
            from = from.min(at);
            if next > end {
                half_after = true;
                to = at;
                break;
            }
        }
        unit = next;
    }
    let whole = text.get(from..to).unwrap_or_default();
    if half_before || half_after {
        let half = |is: bool| if is { "\u{fffd}" } else { "" };
        Cow::Owned([half(half_before), whole, half(half_after)].concat())
    } else {
        Cow::Borrowed(whole)
    }
}

/// `text.substr(start, length)`, whose arguments are numbers before they are made whole.
pub(super) fn substr(text: &str, start: f64, length_wanted: Option<f64>) -> Cow<'_, str> {
    let size = length(text);
    let start = match whole(start) {
        start if start < 0 => {
            size.saturating_sub(usize::try_from(start.unsigned_abs()).unwrap_or(usize::MAX))
        }
        start => usize::try_from(start).unwrap_or(usize::MAX).min(size),
    };
    let wanted =
        length_wanted.map_or(size, |wanted| usize::try_from(whole(wanted).max(0)).unwrap_or(usize::MAX));
    slice(text, start, start.saturating_add(wanted).min(size))
}

/// A number without its fraction. NaN is 0, and what is past an `i64` is past every text.
fn whole(number: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "the cast saturates, and makes NaN 0")]
    let whole = number as i64;
    whole
}
