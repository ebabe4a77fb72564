//! An input's value, compiled: every ref in it leads somewhere.

use crate::diagnostic::{Findings, Pointer, Problem, Severity};
use crate::reference::{self, Parsed, PieceOf, Reference};
use crate::scope::{Found, Present, Scope, Site};
use crate::template::{Piece, Place, Root, Template};
use flowright_schema::{Path, Segment, Type};
use serde_json::Value;
use std::cell::Cell;
use std::ops::Range;

/// A ref inside a compiled value. A value's holes are in the order in which they stand in it.
#[derive(Debug)]
pub(crate) struct Hole<'s> {
    base: Base<'s>,
    /// The way to it from the input's value.
    pub(crate) path: Path,
    /// Where it stands in the string, as the string reads without its escapes.
    pub(crate) span: Range<usize>,
    pub(crate) fills: Fills,
    /// What it leads to; `None` where that was reported, and nothing more is to be said.
    pub(crate) found: Option<Known>,
    /// The ref, where it could be read.
    pub(crate) reference: Option<Reference>,
}

/// What is known of a ref's value.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) ty: Type,
    pub(crate) present: Present,
}

/// Where a compiled value stands.
#[derive(Clone, Debug)]
pub(crate) enum Base<'s> {
    /// It is an input of the action at this position.
    Input(usize, &'s str),
    Value(Pointer),
}

impl Base<'_> {
    fn pointer(&self) -> Pointer {
        match self {
            Base::Input(action, name) => Pointer::of_input(*action, name),
            Base::Value(pointer) => pointer.clone(),
        }
    }

    /// About the bytes of the pointer.
    fn len(&self) -> usize {
        match self {
            Base::Input(_, name) => 24 + name.len(),
            Base::Value(pointer) => pointer.as_str().len(),
        }
    }
}

impl Hole<'_> {
    /// Where it stands in the document.
    pub(crate) fn pointer(&self) -> Pointer {
        self.path.segments().iter().fold(self.base.pointer(), |pointer, segment| match segment {
            Segment::Member(name) | Segment::Digits(name) => pointer.member(name),
            Segment::Element(index) => pointer.element(usize::try_from(*index).unwrap_or_default()),
        })
    }
}

/// What a ref stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fills {
    /// The input itself.
    Input,
    /// An element of an array.
    Element,
    /// A member of an object.
    Member,
    /// A piece of text.
    Text,
}

/// Compiles values at one site.
pub(crate) struct Compiler<'c, 's> {
    pub(crate) scope: &'c Scope<'s>,
    pub(crate) site: Site,
    pub(crate) findings: &'c mut Findings,
    pub(crate) holes: Vec<Hole<'s>>,
    /// Whether `holes` is without some, because there are too many in the document.
    pub(crate) some_are_missing: bool,
}

/// The way from an input's value to a part of it.
#[derive(Clone, Copy)]
enum Trail<'t, 's> {
    Root(&'t Base<'s>),
    Member(&'t Trail<'t, 's>, &'t str),
    Element(&'t Trail<'t, 's>, usize),
}

impl<'s> Trail<'_, 's> {
    fn base(self) -> Base<'s> {
        match self {
            Trail::Root(base) => base.clone(),
            Trail::Member(outer, _) | Trail::Element(outer, _) => outer.base(),
        }
    }

    fn pointer(self) -> Pointer {
        match self {
            Trail::Root(base) => base.pointer(),
            Trail::Member(outer, name) => outer.pointer().member(name),
            Trail::Element(outer, index) => outer.pointer().element(index),
        }
    }

    /// About the bytes of the pointer.
    fn len(self) -> usize {
        match self {
            Trail::Root(base) => base.len(),
            Trail::Member(outer, name) => outer.len() + 1 + name.len(),
            Trail::Element(outer, _) => outer.len() + 4,
        }
    }

    fn path(self, path: &mut Vec<Segment>) {
        match self {
            Trail::Root(_) => {}
            Trail::Member(outer, name) => {
                outer.path(path);
                path.push(Segment::Member(name.into()));
            }
            Trail::Element(outer, index) => {
                outer.path(path);
                path.push(Segment::Element(i64::try_from(index).unwrap_or(i64::MAX)));
            }
        }
    }

    /// What a ref that stands here fills, unless it stands in text.
    fn fills(self) -> Fills {
        match self {
            Trail::Root(_) => Fills::Input,
            Trail::Member(..) => Fills::Member,
            Trail::Element(..) => Fills::Element,
        }
    }
}

impl<'c, 's> Compiler<'c, 's> {
    pub(crate) fn new(scope: &'c Scope<'s>, site: Site, findings: &'c mut Findings) -> Self {
        Compiler { scope, site, findings, holes: Vec::new(), some_are_missing: false }
    }
}

