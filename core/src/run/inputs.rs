//! What the checker could not prove is held against its type before the action is called.

use super::failure::{Cause, InputFault};
use crate::action::ActionError;
use crate::diagnostic::{Code, Pointer};
use crate::fault;
use crate::plan::{Check, Plan};
use crate::registry::{Registered, RegisteredInput};
use crate::template::{Input, Piece, Place, State, Template};
use crate::view::{View, as_text};
use flowright_schema::{FaultKind, Step};

/// The first input of `action` that has no value of its type.
pub(crate) fn check(
    plan: &Plan,
    action: usize,
    registered: &Registered,
    inputs: &[Input],
    checks: &[Check],
    state: &State,
) -> Result<(), Box<InputFault>> {
    checks.iter().try_for_each(|check| {
        let written = Written { plan, action, check, input: &registered.inputs[check.input], state };
        written.check(&inputs[check.input])
    })
}

/// Why an action that was called failed: its own error, or an input that it could not decode after all.
pub(crate) fn refused(action: usize, error: ActionError) -> Cause {
    match error.as_input_fault() {
        None => Cause::Action(error),
        Some((name, inside, message)) => Cause::Input(InputFault {
            code: Code::WrongType,
            pointer: pointer(action, name).join(&inside.parse().unwrap_or_default()),
            reference: None,
            expected: None,
            message: message.to_owned(),
        }),
    }
}

/// Where an action's inputs stand: its position in the plan is its position in the document.
pub(crate) fn all(action: usize) -> Pointer {
    Pointer::root().member("actions").element(action).member("inputs")
}

/// Where an input stands.
pub(crate) fn pointer(action: usize, input: &str) -> Pointer {
    all(action).member(input)
}

/// One input as the document has it.
struct Written<'run> {
    plan: &'run Plan,
    action: usize,
    check: &'run Check,
    input: &'run RegisteredInput,
    state: &'run State,
}

impl Written<'_> {
    fn check(&self, input: &Input) -> Result<(), Box<InputFault>> {
        if let Some(template) = &input.template
            && let Some(unfilled) = unfilled(template, self.state, &mut Vec::new())
        {
            return Err(Box::new(self.unfilled(&unfilled)));
        }
        match View::of_input(input, self.state) {
            View::Missing if self.input.required => Err(Box::new(self.absent(input))),
            View::Missing => Ok(()),
            view if self.input.ty.accepts(view) => Ok(()),
            view => match self.input.ty.check(view).faults.into_iter().next() {
                None => Ok(()),
                Some(found) => Err(Box::new(self.fault(input, &found))),
            },
        }
    }

    fn absent(&self, input: &Input) -> InputFault {
        let expected = self.input.ty.to_string();
        InputFault {
            code: Code::MayBeAbsent,
            pointer: self.pointer(&[]),
            reference: input.template.as_ref().and_then(|template| self.reference(template, &[])),
            message: format!("expected `{expected}`, and nothing is there"),
            expected: Some(expected),
        }
    }

    fn unfilled(&self, unfilled: &Unfilled<'_>) -> InputFault {
        let expected = if unfilled.in_text {
            fault::TEXT.to_owned()
        } else {
            self.input.ty.at(&fault::path(&unfilled.path)).ty.to_string()
        };
        let (code, message) = match unfilled.found {
            None if unfilled.in_text => (
                Code::MayBeAbsent,
                format!("expected `{expected}`, and nothing is there to stand in the text"),
            ),
            None => (
                Code::MayBeAbsent,
                format!("expected `{expected}` as an element of the array, and nothing is there"),
            ),
            Some(kind) => (Code::NotText, format!("expected `{expected}`, and {kind} cannot stand in text")),
        };
        InputFault {
            code,
            pointer: self.pointer(&unfilled.path),
            reference: Some(self.plan.reference(unfilled.place)),
            expected: Some(expected),
            message,
        }
    }

    fn fault(&self, input: &Input, found: &flowright_schema::Fault) -> InputFault {
        let expected = self.input.ty.at(&fault::path(&found.path)).ty.to_string();
        let message = if self.input.secret {
            found.kind.clone().concealed().to_string()
        } else {
            found.kind.to_string()
        };
        // A member that is missing is the fault of its object, and of the ref that yields nothing.
        let mut place = found.path.clone();
        if let FaultKind::MissingMember { name, .. } = &found.kind {
            place.push(Step::Member(name.clone()));
        }
        let reference = |place: &[Step]| self.reference(input.template.as_ref()?, place);
        InputFault {
            code: fault::code(&found.kind),
            pointer: self.pointer(&found.path),
            reference: reference(&place).or_else(|| reference(&found.path)),
            expected: Some(expected),
            message,
        }
    }

    fn pointer(&self, path: &[Step]) -> Pointer {
        fault::pointer(&pointer(self.action, &self.check.name), path)
    }

    /// The ref that stands at `path` inside a template, or that the value at `path` comes from; where it comes from
    /// several, the first.
    fn reference(&self, template: &Template, path: &[Step]) -> Option<String> {
        match (template, path) {
            (Template::Ref(place), _) => Some(self.plan.reference(place)),
            (Template::Text(pieces), _) => pieces.iter().find_map(|piece| match piece {
                Piece::Ref(place) => Some(self.plan.reference(place)),
                Piece::Verbatim(_) => None,
            }),
            (Template::Array(elements), [Step::Element(index), inside @ ..]) => {
                self.reference(elements.get(*index)?, inside)
            }
            (Template::Object(members), [Step::Member(name), inside @ ..]) => {
                let (_, member) = members.iter().find(|(member, _)| **member == **name)?;
                self.reference(member, inside)
            }
            (Template::Array(elements), []) => {
                elements.iter().find_map(|element| self.reference(element, &[]))
            }
            (Template::Object(members), []) => {
                members.iter().find_map(|(_, member)| self.reference(member, &[]))
            }
            _ => None,
        }
    }
}

/// A ref that leaves a gap which no type can allow: an absent element, or text of what is no text.
struct Unfilled<'t> {
    path: Vec<Step>,
    place: &'t Place,
    in_text: bool,
    found: Option<&'static str>,
}

fn unfilled<'t>(template: &'t Template, state: &State, path: &mut Vec<Step>) -> Option<Unfilled<'t>> {
    match template {
        Template::Literal(_) | Template::Ref(_) => None,
        Template::Text(pieces) => pieces.iter().find_map(|piece| {
            let Piece::Ref(place) = piece else { return None };
            let found = match state.find(place) {
                Some(value) if as_text(value).is_some() => return None,
                found => found.map(fault::kind_of),
            };
            Some(Unfilled { path: path.clone(), place, in_text: true, found })
        }),
        Template::Array(elements) => elements.iter().enumerate().find_map(|(index, element)| {
            path.push(Step::Element(index));
            let found = match element {
                Template::Ref(place) if state.find(place).is_none() => {
                    Some(Unfilled { path: path.clone(), place, in_text: false, found: None })
                }
                inside => unfilled(inside, state, path),
            };
            path.pop();
            found
        }),
        Template::Object(members) => members.iter().find_map(|(name, member)| {
            path.push(Step::Member(name.to_string()));
            let found = unfilled(member, state, path);
            path.pop();
            found
        }),
    }
}
