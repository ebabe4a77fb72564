//! Whether every value of one type is a value of another.

mod array;
mod fallback;
mod finite;
mod gaps;
mod goal;
mod language;
mod memo;
mod number;
mod object;
mod proof;
mod reason;
mod string;
#[cfg(test)]
mod trial;
mod witness;

use crate::{Step, Type, ty::View};
use fallback::Certain;
pub use memo::FitMemo;
use proof::Prover;
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
    /// The type of what is there; `None` where nothing may be there although something must. The path then leads to
    /// the member that may be absent.
    pub found: Option<Type>,
    /// The type that is expected there; `None` where nothing is allowed to be there.
    pub expected: Option<Type>,
    /// A whole value of A that is none of B.
    pub counterexample: Option<Value>,
}

/// How much work one of the proofs and searches of a fit may be.
pub(crate) const FUEL: usize = 200_000;

/// How many searches for a value are made, each of which prefers others.
const VARIANTS: usize = 4;

impl Type {
    /// Whether every value of this type is a value of `expected`.
    ///
    /// ```
    /// use flowright_schema::{FitVerdict, Origin, Type};
    /// use serde_json::json;
    ///
    /// let ty = |schema| Type::parse(&schema, Origin::Schema).unwrap();
    /// let optional = ty(json!({ "type": ["string", "null"] }));
    /// let email = ty(json!({ "type": "string", "format": "email" }));
    /// assert_eq!(email.fits(&optional).verdict, FitVerdict::Fits);
    /// assert_eq!(Type::string().fits(&email).verdict, FitVerdict::Refined);
    /// assert_eq!(Type::integer().fits(&email).verdict, FitVerdict::NeverFits);
    ///
    /// let fit = optional.fits(&Type::string());
    /// assert_eq!(fit.verdict, FitVerdict::MayNotFit);
    /// assert_eq!(fit.reason.unwrap().counterexample, Some(json!(null)));
    /// ```
    pub fn fits(&self, expected: &Type) -> Fit {
        let (a, b) = (self.view(), expected.view());
        let mut exact = Prover::new(FUEL, false);
        if exact.within(a, &[b]) {
            return Fit { verdict: FitVerdict::Fits, reason: None };
        }
        let mut shapes = Prover::new(FUEL, true);
        let (mut verdict, mut counterexample) = parting(a, b, &mut exact, &mut shapes);
        match self.beyond_structure(expected, verdict) {
            Some(Certain::Within) => return Fit { verdict: FitVerdict::Fits, reason: None },
            Some(Certain::Apart) => {
                counterexample = counterexample.or_else(|| any_value(a, &mut exact));
                verdict = counterexample.as_ref().map_or(verdict, |_| FitVerdict::NeverFits);
            }
            None => {}
        }
        let reason = counterexample
            .map(|value| Box::new(reason::of(self, expected, value, verdict != FitVerdict::Refined)));
        Fit { verdict, reason }
    }
}

impl Type {
    /// What is certain beyond what structure tells: of what is not known, and of types with parts that have none.
    fn beyond_structure(&self, expected: &Type, verdict: FitVerdict) -> Option<Certain> {
        let asks = match verdict {
            FitVerdict::Unknown => true,
            FitVerdict::MayNotFit | FitVerdict::Refined => {
                self.has_opaque_parts() || expected.has_opaque_parts()
            }
            FitVerdict::Fits | FitVerdict::NeverFits => false,
        };
        asks.then(|| fallback::asked(self, expected)).flatten()
    }
}

/// The verdict on types of which the one is not proven to be within the other, and a value that shows it.
fn parting<'t>(
    a: View<'t>,
    b: View<'t>,
    exact: &mut Prover<'t>,
    shapes: &mut Prover<'t>,
) -> (FitVerdict, Option<Value>) {
    if exact.apart(a, b) || exact.few_apart(a, b) {
        return match witness(a, b, exact) {
            Some(value) => (FitVerdict::NeverFits, Some(value)),
            None => (FitVerdict::Unknown, None),
        };
    }
    if !shapes.within(a, &[b]) {
        return match witness(a, b, shapes) {
            // Of a wrong shape, so all the more not of the type.
            Some(value) => (FitVerdict::MayNotFit, Some(value)),
            None => (FitVerdict::Unknown, None),
        };
    }
    match witness(a, b, exact) {
        Some(value) => (FitVerdict::Refined, Some(value)),
        None => (FitVerdict::Unknown, None),
    }
}

fn any_value<'t>(a: View<'t>, prover: &mut Prover<'t>) -> Option<Value> {
    let mut search = witness::Search::new(prover, 0);
    search.sample(a, &[]).filter(|value| search.is_value(a, value))
}

/// A value of `a` that is certainly none of `b`: the plainest value of `a`, where that will do.
fn witness<'t>(a: View<'t>, b: View<'t>, prover: &mut Prover<'t>) -> Option<Value> {
    let plainest = witness::Search::new(prover, 0).sample(a, &[]);
    let certain = |value: &Value, prover: &mut Prover<'t>| {
        let mut search = witness::Search::new(prover, 0);
        search.is_value(a, value) && search.is_refused(&[b], value)
    };
    if let Some(value) = plainest.filter(|value| certain(value, prover)) {
        return Some(value);
    }
    (0..VARIANTS).find_map(|variant| {
        let value = witness::Search::new(prover, variant).outside(a, &[b])?;
        certain(&value, prover).then_some(value)
    })
}
