//! How a type changed, and whether that can break documents.

use super::change::{How, Parting, TypeChange};
use crate::check::{example, place};
use crate::registry::RegisteredInput;
use flowright_schema::{Fit, FitReason, FitVerdict, Type};

/// What documents do with the values of a type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    /// They give them: it may take more. Of a secret no value is shown.
    Input { secret: bool },
    /// They read them: they may be fewer.
    Output,
}

/// How the type of an input changed, and whether that is breaking; `None` where it did not. That null means nothing, or
/// no longer does, is no change of the type.
pub(super) fn of_input(old: &RegisteredInput, new: &RegisteredInput) -> Option<(TypeChange, bool)> {
    if old.ty == new.ty {
        return None;
    }
    let given = if new.required && !old.required { old.ty.without_null() } else { None };
    let taken = if new.required && old.required {
        old.takes.clone()
    } else {
        Type::union([old.takes.clone(), Type::null()])
    };
    let forwards = given.as_ref().unwrap_or(&old.ty).fits(&new.takes);
    let backwards = new.ty.fits(&taken);
    change((&old.ty, &new.ty), &forwards, &backwards, Flow::Input { secret: old.secret || new.secret })
}

/// How the type of an output or an event changed, and whether that is breaking; `None` where it did not.
pub(super) fn of_output(old: &Type, new: &Type) -> Option<(TypeChange, bool)> {
    if old == new {
        return None;
    }
    change((old, new), &new.fits(old), &old.fits(new), Flow::Output)
}

/// What `asked` says, on which documents depend, and its reverse.
fn change((old, new): (&Type, &Type), asked: &Fit, reverse: &Fit, flow: Flow) -> Option<(TypeChange, bool)> {
    let is_within = reverse.verdict == FitVerdict::Fits;
    let how = match (asked.verdict, flow) {
        (FitVerdict::Fits, _) if is_within => return None,
        (FitVerdict::Fits, Flow::Input { .. }) => How::Wider,
        (FitVerdict::Fits, Flow::Output) if was_untyped(old, new, reverse.reason.as_deref()) => How::Typed,
        (FitVerdict::Fits, Flow::Output) => How::Narrower,
        (FitVerdict::Unknown, _) => How::Undecided,
        _ if !is_within => How::Other,
        (FitVerdict::Refined, Flow::Input { .. }) => How::NarrowerInBounds,
        (FitVerdict::Refined, Flow::Output) => How::WiderInBounds,
        (_, Flow::Input { .. }) => How::Narrower,
        (_, Flow::Output) => How::Wider,
    };
    let is_breaking = asked.verdict != FitVerdict::Fits || how == How::Typed;
    let parting = asked.reason.as_deref().map(|reason| parting(reason, flow));
    Some((TypeChange { how, from: old.to_string(), to: new.to_string(), parting }, is_breaking))
}

/// Whether a part of which nothing was known has a type now. A ref into it was left to run time.
fn was_untyped(old: &Type, new: &Type, reason: Option<&FitReason>) -> bool {
    let is_any = |reason: &FitReason| reason.found.as_ref().is_some_and(Type::is_any);
    reason.is_some_and(is_any) || (old.mentions_any() && !new.mentions_any())
}

fn parting(reason: &FitReason, flow: Flow) -> Parting {
    let found = reason.found.as_ref().map(Type::to_string);
    let expected = reason.expected.as_ref().map(Type::to_string);
    let (from, to) = match flow {
        Flow::Input { .. } => (found, expected),
        Flow::Output => (expected, found),
    };
    let is_secret = flow == Flow::Input { secret: true };
    let example = example(reason).filter(|_| !is_secret).cloned();
    Parting { place: place(&reason.path), from, to, example }
}
