//! The same work by hand: function pointers by index, refs as a slot and split keys, inputs deserialised from borrowed state,
//! results to JSON.

use crate::counting::Count;
use crate::shapes::Shape;
use serde::Deserialize;
use serde_json::Value;

pub(crate) struct Step {
    call: fn(&[&Value]) -> Option<Value>,
    refs: Vec<Ref>,
}

struct Ref {
    slot: usize,
    keys: Vec<String>,
}

fn count(inputs: &[&Value]) -> Option<Value> {
    serde_json::to_value(Count { value: i64::deserialize(*inputs.first()?).ok()? + 1 }).ok()
}

fn count_both(inputs: &[&Value]) -> Option<Value> {
    let (left, right) = (i64::deserialize(*inputs.first()?).ok()?, i64::deserialize(*inputs.get(1)?).ok()?);
    serde_json::to_value(Count { value: left.max(right) + 1 }).ok()
}

fn number(inputs: &[&Value]) -> Option<Value> {
    serde_json::to_value(i64::deserialize(*inputs.first()?).ok()? + 1).ok()
}

fn number_both(inputs: &[&Value]) -> Option<Value> {
    let (left, right) = (i64::deserialize(*inputs.first()?).ok()?, i64::deserialize(*inputs.get(1)?).ok()?);
    serde_json::to_value(left.max(right) + 1).ok()
}

/// The steps of a shape. Those that give bare numbers are referred to without a key.
pub(crate) fn steps(shape: Shape, actions: usize, are_numbers: bool) -> Vec<Step> {
    let keys = |slot: usize| -> Vec<String> {
        match slot {
            0 => vec!["data".to_owned(), "value".to_owned()],
            _ if are_numbers => Vec::new(),
            _ => vec!["value".to_owned()],
        }
    };
    let step = |action: usize| {
        let refs: Vec<Ref> =
            shape.before(action).into_iter().map(|slot| Ref { slot, keys: keys(slot) }).collect();
        let call = match (refs.len(), are_numbers) {
            (1, false) => count,
            (_, false) => count_both,
            (1, true) => number,
            (_, true) => number_both,
        };
        Step { call, refs }
    };
    (1..=actions).map(step).collect()
}

pub(crate) fn run(steps: &[Step], event: &Value) -> Option<Vec<Value>> {
    let mut state = Vec::with_capacity(steps.len() + 1);
    state.push(event.clone());
    for step in steps {
        let output = {
            let mut inputs = [&Value::Null; 2];
            for (input, reference) in inputs.iter_mut().zip(&step.refs) {
                *input =
                    reference.keys.iter().try_fold(&state[reference.slot], |value, key| value.get(key))?;
            }
            (step.call)(&inputs)?
        };
        state.push(output);
    }
    Some(state)
}
