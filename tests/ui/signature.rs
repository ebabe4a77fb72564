// errors: 21
#![allow(unused, improper_ctypes_definitions)]
use flowright::prelude::*;

struct Mailer;

#[engine_action]
fn generic<T, const N: usize>(a: String) {}

#[engine_action]
fn lifetime<'a>(mailer: &'a Mailer) {}

#[engine_action]
fn bounded(a: String)
where
    String: Clone,
{
}

#[engine_action]
const fn constant() {}

#[engine_action]
unsafe fn dangerous() {}

#[engine_action]
extern "C" fn foreign() {}

#[engine_action]
fn any(a: impl ToString, b: Vec<Box<impl ToString>>) -> impl serde::Serialize {
    1
}

#[engine_action]
fn mutable(mailer: &mut Mailer) {}

#[engine_action]
fn twice(mailer: &&Mailer) {}

#[engine_action]
fn forever(mailer: &'static Mailer) {}

#[engine_action]
fn marked(#[input(title = "x")] mailer: &Mailer) {}

#[engine_action]
fn pattern((a, b): (u32, u32), ref c: String) {}

#[engine_action]
fn lent(mailer: &Mailer) -> &str {
    ""
}

#[engine_action]
fn inside(mailer: &Mailer) -> Result<&Mailer, ActionError> {
    Ok(mailer)
}

#[engine_action]
fn never() -> ! {
    panic!()
}

#[engine_action]
fn conditional(#[cfg(unix)] a: u32, #[cfg_attr(unix, allow(unused))] b: u32) {}

fn main() {
    constant();
    mutable(&mut Mailer);
}
