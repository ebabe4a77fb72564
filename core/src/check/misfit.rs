//! What is wrong with a ref where it stands.

use super::edges;
use crate::diagnostic::{Beside, Code, Inside, NotText, Problem};
use crate::fault;
use crate::reference::Reference;
use crate::scope::{Present, Scope};
use flowright_schema::{FitReason, FitVerdict, Path, Presence, Segment, Step, Type};
use serde_json::Value;
use std::borrow::Cow;

/// A longer example is not shown.
const LONGEST_EXAMPLE: usize = 60;

/// Why a ref's value may be wrong where it stands.
#[derive(Debug)]
pub(crate) enum Misfit<'r> {
    /// No value of its type is right.
    Never(Option<&'r FitReason>),
    /// Some values of its type are of a wrong shape.
    May(Option<Cow<'r, FitReason>>),
    /// Only null is wrong.
    Null,
    /// Its type says that it may be absent.
    Absent,
    /// Its action may be skipped, where an edge is not taken.
    Skipped { action: usize, edge: usize },
    /// It cannot stand in text, or not always.
    NotText,
}

/// The types to show: what is expected where the ref stands, and what is there.
#[derive(Clone, Copy)]
pub(crate) struct Shown<'t> {
    pub(crate) expected: &'t Type,
    pub(crate) found: &'t Type,
}

impl<'r> Misfit<'r> {
    /// What to say where some values are of a wrong shape; `None` where that is because a part has no type.
    pub(crate) fn of_types(found: &Type, expected: &Type, reason: Option<&'r FitReason>) -> Option<Self> {
        if is_untyped(found, expected, reason) {
            return None;
        }
        let reason = match reason {
            Some(reason) if is_of_no_type(reason) => Cow::Owned(of_members(found, expected)?),
            Some(reason) => Cow::Borrowed(reason),
            None => return Some(Misfit::May(None)),
        };
        let only_null = found.without_null().is_some_and(|rest| {
            let fit = rest.fits(expected);
            match fit.verdict {
                FitVerdict::Fits | FitVerdict::Refined | FitVerdict::Unknown => true,
                FitVerdict::MayNotFit => is_untyped(&rest, expected, fit.reason.as_deref()),
                FitVerdict::NeverFits => false,
            }
        });
        Some(if only_null { Misfit::Null } else { Misfit::May(Some(reason)) })
    }

    /// What is wrong where a value is required.
    pub(crate) fn of_presence(present: Present) -> Option<Self> {
        match present {
            Present::Maybe => Some(Misfit::Absent),
            Present::Skipped { action, edge } => Some(Misfit::Skipped { action, edge }),
            Present::Always | Present::Unknown => None,
        }
    }

    pub(crate) fn code(&self) -> Code {
        match self {
            Misfit::Never(_) => Code::NeverFits,
            Misfit::May(_) => Code::MayNotFit,
            Misfit::Null => Code::MayBeNull,
            Misfit::Absent => Code::MayBeAbsent,
            Misfit::Skipped { .. } => Code::MayBeSkipped,
            Misfit::NotText => Code::NotText,
        }
    }

    /// Whether a document may leave it to a run-time check: it may come right.
    pub(crate) fn can_be_left(&self) -> bool {
        !matches!(self, Misfit::Never(_))
    }

    /// The problem, in flowright's notation. Of a secret no value is shown.
    pub(crate) fn problem(
        &self,
        scope: &Scope<'_>,
        reference: Option<&Reference>,
        shown: Shown<'_>,
        secret: bool,
    ) -> Problem {
        let reference = || reference.map(ToString::to_string).unwrap_or_default();
        let (expected, found) = (|| shown.expected.to_string(), || shown.found.to_string());
        match self {
            Misfit::Never(reason) => {
                Problem::NeverFits { expected: expected(), found: found(), inside: inside(*reason) }
            }
            Misfit::May(reason) => Problem::MayNotFit {
                expected: expected(),
                found: found(),
                inside: inside(reason.as_deref()),
                example: reason.as_deref().filter(|_| !secret).and_then(example).map(Value::to_string),
            },
            Misfit::Null => Problem::MayBeNull { expected: expected(), found: found() },
            Misfit::Absent => Problem::AbsentRequired {
                reference: reference(),
                expected: (!shown.expected.is_any()).then(expected),
            },
            Misfit::Skipped { action, .. } => Problem::MayBeSkipped {
                reference: reference(),
                action: scope.document.actions[*action].id().to_owned(),
            },
            Misfit::NotText => {
                let only_null = || shown.found.without_null().is_some_and(|rest| rest.is_text());
                let why = match shown.found.is_never_text() {
                    true => NotText::Never,
                    false if only_null() => NotText::Null,
                    false => NotText::Sometimes,
                };
                Problem::NotText { found: found(), why }
            }
        }
    }

