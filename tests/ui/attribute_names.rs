// errors: 5
#![allow(unused)]
use flowright::prelude::*;

#[engine_action(kind = "send", aliases("mail", "send", "mail", 1, ""))]
fn aliased() {}

#[engine_action(aliases())]
fn no_alias() {}

fn main() {}
