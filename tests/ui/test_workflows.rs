// errors: 16
use flowright::prelude::*;
use flowright::test_workflows;

fn registry() -> Registry {
    Registry::builder().build().unwrap()
}

const PATTERN: &str = "src/*.rs";

test_workflows!();
test_workflows!("workflows/*.json");
test_workflows!(registry(),);
test_workflows!(registry() "workflows/*.json");
test_workflows!(registry(), PATTERN);

test_workflows!(registry(), "workflows/**/*.json");
test_workflows!(registry(), "/workflows/*.json");
test_workflows!(registry(), "../workflows/*.json");
test_workflows!(registry(), "workflows/***.json");
test_workflows!(registry(), "workflows/[a.json");

test_workflows!(registry(), "Cargo.toml", "Cargo.lock");
test_workflows!(registry(), "Cargo.toml", modul = shop);
test_workflows!(registry(), "Cargo.toml", module = "shop", event = placed, event = "", crate = "flowright");

fn main() {}
