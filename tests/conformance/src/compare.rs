//! A case, run by all three.

use crate::case::{Case, Ran, Status, plain};
use crate::difference::{Difference, Shows};
use crate::kit::Theirs;
use crate::ours::Ours;
use std::collections::BTreeMap;

/// Where flowright and the plain reading of the rules part, if they do.
///
/// Where nothing fails they are the same. A run stops at a failure, and what still starts then is a matter of what happens to be
/// under way: so of a run that failed, what settled is what the reading says.
pub fn with_reference(ours: &Ours, reference: &Ran) -> Result<(), String> {
    let run = &ours.ran;
    if run.failed != reference.failed {
        return Err(format!("flowright fails: {}; the reading fails: {}", run.failed, reference.failed));
    }
    if !run.failed {
        return if run == reference { Ok(()) } else { Err(parted(run, reference)) };
    }
    let is_settled = |status: Status| status != Status::NotStarted;
    let settled = run.statuses.iter().filter(|(_, status)| is_settled(**status));
    for (id, status) in settled {
        if reference.statuses.get(id) != Some(status)
            || run.state.get(id) != reference.state.get(id).filter(|_| *status == Status::Completed)
        {
            return Err(parted(run, reference));
        }
    }
    let fails = run.statuses.values().any(|status| *status == Status::Failed);
    if fails { Ok(()) } else { Err("the run failed, and no action did".to_owned()) }
}

fn parted(run: &Ran, reference: &Ran) -> String {
    let state = |ran: &Ran| serde_json::Value::from(ran.state.clone()).to_string();
    format!(
        "flowright: {:?} {}\nthe reading: {:?} {}",
        run.statuses,
        state(run),
        reference.statuses,
        state(reference)
    )
}

/// Where flowright and Workflow Kit part.
pub fn with_workflow_kit(case: &Case, ours: &Ours, theirs: &Theirs) -> Vec<(Shows, String)> {
    let mut parted = Vec::new();
    if ours.ran.failed != theirs.error.is_some() {
        let said = format!("flowright fails: {}; Workflow Kit throws: {:?}", ours.ran.failed, theirs.error);
        parted.push((Shows::InResults, said));
    }
    // Workflow Kit keeps nothing of a run that threw.
    if theirs.error.is_none() && !ours.ran.failed {
        if ours.ran.state != theirs.state {
            let state = |state: &serde_json::Map<_, _>| serde_json::Value::from(state.clone()).to_string();
            let said =
                format!("flowright: {}\nWorkflow Kit: {}", state(&ours.ran.state), state(&theirs.state));
            parted.push((Shows::InResults, said));
        }
        let often = |calls: &[String]| {
            let mut often = BTreeMap::<String, usize>::new();
            for id in calls {
                *often.entry(id.clone()).or_default() += 1;
            }
            often
        };
        if often(&ours.calls) != often(&theirs.calls) {
            let said = format!("flowright calls {:?}, Workflow Kit {:?}", ours.calls, theirs.calls);
            parted.push((Shows::InCalls, said));
        }
        if plain(&case.workflow) != plain(&theirs.workflow) {
            parted.push((
                Shows::InTheDocument,
                format!("Workflow Kit makes of the document {}", theirs.workflow),
            ));
        }
    }
    parted
}

/// What is parted and none of the differences may be the reason of. A difference in results may change all that follows from them.
pub fn unexplained(differences: &[Difference], parted: &[(Shows, String)]) -> Vec<String> {
    let explains = |shows: Shows| {
        differences
            .iter()
            .any(|difference| difference.shows() == shows || difference.shows() == Shows::InResults)
    };
    parted.iter().filter(|(shows, _)| !explains(*shows)).map(|(_, said)| said.clone()).collect()
}
