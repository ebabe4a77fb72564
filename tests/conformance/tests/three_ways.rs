//! flowright, the plain reading of the rules, and Workflow Kit's engine run the same documents.
//!
//! `FLOWRIGHT_CONFORMANCE` sets how many, `FLOWRIGHT_CONFORMANCE_SEED` with which they begin.

use flowright_tests_conformance::case::Case;
use flowright_tests_conformance::compare::{unexplained, with_reference, with_workflow_kit};
use flowright_tests_conformance::difference::{Difference, Shows};
use flowright_tests_conformance::ours::Flowright;
use flowright_tests_conformance::reference::graph;
use flowright_tests_conformance::seeds::seeds;
use flowright_tests_conformance::shrink::shrink;
use flowright_tests_conformance::{generate, kit};
use std::collections::BTreeMap;

/// In which cases flowright and the plain reading part.
fn part_from_reference(flowright: &Flowright, cases: &[Case]) -> Vec<bool> {
    let parts = |case: &Case| with_reference(&flowright.run(case)?, &graph::run(case)).err();
    cases.iter().map(|case| parts(case).is_some()).collect()
}

/// In which cases flowright and Workflow Kit part, and no difference is the reason.
fn part_from_workflow_kit(flowright: &Flowright, cases: &[Case]) -> Vec<bool> {
    let parts = |(case, theirs): (&Case, _)| {
        let parted = with_workflow_kit(case, &flowright.run(case)?, &theirs);
        Some(!unexplained(&Difference::of(case), &parted).is_empty())
    };
    let accepted = |case: &Case| flowright.check(&case.workflow).is_ok();
    let are_accepted: Vec<bool> = cases.iter().map(accepted).collect();
    let ask: Vec<Case> = cases.iter().filter(|case| accepted(case)).cloned().collect();
    let mut answers = ask.iter().zip(kit::run(&ask)).map(parts);
    are_accepted.into_iter().map(|is| is && answers.next().flatten().unwrap_or_default()).collect()
}

/// How often each is the first code of a report.
fn codes(reports: &[String]) -> BTreeMap<&str, usize> {
    let mut codes = BTreeMap::new();
    for report in reports {
        let code = report.split_once("error[").and_then(|(_, code)| code.split_once(']'));
        *codes.entry(code.map_or("other", |(code, _)| code)).or_default() += 1;
    }
    codes
}

#[test]
fn three_ways_to_run_a_document_come_to_the_same() {
    let flowright = Flowright::default();
    let (mut cases, mut runs, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    for seed in seeds(3_000) {
        let case = generate::case(seed);
        let workflow = match flowright.check(&case.workflow) {
            Ok(workflow) => workflow,
            Err(report) => {
                refused.push(report);
                continue;
            }
        };
        let ours = flowright.run_checked(&workflow, &case.event);
        if let Err(parted) = with_reference(&ours, &graph::run(&case)) {
            let small = shrink(&case, |cases| part_from_reference(&flowright, cases));
            panic!("seed {seed}: {parted}\nthe same is seen in {small}");
        }
        cases.push((seed, case));
        runs.push(ours);
    }

    let only_cases: Vec<Case> = cases.iter().map(|(_, case)| case.clone()).collect();
    let mut counts = BTreeMap::<Difference, (usize, usize)>::new();
    let (mut equal, mut without_difference, mut failed) = (0, 0, 0);
    for (((seed, case), ours), theirs) in cases.iter().zip(&runs).zip(kit::run(&only_cases)) {
        let differences = Difference::of(case);
        let parted = with_workflow_kit(case, ours, &theirs);
        let why = unexplained(&differences, &parted);
        if !why.is_empty() {
            let small = shrink(case, |cases| part_from_workflow_kit(&flowright, cases));
            panic!("seed {seed}: {}\nthe same is seen in {small}", why.join("\n"));
        }
        let is_of_results = |shows: Shows| shows == Shows::InResults;
        equal += usize::from(!parted.iter().any(|(shows, _)| is_of_results(*shows)));
        without_difference +=
            usize::from(!differences.iter().any(|difference| is_of_results(difference.shows())));
        failed += usize::from(ours.ran.failed);
        for difference in differences {
            let (may, does) = counts.entry(difference).or_default();
            *may += 1;
            *does += usize::from(parted.iter().any(|(shows, _)| *shows == difference.shows()));
        }
    }

    let tried = cases.len();
    println!("{tried} documents, and {} that the check refuses; {failed} of the runs fail", refused.len());
    println!("refused for {:?}", codes(&refused));
    println!("{equal} have the same results in Workflow Kit; in {without_difference} no difference may show");
    println!("may show, and results part | difference");
    for difference in Difference::ALL {
        let (may, does) = counts.get(difference).copied().unwrap_or_default();
        println!("{may:6} {does:6} | {}", difference.name());
    }
    let report = refused.first().map_or("", String::as_str);
    assert!(refused.len() * 10 <= tried, "{} documents are refused, such as\n{report}", refused.len());
    assert!(
        without_difference * 10 > tried * 3,
        "in no more than {without_difference} of {tried} no difference may show"
    );
    assert!(failed * 5 <= tried, "{failed} of {tried} fail: little is learned of those");
    for difference in Difference::ALL {
        assert!(tried < 2_000 || counts.contains_key(difference), "no document has {difference:?}");
    }
}
