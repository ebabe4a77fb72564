//! Strings into refs and the text around them.

use super::plain;
use super::quoted::quoted;
use super::{BadIndex, ManyValues, OPENING, Parsed, PieceOf, RefFault, RefFaultKind, RefRoot, Reference};
use flowright_schema::nearest;
use flowright_schema::{Path, Segment};
use std::ops::Range;

/// The largest position, as RFC 9535 has it.
const LARGEST_INDEX: i64 = (1 << 53) - 1;

/// Reads a string for refs. All faults are found, one a ref.
pub(crate) fn parse(text: &str, max_segments: usize) -> Result<Parsed, Vec<RefFault>> {
    match plain::read(text, max_segments) {
        Some(reference) => Ok(Parsed::Ref(reference)),
        None => general(text, max_segments),
    }
}

pub(super) fn general(text: &str, max_segments: usize) -> Result<Parsed, Vec<RefFault>> {
    let mut pieces = Vec::new();
    let mut verbatim = String::new();
    let mut faults = Vec::new();
    let mut at = 0;
    let rest = |at: usize| text.get(at..).unwrap_or_default();
    let Some(mut before) = text.find(OPENING) else { return Ok(Parsed::Plain) };
    loop {
        let start = at + before;
        verbatim.push_str(text.get(at..start).unwrap_or_default());
        let mut cursor = Cursor { text, at: start + OPENING.len(), start };
        match cursor.inside(max_segments) {
            Ok(Inside::Literal(literal)) => verbatim.push_str(&literal),
            // What stands alone, as most refs do, needs no list.
            Ok(Inside::Ref(reference)) if start == 0 && cursor.at == text.len() => {
                return Ok(Parsed::Ref(reference));
            }
            Ok(Inside::Ref(reference)) => {
                if !verbatim.is_empty() {
                    pieces.push(PieceOf::Verbatim(std::mem::take(&mut verbatim)));
                }
                pieces.push(PieceOf::Ref(reference));
            }
            Err(fault) => {
                cursor.at = behind(text, cursor.at, &fault);
                faults.push(fault);
            }
        }
        at = cursor.at;
        match rest(at).find(OPENING) {
            Some(next) => before = next,
            None => break,
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    verbatim.push_str(rest(at));
    if pieces.is_empty() {
        return Ok(Parsed::Literal(verbatim));
    }
    if !verbatim.is_empty() {
        pieces.push(PieceOf::Verbatim(verbatim));
    }
    Ok(Parsed::Text(pieces))
}

/// Where reading goes on behind a faulty ref: behind its `)`, but before the next ref.
fn behind(text: &str, at: usize, fault: &RefFault) -> usize {
    let from = at.max(fault.span.end).min(text.len());
    let rest = text.get(from..).unwrap_or_default();
    let next = rest.find(OPENING).unwrap_or(rest.len());
    let closed = rest.find(')').map_or(rest.len(), |closed| closed + 1);
    from + next.min(closed)
}

enum Inside {
    Literal(String),
    Ref(Reference),
}

struct Cursor<'t> {
    text: &'t str,
    at: usize,
    /// Where the ref begins.
    start: usize,
}

type Segments = Vec<(Segment, Range<usize>)>;

impl Cursor<'_> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    /// Takes `wanted`, where it comes next.
    fn takes(&mut self, wanted: char) -> bool {
        let comes = self.peek() == Some(wanted);
        if comes {
            self.at += wanted.len_utf8();
        }
        comes
    }

    fn since(&self, start: usize) -> &str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// Takes what comes, up to the first character that `ends` it.
    fn take_until(&mut self, ends: impl Fn(char) -> bool) -> &str {
        let start = self.at;
        let rest = self.text.get(start..).unwrap_or_default();
        self.at += rest.find(ends).unwrap_or(rest.len());
        self.since(start)
    }

    fn fault<T>(&self, start: usize, kind: RefFaultKind) -> Result<T, RefFault> {
        Err(RefFault { span: start..self.at, kind })
    }

    /// The fault at the character that comes next.
    fn fault_here<T>(&self, kind: RefFaultKind) -> Result<T, RefFault> {
        let end = self.at + self.peek().map_or(0, char::len_utf8);
        Err(RefFault { span: self.at..end, kind })
    }

    /// All that stands between `!ref(` and `)`, and the `)`.
    fn inside(&mut self, max_segments: usize) -> Result<Inside, RefFault> {
        match self.peek() {
            Some('$') => {
                self.at += 1;
                let mut segments = self.segments(max_segments)?;
                let end = self.at;
                let (root, skipped, root_span) = root(&mut segments, end)?;
                self.close()?;
                let (path, segment_spans): (Vec<_>, Vec<_>) = segments.into_iter().skip(skipped).unzip();
                Ok(Inside::Ref(Reference {
                    root,
                    path: Path::from(path),
                    span: self.start..self.at,
                    root_span,
                    segment_spans,
                }))
            }
            Some('"') => {
                let (literal, end) = quoted(self.text, self.at)?;
                self.at = end;
                match self.peek() {
                    Some(')') | None => self.close()?,
                    Some(_) => return self.fault_here(RefFaultKind::BehindLiteral),
                }
                Ok(Inside::Literal(literal))
            }
            Some(')') => {
                self.at += 1;
                self.fault(self.start, RefFaultKind::Empty)
            }
            Some(c) if is_white(c) => self.white_space(),
            Some(_) => self.no_dollar(),
            None => self.fault(self.at, RefFaultKind::Unclosed),
        }
    }

    fn close(&mut self) -> Result<(), RefFault> {
        match self.peek() {
            Some(')') => {
                self.at += 1;
                Ok(())
            }
            Some(c) if is_white(c) => self.white_space(),
            Some(found) => self.fault_here(RefFaultKind::Unexpected { found }),
            None => self.fault(self.at, RefFaultKind::Unclosed),
        }
    }

    fn white_space<T>(&mut self) -> Result<T, RefFault> {
        let start = self.at;
        self.take_until(|c| !is_white(c));
        self.fault(start, RefFaultKind::WhiteSpace)
    }

    /// `!ref(event.name)`: most likely `$.` was left out.
    fn no_dollar<T>(&mut self) -> Result<T, RefFault> {
        let start = self.at;
        let inside = self.take_until(|c| c == ')' || is_white(c)).trim_start_matches('.');
        let begins = |root: &str| {
            inside.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        let right = if ["event", "state", "output"].into_iter().any(begins) {
            Some(format!("!ref($.{inside})"))
        } else {
            let literal = inside.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
            literal
                .filter(|literal| !literal.contains(['"', '\\']))
                .map(|literal| format!("!ref(\"{literal}\")"))
        };
        self.fault(start, RefFaultKind::NoDollar { right })
    }

    fn segments(&mut self, max_segments: usize) -> Result<Segments, RefFault> {
        let mut segments = Segments::new();
        loop {
            let start = self.at;
            let segment = match self.peek() {
                Some('.') => {
                    self.at += 1;
                    self.shorthand(start)?
                }
                Some('[') => {
                    self.at += 1;
                    self.bracketed(start)?
                }
                _ => return Ok(segments),
            };
            if segments.len() == max_segments {
                return self.fault(start, RefFaultKind::TooManySegments { limit: max_segments });
            }
            segments.push((segment, start..self.at));
        }
    }

    /// A name; its `.` at `start` is read.
    fn shorthand(&mut self, start: usize) -> Result<Segment, RefFault> {
        let many = match self.peek() {
            Some('.') => Some(ManyValues::Descendant),
            Some('*') => Some(ManyValues::Wildcard),
            _ => None,
        };
        if let Some(many) = many {
            self.at += 1;
            return self.fault(start, RefFaultKind::ManyValues(many));
        }
        let begin = self.at;
        // What is misspelt at the root is no root, however it is spelt.
        let is_root = start == self.start + OPENING.len() + 1;
        let name =
            self.take_until(|c| matches!(c, '.' | '[' | ']' | ')' | '(' | ',' | '"' | '\'') || is_white(c));
        if name.is_empty() {
            return match self.peek() {
                Some(c) if is_white(c) => self.white_space(),
                _ => self.fault(start, RefFaultKind::NoName),
            };
        }
        let segment = Segment::shorthand(name);
        if is_root || matches!(segment, Segment::Digits(_)) || is_name(name) {
            return Ok(segment);
        }
        let name = name.to_owned();
        self.unquoted(begin, start, name)
    }

    /// What stands in brackets; its `[` at `start` is read.
    fn bracketed(&mut self, start: usize) -> Result<Segment, RefFault> {
        let segment = match self.peek() {
            Some('\'' | '"') => {
                let (name, end) = quoted(self.text, self.at)?;
                self.at = end;
                Segment::Member(name.into())
            }
            Some('*') => return self.many(start, ManyValues::Wildcard),
            Some('?') => return self.many(start, ManyValues::Filter),
            Some(':') => return self.many(start, ManyValues::Slice),
            Some(']') => {
                self.at += 1;
                return self.fault(start, RefFaultKind::NoName);
            }
            Some(c) if is_white(c) => return self.white_space(),
            Some('-' | '0'..='9') => self.index(start)?,
            Some(_) => {
                let begin = self.at;
                let name = self.take_until(|c| matches!(c, ']' | ')' | '.' | '[' | '"' | '\'')).to_owned();
                return match self.peek() {
                    Some(']') => {
                        self.at += 1;
                        self.unquoted(begin, start, name)
                    }
                    _ => self.fault(begin, RefFaultKind::UnclosedBracket),
                };
            }
            None => return self.fault(self.at, RefFaultKind::UnclosedBracket),
        };
        match self.peek() {
            Some(']') => {
                self.at += 1;
                Ok(segment)
            }
            Some(':') => self.many(start, ManyValues::Slice),
            Some(',') => self.many(start, ManyValues::List),
            Some(c) if is_white(c) => self.white_space(),
            _ => self.fault_here(RefFaultKind::UnclosedBracket),
        }
    }

    /// The fault of brackets at `start` that mean many values.
    fn many<T>(&mut self, start: usize, many: ManyValues) -> Result<T, RefFault> {
        self.take_until(|c| matches!(c, ']' | ')'));
        self.takes(']');
        self.fault(start, RefFaultKind::ManyValues(many))
    }

    fn index(&mut self, start: usize) -> Result<Segment, RefFault> {
        let begin = self.at;
        let found = self.take_until(|c| matches!(c, ']' | ')' | ':' | ',' | '[') || is_white(c)).to_owned();
        let digits = found.strip_prefix('-').unwrap_or(&found);
        let why = if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            // A name that begins with a digit is none of this.
            if self.peek() == Some(']') && found.chars().any(char::is_alphabetic) {
                self.at += 1;
                return self.unquoted(begin, start, found);
            }
            BadIndex::NoInteger
        } else if found == "-0" {
            BadIndex::MinusZero
        } else if digits.len() > 1 && digits.starts_with('0') {
            BadIndex::LeadingZero
        } else {
            match found.parse::<i64>() {
                Ok(index) if index.abs() <= LARGEST_INDEX => return Ok(Segment::Element(index)),
                _ => BadIndex::TooLarge,
            }
        };
        self.fault(begin, RefFaultKind::BadIndex { found, why })
    }

    /// The fault of a name at `begin` that needs quotes, in the segment at `segment`.
    fn unquoted<T>(&self, begin: usize, segment: usize, name: String) -> Result<T, RefFault> {
        let before = self.text.get(self.start + OPENING.len()..segment).unwrap_or_default();
        let right = format!("{before}{}", Segment::Member(name.as_str().into()));
        let span = begin..begin + name.len();
        Err(RefFault { span, kind: RefFaultKind::Unquoted { name, right } })
    }
}

