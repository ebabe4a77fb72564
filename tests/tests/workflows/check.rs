//! Documents and what the checker says of them, word for word.
//!
//! `check/ok/**/*.json`: nothing at all is said. `check/err/<code>/*.json`: one diagnostic, of that code; in `several`,
//! any number. What is said stands beside each document in a `.txt`; `FLOWRIGHT_BLESS=1` writes it anew. What a document
//! needs of its registry stands in a `.with.json`: `{ mode?, event_schema? }`.

use crate::draft::{Draft, accepted, refused};
use flowright::{ActionDefinition, CheckedWorkflow, Code, Mode, Registry, Report, Severity, Source};
use flowright_tests::actions::ACTIONS;
use flowright_tests::typed;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("check")
}

/// Every document below a folder, by name.
fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("it is readable").path();
            if path.is_dir() {
                open.push(path);
            } else if is_document(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Whether a file is a document; beside one may stand a `.with.json` that says what to check it with.
fn is_document(path: &Path) -> bool {
    let json = path.extension().is_some_and(|extension| extension == "json" || extension == "jsonc");
    json && !path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with(".with"))
}

/// The actions of `conform`, those with inputs of many types, and one that is deprecated.
fn registry(with: &Value) -> Registry {
    let shout = ActionDefinition::builder("shout")
        .input::<String>("text")
        .deprecated("use `upper`")
        .handler(|call| call.input::<String>("text").map(Value::from))
        .build();
    let mut builder = Registry::builder().actions(ACTIONS).actions(typed::ACTIONS).action(shout);
    builder = match with["mode"].as_str() {
        None | Some("default") => builder,
        Some("strict") => builder.mode(Mode::Strict),
        Some("lenient") => builder.mode(Mode::Lenient),
        Some(other) => panic!("no mode {other}"),
    };
    if let Some(schema) = with.get("event_schema") {
        builder = builder.event_schema("event", schema.clone());
    }
    builder.build().expect("it is right")
}

fn check(document: &Path) -> Result<CheckedWorkflow, Report> {
    let (registry, source) = read(document);
    registry.check(source)
}

/// What a document needs of its registry.
fn with(document: &Path) -> Value {
    match fs::read_to_string(document.with_extension("with.json")) {
        Ok(text) => serde_json::from_str(&text).expect("it is JSON"),
        Err(_) => json!({}),
    }
}

/// A document, and the registry that it is held against.
fn read(document: &Path) -> (Registry, Source) {
    let text = fs::read_to_string(document).expect("it is readable");
    let name = document.strip_prefix(root()).expect("it stands below").to_string_lossy().replace('\\', "/");
    (registry(&with(document)), Source::named(&name, &text))
}

/// What is said: drawn, and below it what is not drawn.
fn said(checked: &Result<CheckedWorkflow, Report>) -> String {
    let report = match checked {
        Ok(workflow) => workflow.report(),
        Err(report) => report,
    };
    let mut said = format!("{report}\n");
    for found in report {
        let _ = write!(said, "\n{} {} at {:?}", found.severity(), found.code(), found.pointer().as_str());
    }
    for left in report.left_to_run_time() {
        let _ = write!(said, "\nleft to run time: {:?}", left.as_str());
    }
    said.push('\n');
    said
}

#[test]
fn right_documents_are_accepted_without_a_word() {
    let documents = documents(&root().join("ok"));
    assert!(documents.len() >= 10);
    for document in documents {
        let workflow = accepted(check(&document));
        assert!(workflow.report().is_empty(), "{}:\n{}", document.display(), workflow.report());
    }
}

#[test]
fn right_documents_are_of_the_schema() {
    for document in documents(&root().join("ok")) {
        let (registry, source) = read(&document);
        let validator = jsonschema::validator_for(&registry.workflow_schema()).expect("it is a schema");
        let workflow = serde_json::to_value(accepted(registry.check(source)).workflow()).expect("it is JSON");
        let faults: Vec<String> = validator
            .iter_errors(&workflow)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{}: {faults:?}", document.display());
    }
}

#[test]
fn what_is_said_of_a_document_stands_beside_it() {
    let bless = std::env::var_os("FLOWRIGHT_BLESS").is_some();
    let mut stale = Vec::new();
    for document in documents(&root().join("err")) {
        let now = said(&check(&document));
        let golden = document.with_extension("txt");
        if fs::read_to_string(&golden).unwrap_or_default() != now {
            if bless {
                fs::write(&golden, &now).expect("it is writable");
            } else {
                stale.push(format!("{}:\n{now}", golden.display()));
            }
        }
    }
    assert!(stale.is_empty(), "run with FLOWRIGHT_BLESS=1, and read what changes:\n{}", stale.join("\n"));
}

#[test]
fn an_exported_registry_says_the_same() {
    for document in documents(&root()) {
        let (registry, source) = read(&document);
        let exported = registry.exported().to_string();
        let exported = serde_json::from_str(&exported).expect("it is JSON");
        let elsewhere = Registry::from_exported(&exported).unwrap_or_else(|error| panic!("{error}"));
        let (own, other) = (said(&registry.check(source.clone())), said(&elsewhere.check(source)));
        assert_eq!(own, other, "{}", document.display());
    }
}

