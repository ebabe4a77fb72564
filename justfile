# The commands of everyday work; `just` lists them.

default:
    @just --list

# All tests
test:
    ./test

# What must hold before a change lands
ci:
    .ci/run

# The main example
posts:
    cargo run -p flowright-examples --bin social-posts

# What a run costs, beside the same work by hand
bench:
    cargo bench -p flowright-tests -- --quick

# Expected output, written anew; read every changed line before it is committed
bless:
    TRYBUILD=overwrite cargo test -p flowright-tests --test ui
    FLOWRIGHT_BLESS=1 cargo test -p flowright-tests --test workflows --test workflow_schema --test repair --test errors --test typescript --test compare
    FLOWRIGHT_BLESS=1 cargo test -p flowright-cli --test against
    FLOWRIGHT_BLESS=1 cargo test -p flowright-examples-shop --test orders
    INSTA_UPDATE=always cargo test -p flowright-macros -p flowright -p flowright-examples
