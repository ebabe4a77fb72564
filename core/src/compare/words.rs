//! Changes in words: lower case, no final full stop, names and types in backticks.

use super::change::{Change, Changed, How, Parting, TypeChange};
use crate::diagnostic::{grouped, message, quoted, typed};
use crate::registry::Mode;
use std::fmt::{self, Write as _};

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = quoted(self.action().or(self.event()).unwrap_or_default());
        match self.what() {
            Changed::ActionRemoved { deprecated: None } => {
                write!(f, "{subject} is removed; make it an alias of the action that takes its place")
            }
            Changed::ActionRemoved { deprecated: Some(advice) } => {
                write!(f, "{subject} is removed, as it was deprecated: {}", message(advice))
            }
            Changed::ActionAdded => write!(f, "{subject} is a new action"),
            Changed::ActionRenamed { to, kept: true } => {
                write!(f, "{subject} is called {} now, and its old name still works", quoted(to))
            }
            Changed::ActionRenamed { to, kept: false } => {
                write!(f, "{subject} is called {} now; make its old name an alias", quoted(to))
            }
            Changed::AliasRemoved { alias } => {
                write!(f, "{subject} goes by {} no more; keep that as an alias", quoted(alias))
            }
            Changed::AliasMoved { alias, to } => {
                write!(f, "{subject} goes by {} no more, which is {} now", quoted(alias), quoted(to))
            }
            Changed::ActionDeprecated { advice } => {
                write!(f, "{subject} is deprecated now: {}", message(advice))
            }
            Changed::InputAdded { input, required: true } => write!(
                f,
                "{subject} requires a new input {}; give it a default, or make it optional",
                quoted(input)
            ),
            Changed::InputAdded { input, required: false } => {
                write!(f, "{subject} takes a new input {}, which is optional", quoted(input))
            }
            Changed::InputRemoved { input, deprecated } => {
                let was = if *deprecated { ", which was deprecated" } else { "" };
                write!(f, "{subject} takes the input {} no more{was}", quoted(input))
            }
            Changed::InputRenamed { input, to, kept: true } => write!(
                f,
                "the input {} of {subject} is called {} now, and its old name still works",
                quoted(input),
                quoted(to)
            ),
            Changed::InputRenamed { input, to, kept: false } => write!(
                f,
                "the input {} of {subject} is called {} now; make its old name an alias",
                quoted(input),
                quoted(to)
            ),
            Changed::InputAliasRemoved { input, alias } => write!(
                f,
                "the input {} of {subject} goes by {} no more; keep that as an alias",
                quoted(input),
                quoted(alias)
            ),
            Changed::InputAliasMoved { input, alias, to } => write!(
                f,
                "the input {} of {subject} goes by {} no more, which is {} now",
                quoted(input),
                quoted(alias),
                quoted(to)
            ),
            Changed::InputsMerged { input, with } => write!(
                f,
                "the inputs {} and {} of {subject} are one now, and no document may give both",
                quoted(with),
                quoted(input)
            ),
            Changed::InputDeprecated { input } => {
                write!(f, "the input {} of {subject} is deprecated now", quoted(input))
            }
            Changed::InputRequired { input } => write!(
                f,
                "the input {} of {subject} is required now, and was optional; give it a default",
                quoted(input)
            ),
            Changed::InputOptional { input } => {
                write!(f, "the input {} of {subject} is optional now", quoted(input))
            }
            Changed::InputType { input, ty } => {
                write!(f, "the input {} of {subject} {}", quoted(input), ty.words(Owner::Input))
            }
            Changed::OutputType(ty) => {
                write!(f, "the output of {subject} {}", ty.words(Owner::Source))
            }
            Changed::EventAdded => write!(
                f,
                "the event {subject} is new; documents that are checked for no event in particular must allow for it"
            ),
            Changed::EventRemoved => write!(f, "the event {subject} is removed"),
            Changed::EventType(ty) => write!(f, "the event {subject} {}", ty.words(Owner::Source)),
            Changed::ModeStricter { from, to } => {
                write!(f, "documents are checked in {} mode now, and were in {} mode", mode(*to), mode(*from))
            }
            Changed::LevelRaised { code } => write!(f, "`{code}` is an error now"),
            Changed::LimitLowered { limit, from, to } => {
                write!(f, "the limit `{limit}` is {} now, and was {}", grouped(*to), grouped(*from))
            }
        }
    }
}

pub(super) fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Strict => "strict",
        Mode::Default => "default",
        Mode::Lenient => "lenient",
    }
}

/// Whose type changed.
#[derive(Clone, Copy)]
enum Owner {
    /// Documents give it.
    Input,
    /// They read it: an output or an event.
    Source,
}

impl TypeChange {
    fn words(&self, owner: Owner) -> String {
        let how = match self.how {
            How::Wider => "is wider",
            How::WiderInBounds => "is wider in bounds",
            How::Narrower => "is narrower",
            How::NarrowerInBounds => "is narrower in bounds",
            How::Typed => "is better known, so that more of what reads it is checked",
            How::Other => "is of another type",
            How::Undecided => "is of another type, and whether that breaks documents could not be decided",
        };
        let mut words = format!("{how}: it was {} and is {}", typed(&self.from), typed(&self.to));
        if let Some(parting) = &self.parting {
            parting.add_words(owner, &mut words);
        }
        words
    }
}

impl Parting {
    fn add_words(&self, owner: Owner, words: &mut String) {
        let (found, expected, shown) = match owner {
            Owner::Input => (&self.from, &self.to, "is refused now"),
            Owner::Source => (&self.to, &self.from, "is possible now"),
        };
        if !self.place.is_empty() {
            let place = quoted(&self.place);
            let _ = match (found, expected) {
                (Some(found), Some(expected)) => {
                    write!(words, "; {} at {place} does not fit {}", typed(found), typed(expected))
                }
                (None, Some(expected)) => {
                    let what = match owner {
                        Owner::Input => "is required",
                        Owner::Source => "may be absent",
                    };
                    write!(words, "; {} at {place} {what} now", typed(expected))
                }
                (_, None) => write!(words, "; nothing is expected at {place}"),
            };
        }
        if let Some(example) = &self.example {
            let _ = write!(words, "; {} {shown}", quoted(&example.to_string()));
        }
    }
}
