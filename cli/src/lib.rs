//! The command line of flowright, for a program of your own that knows your actions:
//!
//! ```no_run
//! use flowright::prelude::*;
//!
//! /// Greet someone.
//! #[engine_action]
//! fn greet(name: String) -> String {
//!     format!("Hello, {name}!")
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     flowright_cli::main(Registry::builder().actions(actions![greet]).build())
//! }
//! ```
//!
//! A registry checks and exports; an [`Engine`](flowright::Engine) runs as well. The binary `flowright` does the
//! same without actions of its own, with `--registry registry.json`, which `export registry` wrote.
//!
//! | exit code | says |
//! |---|---|
//! | 0 | no errors; hints there may be, and without `check --deny-warnings` warnings as well |
//! | 1 | a workflow has errors or warnings that are denied, an event is refused, or a run failed |
//! | 2 | wrong usage, or a file that cannot be read or written |
//! | 130 | `run --journal` was interrupted, and its run goes on when the same is asked again |
#![deny(missing_docs)]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod against;
mod arguments;
mod check;
mod explain;
mod export;
mod files;
mod graph;
mod host;
mod interrupts;
mod kept;
mod outcome;
mod output;
mod run;
mod runs;
mod waits;
mod watch;

use arguments::{Arguments, Command};
use clap::{CommandFactory, Parser};
pub use host::Host;
use output::Exit;
use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

/// Does what the program's arguments say, with the actions of a registry or an engine, and gives its exit code.
pub fn main(host: impl Into<Host>) -> ExitCode {
    let arguments = Arguments::parse();
    let host = host.into();
    let done = match &arguments.command {
        Command::Check(check) => host.registry(arguments.registry.as_deref()).and_then(|registry| {
            let color = output::is_colored(arguments.color);
            if check.watch {
                watch::check(&registry, check, color)
            } else {
                check::check(&registry, check, color)
            }
        }),
        Command::Run(run) => host
            .engine(arguments.registry.as_deref())
            .and_then(|engine| run::run(engine, run, output::is_colored(arguments.color))),
        Command::Export(export) => host
            .registry(arguments.registry.as_deref())
            .and_then(|registry| export::export(&registry, export)),
        Command::Graph(graph) => host
            .registry(arguments.registry.as_deref())
            .and_then(|registry| graph::graph(&registry, graph, output::is_colored(arguments.color))),
        Command::Runs(asked) => runs::runs(&host, arguments.registry.as_deref(), asked),
        Command::Explain(code) => explain::explain(code.code.as_deref()),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), program(), &mut script);
            output::print(&String::from_utf8_lossy(&script)).map(|()| Exit::Clean)
        }
    };
    match done {
        Ok(exit) => exit.into(),
        Err(problem) => {
            output::complain(&problem);
            Exit::Unusable.into()
        }
    }
}

/// What this program is called where it was started.
fn program() -> String {
    let path = env::args_os().next().map(PathBuf::from).unwrap_or_default();
    path.file_stem().map_or_else(|| "flowright".to_owned(), |name| name.to_string_lossy().into_owned())
}
