//! Taking elements and members out of a text, with their commas and their lines.

use jsonc_parser::tokens::Token;
use jsonc_parser::{Scanner, ScannerOptions};
use std::ops::Range;

/// The bytes to take out for each of the items at `removed`, which are positions in rising order.
///
/// `items` are the bytes of all elements or members of the array or object that stands in `container`. Together the
/// removals leave an array or object of the other items.
pub(super) fn removals(
    text: &str,
    container: &Range<usize>,
    items: &[Range<usize>],
    removed: &[usize],
) -> Vec<Vec<Range<usize>>> {
    // From here on nothing stays, so that it is the comma in front that goes.
    let mut tail = items.len();
    for at in removed.iter().rev() {
        if *at + 1 != tail {
            break;
        }
        tail = *at;
    }
    let mut all = Vec::with_capacity(removed.len());
    let mut end = container.start;
    for &at in removed {
        let Some(item) = items.get(at) else { continue };
        let mut ranges = if at < tail {
            with_next(text, item, items.get(at + 1))
        } else if at > 0 {
            with_previous(text, item, items.get(at - 1))
        } else {
            vec![item.clone()]
        };
        if tail == 0 {
            empty(text, container, items, at, &mut ranges);
        }
        for range in &mut ranges {
            range.start = range.start.max(end);
            end = range.end.max(end);
        }
        all.push(ranges);
    }
    all
}

/// An item in front of one that stays.
fn with_next(text: &str, item: &Range<usize>, next: Option<&Range<usize>>) -> Vec<Range<usize>> {
    let until = next.map_or(item.end, |next| next.start);
    match comma(text, item.end, until) {
        Some(comma) if is_blank(text, item.end..comma) => vec![with_line(text, item.start..comma + 1)],
        // A comment stands between them, and stays.
        Some(comma) => vec![item.clone(), comma..comma + 1],
        None => vec![with_line(text, item.clone())],
    }
}

/// An item behind which nothing stays.
fn with_previous(text: &str, item: &Range<usize>, previous: Option<&Range<usize>>) -> Vec<Range<usize>> {
    let from = previous.map_or(item.start, |previous| previous.end);
    match comma(text, from, item.start) {
        Some(comma) if is_blank(text, comma..item.start) || is_blank(text, comma + 1..item.start) => {
            let with_comma = comma..item.end;
            vec![with_comma]
        }
        Some(comma) => {
            let before = text.get(comma + 1..item.start).unwrap_or_default();
            let after = text.get(item.end..).unwrap_or_default().trim_start_matches([' ', '\t', '\r']);
            // A line break that ends a comment goes only where the next one can stand for it.
            let blank = before.len() - before.trim_end_matches(is_white).len();
            let blank = if after.starts_with('\n') { blank } else { 0 };
            vec![comma..comma + 1, item.start - blank..item.end]
        }
        None => vec![item.clone()],
    }
}

/// Where all items go, what is left between the brackets goes with the first and the last, but for comments.
fn empty(
    text: &str,
    container: &Range<usize>,
    items: &[Range<usize>],
    at: usize,
    ranges: &mut Vec<Range<usize>>,
) {
    let (open, close) = (container.start + 1, container.end.saturating_sub(1));
    let Some(item) = items.get(at) else { return };
    let is_last = at + 1 == items.len();
    let mut last_end = item.end;
    if is_last && let Some(comma) = comma(text, item.end, close) {
        if is_blank(text, item.end..comma) {
            last_end = comma + 1;
        } else {
            ranges.push(comma..comma + 1);
        }
    }
    if at == 0
        && is_blank(text, open..item.start)
        && let Some(first) = ranges.first_mut()
    {
        first.start = open;
    }
    if let Some(range) = ranges.iter_mut().find(|range| range.end == item.end) {
        range.end = if is_last && is_blank(text, last_end..close) { close } else { last_end };
    }
}

