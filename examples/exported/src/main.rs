//! Prints a workflow that another program runs. It is checked when this program is built, by `build.rs`, which knows
//! the other's actions from `registry.json`: what `export registry` wrote.

fn main() {
    print!("{}", include_str!("../workflows/order.json"));
}
