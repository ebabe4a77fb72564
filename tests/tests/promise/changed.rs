//! What a change of signatures breaks, held against documents.

use crate::chance::Chance;
use crate::{Counts, count, document_of, scenes};
use flowright::{Changed, Changes, Code, How, Mode};

/// What is said of a document that names what there can no longer be. Behind a condition that never holds more is wrong.
const OF_WHAT_IS_GONE: [Code; 3] = [Code::UnknownField, Code::ImpossibleMatch, Code::ConstantCondition];

fn has_narrowed(changes: &Changes) -> bool {
    changes.iter().any(|change| match change.what() {
        Changed::OutputType(ty) | Changed::EventType(ty) => ty.how == How::Narrower,
        _ => false,
    })
}

/// More cases for the same change.
fn several(case: u64) -> impl Iterator<Item = u64> {
    (0..6).map(move |more| case ^ (more << 40))
}

#[test]
fn where_nothing_is_breaking_no_document_breaks() {
    let mut counts = Counts::new();
    for (number, (scene, cases)) in (0..).zip(scenes()) {
        let mut chance = Chance::new(number ^ 0x7777_7777);
        let careful = chance.percent(60);
        let later = scene.changed(careful, &mut chance);
        let mode = *chance.pick(&[Mode::Default, Mode::Lenient]);
        let (old, new) = (scene.registry(mode, &[]), later.registry(mode, &[]));
        let changes = new.compare(&old);
        let weight = if changes.is_breaking() { "breaking" } else { "fine" };
        count(&mut counts, format!("changes that are {weight}"));
        for case in cases.flat_map(several) {
            let (document, _) = document_of(&scene, case);
            let text = document.to_string();
            let Ok(workflow) = old.check(&*text) else { continue };
            let Err(report) = new.check(&*text) else {
                count(&mut counts, format!("accepted, {weight}"));
                continue;
            };
            count(&mut counts, format!("refused, {weight}"));
            let concerning = changes.concerning(&workflow);
            let story =
                || format!("case {case}, {mode:?}: {document}\n{changes}\nof these {concerning}\n{report}");
            assert!(!concerning.is_empty(), "nothing concerns what breaks: {}", story());
            if concerning.is_breaking() || !workflow.report().left_to_run_time().is_empty() {
                continue;
            }
            let names_what_is_gone = report.iter().any(|found| OF_WHAT_IS_GONE.contains(&found.code()));
            assert!(has_narrowed(&concerning) && names_what_is_gone, "{}", story());
            count(&mut counts, "refused, as it names what is gone");
        }
    }
    println!("{counts:?}");
    let tried = ["changes that are breaking", "changes that are fine", "accepted, fine", "refused, breaking"];
    let are_tried = tried.iter().all(|what| counts.contains_key(*what));
    assert!(are_tried || counts.values().sum::<usize>() < 100, "{counts:?}");
}