#[test]
fn nothing_is_said_of_a_document_that_is_gone() {
    for folder in ["ok", "err"] {
        let documents = documents(&root().join(folder));
        let mut open = vec![root().join(folder)];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(&folder).expect("the folder is there") {
                let path = entry.expect("it is readable").path();
                if path.is_dir() {
                    open.push(path);
                } else if !documents.contains(&path) {
                    let name = path.to_string_lossy().into_owned();
                    let stem = name.trim_end_matches(".txt").trim_end_matches(".with.json");
                    let has_document = documents
                        .iter()
                        .any(|document| document.with_extension("").to_string_lossy() == stem);
                    assert!(has_document, "{name} belongs to no document");
                }
            }
        }
    }
}

#[test]
fn one_mistake_is_one_diagnostic() {
    let mut others = Vec::new();
    for document in documents(&root().join("err")) {
        let folder =
            document.parent().and_then(Path::file_name).and_then(|name| name.to_str()).unwrap_or_default();
        if folder == "several" {
            continue;
        }
        let code: Code = folder.parse().unwrap_or_else(|error| panic!("{}: {error}", document.display()));
        let checked = check(&document);
        let report = match &checked {
            Ok(workflow) => workflow.report(),
            Err(report) => report,
        };
        let codes: Vec<Code> = report.iter().map(flowright::Diagnostic::code).collect();
        if codes != [code] {
            others.push(report.to_string());
        }
    }
    assert!(others.is_empty(), "{}", others.join("\n"));
}

#[test]
fn several_mistakes_are_several_diagnostics() {
    let documents = documents(&root().join("err/several"));
    assert!(documents.len() >= 3);
    for document in documents {
        let report = check(&document).map_or_else(|report| report, |workflow| workflow.report().clone());
        assert!(report.iter().len() > 1, "{}:\n{report}", document.display());
    }
}

/// What may come right when the workflow runs.
const LENIENT: [Code; 5] =
    [Code::MayBeAbsent, Code::MayBeNull, Code::MayBeSkipped, Code::MayNotFit, Code::NotText];

#[test]
fn lenient_mode_takes_what_may_come_right_and_nothing_else() {
    let mut taken = BTreeSet::new();
    for document in documents(&root().join("err")) {
        let errors = |mode: &str| {
            let mut with = with(&document);
            with["mode"] = mode.into();
            let report = registry(&with).check(read(&document).1);
            let report = report.map_or_else(|report| report, |workflow| workflow.report().clone());
            let errors = report.iter().filter(|found| found.severity() == Severity::Error);
            errors.map(|found| (found.code(), found.pointer().to_string())).collect::<Vec<_>>()
        };
        let (may_come_right, others): (Vec<_>, Vec<_>) =
            errors("default").into_iter().partition(|(code, _)| LENIENT.contains(code));
        taken.extend(may_come_right.into_iter().map(|(code, _)| code));
        assert_eq!(errors("lenient"), others, "{}", document.display());
    }
    assert_eq!(taken, BTreeSet::from(LENIENT));
}

#[test]
fn every_code_has_documents() {
    for &code in Code::ALL {
        let folder = root().join("err").join(code.slug());
        let found = if folder.is_dir() { documents(&folder).len() } else { 0 };
        assert!(found >= 2, "{code} has {found} documents in {}", folder.display());
    }
}

#[test]
fn messages_are_in_the_voice_of_the_house() {
    let mut said = BTreeSet::new();
    for document in documents(&root().join("err")) {
        let report = check(&document).map_or_else(|report| report, |workflow| workflow.report().clone());
        for found in &report {
            said.insert((found.message().to_owned(), document.clone()));
            if let Some(help) = found.help() {
                said.insert((help.to_owned(), document.clone()));
            }
        }
    }
    assert!(said.len() > 50);
    for (words, document) in said {
        let document = document.display();
        assert!(!words.ends_with('.'), "{document}: a full stop: {words}");
        let first = words.chars().next().unwrap_or('A');
        assert!(!first.is_uppercase() || words.starts_with("JSON"), "{document}: a capital: {words}");
        assert!(
            !words.contains("::") && !words.contains("Option<") && !words.contains("Value"),
            "{document}: Rust: {words}"
        );
        assert!(words.matches('`').count() % 2 == 0, "{document}: an open backtick: {words}");
        assert!(!words.contains("  ") && !words.contains('\n'), "{document}: {words:?}");
    }
}

#[test]
fn no_help_advises_a_cycle() {
    for draft in [
        Draft::new().echo("1", "!ref($.state.1)").start("1"),
        Draft::new().echo("1", "!ref($.state.2)").echo("2", 1).start("1").edge("1", "2"),
        Draft::new().echo("1", 1).echo("2", 1).start("1").edge("1", "2").when(
            "$source",
            "2",
            "!ref($.state.1)",
        ),
    ] {
        let report = refused(draft.check());
        let help = report.diagnostics()[0].help().unwrap_or_default();
        assert!(!help.contains("let a way of edges"), "{report}");
    }
}
