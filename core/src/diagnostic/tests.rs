use super::*;
use crate::limits::Limits;
use crate::source::Source;
use proptest::prelude::*;
use serde_json::json;
use std::collections::HashMap;
use std::fmt::Write as _;

const TEXT: &str = r#"{
  "actions": [
    { "id": "1", "kind": "send_emial", "inputs": { "too": "é \u0022!ref($.state.1.naem)\ud83d\ude00!" } }
  ],
  "edges": [
    { "from": "$source", "to": "1" },
    { "from": "1", "to": "2" },
    { "from": "$source", "to": "1" }
  ]
}
"#;

fn at(pointer: &str) -> Pointer {
    pointer.parse().expect("a pointer")
}

fn report(text: &str, fill: impl FnOnce(&mut Findings)) -> Report {
    let mut findings = Findings::new(&Limits::default());
    fill(&mut findings);
    findings.into_report(&Source::named("welcome.json", text))
}

fn unknown_kind(nearest: Option<&str>) -> Problem {
    Problem::UnknownKind {
        kind: "send_emial".into(),
        nearest: nearest.map(str::to_owned),
        known: vec!["send_email".into(), "charge".into()],
    }
}

fn unknown_field() -> Problem {
    Problem::UnknownField {
        field: "naem".into(),
        container: "{ name: string }".into(),
        nearest: Some("name".into()),
        known: vec!["name".into()],
    }
}

/// A report with a bit of everything.
fn rich() -> Report {
    report(TEXT, |findings| {
        findings.report_related(
            at("/edges/2"),
            Problem::DuplicateEdge,
            vec![(at("/edges/0"), "first here".into())],
        );
        findings.report_related(
            at("/edges/1/to"),
            Problem::UnknownAction { id: "2".into(), nearest: None },
            vec![(at("/actions"), "the actions".into())],
        );
        findings.report(at("/actions/0/kind"), unknown_kind(Some("send_email")));
        findings.report(
            at("/actions/0/inputs/too"),
            Problem::UnknownInput {
                kind: "send_email".into(),
                input: "too".into(),
                nearest: Some("to".into()),
                known: vec!["to".into(), "body".into()],
            },
        );
        findings.report(
            at("/actions/0/inputs/to"),
            Problem::MissingInput {
                kind: "send_email".into(),
                input: "to".into(),
                expected: Some("string".into()),
                description: Some("Recipient\naddress".into()),
            },
        );
        findings.report_in_text(at("/actions/0/inputs/too"), 18..23, unknown_field());
        findings.report(
            at("/actions/0/id"),
            Problem::CheckedAtRunTime { expected: "email".into(), found: "string".into(), inside: None },
        );
        findings.report(Pointer::root(), Problem::Unlisted { dropped: 1 });
        findings.left_to_run_time(at("/actions/0/inputs/too"));
        findings.left_to_run_time(at("/actions/0/inputs/too"));
    })
}

#[test]
fn a_report_is_drawn_with_the_lines_of_its_source() {
    insta::assert_snapshot!(rich());
}

#[test]
fn a_report_is_json_for_programs() {
    insta::assert_snapshot!(format!("{:#}", rich().to_json()));
}

#[test]
fn colour_changes_nothing_but_colour() {
    let coloured = rich().render(true);
    let mut plain = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = after.split_once('m').map_or("", |(_, rest)| rest);
    }
    plain.push_str(rest);
    assert_ne!(coloured, plain);
    assert_eq!(plain, rich().to_string());
}

