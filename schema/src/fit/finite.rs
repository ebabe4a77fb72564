//! All values of a type, where they are few.

use super::proof::Prover;
use crate::{
    ty::{Form, View},
    verdict::Verdict,
};
use serde_json::{Map, Value};

/// How many values are few.
const FEW: usize = 64;

/// How deep they may be.
const DEEPEST: usize = 6;

/// All values of a type; `None` where they are many, or not known.
pub(crate) fn values<'t>(prover: &mut Prover<'t>, a: View<'t>, depth: usize) -> Option<Vec<Value>> {
    if depth > DEEPEST || !prover.spend(1) {
        return None;
    }
    let values = match a.form() {
        Form::Never => Vec::new(),
        Form::Null => vec![Value::Null],
        Form::Boolean => vec![Value::Bool(false), Value::Bool(true)],
        Form::Number(form) => super::number::few(form)?,
        Form::Constants(constants) if constants.values.len() <= FEW => constants.values.clone(),
        Form::String(form) if form.max == Some(0) => {
            let empty = form.misfit("").is_none();
            if empty { vec![Value::from("")] } else { Vec::new() }
        }
        Form::Union(union) => {
            let mut all = Vec::new();
            for branch in &union.branches {
                all.extend(values(prover, a.child(*branch), depth + 1)?);
            }
            if union.exactly_one {
                all.retain(|value| prover.judged(a, value) == Verdict::Yes);
            }
            all
        }
        Form::Array(form) => {
            let least = usize::try_from(form.min).ok()?;
            let greatest = usize::try_from(form.max?).ok().filter(|greatest| *greatest <= 8)?;
            let mut all = Vec::new();
            for len in least..=greatest {
                let mut lists = vec![Vec::new()];
                for position in 0..len {
                    let ty = a.child(form.prefix.get(position).copied().unwrap_or(form.rest));
                    let elements = values(prover, ty, depth + 1)?;
                    lists = product(&lists, &elements, |list: &Vec<Value>, element| {
                        let mut list = list.clone();
                        list.push(element.clone());
                        list
                    })?;
                }
                all.extend(lists.into_iter().map(Value::from));
            }
            if form.unique {
                all.retain(|value| prover.judged(a, value) == Verdict::Yes);
            }
            all
        }
        Form::Object(form) => {
            let closed = form.additional.is_some_and(|id| a.child(id).is_never());
            if !closed || form.patterns.iter().any(|(_, ty)| !a.child(*ty).is_never()) {
                return None;
            }
            let mut objects = vec![Map::new()];
            for property in &form.properties {
                let members = values(prover, a.child(property.ty), depth + 1)?;
                let absent = if property.required { Vec::new() } else { objects.clone() };
                objects = product(&objects, &members, |object, member| {
                    let mut object = object.clone();
                    object.insert(property.name.to_string(), member.clone());
                    object
                })?;
                objects.extend(absent);
            }
            objects.into_iter().map(Value::Object).collect()
        }
        _ => return None,
    };
    if values.len() > FEW || !prover.spend(values.len()) {
        return None;
    }
    Some(values)
}

fn product<T>(items: &[T], values: &[Value], join: impl Fn(&T, &Value) -> T) -> Option<Vec<T>> {
    if items.len() * values.len() > FEW {
        return None;
    }
    Some(
        items
            .iter()
            .flat_map(|item| values.iter().map(|value| join(item, value)).collect::<Vec<_>>())
            .collect(),
    )
}
