// errors: 6
#![allow(unused)]
use flowright::prelude::*;
use std::collections::HashMap;

struct Plain;

#[engine_action]
fn alone(a: String, b: Plain, c: u32) {}

#[engine_action]
async fn awaited(a: String, b: Plain, c: Option<u32>) {}

#[engine_action]
fn inside(a: Vec<Plain>, b: HashMap<String, Option<Plain>>) {}

#[engine_action]
fn with_default(#[input(default = Plain)] a: Plain) {}

#[engine_action]
fn flattened(#[input(flatten)] a: Plain) {}

fn main() {}
