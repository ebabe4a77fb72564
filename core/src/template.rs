//! An input's value as it stands in the document, with its refs resolved to places in the state.

use flowright_schema::Path;
use serde_json::Value;
use std::sync::Arc;

/// A compiled input value, or a part of one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Template {
    /// Holds no ref.
    Literal(Value),
    /// `!ref(…)` as the whole string: the value itself.
    Ref(Place),
    /// Text with refs inside.
    Text(Box<[Piece]>),
    /// An array with refs below it.
    Array(Box<[Template]>),
    /// An object with refs below it.
    Object(Box<[(Box<str>, Template)]>),
}

/// A piece of text with refs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Piece {
    /// Stands as it is.
    Verbatim(Box<str>),
    /// Is replaced by the text of what is there.
    Ref(Place),
}

/// Where a ref leads: a value of the state, and the way inside it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) root: Root,
    pub(crate) path: Path,
}

/// The value of the state that a ref begins at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Root {
    /// `$.event`
    Event,
    /// `$.state.<id>`, by the action's position in the document.
    Output(usize),
}

/// One input of one action in the document, in the order of the action's definition.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Input {
    /// What the document says; `None` where it says nothing.
    pub(crate) template: Option<Template>,
    /// What stands in for an absent value, from the action's definition.
    pub(crate) default: Option<Arc<Value>>,
    /// Whether null, which is no value of its type, means that it is left out.
    pub(crate) null_is_absent: bool,
}

/// What a run knows so far: its event, and the output of each action that completed.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) event: Arc<Value>,
    pub(crate) outputs: Vec<Option<Value>>,
}

impl State {
    pub(crate) fn new(event: Arc<Value>, actions: usize) -> Self {
        State { event, outputs: vec![None; actions] }
    }

    /// The value at a place; `None` where there is none.
    #[inline]
    pub(crate) fn find(&self, place: &Place) -> Option<&Value> {
        let root = match place.root {
            Root::Event => &*self.event,
            Root::Output(action) => self.outputs.get(action)?.as_ref()?,
        };
        place.path.find(root)
    }
}
