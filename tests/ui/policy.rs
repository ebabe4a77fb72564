// errors: 8
use flowright::prelude::*;

#[engine_action(retries = -1, timeout = "30", max_concurrency = 0)]
async fn wrong_values() {}

#[engine_action(retries = 5_000_000_000, timeout = "0s", max_concurrency = "8")]
async fn other_wrong_values() {}

#[engine_action(timeout = "30s", max_concurrency = 8, retries = 3)]
fn synchronous() {}

fn main() {}
