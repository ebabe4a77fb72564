//! Schemas: what is said to fit fits, and what is said not to has a value that shows it.

use crate::choices::{Choices, is_text};
use crate::example::example;
use crate::{grammar, values};
use flowright_schema::{FitMemo, FitVerdict, Origin, Type};
use serde_json::Value;

/// How many values of a type are tried.
const VALUES: u64 = 6;

/// Holds for two schemas: `[a, b]` as text, or by choices.
///
/// # Panics
///
/// Where an answer about them is shown to be wrong by a value.
pub fn hold(bytes: &[u8]) {
    let (a, b, seed) = if is_text(bytes) {
        let Ok(Value::Array(pair)) = serde_json::from_slice::<Value>(bytes) else { return };
        let Ok([a, b]) = <[Value; 2]>::try_from(pair) else { return };
        (a, b, 0)
    } else {
        let mut choices = Choices::new(bytes);
        let seed = choices.number();
        let a = grammar::whole_schema(&mut choices);
        let b = if choices.percent(60) {
            let mut b = a.clone();
            grammar::spoil(&mut b, &mut choices);
            b
        } else {
            grammar::whole_schema(&mut choices)
        };
        (a, b, seed)
    };
    for origin in [Origin::Schema, Origin::Rust] {
        if let (Ok(a_type), Ok(b_type)) = (Type::parse(&a, origin), Type::parse(&b, origin)) {
            is_right(&a, &b, (&a_type, &b_type), seed);
            is_right(&b, &a, (&b_type, &a_type), seed);
            is_right(&a, &a, (&a_type, &a_type), seed);
        }
    }
}

fn is_right(a: &Value, b: &Value, (a_type, b_type): (&Type, &Type), seed: u64) {
    assert!(!a_type.to_string().is_empty());
    let fit = a_type.fits(b_type);
    let memo = FitMemo::new(4);
    assert_eq!(memo.fits(a_type, b_type).verdict, fit.verdict);
    assert_eq!(memo.fits(a_type, b_type).verdict, fit.verdict, "it is remembered otherwise");
    if let Some(counterexample) = fit.reason.as_ref().and_then(|reason| reason.counterexample.as_ref()) {
        assert!(a_type.accepts(counterexample), "{counterexample} is none of {a}");
        assert!(!b_type.accepts(counterexample), "{counterexample} is one of {b}");
        assert!(!b_type.check(counterexample).faults.is_empty(), "{counterexample} has no fault in {b}");
    }
    for value in values(a, seed) {
        let is_of_a = a_type.accepts(&value);
        assert_eq!(is_of_a, a_type.check(&value).faults.is_empty(), "{value} and {a}");
        if is_of_a && fit.verdict == FitVerdict::Fits {
            assert!(b_type.accepts(&value), "{value} is one of {a}, which is said to fit {b}");
        }
        if is_of_a && fit.verdict == FitVerdict::NeverFits {
            assert!(!b_type.accepts(&value), "{value} is one of {a}, which is said never to fit {b}");
        }
    }
}

/// Values that are mostly of a schema.
fn values(schema: &Value, seed: u64) -> Vec<Value> {
    let mut values = vec![Value::Null, true.into(), 0.into(), "".into(), Value::Array(Vec::new())];
    for at in 0..VALUES {
        let seed = seed.wrapping_add(at);
        values.extend(example(schema, seed));
        let bytes = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_le_bytes().repeat(8);
        values.push(values::value(schema, schema, &mut Choices::new(&bytes), 3));
    }
    values
}
