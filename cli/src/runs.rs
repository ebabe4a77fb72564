//! `runs`: what is kept in a journal.

use crate::arguments::{Listing, Runs, RunsCommand};
use crate::host::Host;
use crate::outcome;
use crate::output::{self, Exit};
use flowright::Registry;
use flowright_sqlite::{ActionTimeline, Attempt, Client, Journal, RunRecord, RunStatus, StepTimeline, What};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;

pub(crate) fn runs(host: &Host, file: Option<&Path>, asked: &Runs) -> Result<Exit, String> {
    if !asked.journal.is_file() {
        return Err(format!("there is no journal `{}`", asked.journal.display()));
    }
    // What is secret stays so, and what is sent to a run that handles secrets is sealed.
    let open = match &asked.command {
        RunsCommand::Send { .. } => Journal::open(&asked.journal),
        _ => Journal::open_without_key(&asked.journal),
    };
    let journal = open.map_err(|error| error.to_string())?;
    let client = journal.client(&registry(host, file)?);
    let shown = match &asked.command {
        RunsCommand::List { status, limit, format } => {
            let runs = client.list(*status, *limit).map_err(|error| error.to_string())?;
            match format {
                Listing::Json => format!("{:#}\n", runs.iter().map(as_json).collect::<Value>()),
                Listing::Text => table(&runs),
            }
        }
        RunsCommand::Show { id, format } => show(&client, id, *format)?,
        RunsCommand::Send { id, event, data } => {
            let data = serde_json::from_str(data).map_err(|error| {
                format!("the data is no JSON: {error}; write text within quotes, such as '\"yes\"'")
            })?;
            wait(client.send(id, event, data))?;
            format!("`{event}` is sent to {id}\n")
        }
        RunsCommand::Check => return check(&journal),
        RunsCommand::Resume { id } => {
            let resumed = wait(client.resume(id))?;
            said(id, resumed, "goes on", "is not parked")
        }
        RunsCommand::Cancel { id } => {
            let cancelled = wait(client.cancel(id))?;
            said(id, cancelled, "is cancelled", "had ended")
        }
    };
    output::print(&shown)?;
    Ok(Exit::Clean)
}

/// Knows the events that may be sent; where there is none, all may.
fn registry(host: &Host, file: Option<&Path>) -> Result<Registry, String> {
    match (host, file) {
        (Host::Exported, None) => Registry::builder().build().map_err(|error| error.to_string()),
        _ => host.registry(file),
    }
}

fn check(journal: &Journal) -> Result<Exit, String> {
    let faults = journal.faults().map_err(|error| error.to_string())?;
    for fault in &faults {
        output::complain(fault);
    }
    if !faults.is_empty() {
        return Ok(Exit::Faulty);
    }
    output::print("the journal is as it was written\n")?;
    Ok(Exit::Clean)
}

fn wait<T>(change: impl Future<Output = Result<T, flowright_sqlite::JournalError>>) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("no runtime can be started: {error}"))?;
    runtime.block_on(change).map_err(|error| error.to_string())
}

fn said(id: &str, done: bool, yes: &str, no: &str) -> String {
    format!("{id} {}\n", if done { yes } else { no })
}

fn as_json(run: &RunRecord) -> Value {
    json!({
        "id": run.id, "workflow": run.workflow, "status": run.status.as_str(), "created_ms": run.created_ms,
        "due_ms": run.due_ms, "finished_ms": run.finished_ms, "worker": run.worker, "registry": run.registry
    })
}

/// A line a run: its id, how far it is, since when, and what it is.
fn table(runs: &[RunRecord]) -> String {
    let width =
        |text: fn(&RunRecord) -> &str| runs.iter().map(|run| text(run).chars().count()).max().unwrap_or(0);
    let (ids, statuses) = (width(|run| &run.id), width(|run| run.status.as_str()));
    let mut table = String::new();
    for run in runs {
        let workflow = run.workflow.as_deref().unwrap_or_default();
        let (id, status, created) = (&run.id, run.status.as_str(), at(run.created_ms));
        let line = format!("{id:ids$}  {status:statuses$}  {created}  {workflow}");
        let _ = writeln!(table, "{}", line.trim_end());
    }
    table
}

