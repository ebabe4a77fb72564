//! Where a ref leads.

use serde_json::Value;
use std::iter::Peekable;
use std::str::Chars;

/// A step of a path.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// `.name`; digits alone are also an element.
    Name(String),
    /// `['name']`
    Quoted(String),
    /// `[0]`, `[-1]`
    Index(i64),
}

/// A part of a string.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Stands for itself; with whether it was escaped: `!ref("text")`.
    Text(String, bool),
    /// A ref, by its steps from `$`.
    Ref(Vec<Step>),
}

/// The pieces of a string, in order.
///
/// # Panics
///
/// Where a ref is malformed.
pub fn pieces(string: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = string;
    while let Some(at) = rest.find("!ref(") {
        if at > 0 {
            pieces.push(Piece::Text(rest[..at].to_owned(), false));
        }
        let mut chars = rest[at + "!ref(".len()..].chars().peekable();
        if chars.peek() == Some(&'"') {
            pieces.push(Piece::Text(quoted(&mut chars), true));
        } else {
            assert_eq!(chars.next(), Some('$'), "a ref begins at `$`: {string}");
            pieces.push(Piece::Ref(steps(&mut chars)));
        }
        assert_eq!(chars.next(), Some(')'), "a ref ends: {string}");
        let left: String = chars.collect();
        rest = &rest[rest.len() - left.len()..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned(), false));
    }
    pieces
}

/// The ref that a string is, as a whole.
pub fn whole(string: &str) -> Option<Vec<Step>> {
    match <[Piece; 1]>::try_from(pieces(string)) {
        Ok([Piece::Ref(steps)]) => Some(steps),
        _ => None,
    }
}

fn steps(chars: &mut Peekable<Chars<'_>>) -> Vec<Step> {
    let mut steps = Vec::new();
    loop {
        match chars.peek() {
            Some('.') => {
                chars.next();
                let mut name = String::new();
                while let Some(next) = chars.next_if(|next| !".[)".contains(*next)) {
                    name.push(next);
                }
                steps.push(Step::Name(name));
            }
            Some('[') => {
                chars.next();
                if matches!(chars.peek(), Some('"' | '\'')) {
                    steps.push(Step::Quoted(quoted(chars)));
                } else {
                    let mut digits = String::new();
                    while let Some(next) = chars.next_if(|next| *next != ']') {
                        digits.push(next);
                    }
                    steps.push(Step::Index(digits.parse().expect("an index is a number")));
                }
                assert_eq!(chars.next(), Some(']'), "a bracket ends");
            }
            _ => return steps,
        }
    }
}

/// What stands in quotes, with both.
fn quoted(chars: &mut Peekable<Chars<'_>>) -> String {
    let quote = chars.next();
    let mut text = String::new();
    loop {
        match chars.next() {
            next if next == quote => return text,
            Some('\\') => text.push(match chars.next() {
                Some('b') => '\u{8}',
                Some('f') => '\u{c}',
                Some('n') => '\n',
                Some('r') => '\r',
                Some('t') => '\t',
                Some('u') => {
                    let digits: String = chars.by_ref().take(4).collect();
                    let code = u32::from_str_radix(&digits, 16).ok();
                    code.and_then(char::from_u32).expect("halves of characters are not read")
                }
                Some(itself) => itself,
                None => panic!("an escape ends"),
            }),
            Some(next) => text.push(next),
            None => panic!("a quote ends"),
        }
    }
}

/// What stands at a path: only what a value has itself.
pub fn find<'v>(steps: &[Step], root: &'v Value) -> Option<&'v Value> {
    steps.iter().try_fold(root, |value, step| match (step, value) {
        (Step::Name(name) | Step::Quoted(name), Value::Object(members)) => members.get(name),
        (Step::Name(name), Value::Array(elements)) => {
            let is_index = name == "0" || !name.starts_with('0');
            elements.get(name.parse::<usize>().ok().filter(|_| is_index && !name.starts_with('+'))?)
        }
        (Step::Index(index), Value::Array(elements)) => {
            let distance = usize::try_from(index.unsigned_abs()).ok()?;
            elements.get(if *index < 0 { elements.len().checked_sub(distance)? } else { distance })
        }
        _ => None,
    })
}
