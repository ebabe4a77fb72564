//! `check`: workflows held against the registry.

use crate::against::{Against, Held};
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

pub(crate) fn held(
    registry: &Registry,
    event: Option<&str>,
    source: Source,
) -> Result<CheckedWorkflow, Report> {
    match event {
        Some(event) => registry.check_for(event, source),
        None => registry.check(source),
    }
}

pub(crate) fn check(registry: &Registry, asked: &Check, color: bool) -> Result<Exit, String> {
    let against = asked.against.as_deref().map(|file| Against::new(registry, file, asked.event.as_deref()));
    let against = against.transpose()?;
    // An event that there was before breaks what it starts.
    let may_be_gone = |_: &&str| against.is_none();
    if let Some(event) = asked.event.as_deref().filter(|event| !registry.has_event(event)).filter(may_be_gone)
    {
        return Err(format!("the registry has no event `{event}`"));
    }
    if asked.fix && !asked.dry_run && asked.files.iter().any(|file| file == "-") {
        return Err("standard input cannot be repaired; name a file, or say `--dry-run`".to_owned());
    }
    let (files, mut unreadable) = files::named(&asked.files);
    let mut said = Vec::with_capacity(files.len());
    for checked in all(registry, against.as_ref(), &files, asked) {
        match checked {
            Ok(checked) => said.push(checked),
            Err(file) => unreadable.push(file),
        }
    }
    unreadable.extend(said.iter_mut().filter_map(|checked| checked.unwritten.take()));
    output::print(&printed(asked, against.as_ref(), &said, &unreadable, color))?;
    for file in &unreadable {
        output::complain(&file.message);
    }
    if asked.format == Format::Text {
        let held = said.iter().filter_map(|checked| checked.held.as_ref());
        let compared = against.map_or_else(String::new, |against| against.summary(held));
        output::note(&format!("{}{compared}", summary(&said, unreadable.len())));
    }
    Ok(exit(&said, &unreadable, asked.deny_warnings))
}

/// What became of one file.
struct Checked {
    report: Report,
    /// What a change of the registry means to it.
    held: Option<Held>,
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

fn exit(said: &[Checked], unreadable: &[Unreadable], deny_warnings: bool) -> Exit {
    let is_denied =
        |report: &Report| report.has_errors() || deny_warnings && report.count(Severity::Warning) > 0;
    if !unreadable.is_empty() {
        Exit::Unusable
    } else if said.iter().any(|checked| is_denied(&checked.report)) {
        Exit::Faulty
    } else {
        Exit::Clean
    }
}

/// What is said of each file, in their order; several are checked at the same time.
fn all(
    registry: &Registry,
    against: Option<&Against>,
    files: &[String],
    asked: &Check,
) -> Vec<Result<Checked, Unreadable>> {
    let workers = std::thread::available_parallelism().map_or(1, Into::into).min(files.len());
    let (next, progress) = (AtomicUsize::new(0), Progress::new(files.len()));
    let done = Mutex::new(Vec::with_capacity(files.len()));
    let work = || {
        while let Some((position, file)) = {
            let position = next.fetch_add(1, Ordering::Relaxed);
            files.get(position).map(|file| (position, file))
        } {
            let checked = files::read(file).map(|source| one(registry, against, file, &source, asked));
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

fn one(
    registry: &Registry,
    against: Option<&Against>,
    file: &str,
    source: &Source,
    asked: &Check,
) -> Checked {
    if let Some(against) = against {
        let (report, held) = against.hold(registry, asked.event.as_deref(), source);
        return Checked { report, held: Some(held), repairs: Vec::new(), unwritten: None };
    }
    let said = |checked: Result<CheckedWorkflow, Report>| {
        checked.map_or_else(|report| report, |workflow| workflow.report().clone())
    };
    if !asked.fix {
        let held = held(registry, asked.event.as_deref(), source.clone());
        return Checked { report: said(held), held: None, repairs: Vec::new(), unwritten: None };
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
    Checked { report: said(repaired.check().clone()), held: None, repairs, unwritten }
}

fn printed(
    asked: &Check,
    against: Option<&Against>,
    said: &[Checked],
    unreadable: &[Unreadable],
    color: bool,
) -> String {
    let repairs = said.iter().flat_map(|checked| &checked.repairs);
    match asked.format {
        Format::Text => {
            let verb = if asked.dry_run { "would repair" } else { "repaired" };
            let repairs = repairs.map(|repair| {
                format!("{verb} {}: {}: {}\n", repair.path, repair.pointer, repair.description)
            });
            repairs.chain(said.iter().map(|checked| drawn(checked, color))).collect()
        }
        Format::Json => {
            let unreadable: Value =
                unreadable.iter().map(|file| json!({ "path": file.path, "message": file.message })).collect();
            let files: Value = said.iter().map(json).collect();
            let mut printed = json!({ "files": files, "unreadable": unreadable });
            if asked.fix {
                let repair = |repair: &Repaired| json!({ "path": repair.path, "pointer": repair.pointer, "description": repair.description });
                printed["repairs"] = repairs.map(repair).collect();
            }
            if let Some(against) = against {
                printed["against"] = against.to_json();
            }
            format!("{printed:#}\n")
        }
        Format::Sarif => format!("{:#}\n", log(said)),
    }
}

fn drawn(Checked { report, held, .. }: &Checked, color: bool) -> String {
    let drawn = if report.is_empty() { String::new() } else { report.render(color) + "\n\n" };
    drawn + &held.as_ref().map_or_else(String::new, |held| held.text(report))
}

fn json(Checked { report, held, .. }: &Checked) -> Value {
    let mut json = report.to_json();
    if let Some(held) = held {
        json["against"] = held.to_json();
    }
    json
}

/// SARIF, where each result of a workflow that was held against two registries has its state.
fn log(said: &[Checked]) -> Value {
    let mut log = sarif(said.iter().map(|checked| &checked.report));
    let found =
        said.iter().flat_map(|Checked { report, held, .. }| report.iter().map(move |found| (held, found)));
    let results = log.pointer_mut("/runs/0/results").and_then(Value::as_array_mut);
    // A diagnostic is a result.
    for (result, (held, found)) in results.into_iter().flatten().zip(found) {
        if let Some(held) = held {
            result["baselineState"] = held.state(found).into();
        }
    }
    log
}

/// `3 files checked: 1 error, 2 hints`.
fn summary(said: &[Checked], unreadable: usize) -> String {
    let of = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let severities = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Hint, "hint")];
    let found: Vec<String> = severities
        .into_iter()
        .map(|(severity, what)| (said.iter().map(|checked| checked.report.count(severity)).sum(), what))
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| of(count, what))
        .collect();
    let found = if found.is_empty() { "no problems".to_owned() } else { found.join(", ") };
    let rest =
        if unreadable > 0 { format!("; {} unreadable", of(unreadable, "file")) } else { String::new() };
    format!("{} checked: {found}{rest}", of(said.len(), "file"))
}
