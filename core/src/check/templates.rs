//! An input's value, compiled: every ref in it leads somewhere.

use crate::diagnostic::{Findings, Pointer, Problem};
use crate::reference::{self, Parsed, PieceOf, Reference};
use crate::scope::{Found, Present, Scope, Site};
use crate::template::{Piece, Place, Root, Template};
use flowright_schema::{Path, Segment, Type};
use serde_json::Value;
use std::ops::Range;

/// A ref inside a compiled value.
#[derive(Debug)]
pub(crate) struct Hole {
    /// Where it stands in the document.
    pub(crate) pointer: Pointer,
    /// The way to it from the input's value.
    pub(crate) path: Path,
    /// Where it stands in the string, as the string reads without its escapes.
    pub(crate) span: Range<usize>,
    /// The path as it is written: `$.event.data.to`.
    pub(crate) written: String,
    pub(crate) fills: Fills,
    /// What it leads to; `None` where that was reported.
    pub(crate) found: Option<Found>,
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
    pub(crate) holes: Vec<Hole>,
}

impl Compiler<'_, '_> {
    /// A value with its refs resolved; what is wrong with them is reported.
    pub(crate) fn compile(&mut self, value: &Value, pointer: Pointer) -> Template {
        self.value(value, pointer, &mut Vec::new(), Fills::Input)
    }

    fn value(&mut self, value: &Value, pointer: Pointer, path: &mut Vec<Segment>, fills: Fills) -> Template {
        match value {
            Value::String(text) => self.text(text, pointer, path, fills),
            Value::Array(elements) => {
                let compiled = elements.iter().enumerate().map(|(index, element)| {
                    path.push(Segment::Element(i64::try_from(index).unwrap_or(i64::MAX)));
                    let element = self.value(element, pointer.element(index), path, Fills::Element);
                    path.pop();
                    element
                });
                let compiled: Box<[Template]> = compiled.collect();
                if compiled.iter().all(|element| matches!(element, Template::Literal(_))) {
                    return Template::Literal(compiled.into_iter().filter_map(literal).collect());
                }
                Template::Array(compiled)
            }
            Value::Object(members) => {
                let compiled = members.iter().map(|(name, member)| {
                    path.push(Segment::Member(name.as_str().into()));
                    let member = self.value(member, pointer.member(name), path, Fills::Member);
                    path.pop();
                    (Box::from(name.as_str()), member)
                });
                let compiled: Box<[(Box<str>, Template)]> = compiled.collect();
                if compiled.iter().all(|(_, member)| matches!(member, Template::Literal(_))) {
                    let members = compiled
                        .into_iter()
                        .filter_map(|(name, member)| Some((name.into(), literal(member)?)));
                    return Template::Literal(Value::Object(members.collect()));
                }
                Template::Object(compiled)
            }
            plain => Template::Literal(plain.clone()),
        }
    }

    fn text(&mut self, text: &str, pointer: Pointer, path: &[Segment], fills: Fills) -> Template {
        match reference::parse(text, self.scope.registry.limits().path_segments) {
            Ok(Parsed::Plain) => Template::Literal(Value::String(text.to_owned())),
            Ok(Parsed::Literal(literal)) => Template::Literal(Value::String(literal)),
            Ok(Parsed::Ref(reference)) => Template::Ref(self.hole(&reference, pointer, path, fills)),
            Ok(Parsed::Text(pieces)) => Template::Text(
                pieces
                    .iter()
                    .map(|piece| match piece {
                        PieceOf::Verbatim(text) => Piece::Verbatim(text.as_str().into()),
                        PieceOf::Ref(reference) => {
                            Piece::Ref(self.hole(reference, pointer.clone(), path, Fills::Text))
                        }
                    })
                    .collect(),
            ),
            Err(faults) => {
                for fault in faults {
                    self.findings.report_in_text(pointer.clone(), fault.span, Problem::Ref(fault.kind));
                }
                let (path, written) = (path.iter().cloned().collect(), text.to_owned());
                self.holes.push(Hole { pointer, path, span: 0..text.len(), written, fills, found: None });
                Template::Ref(nowhere())
            }
        }
    }

    fn hole(&mut self, reference: &Reference, pointer: Pointer, path: &[Segment], fills: Fills) -> Place {
        let found = match self.scope.find(reference, self.site) {
            Ok(found) => {
                if fills == Fills::Text && found.ty.is_never_text() {
                    let problem = Problem::NotText { found: found.ty.to_string() };
                    self.findings.report_in_text(pointer.clone(), reference.span.clone(), problem);
                }
                Some(found)
            }
            Err(lost) => {
                self.findings.report_in_text(pointer.clone(), lost.span, lost.problem);
                lost.place.map(|place| Found { place, ty: Type::never(), present: Present::Unknown })
            }
        };
        let place = found.as_ref().map_or_else(nowhere, |found| found.place.clone());
        let (path, written) = (path.iter().cloned().collect(), reference.to_string());
        self.holes.push(Hole { pointer, path, span: reference.span.clone(), written, fills, found });
        place
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