#[test]
#[expect(clippy::too_many_lines, reason = "one line a problem")]
fn every_problem_is_worded_in_the_same_style() {
    let text = |text: &str| text.to_owned();
    let inside = || {
        Some(Box::new(Inside {
            place: "n".into(),
            found: Some("string".into()),
            expected: Some("email".into()),
        }))
    };
    let some = |text: &str| Some(text.to_owned());
    let problems = vec![
        Problem::DuplicateKey { key: text("a") },
        Problem::UnheldNumber { literal: text("1e999") },
        Problem::Limit { what: text("actions"), limit: 10_000, found: 10_001 },
        Problem::MissingMember { owner: "the edge", member: "to", expected: "an action's id" },
        Problem::UnknownMember {
            owner: "an edge",
            member: text("form"),
            nearest: some("from"),
            known: &["from"],
        },
        Problem::WrongMember {
            what: "an action's `id`",
            expected: "a string",
            found: "a number",
            write: some("\"1\""),
        },
        Problem::UnknownConditionType { found: text("when"), nearest: None },
        Problem::MatchWithoutValue,
        Problem::ValueWithoutMatch { test: "else" },
        Problem::DuplicateId { id: text("1") },
        Problem::ReservedId { id: text("$x"), reason: ReservedBecause::Dollar },
        Problem::ReservedId { id: text(""), reason: ReservedBecause::Empty },
        Problem::ReservedId { id: "x".repeat(129), reason: ReservedBecause::TooLong },
        Problem::ReservedId { id: text("a\u{7}"), reason: ReservedBecause::ControlCharacter },
        unknown_kind(None),
        Problem::UnknownKind { kind: text("x"), nearest: None, known: vec![] },
        Problem::Deprecated { what: text("the kind `mail`"), advice: some("use `send_email`") },
        Problem::UnknownAction { id: text("snd"), nearest: some("send") },
        Problem::EdgeIntoSource,
        Problem::DuplicateEdge,
        Problem::Cycle { ids: vec![text("1"), text("2"), text("1")] },
        Problem::Cycle { ids: vec![text("1")] },
        Problem::Cycle { ids: (0..40).map(|id| id.to_string()).collect() },
        Problem::Unreachable { id: text("3") },
        Problem::NoStart,
        Problem::MissingInput { kind: text("send"), input: text("to"), expected: None, description: None },
        Problem::UnknownInput { kind: text("send"), input: text("x"), nearest: None, known: vec![] },
        Problem::UnknownInput {
            kind: text("send"),
            input: text("x"),
            nearest: None,
            known: vec![text("to")],
        },
        Problem::Fault { code: Code::BadFormat, message: text("this is no email"), help: None },
        Problem::NeverFits { expected: text("integer"), found: text("{ name: string }"), inside: None },
        Problem::AbsentRequired { reference: text("$.event.data.age"), expected: some("integer") },
        Problem::CheckedAtRunTime { expected: text("email"), found: text("string"), inside: None },
        Problem::CheckedAtRunTime {
            expected: text("{ n: email }"),
            found: text("{ n: string }"),
            inside: inside(),
        },
        Problem::NeverFits { expected: text("{ n: email }"), found: text("{ n: null }"), inside: inside() },
        Problem::MayBeNull { expected: text("string"), found: text("string | null") },
        Problem::MayNotFit {
            expected: text("integer"),
            found: text("number"),
            inside: None,
            example: Some(text("0.5")),
        },
        Problem::MayNotFit {
            expected: text("{ n: email }"),
            found: text("any[]"),
            inside: inside(),
            example: None,
        },
        Problem::MayBeSkipped { reference: text("!ref($.state.a)"), action: text("a") },
        Problem::Leave(LeaveFault::Needless),
        Problem::Leave(LeaveFault::UnknownAction { id: text("a"), nearest: Some(text("b")) }),
        Problem::Leave(LeaveFault::Nowhere { pointer: text("/a"), known: vec![text("/b")] }),
        Problem::Leave(LeaveFault::Shape {
            what: "`leave` is an object of action ids",
            found: "null",
            write: "`{}`",
        }),
        Problem::UnknownStateAction { id: text("9"), nearest: None },
        unknown_field(),
        Problem::NotUpstream { from: text("1"), to: text("2") },
        Problem::NotText { found: text("{ name: string }"), why: NotText::Never },
        Problem::NotARef,
        Problem::OutputOutsideEdge,
        Problem::OutputAtSource,
        Problem::Rule {
            code: Code::BadCondition,
            message: text("no operator `x`"),
            help: some("write `==`"),
        },
        Problem::Unlisted { dropped: 12_345 },
    ];
    let mut listed = String::new();
    for problem in problems {
        let Words { message, label, help } = problem.words();
        for text in [Some(&message), label.as_ref(), help.as_ref()].into_iter().flatten() {
            assert!(!text.ends_with('.') && !text.contains('\n'), "{text}");
            assert!(!text.starts_with(char::is_uppercase), "{text}");
        }
        let code = problem.code();
        let _ = write!(
            listed,
            "{code}: {message}\n  {}\n  {}\n",
            label.unwrap_or_default(),
            help.unwrap_or_default()
        );
    }
    insta::assert_snapshot!(listed);
}

