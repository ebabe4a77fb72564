//! What is printed, and how it ends.

use crate::arguments::Color;
use std::fmt::Display;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// No errors.
    Clean,
    /// Errors in a workflow or a run.
    Faulty,
    /// Wrong usage, or a file that cannot be read or written.
    Unusable,
    /// Stopped by a signal before the run had ended.
    Interrupted,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Clean => 0,
            Exit::Faulty => 1,
            Exit::Unusable => 2,
            Exit::Interrupted => 130,
        })
    }
}

/// Whether what is printed is coloured.
pub(crate) fn is_colored(color: Color) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        }
    }
}

/// Prints to standard output. A reader who stopped listening has heard enough.
pub(crate) fn print(text: &str) -> Result<(), String> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(format!("standard output: {error}")),
        _ => Ok(()),
    }
}

/// Writes to a file, or prints where none is named.
pub(crate) fn write(file: Option<&Path>, text: &str) -> Result<(), String> {
    let Some(file) = file else { return print(text) };
    std::fs::write(file, text).map_err(|error| format!("`{}` cannot be written: {error}", file.display()))
}

/// Says on standard error what went wrong; there is nobody left to tell where that fails.
pub(crate) fn complain(problem: &impl Display) {
    let _ = writeln!(io::stderr(), "error: {problem}");
}

/// Says on standard error how things stand.
pub(crate) fn note(note: &impl Display) {
    let _ = writeln!(io::stderr(), "{note}");
}

/// The progress of long work, on a terminal.
pub(crate) struct Progress {
    of: usize,
    shown: bool,
}

/// Fewer files than this are checked at once.
const MANY: usize = 50;

impl Progress {
    pub(crate) fn new(of: usize) -> Self {
        Progress { of, shown: of >= MANY && io::stderr().is_terminal() }
    }

    pub(crate) fn at(&self, done: usize) {
        if self.shown {
            let _ = write!(io::stderr(), "\rchecked {done} of {} files", self.of);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
