//! One case of `conform`: a document is checked, and run where there is an event.

use crate::actions::ACTIONS;
use flowright::{CheckedWorkflow, Engine, Mode, Outcome, Registry, Report, RunError};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::error::Error;
use std::ffi::OsStr;
use std::path::Path;

/// What a case file holds; other members are ignored.
#[derive(Deserialize)]
struct Case {
    /// The document, kept as text so that the checker sees what was written.
    workflow: Box<RawValue>,
    #[serde(default, deserialize_with = "present")]
    event: Option<Value>,
    event_schema: Option<Value>,
    #[serde(default)]
    mode: CaseMode,
}

/// A member that is there has a value, also where that is `null`.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum CaseMode {
    Strict,
    #[default]
    Default,
    Lenient,
}

/// The line that is printed for a case.
#[derive(Serialize)]
pub struct Line {
    file: String,
    #[serde(flatten)]
    verdict: Verdict,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Verdict {
    Unreadable {
        error: String,
    },
    Checked {
        check: &'static str,
        diagnostics: Vec<Finding>,
        left_to_run_time: Vec<String>,
        run: Option<Ran>,
    },
}

#[derive(Serialize)]
struct Finding {
    code: String,
    severity: String,
    pointer: String,
    message: String,
}

#[derive(Serialize)]
struct Ran {
    status: &'static str,
    state: Map<String, Value>,
    calls: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failed: Option<Failed>,
}

#[derive(Serialize)]
struct Failed {
    action: Option<String>,
    code: String,
    message: String,
}

/// Judges the case in `file`, which the line names as it was given.
pub async fn judge(file: &OsStr) -> Line {
    let verdict = match judge_case(file).await {
        Ok(verdict) => verdict,
        Err(error) => Verdict::Unreadable { error: error.to_string() },
    };
    Line { file: file.to_string_lossy().into_owned(), verdict }
}

async fn judge_case(file: &OsStr) -> Result<Verdict, Box<dyn Error>> {
    let text = std::fs::read_to_string(Path::new(file))?;
    let case: Case = serde_json::from_str(&text)?;
    let registry = registry(&case)?;
    Ok(match registry.check(case.workflow.get()) {
        Err(report) => verdict("error", &report, None),
        Ok(workflow) => {
            let ran = match case.event {
                Some(event) => Some(run(registry, &workflow, event).await?),
                None => None,
            };
            verdict("ok", workflow.report(), ran)
        }
    })
}

fn registry(case: &Case) -> Result<Registry, Box<dyn Error>> {
    let mode = match case.mode {
        CaseMode::Strict => Mode::Strict,
        CaseMode::Default => Mode::Default,
        CaseMode::Lenient => Mode::Lenient,
    };
    let mut builder = Registry::builder().actions(ACTIONS).mode(mode);
    if let Some(schema) = &case.event_schema {
        let named = case.event.as_ref().and_then(|event| event.get("name")?.as_str());
        builder = builder.event_schema(named.unwrap_or("event"), schema.clone());
    }
    Ok(builder.build()?)
}

fn verdict(check: &'static str, report: &Report, run: Option<Ran>) -> Verdict {
    let diagnostics = report.diagnostics().iter().map(|diagnostic| Finding {
        code: diagnostic.code().to_string(),
        severity: diagnostic.severity().to_string(),
        pointer: diagnostic.pointer().to_string(),
        message: diagnostic.message().to_owned(),
    });
    Verdict::Checked {
        check,
        diagnostics: diagnostics.collect(),
        left_to_run_time: report.left_to_run_time().iter().map(ToString::to_string).collect(),
        run,
    }
}

async fn run(registry: Registry, workflow: &CheckedWorkflow, event: Value) -> Result<Ran, Box<dyn Error>> {
    let engine = Engine::builder(registry).build()?;
    match engine.run(workflow, event).await {
        Ok(outcome) => Ok(ran(&outcome)),
        Err(RunError::Event(refused)) => Ok(Ran {
            status: "failed",
            state: Map::new(),
            calls: Vec::new(),
            failed: Some(Failed {
                action: None,
                code: refused.code().to_owned(),
                message: refused.to_string(),
            }),
        }),
        Err(error) => Err(error.into()),
    }
}

fn ran(outcome: &Outcome) -> Ran {
    Ran {
        status: if outcome.is_completed() { "completed" } else { "failed" },
        state: outcome.outputs().map(|(id, output)| (id.to_owned(), output.clone())).collect(),
        calls: outcome.calls().map(str::to_owned).collect(),
        failed: outcome.failure().map(|failure| Failed {
            action: Some(failure.action_id().to_owned()),
            code: failure.code().to_owned(),
            message: failure.message(),
        }),
    }
}
