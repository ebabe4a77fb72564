mod faults;
mod limits;
mod quick;
mod random;

use super::*;
use crate::diagnostic::Severity;
use serde_json::json;

const SMALL: &str =
    r#"{ "actions": [{ "id": "1", "kind": "greet" }], "edges": [{ "from": "$source", "to": "1" }] }"#;

/// What is wrong with a text: each code and severity, the pointer, and the text there.
fn found(source: impl Into<Source>) -> Vec<String> {
    let source = source.into();
    let limits = Limits::default();
    let mut findings = Findings::new(&limits);
    read(&source, &limits, &mut findings);
    rows(&findings.into_report(&source))
}

fn rows(report: &Report) -> Vec<String> {
    let row = |diagnostic: &crate::Diagnostic| {
        let at =
            diagnostic.span().map(|span| report.source().as_str().get(span).expect("a span of the text"));
        let weaker = match diagnostic.severity() {
            Severity::Error => "",
            Severity::Warning => " (warning)",
            Severity::Hint => " (hint)",
        };
        format!("{}{weaker} {} {}", diagnostic.code(), diagnostic.pointer(), at.unwrap_or("nowhere"))
    };
    report.iter().map(row).collect()
}

/// A document with this text in place of its edges.
fn with_edges(edges: &str) -> String {
    format!(r#"{{ "actions": [], "edges": {edges} }}"#)
}

#[test]
fn a_document_of_the_editor_is_read_as_it_stands() {
    let text = r#"{
      "name": "Welcome", "description": "", "metadata": { "x": { "y": 20 } },
      "actions": [
        { "id": "1", "kind": "greet", "name": "Greet", "description": "d",
          "inputs": { "z": "!ref($.event.data.name)", "a": [1, -0, 2.50, 18446744073709551615], "é": null } },
        { "id": "2", "kind": "end" }
      ],
      "edges": [
        { "from": "$source", "to": "1" },
        { "from": "1", "to": "2", "name": "ok", "conditional": { "type": "match", "ref": "!ref($.output)", "value": [1] } },
        { "from": "1", "to": "2", "conditional": { "type": "else", "ref": "!ref($.output)" } }
      ]
    }"#;
    let workflow = Workflow::parse(text).expect("a document");
    assert_eq!((workflow.name(), workflow.description()), (Some("Welcome"), Some("")));
    assert_eq!(workflow.metadata(), Some(&json!({ "x": { "y": 20 } })));
    let [greet, end] = workflow.actions() else { panic!("two actions") };
    assert_eq!(
        (greet.id(), greet.kind(), greet.name(), greet.description()),
        ("1", "greet", Some("Greet"), Some("d"))
    );
    let inputs = greet.inputs().collect::<Vec<_>>();
    assert_eq!(
        inputs,
        [("z", &json!("!ref($.event.data.name)")), ("a", &json!([1, 0, 2.5, u64::MAX])), ("é", &json!(null))]
    );
    assert_eq!((end.inputs().len(), end.has_inputs), (0, false));
    let tests =
        workflow.edges().iter().map(|edge| edge.conditional().map(Conditional::test)).collect::<Vec<_>>();
    assert_eq!(tests, [None, Some(&Test::Match(json!([1]))), Some(&Test::Else)]);
    assert_eq!(
        (workflow.edges()[0].from(), workflow.edges()[0].to(), workflow.edges()[1].name()),
        ("$source", "1", Some("ok"))
    );
}

#[test]
fn a_document_is_its_text() {
    let text = "{\n\t\"actions\": [{\"id\": \"1\", \"kind\": \"k\", \"position\": 1.50e0}],\r\n \"edges\":[] , \"\\u0078\": 1 }";
    let workflow: Workflow = text.parse().expect("a document");
    assert_eq!(workflow.to_string(), text);
    assert_eq!(serde_json::to_string(&[&workflow]).expect("JSON"), format!("[{text}]"));
    let read: Vec<Workflow> = serde_json::from_str(&format!("[ {text} ]")).expect("a document");
    assert_eq!(read[0].to_string(), text);
    assert_eq!(Source::from(&workflow), Source::text(text));
}

#[test]
fn a_document_with_comments_serializes_as_json() {
    let text = "// \"a\"\n{ \"actions\": [ /* none */ ], \"edges\": [], \"name\": \"// no comment\" } // end";
    let workflow = Workflow::parse(Source::named("x.jsonc", text)).expect("a document");
    assert_eq!(workflow.to_string(), text);
    let value = serde_json::to_value(&workflow).expect("JSON");
    assert_eq!(value, json!({ "actions": [], "edges": [], "name": "// no comment" }));
    assert_eq!(found(text)[0], "syntax  // \"a\"");
}

#[test]
fn a_value_becomes_a_document() {
    let value: Value = serde_json::from_str(SMALL).expect("JSON");
    let workflow = Workflow::try_from(value.clone()).expect("a document");
    assert_eq!(serde_json::to_value(&workflow).expect("JSON"), value);
    let from_value: Workflow = serde_json::from_value(value).expect("a document");
    assert_eq!(from_value.actions(), workflow.actions());
    let error = serde_json::from_str::<Workflow>(r#"{ "actions": 1 }"#).expect_err("no document").to_string();
    assert_eq!(error, "the workflow has no `edges`, the first of 2 errors");
    assert!(!is_deeper(&json!([[[1], {}]]), 3));
    assert!(is_deeper(&json!([[[1], {}]]), 2));
}

#[test]
fn a_value_of_any_depth_is_refused_and_dropped() {
    let mut deep = json!(1);
    for _ in 0..100_000 {
        deep = Value::Array(vec![Value::Object([("a".to_owned(), deep)].into_iter().collect())]);
    }
    let report = Workflow::try_from(deep).expect_err("too deep");
    assert_eq!(rows(&report), ["limit  nowhere"]);
}

#[test]
fn a_document_is_at_most_as_deep_as_serde_json_reads() {
    let deep = |depth: usize| {
        let limits = Limits::default().nesting(1_000);
        let source =
            Source::from(with_edges(&format!("[], \"x\": {}{}", "[".repeat(depth), "]".repeat(depth))));
        let mut findings = Findings::new(&limits);
        let document = read(&source, &limits, &mut findings);
        assert_eq!(document.is_some(), serde_json::from_str::<Value>(source.as_str()).is_ok());
        document.is_some()
    };
    assert!(deep(DEEPEST - 1));
    assert!(!deep(DEEPEST));
}
