//! A small value of a type.

use crate::{
    numeral,
    text::StringForm,
    ty::{ArrayForm, Form, NodeId, NumberForm, ObjectForm, View},
};
use serde_json::{Map, Number, Value};

/// How deep a sample may be.
const DEEPEST: usize = 24;

/// How many elements or further members a sample may have.
const MOST: u64 = 32;

/// A value that is most likely of the type: whoever uses it judges it.
pub(super) fn sample(view: View<'_>, fuel: &mut usize) -> Option<Value> {
    value(view, 0, fuel)
}

fn value(view: View<'_>, depth: usize, fuel: &mut usize) -> Option<Value> {
    if depth > DEEPEST || *fuel == 0 {
        return None;
    }
    *fuel -= 1;
    match view.form() {
        Form::Any | Form::Null => Some(Value::Null),
        Form::Boolean => Some(Value::Bool(true)),
        Form::Number(form) => numbers(form).into_iter().next(),
        Form::String(form) => strings(form).into_iter().next(),
        Form::Array(form) => array(view, form, depth, fuel),
        Form::Object(form) => object(view, form, depth, fuel).map(Value::Object),
        Form::Constants(constants) => constants.values.first().cloned(),
        Form::Union(union) => {
            // Branches without types inside come first: a recursive type ends there.
            let simple = |id: &NodeId| {
                !matches!(
                    view.child(*id).form(),
                    Form::Object(_) | Form::Array(_) | Form::Union(_) | Form::Opaque(_)
                )
            };
            let (simple, others): (Vec<NodeId>, Vec<NodeId>) =
                union.branches.iter().copied().partition(simple);
            simple.into_iter().chain(others).find_map(|id| value(view.child(id), depth + 1, fuel))
        }
        Form::Opaque(opaque) => value(view.child(opaque.outline), depth + 1, fuel),
        Form::Never | Form::Foreign(_) | Form::Same(_) => None,
    }
}

/// The least array of the type.
fn array(view: View<'_>, form: &ArrayForm, depth: usize, fuel: &mut usize) -> Option<Value> {
    if form.min > MOST {
        return None;
    }
    let mut elements = Vec::new();
    for position in 0..usize::try_from(form.min).ok()? {
        let ty = view.child(form.prefix.get(position).copied().unwrap_or(form.rest));
        let element = if form.unique {
            variants(ty, depth + 1, fuel).into_iter().find(|value| !elements.contains(value))
        } else {
            value(ty, depth + 1, fuel)
        };
        elements.push(element?);
    }
    Some(Value::Array(elements))
}

/// The least object of the type.
fn object(view: View<'_>, form: &ObjectForm, depth: usize, fuel: &mut usize) -> Option<Map<String, Value>> {
    let mut members = Map::new();
    for property in form.properties.iter().filter(|property| property.required) {
        members.insert(property.name.to_string(), value(view.child(property.ty), depth + 1, fuel)?);
    }
    let optional = form.properties.iter().filter(|property| !property.required);
    for property in optional {
        if members.len() as u64 >= form.min {
            break;
        }
        members
            .extend(value(view.child(property.ty), depth + 1, fuel).map(|v| (property.name.to_string(), v)));
    }
    if form.min > members.len() as u64 + MOST {
        return None;
    }
    let mut further = 0;
    while (members.len() as u64) < form.min {
        further += 1;
        members.insert(format!("more{further}"), extra(view, form, depth, fuel)?);
    }
    Some(members)
}

/// A value for a member that no property or pattern names.
pub(super) fn extra(view: View<'_>, form: &ObjectForm, depth: usize, fuel: &mut usize) -> Option<Value> {
    match form.additional {
        Some(additional) => value(view.child(additional), depth + 1, fuel),
        None => Some(Value::Null),
    }
}

