//! Fails the build where a workflow is wrong.

fn main() {
    flowright::build::check("workflows", &flowright_examples_shop::registry());
}
