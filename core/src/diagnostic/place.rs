//! Where in a source's text the problems are.

use super::problem::Meant;
use super::report::{Edit, Fix};
use super::{Pointer, Problem, quoted};
use crate::limits::Limits;
use crate::source::Source;
use crate::workflow::{DEEPEST, Tree, tree};
use flowright_schema::Segment;
use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Where a problem is said to be.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Place {
    /// The value there.
    Value(Pointer),
    /// The name of the member there.
    Name(Pointer),
    /// A part of the string there, in bytes of what it reads as.
    InText(Pointer, Range<usize>),
    /// Bytes of the source.
    Span(Pointer, Range<usize>),
}

impl Place {
    pub(super) fn at(pointer: Pointer, problem: &Problem) -> Self {
        if problem.is_about_the_name() { Place::Name(pointer) } else { Place::Value(pointer) }
    }

    pub(super) fn pointer(&self) -> &Pointer {
        match self {
            Place::Value(pointer)
            | Place::Name(pointer)
            | Place::InText(pointer, _)
            | Place::Span(pointer, _) => pointer,
        }
    }

    pub(super) fn into_pointer(self) -> Pointer {
        match self {
            Place::Value(pointer)
            | Place::Name(pointer)
            | Place::InText(pointer, _)
            | Place::Span(pointer, _) => pointer,
        }
    }
}

/// The source's text, parsed once.
pub(super) struct Places<'s> {
    text: &'s str,
    tree: Option<Tree<'s>>,
    /// Where in large objects, which are known by where they begin, the members are.
    large: RefCell<HashMap<usize, HashMap<String, usize>>>,
    /// The members that fixes make of others.
    renamed: RefCell<HashSet<Pointer>>,
}

/// An object with more members is searched once only.
const LARGE: usize = 100;

/// Where a place was found.
pub(super) struct Found {
    pub(super) span: Option<Range<usize>>,
    /// Whether that is the place itself, and not what it is missing in.
    exact: bool,
}

impl<'s> Places<'s> {
    pub(super) fn of(source: &'s Source, limits: &Limits) -> Self {
        let text = source.as_str();
        let readable = text.len() <= limits.document_bytes;
        let nesting = limits.nesting.min(DEEPEST);
        let tree = readable.then(|| tree(source, nesting, &mut |_| {})).flatten();
        Places { text, tree, large: RefCell::default(), renamed: RefCell::default() }
    }

    pub(super) fn find(&self, place: &Place) -> Found {
        if let Place::Span(_, span) = place {
            let span = span.start.min(self.text.len())..span.end.min(self.text.len());
            return Found { span: self.text.get(span.clone()).map(|_| span), exact: true };
        }
        let Some(tree) = &self.tree else { return Found { span: None, exact: false } };
        let mut at = Some((&tree.root, None));
        let mut nearest = &tree.root;
        for step in place.pointer().steps() {
            at = at.and_then(|(value, _)| self.inside(value, &step));
            let Some((value, _)) = at else { break };
            nearest = value;
        }
        let Some((value, name)) = at else {
            return Found { span: Some(tree.span(nearest.range())), exact: false };
        };
        let whole = tree.span(value.range());
        let found = |span, exact| Found { span: Some(span), exact };
        match (place, name, value) {
            (Place::Name(_), Some(name), _) => found(tree.span(name), true),
            (Place::InText(_, within), _, ast::Value::StringLit(_)) => {
                let literal = self.text.get(whole.clone()).unwrap_or_default();
                match within_literal(literal, within) {
                    Some(part) => found(whole.start + part.start..whole.start + part.end, true),
                    None => found(whole, false),
                }
            }
            (Place::Value(_), ..) => found(whole, true),
            _ => found(whole, false),
        }
    }

