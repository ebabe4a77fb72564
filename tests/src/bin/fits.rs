//! Says of pairs of JSON Schemas whether every value of the one is a value of the other: `fits PAIRS.jsonl`, or `-`
//! for the standard input.
//!
//! A line is `{ id, a, b }`: any JSON and two schemas, booleans included. For each a line is printed, in order:
//! `{ id, verdict: "fits" | "refined" | "may-not-fit" | "never-fits" | "unknown", micros }`, for "does every value of
//! `a` fit `b`", with formats asserted.
//!
//! `micros` is the time of the comparison alone, in microseconds: the schemas have been read, nothing of the pair is
//! remembered, and whatever of a counterexample and its reason there is has been made. A schema that cannot be read gives
//! the verdict `unknown`, an `error` that says why, and `micros` 0.
//!
//! A line that is no pair is named on the standard error and has no line of output, a schema that cannot be read is
//! named as well; the others are answered all the same. The exit code is then 2.

use flowright_schema::{Origin, Type};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::process::ExitCode;
use std::time::Instant;

fn main() -> io::Result<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(file), None) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: fits PAIRS.jsonl");
        return Ok(ExitCode::from(2));
    };
    let lines: Box<dyn BufRead> = if file == "-" {
        Box::new(io::stdin().lock())
    } else {
        match File::open(&file) {
            Ok(opened) => Box::new(BufReader::new(opened)),
            Err(error) => {
                eprintln!("{}: {error}", file.display());
                return Ok(ExitCode::from(2));
            }
        }
    };
    // What is made once in a process belongs to no pair.
    Type::any().fits(&Type::union([Type::string(), Type::null()]));
    let mut out = io::stdout().lock();
    let mut all_read = true;
    for (number, line) in lines.split(b'\n').enumerate() {
        let line = line?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let number = number + 1;
        match answer(&line) {
            Ok((answer, error)) => {
                if let Some(error) = error {
                    eprintln!("line {number}: {error}");
                    all_read = false;
                }
                serde_json::to_writer(&mut out, &answer)?;
                out.write_all(b"\n")?;
            }
            Err(error) => {
                eprintln!("line {number}: {error}");
                all_read = false;
            }
        }
    }
    out.flush()?;
    Ok(if all_read { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

/// The answer to one line, and what is wrong with its schemas; or what is wrong with the line.
fn answer(line: &[u8]) -> Result<(Value, Option<String>), String> {
    let pair: Value = serde_json::from_slice(line).map_err(|error| format!("is no JSON: {error}"))?;
    let member = |name: &str| pair.get(name).ok_or_else(|| format!("has no `{name}`"));
    let (id, a, b) = (member("id")?, member("a")?, member("b")?);
    match (read("a", a), read("b", b)) {
        (Ok(a), Ok(b)) => {
            let start = Instant::now();
            let fit = a.fits(&b);
            let micros = start.elapsed().as_secs_f64() * 1e6;
            Ok((json!({ "id": id, "verdict": fit.verdict.as_str(), "micros": micros }), None))
        }
        (Err(error), _) | (_, Err(error)) => {
            let answer = json!({ "id": id, "verdict": "unknown", "micros": 0, "error": error });
            Ok((answer, Some(error)))
        }
    }
}

fn read(name: &str, schema: &Value) -> Result<Type, String> {
    Type::parse(schema, Origin::Schema).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(|fault| format!("`{name}`: {fault}")).collect();
        faults.join("; ")
    })
}
