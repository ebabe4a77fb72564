use super::*;
use crate::diagnostic::{Code, Severity};
use proptest::prelude::*;
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
fn a_large_document_with_long_keys_and_many_faults_is_read_in_no_time() {
    let key = "k".repeat(1 << 20);
    let text = format!(
        r#"{{ "actions": [{{ "id": "1", "kind": "k", "inputs": {{ "{key}": [{}1] }} }}], "edges": [] }}"#,
        "1e999,".repeat(200_000)
    );
    let start = std::time::Instant::now();
    let report = Workflow::parse(text).expect_err("many faults");
    let drawn = report.to_string();
    assert!(drawn.ends_with("errors"), "{}", drawn.len());
    assert_eq!(report.diagnostics().last().map(crate::Diagnostic::code), Some(Code::Limit));
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

#[test]
fn ever_so_many_unknown_members_are_read_in_no_time() {
    let members = (0..40_000).map(|number| format!("\"k{number}\": 1, ")).collect::<Vec<_>>().concat();
    let start = std::time::Instant::now();
    let report = Workflow::parse(format!("{{ {members} \"actions\": [] }}")).expect_err("no edges");
    assert_eq!((report.count(Severity::Error), report.count(Severity::Warning)), (1, 1_000));
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

/// A document with everything in it.
const RICH: &str = r#"{ "name": "n\u00e9", "metadata": { "a": [1, 2.5, -3e2, true, null, {}] },
  "actions": [{ "id": "1", "kind": "k", "inputs": { "x": "!ref($.event)", "y": ["\"", ""] } }, { "id": "2", "kind": "é" }],
  "edges": [{ "from": "$source", "to": "1" }, { "from": "1", "to": "2", "conditional": { "type": "match", "ref": "r", "value": 0 } }] }"#;

fn mutated(text: &str) -> impl Strategy<Value = String> {
    let text = text.to_owned();
    let piece = prop_oneof![
        "[\\[\\]{},:\"'/*\\\\0-9eE+.a-z \\n\\r\\t\u{feff}\u{a0}-]{0,3}",
        proptest::sample::select(vec![
            "\\ud83d", "\\u00", "//", "/*", "*/", "null", "1e999", "\u{1}", "😀", "{}", "\"id\":"
        ])
        .prop_map(str::to_owned),
    ];
    proptest::collection::vec((any::<proptest::sample::Index>(), 0..6_usize, piece), 0..5).prop_map(
        move |edits| {
            let mut chars = text.chars().collect::<Vec<_>>();
            for (at, cut, piece) in edits {
                let at = at.index(chars.len() + 1);
                let end = (at + cut).min(chars.len());
                chars.splice(at..end, piece.chars());
            }
            String::from_iter(chars)
        },
    )
}

/// The actions with their inputs by name: a JSON value forgets their order.
fn sorted(workflow: &Workflow) -> Vec<WorkflowAction> {
    let mut actions = workflow.actions().to_vec();
    for action in &mut actions {
        action.inputs.sort_by(|(a, _), (b, _)| a.cmp(b));
    }
    actions
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_text_is_read_without_a_panic_and_what_is_accepted_is_json(
        text in prop_oneof![9 => mutated(RICH), 1 => any::<String>()],
        comments in any::<bool>(),
    ) {
        let source = Source::named(if comments { "a.jsonc" } else { "a.json" }, &text);
        match Workflow::parse(&source) {
            Ok(workflow) => {
                let value = serde_json::to_value(&workflow).expect("JSON");
                if !comments {
                    let direct = serde_json::from_str::<Value>(&text).expect("what is accepted is JSON");
                    prop_assert_eq!(&value, &direct);
                }
                let again = Workflow::try_from(value).expect("the same document");
                prop_assert_eq!(sorted(&again), sorted(&workflow));
                prop_assert_eq!(again.edges(), workflow.edges());
            }
            Err(report) => {
                prop_assert!(report.has_errors());
                for diagnostic in &report {
                    prop_assert!(diagnostic.span().is_none_or(|span| text.get(span).is_some()), "{:?}", diagnostic);
                }
                prop_assert!(report.to_string().contains("error"));
                prop_assert!(report.render(true).contains("error"));
                prop_assert!(report.to_json().is_object());
                if let Ok(value) = serde_json::from_str::<Value>(&text) {
                    // Whatever is JSON is no syntax error, but for names that stand twice.
                    let twice = |d: &crate::Diagnostic| d.message().ends_with("stands here twice");
                    prop_assert!(report.iter().all(|d| d.code() != Code::Syntax || twice(d)), "{}\n{}", report, value);
                }
            }
        }
    }
}

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
