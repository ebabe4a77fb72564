//! Smaller cases that still show the same.

use crate::case::Case;
use serde_json::{Value, json};

/// The smallest case found that shows something which this one shows. Many are asked about at once: some of them are run by
/// another process.
pub fn shrink(case: &Case, shows: impl Fn(&[Case]) -> Vec<bool>) -> Case {
    let mut smallest = case.clone();
    loop {
        let mut all = smaller(&smallest);
        let Some(found) = shows(&all).into_iter().position(|shows| shows) else { return smallest };
        smallest = all.swap_remove(found);
    }
}

/// The case without one of its parts. Each is less than the case, so that this ends.
fn smaller(case: &Case) -> Vec<Case> {
    let mut all = Vec::new();
    let mut without = |change: &dyn Fn(&mut Case)| {
        let mut smaller = case.clone();
        change(&mut smaller);
        all.push(smaller);
    };
    for (at, action) in case.actions().iter().enumerate() {
        without(&|smaller| {
            remove(&mut smaller.workflow["actions"], at);
            if let Some(edges) = smaller.workflow["edges"].as_array_mut() {
                edges.retain(|edge| edge["from"] != action["id"] && edge["to"] != action["id"]);
            }
        });
    }
    for (at, edge) in case.edges().iter().enumerate() {
        without(&|smaller| remove(&mut smaller.workflow["edges"], at));
        if edge.get("conditional").is_some() {
            without(&|smaller| {
                smaller.workflow["edges"][at].as_object_mut().map(|edge| edge.remove("conditional"));
            });
        }
    }
    for (at, action) in case.actions().iter().enumerate() {
        for inputs in smaller_values(&action["inputs"]) {
            without(&|smaller| smaller.workflow["actions"][at]["inputs"] = inputs.clone());
        }
    }
    for event in smaller_values(&case.event) {
        without(&|smaller| smaller.event = event.clone());
    }
    all
}

fn remove(list: &mut Value, at: usize) {
    if let Some(list) = list.as_array_mut() {
        list.remove(at);
    }
}

/// Values with one part less, or one part that is simpler.
fn smaller_values(value: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    match value {
        Value::Array(elements) => {
            for at in 0..elements.len() {
                let mut smaller = value.clone();
                remove(&mut smaller, at);
                all.push(smaller);
                for inside in smaller_values(&elements[at]) {
                    let mut smaller = value.clone();
                    smaller[at] = inside;
                    all.push(smaller);
                }
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let mut smaller = members.clone();
                smaller.remove(name);
                all.push(smaller.into());
                for inside in smaller_values(member) {
                    let mut smaller = value.clone();
                    smaller[name] = inside;
                    all.push(smaller);
                }
            }
        }
        Value::String(text) if text != "a" && !text.is_empty() => all.push(json!("a")),
        _ => {}
    }
    all
}
