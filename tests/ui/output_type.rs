// errors: 6
#![allow(unused)]
use flowright::prelude::*;

struct Plain;
struct NoError;
type Answer = Result<Plain, ActionError>;

#[engine_action]
fn alone() -> Plain {
    Plain
}

#[engine_action]
async fn awaited(a: u32) -> Result<Plain, ActionError> {
    Ok(Plain)
}

#[engine_action]
fn by_another_name() -> Answer {
    Ok(Plain)
}

#[engine_action]
fn inside() -> Vec<Option<Plain>> {
    Vec::new()
}

#[engine_action]
fn fault() -> Result<u32, NoError> {
    Ok(1)
}

#[engine_action]
async fn text_as_fault() -> std::result::Result<u32, String> {
    Ok(1)
}

fn main() {}
