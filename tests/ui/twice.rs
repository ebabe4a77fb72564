// errors: 1
#![allow(unused)]
use flowright::prelude::*;

#[engine_action(name = "Once")]
#[engine_action]
fn twice() {}

fn main() {}
