//! The examples as their users start them: from the root of the repository.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The file of an example.
pub(crate) fn binary(name: &str) -> &'static str {
    match name {
        "social-posts" => env!("CARGO_BIN_EXE_social-posts"),
        "hello" => env!("CARGO_BIN_EXE_hello"),
        "branching" => env!("CARGO_BIN_EXE_branching"),
        "by-hand" => env!("CARGO_BIN_EXE_by-hand"),
        "command-line" => env!("CARGO_BIN_EXE_command-line"),
        "http" => env!("CARGO_BIN_EXE_http"),
        "orders" => env!("CARGO_BIN_EXE_orders"),
        "orders-cluster" => env!("CARGO_BIN_EXE_orders-cluster"),
        _ => panic!("there is no example `{name}`"),
    }
}

/// A command for an example that no setting of the user's terminal changes.
pub(crate) fn command(name: &str) -> Command {
    let mut command = Command::new(binary(name));
    command.current_dir(root()).env_remove("NO_COLOR");
    command
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What a program printed, and how it ended.
pub(crate) struct Ran {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: Option<i32>,
}

/// Runs an example to its end.
pub(crate) fn run(name: &str, arguments: &[&str]) -> Ran {
    Ran::of(command(name).args(arguments).output().expect("the example starts"))
}

impl Ran {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the example prints UTF-8");
        Ran { stdout: text(output.stdout), stderr: text(output.stderr), code: output.status.code() }
    }
}
