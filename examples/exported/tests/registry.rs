//! The exported registry is that of today's actions.

use std::process::Command;

#[test]
fn the_registry_is_that_of_the_shop() {
    let written = include_str!("../registry.json");
    let exported = format!("{:#}\n", flowright_examples_shop::registry().exported());
    assert_eq!(
        written, exported,
        "write it anew: cargo run -p flowright-examples-built -- export registry --output examples/exported/registry.json"
    );
}

#[test]
fn the_workflow_is_printed() {
    let printed =
        Command::new(env!("CARGO_BIN_EXE_flowright-examples-exported")).output().expect("it starts");
    assert_eq!(String::from_utf8_lossy(&printed.stdout), include_str!("../workflows/order.json"));
}