fn show(client: &Client, id: &str, format: Listing) -> Result<String, String> {
    let run = client.get(id).map_err(|error| error.to_string())?;
    let actions = match client.timeline(id) {
        // Why it is damaged is said of the run.
        Err(_) if run.status == RunStatus::Damaged => Vec::new(),
        actions => actions.map_err(|error| error.to_string())?,
    };
    if format == Listing::Json {
        let mut shown = as_json(&run);
        shown["event"] = run.event;
        shown["outcome"] = run.outcome;
        shown["actions"] = actions.iter().map(ActionTimeline::to_json).collect();
        return Ok(format!("{shown:#}\n"));
    }
    let mut shown = format!("{} {}", run.id, run.status);
    if let Some(workflow) = &run.workflow {
        let _ = write!(shown, ", {workflow}");
    }
    let _ = writeln!(shown, "\nsubmitted {}", at(run.created_ms));
    if let Some(finished_ms) = run.finished_ms {
        let _ = writeln!(shown, "ended     {} ({})", at(finished_ms), lasted(run.created_ms, finished_ms));
    }
    for action in &actions {
        let _ = writeln!(shown, "\n{}", action.action);
        for attempt in &action.attempts {
            attempted(&mut shown, run.created_ms, attempt);
        }
    }
    if let Some(failure) = run.outcome.get("failed") {
        let text = |name: &str| failure.get(name).and_then(Value::as_str).unwrap_or_default();
        let _ = writeln!(shown, "\nfailed at {}: {}", text("action"), text("message"));
    }
    if run.status.is_set_aside() {
        let _ = writeln!(shown, "\n{}: {}", run.status, outcome::why_set_aside(&run.outcome));
    }
    Ok(shown)
}

/// An attempt: when it was started after the run was submitted, how it ended, and what it did meanwhile.
fn attempted(shown: &mut String, from_ms: i64, attempt: &Attempt) {
    let first_ms = attempt.started_ms.first().copied().unwrap_or(from_ms);
    let ended = match (attempt.end, attempt.ended_ms) {
        (Some(What::Completed), Some(ended_ms)) => format!("completed in {}", lasted(first_ms, ended_ms)),
        (Some(_), Some(ended_ms)) => {
            let failure = attempt.failure.as_deref().unwrap_or_default();
            format!("failed in {}: {failure}", lasted(first_ms, ended_ms))
        }
        _ => "under way".to_owned(),
    };
    let _ = writeln!(shown, "  attempt {} at +{}, {ended}", attempt.number, lasted(from_ms, first_ms));
    for again_ms in attempt.started_ms.iter().skip(1) {
        let _ = writeln!(
            shown,
            "    started again at +{}, after a crash or a long wait",
            lasted(from_ms, *again_ms)
        );
    }
    for step in &attempt.steps {
        let _ = writeln!(shown, "    {}", stepped(from_ms, step));
    }
    if let (Some(ended_ms), Some(next_ms)) = (attempt.ended_ms, attempt.next_ms) {
        let _ = writeln!(shown, "    tried again {} later", lasted(ended_ms, next_ms));
    }
}

fn stepped(from_ms: i64, step: &StepTimeline) -> String {
    let (name, at) = (&step.name, lasted(from_ms, step.at_ms));
    match (step.what, step.due_ms, step.ended_ms) {
        (What::Sleep, Some(due_ms), _) => {
            format!("sleep `{name}` at +{at} for {}", lasted(step.at_ms, due_ms))
        }
        (What::Wait, _, Some(ended_ms)) => {
            format!("wait for `{name}` at +{at} for {}", lasted(step.at_ms, ended_ms))
        }
        (What::Wait, ..) => format!("wait for `{name}` since +{at}"),
        _ => format!("sub-step `{name}` at +{at}"),
    }
}

/// A time as people read it.
pub(crate) fn at(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map_or_else(|_| format!("{ms} ms"), |time| time.to_string())
}

/// How long it was from one time to another: `350ms`, `1m 3s`.
fn lasted(from_ms: i64, to_ms: i64) -> String {
    format!("{:#}", SignedDuration::from_millis(to_ms.saturating_sub(from_ms)))
}
