//! Documents: what is accepted stays so, and what is repaired is what the repairs say.

use crate::actions::REGISTRIES;
use crate::choices::{Choices, is_text};
use crate::grammar;
use flowright::{CheckedWorkflow, Edit, Registry, Repair, Report, Source, Workflow};

/// Holds for a document, as text or by choices.
///
/// # Panics
///
/// Where something is judged differently when it is looked at again, or a repair is not what it says.
pub fn hold(bytes: &[u8]) {
    if is_text(bytes) {
        let text = String::from_utf8_lossy(bytes);
        let allows_comments = bytes.first() == Some(&b'/');
        let name = if allows_comments { "fuzz.jsonc" } else { "fuzz.json" };
        is_judged_alike(&REGISTRIES[0], &Source::named(name, &text));
        return;
    }
    let mut choices = Choices::new(bytes);
    let registry = choices.below(REGISTRIES.len());
    let document = grammar::document(&mut choices);
    let text = if choices.percent(50) { document.to_string() } else { format!("{document:#}") };
    is_judged_alike(&REGISTRIES[registry], &Source::text(&text));
}

fn is_judged_alike(registry: &Registry, source: &Source) {
    match registry.check(source) {
        Ok(workflow) => is_accepted_again(registry, &workflow),
        Err(report) => is_reported(registry, &report, source),
    }
    is_repaired_as_it_says(registry, source);
}

fn is_accepted_again(registry: &Registry, workflow: &CheckedWorkflow) {
    let report = workflow.report();
    report.render(true);
    let says = |workflow: &CheckedWorkflow| workflow.report().to_json();
    let again = registry.check(workflow.workflow().source()).expect("it was accepted");
    assert_eq!(says(&again), says(workflow), "it is judged differently when it is checked again");
    let printed = workflow.workflow().to_string();
    assert_eq!(printed, report.source().as_str());
    let json = serde_json::to_string(workflow.workflow()).expect("it is JSON");
    let read: Workflow = serde_json::from_str(&json).expect("it is read back");
    let again = registry.check(read.to_string()).expect("what is serialized is accepted");
    assert_eq!(again.report().left_to_run_time(), report.left_to_run_time());
    let value = serde_json::from_str::<serde_json::Value>(&json).expect("it is JSON");
    let of_value = Workflow::try_from(value).expect("it is read from its value");
    let again = registry.check(of_value.to_string()).expect("what is read from its value is accepted");
    assert_eq!(again.report().left_to_run_time(), report.left_to_run_time());
    if let Some(shown) = workflow.document_without_secrets() {
        Workflow::parse(shown).expect("it is a document without its secrets, too");
    }
}

fn is_reported(registry: &Registry, report: &Report, source: &Source) {
    assert!(report.has_errors());
    report.render(false);
    report.render(true);
    report.to_json();
    for found in report {
        assert!(found.span().is_none_or(|span| source.as_str().get(span).is_some()), "{found:?}");
        for fix in found.fixes() {
            applied(source.as_str(), fix.edits().iter());
        }
    }
    // What comes of it is read, whatever it is.
    let fixed = report.apply_fixes();
    let _ = registry.check(&fixed);
}

fn is_repaired_as_it_says(registry: &Registry, source: &Source) {
    let repaired = registry.repair(source);
    let edits = repaired.repairs().iter().flat_map(Repair::edits);
    assert_eq!(applied(source.as_str(), edits), repaired.source().as_str(), "{:?}", repaired.repairs());
    let again = registry.check(repaired.source());
    assert_eq!(again.is_ok(), repaired.check().is_ok());
    let twice = registry.repair(repaired.source());
    assert_eq!(twice.source().as_str(), repaired.source().as_str(), "{:?}", twice.repairs());
}

/// The text with these changes.
///
/// # Panics
///
/// Where they overlap, or do not stand in the text.
fn applied<'e>(text: &str, edits: impl Iterator<Item = &'e Edit>) -> String {
    let mut edits: Vec<&Edit> = edits.collect();
    edits.sort_by_key(|edit| (edit.range().start, edit.range().end));
    let (mut applied, mut at) = (String::new(), 0);
    for edit in edits {
        applied.push_str(text.get(at..edit.range().start).expect("edits do not overlap"));
        applied.push_str(edit.replacement());
        at = edit.range().end;
    }
    applied.push_str(text.get(at..).expect("edits stand in the text"));
    applied
}
