//! Checks and runs cases, and prints one JSON line for each, in order: `conform CASE.json…`
//!
//! A case is `{ workflow, event?, event_schema?, mode? }`; other members are ignored. `event_schema` describes the
//! whole of `$.event`, which is untyped without it; the event may be any JSON; `mode` is `strict`, `default` or
//! `lenient`. The actions are those of [`flowright_tests::actions`], and `builtin:if`.
//!
//! A line is `{ file, check: "ok" | "error", diagnostics: [{ code, severity, pointer, message }],
//! left_to_run_time: [pointer], run: null | { status: "completed" | "failed", state: { id: output },
//! calls: [id], failed?: { action: id | null, code, message } } }`:
//!
//! - `file` is the argument as it was given; a file that cannot be read gives `{ file, error }`;
//! - pointers are JSON pointers inside the workflow;
//! - `run` is null when the check failed or there is no event;
//! - `calls` has the actions that were called, in the order they started; a skipped action has no key in `state`;
//! - `failed.action` is null when the event itself is refused. `failed.code` is `action-failed` where the action
//!   returned an error, else the code of the check that stopped it.

use flowright_tests::conformance::judge;
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<ExitCode> {
    let files: Vec<OsString> = std::env::args_os().skip(1).collect();
    if files.is_empty() {
        eprintln!("usage: conform CASE.json…");
        return Ok(ExitCode::from(2));
    }
    let mut out = io::stdout().lock();
    for file in files {
        serde_json::to_writer(&mut out, &judge(&file).await)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
