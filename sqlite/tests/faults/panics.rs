//! Clocks and observers that panic.

use crate::trial::Trial;
use flowright::{Clock, RunProgress};
use flowright_sqlite::{RunStatus, Worker};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

const MENDS: &str = "something panicked while it was executed: an action, an observer or a serializer; mend it, and resume \
                     the run";

/// A clock that panics once, when it has been asked so often.
#[derive(Clone, Default)]
struct Bad(Arc<AtomicU32>);

impl Clock for Bad {
    fn now(&self) -> SystemTime {
        let left = self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        assert!(left != Ok(1), "the clock is broken");
        SystemTime::now()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_panics_once_stops_no_worker() {
    let mut parked = 0;
    for asked in 1..=12 {
        let trial = Trial::new();
        let clock = Bad::default();
        let engine = trial.engine().clock(clock.clone()).build().unwrap();
        let worker = Worker::new(&trial.journal, engine).lease(Duration::from_millis(400));
        let worker = worker.keep_finished(Duration::from_hours(1)).start().unwrap();
        trial.until(|trial| trial.workers().len() == 1).await;
        clock.0.store(asked, Ordering::SeqCst);
        for id in ["a", "b", "c"] {
            trial.submit(id, &[("say", json!({ "text": "one" }))]).await;
            let mut run = trial.end(id).await;
            if run.status == RunStatus::Parked {
                assert_eq!(run.outcome, MENDS);
                parked += 1;
                assert!(trial.client.resume(id).await.unwrap());
                run = trial.end(id).await;
            }
            assert_eq!(run.status, RunStatus::Completed, "{asked}, {run:?}");
        }
        worker.stop().await;
        assert_eq!(trial.workers(), [] as [String; 0]);
    }
    println!("{parked} of 12 were parked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_whose_observer_panics_is_parked_and_it_is_said_what_may_have() {
    let trial = Trial::new();
    trial.submit("a", &[("say", json!({ "text": "one" }))]).await;
    let observer = |_: &RunProgress<'_>| panic!("the observer is broken");
    let engine = trial.engine().observer(observer).build().unwrap();
    let worker = Worker::new(&trial.journal, engine).start().unwrap();
    let run = trial.end("a").await;
    worker.stop().await;
    assert_eq!((run.status, run.outcome), (RunStatus::Parked, json!(MENDS)));
}
