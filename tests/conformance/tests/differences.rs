//! Each declared difference is seen in its smallest document, and flowright does there what the rules say.

use flowright_tests_conformance::case::Case;
use flowright_tests_conformance::compare::{with_reference, with_workflow_kit};
use flowright_tests_conformance::difference::{Difference, Shows};
use flowright_tests_conformance::kit;
use flowright_tests_conformance::ours::Flowright;
use flowright_tests_conformance::reference::graph;

#[test]
fn each_is_seen_and_flowright_keeps_the_rules() {
    let flowright = Flowright::default();
    let cases: Vec<Case> = Difference::ALL.iter().map(|difference| difference.minimal()).collect();
    let mut wrong = Vec::new();
    for ((difference, case), theirs) in Difference::ALL.iter().zip(&cases).zip(kit::run(&cases)) {
        let name = difference.name();
        if let Err(report) = flowright.check(&case.workflow) {
            wrong.push(format!("{name}: {report}"));
            continue;
        }
        let ours = flowright.run(case).expect("the document is right");
        if let Err(parted) = with_reference(&ours, &graph::run(case)) {
            wrong.push(format!("{name}: {parted}"));
        }
        let parted = with_workflow_kit(case, &ours, &theirs);
        println!("{name}: {parted:?}");
        if !parted.iter().any(|(shows, _)| *shows == difference.shows()) {
            wrong.push(format!("{name} is not seen in {case}: {ours:?} {theirs:?}"));
        }
        // Nothing else of the kind may be the reason.
        let declared = Difference::of(case);
        let of_results = declared.iter().filter(|other| other.shows() == Shows::InResults);
        if !declared.contains(difference) || of_results.clone().any(|other| other != difference) {
            wrong.push(format!("{name} may be one of {declared:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_page_has_them_all() {
    let mut table = "| in a document | what is done | differs in |\n|---|---|---|\n".to_owned();
    table.extend(Difference::ALL.iter().map(|difference| {
        let shows = match difference.shows() {
            Shows::InResults => "results",
            Shows::InCalls => "calls",
            Shows::InTheDocument => "the document",
        };
        format!("| {} | {} | {shows} |\n", difference.name(), difference.reason())
    }));
    let page = include_str!("../README.md");
    assert!(page.ends_with(&table), "the page does not end with\n{table}");
}
