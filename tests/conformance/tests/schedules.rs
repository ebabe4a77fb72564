//! In whatever order actions end, a run comes to what the rules say.

use flowright_tests_conformance::case::Case;
use flowright_tests_conformance::chance::Chance;
use flowright_tests_conformance::compare::with_reference;
use flowright_tests_conformance::generate;
use flowright_tests_conformance::reference::graph;
use flowright_tests_conformance::seeds::seeds;
use flowright_tests_conformance::shrink::shrink;
use flowright_tests_conformance::slow::{Scheduled, Slow};
use std::collections::BTreeSet;

/// Schedules of each document.
const SCHEDULES: u64 = 5;

/// A schedule's run of a case, where it is accepted.
fn run(slow: &Slow, case: &Case, schedule: u64) -> Option<Scheduled> {
    Some(slow.run(&slow.check(case)?, case, &mut Chance::new(schedule)))
}

#[test]
fn any_order_of_ends_comes_to_the_same() {
    let slow = Slow::default();
    let (mut runs, mut failed, mut orders) = (0, 0, 0);
    for seed in seeds(800) {
        let case = generate::case(seed);
        let Some(workflow) = slow.check(&case) else { continue };
        let reference = graph::run(&case);
        let mut seen = BTreeSet::new();
        for schedule in 0..SCHEDULES {
            let scheduled = slow.run(&workflow, &case, &mut Chance::new(schedule));
            runs += 1;
            failed += usize::from(scheduled.ours.ran.failed);
            seen.insert(scheduled.choices);
            if let Err(parted) = with_reference(&scheduled.ours, &reference) {
                let parts =
                    |case: &Case| with_reference(&run(&slow, case, schedule)?.ours, &graph::run(case)).err();
                let small = shrink(&case, |cases| cases.iter().map(|case| parts(case).is_some()).collect());
                panic!("seed {seed}, schedule {schedule}: {parted}\nthe same is seen in {small}");
            }
        }
        orders += seen.len();
    }
    println!("{runs} runs by {orders} schedules, {failed} of which fail");
    assert!(orders * 5 > runs * 2, "{runs} runs have no more than {orders} orders");
}
