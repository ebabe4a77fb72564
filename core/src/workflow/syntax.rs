//! A document's text, read as JSON. What is nearly JSON is named as what it is, and read on.

use crate::diagnostic::Problem;
use crate::source::Source;
use jsonc_parser::ast::Value;
use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::tokens::Token;
use jsonc_parser::{
    CollectOptions, ParseOptions, ParseStringErrorKind, Scanner, ScannerOptions, parse_to_ast,
};
use std::ops::Range;

/// How text can fail to be JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SyntaxFault {
    Empty,
    ByteOrderMark,
    Comment,
    TrailingComma {
        close: &'static str,
    },
    MissingComma,
    SingleQuotes,
    UnquotedName {
        name: String,
    },
    Number {
        literal: String,
    },
    Word {
        word: String,
    },
    WhiteSpace {
        character: char,
    },
    Control {
        character: char,
    },
    Escape,
    UnicodeEscape,
    LoneSurrogate,
    UnclosedString,
    UnclosedComment,
    /// The text ends where `close` is missing.
    Unclosed {
        close: &'static str,
    },
    /// Something else stands where `what` must.
    Expected {
        what: &'static str,
        found: Option<char>,
    },
    /// A second value behind the document.
    Second,
}

/// A problem of the text, where it stands, and where else to look.
pub(crate) struct TextFault {
    pub(crate) span: Range<usize>,
    pub(crate) problem: Problem,
    pub(crate) related: Option<(Range<usize>, &'static str)>,
}

impl TextFault {
    fn syntax(span: Range<usize>, fault: SyntaxFault) -> Self {
        TextFault { span, problem: Problem::Syntax(fault), related: None }
    }
}

/// A document's text as a tree. Positions in the tree are `base` bytes less than those in the text.
pub(crate) struct Tree<'t> {
    pub(crate) root: Value<'t>,
    base: usize,
}

impl Tree<'_> {
    /// Where a part of the tree stands in the text.
    pub(crate) fn span(&self, range: jsonc_parser::common::Range) -> Range<usize> {
        self.base + range.start..self.base + range.end
    }
}

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Reads text as JSON, at most `nesting` arrays and objects inside each other. What is wrong goes into `faults`;
/// the tree is there where reading could go on.
pub(crate) fn tree<'t>(source: &'t Source, nesting: usize, faults: &mut Vec<TextFault>) -> Option<Tree<'t>> {
    let whole = source.as_str();
    let text = whole.strip_prefix(BYTE_ORDER_MARK).unwrap_or(whole);
    let base = whole.len() - text.len();
    let first = faults.len();
    if base > 0 {
        faults.push(TextFault::syntax(0..0, SyntaxFault::ByteOrderMark));
    }
    let root = read(text, source.allows_comments(), nesting, faults);
    for fault in faults.iter_mut().skip(first) {
        if fault.problem == Problem::Syntax(SyntaxFault::ByteOrderMark) {
            fault.span = 0..base;
        } else {
            let shifted = |span: &Range<usize>| span.start + base..span.end + base;
            fault.span = shifted(&fault.span);
            fault.related = fault.related.take().map(|(span, message)| (shifted(&span), message));
        }
    }
    root.map(|root| Tree { root, base })
}

fn read<'t>(text: &'t str, comments: bool, nesting: usize, faults: &mut Vec<TextFault>) -> Option<Value<'t>> {
    let mut nearly = Vec::new();
    if let Err(fault) = scan(text, comments, nesting, &mut nearly) {
        faults.push(fault);
        return None;
    }
    match parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default()) {
        Ok(read) => {
            faults.append(&mut nearly);
            if read.value.is_none() {
                faults.push(TextFault::syntax(0..text.len(), SyntaxFault::Empty));
            }
            read.value
        }
        Err(error) => {
            let fault = broken(text, &error);
            // What comes behind the break was never read as what it looks like.
            nearly.retain(|nearly| nearly.span.start < error.range().start);
            let start = error.range().start;
            let named = nearly.iter().any(|nearly| {
                // Half of a misspelt number was read as a name.
                let is_number = matches!(nearly.problem, Problem::Syntax(SyntaxFault::Number { .. }));
                let between = text.get(nearly.span.end..start);
                nearly.span.contains(&start)
                    || (is_number && between.is_some_and(|between| between.trim().is_empty()))
            });
            faults.append(&mut nearly);
            if !named {
                faults.push(fault);
            }
            None
        }
    }
}

