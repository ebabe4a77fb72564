//! Quoted names, and the quoted text of the escape.

use super::{RefFault, RefFaultKind};

/// Reads a string that begins with its quote at `start`, and yields it and where it ends.
///
/// Names are written as RFC 9535 has them. JSON's strings, which the escape takes, are those of them in double quotes.
pub(super) fn quoted(text: &str, start: usize) -> Result<(String, usize), RefFault> {
    let fault = |span, kind| Err(RefFault { span, kind });
    let mut chars = Chars { text, at: start };
    let Some(quote) = chars.next() else {
        return fault(start..start, RefFaultKind::NoName);
    };
    let mut value = String::new();
    loop {
        let at = chars.at;
        match chars.next() {
            None => return fault(at..at, RefFaultKind::UnclosedQuote { quote }),
            Some(c) if c == quote => return Ok((value, chars.at)),
            Some('\\') => match escape(&mut chars, quote) {
                Ok(c) => value.push(c),
                Err(kind) => return fault(at..chars.at, kind),
            },
            Some(character) if character < ' ' => {
                return fault(at..chars.at, RefFaultKind::ControlCharacter { character });
            }
            Some(c) => value.push(c),
        }
    }
}

/// What an escape stands for; its backslash is read.
fn escape(chars: &mut Chars<'_>, quote: char) -> Result<char, RefFaultKind> {
    let start = chars.at.saturating_sub(1);
    let c = match chars.next() {
        Some(c) if c == quote => c,
        Some(c @ ('/' | '\\')) => c,
        Some('b') => '\u{8}',
        Some('f') => '\u{c}',
        Some('n') => '\n',
        Some('r') => '\r',
        Some('t') => '\t',
        Some('u') => return unicode(chars, start),
        _ => return Err(bad_escape(chars, start)),
    };
    Ok(c)
}

fn unicode(chars: &mut Chars<'_>, start: usize) -> Result<char, RefFaultKind> {
    let unit = hexadecimal(chars).ok_or_else(|| bad_escape(chars, start))?;
    let point = match unit {
        0xd800..=0xdbff => {
            let mut ahead = *chars;
            let low = match (ahead.next(), ahead.next()) {
                (Some('\\'), Some('u')) => hexadecimal(&mut ahead),
                _ => None,
            };
            let Some(low @ 0xdc00..=0xdfff) = low else { return Err(RefFaultKind::LoneSurrogate) };
            *chars = ahead;
            0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00)
        }
        unit => unit,
    };
    char::from_u32(point).ok_or(RefFaultKind::LoneSurrogate)
}

fn hexadecimal(chars: &mut Chars<'_>) -> Option<u32> {
    let mut unit = 0;
    for _ in 0..4 {
        unit = unit * 16 + chars.next()?.to_digit(16)?;
    }
    Some(unit)
}

fn bad_escape(chars: &Chars<'_>, start: usize) -> RefFaultKind {
    RefFaultKind::BadEscape { found: chars.text.get(start..chars.at).unwrap_or_default().to_owned() }
}

#[derive(Clone, Copy)]
struct Chars<'t> {
    text: &'t str,
    at: usize,
}

impl Chars<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.text.get(self.at..)?.chars().next()?;
        self.at += c.len_utf8();
        Some(c)
    }
}
