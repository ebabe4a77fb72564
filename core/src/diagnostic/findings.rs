//! Problems as they are found, until they become a report.

use super::place::{Place, Places};
use super::report::{Diagnostic, Related, Report};
use super::{Code, Level, Pointer, Problem, Severity};
use crate::limits::Limits;
use crate::source::Source;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// How many diagnostics a report lists.
const MOST: usize = 1_000;
/// How many bytes of pointers and messages a report holds.
const MOST_TEXT: usize = 4 * 1024 * 1024;
/// How many diagnostics a report of fixes lists.
const MOST_FIXES: usize = 50_000;
/// How many bytes of pointers and messages it holds.
const MOST_TEXT_OF_FIXES: usize = 64 * 1024 * 1024;

/// A place to look at beside that of a problem, with a few words.
#[derive(Debug)]
pub(crate) enum Beside {
    /// The value there.
    Value(Pointer, String),
    /// The name of the member there.
    Name(Pointer, String),
}

impl Beside {
    fn placed(self) -> (Place, String) {
        match self {
            Beside::Value(pointer, words) => (Place::Value(pointer), words),
            Beside::Name(pointer, words) => (Place::Name(pointer), words),
        }
    }
}

/// Collects what is wrong with a document.
pub(crate) struct Findings {
    limits: Limits,
    levels: HashMap<Code, Level>,
    errors: Kept,
    others: Kept,
    dropped: usize,
    /// Of what was dropped.
    worst: Option<Severity>,
    left: Vec<Pointer>,
    /// Whether only what has a fix is listed.
    only_fixes: bool,
}

/// The findings that are to be listed, and how large they are.
#[derive(Default)]
struct Kept {
    found: Vec<Finding>,
    text: usize,
}

struct Finding {
    severity: Severity,
    place: Place,
    problem: Problem,
    related: Vec<(Place, String)>,
    text: usize,
}

impl Findings {
    pub(crate) fn new(limits: &Limits) -> Self {
        Findings::with_levels(limits, HashMap::new())
    }

    pub(crate) fn with_levels(limits: &Limits, levels: HashMap<Code, Level>) -> Self {
        Findings {
            limits: limits.clone(),
            levels,
            errors: Kept::default(),
            others: Kept::default(),
            dropped: 0,
            worst: None,
            left: Vec::new(),
            only_fixes: false,
        }
    }

    /// For a report of what has a fix: longer, and nothing else is in it.
    pub(crate) fn of_fixes(limits: &Limits, levels: HashMap<Code, Level>) -> Self {
        Findings { only_fixes: true, ..Findings::with_levels(limits, levels) }
    }

    /// A problem of the value at `pointer`, or of its name where the problem is about names.
    pub(crate) fn report(&mut self, pointer: Pointer, problem: Problem) {
        self.add(Place::at(pointer, &problem), problem, Vec::new());
    }

    /// The same for those who look on when the list is full: the pointer is made only where it is listed.
    pub(crate) fn report_at(&mut self, problem: Problem, pointer: impl FnOnce() -> Pointer) {
        match self.severity(&problem) {
            Some(severity) if self.is_full() => self.drop_one(severity),
            Some(_) => self.report(pointer(), problem),
            None => {}
        }
    }

    /// The same for a part of the string at the pointer, as [`Findings::report_in_text`] has it.
    pub(crate) fn report_in_text_at(
        &mut self,
        pointer: impl FnOnce() -> Pointer,
        inside: Range<usize>,
        problem: Problem,
    ) {
        match self.severity(&problem) {
            Some(severity) if self.is_full() => self.drop_one(severity),
            Some(_) => self.report_in_text(pointer(), inside, problem),
            None => {}
        }
    }

    /// The same, and other places to look at, each with a few words.
    pub(crate) fn report_related(
        &mut self,
        pointer: Pointer,
        problem: Problem,
        related: Vec<(Pointer, String)>,
    ) {
        let related = related.into_iter().map(|(pointer, words)| (Place::Value(pointer), words)).collect();
        self.add(Place::at(pointer, &problem), problem, related);
    }

    /// A problem of a part of the string at `pointer`: its bytes `inside`, as the string reads without its escapes.
    pub(crate) fn report_in_text(&mut self, pointer: Pointer, inside: Range<usize>, problem: Problem) {
        self.add(Place::InText(pointer, inside), problem, Vec::new());
    }

    /// A problem of the value at `pointer`, or of a part of the string there, and other places to look at.
    pub(crate) fn report_beside(
        &mut self,
        pointer: Pointer,
        inside: Option<Range<usize>>,
        problem: Problem,
        beside: impl IntoIterator<Item = Beside>,
    ) {
        let place = match inside {
            Some(inside) => Place::InText(pointer, inside),
            None => Place::at(pointer, &problem),
        };
        self.add(place, problem, beside.into_iter().map(Beside::placed).collect());
    }

    /// Counts a problem that is not worth its words, because the list is full.
    pub(crate) fn report_unlisted(&mut self, code: Code) {
        if let Some(severity) = self.severity_of(code) {
            self.drop_one(severity);
        }
    }

    /// A problem of the source's bytes in `span`.
    #[cfg(test)]
    pub(crate) fn report_span(&mut self, span: Range<usize>, problem: Problem) {
        self.add(Place::Span(Pointer::root(), span), problem, Vec::new());
    }

    /// A problem at `pointer` whose place in the source is known, and other places.
    pub(crate) fn report_span_related(
        &mut self,
        pointer: Pointer,
        span: Range<usize>,
        problem: Problem,
        related: Vec<(Pointer, Range<usize>, String)>,
    ) {
        let related =
            related.into_iter().map(|(pointer, span, words)| (Place::Span(pointer, span), words)).collect();
        self.add(Place::Span(pointer, span), problem, related);
    }

