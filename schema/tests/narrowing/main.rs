//! What is known of a value behind a condition that it passed.

mod cells;
mod random;
mod values;
mod work;

use flowright_schema::{Cell, Origin, Path, Presence, Segment, Type};
use serde_json::{Value, json};

fn ty(schema: &Value) -> Type {
    Type::parse(schema, Origin::Schema).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn path(names: &[&str]) -> Path {
    names
        .iter()
        .map(|name| name.parse().map_or_else(|_| Segment::shorthand(name), Segment::Element))
        .collect()
}

fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) if left.is_f64() || right.is_f64() => {
            left.as_f64() == right.as_f64()
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, left)| right.get(name).is_some_and(|right| same(left, right)))
        }
        (left, right) => left == right,
    }
}

/// Whether the value is in the cell of the partition, by what the cells say they are.
fn is_in(value: Option<&Value>, cell: &Cell, cells: &[Cell]) -> bool {
    let Some(value) = value else { return *cell == Cell::Absent };
    let named = cells.iter().any(|cell| matches!(cell, Cell::Constant(constant) if same(constant, value)));
    match (cell, value) {
        (Cell::Constant(constant), value) => same(constant, value),
        (Cell::Null, value) => value.is_null(),
        (Cell::False, value) => *value == json!(false),
        (Cell::True, value) => *value == json!(true),
        (Cell::Zero, value) => value.as_f64() == Some(0.0),
        (Cell::EmptyString, value) => *value == json!(""),
        (Cell::EmptyArray, value) => *value == json!([]),
        (Cell::Number, Value::Number(number)) => number.as_f64() != Some(0.0) && !named,
        (Cell::String, Value::String(text)) => !text.is_empty() && !named,
        (Cell::Array, Value::Array(elements)) => !elements.is_empty() && !named,
        (Cell::Object, Value::Object(_)) => !named,
        _ => false,
    }
}

/// Narrowed to the cells that `kept` chooses, among those at the path and absence.
fn narrowed(ty: &Type, path: &Path, constants: &[Value], kept: impl Fn(&Cell) -> bool) -> Type {
    let access = ty.at(path);
    let mut cells = access.ty.cells(constants);
    if access.presence != Presence::Always {
        cells.push(Cell::Absent);
    }
    let kept: Vec<bool> = cells.iter().map(kept).collect();
    ty.narrowed(path, &cells, &kept)
}

fn truthy(cell: &Cell) -> bool {
    use Cell::{Absent, EmptyString, False, Null, Zero};
    !matches!(cell, Absent | Null | False | Zero | EmptyString)
}

fn falsy(cell: &Cell) -> bool {
    !truthy(cell)
}

fn is(value: Value) -> impl Fn(&Cell) -> bool {
    move |cell| *cell == Cell::Constant(value.clone())
}

#[track_caller]
fn assert_truthy(schema: &Value, names: &[&str], expected: &str, otherwise: &str) {
    let (ty, path) = (ty(schema), path(names));
    assert_eq!(narrowed(&ty, &path, &[], truthy).to_string(), expected, "{schema}");
    assert_eq!(narrowed(&ty, &path, &[], falsy).to_string(), otherwise, "{schema}");
}

fn object(members: &Value, required: &[&str]) -> Value {
    json!({ "type": "object", "properties": members, "required": required, "additionalProperties": false })
}