    /// Where else to look, beside the input.
    pub(crate) fn beside(&self) -> Option<Beside> {
        let Misfit::Skipped { edge, .. } = *self else { return None };
        let conditional = edges::pointer(edge).member("conditional");
        Some(Beside::Value(conditional, "skipped where this does not hold".to_owned()))
    }
}

/// Whether two types part where one of them says nothing.
fn is_of_no_type(reason: &FitReason) -> bool {
    reason.found.as_ref().is_some_and(Type::is_any)
}

/// Where two objects part at a member that has a type; `None` where they do not.
fn of_members(found: &Type, expected: &Type) -> Option<FitReason> {
    let some = expected.without_null();
    let expected = some.as_ref().unwrap_or(expected);
    let parts = expected.parts()?;
    expected.property_names().into_iter().find_map(|name| {
        let part = parts.member(&name)?;
        let there = found.at(&Path::from(vec![Segment::Member(name.as_str().into())]));
        if there.ty.is_any() || there.presence == Presence::Never {
            return None;
        }
        let step = Step::Member(name);
        let reason = |path, found, expected| FitReason { path, found, expected, counterexample: None };
        if part.required && there.presence == Presence::Maybe {
            return Some(reason(vec![step], None, Some(part.ty)));
        }
        let fit = there.ty.fits(&part.ty);
        let is_wrong = matches!(fit.verdict, FitVerdict::MayNotFit | FitVerdict::NeverFits)
            && !fit.reason.as_deref().is_some_and(is_of_no_type)
            && !untyped(&there.ty, &part.ty, fit.reason.as_deref(), 0);
        is_wrong.then(|| reason(vec![step], Some(there.ty), Some(part.ty)))
    })
}

/// How often a union is looked into for what is at fault.
const DEEPEST: usize = 4;

/// Whether some values of `found` may be of a wrong shape only because a part of it has no type: no type, no alarm.
pub(super) fn is_untyped(found: &Type, expected: &Type, reason: Option<&FitReason>) -> bool {
    let hides_nothing = || reason.is_some_and(is_of_no_type) && of_members(found, expected).is_none();
    untyped(found, expected, reason, 0) || hides_nothing()
}

fn untyped(found: &Type, expected: &Type, reason: Option<&FitReason>, depth: usize) -> bool {
    if !found.mentions_any() || depth > DEEPEST {
        return false;
    }
    let branches = found.branches();
    if branches.len() > 1 {
        return branches.iter().all(|branch| {
            let fit = branch.fits(expected);
            match fit.verdict {
                FitVerdict::Fits | FitVerdict::Refined | FitVerdict::Unknown => true,
                FitVerdict::MayNotFit => untyped(branch, expected, fit.reason.as_deref(), depth + 1),
                FitVerdict::NeverFits => false,
            }
        });
    }
    let Some(reason) = reason else { return true };
    match (&reason.found, &reason.expected) {
        (Some(there), Some(asked)) if !reason.path.is_empty() && !there.is_any() => {
            untyped(there, asked, there.fits(asked).reason.as_deref(), depth + 1)
        }
        (Some(there), _) => there.mentions_any(),
        (None, _) => false,
    }
}

/// Where inside the value two types part; `None` where at the value itself.
pub(crate) fn inside(reason: Option<&FitReason>) -> Option<Box<Inside>> {
    let reason = reason.filter(|reason| !reason.path.is_empty())?;
    Some(Box::new(Inside {
        place: place(&reason.path),
        found: reason.found.as_ref().map(ToString::to_string),
        expected: reason.expected.as_ref().map(ToString::to_string),
    }))
}

/// A way as a ref goes on: `name`, `tags[0]`.
pub(crate) fn place(path: &[Step]) -> String {
    let path: Path = fault::path(path);
    let written = path.to_string();
    written.strip_prefix('.').map(str::to_owned).unwrap_or(written)
}

/// A value that does not fit, or the part of it that does not; where it is short.
pub(crate) fn example(reason: &FitReason) -> Option<&Value> {
    let whole = reason.counterexample.as_ref()?;
    let part = || fault::path(&reason.path).find(whole).filter(|part| is_short(part));
    Some(whole).filter(|whole| is_short(whole)).or_else(part)
}

fn is_short(value: &Value) -> bool {
    value.to_string().len() <= LONGEST_EXAMPLE
}
