//! One change.

use crate::diagnostic::Code;
use crate::registry::Mode;
use serde_json::Value;

/// One thing that changed from one registry to another.
///
/// `Display` says it in a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub(super) action: Option<String>,
    pub(super) event: Option<String>,
    pub(super) what: Changed,
    pub(super) breaking: bool,
}

impl Change {
    pub(super) fn of_action(kind: &str, what: Changed, breaking: bool) -> Self {
        Change { action: Some(kind.to_owned()), event: None, what, breaking }
    }

    pub(super) fn of_event(name: &str, what: Changed, breaking: bool) -> Self {
        Change { action: None, event: Some(name.to_owned()), what, breaking }
    }

    pub(super) fn of_rules(what: Changed) -> Self {
        Change { action: None, event: None, what, breaking: true }
    }

    /// The kind of the action that it is about, as the old registry has it; the new one's, of an action that is new.
    pub fn action(&self) -> Option<&str> {
        self.action.as_deref()
    }

    /// The name of the event that it is about.
    pub fn event(&self) -> Option<&str> {
        self.event.as_deref()
    }

    /// What changed.
    pub fn what(&self) -> &Changed {
        &self.what
    }

    /// Whether it can break documents that the old registry accepts.
    pub fn is_breaking(&self) -> bool {
        self.breaking
    }
}

/// What changed.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Changed {
    /// The action is not there any more, by none of its names.
    ActionRemoved {
        /// What it said to use instead, where it was deprecated.
        deprecated: Option<String>,
    },
    /// The action was not there before.
    ActionAdded,
    /// The action has another kind.
    ActionRenamed {
        /// Its kind now.
        to: String,
        /// Whether documents may still use the old one.
        kept: bool,
    },
    /// Another name of the action is none any more.
    AliasRemoved {
        /// The name.
        alias: String,
    },
    /// Another name of the action is one of another action now.
    AliasMoved {
        /// The name.
        alias: String,
        /// The kind of the other action.
        to: String,
    },
    /// New documents should not use the action any more.
    ActionDeprecated {
        /// What to use instead.
        advice: String,
    },
    /// The action has an input that it did not have before.
    InputAdded {
        /// Its name.
        input: String,
        /// Whether it must be given.
        required: bool,
    },
    /// The action has the input no more, by none of its names.
    InputRemoved {
        /// Its name.
        input: String,
        /// Whether it was deprecated.
        deprecated: bool,
    },
    /// The input has another name.
    InputRenamed {
        /// Its name before.
        input: String,
        /// Its name now.
        to: String,
        /// Whether documents may still use the old one.
        kept: bool,
    },
    /// Another name of the input is none any more.
    InputAliasRemoved {
        /// The input.
        input: String,
        /// The name.
        alias: String,
    },
    /// Another name of the input is one of another input now.
    InputAliasMoved {
        /// The input.
        input: String,
        /// The name.
        alias: String,
        /// The other input.
        to: String,
    },
    /// Two inputs are one now, and no document may give it twice.
    InputsMerged {
        /// One of them.
        input: String,
        /// The other one.
        with: String,
    },
    /// New documents should not give the input any more.
    InputDeprecated {
        /// Its name.
        input: String,
    },
    /// The input was optional, and must be given now.
    InputRequired {
        /// Its name.
        input: String,
    },
    /// The input had to be given, and is optional now.
    InputOptional {
        /// Its name.
        input: String,
    },
    /// The type of the input is another one.
    InputType {
        /// Its name.
        input: String,
        /// How the type changed.
        ty: TypeChange,
    },
    /// The type of the output is another one.
    OutputType(TypeChange),
    /// The event was not there before. It breaks documents that are checked for no event in particular, as theirs may
    /// be this one now.
    EventAdded,
    /// The event is not there any more.
    EventRemoved,
    /// The type of `$.event` is another one.
    EventType(TypeChange),
    /// The registry checks more strictly.
    ModeStricter {
        /// How strictly it checked before.
        from: Mode,
        /// How strictly it does now.
        to: Mode,
    },
    /// What was no error is one now.
    LevelRaised {
        /// Which diagnostics.
        code: Code,
    },
    /// Documents may be less large.
    LimitLowered {
        /// Which limit.
        limit: &'static str,
        /// What was allowed before.
        from: usize,
        /// What is allowed now.
        to: usize,
    },
}

/// How a type changed.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TypeChange {
    /// In which direction.
    pub how: How,
    /// The old type, in flowright's notation.
    pub from: String,
    /// The new type, in flowright's notation.
    pub to: String,
    /// Where they part; there where the change is breaking and not undecided.
    pub parting: Option<Parting>,
}

/// In which direction a type changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum How {
    /// All old values are left, and there are more.
    Wider,
    /// All old values are left, and there are more: some bound, length, pattern or format is looser.
    WiderInBounds,
    /// There are no new values, and fewer than before.
    Narrower,
    /// There are no new values, and fewer than before: some bound, length, pattern or format is tighter.
    NarrowerInBounds,
    /// Nothing was known of the values, or of a part of them, and something is now.
    Typed,
    /// Some values are gone, and others are new.
    Other,
    /// It could not be decided.
    Undecided,
}

impl How {
    /// `"wider"`, `"wider-in-bounds"`, `"narrower"`, `"narrower-in-bounds"`, `"typed"`, `"other"` or `"undecided"`.
    pub fn as_str(self) -> &'static str {
        match self {
            How::Wider => "wider",
            How::WiderInBounds => "wider-in-bounds",
            How::Narrower => "narrower",
            How::NarrowerInBounds => "narrower-in-bounds",
            How::Typed => "typed",
            How::Other => "other",
            How::Undecided => "undecided",
        }
    }
}

/// Where an old and a new type part: of an input, what the old one takes and the new one refuses; of an output or an
/// event, what the new one has and the old one does not.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Parting {
    /// The place inside the value, such as `tags[0]`; empty where it is the whole.
    pub place: String,
    /// What may be there by the old type; `None` where nothing is.
    pub from: Option<String>,
    /// What may be there by the new type; `None` where nothing is.
    pub to: Option<String>,
    /// A value that shows it, or the part of it at the place, where it is short. Of a secret input there is none.
    pub example: Option<Value>,
}
