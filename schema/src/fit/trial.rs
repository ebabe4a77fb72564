//! Proofs for tests: what the structure of two types alone shows, and how much work that is.

use super::{FUEL, proof::Prover};
use crate::{Origin, Type};
use serde_json::Value;

pub(super) fn ty(schema: &Value) -> Type {
    Type::parse(schema, Origin::Schema).unwrap_or_else(|faults| panic!("{schema}: {faults:?}"))
}

/// Whether the structure of `a` shows that all its values are of `b`.
pub(super) fn proven(a: &Value, b: &Value) -> bool {
    let (a, b) = (ty(a), ty(b));
    Prover::new(FUEL, false).within(a.view(), &[b.view()])
}

/// How much work it is to find out whether the values of `a` are of `b`.
pub(super) fn work(a: &Type, b: &Type) -> usize {
    let mut prover = Prover::new(FUEL, false);
    prover.within(a.view(), &[b.view()]);
    FUEL - prover.fuel().left()
}

/// Holds rows of types and whether the one is proven to be within the other against what is found out.
pub(super) fn all(rows: &[(Value, Value, bool)]) {
    for (a, b, expected) in rows {
        assert_eq!(proven(a, b), *expected, "{a} into {b}");
    }
}
