//! Text that is nearly JSON.

use super::syntax::SyntaxFault;
use jsonc_parser::tokens::Token;
use jsonc_parser::{Scanner, ScannerOptions};
use std::ops::Range;

/// Finds what is nearly JSON, token by token. Fails where the text nests too deep to be parsed, with that place.
pub(super) fn scan(
    text: &str,
    comments: bool,
    nesting: usize,
    faults: &mut Vec<(Range<usize>, SyntaxFault)>,
) -> Result<(), Range<usize>> {
    let mut fault = |span, fault| faults.push((span, fault));
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
                    return Err(span);
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
