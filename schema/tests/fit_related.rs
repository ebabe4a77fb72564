//! What is said of two types that have something to do with each other holds for every value that comes to hand.

#[path = "oracle/beyond.rs"]
mod beyond;
mod generate;
#[allow(dead_code, reason = "other suites use more of it")]
mod oracle;

use beyond::{has_large_number, is_beyond};
use flowright_schema::{FitVerdict, Origin, Type};
use generate::{document, value};
use oracle::{agree_on, validator};
use proptest::prelude::*;
use serde_json::{Value, json};

/// `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig { cases: default.cases.max(1000), failure_persistence: None, ..default }
}

/// Two schemas that have something to do with each other.
fn pair() -> impl Strategy<Value = (Value, Value)> {
    let either = |one: &Value, other: &Value| json!({ "anyOf": [one, other], "$defs": one["$defs"] });
    let both = |one: &Value, other: &Value| json!({ "allOf": [one, other], "$defs": one["$defs"] });
    let weaker = |one: &Value, keyword: usize| {
        let mut one = one.clone();
        if let Some(keywords) = one.as_object_mut() {
            let names: Vec<String> = keywords.keys().filter(|name| *name != "$defs").cloned().collect();
            if let Some(name) = names.get(keyword % names.len().max(1)) {
                keywords.remove(name);
            }
        }
        one
    };
    (document(), document(), 0..5_usize, 0..8_usize).prop_map(move |(one, other, kind, keyword)| {
        let mut other = other;
        other["$defs"] = one["$defs"].clone();
        match kind {
            0 => (one, other),
            1 => (one.clone(), either(&one, &other)),
            2 => (both(&one, &other), one),
            3 => (one.clone(), weaker(&one, keyword)),
            _ => (weaker(&one, keyword), one),
        }
    })
}

fn ty(schema: &Value) -> Type {
    Type::parse(schema, Origin::Schema).unwrap_or_else(|faults| panic!("{schema}: {faults:?}"))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_value_refutes_a_verdict((a, b) in pair(), values in prop::collection::vec(value(), 24)) {
        let (of_a, of_b) = (validator(&a), validator(&b));
        let (found, expected) = (ty(&a), ty(&b));
        let fit = found.fits(&expected);
        let message = format!("a {a}\nb {b}\n{fit:?}");
        let example = fit.reason.as_ref().and_then(|reason| reason.counterexample.clone());
        if let Some(example) = example.as_ref().filter(|_| !is_beyond(&fit)) {
            let parts = (agree_on(&found, &of_a, &a, example), agree_on(&expected, &of_b, &b, example));
            prop_assert!(matches!(parts, (Ok(true), Ok(false))), "{message}\n{parts:?}");
        }
        for value in values.iter().chain(&example).filter(|value| of_a.is_valid(value)) {
            match fit.verdict {
                FitVerdict::Fits => prop_assert!(of_b.is_valid(value), "{message}\nvalue {value}"),
                FitVerdict::NeverFits => prop_assert!(
                    !of_b.is_valid(value) || has_large_number(value),
                    "{message}\nvalue {value}"
                ),
                _ => {}
            }
        }
        if fit.verdict == FitVerdict::MayNotFit {
            prop_assert!(example.is_some(), "{message}");
        }
    }
}
