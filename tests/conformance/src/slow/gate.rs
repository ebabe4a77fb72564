//! Where actions wait until they are let go on.

use crate::chance::Chance;
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

/// Whoever waits, in the order in which they came.
#[derive(Default)]
pub(super) struct Gate(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    came: u64,
    by_number: BTreeMap<u64, Waker>,
}

impl Gate {
    /// Waits until the caller is let go on.
    pub(super) async fn pass(&self) {
        let mut number = None;
        poll_fn(|context| {
            let mut waiting = self.waiting();
            let number = *number.get_or_insert_with(|| {
                waiting.came += 1;
                let number = waiting.came;
                waiting.by_number.insert(number, context.waker().clone());
                number
            });
            match waiting.by_number.get_mut(&number) {
                Some(waker) => {
                    waker.clone_from(context.waker());
                    Poll::Pending
                }
                None => Poll::Ready(()),
            }
        })
        .await;
    }

    /// Lets any one go on, and says which of how many that was; `None` where nobody waits.
    pub(super) fn let_one_go_on(&self, chance: &mut Chance) -> Option<(usize, usize)> {
        let mut waiting = self.waiting();
        let all = waiting.by_number.len();
        let at = if all == 0 { None } else { Some(chance.below(all)) }?;
        let number = *waiting.by_number.keys().nth(at)?;
        let waker = waiting.by_number.remove(&number)?;
        drop(waiting);
        waker.wake();
        Some((at, all))
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
