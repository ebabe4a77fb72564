// errors: 4
#![allow(unused)]
use flowright::prelude::*;

#[engine_action]
fn names(
    a: String,
    #[input(rename = "a")] b: String,
    #[input(aliases("a"))] c: String,
    #[input(aliases("d"))] d: String,
    #[input(rename = "b")] e: String,
) {
}

#[engine_action]
fn unnamed(_: String) {}

fn main() {}
