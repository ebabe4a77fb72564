// errors: 1
#![allow(unused)]
use flowright::prelude::*;

struct Mailer;

impl Mailer {
    #[engine_action]
    fn send(&self, to: String) {}
}

fn main() {
    Mailer.send(String::new());
}
