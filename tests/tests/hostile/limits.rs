//! Every limit, by a document that means to exceed it.

use crate::{capped, case, document, edge, file, nested, plain, rule};
use flowright::Limits;
use serde_json::{Value, json};
use std::path::Path;

/// Who is to say that something is too much.
#[derive(Clone, Copy, Debug, PartialEq)]
enum By {
    /// The report on the document.
    Report,
    /// The run, whose action fails.
    Run,
    /// Whoever reads the schema.
    Schema,
    /// The comparison of two types: it does not know.
    Fit,
}

/// A limit, and what exceeds it.
struct Row {
    /// As [`Limits`] calls it, where it can be set.
    limit: &'static str,
    by: By,
    /// A case of `conform`, or a pair of `fits`.
    hostile: String,
}

fn row(limit: &'static str, by: By, hostile: impl Into<String>) -> Row {
    Row { limit, by, hostile: hostile.into() }
}

/// A document of one `echo` whose input is this JSON text, with an event.
fn echo(value: &str, event: &str) -> String {
    case(&crate::echo(value), event)
}

/// Actions that each give twice what the one before gave.
fn doubling(steps: usize) -> String {
    let value = |step: usize| match step {
        0 => "\"xxxxxxxxxxxxxxxx\"".to_owned(),
        _ => format!("[\"!ref($.state.{0})\",\"!ref($.state.{0})\"]", step - 1),
    };
    let action = |step| format!(r#"{{"id":"{step}","kind":"echo","inputs":{{"value":{}}}}}"#, value(step));
    let edges = (0..steps).map(|step| if step == 0 { edge("$source", 0) } else { edge(step - 1, step) });
    document((0..steps).map(action), edges)
}

fn with_event_schema(schema: &Value) -> String {
    json!({ "workflow": { "actions": [], "edges": [] }, "event_schema": schema }).to_string()
}

/// Patterns whose comparison takes too many states.
fn heavy_pair() -> String {
    let pattern = |pattern: &str| json!({ "type": "string", "pattern": pattern });
    json!({ "id": 1, "a": pattern("^((a{0,30}){0,30}){0,10}$"), "b": pattern("^a{0,8999}$") }).to_string()
}

fn rows() -> Vec<Row> {
    let list = format!("[{}]", vec!["1"; 20].join(","));
    let maps = (0..12).fold("1".to_owned(), |rule, _| format!("{{\"map\":[{list},{rule}]}}"));
    let text = format!("\"{}\"", "!ref($.event)".repeat(20));
    let path = format!("\"!ref($.event{})\"", ".a".repeat(100));
    let long = format!("^{}$", "a".repeat(2_000));
    vec![
        row("document_bytes", By::Report, echo(&format!("\"{}\"", "x".repeat(5 << 20)), "null")),
        row(
            "actions",
            By::Report,
            case(&document((0..10_001).map(plain), (0..10_001).map(|to| edge("$source", to))), "null"),
        ),
        row(
            "edges",
            By::Report,
            case(&document([plain(1)], (0..50_001).map(|_| edge("$source", 1))), "null"),
        ),
        row("nesting", By::Report, echo(&nested("[", "1", "]", 100), "null")),
        row("path_segments", By::Report, echo(&path, "null")),
        row("input_bytes", By::Run, echo(&text, &format!("\"{}\"", "x".repeat(1 << 20)))),
        row("state_bytes", By::Run, case(&doubling(30), "null")),
        row("rule_depth", By::Report, rule(&nested("{\"!\":", "true", "}", 65), "null")),
        row("rule_steps", By::Run, rule(&maps, "null")),
        row("pattern", By::Schema, with_event_schema(&json!({ "type": "string", "pattern": long }))),
        row(
            "remote $ref",
            By::Schema,
            with_event_schema(&json!({ "$ref": "http://127.0.0.1:9/schema.json" })),
        ),
        row("fuel of fits", By::Fit, heavy_pair()),
    ]
}

/// Runs a program of this crate with the hostile input in a file, and gives the one line that it prints.
fn said(row: &Row) -> Value {
    let (program, ending) = match row.by {
        By::Report | By::Run | By::Schema => (env!("CARGO_BIN_EXE_conform"), "case.json"),
        By::Fit => (env!("CARGO_BIN_EXE_fits"), "jsonl"),
    };
    let name = format!("limit-{}", row.limit.replace([' ', '$'], "-"));
    let file = file(&format!("{name}.{ending}"), &row.hostile);
    let output = capped(&name, Path::new(program), &[file.to_str().expect("the path is UTF-8")], None);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        let stderr: String = String::from_utf8_lossy(&output.stderr).chars().take(500).collect();
        panic!("{}: {}: {error}: {stderr}", row.limit, output.status)
    })
}

#[test]
fn whatever_exceeds_a_limit_is_told_so() {
    for row in rows() {
        let line = said(&row);
        let is_told = match row.by {
            By::Report => line["diagnostics"]
                .as_array()
                .is_some_and(|found| found.iter().any(|found| found["code"] == "limit")),
            By::Run => line["run"]["failed"]["code"] == "limit",
            By::Schema => line["error"].is_string(),
            By::Fit => line["verdict"] == "unknown",
        };
        let shown: String = line.to_string().chars().take(500).collect();
        assert!(is_told, "{} by {:?}: {shown}", row.limit, row.by);
    }
}

#[test]
fn every_limit_that_can_be_set_has_a_row() {
    let shown = format!("{:?}", Limits::default());
    let (_, fields) = shown.split_once('{').expect("it has fields");
    let names: Vec<&str> =
        fields.split(',').filter_map(|field| field.split(':').next()).map(str::trim).collect();
    assert!(names.len() >= 9, "{names:?}");
    for name in names {
        assert!(rows().iter().any(|row| row.limit == name), "{name}");
    }
}
