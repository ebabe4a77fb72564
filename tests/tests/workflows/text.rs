//! Text with refs.

use crate::draft::{Draft, calls, echoed};
use flowright::Code;
use serde_json::{Value, json};

fn number(written: &str) -> Value {
    serde_json::from_str(written).expect("a number")
}

#[test]
fn numbers_stand_in_text_as_ecmascript_prints_them() {
    let cases = [
        ("3.0", "3"),
        ("3", "3"),
        ("-3.50", "-3.5"),
        ("0.1", "0.1"),
        ("-0", "0"),
        ("-0.0", "0"),
        ("1e21", "1e+21"),
        ("1e20", "100000000000000000000"),
        ("123456789012345680000.0", "123456789012345680000"),
        ("1e-6", "0.000001"),
        ("1e-7", "1e-7"),
        ("1.5e300", "1.5e+300"),
        ("5e-324", "5e-324"),
        ("0.30000000000000004", "0.30000000000000004"),
        ("9007199254740993", "9007199254740993"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("18446744073709551615", "18446744073709551615"),
    ];
    for (written, printed) in cases {
        let text = echoed("<!ref($.event.n)>", json!({ "n": number(written) }));
        assert_eq!(text, format!("<{printed}>"), "{written}");
    }
}

#[test]
fn strings_and_booleans_stand_in_text_as_they_are() {
    let event = || json!({ "s": " \"ä\"\n", "t": true, "f": false, "e": "" });
    assert_eq!(echoed("!ref($.event.s)!ref($.event.t)/!ref($.event.f)", event()), " \"ä\"\ntrue/false");
    assert_eq!(echoed("!ref($.event.e)!ref($.event.e)", event()), "");
    assert_eq!(echoed(" !ref($.event.t)", event()), " true", "white space makes it text");
}

#[test]
fn a_ref_that_is_the_whole_string_keeps_its_type() {
    for value in [json!(null), json!(true), json!(3.5), json!("s"), json!([1, { "a": null }]), json!({})] {
        assert_eq!(echoed("!ref($.event.v)", json!({ "v": value })), value);
    }
}

#[test]
fn what_is_no_text_is_a_failure_that_names_the_ref() {
    let cases = [
        (json!({ "v": null }), Code::NotText),
        (json!({ "v": {} }), Code::NotText),
        (json!({ "v": ["a"] }), Code::NotText),
        (json!({}), Code::MayBeAbsent),
    ];
    for (event, code) in cases {
        let draft = Draft::new().echo("1", json!({ "deep": [1, "v: !ref($.event.v)"] })).start("1");
        let outcome = draft.run(event.clone());
        let failure = outcome.failure().unwrap_or_else(|| panic!("{event}: {outcome}"));
        assert_eq!(failure.code(), code.slug(), "{event}");
        assert_eq!(failure.reference(), Some("!ref($.event.v)"), "{event}");
        assert_eq!(failure.pointer().unwrap().as_str(), "/actions/0/inputs/value/deep/1");
        assert!(calls(&outcome).is_empty());
    }
}

#[test]
fn keys_are_never_filled_in() {
    assert_eq!(
        echoed(json!({ "!ref($.event.k)": 1 }), json!({ "k": "name" })),
        json!({ "!ref($.event.k)": 1 })
    );
    assert_eq!(
        echoed(json!({ "!ref(": "!ref($.event.k)" }), json!({ "k": "v" })),
        json!({ "!ref(": "v" }),
        "nor are they read as refs"
    );
}

#[test]
fn the_escape_is_literal_text() {
    assert_eq!(echoed(r#"!ref("!ref($.event.k)")"#, json!({ "k": 1 })), "!ref($.event.k)");
    assert_eq!(echoed(r#"!ref("")"#, json!({})), "");
    assert_eq!(echoed(r#"!ref("a\"b)\u00e9\n")"#, json!({})), "a\"b)é\n");
    assert_eq!(echoed(r#"x !ref("!ref(") y !ref($.event.k)"#, json!({ "k": 1 })), "x !ref( y 1");
}

#[test]
fn refs_are_found_at_any_depth() {
    let value = json!({ "a": [{ "b": ["!ref($.event.x)", "-!ref($.event.x)-"] }] });
    assert_eq!(echoed(value, json!({ "x": 1 })), json!({ "a": [{ "b": [1, "-1-"] }] }));
}

#[test]
fn a_parenthesis_in_a_quoted_name_does_not_end_the_ref() {
    let event = || json!({ "a)b": 1, "it's": 2, "say \"hi\"": 3, "": 4, "ü": 5, "a.b": 6, "x]": 7 });
    assert_eq!(echoed("<!ref($.event['a)b'])>", event()), "<1>");
    assert_eq!(echoed(r#"!ref($.event["a)b"])"#, event()), 1);
    assert_eq!(echoed(r#"!ref($.event["it's"])"#, event()), 2);
    assert_eq!(echoed(r"!ref($.event['it\'s'])", event()), 2);
    assert_eq!(echoed(r#"!ref($.event['say "hi"'])"#, event()), 3);
    assert_eq!(echoed("!ref($.event[''])", event()), 4);
    assert_eq!(echoed("!ref($.event.ü)", event()), 5);
    assert_eq!(echoed(r"!ref($.event['\u00fc'])", event()), 5);
    assert_eq!(echoed("!ref($.event['a.b'])", event()), 6);
    assert_eq!(echoed("!ref($.event['x]'])", event()), 7);
}

#[test]
fn a_whole_event_may_be_a_ref() {
    assert_eq!(echoed("!ref($.event)", json!([1])), json!([1]));
    assert_eq!(echoed("!ref($.event)", Value::Null), Value::Null);
    assert_eq!(echoed("!ref($.event[0])", json!([1])), 1);
}
