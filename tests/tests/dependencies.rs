//! What the project says of the crates it depends on, and of Rust.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

fn metadata() -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .current_dir(root)
        .output()
        .expect("cargo is run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("it prints JSON")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// So nobody can have one of them in a version that no test ever ran with.
#[test]
fn every_crate_is_required_in_the_version_that_the_tests_run_with() {
    let metadata = metadata();
    let locked: BTreeMap<&str, &str> = list(&metadata["packages"])
        .iter()
        .filter_map(|package| Some((package["id"].as_str()?, package["version"].as_str()?)))
        .collect();
    let mut compared = 0;
    let mut others = Vec::new();
    for package in list(&metadata["packages"]).iter().filter(|package| package["source"].is_null()) {
        let node = list(&metadata["resolve"]["nodes"]).iter().find(|node| node["id"] == package["id"]);
        let node = node.expect("every member is resolved");
        for required in list(&package["dependencies"]).iter().filter(|required| required["path"].is_null()) {
            let (name, version) = (&required["name"], required["req"].as_str().expect("a version"));
            let versions = list(&node["dependencies"]).iter().filter_map(Value::as_str).filter(|id| {
                list(&metadata["packages"]).iter().any(|found| found["id"] == *id && found["name"] == *name)
            });
            // Where a crate is there in several versions, one of them is meant.
            let versions: Vec<&str> =
                versions.map(|id| locked[id].split('+').next().unwrap_or_default()).collect();
            compared += 1;
            if !versions.contains(&version.trim_start_matches('^')) {
                others.push(format!("{}: {name} {version}, and locked is {versions:?}", package["name"]));
            }
        }
    }
    assert!(compared > 50, "{compared}");
    assert!(others.is_empty(), "{}", others.join("\n"));
}

/// The compiler that the tests run with is the oldest that is promised.
#[test]
fn the_oldest_rust_that_is_promised_is_the_one_that_is_pinned() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let pinned = fs::read_to_string(root.join("rust-toolchain.toml")).expect("it is pinned");
    let metadata = metadata();
    let members = list(&metadata["workspace_members"]);
    for package in list(&metadata["packages"]).iter().filter(|package| members.contains(&package["id"])) {
        let promised = package["rust_version"].as_str().unwrap_or_else(|| panic!("{}", package["name"]));
        assert!(pinned.contains(&format!("\"{promised}")), "{}: {promised}, and\n{pinned}", package["name"]);
    }
}
