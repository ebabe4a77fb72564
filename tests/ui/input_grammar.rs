// errors: 20
#![allow(unused)]
use flowright::prelude::*;

#[engine_action]
fn keys(
    #[input(titel = "x")] a: String,
    #[input(required)] b: String,
    #[input(title = "x", title = "y")] c: String,
    #[input] d: String,
    #[input()] e: String,
    #[input(title = "x")]
    #[input(secret)]
    f: String,
) {
}

#[engine_action]
fn values(
    #[input(title = 1)] a: String,
    #[input(min = "1")] b: u32,
    #[input(max = 18446744073709551616)] c: u32,
    #[input(min_length = -1)] d: String,
    #[input(max_length = 1.5)] e: String,
    #[input(multiple_of = 0)] f: u32,
    #[input(examples = "x")] g: String,
    #[input(examples())] h: String,
    #[input(secret = true)] i: String,
    #[input(deprecated = "x")] j: String,
    #[input(field_type = "textaera")] k: String,
    #[input(default(1))] l: u32,
    #[input(pattern)] m: String,
    #[input(rename = "")] n: String,
) {
}

fn main() {}
