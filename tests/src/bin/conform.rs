//! Checks and runs cases, one JSON line each: `conform CASE.json…`

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
