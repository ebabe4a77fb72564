//! Whether every value of one type is a value of another.

mod erase;
mod matching;
mod numbers;
mod objects;
mod sample;
mod split;
mod strings;
mod within;
mod witness;

use crate::{Fault, FaultKind, Path, Presence, Segment, Step, Type, disjoint::disjoint};
use serde_json::Value;
use std::fmt;
use within::Proof;

/// How much work the proof that two types share no value may take.
const APART: usize = 20_000;

/// The answer to "is every value of A a value of B".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FitVerdict {
    /// Every value of A is a value of B: proven.
    Fits,
    /// The shapes fit, but a refinement of B (bounds, length, pattern, format, …) does not follow.
    Refined,
    /// Some values of A are of a wrong shape.
    MayNotFit,
    /// No value of A is a value of B.
    NeverFits,
    /// Not decided.
    Unknown,
}

impl FitVerdict {
    /// `"fits"`, `"refined"`, `"may-not-fit"`, `"never-fits"` or `"unknown"`.
    pub fn as_str(self) -> &'static str {
        match self {
            FitVerdict::Fits => "fits",
            FitVerdict::Refined => "refined",
            FitVerdict::MayNotFit => "may-not-fit",
            FitVerdict::NeverFits => "never-fits",
            FitVerdict::Unknown => "unknown",
        }
    }
}

impl fmt::Display for FitVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How one type fits into another.
#[derive(Clone, Debug)]
pub struct Fit {
    /// The answer.
    pub verdict: FitVerdict,
    /// Why it is not *fits*; what is not known has none.
    pub reason: Option<Box<FitReason>>,
}

/// Where two types part, and a value that shows it.
#[derive(Clone, Debug)]
pub struct FitReason {
    /// The way to the place inside the value.
    pub path: Vec<Step>,
    /// The type of what is there; `None` where nothing may be there although something must.
    pub found: Option<Type>,
    /// The type that is expected there; `None` where nothing may be there.
    pub expected: Option<Type>,
    /// A whole value of A that is none of B.
    pub counterexample: Option<Value>,
}

impl Fit {
    fn without_reason(verdict: FitVerdict) -> Self {
        Fit { verdict, reason: None }
    }
}

impl Type {
    /// Whether every value of this type is a value of `expected`.
    ///
    /// The work is bounded: what would take too long is [`FitVerdict::Unknown`].
    pub fn fits(&self, expected: &Type) -> Fit {
        if Proof::new().within(self.view(), expected.view()) {
            return Fit::without_reason(FitVerdict::Fits);
        }
        if disjoint(self.view(), expected.view(), &mut { APART }) {
            let example = witness::between(self, expected);
            return Fit {
                verdict: FitVerdict::NeverFits,
                reason: Some(Box::new(reason(self, expected, example))),
            };
        }
        let Some(shape) = erase::shape(expected) else { return Fit::without_reason(FitVerdict::Unknown) };
        if Proof::new().within(self.view(), shape.view()) {
            let example = witness::between(self, expected);
            return Fit {
                verdict: FitVerdict::Refined,
                reason: Some(Box::new(reason(self, expected, example))),
            };
        }
        match witness::between(self, &shape) {
            Some(example) => {
                let reason = Box::new(reason(self, expected, Some(example)));
                Fit { verdict: FitVerdict::MayNotFit, reason: Some(reason) }
            }
            None => Fit::without_reason(FitVerdict::Unknown),
        }
    }
}

/// Where the types part: at the first place where the example is wrong.
fn reason(found: &Type, expected: &Type, example: Option<Value>) -> FitReason {
    let fault = example.as_ref().and_then(|example| expected.check(example).faults.into_iter().next());
    let (mut path, missing) = match fault {
        Some(Fault { path, kind: FaultKind::MissingMember { name, .. } }) => (path, Some(name)),
        fault => (fault.map(|fault| fault.path).unwrap_or_default(), None),
    };
    let is_missing = missing.is_some();
    path.extend(missing.map(Step::Member));
    let at: Path = path.iter().map(segment).collect();
    let there = |ty: &Type| {
        let access = ty.at(&at);
        (access.presence != Presence::Never).then_some(access.ty)
    };
    let (found, expected) = if path.is_empty() {
        (Some(found.clone()), Some(expected.clone()))
    } else {
        (there(found).filter(|_| !is_missing), there(expected))
    };
    FitReason { path, found, expected, counterexample: example }
}

fn segment(step: &Step) -> Segment {
    match step {
        Step::Member(name) => Segment::Member(name.as_str().into()),
        Step::Element(index) => Segment::Element(i64::try_from(*index).unwrap_or(i64::MAX)),
    }
}
