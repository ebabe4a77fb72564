// errors: 5
#![allow(unused)]
use flowright::prelude::*;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct ReadOnly(u32);

#[derive(serde::Deserialize, serde::Serialize, schemars::JsonSchema)]
struct Seconds(u32);

impl From<u32> for Seconds {
    fn from(seconds: u32) -> Self {
        Seconds(seconds)
    }
}

#[engine_action]
fn not_written(#[input(default = ReadOnly(1))] a: ReadOnly) {}

#[engine_action]
fn of_another_type(#[input(default = 1.5)] a: u32) {}

#[engine_action]
fn without_default(#[input(default)] a: std::num::NonZeroU32) {}

#[engine_action]
fn not_made_of_text(#[input(default = "1")] a: Seconds) {}

#[engine_action]
fn in_no_scope(b: u32, #[input(default = self.b)] a: u32) {}

fn main() {}