/// With all of its line, where nothing else stands there.
fn with_line(text: &str, range: Range<usize>) -> Range<usize> {
    let before = text.get(..range.start).unwrap_or_default();
    let after = text.get(range.end..).unwrap_or_default();
    let indent = before.len() - before.trim_end_matches([' ', '\t']).len();
    let gap = after.len() - after.trim_start_matches([' ', '\t']).len();
    let rest = after.get(gap..).unwrap_or_default();
    let line_break = if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) };
    let is_first = before.get(..before.len() - indent).is_some_and(|before| before.ends_with('\n'));
    match (is_first, line_break > 0) {
        (true, true) => range.start - indent..range.end + gap + line_break,
        (false, true) => range.start - indent..range.end,
        _ => range.start..range.end + gap,
    }
}

/// Where between two items the comma stands.
fn comma(text: &str, from: usize, to: usize) -> Option<usize> {
    let mut scanner = Scanner::new(text.get(from..to)?, &ScannerOptions::default());
    while let Ok(Some(token)) = scanner.scan() {
        if token == Token::Comma {
            return Some(from + scanner.token_start());
        }
    }
    None
}

fn is_blank(text: &str, range: Range<usize>) -> bool {
    text.get(range).is_some_and(|between| between.chars().all(is_white))
}

fn is_white(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

#[cfg(test)]
mod tests {
    use super::super::node::Node;
    use super::*;
    use crate::source::Source;

    /// An array without the elements at `removed`.
    fn without(text: &str, removed: &[usize]) -> String {
        let node = Node::of_document(&Source::named("a.jsonc", text), 64).unwrap();
        let items: Vec<_> = node.elements().iter().map(|element| element.span.clone()).collect();
        let mut left = text.to_owned();
        for range in removals(text, &node.span, &items, removed).into_iter().flatten().rev() {
            left.replace_range(range, "");
        }
        left
    }

    #[test]
    fn an_element_takes_its_comma_and_its_line_with_it() {
        let lines = "[\n  1,\n  2,\n  3\n]\n";
        assert_eq!(without(lines, &[0]), "[\n  2,\n  3\n]\n");
        assert_eq!(without(lines, &[1]), "[\n  1,\n  3\n]\n");
        assert_eq!(without(lines, &[2]), "[\n  1,\n  2\n]\n");
        assert_eq!(without(lines, &[0, 2]), "[\n  2\n]\n");
        assert_eq!(without(lines, &[1, 2]), "[\n  1\n]\n");
        assert_eq!(without(lines, &[0, 1, 2]), "[]\n");
        assert_eq!(without("[\r\n\t1,\r\n\t2\r\n]", &[0]), "[\r\n\t2\r\n]");
    }

    #[test]
    fn an_element_among_others_on_a_line_takes_the_space_beside_it() {
        assert_eq!(without("[1, 2, 3, 4]", &[1, 2]), "[1, 4]");
        assert_eq!(without("[1, 2, 3, 4]", &[0]), "[2, 3, 4]");
        assert_eq!(without("[1, 2, 3, 4]", &[3]), "[1, 2, 3]");
        assert_eq!(without("[ 1, 2 ]", &[1]), "[ 1 ]");
        assert_eq!(without("[ 1, 2 ]", &[0, 1]), "[]");
        assert_eq!(without("[1, 2,\n 4]", &[1]), "[1,\n 4]");
    }

    #[test]
    fn comments_stay() {
        let text = "[\n  // one\n  1, // of 1\n  2 /* two */, 3 // last\n]";
        assert_eq!(without(text, &[0]), "[\n  // one\n  // of 1\n  2 /* two */, 3 // last\n]");
        assert_eq!(without(text, &[1]), "[\n  // one\n  1, // of 1\n   /* two */ 3 // last\n]");
        assert_eq!(without(text, &[2]), "[\n  // one\n  1, // of 1\n  2 /* two */ // last\n]");
        assert_eq!(without(text, &[1, 2]), "[\n  // one\n  1 // of 1\n   /* two */ // last\n]");
        assert_eq!(without("[1, // one\n2]", &[1]), "[1 // one\n]");
        assert_eq!(without("[1 /* a */, /* b */]", &[0]), "[ /* a */ /* b */]");
    }

    #[test]
    fn a_comma_too_many_stays_where_it_ends_what_stays() {
        assert_eq!(without("[1, 2,]", &[1]), "[1,]");
        assert_eq!(without("[1, 2,]", &[0, 1]), "[]");
    }
}
