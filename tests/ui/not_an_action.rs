// errors: 2
#![allow(unused)]
use flowright::prelude::*;

struct Mailer {}

fn send() {}

fn main() {
    let _ = actions![Mailer];
    let _ = actions![send];
}
