//! What users read. All wording stands below this module: lower case, no final full stop, user text in backticks.

mod leave;
mod reference;
mod syntax;

use super::problem::{Inside, NotText, Problem, ReservedBecause};
use super::{any_of, grouped, message, quoted, shown, typed};

/// A problem in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Words {
    /// What is wrong, in one line.
    pub(crate) message: String,
    /// A few words at the place in the source.
    pub(crate) label: Option<String>,
    /// What to do about it.
    pub(crate) help: Option<String>,
}

impl Words {
    fn new(message: impl Into<String>) -> Self {
        Words { message: message.into(), label: None, help: None }
    }

    fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.filter(|help| !help.is_empty());
        self
    }
}

/// `did you mean …?` where something is near, else the list of what is allowed.
fn meant_or_any<N: AsRef<str>>(nearest: Option<&str>, known: &[N], introduction: &str) -> Option<String> {
    match nearest {
        Some(nearest) => Some(meant(nearest)),
        None if known.is_empty() => None,
        None => Some(format!("{introduction} {}", any_of(known))),
    }
}

fn meant(nearest: &str) -> String {
    format!("did you mean {}?", quoted(nearest))
}

impl Problem {
    #[expect(clippy::too_many_lines, reason = "one arm a problem, so that all wording stands together")]
    pub(crate) fn words(&self) -> Words {
        match self {
            Problem::Syntax(fault) => fault.words(),
            Problem::Ref(kind) => kind.words(),
            Problem::DuplicateKey { key } => {
                Words::new(format!("the member {} stands here twice", quoted(key)))
                    .label("again here")
                    .help("remove one of the two")
            }
            Problem::UnheldNumber { literal } => {
                Words::new(format!("the number {} is too large", quoted(literal))).label("too large").help(
                    format!(
                        "an integer is at least {} and at most {}, any other number less than about 1.8e308",
                        i64::MIN,
                        u64::MAX
                    ),
                )
            }
            Problem::Limit { what, limit, found } => {
                Words::new(format!("{} {what}, but at most {} are allowed", grouped(*found), grouped(*limit)))
            }
            Problem::MissingMember { owner, member, expected } => {
                Words::new(format!("{owner} has no {}", quoted(member)))
                    .label(format!("{} is missing here", quoted(member)))
                    .help(format!("add `\"{member}\"`: {expected}"))
            }
            Problem::UnknownMember { owner, member, nearest, known } => {
                Words::new(format!("{owner} has no member {}", quoted(member)))
                    .label("unknown")
                    .maybe_help(meant_or_any(nearest.as_deref(), known, "it can have"))
            }
            Problem::WrongMember { what, expected, found, write } => {
                Words::new(format!("{what} is {expected}, not {found}"))
                    .label(format!("expected {expected}"))
                    .maybe_help(write.as_ref().map(|write| format!("write {}", quoted(write))))
            }
            Problem::UnknownConditionType { found, nearest } => {
                Words::new(format!("no condition has the type {}", quoted(found)))
                    .label("unknown")
                    .maybe_help(meant_or_any(nearest.as_deref(), &["if", "else", "match"], "write"))
            }
            Problem::MatchWithoutValue => Words::new("a `match` condition has no `value` to compare with")
                .label("`value` is missing here")
                .help("add `\"value\"`: what the ref's value must equal"),
            Problem::ValueWithoutMatch { test } => {
                Words::new(format!("the condition {} compares with no `value`", quoted(test)))
                    .label("not used")
                    .help("remove it, or write `match` as the condition's type")
            }
            Problem::DuplicateId { id } => Words::new(format!("two actions have the id {}", quoted(id)))
                .label("again here")
                .help("give every action an id of its own"),
            Problem::ReservedId { id, reason } => reserved(id, *reason),
            Problem::UnknownKind { kind, nearest, known } => {
                Words::new(format!("no action of the kind {} is registered", quoted(kind)))
                    .label("unknown kind")
                    .maybe_help(meant_or_any(nearest.as_deref(), known, "write"))
            }
            Problem::Deprecated { what, advice } => Words::new(message(&format!("{what} is deprecated")))
                .label("deprecated")
                .maybe_help(advice.as_deref().map(message)),
            Problem::UnknownAction { id, nearest } | Problem::UnknownStateAction { id, nearest } => {
                Words::new(format!("no action has the id {}", quoted(id)))
                    .label("unknown action")
                    .maybe_help(nearest.as_deref().map(meant))
            }
            Problem::EdgeIntoSource => Words::new("no edge leads to `$source`: a workflow begins there")
                .label("nothing runs before the start")
                .help("name an action's id"),
            Problem::DuplicateEdge => Words::new("the same edge stands here twice")
                .label("again here")
                .help("remove one of the two, or give them different conditions"),
            Problem::Cycle { ids } => cycle(ids),
            Problem::Unreachable { id } => {
                Words::new(format!("no way leads from `$source` to the action {}", quoted(id)))
                    .label("never runs")
                    .help("add an edge to it, or remove it")
            }
            Problem::UnknownEvent { event, known } => Words::new(format!(
                "no workflow starts with the event {}: it is not registered",
                quoted(event)
            ))
            .maybe_help(meant_or_any(None, known, "registered are")),
            Problem::NoStart => Words::new("no edge begins at `$source`, so the workflow never starts")
                .label("no edge from `$source`")
                .help("add an edge from `\"$source\"` to the action that runs first"),
            Problem::MissingInput { kind, input, expected, description } => {
                let expected =
                    expected.as_ref().map_or_else(|| "a value".to_owned(), |expected| typed(expected));
                let description =
                    description.as_ref().map(|text| format!(" ({})", shown(text.trim_end_matches('.'))));
                let description = description.unwrap_or_default();
                Words::new(format!("{} requires the input {}", quoted(kind), quoted(input)))
                    .label(format!("{} is missing here", quoted(input)))
                    .help(format!("add `\"{}\"`: {expected}{description}", shown(input)))
            }
            Problem::UnknownInput { kind, input, nearest, known } => {
                let help = meant_or_any(nearest.as_deref(), known, "it takes");
                Words::new(format!("{} has no input {}", quoted(kind), quoted(input)))
                    .label("unknown input")
                    .help(help.unwrap_or_else(|| "it takes none".to_owned()))
            }
            Problem::Fault { message: text, help, .. } | Problem::Rule { message: text, help, .. } => {
                Words::new(message(text)).maybe_help(help.as_deref().map(message))
            }
            Problem::NeverFits { expected, found, inside } => {
                let found = typed(found);
                Words::new(format!("expected {}, but this is never one: it is {found}", typed(expected)))
                    .label(format!("this is {found}"))
                    .maybe_help(inside.as_ref().map(|inside| inside.never()))
            }
            Problem::AbsentRequired { reference, expected } => {
                let what = match expected {
                    Some(expected) => format!("{} is required here", typed(expected)),
                    None => "a value is required here".to_owned(),
                };
                Words::new(format!("{} may be absent, but {what}", quoted(reference)))
                    .label("may be absent")
                    .help("behind an edge with the condition `if` on it, it is there")
            }
            Problem::MayBeSkipped { reference, action } => Words::new(format!(
                "the action {} may be skipped, and then {} yields nothing",
                quoted(action),
                quoted(reference)
            ))
            .label("may be skipped")
            .help(format!(
                "run this action only where {} runs: behind it, or behind the same condition",
                quoted(action)
            )),
            Problem::MayBeNull { expected, found } => {
                Words::new(format!("expected {}, but this may be null", typed(expected)))
                    .label(format!("this is {}", typed(found)))
                    .help("behind an edge with the condition `if` on it, it is not null")
            }
            Problem::MayNotFit { expected, found, inside, example } => {
                let what = match inside {
                    Some(inside) => inside.maybe(),
                    None => format!("expected {}, but this may be something else", typed(expected)),
                };
                Words::new(what)
                    .label(format!("this is {}", typed(found)))
                    .maybe_help(example.as_ref().map(|example| format!("it may be {}", quoted(example))))
            }
            Problem::ImpossibleMatch { value, found, nearest } => {
                Words::new(format!("the ref is never {}: it is {}", quoted(value), typed(found)))
                    .label("never equal")
                    .maybe_help(nearest.as_ref().map(|nearest| meant(&format!("\"{nearest}\""))))
            }
            Problem::IncompleteMatch { from, reference, missing } => Words::new(format!(
                "no edge from {} is taken where {} is {}",
                quoted(from),
                quoted(reference),
                any_of(missing)
            ))
            .label("not all values are met")
            .help("add an edge for it if something is to happen then"),
            Problem::ConstantCondition { holds, found } => {
                let when = if *holds { "always" } else { "never" };
                let words = Words::new(format!("this condition {when} holds")).label(format!("{when} holds"));
                words.maybe_help(found.as_ref().map(|found| format!("what it tests is {}", typed(found))))
            }
            Problem::NeverEqual { holds, value, nearest } => {
                let when = if *holds { "always" } else { "never" };
                Words::new(format!(
                    "this comparison {when} holds: what it tests is never {}",
                    quoted(&format!("\"{value}\""))
                ))
                .label("never equal")
                .help(meant(nearest))
            }
            Problem::CheckedAtRunTime { expected, found, inside } => {
                let what = match inside.as_deref() {
                    Some(Inside { place, expected: Some(expected), .. }) => {
                        format!("{} in this is {}", quoted(place), typed(expected))
                    }
                    _ => format!("this is {}", typed(expected)),
                };
                Words::new(format!("whether {what} shows only when the workflow runs"))
                    .label(format!("this is {}", typed(found)))
            }
            Problem::Leave(fault) => fault.words(),
            Problem::UnknownField { field, container, nearest, known } => {
                Words::new(format!("{} has no field {}", typed(container), quoted(field)))
                    .label("unknown field")
                    .maybe_help(meant_or_any(nearest.as_deref(), known, "it has"))
            }
            Problem::NotUpstream { from, to } => Words::new(format!(
                "the action {} does not run before the action {}",
                quoted(to),
                quoted(from)
            ))
            .label("does not run before")
            .help(match from.as_str() {
                "$source" => "nothing runs before the start; write `$.event`".to_owned(),
                from => format!("refer to an action that runs before {}", quoted(from)),
            }),
            Problem::NotText { found, why } => {
                let found = typed(found);
                let what = match why {
                    NotText::Never => format!("{found} cannot stand in text"),
                    NotText::Null => "this may be null, and null cannot stand in text".to_owned(),
                    NotText::Sometimes => format!("not every value of {found} can stand in text"),
                };
                Words::new(what).label(format!("this is {found}")).help(
                    "refer to a string, a number or a boolean; a ref that is the whole string takes any value",
                )
            }
            Problem::NotARef => Words::new("a condition tests one ref, and nothing else stands beside it")
                .label("expected one ref")
                .help("write `!ref($.output.<field>)`, or a ref to any action that runs before"),
            Problem::OutputOutsideEdge => {
                Words::new("`$.output` means something on an edge's condition only")
                    .label("not on an edge")
                    .help("write `$.state.<action id>`")
            }
            Problem::OutputAtSource => Words::new("`$source` has no output")
                .label("the edge begins at `$source`")
                .help("write `$.event`"),
            Problem::Unlisted { dropped: 1 } => Words::new("1 further problem is not listed"),
            Problem::Unlisted { dropped } => {
                Words::new(format!("{} further problems are not listed", grouped(*dropped)))
            }
        }
    }
}

