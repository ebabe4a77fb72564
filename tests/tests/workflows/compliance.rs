//! Refs, held against the compliance suite of paths in JSON: `tests/refs/README.md`.

use crate::draft::{Draft, refused};
use flowright::{Code, Failure};
use serde_json::Value;

fn suite() -> Value {
    serde_json::from_str(include_str!("../../refs/compliance.json")).expect("it is JSON")
}

#[track_caller]
fn cases(suite: &Value, name: &str, count: usize) -> Vec<Value> {
    let cases = suite[name].as_array().expect("the cases are an array").clone();
    assert_eq!(cases.len(), count, "{name}");
    cases
}

/// A workflow that gives back what a query finds in the event.
fn finding(query: &Value) -> Draft {
    let query = query.as_str().expect("a query is text").replacen('$', "$.event", 1);
    Draft::new().echo("1", format!("!ref({query})")).start("1")
}

#[test]
fn a_ref_yields_what_its_query_yields() {
    for case in cases(&suite(), "singular", 59) {
        let outcome = finding(&case[0]).run(case[1].clone());
        let values = case[2].as_array().expect("the values are an array");
        assert!(values.len() <= 1, "{case} has one value");
        assert_eq!(outcome.value("1"), values.first(), "{case}: {outcome}");
        let failed = outcome.failure().map(Failure::code);
        assert_eq!(failed, values.is_empty().then_some("may-be-absent"), "{case}");
    }
}

#[test]
fn a_query_of_several_values_is_no_ref() {
    for query in cases(&suite(), "several", 397) {
        let report = refused(finding(&query).check());
        assert!(report.iter().all(|found| found.code() == Code::RefSyntax), "{query}: {report}");
    }
}

#[test]
fn what_is_no_query_is_no_ref() {
    for query in cases(&suite(), "invalid", 246) {
        let report = refused(finding(&query).check());
        assert!(report.iter().all(|found| found.code() == Code::RefSyntax), "{query}: {report}");
    }
}
