// errors: 6
#![allow(unused)]
use flowright::prelude::*;

struct Mailer;

/// One attempt at everything.
#[engine_action(nam = "x", kind = 1)]
pub(crate) async fn send<T>(
    /// Who.
    #[input(min = "1")]
    to: String,
    mailer: &mut Mailer,
    #[input(title = "x", formt = "email")] from: String,
) {
    let _ = (to, from);
}

fn main() {}
