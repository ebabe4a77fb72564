//! No text takes too much.

use super::*;
use crate::diagnostic::Code;

#[test]
fn limits_are_kept() {
    let read_with = |text: &str, limits: Limits| {
        let source = Source::text(text);
        let mut findings = Findings::new(&limits);
        let document = read(&source, &limits, &mut findings);
        (document.is_some(), rows(&findings.into_report(&source)))
    };
    let bytes = SMALL.len();
    assert_eq!(read_with(SMALL, Limits::default().document_bytes(bytes)), (true, vec![]));
    assert_eq!(
        read_with(SMALL, Limits::default().document_bytes(bytes - 1)),
        (false, vec!["limit  nowhere".to_owned()])
    );
    assert_eq!(read_with(SMALL, Limits::default().actions(1).edges(1).nesting(3)), (true, vec![]));
    assert_eq!(read_with(SMALL, Limits::default().nesting(2)), (false, vec!["limit  {".to_owned()]));
    let (read, rows) = read_with(SMALL, Limits::default().actions(0));
    assert_eq!((read, rows.len(), rows[0].starts_with("limit /actions [")), (false, 1, true));
    let (read, rows) = read_with(SMALL, Limits::default().edges(0));
    assert_eq!((read, rows.len(), rows[0].starts_with("limit /edges [")), (false, 1, true));
}

#[test]
fn a_hundred_thousand_brackets_are_one_limit() {
    for open in ["[", "{\"a\":", "{'a':[", "/* */["] {
        let text = format!("{{\"actions\": {}", open.repeat(100_000));
        let report = Workflow::parse(text).expect_err("too deep");
        let codes = report.iter().map(crate::Diagnostic::code).collect::<Vec<_>>();
        assert_eq!(codes, [Code::Limit], "{open}");
        assert_eq!(
            report.diagnostics()[0].message(),
            "65 arrays and objects stand inside each other, but at most 64 are allowed"
        );
    }
}

#[test]
fn a_large_document_with_long_keys_and_many_faults_is_read_to_its_limit() {
    let key = "k".repeat(1 << 20);
    let text = format!(
        r#"{{ "actions": [{{ "id": "1", "kind": "k", "inputs": {{ "{key}": [{}1] }} }}], "edges": [] }}"#,
        "1e999,".repeat(200_000)
    );
    let report = Workflow::parse(text).expect_err("many faults");
    let drawn = report.to_string();
    assert!(drawn.ends_with("errors"), "{}", drawn.len());
    assert_eq!(report.diagnostics().last().map(crate::Diagnostic::code), Some(Code::Limit));
}

#[test]
fn of_ever_so_many_unknown_members_a_thousand_are_told() {
    let members = (0..40_000).map(|number| format!("\"k{number}\": 1, ")).collect::<Vec<_>>().concat();
    let report = Workflow::parse(format!("{{ {members} \"actions\": [] }}")).expect_err("no edges");
    assert_eq!((report.count(Severity::Error), report.count(Severity::Warning)), (1, 1_000));
}
