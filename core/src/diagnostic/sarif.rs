//! Reports for code scanners, as the Static Analysis Results Interchange Format.

use super::json::Positions;
use super::report::{Diagnostic, Fix, Related};
use super::{Code, Pointer, Report, Severity};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::ops::Range;

impl Report {
    /// The report as a log of SARIF 2.1.0 with one run, for code scanners and editors.
    ///
    /// Each diagnostic is a result: its code is the rule, and its JSON pointer the logical location. Where the source
    /// has a name, there is a physical location with lines, columns (in Unicode code points) and bytes, and fixes.
    ///
    /// ```
    /// # use flowright::{Registry, Source};
    /// let registry = Registry::builder().build()?;
    /// let report = registry.check(Source::named("empty.json", "{}")).unwrap_err();
    /// let result = &report.to_sarif()["runs"][0]["results"][0];
    /// assert_eq!(result["ruleId"], "missing-member");
    /// assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "empty.json");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_sarif(&self) -> Value {
        sarif([self])
    }
}

/// Several reports as one log of SARIF 2.1.0 with one run; see [`Report::to_sarif`].
pub fn sarif<'r>(reports: impl IntoIterator<Item = &'r Report>) -> Value {
    let results: Vec<Value> = reports.into_iter().flat_map(results).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "flowright",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": Code::ALL.iter().map(|code| rule(*code)).collect::<Value>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn rule(code: Code) -> Value {
    json!({
        "id": code.slug(),
        "shortDescription": { "text": code.summary() },
        "help": { "text": code.explanation(), "markdown": code.explanation() },
        "defaultConfiguration": { "level": level(code.default_severity()) },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "note",
    }
}

fn results(report: &Report) -> Vec<Value> {
    let places = Places { positions: Positions::of(report), uri: report.source().name().map(uri) };
    report.iter().map(|diagnostic| places.result(diagnostic)).collect()
}

/// Where diagnostics are in a source.
struct Places {
    positions: Positions,
    uri: Option<String>,
}

impl Places {
    fn result(&self, diagnostic: &Diagnostic) -> Value {
        let mut text = diagnostic.message.clone();
        if let Some(help) = &diagnostic.help {
            let _ = write!(text, "\n{help}");
        }
        let mut result = json!({
            "ruleId": diagnostic.code.slug(),
            "ruleIndex": Code::ALL.iter().position(|code| *code == diagnostic.code),
            "level": level(diagnostic.severity),
            "message": { "text": text },
            "locations": [self.location(&diagnostic.pointer, diagnostic.span.as_ref())],
        });
        if !diagnostic.related.is_empty() {
            result["relatedLocations"] = diagnostic
                .related
                .iter()
                .enumerate()
                .map(|(id, related)| self.related(id, related))
                .collect();
        }
        if let Some(uri) = self.uri.as_ref().filter(|_| !diagnostic.fixes.is_empty()) {
            result["fixes"] = diagnostic.fixes.iter().map(|fix| self.fix(uri, fix)).collect();
        }
        result
    }

    fn location(&self, pointer: &Pointer, span: Option<&Range<usize>>) -> Value {
        let mut location = Map::new();
        if let Some(uri) = &self.uri {
            let mut physical = json!({ "artifactLocation": { "uri": uri } });
            if let Some(span) = span {
                physical["region"] = self.region(span);
            }
            location.insert("physicalLocation".to_owned(), physical);
        }
        let logical = json!([{ "fullyQualifiedName": pointer.as_str(), "kind": "member" }]);
        location.insert("logicalLocations".to_owned(), logical);
        Value::Object(location)
    }

    fn related(&self, id: usize, related: &Related) -> Value {
        let mut location = self.location(&related.pointer, related.span.as_ref());
        location["id"] = id.into();
        location["message"] = json!({ "text": related.message });
        location
    }

    fn fix(&self, uri: &str, fix: &Fix) -> Value {
        let replacement = |edit: &super::Edit| {
            json!({
                "deletedRegion": self.region(&edit.range),
                "insertedContent": { "text": edit.replacement },
            })
        };
        json!({
            "description": { "text": fix.description },
            "artifactChanges": [{
                "artifactLocation": { "uri": uri },
                "replacements": fix.edits.iter().map(replacement).collect::<Value>(),
            }],
        })
    }

    fn region(&self, span: &Range<usize>) -> Value {
        let (start_line, start_column) = self.positions.at(span.start);
        let (end_line, end_column) = self.positions.at(span.end);
        json!({
            "startLine": start_line,
            "startColumn": start_column,
            "endLine": end_line,
            "endColumn": end_column,
            "byteOffset": span.start,
            "byteLength": span.len(),
        })
    }
}

/// A file's name as a reference to it, relative where the name is.
fn uri(name: &str) -> String {
    let mut uri = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'\\' if cfg!(windows) => uri.push('/'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                uri.push(byte.into());
            }
            other => {
                let _ = write!(uri, "%{other:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Registry, Source};

    fn reported(name: &str, text: &str) -> Report {
        Registry::builder().build().unwrap().check(Source::named(name, text)).unwrap_err()
    }

    #[test]
    fn a_result_has_its_place_in_lines_and_code_points() {
        let report = reported(
            "flöws/a b.json",
            "{\n  \"actions\": [{ \"id\": \"é\", \"kind\": \"nope\" }],\n  \"edges\": [] }",
        );
        let sarif = report.to_sarif();
        let results = sarif["runs"][0]["results"].as_array().unwrap();
        let unknown = results.iter().find(|result| result["ruleId"] == "unknown-kind").unwrap();
        let physical = &unknown["locations"][0]["physicalLocation"];
        assert_eq!(physical["artifactLocation"]["uri"], "fl%C3%B6ws/a%20b.json");
        assert_eq!(
            physical["region"],
            json!({
                "startLine": 2, "startColumn": 36, "endLine": 2, "endColumn": 42, "byteOffset": 38, "byteLength": 6
            })
        );
        assert_eq!(unknown["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], "/actions/0/kind");
        let rule = usize::try_from(unknown["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(sarif["runs"][0]["tool"]["driver"]["rules"][rule]["id"], "unknown-kind");
    }

    #[test]
    fn text_without_a_name_has_logical_places_only() {
        let report = Registry::builder().build().unwrap().check("{").unwrap_err();
        let location = &report.to_sarif()["runs"][0]["results"][0]["locations"][0];
        assert_eq!(location.get("physicalLocation"), None);
    }

    #[test]
    fn several_reports_are_one_run() {
        let (first, second) = (reported("a.json", "{"), reported("b.json", "["));
        let both = sarif([&first, &second]);
        assert_eq!(both["runs"].as_array().unwrap().len(), 1);
        assert_eq!(
            both["runs"][0]["results"].as_array().unwrap().len(),
            first.iter().count() + second.iter().count()
        );
    }
}