#[test]
fn a_fix_makes_the_text_right() {
    let mut text = TEXT.to_owned();
    let report = rich();
    let mut edits = report.iter().flat_map(Diagnostic::fixes).flat_map(Fix::edits).collect::<Vec<_>>();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.range().start));
    assert_eq!(edits.len(), 3);
    for edit in edits {
        text.replace_range(edit.range(), edit.replacement());
    }
    assert!(
        text.contains(
            r#""kind": "send_email", "inputs": { "to": "é \u0022!ref($.state.1.name)\ud83d\ude00!" }"#
        ),
        "{text}"
    );
}

#[test]
fn a_fix_is_offered_only_where_it_is_right() {
    let fixes = |text: &str, fill: &dyn Fn(&mut Findings)| {
        let report = report(text, fill);
        report.diagnostics()[0].fixes().len()
    };
    let rename = |findings: &mut Findings| {
        let known = vec!["to".to_owned()];
        let nearest = Some("to".to_owned());
        findings.report(
            at("/too"),
            Problem::UnknownInput { kind: "k".into(), input: "too".into(), nearest, known },
        );
    };
    assert_eq!(fixes(r#"{ "too": 1 }"#, &rename), 1);
    assert_eq!(fixes(r#"{ "too": 1, "to": 2 }"#, &rename), 0);
    assert_eq!(fixes(r#"{ "x": 1 }"#, &rename), 0);
    let kind = |findings: &mut Findings| findings.report(at("/kind"), unknown_kind(Some("send_email")));
    assert_eq!(fixes(r#"{ "kind": "send_emial" }"#, &kind), 1);
    assert_eq!(fixes(r#"{ "kind": 1 }"#, &kind), 0);
    let field = |findings: &mut Findings| findings.report_in_text(at("/a"), 0..4, unknown_field());
    assert_eq!(fixes(r#"{ "a": "naem" }"#, &field), 0);
    assert_eq!(fixes(r#"{ "a": ".nae" }"#, &field), 1);
}

#[test]
fn a_problem_inside_a_string_is_found_behind_escapes() {
    let text = r#"["a\n\"é\ud83d\ude00\u00e9xyz!"]"#;
    let decoded = "a\n\"é😀éxyz!";
    for part in ["a", "\n", "\"", "é😀", "😀", "éx", "xyz", "z!", ""] {
        let start = decoded.find(part).expect("a part");
        let report = report(text, |findings| {
            findings.report_in_text(at("/0"), start..start + part.len(), Problem::NotARef);
        });
        let span = report.diagnostics()[0].span().expect("a span");
        let written = text.get(span).expect("a span of the text");
        assert_eq!(serde_json::from_str::<String>(&format!("\"{written}\"")).expect("JSON"), part);
    }
    let beyond = report(text, |findings| findings.report_in_text(at("/0"), 3..400, Problem::NotARef));
    assert_eq!(beyond.diagnostics()[0].span(), Some(1..text.len() - 1));
}

#[test]
fn what_is_missing_is_found_at_its_owner() {
    let text = r#"{ "a": [{ "b~/": 1 }] }"#;
    let report = report(text, |findings| {
        for pointer in ["/a/0/b~0~1", "/a/0/c/d", "/a/7", "/a/x", "/a/0/b~0~1/c", "/z", ""] {
            findings.report(at(pointer), Problem::NotARef);
        }
    });
    assert_eq!(report.diagnostics().len(), 7);
    for (pointer, at) in [
        ("/a/0/b~0~1", "1"),
        ("/a/0/c/d", r#"{ "b~/": 1 }"#),
        ("/a/7", r#"[{ "b~/": 1 }]"#),
        ("/a/x", r#"[{ "b~/": 1 }]"#),
        ("/a/0/b~0~1/c", "1"),
        ("/z", text),
        ("", text),
    ] {
        let diagnostic = report.iter().find(|d| d.pointer().as_str() == pointer).expect("listed");
        assert_eq!(diagnostic.span().and_then(|span| text.get(span)), Some(at), "{pointer}");
    }
}

#[test]
fn diagnostics_stand_by_position_and_each_once() {
    let report = report(TEXT, |findings| {
        findings.report(at("/edges/1/to"), Problem::NotARef);
        findings.report(at("/edges/1/to"), Problem::EdgeIntoSource);
        findings.report(at("/actions/0/id"), Problem::NotARef);
        findings.report(at("/edges/1/to"), Problem::NotARef);
        findings.report_span(0..1, Problem::NoStart);
    });
    let rows = report.iter().map(|d| (d.code(), d.pointer().as_str())).collect::<Vec<_>>();
    assert_eq!(
        rows,
        [
            (Code::NoStart, ""),
            (Code::NotARef, "/actions/0/id"),
            (Code::UnknownAction, "/edges/1/to"),
            (Code::NotARef, "/edges/1/to"),
        ]
    );
}

#[test]
fn levels_change_what_may_be_changed() {
    let levels = HashMap::from([
        (Code::UnknownMember, Level::Allow),
        (Code::NeverFits, Level::Hint),
        (Code::Deprecated, Level::Error),
        (Code::Cycle, Level::Allow),
        (Code::WrongType, Level::Warning),
    ]);
    let mut findings = Findings::with_levels(&Limits::default(), levels);
    let member = Problem::UnknownMember { owner: "an edge", member: "x".into(), nearest: None, known: &[] };
    findings.report(at("/edges/0"), member);
    findings.report(
        at("/edges/0/to"),
        Problem::NeverFits { expected: "integer".into(), found: "string".into(), inside: None },
    );
    assert!(!findings.has_errors());
    findings
        .report(at("/edges/1"), Problem::Fault { code: Code::WrongType, message: "x".into(), help: None });
    assert!(!findings.has_errors());
    let gap = Problem::WrongMember { what: "an edge", expected: "an object", found: "null", write: None };
    findings.report(at("/edges/2"), gap);
    findings.report(at("/actions/0"), Problem::Deprecated { what: "x".into(), advice: None });
    findings.report(at("/edges"), Problem::Cycle { ids: vec!["1".into()] });
    assert!(findings.has_errors());
    let report = findings.into_report(&Source::text(TEXT));
    let rows = report.iter().map(|d| (d.code(), d.severity())).collect::<Vec<_>>();
    assert_eq!(
        rows,
        [
            (Code::Deprecated, Severity::Error),
            (Code::Cycle, Severity::Error),
            (Code::NeverFits, Severity::Hint),
            (Code::WrongType, Severity::Warning),
            (Code::WrongType, Severity::Error),
        ]
    );
}

#[test]
fn a_report_lists_a_thousand_problems_and_errors_first() {
    let text = format!("[{}0]", "0,".repeat(5_000));
    let report = report(&text, |findings| {
        let hint = || Problem::CheckedAtRunTime { expected: "a".into(), found: "b".into(), inside: None };
        for position in 0..1_500 {
            findings.report(Pointer::root().element(position), hint());
        }
        assert!(!findings.is_full() && !findings.has_errors());
        for position in 0..400 {
            findings.report(Pointer::root().element(position), Problem::NotARef);
        }
        findings.report(Pointer::root(), hint());
    });
    assert_eq!((report.count(Severity::Error), report.count(Severity::Hint)), (400, 601));
    let last = report.diagnostics().last().expect("the last");
    assert_eq!(
        (last.code(), last.severity(), last.message()),
        (Code::Limit, Severity::Hint, "901 further problems are not listed")
    );
}

#[test]
fn dropped_errors_are_errors_still() {
    let mut findings = Findings::new(&Limits::default());
    for position in 0..1_001 {
        findings.report_at(Problem::NotARef, || Pointer::root().element(position));
    }
    assert!(findings.is_full());
    findings.report_at(Problem::NotARef, || panic!("nobody reads this pointer"));
    let report = findings.into_report(&Source::text("[]"));
    let last = report.diagnostics().last().expect("the last");
    assert_eq!((last.severity(), last.message()), (Severity::Error, "2 further problems are not listed"));
    let huge = Pointer::root().member(&"x".repeat(3 << 20));
    let mut findings = Findings::new(&Limits::default());
    findings.report(huge.clone(), Problem::NotARef);
    findings.report(huge, Problem::NotARef);
    assert!(findings.is_full() && findings.has_errors());
    assert_eq!(findings.into_report(&Source::text("[]")).diagnostics().len(), 2);
}

#[test]
fn a_long_line_is_cut_around_what_is_wrong() {
    let text = format!("[\"{}\", 7, \"{}\"]", "é".repeat(500), "y".repeat(500));
    let seven = text.find('7').expect("a seven");
    let report = report(&text, |findings| findings.report_span(seven..seven + 1, Problem::NotARef));
    insta::assert_snapshot!(report);
}

#[test]
fn odd_sources_are_drawn() {
    let draw = |text: &str, span: std::ops::Range<usize>| {
        report(text, |findings| findings.report_span(span, Problem::EdgeIntoSource)).to_string()
    };
    insta::assert_snapshot!(
        [
            draw("", 0..0),
            draw("ab", 2..2),
            draw("ab\r\n\tcd\r\n", 5..7),
            draw("a\n", 2..2),
            draw("\u{feff}x\u{202e}y\u{1b}[31mz\rw", 3..4),
            draw("[\n1,\n2]", 0..8),
            draw("x", 40..50),
        ]
        .join("\n----\n")
    );
}

#[test]
fn an_unnamed_source_is_drawn_with_line_and_column() {
    let mut findings = Findings::new(&Limits::default());
    findings.report_span(6..7, Problem::NoStart);
    let drawn = findings.into_report(&Source::text("{\n  éx}")).to_string();
    assert!(drawn.contains("\n --> line 2, column 4\n"), "{drawn}");
    assert!(drawn.ends_with("\nerror: 1 error"), "{drawn}");
}

#[test]
fn of_a_hostile_source_little_is_drawn() {
    let text = format!("[{}0]", "\"é\u{202e}\",".repeat(600_000));
    let report = report(&text, |findings| {
        for number in 0..1_000 {
            let related = vec![(Pointer::root().element(599_999 - number * 7), "and here".into())];
            findings.report_related(Pointer::root().element(number * 599), Problem::NotARef, related);
        }
    });
    let drawn = report.to_string();
    assert!(drawn.len() < 2_000_000, "{}", drawn.len());
    assert_eq!(report.to_json()["diagnostics"].as_array().map(Vec::len), Some(1_000));
}

proptest! {
    #[test]
    fn any_source_and_any_span_are_drawn(
        text in "(\\PC|[\\n\\r\\t \\x00-\\x1f{}\"]|\u{feff}|😀|[a-z]{100,200}){0,20}",
        spans in proptest::collection::vec((0..400_usize, 0..40_usize), 1..6),
        color in any::<bool>(),
    ) {
        let report = report(&text, |findings| {
            let place = |(start, length)| (Pointer::root(), start..start + length, "see here".to_owned());
            for &(start, length) in &spans {
                let related = spans.iter().map(|&span| place(span)).collect();
                findings.report_span_related(Pointer::root(), start..start + length, Problem::NoStart, related);
            }
        });
        prop_assert!(report.render(color).contains("no edge begins"));
        prop_assert!(report.to_json()["diagnostics"][0]["code"] == json!("no-start"));
    }
}
