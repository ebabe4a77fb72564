//! How long documents of a megabyte take, however they are made, and what they hold meanwhile:
//! `cargo bench -p flowright-tests --bench large`.
//!
//! Each line is `large/<document> seconds <time> MB <memory> <what came of it>`. A document is checked, with the report written out,
//! and run where it is accepted; a schema is read, and held against itself. It is the fastest of three times, and the most
//! that the process held, of which each document has one.

mod documents;

use documents::{DOCUMENTS, Document, SCHEMAS};
use flowright::{ActionStatus, Engine, Registry};
use flowright_schema::{Origin, Type};
use flowright_tests::actions::ACTIONS;
use futures_util::FutureExt;
use serde_json::json;
use std::fs;
use std::process::Command;
use std::time::Instant;

/// Which document this process is for.
const ONLY: &str = "FLOWRIGHT_LARGE_DOCUMENT";

/// Checks a document and runs it, and says what came of it.
fn judge(engine: &Engine, text: &str) -> String {
    let workflow = match engine.registry().check(text) {
        Ok(workflow) => workflow,
        Err(report) => {
            let written = report.to_string().len() + report.to_json().to_string().len();
            assert!(written > 0);
            return format!("refused with {} findings", report.iter().count());
        }
    };
    let event = json!({ "name": "large", "data": { "text": "x", "flag": true } });
    let outcome = engine.run(&workflow, event).now_or_never().expect("nothing waits").expect("it may begin");
    if let Some(failure) = outcome.failure() {
        return format!("failed with {}", failure.code());
    }
    let left = outcome.actions().filter(|(_, status)| *status != ActionStatus::Completed).count();
    if left == 0 { "completed".to_owned() } else { format!("skipped {left} actions") }
}

/// Reads a schema and holds it against itself, and says what is known of that.
fn judge_schema(text: &str) -> String {
    let schema = serde_json::from_str(text).expect("it is JSON");
    match Type::parse(&schema, Origin::Schema) {
        Ok(read) => format!("{:?}", read.fits(&read).verdict),
        Err(faults) => format!("refused for {faults:?}"),
    }
}

/// The most memory that this process held at once, in MB.
fn most_held() -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux tells of its processes");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("memory is told");
    let kilobytes = line.trim().trim_end_matches(" kB").parse::<f64>().expect("a number");
    kilobytes * 1.024 / 1_000.0
}

fn measure(Document { name, write, comes_to }: &Document, judge: impl Fn(&str) -> String) {
    let text = write();
    let came = judge(&text);
    assert!(came.starts_with(comes_to), "{name}: {came}");
    let time = || {
        let start = Instant::now();
        judge(&text);
        start.elapsed().as_secs_f64()
    };
    let seconds = (0..3).map(|_| time()).fold(f64::INFINITY, f64::min);
    println!("large/{name} seconds {seconds:.3} MB {:.1} {came}", most_held());
}

fn main() {
    if let Ok(asked) = std::env::var(ONLY) {
        let is_asked = |document: &&Document| document.name == asked;
        let registry = Registry::builder().actions(ACTIONS).build().expect("the registry is right");
        let engine = Engine::builder(registry).build().expect("nothing is borrowed");
        DOCUMENTS.iter().filter(is_asked).for_each(|document| measure(document, |text| judge(&engine, text)));
        SCHEMAS.iter().filter(is_asked).for_each(|document| measure(document, judge_schema));
        return;
    }
    let this = std::env::current_exe().expect("this program is a file");
    for Document { name, .. } in DOCUMENTS.iter().chain(&SCHEMAS) {
        let ended = Command::new(&this).env(ONLY, name).status().expect("it begins anew");
        assert!(ended.success(), "{name}: {ended}");
    }
}