    /// What is one step inside a value, with the place of its name.
    fn inside<'v>(&self, value: &'v ast::Value<'s>, step: &str) -> Option<Step<'v, 's>> {
        match value {
            ast::Value::Object(object) => {
                let property = object.properties.get(self.position(object, step)?)?;
                Some((&property.value, Some(property.name.range())))
            }
            ast::Value::Array(array) => Some((array.elements.get(step.parse::<usize>().ok()?)?, None)),
            _ => None,
        }
    }

    /// Which of an object's members has the name; of several the first.
    fn position(&self, object: &ast::Object<'s>, name: &str) -> Option<usize> {
        if object.properties.len() <= LARGE {
            return object.properties.iter().position(|property| property.name.as_str() == name);
        }
        let mut large = self.large.borrow_mut();
        let members = large.entry(object.range.start).or_insert_with(|| {
            let members = object.properties.iter().enumerate().rev();
            members.map(|(position, property)| (property.name.as_str().to_owned(), position)).collect()
        });
        members.get(name).copied()
    }

    /// Whether the object around `pointer` has a member `name`.
    fn is_taken(&self, pointer: &Pointer, name: &str) -> bool {
        let steps = pointer.steps().collect::<Vec<_>>();
        let owner = steps.split_last().map(|(_, owner)| owner).unwrap_or_default();
        let start = self.tree.as_ref().map(|tree| &tree.root);
        let owner = owner.iter().fold(start, |value, step| self.inside(value?, step).map(|(value, _)| value));
        owner.is_some_and(|owner| self.inside(owner, name).is_some())
    }
}

impl Found {
    /// What was most likely meant in place of what is there, where one edit makes it so.
    pub(super) fn fix(&self, places: &Places<'_>, place: &Place, problem: &Problem) -> Option<Fix> {
        let range = self.span.clone().filter(|_| self.exact)?;
        let written = places.text.get(range.clone())?;
        let (replacement, description) = match (problem.nearest()?, place) {
            (Meant::Value(meant), Place::Value(_)) if is_string(written) => {
                (json(meant), format!("write {}", quoted(meant)))
            }
            (Meant::Name(meant), Place::Name(pointer))
                if is_string(written)
                    && !places.is_taken(pointer, meant)
                    && places.renamed.borrow_mut().insert(pointer.parent().member(meant)) =>
            {
                (json(meant), format!("call it {}", quoted(meant)))
            }
            (Meant::Segment(meant), Place::InText(..)) if written.starts_with(['.', '[']) => {
                let segment = Segment::shorthand(meant).to_string();
                let escaped = json(&segment);
                let inner = escaped.get(1..escaped.len() - 1)?;
                (inner.to_owned(), format!("write {}", quoted(&segment)))
            }
            _ => return None,
        };
        let edits = vec![Edit { range, replacement }];
        Some(Fix { description, pointer: place.pointer().clone(), edits })
    }
}

fn is_string(literal: &str) -> bool {
    literal.len() >= 2 && literal.starts_with('"') && literal.ends_with('"')
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

type Step<'v, 't> = (&'v ast::Value<'t>, Option<jsonc_parser::common::Range>);

/// Where in a JSON string, as it is written, the bytes `within` what it reads as stand.
fn within_literal(literal: &str, within: &Range<usize>) -> Option<Range<usize>> {
    let inner = literal.strip_prefix('"')?.strip_suffix('"')?;
    let mut start = None;
    let mut read = 0;
    let mut at = 0;
    loop {
        if start.is_none() && read >= within.start {
            start = Some(at);
        }
        if read >= within.end {
            return start.map(|start| start + 1..at + 1);
        }
        let rest = inner.get(at..)?;
        let c = rest.chars().next()?;
        let (written, reads) = if c == '\\' { escape(rest)? } else { (c.len_utf8(), c.len_utf8()) };
        at += written;
        read += reads;
    }
}

/// How long an escape is, and how long what it stands for.
fn escape(rest: &str) -> Option<(usize, usize)> {
    if rest.get(1..2)? != "u" {
        return Some((2, 1));
    }
    let unit = |from: usize| u32::from_str_radix(rest.get(from..from + 4)?, 16).ok();
    let first = unit(2)?;
    if (0xd800..0xdc00).contains(&first) {
        return Some((12, 4));
    }
    Some((6, char::from_u32(first)?.len_utf8()))
}
