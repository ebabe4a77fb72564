//! The schema of documents, held against what the checker says of them.

use crate::chance::Chance;
use crate::scene::Scene;
use crate::types::Ty;
use crate::{Counts, count, document_of, scenes};
use flowright::{Mode, Registry, Severity};
use serde_json::{Map, Value, json};

/// Of the registries some are enough: the patterns of refs are compiled anew for each.
const EVERY: usize = 4;

/// More cases for the same registry.
fn several(case: u64) -> impl Iterator<Item = u64> {
    (0..8).map(move |more| case ^ (more << 40))
}

fn validator(registry: &Registry) -> jsonschema::Validator {
    jsonschema::options().offline().build(&registry.workflow_schema()).expect("it is a schema")
}

/// What the schema says of a document.
fn said(validator: &jsonschema::Validator, document: &Value) -> Vec<String> {
    validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn what_is_accepted_is_of_the_schema() {
    let mut counts = Counts::new();
    for (scene, cases) in scenes().step_by(EVERY) {
        let registry = scene.registry(Mode::Default, &[]);
        let validator = validator(&registry);
        for case in cases.flat_map(several) {
            let (document, _) = document_of(&scene, case);
            let is_accepted = registry.check(&*document.to_string()).is_ok();
            let said = said(&validator, &document);
            count(&mut counts, if is_accepted { "accepted" } else { "refused" });
            count(&mut counts, if said.is_empty() { "of the schema" } else { "not of the schema" });
            assert!(!is_accepted || said.is_empty(), "case {case}: {said:?}\n{scene}document: {document}");
        }
    }
    println!("{counts:?}");
    assert!(counts.len() == 4 || counts.values().sum::<usize>() < 100, "{counts:?}");
}

/// An action whose inputs have no refs, and are of their types or nearly so.
fn literal(scene: &Scene, chance: &mut Chance) -> Value {
    let kind = chance.pick(&scene.kinds);
    let mut inputs = Map::new();
    for (name, ty, required) in &kind.inputs {
        if chance.percent(if *required { 95 } else { 60 }) {
            let mut value = ty.value(chance);
            if chance.percent(40) {
                spoil(&mut value, chance);
            }
            inputs.insert((*name).to_owned(), value);
        }
    }
    if chance.percent(5) {
        inputs.insert("fourth".to_owned(), Value::Null);
    }
    json!({ "actions": [{ "id": "1", "kind": kind.name, "inputs": inputs }], "edges": [{ "from": "$source", "to": "1" }] })
}

/// Makes something else of a value, or of a part of it.
fn spoil(value: &mut Value, chance: &mut Chance) {
    let is_whole = chance.percent(50);
    match value {
        Value::Array(elements) if !is_whole && !elements.is_empty() => {
            let at = chance.below(elements.len());
            spoil(&mut elements[at], chance);
        }
        Value::Object(members) if !is_whole && !members.is_empty() => {
            let at = chance.below(members.len());
            if chance.percent(30) {
                let name = members.keys().nth(at).cloned().unwrap_or_default();
                members.remove(&name);
            } else if let Some(member) = members.values_mut().nth(at) {
                spoil(member, chance);
            }
        }
        other => *other = Ty::Any.value(chance),
    }
}

#[test]
fn a_value_that_the_schema_refuses_the_check_refuses() {
    let mut counts = Counts::new();
    for (scene, cases) in scenes().step_by(EVERY) {
        let registry = scene.registry(Mode::Default, &[]);
        let validator = validator(&registry);
        for case in cases.flat_map(several) {
            let document = literal(&scene, &mut Chance::new(case ^ 0x3333));
            if document["actions"][0]["inputs"].to_string().contains("!ref(") {
                continue;
            }
            let report = registry.check(&*document.to_string()).err();
            let is_of_inputs = |pointer: &str| pointer.starts_with("/actions/0");
            let is_refused = report.as_ref().is_some_and(|report| {
                report.iter().any(|found| {
                    found.severity() == Severity::Error && is_of_inputs(found.pointer().as_str())
                })
            });
            let said = said(&validator, &document);
            count(
                &mut counts,
                format!("refused by the check: {is_refused}, by the schema: {}", !said.is_empty()),
            );
            assert!(said.is_empty() || is_refused, "case {case}: {said:?}\n{scene}document: {document}");
        }
    }
    println!("{counts:?}");
}
