// errors: 13
#![allow(unused)]
use flowright::prelude::*;

#[engine_action(knd = "x", retry = 3, speed = "30s")]
fn unknown() {}

#[engine_action(name = "a", name = "b")]
fn twice() {}

#[engine_action(kind = 1, name, icon("x"), deprecated = true)]
fn wrong_values() {}

#[engine_action(kind = , "text", aliases = "x")]
fn broken() {}

#[engine_action(name = "  ")]
fn empty() {}

#[engine_action(crate = "flowright")]
fn quoted() {}

fn main() {
    // The functions are still there, and so are their types.
    twice();
    let _ = actions![unknown, twice, wrong_values, broken, empty];
}
