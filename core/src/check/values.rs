//! Values put together from literal parts and refs: each part is judged where it stands, and the whole where the
//! type asks for more than its parts.

use super::misfit::{self, Misfit, Shown};
use super::proof::{Asked, AskedInput, InText, Prover};
use super::templates::{Fills, Hole};
use super::value_type::{text_type, value_type};
use super::written::Written;
use crate::diagnostic::{Pointer, Severity};
use crate::fault;
use crate::scope::Present;
use crate::template::{Piece, Template};
use flowright_schema::{Fault, Fit, FitReason, FitVerdict, Part, Parts, Path, Segment, Type};
use std::borrow::Cow;
use std::sync::Arc;

/// How many unions may lie within one another in place.
const DEEPEST: usize = 16;

/// The holes of a value, passed one by one in the order in which they stand in it.
pub(crate) struct Holes<'h> {
    all: &'h [Hole<'h>],
    passed: usize,
}

impl<'h> Holes<'h> {
    pub(crate) fn new(all: &'h [Hole<'h>]) -> Self {
        Holes { all, passed: 0 }
    }

    pub(super) fn next(&mut self) -> Option<&'h Hole<'h>> {
        let hole = self.all.get(self.passed);
        self.passed += 1;
        hole
    }

    /// Passes those of a value, and returns them.
    pub(super) fn of(&mut self, template: &Template) -> &'h [Hole<'h>] {
        let holes = self.ahead(template);
        self.passed += holes.len();
        holes
    }

    /// Those of a value that comes next.
    pub(super) fn ahead(&self, template: &Template) -> &'h [Hole<'h>] {
        self.all.get(self.passed..self.passed + count(template)).unwrap_or_default()
    }
}

/// How many refs there are in a value.
fn count(template: &Template) -> usize {
    match template {
        Template::Literal(_) => 0,
        Template::Ref(_) => 1,
        Template::Text(pieces) => pieces.iter().filter(|piece| matches!(piece, Piece::Ref(_))).count(),
        Template::Array(elements) => elements.iter().map(count).sum(),
        Template::Object(members) => members.iter().map(|(_, member)| count(member)).sum(),
    }
}

/// What is asked of the parts of one value.
enum Settled {
    /// This of each, and nothing of the whole.
    Parts(Parts),
    /// Something of the whole, too.
    Whole,
    /// Its literal parts are wrong already.
    Refused,
}

/// Proves the values of one input.
pub(crate) struct Values<'v, 'c, 's> {
    pub(crate) prover: Prover<'c, 's>,
    pub(crate) input: AskedInput<'v>,
    pub(crate) faulty: Faulty<'v>,
}

/// What is wrong with an input's literal parts.
pub(crate) struct Faulty<'v> {
    pub(crate) places: &'v [Fault],
    /// Whether some are errors, so that the workflow never runs.
    pub(crate) are_errors: bool,
}

