// errors: 4
#![allow(unused)]
use flowright::prelude::*;

#[engine_action]
fn f64(value: String) -> f64 {
    1.0
}

#[engine_action]
fn str() {}

#[engine_action]
fn u8() {}

#[engine_action]
#[allow(non_snake_case)]
fn String() {}

fn main() {
    let _: f64 = f64(std::string::String::new());
}
