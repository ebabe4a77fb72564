//! Text that is no JSON from some place on.

use super::syntax::{SyntaxFault, TextFault};
use crate::diagnostic::Problem;
use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::tokens::Token;
use jsonc_parser::{ParseStringErrorKind, Scanner, ScannerOptions};
use std::ops::Range;

/// Where reading broke, and what was expected there.
pub(super) fn broken(text: &str, error: &ParseError) -> TextFault {
    let range = error.range().start..error.range().end;
    let around = Around::of(text, &range, error.kind());
    let literal = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default().to_owned();
    if around.last == Last::Value && literal(&range).starts_with(char::is_alphanumeric) {
        let before = text.get(..range.start).unwrap_or_default();
        let whole =
            before.trim_end_matches(|c: char| c.is_alphanumeric() || "+-.".contains(c)).len()..range.end;
        if whole.start < range.start {
            let literal = literal(&whole);
            return TextFault::syntax(whole, SyntaxFault::Number { literal });
        }
    }
    let fault = match error.kind() {
        ParseErrorKind::String(kind) => match kind {
            ParseStringErrorKind::ExpectedFourHexDigits => SyntaxFault::UnicodeEscape,
            ParseStringErrorKind::InvalidUnicodeEscapeSequence(_) => SyntaxFault::LoneSurrogate,
            ParseStringErrorKind::UnterminatedStringLiteral => {
                return TextFault::syntax(range.start..range.start + 1, SyntaxFault::UnclosedString);
            }
            ParseStringErrorKind::InvalidEscapeInSingleQuoteString
            | ParseStringErrorKind::InvalidEscapeInDoubleQuoteString
            | ParseStringErrorKind::ExpectedTwoHexDigits
            | ParseStringErrorKind::InvalidEscape => SyntaxFault::Escape,
        },
        ParseErrorKind::UnterminatedCommentBlock => {
            return TextFault::syntax(range.start..range.start + 2, SyntaxFault::UnclosedComment);
        }
        ParseErrorKind::ExpectedDigit
        | ParseErrorKind::ExpectedDigitFollowingNegativeSign
        | ParseErrorKind::ExpectedPlusMinusOrDigitInNumberLiteral => {
            SyntaxFault::Number { literal: literal(&around.number) }
        }
        ParseErrorKind::MultipleRootJsonValues => SyntaxFault::Second,
        ParseErrorKind::UnexpectedWord | ParseErrorKind::UnexpectedToken
            if around.wants_value() && literal(&range).starts_with(char::is_alphabetic) =>
        {
            SyntaxFault::Word { word: literal(&range) }
        }
        _ => {
            if let (true, Some(&(open, close))) = (around.at_end, around.open.last()) {
                let end = text.trim_end().len();
                return TextFault {
                    span: end..end,
                    problem: Problem::Syntax(SyntaxFault::Unclosed { close }),
                    related: Some((open..open + 1, "opened here")),
                };
            }
            let found = text.get(range.start..).and_then(|rest| rest.chars().next());
            SyntaxFault::Expected { what: around.expected(), found }
        }
    };
    let span = match &fault {
        SyntaxFault::Number { .. } => around.number,
        _ => range,
    };
    TextFault::syntax(span, fault)
}

/// What stands before a place in the text.
struct Around {
    /// The arrays and objects around it, each with what closes it.
    open: Vec<(usize, &'static str)>,
    last: Last,
    at_end: bool,
    /// The number that ends there.
    number: Range<usize>,
}

#[derive(Clone, Copy, PartialEq)]
enum Last {
    Nothing,
    Open,
    Comma,
    Colon,
    Name,
    Value,
}

impl Around {
    fn of(text: &str, range: &Range<usize>, kind: &ParseErrorKind) -> Self {
        let unclosed = matches!(
            kind,
            ParseErrorKind::UnterminatedArray
                | ParseErrorKind::UnterminatedObject
                | ParseErrorKind::ExpectedObjectValue
        );
        let place = if unclosed { text.len() } else { range.start };
        let mut around =
            Around { open: Vec::new(), last: Last::Nothing, at_end: false, number: range.clone() };
        let mut scanner = Scanner::new(text, &ScannerOptions::default());
        loop {
            let next = scanner.scan();
            let start = scanner.token_start();
            around.at_end = matches!(next, Ok(None));
            // A number breaks behind where it begins.
            around.number = start.min(range.start)..range.start.max(start + 1);
            let token = match next {
                Ok(Some(token)) if start < place => token,
                _ => return around,
            };
            let in_object = around.open.last().is_some_and(|(_, close)| *close == "}");
            around.last = match token {
                Token::OpenBrace => {
                    around.open.push((start, "}"));
                    Last::Open
                }
                Token::OpenBracket => {
                    around.open.push((start, "]"));
                    Last::Open
                }
                Token::CloseBrace | Token::CloseBracket => {
                    around.open.pop();
                    Last::Value
                }
                Token::Comma => Last::Comma,
                Token::Colon => Last::Colon,
                Token::CommentLine(_) | Token::CommentBlock(_) => continue,
                Token::String(_) | Token::Word(_) | Token::Boolean(_) | Token::Number(_) | Token::Null => {
                    // A name may also stand where a comma is missing.
                    if in_object && around.last != Last::Colon { Last::Name } else { Last::Value }
                }
            };
        }
    }

    fn wants_value(&self) -> bool {
        !self.open.is_empty() && matches!(self.expected(), "a value" | "a value or `]`")
    }

    fn expected(&self) -> &'static str {
        let in_object = self.open.last().is_some_and(|(_, close)| *close == "}");
        match (self.open.is_empty(), in_object, self.last) {
            (true, ..) => "a JSON object",
            (_, true, Last::Open | Last::Nothing) => "a member name or `}`",
            (_, true, Last::Comma) => "a member name",
            (_, true, Last::Name) => "`:`",
            (_, true, Last::Value) => "`,` or `}`",
            (_, _, Last::Colon) | (_, false, Last::Comma) => "a value",
            (_, false, Last::Open | Last::Nothing) => "a value or `]`",
            (_, false, Last::Value | Last::Name) => "`,` or `]`",
        }
    }
}
