//! What the project says of the crates it depends on, and of Rust.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The members of the workspace.
fn members() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--locked", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo is run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("it prints JSON");
    metadata["packages"].as_array().cloned().unwrap_or_default()
}

/// So nobody can have one of them in a version that no test ever ran with.
#[test]
fn every_crate_is_required_in_the_version_that_the_tests_run_with() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).expect("it is locked");
    let mut compared = 0;
    let mut others = Vec::new();
    for member in members() {
        let required = member["dependencies"].as_array().cloned().unwrap_or_default();
        for required in required.iter().filter(|required| required["path"].is_null()) {
            let name = required["name"].as_str().expect("a name");
            let version = required["req"].as_str().expect("a version").trim_start_matches('^');
            let locked = format!("name = \"{name}\"\nversion = \"{version}");
            // Whatever is behind it tells builds of one version apart.
            let is_locked = ["\"", "+"].iter().any(|end| lock.contains(&format!("{locked}{end}")));
            compared += 1;
            if !is_locked {
                others.push(format!("{}: {name} {version} is not what is locked", member["name"]));
            }
        }
    }
    assert!(compared > 50, "{compared}");
    assert!(others.is_empty(), "{}", others.join("\n"));
}

/// The compiler that the tests run with is the oldest that is promised.
#[test]
fn the_oldest_rust_that_is_promised_is_the_one_that_is_pinned() {
    let pinned = fs::read_to_string(root().join("rust-toolchain.toml")).expect("it is pinned");
    for member in members() {
        let promised = member["rust_version"].as_str().unwrap_or_else(|| panic!("{}", member["name"]));
        assert!(pinned.contains(&format!("\"{promised}")), "{}: {promised}, and\n{pinned}", member["name"]);
    }
}
