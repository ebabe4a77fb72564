// errors: 2
#![allow(unused)]
use flowright::prelude::*;

#[engine_action]
fn bounds(
    #[input(min = 3, max = 2.5)] a: f64,
    #[input(min_length = 2, max_length = 1)] b: String,
    #[input(min = 2, max = 2)] c: f64,
) {
}

fn main() {}