impl Values<'_, '_, '_> {
    /// Judges a value; `depth` steps inside its input.
    pub(crate) fn value(
        &mut self,
        template: &Template,
        holes: &mut Holes<'_>,
        asked: Asked<'_>,
        depth: usize,
    ) {
        match template {
            Template::Literal(_) => {}
            Template::Ref(_) => {
                if let Some(hole) = holes.next() {
                    if self.is_faulty(hole) {
                        self.leave_silently(std::slice::from_ref(hole), asked.shown);
                    } else {
                        self.prover.reference(hole, asked);
                    }
                }
            }
            Template::Text(pieces) => self.text(pieces, holes.of(template), asked),
            Template::Array(_) | Template::Object(_) => {
                match settle(asked.ty, template, holes.ahead(template)) {
                    Settled::Parts(parts) => self.parts(template, &parts, holes, depth),
                    Settled::Whole => self.whole(template, holes.of(template), asked, depth),
                    // Said of the literal parts.
                    Settled::Refused => self.leave_silently(holes.of(template), asked.shown),
                }
            }
        }
    }

    fn parts(&mut self, template: &Template, parts: &Parts, holes: &mut Holes<'_>, depth: usize) {
        match template {
            Template::Array(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    self.part(element, parts.element(index), holes, depth);
                }
            }
            Template::Object(members) => {
                for (name, member) in members {
                    if !matches!(member, Template::Literal(_)) {
                        self.part(member, parts.member(name), holes, depth);
                    }
                }
            }
            _ => {}
        }
    }

    fn part(&mut self, template: &Template, part: Option<Part>, holes: &mut Holes<'_>, depth: usize) {
        // INVARIANT: a value whose parts are not each asked for something is judged as a whole.
        let Some(Part { ty, required }) = part else { return };
        self.value(template, holes, Asked { ty: &ty, shown: &ty, required, input: self.input }, depth + 1);
    }

    fn text(&mut self, pieces: &[Piece], holes: &[Hole<'_>], asked: Asked<'_>) {
        let Some(first) = holes.first() else { return };
        let of_refs = holes.iter().map(|hole| self.prover.in_text(hole, self.input)).max();
        if of_refs == Some(InText::Refused) {
            return;
        }
        if self.is_faulty(first) {
            return self.leave_silently(holes, asked.shown);
        }
        let fit = (!asked.ty.is_any()).then(|| {
            let memo = self.prover.scope.registry.memo();
            let fit = memo.fits(&Type::string(), asked.ty);
            if fit.verdict == FitVerdict::Fits { fit } else { Arc::new(text_type(pieces).fits(asked.ty)) }
        });
        let verdict = fit.as_ref().map_or(FitVerdict::Fits, |fit| fit.verdict);
        if verdict == FitVerdict::NeverFits {
            let shown = Shown { expected: asked.shown, found: &Type::string() };
            if self.prover.refuses(first, &Misfit::Never(None), shown, self.input) {
                return;
            }
        }
        if of_refs == Some(InText::Open) {
            self.prover.leave(first, None, None);
        } else if verdict != FitVerdict::Fits {
            // Which texts come of it is not known, so that no text is of a wrong shape for certain.
            let is_refined = matches!(verdict, FitVerdict::Refined | FitVerdict::MayNotFit);
            let refined = fit.filter(|_| is_refined);
            self.prover.leave_as(&first.pointer(), Some(asked.shown), Type::string(), refined);
        }
    }

    /// Judges a value of which more is asked than of its parts.
    fn whole(&mut self, template: &Template, holes: &[Hole<'_>], asked: Asked<'_>, depth: usize) {
        // What may be absent without its type saying so is taken to be there, and left.
        let is_unknown =
            |hole: &Hole<'_>| hole.found.as_ref().is_some_and(|found| found.present == Present::Unknown);
        let mut is_open = holes.iter().any(is_unknown);
        let mut is_refused = false;
        for hole in holes {
            match hole.fills {
                Fills::Text => match self.prover.in_text(hole, self.input) {
                    InText::Proven => {}
                    InText::Open => is_open = true,
                    InText::Refused => is_refused = true,
                },
                Fills::Element => {
                    let anything = Type::any();
                    let there = Asked { ty: &anything, shown: &anything, required: true, input: self.input };
                    is_refused |= self.prover.reference(hole, there);
                }
                Fills::Input | Fills::Member => is_refused |= hole.found.is_none(),
            }
        }
        if is_refused || self.is_faulty_around(holes, depth) {
            return self.leave_silently(holes, asked.shown);
        }
        let ty = value_type(template, &mut Holes::new(holes), false);
        let fit = Arc::new(ty.fits(asked.ty));
        let reason = fit.reason.as_deref();
        let refused = match fit.verdict {
            FitVerdict::Fits if !is_open => return,
            FitVerdict::NeverFits => self.refuses_whole(template, holes, asked, depth, reason, true),
            // Which texts come of text with refs is not known.
            FitVerdict::MayNotFit
                if !may_be_text(holes, depth, reason) && !misfit::is_untyped(&ty, asked.ty, reason) =>
            {
                self.refuses_whole(template, holes, asked, depth, reason, false)
            }
            _ => false,
        };
        if !refused {
            let refined = Some(Arc::clone(&fit)).filter(|_| fit.verdict == FitVerdict::Refined);
            self.leave_whole(holes, asked, depth, reason, refined.as_ref());
        }
    }

    /// Reports that a value does not fit, or may not: at the ref that the reason leads to, else at the value.
    fn refuses_whole(
        &mut self,
        template: &Template,
        holes: &[Hole<'_>],
        asked: Asked<'_>,
        depth: usize,
        reason: Option<&FitReason>,
        never: bool,
    ) -> bool {
        if let (Some(hole), Some(reason)) = (blamed(holes, depth, reason), reason) {
            let Some(found) = &hole.found else { return true };
            let inside = inside_of(hole, depth, reason);
            let expected = asked.ty.at(&hole.path.segments().iter().skip(depth).cloned().collect()).ty;
            let expected = match &reason.expected {
                Some(expected) if inside.path.is_empty() => expected.clone(),
                _ => expected,
            };
            let misfit = match Misfit::of_presence(found.present) {
                Some(absent) if inside.path.is_empty() && reason.found.is_none() => absent,
                _ if never => Misfit::Never(Some(&inside)),
                _ => match Misfit::of_types(&found.ty, &expected, Some(&inside)) {
                    Some(misfit) => misfit,
                    None => return false,
                },
            };
            let shown = Shown { expected: &expected, found: &found.ty };
            return self.prover.refuses(hole, &misfit, shown, self.input);
        }
        let Some(first) = holes.first() else { return false };
        let pointer = ancestor(&first.pointer(), first.path.segments().len().saturating_sub(depth));
        // The types of literal parts are what they are.
        let reason = reason.filter(|_| !self.input.secret);
        let misfit = if never { Misfit::Never(reason) } else { Misfit::May(reason.map(Cow::Borrowed)) };
        let found = value_type(template, &mut Holes::new(holes), self.input.secret);
        let shown = Shown { expected: asked.shown, found: &found };
        let Some(severity) = self.prover.severity(&misfit, &pointer) else { return false };
        let secret = self.input.secret;
        self.prover.findings.report_at(misfit.problem(self.prover.scope, None, shown, secret), || pointer);
        severity == Severity::Error
    }

    /// Leaves every ref of a value to run time.
    fn leave_whole(
        &mut self,
        holes: &[Hole<'_>],
        asked: Asked<'_>,
        depth: usize,
        reason: Option<&FitReason>,
        refined: Option<&Arc<Fit>>,
    ) {
        let blamed = refined.and_then(|_| blamed(holes, depth, reason).or(holes.first()));
        for hole in holes {
            let path: Path = hole.path.segments().iter().skip(depth).cloned().collect();
            let expected = asked.ty.at(&path).ty;
            let refined = refined.filter(|_| blamed.is_some_and(|blamed| std::ptr::eq(blamed, hole)));
            let expected = (hole.fills != Fills::Text).then_some(&expected);
            self.prover.leave(hole, expected, refined.cloned());
        }
    }

    /// Leaves refs to run time of which nothing more is said, because of what is wrong around them.
    fn leave_silently(&mut self, holes: &[Hole<'_>], expected: &Type) {
        for hole in holes {
            if self.faulty.are_errors {
                self.prover.is_left_by_the_document(&hole.pointer());
            } else {
                self.prover.leave(hole, Some(expected).filter(|_| hole.fills != Fills::Text), None);
            }
        }
    }

    /// Whether the literal part around a ref is wrong.
    fn is_faulty(&self, hole: &Hole) -> bool {
        let path = hole.path.segments();
        self.faulty.places.iter().any(|found| path.starts_with(fault::path(&found.path).segments()))
    }

    /// Whether a literal part is wrong of the value, `depth` steps inside its input, that these refs stand in.
    fn is_faulty_around(&self, holes: &[Hole<'_>], depth: usize) -> bool {
        let Some(here) = holes.first().and_then(|hole| hole.path.segments().get(..depth)) else {
            return false;
        };
        self.faulty.places.iter().any(|found| {
            let place = fault::path(&found.path);
            place.segments().starts_with(here) || here.starts_with(place.segments())
        })
    }
}

/// The part of a union that a value's literal parts leave open, and what it asks of the value's parts.
fn settle(ty: &Type, template: &Template, holes: &[Hole<'_>]) -> Settled {
    let mut ty = ty.clone();
    for _ in 0..DEEPEST {
        if let Some(parts) = ty.parts() {
            return if asks_each(&parts, template) { Settled::Parts(parts) } else { Settled::Whole };
        }
        let mut possible = ty.branches();
        if possible.len() < 2 {
            return Settled::Whole;
        }
        possible.retain(|branch| !is_refused(branch, template, holes));
        match (possible.pop(), possible.len()) {
            (None, _) => return Settled::Refused,
            (Some(only), 0) => ty = only,
            _ => return Settled::Whole,
        }
    }
    Settled::Whole
}

/// Whether a branch has no such value, whatever the refs yield.
fn is_refused(branch: &Type, template: &Template, holes: &[Hole<'_>]) -> bool {
    let may_be_dropped = |hole: &Hole<'_>| {
        hole.fills == Fills::Member
            && hole.found.as_ref().is_none_or(|found| found.present != Present::Always)
    };
    if !holes.iter().any(may_be_dropped) {
        return !branch.accepts(Written::Template(template));
    }
    // A member that is dropped may make a value right, so that only what certainly is there counts.
    match template {
        Template::Object(members) => {
            let parts = branch.parts();
            let is_wrong = |(name, member): &(Box<str>, Template)| match (member, &parts) {
                (Template::Literal(value), Some(parts)) => {
                    parts.member(name).is_some_and(|part| !part.ty.accepts(value))
                }
                _ => false,
            };
            Type::object([], true).is_of_other_kind(branch) || members.iter().any(is_wrong)
        }
        _ => Type::array(Type::any()).is_of_other_kind(branch),
    }
}

/// Whether each ref is asked for something by itself.
fn asks_each(parts: &Parts, template: &Template) -> bool {
    match template {
        Template::Array(_) => parts.element(0).is_some(),
        Template::Object(members) => members
            .iter()
            .all(|(name, member)| matches!(member, Template::Literal(_)) || parts.member(name).is_some()),
        _ => false,
    }
}

/// The ref that a reason leads to: the one around the place, else the only one inside it.
fn blamed<'h>(holes: &'h [Hole<'h>], depth: usize, reason: Option<&FitReason>) -> Option<&'h Hole<'h>> {
    let place = fault::path(&reason?.path);
    let below = |hole: &'h Hole<'h>| hole.path.segments().get(depth..).unwrap_or_default();
    let around = holes.iter().find(|hole| place.segments().starts_with(below(hole)));
    around.or_else(|| {
        let mut inside = holes.iter().filter(|hole| below(hole).starts_with(place.segments()));
        let first = inside.next()?;
        inside.all(|other| other.path == first.path).then_some(first)
    })
}

/// Whether the reason may be what stands in text.
fn may_be_text(holes: &[Hole<'_>], depth: usize, reason: Option<&FitReason>) -> bool {
    match blamed(holes, depth, reason) {
        Some(hole) => hole.fills == Fills::Text,
        None => holes.iter().any(|hole| hole.fills == Fills::Text),
    }
}

/// A reason about a value as a reason about one of its refs.
fn inside_of(hole: &Hole<'_>, depth: usize, reason: &FitReason) -> FitReason {
    let outside = hole.path.segments().len().saturating_sub(depth);
    let path = reason.path.get(outside..).unwrap_or_default().to_vec();
    let part = |value| {
        let way: Path = hole.path.segments().iter().skip(depth).cloned().collect::<Vec<Segment>>().into();
        way.find(value).cloned()
    };
    FitReason {
        path,
        found: reason.found.clone(),
        expected: reason.expected.clone(),
        counterexample: reason.counterexample.as_ref().and_then(part),
    }
}

fn ancestor(pointer: &Pointer, steps: usize) -> Pointer {
    (0..steps).fold(pointer.clone(), |pointer, _| pointer.parent())
}
