//! What panics in code of others, as an error.

use crate::error::JournalError;
use futures_util::FutureExt;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What this comes to, or that it panicked. Whatever it changes has to be whole after a panic as well.
pub(crate) fn at_once<T>(work: impl FnOnce() -> Result<T, JournalError>) -> Result<T, JournalError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(told(&*panic)))
}

/// The same of what takes its time.
pub(crate) async fn in_time<T>(
    work: impl Future<Output = Result<T, JournalError>>,
) -> Result<T, JournalError> {
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|panic| Err(told(&*panic)))
}

fn told(panic: &(dyn Any + Send)) -> JournalError {
    let literal = panic.downcast_ref::<&str>().copied();
    let message = literal.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    JournalError::Panicked(message.unwrap_or("it does not say why").to_owned())
}