impl Problem {
    /// A few words at the name of what a value is given to.
    pub(crate) fn expects(name: &str, expected: &str) -> String {
        format!("{} expects {}", quoted(name), typed(expected))
    }
}

impl Inside {
    /// What is never right there.
    fn never(&self) -> String {
        self.words("is never", "is never there")
    }

    /// What may be wrong there.
    fn maybe(&self) -> String {
        self.words("may not be", "may be absent")
    }

    fn words(&self, is_not: &str, is_absent: &str) -> String {
        let place = quoted(&self.place);
        match (&self.found, &self.expected) {
            (Some(found), Some(expected)) => {
                format!("{place} in this {is_not} {}: it is {}", typed(expected), typed(found))
            }
            (None, Some(expected)) => {
                format!("{place} in this {is_absent}, but {} is required there", typed(expected))
            }
            (_, None) => format!("{place} may be in this, but nothing is expected there"),
        }
    }
}

fn reserved(id: &str, reason: ReservedBecause) -> Words {
    match reason {
        ReservedBecause::Dollar => {
            Words::new(format!("no action can have the id {}: what begins with `$` is reserved", quoted(id)))
                .label("reserved")
                .help("begin it with anything else")
        }
        ReservedBecause::Empty => {
            Words::new("an action's id is empty").label("empty").help("write 1 to 128 characters")
        }
        ReservedBecause::TooLong => Words::new(format!(
            "the id {} is {} characters long, but at most 128 are allowed",
            quoted(id),
            grouped(id.chars().count())
        ))
        .label("too long"),
        ReservedBecause::ControlCharacter => {
            Words::new(format!("the id {} has a control character in it", quoted(id)))
                .label("control character")
                .help("write printable characters only")
        }
    }
}

fn cycle(ids: &[String]) -> Words {
    const MOST: usize = 10;
    let ids = match ids {
        [all @ .., last] if all.first() == Some(last) => all,
        ids => ids,
    };
    let words = if let [only] = ids {
        Words::new(format!("the action {} waits for itself", quoted(only)))
    } else {
        let mut way = ids.iter().take(MOST).map(|id| shown(id)).collect::<Vec<_>>();
        if ids.len() > MOST {
            way.push(format!("… {} more …", ids.len() - MOST));
        }
        way.extend(ids.first().map(|id| shown(id)));
        Words::new(format!("these actions wait for each other: `{}`", way.join(" → ")))
    };
    words
        .label("leads back")
        .help("remove one of these edges: what runs must not wait for what runs after it")
}
