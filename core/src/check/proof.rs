//! Whether values provably fit where they stand. What is not proven is checked when the workflow runs.

use super::misfit::{self, Misfit, Shown};
use super::templates::{Fills, Hole, Known};
use crate::diagnostic::{Beside, Code, Findings, Pointer, Problem, Severity};
use crate::fault::TEXT;
use crate::registry::{Mode, Registry};
use crate::scope::{Present, Scope};
use flowright_schema::{Fit, FitVerdict, Type};
use std::sync::Arc;

/// A value that could not be proven.
#[derive(Debug)]
pub(crate) struct Left {
    pub(crate) pointer: Pointer,
    /// The type that is required there; in text, what can stand in text.
    pub(crate) expected: Option<Type>,
    pub(crate) found: Type,
    /// Where the shapes fit and only a refinement does not follow: how.
    pub(crate) refined: Option<Arc<Fit>>,
}

/// What is asked of a value.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// What it may be.
    pub(crate) ty: &'a Type,
    /// The same as users read it.
    pub(crate) shown: &'a Type,
    /// Whether it must be there.
    pub(crate) required: bool,
    pub(crate) input: AskedInput<'a>,
}

/// The input that a value belongs to.
#[derive(Clone, Copy)]
pub(crate) struct AskedInput<'a> {
    /// What the document calls it.
    pub(crate) name: &'a str,
    pub(crate) secret: bool,
}

/// How a ref stands in text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum InText {
    /// It always yields what can stand there.
    Proven,
    /// It may yield something else.
    Open,
    /// That was reported as an error.
    Refused,
}

/// Proves the values of one action's inputs.
pub(crate) struct Prover<'c, 's> {
    pub(crate) scope: &'c Scope<'s>,
    pub(crate) action: usize,
    pub(crate) findings: &'c mut Findings,
    pub(crate) left: &'c mut Vec<Left>,
}

impl Prover<'_, '_> {
    /// Judges a ref that stands for a whole value; whether it is refused.
    pub(crate) fn reference(&mut self, hole: &Hole<'_>, asked: Asked<'_>) -> bool {
        let Some(found) = &hole.found else {
            self.is_left_by_the_document(&hole.pointer());
            return true;
        };
        let fit = self.fit(found, asked.ty);
        let verdict = fit.as_ref().map_or(FitVerdict::Fits, |fit| fit.verdict);
        let is_there = found.present == Present::Always;
        let never = verdict == FitVerdict::NeverFits && (asked.required || is_there);
        let reason = fit.as_ref().and_then(|fit| fit.reason.as_deref());
        let misfits = [
            never.then_some(Misfit::Never(reason)),
            asked.required.then(|| Misfit::of_presence(found.present)).flatten(),
            match verdict {
                FitVerdict::NeverFits if !never => Some(Misfit::May(None)),
                FitVerdict::MayNotFit => Misfit::of_types(&found.ty, asked.ty, reason),
                _ => None,
            },
        ];
        let mut is_proven = (is_there || !asked.required) && verdict == FitVerdict::Fits;
        for misfit in misfits.into_iter().flatten() {
            let shown = Shown { expected: asked.shown, found: &found.ty };
            if self.refuses(hole, &misfit, shown, asked.input) {
                return true;
            }
            is_proven = false;
        }
        if !is_proven {
            let refined = fit.filter(|_| verdict == FitVerdict::Refined);
            self.leave(hole, Some(asked.shown), refined);
        }
        false
    }

    /// How a ref's value fits; `None` where everything does.
    fn fit(&self, found: &Known, expected: &Type) -> Option<Arc<Fit>> {
        if expected.is_any() {
            None
        } else if found.ty.is_any() {
            // No type, no alarm.
            Some(Arc::new(Fit { verdict: FitVerdict::Unknown, reason: None }))
        } else {
            Some(self.scope.registry.memo().fits(&found.ty, expected))
        }
    }

    /// Judges a ref in text.
    pub(crate) fn in_text(&mut self, hole: &Hole<'_>, input: AskedInput<'_>) -> InText {
        let Some(found) = &hole.found else {
            self.is_left_by_the_document(&hole.pointer());
            return InText::Refused;
        };
        let misfits = [
            Misfit::of_presence(found.present),
            (!found.ty.is_any() && !found.ty.is_text()).then_some(Misfit::NotText),
        ];
        let mut is_text = found.present == Present::Always && found.ty.is_text();
        for misfit in misfits.into_iter().flatten() {
            let shown = Shown { expected: &Type::any(), found: &found.ty };
            if self.refuses(hole, &misfit, shown, input) {
                return InText::Refused;
            }
            is_text = false;
        }
        if is_text { InText::Proven } else { InText::Open }
    }

