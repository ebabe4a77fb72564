//! What is right is mostly read at once.

use super::random::{RICH, mutated};
use super::*;
use proptest::prelude::*;

#[test]
fn a_document_without_fault_or_fraction_is_read_the_quick_way() {
    let limits = Limits::default();
    assert!(plain::read(SMALL, &limits).is_some());
    let whole = RICH.replace("2.5, -3e2", "25, -3");
    assert!(plain::read(&whole, &limits).is_some());
    for (written, instead) in [
        ("25", "2.5"),
        ("25", "123456789012345678901"),
        ("\"k\"", "null"),
        ("{ \"id\": \"2\", \"kind\": \"é\" }", "[\"2\", \"k\"]"),
        ("\"x\"", "\"y\""),
        ("\"a\":", "\"a\": 1, \"a\":"),
        ("\"match\"", "\"if\""),
        ("\"match\"", "\"Match\""),
        (", \"value\": 0", ""),
        ("\"name\"", "\"nome\""),
        ("\"n\\u00e9\"", "null"),
    ] {
        let other = whole.replacen(written, instead, 1);
        assert_ne!(other, whole);
        assert!(plain::read(&other, &limits).is_none(), "{other}");
    }
    let deep = |depth: usize| whole.replacen("25", &format!("{}{}", "[".repeat(depth), "]".repeat(depth)), 1);
    assert!(plain::read(&deep(61), &limits).is_some() && plain::read(&deep(62), &limits).is_none());
    let deep = |depth: usize| {
        whole.replacen("\"!ref($.event)\"", &format!("{}{}", "[".repeat(depth), "]".repeat(depth)), 1)
    };
    assert!(plain::read(&deep(60), &limits).is_some() && plain::read(&deep(61), &limits).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn what_is_read_the_quick_way_is_read_the_same_the_long_way(text in mutated(&RICH.replace("2.5, -3e2", "25, -3"))) {
        let limits = Limits::default();
        if let Some(quick) = plain::read(&text, &limits) {
            let source = Source::text(&text);
            let mut findings = Findings::new(&limits);
            prop_assert_eq!(Some(quick), structure::read(&source, &limits, &mut findings));
            prop_assert!(findings.into_report(&source).is_empty());
        }
    }
}
