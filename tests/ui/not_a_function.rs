// errors: 3
#![allow(unused)]
use flowright::prelude::*;

#[engine_action]
struct Email {
    to: String,
}

#[engine_action]
mod emails {}

#[engine_action]
const LIMIT: u32 = 1;

fn main() {
    let _ = Email { to: String::new() };
    let _ = LIMIT;
}
