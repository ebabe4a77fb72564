//! A document's text, read as JSON. What is nearly JSON is named as what it is, and read on.

use super::broken::broken;
use super::nearly::scan;
use crate::diagnostic::Problem;
use crate::source::Source;
use jsonc_parser::ast::Value;
use jsonc_parser::tokens::Token;
use jsonc_parser::{CollectOptions, ParseOptions, Scanner, ScannerOptions, parse_to_ast};
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
    pub(super) fn syntax(span: Range<usize>, fault: SyntaxFault) -> Self {
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

/// Reads text as JSON, at most `nesting` arrays and objects inside each other. What is wrong is handed to `report`;
/// the tree is there where reading could go on.
pub(crate) fn tree<'t>(
    source: &'t Source,
    nesting: usize,
    report: &mut dyn FnMut(TextFault),
) -> Option<Tree<'t>> {
    let whole = source.as_str();
    let text = whole.strip_prefix(BYTE_ORDER_MARK).unwrap_or(whole);
    let base = whole.len() - text.len();
    if base > 0 {
        report(TextFault::syntax(0..base, SyntaxFault::ByteOrderMark));
    }
    let shifted = |span: Range<usize>| span.start + base..span.end + base;
    let mut report = |fault: TextFault| {
        report(TextFault {
            span: shifted(fault.span),
            related: fault.related.map(|(span, message)| (shifted(span), message)),
            ..fault
        });
    };
    let root = read(text, source.allows_comments(), nesting, &mut report);
    root.map(|root| Tree { root, base })
}

fn read<'t>(
    text: &'t str,
    comments: bool,
    nesting: usize,
    report: &mut dyn FnMut(TextFault),
) -> Option<Value<'t>> {
    let mut nearly = Vec::new();
    if let Err(too_deep) = scan(text, comments, nesting, &mut nearly) {
        let what = "arrays and objects stand inside each other".to_owned();
        let problem = Problem::Limit { what, limit: nesting, found: nesting + 1 };
        report(TextFault { span: too_deep, problem, related: None });
        return None;
    }
    match parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default()) {
        Ok(read) => {
            for (span, fault) in nearly {
                report(TextFault::syntax(span, fault));
            }
            if read.value.is_none() {
                report(TextFault::syntax(0..text.len(), SyntaxFault::Empty));
            }
            read.value
        }
        Err(error) => {
            let start = error.range().start;
            let mut named = false;
            // What comes behind the break was never read as what it looks like.
            for (span, fault) in nearly.into_iter().filter(|(span, _)| span.start < start) {
                // Half of a misspelt number was read as a name.
                let is_number = matches!(fault, SyntaxFault::Number { .. });
                let between = text.get(span.end..start);
                named |= span.contains(&start)
                    || (is_number && between.is_some_and(|between| between.trim().is_empty()));
                report(TextFault::syntax(span, fault));
            }
            if !named {
                report(broken(text, &error));
            }
            None
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
