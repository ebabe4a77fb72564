//! Values: what is expected, and which are listed.

use super::{ScopeAt, ends, refs};
use crate::check::Known;
use crate::export::inlined_input;
use crate::reference::{self, Parsed};
use crate::scope::{Scope, Site};
use flowright_schema::{Cell, Path, Presence, Segment, Type};
use serde_json::{Map, Value};

/// How many literals are listed.
const MOST: usize = 200;

/// A value inside an input of an action, and a place in it.
pub(super) struct Hole<'h> {
    pub(super) action: usize,
    pub(super) name: &'h str,
    /// The way from the input's value to the place.
    way: &'h [String],
    /// The input's value; null where the document has none.
    value: Value,
}

impl Hole<'_> {
    /// The input's value with this one at the place.
    pub(super) fn filled(&self, with: Value) -> Value {
        let mut whole = self.value.clone();
        if let Some((place, _)) = descend(&mut whole, self.way) {
            *place = with;
        }
        whole
    }

    pub(super) fn way(&self) -> &[String] {
        self.way
    }
}

/// The place inside a value, made where only it is missing, and the path to it; `None` where there is none.
fn descend<'v>(value: &'v mut Value, way: &[String]) -> Option<(&'v mut Value, Path)> {
    let (mut place, mut path) = (value, Vec::with_capacity(way.len()));
    for step in way {
        if place.is_null() {
            *place = Value::Object(Map::new());
        }
        place = match place {
            Value::Object(members) => {
                path.push(Segment::Member(step.as_str().into()));
                members.entry(step.clone()).or_insert(Value::Null)
            }
            Value::Array(elements) => {
                let index: usize = step.parse().ok()?;
                path.push(Segment::Element(i64::try_from(index).ok()?));
                if index == elements.len() {
                    elements.push(Value::Null);
                }
                elements.get_mut(index)?
            }
            _ => return None,
        };
    }
    Some((place, path.into()))
}

pub(super) fn in_input(
    scope: &Scope<'_>,
    known: &Known,
    action: usize,
    name: &str,
    way: &[String],
) -> Option<ScopeAt> {
    let registered = scope.registered(action)?;
    let input = &registered.inputs[registered.input(name)?];
    if way.len() > scope.registry.limits().nesting {
        return None;
    }
    let written = scope.document.actions[action].inputs.iter().find(|(given, _)| given == name);
    let value = written.map_or(Value::Null, |(_, value)| value.clone());
    let (_, path) = descend(&mut value.clone(), way)?;
    let access = input.ty.at(&path);
    if access.presence == Presence::Never {
        return None;
    }
    let required = match path.segments() {
        [] => input.required,
        [outer @ .., last] => {
            let around = input.ty.at(&outer.iter().cloned().collect()).ty;
            around.at(&Path::from(vec![last.clone()])).presence == Presence::Always
        }
    };
    let is_whole = way.is_empty();
    let hole = Hole { action, name, way, value };
    let (refs, cut) = refs::in_input(scope, known, &hole);
    let literals = literals(&access.ty).into_iter();
    let literals = literals.filter(|literal| refs::judge(scope, &hole, literal.clone()).is_ok());
    Some(ScopeAt::Value {
        ty: access.ty.to_string(),
        schema: is_whole.then(|| inlined_input(&registered.definition, &input.name)),
        required,
        default: input.default.as_deref().filter(|_| is_whole).cloned(),
        literals: literals.collect(),
        refs,
        cut,
    })
}

/// The value that the ref of a condition is compared with.
pub(super) fn in_condition(scope: &Scope<'_>, edge: usize) -> Option<ScopeAt> {
    let written = scope.document.edges[edge].conditional.as_ref()?.reference.as_deref()?;
    let Ok(Parsed::Ref(reference)) = reference::parse(written, scope.registry.limits().path_segments) else {
        return None;
    };
    let found = scope.find(&reference, Site::Edge(Some(ends::begin(scope, edge)?)), true).ok()?;
    Some(ScopeAt::Value {
        ty: found.ty.to_string(),
        schema: None,
        required: true,
        default: None,
        literals: literals(&found.ty),
        refs: Vec::new(),
        cut: false,
    })
}

/// The values that a type lists one by one.
fn literals(ty: &Type) -> Vec<Value> {
    if ty.is_any() {
        return Vec::new();
    }
    let cells = ty.cells(&[]);
    let listed = cells.iter().filter_map(|cell| match cell {
        Cell::Constant(value) => Some(value.clone()),
        Cell::True => Some(true.into()),
        Cell::False => Some(false.into()),
        Cell::Null => Some(Value::Null),
        Cell::Zero if !cells.contains(&Cell::Number) => Some(0.into()),
        Cell::EmptyString if !cells.contains(&Cell::String) => Some("".into()),
        _ => None,
    });
    listed.filter(|value| ty.accepts(value)).take(MOST).collect()
}
