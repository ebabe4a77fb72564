//! `check`: workflows held against the registry.

use crate::arguments::{Check, Format};
use crate::files::{self, Unreadable};
use crate::output::{self, Exit, Progress};
use flowright::{Registry, Report, Severity, sarif};
use serde_json::{Value, json};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

pub(crate) fn check(registry: &Registry, check: &Check, color: bool) -> Result<Exit, String> {
    if let Some(event) = check.event.as_deref().filter(|event| !registry.has_event(event)) {
        return Err(format!("the registry has no event `{event}`"));
    }
    let (files, mut unreadable) = files::named(&check.files);
    let mut reports = Vec::with_capacity(files.len());
    for checked in all(registry, &files, check.event.as_deref()) {
        match checked {
            Ok(report) => reports.push(report),
            Err(file) => unreadable.push(file),
        }
    }
    output::print(&printed(check.format, &reports, &unreadable, color))?;
    for file in &unreadable {
        output::complain(&file.message);
    }
    if check.format == Format::Text {
        output::note(&summary(&reports, unreadable.len()));
    }
    Ok(exit(&reports, &unreadable))
}

fn exit(reports: &[Report], unreadable: &[Unreadable]) -> Exit {
    if !unreadable.is_empty() {
        Exit::Unusable
    } else if reports.iter().any(Report::has_errors) {
        Exit::Faulty
    } else {
        Exit::Clean
    }
}

/// What is said of each file, in their order; several are checked at the same time.
fn all(registry: &Registry, files: &[String], event: Option<&str>) -> Vec<Result<Report, Unreadable>> {
    let workers = std::thread::available_parallelism().map_or(1, Into::into).min(files.len());
    let (next, progress) = (AtomicUsize::new(0), Progress::new(files.len()));
    let done = Mutex::new(Vec::with_capacity(files.len()));
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((position, file)) = {
                    let position = next.fetch_add(1, Ordering::Relaxed);
                    files.get(position).map(|file| (position, file))
                } {
                    let checked = files::read(file).map(|source| {
                        let checked = match event {
                            Some(event) => registry.check_for(event, source),
                            None => registry.check(source),
                        };
                        checked.map_or_else(|report| report, |workflow| workflow.report().clone())
                    });
                    // INVARIANT: no worker panics while it holds the lock.
                    if let Ok(mut done) = done.lock() {
                        done.push((position, checked));
                        progress.at(done.len());
                    }
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(position, _)| *position);
    done.into_iter().map(|(_, checked)| checked).collect()
}

fn printed(format: Format, reports: &[Report], unreadable: &[Unreadable], color: bool) -> String {
    match format {
        Format::Text => {
            let said = reports.iter().filter(|report| !report.is_empty());
            said.flat_map(|report| [report.render(color), "\n\n".to_owned()]).collect()
        }
        Format::Json => {
            let unreadable: Value =
                unreadable.iter().map(|file| json!({ "path": file.path, "message": file.message })).collect();
            let files: Value = reports.iter().map(Report::to_json).collect();
            format!("{:#}\n", json!({ "files": files, "unreadable": unreadable }))
        }
        Format::Sarif => format!("{:#}\n", sarif(reports)),
    }
}

/// `3 files checked: 1 error, 2 hints`.
fn summary(reports: &[Report], unreadable: usize) -> String {
    let of = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let severities = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Hint, "hint")];
    let found: Vec<String> = severities
        .into_iter()
        .map(|(severity, what)| (reports.iter().map(|report| report.count(severity)).sum(), what))
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| of(count, what))
        .collect();
    let found = if found.is_empty() { "no problems".to_owned() } else { found.join(", ") };
    let rest =
        if unreadable > 0 { format!("; {} unreadable", of(unreadable, "file")) } else { String::new() };
    format!("{} checked: {found}{rest}", of(reports.len(), "file"))
}
