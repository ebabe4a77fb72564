//! Text read as a number, the two ways JavaScript reads it.

/// What JavaScript trims: its white space and line terminators.
fn is_space(character: char) -> bool {
    matches!(
        character,
        '\u{9}'..='\u{d}'
            | ' '
            | '\u{a0}'
            | '\u{1680}'
            | '\u{2000}'..='\u{200a}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{202f}'
            | '\u{205f}'
            | '\u{3000}'
            | '\u{feff}'
    )
}

/// `Number(text)`: the whole text is a number, or the result is NaN. Nothing but white space is 0.
pub(crate) fn to_number(text: &str) -> f64 {
    let text = text.trim_matches(is_space);
    if text.is_empty() {
        return 0.0;
    }
    let mut characters = text.chars();
    if characters.next() == Some('0') {
        let bits = match characters.next() {
            Some('x' | 'X') => 4,
            Some('o' | 'O') => 3,
            Some('b' | 'B') => 1,
            _ => 0,
        };
        if bits > 0 {
            return power_of_two_digits(characters.as_str(), bits);
        }
    }
    match decimal_prefix(text) {
        Some((number, length)) if length == text.len() => number,
        _ => f64::NAN,
    }
}

/// `parseFloat(text)`: the number that the text begins with, or NaN.
pub(super) fn parse_float(text: &str) -> f64 {
    decimal_prefix(text.trim_start_matches(is_space)).map_or(f64::NAN, |(number, _)| number)
}

/// Digits of 1, 3 or 4 bits, rounded once: to the nearest number, as JavaScript does.
fn power_of_two_digits(digits: &str, bits: u32) -> f64 {
    const ROOM: u32 = u128::BITS - 4;
    if digits.is_empty() {
        return f64::NAN;
    }
    let mut leading: u128 = 0;
    let mut cut_bits: i32 = 0;
    let mut cut_something = false;
    for digit in digits.chars() {
        let Some(digit) = digit.to_digit(1 << bits) else { return f64::NAN };
        if leading >> (ROOM - bits) == 0 {
            leading = leading << bits | u128::from(digit);
        } else {
            cut_bits = cut_bits.saturating_add(bits.cast_signed());
            cut_something |= digit != 0;
        }
    }
    // Far more bits are kept than a number holds, so that the lowest can say "and a little more".
    let kept = leading | u128::from(cut_something);
    #[expect(clippy::cast_precision_loss, reason = "this rounding is the one that is wanted")]
    let kept = kept as f64;
    kept * 2f64.powi(cut_bits)
}

/// The longest decimal number at the beginning of a text, and its length.
fn decimal_prefix(text: &str) -> Option<(f64, usize)> {
    let sign = usize::from(text.starts_with(['+', '-']));
    let unsigned = text.get(sign..)?;
    if unsigned.starts_with("Infinity") {
        let infinity = if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY };
        return Some((infinity, sign + "Infinity".len()));
    }
    let digits = |from: usize| {
        text.as_bytes().get(from..).map_or(0, |rest| rest.iter().take_while(|b| b.is_ascii_digit()).count())
    };
    let byte = |at: usize| text.as_bytes().get(at).copied();

    let whole = digits(sign);
    let mut end = sign + whole;
    let mut fraction = 0;
    if byte(end) == Some(b'.') {
        fraction = digits(end + 1);
        if whole + fraction > 0 {
            end += 1 + fraction;
        }
    }
    if whole + fraction == 0 {
        return None;
    }
    if matches!(byte(end), Some(b'e' | b'E')) {
        let exponent_sign = usize::from(matches!(byte(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + exponent_sign);
        if exponent > 0 {
            end += 1 + exponent_sign + exponent;
        }
    }
    Some((text.get(..end)?.parse().ok()?, end))
}