    /// The value at `pointer` can only be checked when the workflow runs.
    pub(crate) fn left_to_run_time(&mut self, pointer: Pointer) {
        self.left.push(pointer);
    }

    /// How a problem is to be listed; `None`: not at all.
    pub(crate) fn severity(&self, problem: &Problem) -> Option<Severity> {
        match self.levels.get(&problem.code()) {
            Some(level) if problem.may_be_lowered() => level.severity(),
            _ => Some(problem.code().default_severity()),
        }
    }

    /// The same for every problem of a code that levels may lower.
    pub(crate) fn severity_of(&self, code: Code) -> Option<Severity> {
        match self.levels.get(&code) {
            Some(level) if code.may_be_lowered() => level.severity(),
            _ => Some(code.default_severity()),
        }
    }

    /// Whether anything reported, listed or not, is an error.
    pub(crate) fn has_errors(&self) -> bool {
        !self.errors.found.is_empty() || self.worst == Some(Severity::Error)
    }

    /// The errors that are listed: what they are, and where.
    pub(crate) fn errors(&self) -> impl Iterator<Item = (Code, &Pointer)> {
        self.errors.found.iter().map(|finding| (finding.problem.code(), finding.place.pointer()))
    }

    /// Whether further errors would not be listed: looking for more is of no use.
    pub(crate) fn is_full(&self) -> bool {
        let (most, most_text) = self.most();
        self.errors.found.len() >= most || self.errors.text >= most_text
    }

    /// How many diagnostics are listed, and how many bytes of text.
    fn most(&self) -> (usize, usize) {
        if self.only_fixes { (MOST_FIXES, MOST_TEXT_OF_FIXES) } else { (MOST, MOST_TEXT) }
    }

    fn add(&mut self, place: Place, mut problem: Problem, mut related: Vec<(Place, String)>) {
        let Some(severity) = self.severity(&problem) else { return };
        if self.is_full() || (self.only_fixes && problem.nearest().is_none()) {
            return self.drop_one(severity);
        }
        if self.only_fixes {
            problem.forget_what_is_known();
            related.clear();
        }
        let (most, most_text) = self.most();
        let words = problem.words();
        let text = words.message.len()
            + words.help.map_or(0, |help| help.len())
            + place.pointer().as_str().len()
            + related
                .iter()
                .map(|(place, words)| place.pointer().as_str().len() + words.len())
                .sum::<usize>();
        let fits = |text: usize, others: &Kept, errors: &Kept| {
            others.found.len() + errors.found.len() < most && others.text + errors.text + text <= most_text
        };
        if severity == Severity::Error {
            // Errors first: they take the place of what is less.
            while !fits(text, &self.others, &self.errors) {
                let Some(less) = self.others.found.pop() else { break };
                self.others.text -= less.text;
                self.drop_one(less.severity);
            }
        }
        if !fits(text, &self.others, &self.errors) {
            if severity == Severity::Error {
                // What is longer than fits ends the list, too.
                self.errors.text = most_text;
            }
            return self.drop_one(severity);
        }
        let kept = if severity == Severity::Error { &mut self.errors } else { &mut self.others };
        kept.text += text;
        kept.found.push(Finding { severity, place, problem, related, text });
    }

    fn drop_one(&mut self, severity: Severity) {
        self.dropped += 1;
        // The worst comes first in the order of severities.
        self.worst = Some(self.worst.map_or(severity, |worst| worst.min(severity)));
    }

    /// The report, its places found in the source's text.
    pub(crate) fn into_report(self, source: &Source) -> Report {
        let found = self.errors.found.into_iter().chain(self.others.found);
        let found = found.collect::<Vec<_>>();
        let mut diagnostics = Vec::with_capacity(found.len() + 1);
        if !found.is_empty() {
            let places = Places::of(source, &self.limits);
            for finding in found {
                let resolved = places.find(&finding.place);
                let words = finding.problem.words();
                let related = finding.related.into_iter().map(|(place, message)| Related {
                    span: places.find(&place).span,
                    pointer: place.into_pointer(),
                    message: super::message(&message),
                });
                diagnostics.push(Diagnostic {
                    code: finding.problem.code(),
                    severity: finding.severity,
                    fixes: resolved.fix(&places, &finding.place, &finding.problem).into_iter().collect(),
                    span: resolved.span,
                    related: related.collect(),
                    pointer: finding.place.into_pointer(),
                    message: words.message,
                    label: words.label,
                    help: words.help,
                });
            }
        }
        sort(&mut diagnostics);
        if let Some(severity) = self.worst {
            let problem = Problem::Unlisted { dropped: self.dropped };
            diagnostics.push(Diagnostic {
                code: problem.code(),
                severity,
                pointer: Pointer::root(),
                span: None,
                message: problem.words().message,
                label: None,
                help: None,
                related: Vec::new(),
                fixes: Vec::new(),
            });
        }
        let mut left = self.left;
        let mut seen = HashSet::new();
        left.retain(|pointer| seen.insert(pointer.clone()));
        Report::new(source.clone(), diagnostics, left)
    }
}

/// By position, then by code; what has no position first, and what says the same twice once.
fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| {
        let position = |d: &Diagnostic| d.span.as_ref().map(|span| (span.start, span.end));
        (position(a), a.code, &a.pointer, &a.message).cmp(&(position(b), b.code, &b.pointer, &b.message))
    });
    diagnostics.dedup_by(|a, b| {
        a.span == b.span && a.code == b.code && a.pointer == b.pointer && a.message == b.message
    });
}
