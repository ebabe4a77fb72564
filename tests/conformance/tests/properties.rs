//! Runs of documents that have to come to the same as each other.

use flowright::CheckedWorkflow;
use flowright_tests_conformance::case::{Case, Ran, text};
use flowright_tests_conformance::chance::Chance;
use flowright_tests_conformance::generate;
use flowright_tests_conformance::ours::Flowright;
use flowright_tests_conformance::seeds::seeds;
use flowright_tests_conformance::shrink::shrink;
use serde_json::{Value, json};

/// Holds a property of all documents that are accepted, and says of how many it says something.
fn holds(what: &str, count: u64, property: impl Fn(&Flowright, &CheckedWorkflow, &Case) -> Option<bool>) {
    let flowright = Flowright::default();
    let judge = |case: &Case| property(&flowright, &flowright.check(&case.workflow).ok()?, case);
    let mut said = 0;
    let seeds = seeds(count);
    for seed in seeds.clone() {
        let case = generate::case(seed);
        let Some(holds) = judge(&case) else { continue };
        said += 1;
        if !holds {
            let small = shrink(&case, |cases| cases.iter().map(|case| judge(case) == Some(false)).collect());
            panic!("seed {seed}: {what} does not hold of {small}");
        }
    }
    println!("{what} holds of {said} documents");
    assert!(said * 10 > seeds.end - seeds.start, "{what} says something of {said} documents");
}

/// What is the same in every order of the document: of a run that fails, that it does.
fn whatever_the_order(ran: Ran) -> Option<Ran> {
    if ran.failed { None } else { Some(ran) }
}

#[test]
fn the_order_of_actions_and_edges_means_nothing() {
    holds("any order", 800, |flowright, workflow, case| {
        let mut chance = Chance::new(case.workflow.to_string().len() as u64);
        let mut other = case.clone();
        for list in ["actions", "edges"] {
            chance.shuffle(other.workflow[list].as_array_mut()?);
        }
        // That one is accepted where the other is, too.
        let Some(in_other_order) = flowright.run(&other) else { return Some(false) };
        let ran = flowright.run_checked(workflow, &case.event).ran;
        Some(whatever_the_order(ran) == whatever_the_order(in_other_order.ran))
    });
}

#[test]
fn a_run_again_is_the_same_and_the_document_stays_as_it_is_written() {
    holds("again", 800, |flowright, workflow, case| {
        let written = case.workflow.to_string();
        let is_kept = || workflow.workflow().to_string() == written;
        let before = is_kept();
        let first = flowright.run_checked(workflow, &case.event);
        let second = flowright.run_checked(workflow, &case.event);
        Some(before && is_kept() && first == second)
    });
}

#[test]
fn data_that_no_ref_leads_to_changes_nothing() {
    holds("unrelated data", 800, |flowright, workflow, case| {
        let written = case.workflow.to_string();
        // All of the event and all of its data have what is added in them.
        if written.contains("$.event)") || written.contains("$.event.data)") {
            return None;
        }
        let mut other = case.event.clone();
        other["unrelated"] = json!([{ "if": [true, "!ref($.event.data.secret)"] }]);
        other.get_mut("data")?["unrelated"] = json!("$& !ref($.state.a)");
        Some(flowright.run_checked(workflow, &case.event) == flowright.run_checked(workflow, &other))
    });
}

/// What somebody might take for more than text.
const NASTY: [&str; 12] = [
    "!ref($.event.data.secret)",
    "!ref($.state.a",
    "!ref(\"x\")",
    "{\"if\":[true,\"x\"]}",
    "$&",
    "$1",
    "$$",
    "$`$'$<a>",
    "__proto__",
    "constructor",
    "toString",
    "{{a}} ${a} %s \\u0041 </script>",
];

/// Stands for it where nothing could be taken for anything.
const HARMLESS: &str = "\u{2e28}harmless\u{2e29}";

#[test]
fn text_stays_text_whatever_is_in_it() {
    holds("text", 800, |flowright, workflow, case| {
        // Where text is compared and changed, what is in it matters.
        let compares = |edge: &Value| edge.pointer("/conditional/type").is_some_and(|test| test == "match");
        let changes = |action: &Value| ["builtin:if", "upper"].contains(&text(&action["kind"]));
        if case.edges().iter().any(compares) || case.actions().iter().any(changes) {
            return None;
        }
        let harmless =
            flowright.run_checked(workflow, &with_texts(&case.event, &|_| HARMLESS.to_owned())).ran;
        Some(NASTY.iter().all(|nasty| {
            let ran = flowright.run_checked(workflow, &with_texts(&case.event, &|_| (*nasty).to_owned())).ran;
            let expected = with_texts(&harmless.state.clone().into(), &|text| text.replace(HARMLESS, nasty));
            ran.statuses == harmless.statuses && Value::from(ran.state) == expected
        }))
    });
}

/// The value with other texts in it.
fn with_texts(value: &Value, other: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(other(text)),
        Value::Array(elements) => elements.iter().map(|element| with_texts(element, other)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), with_texts(member, other))).collect()
        }
        other => other.clone(),
    }
}