/// Several values, as different as comes easily.
pub(super) fn variants(view: View<'_>, depth: usize, fuel: &mut usize) -> Vec<Value> {
    if depth > DEEPEST || *fuel == 0 {
        return Vec::new();
    }
    *fuel -= 1;
    match view.form() {
        Form::Any => of_all_kinds(),
        Form::Boolean => vec![true.into(), false.into()],
        Form::Number(form) => numbers(form),
        Form::String(form) => strings(form),
        Form::Constants(constants) => constants.values.iter().take(64).cloned().collect(),
        Form::Union(union) => union
            .branches
            .iter()
            .take(64)
            .flat_map(|id| variants(view.child(*id), depth + 1, fuel))
            .take(256)
            .collect(),
        Form::Opaque(opaque) => variants(view.child(opaque.outline), depth + 1, fuel),
        Form::Array(form) => {
            let mut found: Vec<Value> = array(view, form, depth, fuel).into_iter().collect();
            if let (Some(Value::Array(least)), true) =
                (found.first().cloned(), form.max.is_none_or(|max| form.min < max))
            {
                let ty = view.child(form.prefix.get(least.len()).copied().unwrap_or(form.rest));
                for element in variants(ty, depth + 1, fuel).into_iter().take(16) {
                    let mut longer = least.clone();
                    longer.push(element);
                    found.push(Value::Array(longer));
                }
            }
            found
        }
        _ => value(view, depth, fuel).into_iter().collect(),
    }
}

/// A value of each kind, and of each cell that conditions tell apart.
pub(super) fn of_all_kinds() -> Vec<Value> {
    use serde_json::json;
    vec![
        json!(null),
        json!(0),
        json!(0.5),
        json!(""),
        json!("a"),
        json!(true),
        json!([]),
        json!({}),
        json!([null]),
    ]
}

/// Numbers at the bounds, near them, and plain ones; those that are of the type.
pub(super) fn numbers(form: &NumberForm) -> Vec<Value> {
    let mut found: Vec<Number> = [0, 1, -1, 2].into_iter().map(Number::from).collect();
    for limit in [&form.min, &form.max].into_iter().flatten() {
        found.push(limit.value.clone());
        let whole = numeral::floor(&limit.value);
        let near = whole.into_iter().flat_map(|whole| [whole - 1, whole + 1, whole, whole + 2]);
        found.extend(near.filter_map(numeral::from_integer));
        let float = limit.value.as_f64().unwrap_or_default();
        found.extend(
            [float + 0.5, float - 0.5, float * 1.5, float / 2.0].into_iter().filter_map(Number::from_f64),
        );
    }
    for factor in &form.multiples {
        found.push(factor.clone());
        let float = factor.as_f64().unwrap_or_default();
        let base = form.min.as_ref().and_then(|min| min.value.as_f64()).unwrap_or_default();
        let next = ((base / float).floor() + 1.0) * float;
        found.extend([next, next + float, float * 2.0, -float].into_iter().filter_map(Number::from_f64));
    }
    found.extend([0.5, -0.5, 1e10].into_iter().filter_map(Number::from_f64));
    found.extend([256_u64, 65_536, 1 << 32, i64::MAX as u64, u64::MAX].map(Number::from));
    found.extend([-129_i64, -32_769, i64::from(i32::MIN) - 1, i64::MIN].map(Number::from));
    found.extend([1e21, 1.5e300].into_iter().filter_map(Number::from_f64));
    found.retain(|number| crate::verdict::accepts_number(form, number));
    found.into_iter().map(Value::Number).collect()
}

/// Strings of the formats there are, short ones and long ones; those that are of the type.
pub(super) fn strings(form: &StringForm) -> Vec<Value> {
    const PLAIN: [&str; 26] = [
        "a",
        "",
        "ab",
        "0",
        "A",
        "é",
        "a b",
        "2024-02-29",
        "2024-02-29T12:00:00Z",
        "12:00:00Z",
        "P1D",
        "a@b.co",
        "00000000-0000-4000-8000-000000000000",
        "127.0.0.1",
        "::1",
        "https://example.com/a",
        "/a",
        "example.com",
        "1/a",
        "a{b}",
        "é@b.co",
        "https://example.com/é",
        "~",
        "abc",
        "+1",
        "\n",
    ];
    let mut found: Vec<String> = PLAIN.iter().map(|&text| text.to_owned()).collect();
    let lengths = [form.min, form.min + 1].into_iter().chain(form.max);
    for length in lengths.filter(|length| *length <= 4_096) {
        found.push("a".repeat(usize::try_from(length).unwrap_or_default()));
    }
    for pattern in &form.patterns {
        found.extend(super::matching::texts(pattern, form.min));
    }
    found.retain(|text| form.misfit(text).is_none());
    found.into_iter().map(Value::String).collect()
}