    /// Reports what cannot be right; whether it is an error.
    pub(crate) fn refuses(
        &mut self,
        hole: &Hole<'_>,
        misfit: &Misfit<'_>,
        shown: Shown<'_>,
        input: AskedInput<'_>,
    ) -> bool {
        let Some(severity) = self.severity(misfit, &hole.pointer()) else { return false };
        if self.findings.is_full() {
            self.findings.report_unlisted(misfit.code());
        } else {
            let problem = misfit.problem(self.scope, hole.reference.as_ref(), shown, input.secret);
            let beside = misfit.beside().or_else(|| {
                let of_a_type = hole.fills != Fills::Text && !shown.expected.is_any();
                of_a_type.then(|| expects(hole, input.name, shown.expected))
            });
            self.findings.report_beside(hole.pointer(), Some(hole.span.clone()), problem, beside);
        }
        severity == Severity::Error
    }

    /// How a misfit is to be listed; `None` where it is not, because its value is left to run time.
    pub(crate) fn severity(&self, misfit: &Misfit<'_>, pointer: &Pointer) -> Option<Severity> {
        let is_left = self.is_left_by_the_document(pointer) || self.scope.registry.mode() == Mode::Lenient;
        if is_left && misfit.can_be_left() {
            return None;
        }
        self.findings.severity_of(misfit.code())
    }

    /// Whether the document asks for a run-time check here; it is known from here on that one is needed.
    pub(crate) fn is_left_by_the_document(&self, pointer: &Pointer) -> bool {
        self.scope.leave.covers(self.action, pointer)
    }

    /// Notes a ref's value as left to run time; the refs of one text are one value.
    pub(crate) fn leave(&mut self, hole: &Hole<'_>, expected: Option<&Type>, refined: Option<Arc<Fit>>) {
        let is_noted =
            hole.fills == Fills::Text && self.left.last().is_some_and(|last| last.pointer == hole.pointer());
        if !is_noted {
            let found = hole.found.as_ref().map_or_else(Type::any, |found| found.ty.clone());
            self.leave_as(&hole.pointer(), expected, found, refined);
        }
    }

    /// Notes a value as left to run time.
    pub(crate) fn leave_as(
        &mut self,
        pointer: &Pointer,
        expected: Option<&Type>,
        found: Type,
        refined: Option<Arc<Fit>>,
    ) {
        self.is_left_by_the_document(pointer);
        self.left.push(Left { pointer: pointer.clone(), expected: expected.cloned(), found, refined });
    }
}

/// The name in the document that says what is expected, and what that is.
fn expects(hole: &Hole<'_>, input: &str, expected: &Type) -> Beside {
    let mut name = input;
    let mut inside = String::new();
    let mut elements = 0;
    for segment in hole.path.segments() {
        if let Some(member) = segment.as_member() {
            name = member;
            inside.clear();
            elements = 0;
        } else {
            inside.push_str(&segment.to_string());
            elements += 1;
        }
    }
    let mut pointer = hole.pointer();
    for _ in 0..elements {
        pointer = pointer.parent();
    }
    let words = Problem::expects(&format!("{name}{inside}"), &expected.to_string());
    Beside::Name(pointer, words)
}

/// Lists what is left to run time, and reports it: as errors in strict mode; else where a refinement does not follow,
/// and where a level asks for it.
pub(crate) fn report(left: Vec<Left>, registry: &Registry, findings: &mut Findings) {
    let all = registry.mode() == Mode::Strict || registry.levels().contains_key(&Code::CheckedAtRunTime);
    for Left { pointer, expected, found, refined } in left {
        if (all || refined.is_some()) && !findings.is_full() {
            let expected = expected.map_or_else(|| TEXT.to_owned(), |ty| ty.to_string());
            let reason = refined.as_ref().and_then(|fit| fit.reason.as_deref());
            let problem = Problem::CheckedAtRunTime {
                expected,
                found: found.to_string(),
                inside: misfit::inside(reason),
            };
            findings.report(pointer.clone(), problem);
        }
        findings.left_to_run_time(pointer);
    }
}
