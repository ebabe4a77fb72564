//! The error index, `core/errors`: every example on its pages is checked against the shop of `flowright_tests::errors`.
//!
//! What is generated there, the reports, the lines on severity and the tables of the index, is held against what is
//! checked now; `FLOWRIGHT_BLESS=1` writes it anew.

use flowright::{Code, Diagnostic, Registry, Report, Severity, Source};
use flowright_schema::{Origin, Type};
use flowright_tests::errors::{EVENT, registry};
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/errors")
}

fn page(code: Code) -> String {
    let path = folder().join(format!("{code}.md"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The text of each fenced block of a language, as a range of the page.
fn blocks(page: &str, language: &str) -> Vec<Range<usize>> {
    let opening = format!("```{language}\n");
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = page[at..].find(&opening).map(|start| at + start + opening.len()) {
        let end = start + page[start..].find("```\n").expect("the block is closed");
        found.push(start..end);
        at = end;
    }
    found
}

/// The mistake and the corrected document of a page, and between them the place of the report.
fn parts(code: Code, page: &str) -> (&str, Range<usize>, &str) {
    let (json, text) = (blocks(page, "json"), blocks(page, "text"));
    let ([wrong, right], [report]) = (json.as_slice(), text.as_slice()) else {
        panic!("{code}: a page has a ```json, its ```text, and the corrected ```json, once each");
    };
    assert!(wrong.end < report.start && report.end < right.start, "{code}: the blocks are out of order");
    (&page[wrong.clone()], report.clone(), &page[right.clone()])
}

fn check(document: &str) -> Report {
    match registry().check(Source::named("workflow.json", document)) {
        Ok(workflow) => workflow.report().clone(),
        Err(report) => report,
    }
}

/// What the index says of how bad a code is.
fn severity(code: Code) -> &'static str {
    match (code.default_severity(), code.may_be_lowered()) {
        (Severity::Error, false) => "Always an error.",
        (Severity::Error, true) => "An error, unless a level says otherwise.",
        (Severity::Warning, _) => "A warning, unless a level says otherwise.",
        (Severity::Hint, _) => "A hint, unless a level says otherwise.",
    }
}

/// The page with all that is generated in it.
fn generated(code: Code) -> String {
    let page = page(code);
    let (wrong, report, _) = parts(code, &page);
    let drawn = format!("{}\n", check(wrong));
    let body = format!("{}{drawn}{}", &page[..report.start], &page[report.end..]);
    let mut lines = body.splitn(4, '\n');
    let (_title, _blank, _severity, rest) = (lines.next(), lines.next(), lines.next(), lines.next());
    format!("# `{code}`\n\n{}\n{}", severity(code), rest.unwrap_or_default())
}

fn typed(schema: &Value, origin: Origin) -> String {
    Type::parse(schema, origin).expect("the shop's types are read").to_string()
}

/// What the shop's actions take and yield, in flowright's notation.
fn signatures(registry: &Registry) -> String {
    let mut drawn = String::new();
    for action in registry.definitions().filter(|action| !action.kind().starts_with("builtin:")) {
        let inputs = &action.inputs_schema();
        let output = typed(&action.output_schema(), Origin::Rust);
        let _ = writeln!(drawn, "{} {} -> {output}", action.kind(), typed(inputs, Origin::Schema));
    }
    let order = serde_json::to_value(schemars::schema_for!(flowright_tests::errors::Order));
    let order = typed(&order.expect("a schema is JSON"), Origin::Rust);
    let _ = writeln!(drawn, "event {EVENT}: {order}");
    drawn
}

/// The index with all that is generated in it.
fn index() -> String {
    let text = fs::read_to_string(folder().join("README.md")).expect("the index is there");
    let signed = blocks(&text, "text");
    let [block] = signed.as_slice() else { panic!("the index shows the shop in one ```text") };
    let text = format!("{}{}{}", &text[..block.start], signatures(&registry()), &text[block.end..]);
    let mut table = "| code | is | a level may change it | means |\n|---|---|---|---|\n".to_owned();
    for &code in Code::ALL {
        let free = if code.may_be_lowered() { "yes" } else { "no" };
        let means = code.summary().trim_end_matches('.');
        let _ = writeln!(table, "| [`{code}`]({code}.md) | {} | {free} | {means} |", code.default_severity());
    }
    let start = text.find("| code |").expect("the index has its table");
    let end = text[start..].find("\n\n").map_or(text.len(), |end| start + end + 1);
    format!("{}{table}{}", &text[..start], &text[end..])
}

#[test]
fn what_is_generated_in_the_index_is_what_is_checked_now() {
    let bless = std::env::var_os("FLOWRIGHT_BLESS").is_some();
    let pages = Code::ALL.iter().map(|&code| (folder().join(format!("{code}.md")), generated(code)));
    let mut stale = Vec::new();
    let mut hold = |path: PathBuf, now: String| {
        if fs::read_to_string(&path).expect("the page is there") == now {
            return;
        }
        if bless {
            fs::write(&path, now).expect("it is writable");
        } else {
            stale.push(format!("{}:\n{now}", path.display()));
        }
    };
    pages.for_each(|(path, now)| hold(path, now));
    hold(folder().join("README.md"), index());
    assert!(stale.is_empty(), "run with FLOWRIGHT_BLESS=1, and read what changes:\n{}", stale.join("\n"));
}

#[test]
fn the_first_example_of_a_page_makes_its_mistake_and_no_other() {
    let mut others = Vec::new();
    for &code in Code::ALL {
        let report = check(parts(code, &page(code)).0);
        let codes: Vec<Code> = report.iter().map(Diagnostic::code).collect();
        if codes != [code] {
            others.push(format!("{code}: {report}"));
        }
    }
    assert!(others.is_empty(), "{}", others.join("\n"));
}

#[test]
fn the_corrected_example_of_a_page_is_right() {
    let mut wrong = Vec::new();
    for &code in Code::ALL {
        let report = check(parts(code, &page(code)).2);
        if !report.is_empty() {
            wrong.push(format!("{code}: {report}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_page_of_a_code_is_its_explanation() {
    for &code in Code::ALL {
        assert_eq!(code.explanation(), page(code));
    }
}

#[test]
fn every_page_is_of_a_code() {
    for entry in fs::read_dir(folder()).expect("the folder is there") {
        let path = entry.expect("it is readable").path();
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a page has a name");
        assert!(name == "README" || name.parse::<Code>().is_ok(), "{} is of no code", path.display());
    }
}

#[test]
fn a_page_says_what_why_and_what_to_write_instead() {
    for &code in Code::ALL {
        let page = page(code);
        let headings: Vec<&str> = page.lines().filter(|line| line.starts_with("## ")).collect();
        let right = ["## Why", "## Instead"];
        assert_eq!(headings.get(..2), Some(&right[..]), "{code}");
        assert!(headings.len() <= 3 && headings.get(2).is_none_or(|last| *last == "## Notes"), "{code}");
        let long = page.split("```").step_by(2).flat_map(str::lines).find(|line| line.chars().count() > 120);
        assert_eq!(long, None, "{code}: a line is longer than 120 characters");
    }
}
