//! Reports for programs.

use super::report::{Diagnostic, Edit, Fix, Related};
use super::{Pointer, Report};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::ops::Range;

impl Report {
    /// The report as JSON. Its shape is stable: members may be added, none is taken away.
    ///
    /// ```json
    /// {
    ///   "source": "welcome.json",
    ///   "diagnostics": [{
    ///     "code": "unknown-kind",
    ///     "severity": "error",
    ///     "pointer": "/actions/0/kind",
    ///     "span": { "start": 31, "end": 43, "line": 1, "column": 32 },
    ///     "message": "no action of the kind `send_emial` is registered",
    ///     "help": "did you mean `send_email`?",
    ///     "related": [{ "pointer": "/edges/0", "span": { "…": 0 }, "message": "…" }],
    ///     "fixes": [{
    ///       "description": "write `send_email`",
    ///       "pointer": "/actions/0/kind",
    ///       "edits": [{ "start": 31, "end": 43, "replacement": "\"send_email\"" }]
    ///     }]
    ///   }],
    ///   "left_to_run_time": ["/actions/1/inputs/to"]
    /// }
    /// ```
    ///
    /// `source` is there where the source has a name, `span` where the diagnostic is about a place in it, `help` where
    /// there is some. `start` and `end` count bytes, `line` and `column` lines and characters from 1 on.
    pub fn to_json(&self) -> Value {
        let positions = Positions::of(self);
        let mut report = Map::new();
        if let Some(name) = self.source().name() {
            report.insert("source".to_owned(), name.into());
        }
        let diagnostics = self.iter().map(|diagnostic| positions.diagnostic(diagnostic)).collect();
        report.insert("diagnostics".to_owned(), diagnostics);
        let left = self.left_to_run_time().iter().map(Pointer::as_str).collect();
        report.insert("left_to_run_time".to_owned(), left);
        Value::Object(report)
    }
}

/// The lines and columns where a report's spans begin and end.
pub(super) struct Positions(HashMap<usize, (usize, usize)>);

impl Positions {
    /// Counts all in one pass, however long the lines are.
    pub(super) fn of(report: &Report) -> Self {
        let spans = report.iter().flat_map(|diagnostic| {
            let related = diagnostic.related.iter().filter_map(|related| related.span.as_ref());
            let edits = diagnostic.fixes.iter().flat_map(|fix| fix.edits.iter().map(|edit| &edit.range));
            diagnostic.span.iter().chain(related).chain(edits)
        });
        let mut starts = spans.flat_map(|span| [span.start, span.end]).collect::<Vec<_>>();
        starts.sort_unstable();
        starts.dedup();
        let text = report.source().as_str();
        let (mut line, mut column, mut at) = (1, 1, 0);
        let positions = starts.into_iter().map(|start| {
            let passed = text.get(at..start).unwrap_or_default();
            let last_line = passed.rsplit('\n').next().unwrap_or_default();
            let lines = passed.bytes().filter(|byte| *byte == b'\n').count();
            line += lines;
            column = if lines > 0 { 1 } else { column } + last_line.chars().count();
            at = start;
            (start, (line, column))
        });
        Positions(positions.collect())
    }

    /// Line and column, from 1 on.
    pub(super) fn at(&self, start: usize) -> (usize, usize) {
        self.0.get(&start).copied().unwrap_or((1, 1))
    }

    fn diagnostic(&self, diagnostic: &Diagnostic) -> Value {
        let mut json = Map::new();
        json.insert("code".to_owned(), diagnostic.code.slug().into());
        json.insert("severity".to_owned(), diagnostic.severity.as_str().into());
        json.insert("pointer".to_owned(), diagnostic.pointer.as_str().into());
        if let Some(span) = &diagnostic.span {
            json.insert("span".to_owned(), self.span(span));
        }
        json.insert("message".to_owned(), diagnostic.message.as_str().into());
        if let Some(help) = &diagnostic.help {
            json.insert("help".to_owned(), help.as_str().into());
        }
        let related = diagnostic.related.iter().map(|related| self.related(related)).collect();
        json.insert("related".to_owned(), related);
        json.insert("fixes".to_owned(), diagnostic.fixes.iter().map(fix).collect());
        Value::Object(json)
    }

    fn related(&self, related: &Related) -> Value {
        let mut json = Map::new();
        json.insert("pointer".to_owned(), related.pointer.as_str().into());
        if let Some(span) = &related.span {
            json.insert("span".to_owned(), self.span(span));
        }
        json.insert("message".to_owned(), related.message.as_str().into());
        Value::Object(json)
    }

    fn span(&self, span: &Range<usize>) -> Value {
        let (line, column) = self.at(span.start);
        json!({ "start": span.start, "end": span.end, "line": line, "column": column })
    }
}

fn fix(fix: &Fix) -> Value {
    let edits = fix.edits.iter().map(|Edit { range, replacement }| {
        json!({ "start": range.start, "end": range.end, "replacement": replacement })
    });
    json!({
        "description": fix.description,
        "pointer": fix.pointer.as_str(),
        "edits": edits.collect::<Value>(),
    })
}
