//! The promise: what is checked runs without type errors and absent values, or stops at a check before the action is
//! called; and what is refused has a reason.
//!
//! `FLOWRIGHT_PROMISE` sets how many documents are tried, `FLOWRIGHT_PROMISE_CASE` tries one by its number.

mod chance;
mod changed;
mod document;
mod offered;
mod scene;
mod schema;
mod trial;
mod types;

use chance::Chance;
use document::{Writer, mutate};
use flowright::{Code, Mode, Severity};
use scene::Scene;
use serde_json::Value;
use std::collections::BTreeMap;
use trial::{Bench, World, is_inside};

const MODES: [Mode; 3] = [Mode::Strict, Mode::Default, Mode::Lenient];

/// What is said of a value's type, and not of the graph or the form.
const OF_TYPES: [Code; 7] = [
    Code::WrongType,
    Code::MayBeNull,
    Code::MayBeAbsent,
    Code::MayBeSkipped,
    Code::MayNotFit,
    Code::NeverFits,
    Code::NotText,
];

/// Documents that share a registry.
const PER_SCENE: u64 = 4;

fn documents() -> u64 {
    let set = std::env::var("FLOWRIGHT_PROMISE").ok().and_then(|count| count.parse().ok());
    set.unwrap_or(1_000)
}

/// The cases by scene.
fn scenes() -> impl Iterator<Item = (Scene, std::ops::Range<u64>)> {
    let one: Option<u64> = std::env::var("FLOWRIGHT_PROMISE_CASE").ok().and_then(|case| case.parse().ok());
    let all = 0..documents().div_ceil(PER_SCENE);
    let scenes = one.map_or(all, |case| case / PER_SCENE..(case / PER_SCENE).saturating_add(1));
    scenes.map(move |number| {
        let cases =
            one.map_or(number * PER_SCENE..(number + 1) * PER_SCENE, |case| case..case.saturating_add(1));
        (Scene::random(&mut Chance::new(number)), cases)
    })
}

/// How often each thing happened.
type Counts = BTreeMap<String, usize>;

fn count(counts: &mut Counts, what: impl Into<String>) {
    *counts.entry(what.into()).or_default() += 1;
}

/// A document of the scene, changed in most cases.
fn document_of(scene: &Scene, case: u64) -> (Value, Chance) {
    let mut chance = Chance::new(case.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let mut document = Writer::write(scene, case.is_multiple_of(2), &mut chance);
    if chance.percent(60) {
        for _ in 0..=chance.below(3) {
            mutate(&mut document, scene, &mut chance);
        }
    }
    (document, chance)
}

#[test]
fn what_is_accepted_does_not_fail_but_at_a_check() {
    let (mut counts, mut broken) = (Counts::new(), Vec::new());
    for (scene, cases) in scenes() {
        let benches = MODES.map(|mode| Bench::new(&scene, mode, &[]));
        for case in cases {
            let (document, mut chance) = document_of(&scene, case);
            let worlds: Vec<World> = (0..6).map(|_| World::random(&scene, &document, &mut chance)).collect();
            for (bench, mode) in benches.iter().zip(MODES) {
                match bench.check(&document) {
                    Ok(workflow) if workflow.report().left_to_run_time().is_empty() => {
                        count(&mut counts, format!("{mode:?} proven"));
                    }
                    Ok(_) => count(&mut counts, format!("{mode:?} with checks")),
                    Err(_) => count(&mut counts, format!("{mode:?} refused")),
                }
                if let Some((what, world)) = bench.violation(&document, &worlds) {
                    let small = bench.shrink(&document, &world, &what);
                    let what =
                        bench.violation(&small, std::slice::from_ref(&world)).map_or(what, |found| found.0);
                    broken.push(format!(
                        "case {case}, {mode:?}: {what}\n{scene}document: {small}\nevent: {}\noutputs: {:?}\n",
                        world.event, world.outputs
                    ));
                }
            }
        }
    }
    println!("{counts:?}");
    let shown = broken.iter().take(5).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(broken.is_empty(), "{} broken:\n{shown}", broken.len());
}

#[test]
fn what_is_well_typed_by_construction_is_accepted() {
    let (mut tried, mut wrong) = (0, Vec::new());
    for (scene, cases) in scenes() {
        let bench = Bench::new(&scene, Mode::Default, &[]);
        for case in cases {
            let mut chance = Chance::new(case ^ 0x5555_5555);
            let document = Writer::write(&scene, true, &mut chance);
            tried += 1;
            let Err(report) = bench.check(&document) else { continue };
            let errors = report.iter().filter(|found| found.severity() == Severity::Error);
            // A second condition can be impossible behind a first: that is for the author to know.
            if errors.clone().any(|found| found.code() != Code::ImpossibleMatch) {
                let errors: Vec<String> = errors
                    .map(|found| format!("{} at {}: {}", found.code(), found.pointer(), found.message()))
                    .collect();
                wrong.push(format!("case {case}: {}\n{scene}document: {document}\n", errors.join("; ")));
            }
        }
    }
    println!("{tried} well typed, {} refused", wrong.len());
    let shown = wrong.iter().take(3).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} of {tried} refused:\n{shown}", wrong.len());
}

#[test]
fn what_is_refused_for_its_types_can_fail() {
    let (mut refused, mut unreached, mut without) = (Counts::new(), 0, Vec::new());
    for (scene, cases) in scenes() {
        let bench = Bench::new(&scene, Mode::Default, &[]);
        let lenient = Bench::new(&scene, Mode::Lenient, &OF_TYPES);
        for case in cases {
            let (document, mut chance) = document_of(&scene, case);
            let Err(report) = bench.check(&document) else { continue };
            let mut errors = report.iter().filter(|found| found.severity() == Severity::Error);
            // Of several errors, the first to strike hides the others.
            let (Some(error), None) = (errors.next(), errors.next()) else { continue };
            let (code, pointer) = (error.code(), error.pointer().to_string());
            let Ok(workflow) = lenient.check(&document) else { continue };
            if !OF_TYPES.contains(&code) {
                continue;
            }
            count(&mut refused, code.slug());
            let action =
                pointer.split('/').nth(2).and_then(|at| document["actions"].get(at.parse::<usize>().ok()?));
            let id = action.and_then(|action| action["id"].as_str()).unwrap_or_default();
            let mut reached = 0;
            let is_shown = (0..250).any(|_| {
                let world = World::random(&scene, &document, &mut chance);
                let trial = lenient.run(&workflow, &world);
                reached += usize::from(trial.called.contains(id));
                let at = trial.stopped.and_then(|stopped| stopped.pointer).unwrap_or_default();
                !at.is_empty() && (is_inside(&at, &pointer) || is_inside(&pointer, &at))
            });
            if !is_shown && reached == 0 {
                unreached += 1;
            } else if !is_shown {
                without.push(format!(
                    "case {case}: {code} at {pointer}: {}\n{scene}document: {document}\n",
                    error.message()
                ));
            }
        }
    }
    let total: usize = refused.values().sum();
    println!("{refused:?}; of {total}, {unreached} were never reached, {} without a witness", without.len());
    let shown = without.iter().take(4).map(String::as_str).collect::<Vec<_>>().join("\n");
    // Conditions made by chance may contradict each other, or ask for one value in many: of what is behind them
    // nothing is learned.
    assert!(unreached * 5 <= total, "{unreached} of {total} were never reached");
    assert!(without.len() * 50 <= total, "{} of {total} without a witness:\n{shown}", without.len());
}