/// Finds what is nearly JSON, token by token. Fails where the text nests too deep to be parsed.
fn scan(text: &str, comments: bool, nesting: usize, faults: &mut Vec<TextFault>) -> Result<(), TextFault> {
    let mut fault = |span, fault| faults.push(TextFault::syntax(span, fault));
    let mut scanner = Scanner::new(text, &ScannerOptions::default());
    let mut depth = 0_usize;
    let mut last: Option<(Token<'_>, Range<usize>)> = None;
    let mut gap_from = 0;
    // Where scanning fails, parsing fails too, and says why.
    while let Ok(scanned) = scanner.scan() {
        let span = scanner.token_start()..scanner.token_end();
        let gap = text.get(gap_from..span.start).unwrap_or_default();
        if let Some((at, character)) =
            gap.char_indices().find(|(_, c)| !matches!(c, ' ' | '\t' | '\n' | '\r'))
        {
            let at = gap_from + at;
            fault(at..at + character.len_utf8(), SyntaxFault::WhiteSpace { character });
        }
        gap_from = span.end;
        let Some(token) = scanned else { break };
        let literal = text.get(span.clone()).unwrap_or_default();
        let previous = last.as_ref().map(|(token, span)| (token, span.clone()));
        match (&token, previous) {
            (Token::CommentLine(_) | Token::CommentBlock(_), _) => {
                if !comments {
                    fault(span, SyntaxFault::Comment);
                }
                continue;
            }
            (Token::CloseBrace, Some((Token::Comma, comma))) => {
                fault(comma, SyntaxFault::TrailingComma { close: "}" });
            }
            (Token::CloseBracket, Some((Token::Comma, comma))) => {
                fault(comma, SyntaxFault::TrailingComma { close: "]" });
            }
            (
                Token::Colon,
                Some((Token::Word(_) | Token::Number(_) | Token::Boolean(_) | Token::Null, name)),
            ) => {
                let literal = text.get(name.clone()).unwrap_or_default().to_owned();
                fault(name, SyntaxFault::UnquotedName { name: literal });
            }
            (Token::Number(_) | Token::Word(_), Some((Token::Number(_), before)))
                if before.end == span.start =>
            {
                let whole = before.start..span.end;
                let literal = text.get(whole.clone()).unwrap_or_default().to_owned();
                fault(whole, SyntaxFault::Number { literal });
            }
            (begins, Some((ends, _))) if begins_value(begins) && ends_value(ends) => {
                fault(span.clone(), SyntaxFault::MissingComma);
            }
            _ => {}
        }
        match &token {
            Token::OpenBrace | Token::OpenBracket => {
                depth += 1;
                if depth > nesting {
                    let what = "arrays and objects stand inside each other".to_owned();
                    let problem = Problem::Limit { what, limit: nesting, found: depth };
                    return Err(TextFault { span, problem, related: None });
                }
            }
            Token::CloseBrace | Token::CloseBracket => depth = depth.saturating_sub(1),
            Token::Number(_) if !is_number(literal) => {
                fault(span.clone(), SyntaxFault::Number { literal: literal.to_owned() });
            }
            Token::String(_) => string(literal, span.start, &mut fault),
            _ => {}
        }
        last = Some((token, span));
    }
    Ok(())
}

fn begins_value(token: &Token<'_>) -> bool {
    match token {
        Token::OpenBrace
        | Token::OpenBracket
        | Token::String(_)
        | Token::Word(_)
        | Token::Boolean(_)
        | Token::Number(_)
        | Token::Null => true,
        Token::CloseBrace
        | Token::CloseBracket
        | Token::Comma
        | Token::Colon
        | Token::CommentLine(_)
        | Token::CommentBlock(_) => false,
    }
}

fn ends_value(token: &Token<'_>) -> bool {
    match token {
        Token::CloseBrace | Token::CloseBracket => true,
        Token::OpenBrace | Token::OpenBracket => false,
        other => begins_value(other),
    }
}

/// A string that the scanner took, from its quote at `start` on: what of it JSON does not know.
fn string(literal: &str, start: usize, fault: &mut impl FnMut(Range<usize>, SyntaxFault)) {
    if literal.starts_with('\'') {
        fault(start..start + literal.len(), SyntaxFault::SingleQuotes);
        return;
    }
    if !literal.bytes().any(|byte| byte < b' ' || byte == b'\\') {
        return;
    }
    let mut escaped = false;
    for (at, c) in literal.char_indices() {
        let at = start + at;
        if escaped {
            escaped = false;
            if !matches!(c, '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u') {
                fault(at - 1..at + c.len_utf8(), SyntaxFault::Escape);
            }
        } else if c == '\\' {
            escaped = true;
        } else if c < ' ' {
            fault(at..at + 1, SyntaxFault::Control { character: c });
            return;
        }
    }
}

/// Whether this is a number as JSON writes it.
fn is_number(literal: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = literal.strip_prefix('-').unwrap_or(literal);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

/// Where reading broke, and what was expected there.
fn broken(text: &str, error: &ParseError) -> TextFault {
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
        _ => match (around.at_end, around.open.last()) {
            (true, Some(&(open, close))) => {
                let end = text.trim_end().len();
                return TextFault {
                    span: end..end,
                    problem: Problem::Syntax(SyntaxFault::Unclosed { close }),
                    related: Some((open..open + 1, "opened here")),
                };
            }
            _ => {
                let found = text.get(range.start..).and_then(|rest| rest.chars().next());
                SyntaxFault::Expected { what: around.expected(), found }
            }
        },
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
            let scanned = scanner.scan();
            let start = scanner.token_start();
            if start >= place || !matches!(scanned, Ok(Some(_))) {
                // A number breaks behind where it begins.
                around.number = start.min(range.start)..range.start.max(start + 1);
                around.at_end = matches!(scanned, Ok(None));
                return around;
            }
            let Ok(Some(token)) = scanned else { return around };
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

/// The text with white space in place of its comments.
pub(crate) fn without_comments(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let mut scanner = Scanner::new(text, &ScannerOptions::default());
    let mut kept = 0;
    while let Ok(Some(token)) = scanner.scan() {
        if let Token::CommentLine(_) | Token::CommentBlock(_) = token {
            bare.push_str(text.get(kept..scanner.token_start()).unwrap_or_default());
            bare.push(' ');
            kept = scanner.token_end();
        }
    }
    bare.push_str(text.get(kept..).unwrap_or_default());
    bare
}
