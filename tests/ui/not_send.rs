// errors: 1
use flowright::prelude::*;
use std::rc::Rc;

async fn wait() {}

#[engine_action]
async fn holds(a: u32) -> u32 {
    let shared = Rc::new(a);
    wait().await;
    *shared
}

fn main() {}
