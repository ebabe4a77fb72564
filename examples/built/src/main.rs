//! The shop's command line. The workflows that it comes with are checked when it is built, by `build.rs`: the actions
//! live in another crate, which both depend on.

use flowright::Engine;
use flowright_examples_shop::{Bank, Warehouse, registry};
use std::process::ExitCode;

fn main() -> ExitCode {
    flowright_cli::main(Engine::builder(registry()).resource(Warehouse).resource(Bank).build())
}
