//! User text inside messages.

use std::fmt::Write as _;

/// Longer user text is cut.
const LONGEST: usize = 80;
/// Longer types are cut.
const LONGEST_TYPE: usize = 160;
/// Longer messages are cut.
const LONGEST_MESSAGE: usize = 1_000;
/// Longer lists of names are cut.
const MOST: usize = 10;

/// User text between backticks: one line of bounded length, nothing in it invisible, and no backtick.
pub(crate) fn quoted(text: &str) -> String {
    format!("`{}`", shown(text).replace('`', "\\u{60}"))
}

/// A type in flowright's notation, between backticks.
pub(crate) fn typed(notation: &str) -> String {
    format!("`{}`", in_one_line(notation, LONGEST_TYPE))
}

/// User text as [`quoted`] has it, without the backticks.
pub(crate) fn shown(text: &str) -> String {
    in_one_line(text, LONGEST)
}

/// A message that others worded.
pub(crate) fn message(text: &str) -> String {
    in_one_line(text, LONGEST_MESSAGE)
}

fn in_one_line(text: &str, longest: usize) -> String {
    let mut shown = String::new();
    for (position, c) in text.chars().enumerate() {
        if position == longest {
            shown.push('…');
            break;
        }
        match c {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            c if is_invisible(c) => {
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    shown
}

/// Control characters, and what changes how the text around it is shown.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// Several names, the last joined with `or`; of many, the first ones and how many more there are.
pub(crate) fn any_of<N: AsRef<str>>(names: &[N]) -> String {
    let listed = names.iter().take(MOST).map(|name| quoted(name.as_ref())).collect::<Vec<_>>();
    match (listed.as_slice(), names.len().saturating_sub(MOST)) {
        ([], _) => String::new(),
        ([only], 0) => only.clone(),
        ([all @ .., last], 0) => format!("{} or {last}", all.join(", ")),
        (first, more) => format!("{} and {more} more", first.join(", ")),
    }
}

/// A number as people write it: `10,000`.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_text_stays_on_one_line_and_short() {
        assert_eq!(quoted("a\nb\u{202e}c\u{0}"), r"`a\nb\u{202e}c\u{0}`");
        assert_eq!(quoted(&"é".repeat(81)), format!("`{}…`", "é".repeat(80)));
        assert_eq!(quoted(&"é".repeat(80)), format!("`{}`", "é".repeat(80)));
    }

    #[test]
    fn long_lists_are_cut() {
        assert_eq!(any_of(&["a"]), "`a`");
        assert_eq!(any_of(&["a", "b", "c"]), "`a`, `b` or `c`");
        let many: Vec<String> = (0..12).map(|number| number.to_string()).collect();
        assert_eq!(any_of(&many), "`0`, `1`, `2`, `3`, `4`, `5`, `6`, `7`, `8`, `9` and 2 more");
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(
            [0, 999, 1000, 10_000, 4_194_304].map(grouped),
            ["0", "999", "1,000", "10,000", "4,194,304"]
        );
    }
}
