//! A command line that knows its own actions: `command-line check workflows/*.json`, and more by `--help`.

use flowright::prelude::*;
use schemars::JsonSchema;
use std::process::ExitCode;

/// Somebody signed up.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "only its schema is of interest")]
struct UserCreated {
    /// What they are called.
    name: String,
}

/// Greet someone.
#[engine_action]
fn greet(name: String) -> String {
    format!("Hello, {name}!")
}

fn engine() -> Result<Engine, Box<dyn std::error::Error>> {
    let registry =
        Registry::builder().actions(actions![greet]).event::<UserCreated>("user.created").build()?;
    Ok(Engine::builder(registry).build()?)
}

fn main() -> ExitCode {
    flowright_cli::main(engine())
}
