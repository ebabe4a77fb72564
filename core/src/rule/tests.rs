//! What the tests of rules share.

use super::evaluate::Operands;
use super::{Dialect, Rule};
use serde_json::Value;
use std::path::PathBuf;

mod bounds;
mod faults;
mod matrix;
mod official;
mod refs;

const STEPS: u64 = 100_000;

/// A file of the rules' test data.
fn test_data(name: &str) -> Vec<u8> {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "tests", "rules", name].iter().collect();
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).expect("test data is JSON")
}

/// A rule in which no string is a ref.
fn plain(rule: &Value) -> Rule {
    Rule::compile(rule, Dialect::Plain, 64, &mut |_, _| None)
        .unwrap_or_else(|faults| panic!("{rule}: {faults:?}"))
}

/// What a rule without refs gives.
fn no_operands<'v>() -> &'v Operands<'v, 'v, String> {
    &|slot| Err(format!("operand {slot} of a rule that has none"))
}
