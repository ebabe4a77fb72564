//! Fails the build where a workflow is wrong.

fn main() {
    flowright::build::check_exported("workflows", "registry.json");
}
