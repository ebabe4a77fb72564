//! flowright's command line without actions of its own: `--registry` says what may stand in workflows.

use flowright_cli::Host;
use std::process::ExitCode;

fn main() -> ExitCode {
    flowright_cli::main(Host::Exported)
}
