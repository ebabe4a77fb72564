// errors: 3
#![allow(unused)]
use flowright::prelude::*;
use std::cell::Cell;

struct Counter(Cell<u32>);

// A resource is shared between threads: an engine takes none that cannot be, and no action can hold one over an await.
#[engine_action]
async fn count(counter: &Counter) -> u32 {
    std::future::ready(()).await;
    counter.0.get()
}

#[engine_action]
fn borrows(words: Vec<&str>, names: std::borrow::Cow<'static, [&'static str]>) {}

fn main() {}
