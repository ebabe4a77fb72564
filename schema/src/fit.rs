//! Whether every value of one type is a value of another.

use crate::{Step, Type};
use serde_json::Value;
use std::fmt;

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

impl Type {
    /// Whether every value of this type is a value of `expected`.
    pub fn fits(&self, expected: &Type) -> Fit {
        let verdict = if expected.is_any() || self == expected {
            FitVerdict::Fits
        } else if self.is_of_other_kind(expected) {
            FitVerdict::NeverFits
        } else {
            FitVerdict::Unknown
        };
        Fit { verdict, reason: None }
    }
}
