//! Whether schemas fit one another: `cargo run -q --release -p flowright-tests --bin fits -- PAIRS.jsonl`.
//!
//! Each line of the file (`-`: of standard input) is `{"id": …, "a": <schema>, "b": <schema>}`; for each, one line is
//! printed in the same order: `{"id": …, "verdict": …, "micros": …}`. The verdict says whether every value of `a` is
//! one of `b`, formats asserted: `fits`, `refined`, `may-not-fit`, `never-fits` or `unknown`. `micros` is how long
//! the comparison of the two types took, in microseconds, nothing of it known before; reading the schemas is not in
//! it. A line that cannot be read, or a schema that is none, is answered `unknown` with an `error`, and the exit code
//! is 2 in the end.

use flowright_schema::{Origin, Type};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file] = &arguments[..] else {
        eprintln!("usage: fits PAIRS.jsonl (or -)");
        return ExitCode::from(2);
    };
    let input: Box<dyn Read> = if file == "-" {
        Box::new(std::io::stdin())
    } else {
        match std::fs::File::open(file) {
            Ok(file) => Box::new(file),
            Err(error) => {
                eprintln!("cannot read `{file}`: {error}");
                return ExitCode::from(2);
            }
        }
    };
    match answer(BufReader::new(input), &mut std::io::stdout().lock()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(2),
        Err(error) => {
            eprintln!("cannot go on: {error}");
            ExitCode::from(2)
        }
    }
}

/// Answers each line; whether all could be read.
fn answer(input: impl BufRead, output: &mut impl Write) -> std::io::Result<bool> {
    let mut all = true;
    for (number, line) in input.lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let answer = compared(&line).unwrap_or_else(|(id, error)| {
            all = false;
            eprintln!("line {}: {error}", number + 1);
            json!({ "id": id, "verdict": "unknown", "micros": 0.0, "error": error })
        });
        writeln!(output, "{answer}")?;
    }
    Ok(all)
}

fn compared(line: &str) -> Result<Value, (Value, String)> {
    let pair: Value =
        serde_json::from_str(line).map_err(|error| (Value::Null, format!("no JSON: {error}")))?;
    let id = pair.get("id").cloned().unwrap_or_default();
    let read = |name: &str| {
        let schema = pair.get(name).ok_or_else(|| format!("has no `{name}`"))?;
        Type::parse(schema, Origin::Schema).map_err(|faults| match faults.first() {
            Some(fault) => format!("`{name}`: {fault}"),
            None => format!("`{name}` is no schema"),
        })
    };
    let (a, b) = match (read("a"), read("b")) {
        (Ok(a), Ok(b)) => (a, b),
        (Err(error), _) | (_, Err(error)) => return Err((id, error)),
    };
    let start = Instant::now();
    let fit = a.fits(&b);
    let micros = start.elapsed().as_secs_f64() * 1e6;
    Ok(json!({ "id": id, "verdict": fit.verdict.as_str(), "micros": micros }))
}
