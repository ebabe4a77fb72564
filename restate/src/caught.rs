//! What panics is over: the cluster would call it again and again.

use futures_util::FutureExt;
use restate_sdk::errors::TerminalError;
use std::panic::AssertUnwindSafe;

/// What an invocation fails with in which something panicked.
pub(crate) const PANICKED: u16 = 520;

/// What a run fails with of which somebody stopped an attempt.
pub(crate) const LOST: u16 = 521;

/// Why a run is parked that panicked.
const WHY: &str = "something panicked while it was executed: an action, an observer or a serializer; mend it, and submit \
                   the run anew under another id";

/// What this comes to, or that it panicked. Whatever it changes is not looked at after a panic.
pub(crate) async fn caught<T>(work: impl Future<Output = T>) -> Result<T, TerminalError> {
    let went = AssertUnwindSafe(work).catch_unwind().await;
    went.map_err(|_| TerminalError::new_with_code(PANICKED, WHY))
}

/// What a run fails with whose attempt failed with this. An attempt is not cancelled by the run that waits for it.
pub(crate) fn lost(error: TerminalError) -> TerminalError {
    if error.code() == PANICKED {
        return error;
    }
    let message = format!("an attempt at an action was stopped from outside: {}", error.message());
    TerminalError::new_with_code(LOST, message)
}
