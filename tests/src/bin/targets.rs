//! Holds what benchmarks print against what they are to come to: `cargo bench -p flowright-tests -- --quick | targets`.
//!
//! What is read from the standard input is printed as it comes, and behind it a table of all targets. The exit code is 1 where
//! one is missed.

use flowright_tests::targets::Table;
use std::io::{self, BufRead};
use std::process::ExitCode;

fn main() -> io::Result<ExitCode> {
    let mut printed = String::new();
    for line in io::stdin().lock().lines() {
        let line = line?;
        println!("{line}");
        printed += &line;
        printed.push('\n');
    }
    let table = Table::of(&printed);
    println!("\n{table}");
    Ok(if table.is_met() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
