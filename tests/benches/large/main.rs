//! How long documents of a megabyte take, however they are made, and what they hold meanwhile:
//! `cargo bench -p flowright-tests --bench large`.
//!
//! Each line is `large/<document> seconds <time> MB <memory> <what came of it>`: the fastest of three checks, with the report
//! written out and, where the document is accepted, its run; and the most that is held at once in another one.

mod documents;

use dhat::HeapStats;
use documents::DOCUMENTS;
use flowright::{Engine, Registry};
use flowright_tests::actions::ACTIONS;
use futures_util::FutureExt;
use serde_json::json;
use std::time::Instant;

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

/// Checks a document and runs it, and says what came of it.
fn judge(engine: &Engine, text: &str) -> String {
    let workflow = match engine.registry().check(text) {
        Ok(workflow) => workflow,
        Err(report) => {
            let written = report.to_string().len() + report.to_json().to_string().len();
            assert!(written > 0);
            return format!("refused with {} findings", report.len());
        }
    };
    let event = json!({ "name": "large", "data": { "text": "x", "flag": true } });
    let outcome = engine.run(&workflow, event).now_or_never().expect("nothing waits").expect("it may begin");
    outcome
        .failure()
        .map_or_else(|| "completed".to_owned(), |failure| format!("failed with {}", failure.code()))
}

fn main() {
    let registry = Registry::builder().actions(ACTIONS).build().expect("the registry is right");
    let engine = Engine::builder(registry).build().expect("nothing is borrowed");
    for (name, write) in DOCUMENTS {
        let text = write();
        let time = || {
            let start = Instant::now();
            judge(&engine, &text);
            start.elapsed().as_secs_f64()
        };
        let seconds = (0..3).map(|_| time()).fold(f64::INFINITY, f64::min);
        let profiler = dhat::Profiler::builder().testing().build();
        let came = judge(&engine, &text);
        #[expect(clippy::cast_precision_loss, reason = "it is shown to one decimal")]
        let megabytes = HeapStats::get().max_bytes as f64 / 1e6;
        drop(profiler);
        println!("large/{name} seconds {seconds:.3} MB {megabytes:.1} {came}");
    }
}
