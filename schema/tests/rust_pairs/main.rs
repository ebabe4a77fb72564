//! Whether one Rust type's values, as they are written, are what another type reads: the answer of `fits` is the one
//! that follows from the schemas, and the values of the types bear it out.

mod enums;
mod expected;
#[allow(dead_code, reason = "other suites use more of it")]
#[path = "../oracle/mod.rs"]
mod oracle;
mod recursive;
mod refined;
mod sample;
#[path = "../oracle/shape.rs"]
mod shape;
mod structs;

use expected::{Expected, Pair};
use flowright_schema::{Fit, FitVerdict, Origin, Type};
use sample::Sampled;
use serde_json::Value;
use std::collections::BTreeMap;

/// A type with what judges values by its schemas.
struct Judged {
    name: String,
    written: Type,
    read: Type,
    values: Vec<Value>,
    writes: jsonschema::Validator,
    reads: jsonschema::Validator,
    /// Reads the right shapes, whatever their refinements.
    reads_shape: jsonschema::Validator,
}

impl Judged {
    fn new(sampled: Sampled) -> Judged {
        Judged {
            written: Type::parse(&sampled.written, Origin::Rust).unwrap(),
            read: Type::parse(&sampled.read, Origin::Rust).unwrap(),
            writes: oracle::validator(&sampled.written),
            reads: oracle::validator(&sampled.read),
            reads_shape: oracle::validator(&shape::shape(&sampled.read)),
            name: sampled.name,
            values: sampled.values,
        }
    }

    fn fits(&self, other: &Judged) -> Fit {
        self.written.fits(&other.read)
    }

    /// What the values show to be wrong with a verdict.
    fn refute(&self, other: &Judged, fit: &Fit) -> Option<String> {
        let refused = self.values.iter().find(|value| !other.reads.is_valid(value));
        match fit.verdict {
            FitVerdict::Fits => {
                return refused.map(|value| format!("fits, though {value} is refused"));
            }
            FitVerdict::Unknown => return Some("unknown".to_owned()),
            FitVerdict::NeverFits => {
                if let Some(value) = self.values.iter().find(|value| other.reads.is_valid(value)) {
                    return Some(format!("never-fits, though {value} is read"));
                }
            }
            FitVerdict::Refined => {
                if let Some(value) = self.values.iter().find(|value| !other.reads_shape.is_valid(value)) {
                    return Some(format!("refined, though {value} is of another shape"));
                }
            }
            FitVerdict::MayNotFit => {}
        }
        let value = fit.reason.as_ref()?.counterexample.as_ref()?;
        if !self.writes.is_valid(value) {
            return Some(format!("{}: the counterexample {value} is not of the first type", fit.verdict));
        }
        other
            .reads
            .is_valid(value)
            .then(|| format!("{}: the counterexample {value} is of the second type too", fit.verdict))
    }
}

/// Holds a pair's expectation against the values, then the answer against the expectation.
fn judge(pair: Pair) -> Result<(), String> {
    let Pair { first, second, expected, witness, .. } = pair;
    let (first, second) = (Judged::new(first), Judged::new(second));
    let named = |wrong: String| {
        format!(
            "{} into {}\n    {}\n    {}\n    {wrong}",
            first.name, second.name, first.written, second.read
        )
    };
    for value in first.values.iter().chain(&witness) {
        if !first.writes.is_valid(value) {
            return Err(named(format!("the value {value} is none of the first type: the suite is wrong")));
        }
    }
    let values = || first.values.iter().chain(&witness);
    let borne_out = match expected {
        Expected::Fits => values().all(|value| second.reads.is_valid(value)),
        Expected::Refined => {
            values().any(|value| !second.reads.is_valid(value))
                && values().all(|value| second.reads_shape.is_valid(value))
        }
        Expected::MayNotFit => values().any(|value| !second.reads_shape.is_valid(value)),
        Expected::NeverFits | Expected::NeverOrRefined => !values().any(|value| second.reads.is_valid(value)),
        Expected::FitsOrRefined => values().all(|value| second.reads.is_valid(value)),
    };
    if !borne_out {
        return Err(named(format!("the values do not show {expected:?}: the suite is wrong")));
    }
    let fit = first.fits(&second);
    if let Some(wrong) = first.refute(&second, &fit) {
        return Err(named(wrong));
    }
    if matches!(expected, Expected::FitsOrRefined) && expected.allows(fit.verdict) {
        return Ok(());
    }
    if expected.allows(fit.verdict) {
        if fit.verdict == FitVerdict::Fits || fit.reason.is_some_and(|reason| reason.counterexample.is_some())
        {
            return Ok(());
        }
        return Err(named(format!("{}, without a counterexample", fit.verdict)));
    }
    let shown =
        fit.reason.and_then(|reason| reason.counterexample).map_or("none".to_owned(), |v| v.to_string());
    Err(named(format!("expected {expected:?}, got {}; counterexample {shown}", fit.verdict)))
}

#[test]
fn the_answer_is_the_one_that_follows_from_the_schemas() {
    let pairs = expected::pairs();
    let count = pairs.len();
    let mut by_verdict = BTreeMap::<&str, usize>::new();
    let mut surprising = Vec::new();
    let mut wrong = Vec::new();
    for pair in pairs {
        *by_verdict.entry(pair.expected.name()).or_default() += 1;
        if let Some(wanted) = pair.surprise {
            let (first, second) = (&pair.first.name, &pair.second.name);
            surprising.push(format!(
                "{first} into {second}: {}, where a user expects {wanted}",
                pair.expected.name()
            ));
        }
        wrong.extend(judge(pair).err());
    }
    println!("{count} pairs, {by_verdict:?}; {} not as expected", wrong.len());
    println!("{} that may surprise:\n  {}", surprising.len(), surprising.join("\n  "));
    assert!(count >= 150);
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn no_answer_between_any_two_types_is_refuted_by_their_values() {
    let mut types = BTreeMap::new();
    for pair in expected::pairs() {
        for sampled in [pair.first, pair.second] {
            types.entry(sampled.name.clone()).or_insert(sampled);
        }
    }
    let types: Vec<Judged> = types.into_values().map(Judged::new).collect();
    let mut by_verdict = BTreeMap::<&str, usize>::new();
    let (mut wrong, mut unshown) = (Vec::new(), 0);
    for first in &types {
        for second in &types {
            let fit = first.fits(second);
            *by_verdict.entry(fit.verdict.as_str()).or_default() += 1;
            let shown = fit.reason.as_ref().is_some_and(|reason| reason.counterexample.is_some());
            unshown += usize::from(fit.verdict != FitVerdict::Fits && !shown);
            if let Some(refuted) = first.refute(second, &fit) {
                wrong.push(format!(
                    "{} into {}: {refuted}\n    {}\n    {}",
                    first.name, second.name, first.written, second.read
                ));
            }
        }
    }
    println!(
        "{} types, {by_verdict:?}; {} refuted, {unshown} without a counterexample",
        types.len(),
        wrong.len()
    );
    let shown = wrong.iter().take(60).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{}:\n{shown}", wrong.len());
}