impl<'s> Compiler<'_, 's> {
    /// A value with its refs resolved; what is wrong with them is reported.
    pub(crate) fn compile(&mut self, value: &Value, base: &Base<'s>) -> Template {
        self.value(value, Trail::Root(base))
    }

    fn value(&mut self, value: &Value, at: Trail<'_, 's>) -> Template {
        match value {
            Value::String(text) => self.text(text, at),
            Value::Array(elements) => {
                let compiled = elements.iter().enumerate();
                let compiled =
                    compiled.map(|(index, element)| self.value(element, Trail::Element(&at, index)));
                let compiled: Box<[Template]> = compiled.collect();
                if compiled.iter().all(|element| matches!(element, Template::Literal(_))) {
                    return Template::Literal(compiled.into_iter().filter_map(literal).collect());
                }
                Template::Array(compiled)
            }
            Value::Object(members) => {
                let compiled = members.iter();
                let compiled = compiled
                    .map(|(name, member)| (Box::from(&**name), self.value(member, Trail::Member(&at, name))));
                let compiled: Box<[(Box<str>, Template)]> = compiled.collect();
                if compiled.iter().all(|(_, member)| matches!(member, Template::Literal(_))) {
                    let members = compiled.into_iter();
                    let members = members.filter_map(|(name, member)| Some((name.into(), literal(member)?)));
                    return Template::Literal(Value::Object(members.collect()));
                }
                Template::Object(compiled)
            }
            plain => Template::Literal(plain.clone()),
        }
    }

    fn text(&mut self, text: &str, at: Trail<'_, 's>) -> Template {
        match reference::parse(text, self.scope.registry.limits().path_segments) {
            Ok(Parsed::Plain) => Template::Literal(Value::String(text.to_owned())),
            Ok(Parsed::Literal(literal)) => Template::Literal(Value::String(literal)),
            Ok(Parsed::Ref(reference)) => Template::Ref(self.hole(reference, at, at.fills())),
            Ok(Parsed::Text(pieces)) => {
                let pieces = pieces.into_iter().map(|piece| match piece {
                    PieceOf::Verbatim(text) => Piece::Verbatim(text.into()),
                    PieceOf::Ref(reference) => Piece::Ref(self.hole(reference, at, Fills::Text)),
                });
                Template::Text(pieces.collect())
            }
            Err(faults) => {
                for fault in faults {
                    self.findings.report_in_text_at(|| at.pointer(), fault.span, Problem::Ref(fault.kind));
                }
                self.note(at, 0..text.len(), at.fills(), None, None);
                Template::Ref(nowhere())
            }
        }
    }

    fn hole(&mut self, reference: Reference, at: Trail<'_, 's>, fills: Fills) -> Place {
        let found = match self.scope.find(&reference, self.site, !self.findings.is_full()) {
            Ok(found) => Some(found),
            Err(lost) => {
                let left = self.findings.severity(&lost.problem) != Some(Severity::Error);
                self.findings.report_in_text_at(|| at.pointer(), lost.span, lost.problem);
                let place = lost.place.filter(|_| left);
                place.map(|place| Found { place, ty: Type::any(), present: Present::Unknown })
            }
        };
        let (place, seen) = match found {
            Some(Found { place, ty, present }) => (place, Some(Known { ty, present })),
            None => (nowhere(), None),
        };
        self.note(at, reference.span.clone(), fills, seen, Some(reference));
        place
    }

    fn note(
        &mut self,
        at: Trail<'_, 's>,
        span: Range<usize>,
        fills: Fills,
        found: Option<Known>,
        reference: Option<Reference>,
    ) {
        match self.scope.places.spend(at.len()) {
            Spent::Enough => {}
            Spent::JustNow => {
                let problem = Problem::Limit {
                    what: "bytes are needed to say where the refs of the document stand".to_owned(),
                    limit: Places::MOST,
                    found: Places::MOST + 1,
                };
                self.findings.report(Pointer::root(), problem);
                self.some_are_missing = true;
                return;
            }
            Spent::Before => {
                self.some_are_missing = true;
                return;
            }
        }
        let mut path = Vec::new();
        at.path(&mut path);
        let path = path.into();
        self.holes.push(Hole { base: at.base(), path, span, fills, found, reference });
    }
}

/// How much may be kept of where refs stand: a long name with many refs below it must not cost their product.
#[derive(Debug)]
pub(crate) struct Places(Cell<Option<usize>>);

/// Whether there was enough left.
enum Spent {
    Enough,
    JustNow,
    Before,
}

impl Places {
    const MOST: usize = 32 * 1024 * 1024;

    fn spend(&self, bytes: usize) -> Spent {
        let before = self.0.get();
        let left = before.and_then(|left| left.checked_sub(bytes));
        self.0.set(left);
        match (before, left) {
            (_, Some(_)) => Spent::Enough,
            (Some(_), None) => Spent::JustNow,
            (None, None) => Spent::Before,
        }
    }
}

impl Default for Places {
    fn default() -> Self {
        Places(Cell::new(Some(Self::MOST)))
    }
}

fn literal(template: Template) -> Option<Value> {
    match template {
        Template::Literal(value) => Some(value),
        _ => None,
    }
}

/// Stands in for a place that was reported; a document with one is never run.
fn nowhere() -> Place {
    Place { root: Root::Event, path: Path::default() }
}
