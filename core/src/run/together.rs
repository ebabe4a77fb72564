//! Futures that are waited for together, within one task.

use futures_util::task::{ArcWake, waker_ref};
use std::collections::VecDeque;
use std::mem;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// Futures that are waited for together, of which only those are polled that were woken.
///
/// One that is new is polled with a waker that it shares, and gets one of its own when that wakes: what ends before needs none.
pub(super) struct Together<F> {
    slots: Vec<Slot<F>>,
    /// How many slots have a future.
    running: usize,
    /// The slot that lost its future last, of those that have none.
    free: Option<usize>,
    /// The slots that are to be polled.
    due: VecDeque<usize>,
    /// The slots that were polled and have no waker of their own.
    sharing: Vec<usize>,
    woken: Arc<Woken>,
}

struct Slot<F> {
    content: Content<F>,
    waker: Option<Arc<SlotWaker>>,
}

enum Content<F> {
    Future(F),
    /// None, as in the slot of this number, which lost its future before this one did.
    Free(Option<usize>),
}

/// How many futures there is room for at first.
const AT_FIRST: usize = 32;

/// How many futures of one turn may be woken while they are polled: they may do so for ever, and others want the thread.
const WOKEN_IN_A_TURN: usize = 16;

/// What was woken since somebody looked. It is the waker that new futures share.
#[derive(Default)]
struct Woken {
    /// Whether there is any, also without the lock.
    is_any: AtomicBool,
    since: Mutex<Since>,
}

#[derive(Default)]
struct Since {
    slots: Vec<usize>,
    shared: bool,
    /// Who waits for the next.
    task: Option<Waker>,
}

/// The waker of a slot.
struct SlotWaker {
    slot: usize,
    is_woken: AtomicBool,
    woken: Arc<Woken>,
}

impl Woken {
    fn since(&self) -> MutexGuard<'_, Since> {
        self.since.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_any(&self) -> bool {
        self.is_any.load(Ordering::Acquire)
    }

    fn note(&self, note: impl FnOnce(&mut Since)) {
        let task = {
            let mut since = self.since();
            note(&mut since);
            self.is_any.store(true, Ordering::Release);
            since.task.take()
        };
        if let Some(task) = task {
            task.wake();
        }
    }
}

impl ArcWake for Woken {
    fn wake_by_ref(woken: &Arc<Self>) {
        woken.note(|since| since.shared = true);
    }
}

impl ArcWake for SlotWaker {
    fn wake_by_ref(waker: &Arc<Self>) {
        if !waker.is_woken.swap(true, Ordering::AcqRel) {
            waker.woken.note(|since| since.slots.push(waker.slot));
        }
    }
}

