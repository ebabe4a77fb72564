//! What `fits` says, beside the `jsonschema` crate's validator and its canonical form.
//!
//! Where the canonical form says yes or no, `fits` never says the opposite. Two differences are meant, and said to the
//! canonical form in keywords: integers end where `i64` and `u64` do, and the formats schemars writes for integers bound
//! them. Where it says yes, `fits` may be *unknown*: what it does not decide by structure it hands over only within a
//! size of its own, and only where a part has no structural form.

#[path = "oracle/beyond.rs"]
mod beyond;
#[allow(dead_code)]
mod generate;
#[allow(dead_code)]
mod oracle;

use beyond::{has_large_number, is_beyond};
use flowright_schema::{FitVerdict, Origin, Type};
use generate::{document, value};
use jsonschema::canonical::Containment;
use oracle::{explicit, validator};
use proptest::prelude::*;
use serde_json::{Value, json};

/// `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig { cases: default.cases.max(600), failure_persistence: None, ..default }
}

fn ty(schema: &Value) -> Type {
    Type::parse(schema, Origin::Schema).unwrap_or_else(|faults| panic!("{schema}: {faults:?}"))
}

/// What is wrong with the answer on `a` and `b`, as far as these values show.
fn refuted(a: &Value, b: &Value, values: &[Value]) -> Result<FitVerdict, String> {
    let (of_a, of_b) = (validator(a), validator(b));
    let fit = ty(a).fits(&ty(b));
    let said = || format!("{a}\n{b}\n{} -> {} is {}", ty(a), ty(b), fit.verdict);
    for value in values.iter().filter(|value| of_a.is_valid(value) && ty(a).accepts(*value)) {
        match (fit.verdict, of_b.is_valid(value)) {
            (FitVerdict::Fits, false) if !ty(b).accepts(value) => {
                return Err(format!("{}\nfor {value}", said()));
            }
            (FitVerdict::NeverFits, true) if !has_large_number(value) || ty(b).accepts(value) => {
                return Err(format!("{}\nfor {value}", said()));
            }
            _ => {}
        }
    }
    let counterexample = fit.reason.as_ref().and_then(|reason| reason.counterexample.as_ref());
    if let Some(value) = counterexample
        && (!of_a.is_valid(value) || of_b.is_valid(value))
        && (!has_large_number(value) || !ty(a).accepts(value) || ty(b).accepts(value))
    {
        return Err(format!("{}\ncounterexample {value}", said()));
    }
    let certain = matches!(fit.verdict, FitVerdict::Fits | FitVerdict::Unknown);
    if counterexample.is_none() && !certain {
        return Err(format!("{}\nwithout a counterexample", said()));
    }
    Ok(fit.verdict)
}

/// What the canonical form says of whether `a` is within `b`.
fn canonical(a: &Value, b: &Value) -> Option<Containment> {
    let of = |schema: &Value| {
        jsonschema::canonical::options()
            .offline()
            .with_draft(jsonschema::Draft::Draft202012)
            .should_validate_formats(true)
            .canonicalize(&explicit(schema))
            .ok()
    };
    of(b)?.covers(&of(a)?).ok()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_value_refutes_an_answer(a in document(), b in document(), values in prop::collection::vec(value(), 12)) {
        let verdict = refuted(&a, &b, &values).map_err(TestCaseError::fail)?;
        match canonical(&a, &b) {
            Some(Containment::Yes) => {
                let agrees = matches!(verdict, FitVerdict::Fits | FitVerdict::Unknown)
                    || is_beyond(&ty(&a).fits(&ty(&b)));
                prop_assert!(agrees, "{a}\n{b}\n{verdict}, though contained");
            }
            Some(Containment::No) => {
                prop_assert!(verdict != FitVerdict::Fits, "{a}\n{b}\nfits, though not contained");
            }
            _ => {}
        }
    }

    #[test]
    fn a_type_fits_itself_and_what_has_more(a in document(), b in document(), values in prop::collection::vec(value(), 12)) {
        let (own, other) = (ty(&a), ty(&b));
        prop_assert_eq!(own.fits(&ty(&a)).verdict, FitVerdict::Fits, "{}", &a);
        prop_assert_eq!(own.fits(&Type::union([own.clone(), other.clone()])).verdict, FitVerdict::Fits, "{}", &a);
        let either = json!({ "anyOf": [{ "$ref": "#/$defs/a" }, { "$ref": "#/$defs/b" }], "$defs": {
            "a": moved(&a, "a"), "b": moved(&b, "b")
        } });
        refuted(&a, &either, &values).map_err(TestCaseError::fail)?;
        refuted(&either, &b, &values).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn what_fits_what_fits_fits(a in document(), b in document(), c in document()) {
        let (a, b, c) = (ty(&a), ty(&b), ty(&c));
        let fits = |a: &Type, b: &Type| a.fits(b).verdict;
        if fits(&a, &b) == FitVerdict::Fits && fits(&b, &c) == FitVerdict::Fits {
            prop_assert!(matches!(fits(&a, &c), FitVerdict::Fits | FitVerdict::Unknown), "{a}\n{b}\n{c}");
        }
    }
}

/// The same schema as the definition `name` of another.
fn moved(schema: &Value, name: &str) -> Value {
    let text = schema.to_string().replace("#/$defs/", &format!("#/$defs/{name}/$defs/"));
    serde_json::from_str(&text).unwrap()
}
