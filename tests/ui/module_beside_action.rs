// errors: 1
// An action is also a type, so a module of its name beside a `use` of it clashes. The way out: import one of them
// under another name, `use charge::charge as charge_card;`, or name the module differently.
#![allow(unused)]

mod charge {
    use flowright::prelude::*;

    #[engine_action]
    pub fn charge(cents: u32) -> u32 {
        cents
    }
}

use charge::charge;

fn main() {
    charge(1);
}
