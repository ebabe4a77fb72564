// errors: 4
#![allow(unused)]
use flowright::prelude::*;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Address {
    street: String,
}

#[engine_action]
fn ship(#[input(flatten, min = 1, title = "x", default)] address: Address) {}

#[engine_action]
fn valued(#[input(flatten = true)] address: Address) {}

fn main() {}
