//! Every operator on every kind of value, as `json-logic-js` has it: `tests/rules/README.md`.

use super::{STEPS, json, no_operands, test_data};
use crate::rule::scripted::Scripted;
use crate::rule::{Dialect, Rule};
use flate2::read::GzDecoder;
use serde_json::Value;
use std::io::Read;

#[test]
fn every_case_of_the_matrix_gives_what_json_logic_js_gives() {
    let mut unpacked = Vec::new();
    GzDecoder::new(&*test_data("matrix.json.gz")).read_to_end(&mut unpacked).expect("the matrix is gzipped");
    let matrix = json(&unpacked);
    assert_eq!(matrix["oracle"], "json-logic-js 2.0.5");
    let cases = matrix["cases"].as_array().expect("the cases are an array");
    assert!(cases.len() > 40_000, "{} cases", cases.len());

    let mut wrong = Vec::new();
    for case in cases {
        let Some([rule, data, expected]) = case.as_array().map(Vec::as_slice) else {
            panic!("not a case: {case}")
        };
        let data =
            &matrix["data"][data.as_u64().and_then(|index| usize::try_from(index).ok()).expect("an index")];
        if let Some(given) = difference(rule, data, expected) {
            wrong.push(format!("{rule} on {data}\n  gives {given}, not {expected}"));
        }
    }
    let shown = wrong.iter().take(40).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} of {} cases differ:\n{shown}", wrong.len(), cases.len());
}

/// What the rule gives, where that is not the expected result.
fn difference(rule: &Value, data: &Value, expected: &Value) -> Option<String> {
    let throws = expected.get("throws").is_some();
    let rule = match Rule::compile(rule, Dialect::Plain, 64, &mut |_, _| None) {
        Ok(rule) => rule,
        Err(faults) => return (!throws).then(|| format!("{faults:?}")),
    };
    let scripted = rule.evaluate_scripted(no_operands(), data, STEPS);
    let truth = rule.evaluate_bool(no_operands(), data, STEPS);
    match (scripted, rule.evaluate(no_operands(), data, STEPS)) {
        (Ok(scripted), Ok(given)) => {
            let same = !throws
                && is(&scripted, expected)
                && as_json(expected) == comparable(&given)
                && truth == Ok(scripted.truthy());
            (!same).then(|| given.to_string())
        }
        (Err(error), Err(_)) => (!throws || truth.is_ok()).then(|| error.to_string()),
        (Err(error), Ok(_)) | (Ok(_), Err(error)) => Some(error.to_string()),
    }
}

/// Whether a value is the one that the matrix writes so.
fn is(value: &Scripted<'_>, expected: &Value) -> bool {
    match (value, expected) {
        (Scripted::Null, Value::Null) => true,
        (Scripted::Boolean(given), Value::Bool(expected)) => given == expected,
        (Scripted::Number(given), Value::Number(expected)) => {
            expected.as_f64().is_some_and(|expected| expected.to_bits() == given.to_bits())
        }
        (Scripted::Number(given), Value::Object(special)) => {
            match special.get("special").and_then(Value::as_str) {
                Some("NaN") => given.is_nan(),
                Some("-0") => *given == 0.0 && given.is_sign_negative(),
                Some("Infinity") => *given == f64::INFINITY,
                Some("-Infinity") => *given == f64::NEG_INFINITY,
                _ => false,
            }
        }
        (Scripted::Undefined, Value::Object(special)) => special.get("special") == Some(&"undefined".into()),
        (_, Value::String(expected)) => value.as_text() == Some(expected),
        (_, Value::Array(expected)) => value.elements().is_some_and(|elements| {
            elements.len() == expected.len()
                && elements.iter().zip(expected).all(|(element, expected)| is(&element, expected))
        }),
        (Scripted::Object(_) | Scripted::BuiltObject(_), Value::Object(expected)) => {
            let mut fuel = crate::rule::fuel::Fuel::new(STEPS);
            let Some(Value::Object(expected)) = expected.get("object") else { return false };
            expected.iter().all(|(name, expected)| {
                value.member(name, &mut fuel).is_ok_and(|member| is(&member, expected))
            })
        }
        _ => false,
    }
}

/// A result as it is once it is JSON.
fn as_json(expected: &Value) -> Value {
    match expected {
        Value::Array(elements) => elements.iter().map(as_json).collect(),
        Value::Object(encoded) => match (encoded.get("object"), encoded.get("special")) {
            (Some(Value::Object(members)), _) => {
                members.iter().map(|(name, member)| (name.clone(), as_json(member))).collect()
            }
            (_, Some(special)) if special == "-0" => comparable(&0.into()),
            _ => Value::Null,
        },
        scalar => comparable(scalar),
    }
}

/// With all numbers as JavaScript has them, so that `1` and `1.0` are one.
fn comparable(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::from(number.as_f64().map(|float| float + 0.0)),
        Value::Array(elements) => elements.iter().map(comparable).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), comparable(member))).collect()
        }
        other => other.clone(),
    }
}
