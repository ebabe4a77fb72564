//! The suite that `JsonLogic` publishes.

use super::{STEPS, json, no_operands, plain, test_data};
use crate::rule::truthy;

#[test]
fn every_case_of_the_official_suite_gives_its_result() {
    let suite = json(&test_data("official.json"));
    let entries = suite.as_array().expect("the suite is an array");
    let mut cases = 0;
    for entry in entries.iter().filter(|entry| !entry.is_string()) {
        let Some([rule, data, expected]) = entry.as_array().map(Vec::as_slice) else {
            panic!("not a case: {entry}")
        };
        let rule = plain(rule);
        let result =
            rule.evaluate(no_operands(), data, STEPS).unwrap_or_else(|error| panic!("{entry}: {error}"));
        assert_eq!(&result, expected, "{entry}");
        let truth = rule.evaluate_bool(no_operands(), data, STEPS);
        assert_eq!(truth, Ok(truthy(expected)), "{entry}");
        cases += 1;
    }
    assert_eq!(cases, 278);
}