/// The root that the segments begin with, how many of them name it, and the last of those; an id is taken out of them.
/// `end` is where they end.
fn root(segments: &mut Segments, end: usize) -> Result<(RefRoot, usize, Range<usize>), RefFault> {
    let fault = |span: Range<usize>, kind| Err(RefFault { span, kind });
    let Some(((first, span), rest)) = segments.split_first_mut() else {
        return fault(end.saturating_sub(1)..end, RefFaultKind::NoRoot);
    };
    match first.as_member() {
        None => fault(span.clone(), RefFaultKind::NoRoot),
        Some("event") => Ok((RefRoot::Event, 1, span.clone())),
        Some("output") => Ok((RefRoot::Output, 1, span.clone())),
        Some("state") => match rest.first_mut() {
            None => fault(span.clone(), RefFaultKind::NoId),
            Some((Segment::Element(index), span)) => {
                fault(span.clone(), RefFaultKind::PositionForId { index: *index })
            }
            Some((Segment::Member(id) | Segment::Digits(id), span)) => {
                Ok((RefRoot::State(String::from(std::mem::take(id))), 2, span.clone()))
            }
        },
        Some(name) => {
            let nearest = nearest(name, ["event", "state", "output"]).map(str::to_owned);
            fault(span.clone(), RefFaultKind::UnknownRoot { name: name.to_owned(), nearest })
        }
    }
}

fn is_white(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// Whether this is a member-name-shorthand of RFC 9535.
fn is_name(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii();
    name.starts_with(letter) && name.chars().all(|c| letter(c) || c.is_ascii_digit())
}
