//! A checked document, compiled: kinds are indices into the registry, refs are places in the state.

use crate::diagnostic::Pointer;
use crate::rule::Rule;
use crate::run::size;
use crate::template::{Input, Piece, Place, Root, Template};
use flowright_schema::Segment;
use serde_json::Value;
use std::sync::OnceLock;

/// What a run follows. Actions are in document order.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) actions: Box<[PlannedAction]>,
    /// How many edges lead to each action.
    pub(crate) incoming: Box<[usize]>,
    pub(crate) edges: Box<[PlannedEdge]>,
    /// The edges from `$source`, by position in `edges`.
    pub(crate) starts: Box<[usize]>,
    /// The positions of the actions, sorted by id, once somebody asks.
    pub(crate) by_id: OnceLock<Box<[usize]>>,
}

impl Plan {
    /// The position of the action of this id.
    pub(crate) fn position(&self, id: &str) -> Option<usize> {
        let sorted = self.by_id.get_or_init(|| {
            let mut positions: Vec<usize> = (0..self.actions.len()).collect();
            positions.sort_by(|one, other| self.actions[*one].id.cmp(&self.actions[*other].id));
            positions.into()
        });
        let found = sorted.binary_search_by(|at| (*self.actions[*at].id).cmp(id)).ok()?;
        Some(sorted[found])
    }

    /// A place as a ref of the document: `!ref($.state.1.title)`.
    pub(crate) fn reference(&self, place: &Place) -> String {
        match place.root {
            Root::Event => format!("!ref($.event{})", place.path),
            Root::Output(action) => {
                format!("!ref($.state{}{})", Segment::shorthand(&self.actions[action].id), place.path)
            }
        }
    }
}

#[derive(Debug)]
pub(crate) struct PlannedAction {
    pub(crate) id: Box<str>,
    /// The definition's position in the registry.
    pub(crate) kind: usize,
    pub(crate) work: Work,
    /// The edges from here, by position in `edges`.
    pub(crate) outgoing: Box<[usize]>,
    /// What is known of it where it needs nothing but its call: all its inputs are proven, and no edge from it has a condition.
    pub(crate) plain: Option<Plain>,
}

/// What is known of an action that needs nothing but its call.
#[derive(Debug)]
pub(crate) struct Plain {
    pub(crate) extent: Extent,
    /// Where the edges from it lead.
    pub(crate) next: Box<[usize]>,
}

/// How large inputs may become.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extent {
    /// How many refs there are, each of which yields no more than all that a run holds.
    pub(crate) refs: usize,
    /// The bytes that stand beside them.
    pub(crate) beside: usize,
}

impl Extent {
    /// That of all of these.
    pub(crate) fn of<'t>(templates: impl IntoIterator<Item = &'t Template>) -> Self {
        let mut extent = Extent::default();
        templates.into_iter().for_each(|template| extent.note(template));
        extent
    }

    fn note(&mut self, template: &Template) {
        match template {
            Template::Literal(value) => self.add(size(value).unwrap_or(usize::MAX)),
            Template::Ref(_) => self.refs += 1,
            Template::Text(pieces) => {
                self.add(2);
                pieces.iter().for_each(|piece| match piece {
                    Piece::Ref(_) => self.refs += 1,
                    Piece::Verbatim(text) => self.add(text.len()),
                });
            }
            Template::Array(elements) => {
                self.add(2);
                elements.iter().for_each(|element| self.note(element));
            }
            Template::Object(members) => {
                self.add(2);
                members.iter().for_each(|(name, member)| {
                    self.add(name.len() + 4);
                    self.note(member);
                });
            }
        }
    }

    fn add(&mut self, bytes: usize) {
        self.beside = self.beside.saturating_add(bytes);
    }
}

/// What is done when an action's turn comes.
#[derive(Debug)]
pub(crate) enum Work {
    /// The handler is called with these inputs, in the order of the definition.
    Call { inputs: Box<[Input]>, checks: Box<[Check]> },
    /// `builtin:if`: the condition is evaluated.
    If(Condition),
}

/// An input that could not be proven: it is held against its type before the action is called.
#[derive(Debug)]
pub(crate) struct Check {
    /// The input's position in the definition.
    pub(crate) input: usize,
    /// What the document calls the input.
    pub(crate) name: Box<str>,
}

/// The condition of a `builtin:if`.
#[derive(Debug)]
pub(crate) enum Condition {
    Constant(bool),
    /// A ref to a boolean.
    Ref(Place),
    /// A rule, compiled before any value is looked up, and the values it looks up.
    Rule {
        rule: Rule,
        operands: Box<[Operand]>,
    },
}

/// A value that a rule looks up.
#[derive(Debug)]
pub(crate) struct Operand {
    /// Where it stands inside the condition.
    pub(crate) pointer: Pointer,
    pub(crate) template: Template,
}

#[derive(Debug)]
pub(crate) struct PlannedEdge {
    pub(crate) to: usize,
    /// Taken always where there is none.
    pub(crate) test: Option<EdgeTest>,
}

/// When a conditional edge is taken.
#[derive(Clone, Debug)]
pub(crate) struct EdgeTest {
    pub(crate) place: Place,
    pub(crate) holds: Holds,
}

#[derive(Clone, Debug)]
pub(crate) enum Holds {
    /// `if`: the value is truthy, as JavaScript has it.
    Truthy,
    /// `else`: it is not.
    Falsy,
    /// `match`: the value equals this one.
    Equal(Value),
}
