//! `check`: workflows held against the registry.

use crate::arguments::{Check, Format};
use crate::files::{self, Unreadable};
use crate::output::{self, Exit, Progress};
use flowright::{CheckedWorkflow, Registry, Repair, Report, Severity, Source, sarif};
use serde_json::{Value, json};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A workflow that is right; of any other it is shown what is wrong with it.
pub(crate) fn checked(
    registry: &Registry,
    event: Option<&str>,
    source: Source,
    color: bool,
) -> Option<CheckedWorkflow> {
    let held = held(registry, event, source);
    held.inspect_err(|report| output::note(&report.render(color))).ok()
}

fn held(registry: &Registry, event: Option<&str>, source: Source) -> Result<CheckedWorkflow, Report> {
    match event {
        Some(event) => registry.check_for(event, source),
        None => registry.check(source),
    }
}

pub(crate) fn check(registry: &Registry, asked: &Check, color: bool) -> Result<Exit, String> {
    if let Some(event) = asked.event.as_deref().filter(|event| !registry.has_event(event)) {
        return Err(format!("the registry has no event `{event}`"));
    }
    if asked.fix && !asked.dry_run && asked.files.iter().any(|file| file == "-") {
        return Err("standard input cannot be repaired; name a file, or say `--dry-run`".to_owned());
    }
    let (files, mut unreadable) = files::named(&asked.files);
    let (mut reports, mut repairs) = (Vec::with_capacity(files.len()), Vec::new());
    for checked in all(registry, &files, asked) {
        match checked {
            Ok(Checked { report, repairs: own, unwritten }) => {
                reports.push(report);
                repairs.extend(own);
                unreadable.extend(unwritten);
            }
            Err(file) => unreadable.push(file),
        }
    }
    output::print(&printed(asked, &reports, &repairs, &unreadable, color))?;
    for file in &unreadable {
        output::complain(&file.message);
    }
    if asked.format == Format::Text {
        output::note(&summary(&reports, unreadable.len()));
    }
    Ok(exit(&reports, &unreadable))
}

/// What became of one file.
struct Checked {
    report: Report,
    repairs: Vec<Repaired>,
    /// Where the repaired file could not be written.
    unwritten: Option<Unreadable>,
}

/// What was repaired in a file.
struct Repaired {
    path: String,
    pointer: String,
    description: String,
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
fn all(registry: &Registry, files: &[String], asked: &Check) -> Vec<Result<Checked, Unreadable>> {
    let workers = std::thread::available_parallelism().map_or(1, Into::into).min(files.len());
    let (next, progress) = (AtomicUsize::new(0), Progress::new(files.len()));
    let done = Mutex::new(Vec::with_capacity(files.len()));
    let work = || {
        while let Some((position, file)) = {
            let position = next.fetch_add(1, Ordering::Relaxed);
            files.get(position).map(|file| (position, file))
        } {
            let checked = files::read(file).map(|source| one(registry, file, &source, asked));
            // INVARIANT: no worker panics while it holds the lock.
            if let Ok(mut done) = done.lock() {
                done.push((position, checked));
                progress.at(done.len());
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(work);
        }
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(position, _)| *position);
    done.into_iter().map(|(_, checked)| checked).collect()
}

fn one(registry: &Registry, file: &str, source: &Source, asked: &Check) -> Checked {
    let said = |checked: Result<CheckedWorkflow, Report>| {
        checked.map_or_else(|report| report, |workflow| workflow.report().clone())
    };
    if !asked.fix {
        let held = held(registry, asked.event.as_deref(), source.clone());
        return Checked { report: said(held), repairs: Vec::new(), unwritten: None };
    }
    let repaired = match &asked.event {
        Some(event) => registry.repair_for(event, source),
        None => registry.repair(source),
    };
    let writes = !asked.dry_run && !repaired.repairs().is_empty();
    let written = if writes { repaired.source().write_to(file) } else { Ok(()) };
    let unwritten =
        written.err().map(|error| Unreadable { path: file.to_owned(), message: error.to_string() });
    let repair = |repair: &Repair| Repaired {
        path: file.to_owned(),
        pointer: repair.pointer().as_str().to_owned(),
        description: repair.description().to_owned(),
    };
    let repairs =
        if unwritten.is_some() { Vec::new() } else { repaired.repairs().iter().map(repair).collect() };
    Checked { report: said(repaired.check().clone()), repairs, unwritten }
}

fn printed(
    asked: &Check,
    reports: &[Report],
    repairs: &[Repaired],
    unreadable: &[Unreadable],
    color: bool,
) -> String {
    match asked.format {
        Format::Text => {
            let verb = if asked.dry_run { "would repair" } else { "repaired" };
            let repairs = repairs.iter().map(|repair| {
                format!("{verb} {}: {}: {}\n", repair.path, repair.pointer, repair.description)
            });
            let said = reports.iter().filter(|report| !report.is_empty());
            let said = said.flat_map(|report| [report.render(color), "\n\n".to_owned()]);
            repairs.chain(said).collect()
        }
        Format::Json => {
            let unreadable: Value =
                unreadable.iter().map(|file| json!({ "path": file.path, "message": file.message })).collect();
            let files: Value = reports.iter().map(Report::to_json).collect();
            let mut printed = json!({ "files": files, "unreadable": unreadable });
            if asked.fix {
                let repair = |repair: &Repaired| json!({ "path": repair.path, "pointer": repair.pointer, "description": repair.description });
                printed["repairs"] = repairs.iter().map(repair).collect();
            }
            format!("{printed:#}\n")
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
