//! What is wrong with a text is told where it stands.

use super::*;

#[test]
fn what_is_nearly_json_is_named_and_read_on() {
    let text = "\u{feff}{ // c\n \"actions\": [ { 'id': \"1\", kind: \"k\", \"inputs\": { \"a\": .5, \"b\": 0x1F, \"c\": [01] }, }, ]\n \"edges\": [],\u{a0}\"nmae\": true /* c */ }";
    assert_eq!(
        found(text),
        [
            "syntax  \u{feff}",
            "syntax  // c",
            "syntax  'id'",
            "syntax  kind",
            "syntax  .5",
            "syntax  0x1F",
            "syntax  01",
            "syntax  ,",
            "syntax  ,",
            "syntax  \"edges\"",
            "syntax  \u{a0}",
            "unknown-member (warning) /nmae \"nmae\"",
            "syntax  /* c */",
        ]
    );
}

#[test]
fn text_that_breaks_off_or_is_no_json_is_one_error() {
    let table = [
        ("", ""),
        (" \n ", " \n "),
        ("hello", "hello"),
        ("actions:\n  - id: 1", "actions"),
        ("<xml/>", "<"),
        ("{", ""),
        (r#"{ "actions": ["#, ""),
        (r#"{ "actions""#, ""),
        (r#"{ "actions": "#, ""),
        (r#"{ "actions" [] }"#, "["),
        (r#"{ "actions": } "#, "}"),
        (r#"{ "actions": [1,, 2] }"#, ","),
        (r#"{ "actions": [1} }"#, "}"),
        (r#"{ "a": True }"#, "True"),
        (r#"{ "a": -} "#, "-"),
        (r#"{ "a": 01 } "#, "01"),
        (r#"{ "a": 1a, "b": 2 } "#, "1a"),
        (r#"{ "a": 1e} "#, "1e"),
        (r#"{ "a": "b }"#, "\""),
        (r#"{ "a": "\ud83d" }"#, "\\ud83d\""),
        (r#"{ "a": "\u12" }"#, "\\u12\""),
        ("{ /* ", "/*"),
        ("{} {}", "{"),
        ("{} x", "x"),
        ("]", "]"),
    ];
    for (text, at) in table {
        assert_eq!(found(text), [format!("syntax  {at}")], "{text}");
    }
    assert_eq!(found(r#"{ "a": "\ud83d" }"#).len(), 1);
}

#[test]
fn strings_are_as_strict_as_json() {
    assert_eq!(
        found(with_edges("[] , \"x\": \"a\tb\"")),
        ["unknown-member (warning) /x \"x\"", "syntax  \t"]
    );
    assert_eq!(found(with_edges(r#"[], "x": "\q""#)), ["unknown-member (warning) /x \"x\"", "syntax  \\q"]);
    assert_eq!(found(with_edges(r#"[], "x": "\\q \u00e9 \/""#)), ["unknown-member (warning) /x \"x\""]);
}

#[test]
fn a_number_that_nothing_can_hold_is_out_of_range_wherever_it_stands() {
    let text = with_edges(
        r#"[], "metadata": { "a": [18446744073709551616, -9223372036854775809, 1e400, -1e400, 1e-400, 9e307] }, "x": 1e999"#,
    );
    assert_eq!(
        found(text),
        [
            "out-of-range /metadata/a/0 18446744073709551616",
            "out-of-range /metadata/a/1 -9223372036854775809",
            "out-of-range /metadata/a/2 1e400",
            "out-of-range /metadata/a/3 -1e400",
            "unknown-member (warning) /x \"x\"",
            "out-of-range /x 1e999",
        ]
    );
}

#[test]
fn a_key_that_stands_twice_is_found_at_the_second() {
    let text = r#"{ "actions": [{ "id": "1", "kind": "k", "inputs": { "a": { "b": 1, "\u0062": 2, "b": 3 } } }], "edges": [], "edges": 1 }"#;
    let source = Source::text(text);
    let mut findings = Findings::new(&Limits::default());
    let document = read(&source, &Limits::default(), &mut findings).expect("a document");
    assert_eq!(document.actions[0].inputs, [("a".to_owned(), json!({ "b": 1 }))]);
    let report = findings.into_report(&source);
    assert_eq!(
        rows(&report),
        [
            r#"syntax /actions/0/inputs/a/b "\u0062""#,
            r#"syntax /actions/0/inputs/a/b "b""#,
            r#"syntax /edges "edges""#,
        ]
    );
    assert_eq!(
        report.diagnostics()[2].related()[0].span(),
        Some(text.find("\"edges\"").map(|at| at..at + 7).expect("edges"))
    );
}

#[test]
fn parts_of_the_wrong_shape_are_reported_and_leave_gaps() {
    assert_eq!(found("[]"), ["wrong-type  []"]);
    assert_eq!(found("{}"), ["missing-member  {}", "missing-member  {}"]);
    assert_eq!(
        found(r#"{ "name": 1, "description": null, "metadata": [], "actions": {}, "edges": "" }"#),
        [
            "wrong-type /name 1",
            "wrong-type /description null",
            "wrong-type /metadata []",
            "wrong-type /actions {}",
            "wrong-type /edges \"\"",
        ]
    );
    let text = r#"{ "actions": [1, {}, { "id": 1, "kind": [], "name": 2, "description": {}, "inputs": 3 }], "edges": [null, {}, { "from": 1, "to": 2, "name": 3, "conditional": 4 }] }"#;
    let source = Source::text(text);
    let mut findings = Findings::new(&Limits::default());
    let document = read(&source, &Limits::default(), &mut findings).expect("a document");
    assert_eq!(document.actions[..2], [WorkflowAction::default(), WorkflowAction::default()]);
    assert!(document.actions[2].has_inputs && document.actions[2].id.is_none());
    assert_eq!(document.edges[2].conditional, Some(Conditional::default()));
    assert_eq!(
        rows(&findings.into_report(&source)),
        [
            "wrong-type /actions/0 1",
            "missing-member /actions/1 {}",
            "missing-member /actions/1 {}",
            "wrong-type /actions/2/id 1",
            "wrong-type /actions/2/kind []",
            "wrong-type /actions/2/name 2",
            "wrong-type /actions/2/description {}",
            "wrong-type /actions/2/inputs 3",
            "wrong-type /edges/0 null",
            "missing-member /edges/1 {}",
            "missing-member /edges/1 {}",
            "wrong-type /edges/2/from 1",
            "wrong-type /edges/2/to 2",
            "wrong-type /edges/2/name 3",
            "wrong-type /edges/2/conditional 4",
        ]
    );
}

#[test]
fn conditions_are_if_else_or_match() {
    let edge = |conditional: &str| {
        found(with_edges(&format!(r#"[{{ "from": "a", "to": "b", "conditional": {conditional} }}]"#)))
    };
    assert_eq!(edge(r#"{ "type": "if", "ref": "r" }"#), [""; 0]);
    assert_eq!(edge(r#"{ "type": "match", "ref": "r", "value": null }"#), [""; 0]);
    assert_eq!(
        edge(r#"{ "type": "mach", "ref": "r" }"#),
        [r#"bad-condition /edges/0/conditional/type "mach""#]
    );
    assert_eq!(
        edge(r#"{ "type": "match", "ref": "r" }"#),
        [r#"bad-condition /edges/0/conditional { "type": "match", "ref": "r" }"#]
    );
    assert_eq!(
        edge(r#"{ "type": "if", "ref": "r", "value": 1 }"#),
        [r#"unknown-member (warning) /edges/0/conditional/value "value""#]
    );
    assert_eq!(
        edge("{}"),
        ["missing-member /edges/0/conditional {}", "missing-member /edges/0/conditional {}"]
    );
    assert_eq!(
        edge(r#"{ "type": 1, "ref": 2, "els": 3 }"#),
        [
            "wrong-type /edges/0/conditional/type 1",
            "wrong-type /edges/0/conditional/ref 2",
            r#"unknown-member (warning) /edges/0/conditional/els "els""#,
        ]
    );
}

#[test]
fn unknown_members_are_warnings_with_the_nearest_name() {
    let text = r#"{ "actions": [{ "id": "1", "kind": "k", "input": {} }], "edges": [{ "from": "$source", "to": "1", "form": 1 }], "version": 1 }"#;
    let source = Source::text(text);
    let mut findings = Findings::new(&Limits::default());
    assert!(read(&source, &Limits::default(), &mut findings).is_some());
    let report = findings.into_report(&source);
    assert!(!report.has_errors());
    let helps = report
        .iter()
        .map(|diagnostic| (diagnostic.pointer().as_str(), diagnostic.help().unwrap_or("")))
        .collect::<Vec<_>>();
    assert_eq!(
        helps,
        [
            ("/actions/0/input", "did you mean `inputs`?"),
            ("/edges/0/form", "it can have `from`, `to`, `name` or `conditional`"),
            ("/version", "it can have `name`, `description`, `metadata`, `actions` or `edges`"),
        ]
    );
    assert!(Workflow::parse(text).is_ok());
}