impl<F: Future + Unpin> Together<F> {
    pub(super) fn new() -> Self {
        Together {
            slots: Vec::new(),
            running: 0,
            free: None,
            due: VecDeque::new(),
            sharing: Vec::new(),
            woken: Arc::default(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.running == 0
    }

    pub(super) fn push(&mut self, future: F) {
        if self.slots.is_empty() {
            self.slots.reserve(AT_FIRST);
            self.due.reserve(AT_FIRST);
            self.sharing.reserve(AT_FIRST);
        }
        let content = Content::Future(future);
        let slot = self.free.unwrap_or(self.slots.len());
        if let Some(slot) = self.slots.get_mut(slot) {
            if let Content::Free(before) = mem::replace(&mut slot.content, content) {
                self.free = before;
            }
        } else {
            self.slots.push(Slot { content, waker: None });
        }
        self.running += 1;
        self.due.push_back(slot);
    }

    /// What the next that ends comes to; `None` where there is none.
    pub(super) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<F::Output>> {
        if self.is_empty() {
            return Poll::Ready(None);
        }
        let mut woken = 0;
        loop {
            if self.woken.is_any() {
                self.look();
            }
            let Some(slot) = self.due.pop_front() else {
                if self.sleep(context) {
                    return Poll::Pending;
                }
                continue;
            };
            if let Poll::Ready(output) = self.poll(slot) {
                return Poll::Ready(Some(output));
            }
            woken += usize::from(self.woken.is_any());
            if woken == WOKEN_IN_A_TURN {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
        }
    }

    fn poll(&mut self, slot: usize) -> Poll<F::Output> {
        let Slot { content, waker } = &mut self.slots[slot];
        let own = waker.as_ref().map(|waker| {
            waker.is_woken.swap(false, Ordering::AcqRel);
            waker_ref(waker)
        });
        let Content::Future(future) = content else { return Poll::Pending };
        let has_own = own.is_some();
        let waker = own.unwrap_or_else(|| waker_ref(&self.woken));
        let polled = Pin::new(future).poll(&mut Context::from_waker(&waker));
        if polled.is_ready() {
            *content = Content::Free(self.free.replace(slot));
            self.running -= 1;
        } else if !has_own {
            self.sharing.push(slot);
        }
        polled
    }

    /// What was woken is to be polled, behind what is to be already.
    fn look(&mut self) {
        let mut since = self.woken.since();
        self.woken.is_any.store(false, Ordering::Relaxed);
        self.due.extend(since.slots.drain(..));
        if mem::take(&mut since.shared) {
            for slot in self.sharing.drain(..) {
                let (is_woken, woken) = (AtomicBool::new(true), Arc::clone(&self.woken));
                self.slots[slot].waker = Some(Arc::new(SlotWaker { slot, is_woken, woken }));
                self.due.push_back(slot);
            }
        }
    }

    /// Has the task woken when something is; `false` where something was.
    fn sleep(&mut self, context: &Context<'_>) -> bool {
        let mut since = self.woken.since();
        if self.woken.is_any() {
            return false;
        }
        let before = since.task.replace(context.waker().clone());
        drop(since);
        drop(before);
        true
    }
}

/// Wakers may be kept for longer than what they woke: whoever waited for it does not any more.
impl<F> Drop for Together<F> {
    fn drop(&mut self) {
        let task = self.woken.since().task.take();
        drop(task);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::future::poll_fn;
    use std::sync::atomic::AtomicUsize;
    use std::thread;

    /// A future that ends when it is told to, and counts how often it is polled.
    #[derive(Clone, Default)]
    struct Told(Arc<Telling>);

    #[derive(Default)]
    struct Telling {
        polls: AtomicUsize,
        said: Mutex<(bool, Option<Waker>)>,
    }

    impl Future for Told {
        type Output = ();

        fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
            self.0.polls.fetch_add(1, Ordering::Relaxed);
            let mut said = self.0.said.lock().unwrap();
            said.1 = Some(context.waker().clone());
            if said.0 { Poll::Ready(()) } else { Poll::Pending }
        }
    }

    impl Told {
        fn wake(&self) {
            let waker = self.0.said.lock().unwrap().1.clone();
            waker.unwrap().wake();
        }

        fn tell(&self) {
            self.0.said.lock().unwrap().0 = true;
            self.wake();
        }

        fn polls(&self) -> usize {
            self.0.polls.load(Ordering::Relaxed)
        }
    }

    /// A future with a number, which it comes to.
    fn numbered(
        number: usize,
        future: impl Future<Output = ()> + Send + 'static,
    ) -> Pin<Box<dyn Future<Output = usize> + Send>> {
        Box::pin(async move {
            future.await;
            number
        })
    }

    /// A task that counts how often it is woken.
    #[derive(Default)]
    struct Task(AtomicUsize);

    impl ArcWake for Task {
        fn wake_by_ref(task: &Arc<Self>) {
            task.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    impl Task {
        fn poll<F: Future + Unpin>(self: &Arc<Self>, together: &mut Together<F>) -> Poll<Option<F::Output>> {
            together.poll_next(&mut Context::from_waker(&waker_ref(self)))
        }
    }

    #[test]
    fn what_ends_at_once_comes_in_the_order_in_which_it_was_given() {
        let (task, mut together) = (Arc::new(Task::default()), Together::new());
        assert_eq!(task.poll(&mut together), Poll::Ready(None));
        (0..3).for_each(|number| together.push(numbered(number, async {})));
        for number in 0..3 {
            assert_eq!(task.poll(&mut together), Poll::Ready(Some(number)));
        }
        assert_eq!(task.poll(&mut together), Poll::Ready(None));
    }

    #[test]
    fn only_what_was_woken_is_polled() {
        let (task, mut together) = (Arc::new(Task::default()), Together::new());
        let told: Vec<Told> = (0..3).map(|_| Told::default()).collect();
        told.iter().enumerate().for_each(|(number, told)| together.push(numbered(number, told.clone())));
        assert_eq!(task.poll(&mut together), Poll::Pending);
        // They still share one waker.
        told[0].wake();
        assert_eq!(task.poll(&mut together), Poll::Pending);
        let polls = || told.iter().map(Told::polls).collect::<Vec<_>>();
        assert_eq!(polls(), [2, 2, 2]);

        told[2].wake();
        assert_eq!((task.poll(&mut together), polls()), (Poll::Pending, vec![2, 2, 3]));
        told[1].tell();
        assert_eq!((task.poll(&mut together), polls()), (Poll::Ready(Some(1)), vec![2, 3, 3]));
        assert_eq!((task.poll(&mut together), polls()), (Poll::Pending, vec![2, 3, 3]));
    }

    #[test]
    fn a_task_that_waits_is_woken_once() {
        let (task, mut together) = (Arc::new(Task::default()), Together::new());
        let told = [Told::default(), Told::default()];
        told.iter().enumerate().for_each(|(number, told)| together.push(numbered(number, told.clone())));
        assert_eq!(task.poll(&mut together), Poll::Pending);
        told.iter().for_each(Told::tell);
        assert_eq!(task.0.load(Ordering::Relaxed), 1);
        assert_eq!(task.poll(&mut together), Poll::Ready(Some(0)));
        assert_eq!(task.poll(&mut together), Poll::Ready(Some(1)));
    }

    #[test]
    fn what_wakes_itself_for_ever_leaves_turns_to_others() {
        let (task, mut together) = (Arc::new(Task::default()), Together::new());
        together.push(numbered(
            0,
            poll_fn(|context| {
                context.waker().wake_by_ref();
                Poll::Pending
            }),
        ));
        let told = Told::default();
        together.push(numbered(1, told.clone()));
        for turn in 1..4 {
            assert_eq!(task.poll(&mut together), Poll::Pending);
            assert_eq!(task.0.load(Ordering::Relaxed), turn);
        }
        told.tell();
        assert_eq!(task.poll(&mut together), Poll::Ready(Some(1)));
    }

    /// A future that wakes itself so often before it ends.
    fn restless(times: usize) -> impl Future<Output = ()> + Send + 'static {
        let mut left = times;
        poll_fn(move |context| {
            if left == 0 {
                return Poll::Ready(());
            }
            left -= 1;
            context.waker().wake_by_ref();
            Poll::Pending
        })
    }

    #[test]
    fn of_many_that_wake_themselves_few_are_polled_in_a_turn() {
        let (task, mut together) = (Arc::new(Task::default()), Together::new());
        let told: Vec<Told> = (0..1_000).map(|_| Told::default()).collect();
        for (number, told) in told.iter().enumerate() {
            let told = told.clone();
            together.push(numbered(number, async move {
                let mut told = told;
                poll_fn(move |context| {
                    let ended = Pin::new(&mut told).poll(context);
                    context.waker().wake_by_ref();
                    ended
                })
                .await;
            }));
        }
        for turn in 1..=10 {
            assert_eq!(task.poll(&mut together), Poll::Pending);
            assert_eq!(task.0.load(Ordering::Relaxed), turn);
            assert_eq!(told.iter().map(Told::polls).sum::<usize>(), turn * WOKEN_IN_A_TURN);
        }
    }

    #[test]
    fn what_was_woken_comes_before_what_is_given_later() {
        let (task, mut together) = (Arc::new(Task::default()), Together::new());
        let told = Told::default();
        together.push(numbered(0, told.clone()));
        assert_eq!(task.poll(&mut together), Poll::Pending);
        told.tell();
        let mut came = Vec::new();
        for number in 1..=3 {
            together.push(numbered(number, async {}));
            came.push(task.poll(&mut together));
        }
        assert!(came[..2].contains(&Poll::Ready(Some(0))), "{came:?}");
    }

    #[test]
    fn each_that_is_restless_ends() {
        let (task, mut together) = (Arc::new(Task::default()), Together::new());
        (0..100).for_each(|number| together.push(numbered(number, restless(number))));
        let mut ended = Vec::new();
        while !together.is_empty() {
            let before = task.0.load(Ordering::Relaxed);
            match task.poll(&mut together) {
                Poll::Ready(number) => ended.extend(number),
                Poll::Pending => assert!(task.0.load(Ordering::Relaxed) > before, "nobody wakes it"),
            }
        }
        ended.sort_unstable();
        assert_eq!(ended, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn a_waker_that_is_kept_does_not_keep_the_task() {
        let (task, mut together) = (Arc::new(Task::default()), Together::new());
        let told = Told::default();
        together.push(numbered(0, told.clone()));
        assert_eq!(task.poll(&mut together), Poll::Pending);
        drop(together);
        told.wake();
        assert_eq!((task.0.load(Ordering::Relaxed), Arc::strong_count(&task)), (0, 1));
    }

    #[test]
    fn a_waker_of_one_that_ended_is_harmless() {
        let (task, mut together) = (Arc::new(Task::default()), Together::new());
        let (first, second) = (Told::default(), Told::default());
        together.push(numbered(0, first.clone()));
        assert_eq!(task.poll(&mut together), Poll::Pending);
        first.wake();
        assert_eq!(task.poll(&mut together), Poll::Pending);
        first.tell();
        assert_eq!(task.poll(&mut together), Poll::Ready(Some(0)));
        first.wake();
        assert_eq!(task.poll(&mut together), Poll::Ready(None));
        together.push(numbered(1, second.clone()));
        first.wake();
        assert_eq!(task.poll(&mut together), Poll::Pending);
        second.tell();
        assert_eq!(task.poll(&mut together), Poll::Ready(Some(1)));
        assert!(together.is_empty());
    }

    proptest! {
        #[test]
        fn all_come_once_whichever_thread_wakes_them(order in Just((0..40).collect::<Vec<_>>()).prop_shuffle(), more in 0..40_usize) {
            let mut together = Together::new();
            let told: Vec<Told> = (0..40).map(|_| Told::default()).collect();
            let push = |together: &mut Together<_>, number: usize| together.push(numbered(number, told[number].clone()));
            (0..40 - more).for_each(|number| push(&mut together, number));
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let ended = thread::scope(|scope| {
                scope.spawn(|| {
                    for &number in &order {
                        let waker = {
                            let mut said = told[number].0.said.lock().unwrap();
                            said.0 = true;
                            said.1.take()
                        };
                        if let Some(waker) = waker {
                            waker.wake();
                        }
                    }
                });
                runtime.block_on(async {
                    let (mut ended, mut next) = (Vec::new(), 40 - more);
                    loop {
                        if next < 40 {
                            push(&mut together, next);
                            next += 1;
                        }
                        match poll_fn(|context| together.poll_next(context)).await {
                            Some(number) => ended.push(number),
                            None => return ended,
                        }
                    }
                })
            });
            let mut sorted = ended.clone();
            sorted.sort_unstable();
            prop_assert_eq!(sorted, (0..40).collect::<Vec<_>>());
        }
    }
}
