//! What Workflow Kit's own engine makes of cases.

use crate::case::{Case, plain_members};
use flowright_tests::node::Package;
use serde::Deserialize;
use serde_json::{Map, Value};

/// What its run came to.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Theirs {
    /// What it threw, where it did.
    pub error: Option<String>,
    /// The outputs, also of a run that threw: `{}` then.
    pub state: Map<String, Value>,
    /// The ids of what was called, in order.
    pub calls: Vec<String>,
    /// The document, after the run.
    pub workflow: Value,
}

/// How many cases one process runs.
const PER_PROCESS: usize = 2_000;

/// Runs them all, in as few processes as may be.
///
/// # Panics
///
/// Where Node.js cannot be run, and where a case takes too long: with that case.
pub fn run(cases: &[Case]) -> Vec<Theirs> {
    let package = Package::at("examples/editor");
    let batch = |cases: &[Case]| -> Vec<Theirs> {
        let input: Value = cases.iter().map(Case::to_json).collect();
        let printed = package.run("../../tests/conformance/run.mjs", &[], &input.to_string());
        let ran: Vec<Theirs> = serde_json::from_str(&printed).expect("it prints what runs came to");
        assert_eq!(ran.len(), cases.len());
        let plain = |ran: Theirs| Theirs {
            state: plain_members(&doubles_of(&ran.state)),
            workflow: doubles(&ran.workflow),
            ..ran
        };
        ran.into_iter().map(plain).collect()
    };
    cases.chunks(PER_PROCESS).flat_map(batch).collect()
}

/// All that JavaScript counts with are doubles, also where it prints them as integers.
fn doubles(value: &Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().map_or(Value::Null, Value::from),
        Value::Array(elements) => elements.iter().map(doubles).collect(),
        Value::Object(members) => doubles_of(members).into(),
        other => other.clone(),
    }
}

fn doubles_of(members: &Map<String, Value>) -> Map<String, Value> {
    members.iter().map(|(name, member)| (name.clone(), doubles(member))).collect()
}
