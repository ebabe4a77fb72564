//! The type at a path, and whether there is a value.

use crate::{
    path::{Path, Segment},
    suggest::nearest,
    ty::{ArrayForm, Form, ObjectForm, Origin, Type, View},
};
use serde_json::Value;
use std::collections::HashSet;

/// Whether a value is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// In every value of the type.
    Always,
    /// In some values of the type.
    Maybe,
    /// In no value of the type.
    Never,
}

/// What is at a path inside a type.
#[derive(Clone, Debug)]
pub struct Access {
    /// The type of what is there when something is: `never` where nothing can be.
    pub ty: Type,
    /// Whether something is there.
    pub presence: Presence,
    /// Where the path goes wrong, if nothing can be there.
    pub lost: Option<Lost>,
}

/// Where a path goes wrong.
#[derive(Clone, Debug)]
pub struct Lost {
    /// The position in the path of the first segment that leads nowhere.
    pub segment: usize,
    /// The type in which it leads nowhere.
    pub container: Type,
    /// The names that lead somewhere in it, sorted.
    pub known: Vec<String>,
    /// The name that was probably meant.
    pub nearest: Option<String>,
}

/// The types that one step may lead to, and whether it leads somewhere.
struct Step<'t> {
    types: Vec<View<'t>>,
    any: bool,
    /// Types of values inside constants.
    constants: Vec<Value>,
    always: bool,
}

impl Type {
    /// What is at `path` inside values of this type.
    ///
    /// It follows properties, patterns, elements, references and the branches of unions. What is there in some
    /// branches only, or may be left out, is there *maybe*. Inside `any` everything may be.
    pub fn at(&self, path: &Path) -> Access {
        let mut at = self.clone();
        let mut presence = Presence::Always;
        for (position, segment) in path.segments().iter().enumerate() {
            let mut step = Step { types: Vec::new(), any: false, constants: Vec::new(), always: true };
            containers(at.view(), &mut |view| step.go(view, segment));
            if step.leads_nowhere() {
                let known = at.property_names();
                let name = segment.as_member();
                let nearest =
                    name.and_then(|name| nearest(name, known.iter().map(String::as_str))).map(str::to_owned);
                let lost = Lost { segment: position, container: at, known, nearest };
                return Access { ty: Type::never(), presence: Presence::Never, lost: Some(lost) };
            }
            if !step.always {
                presence = Presence::Maybe;
            }
            at = step.into_type();
        }
        Access { ty: at, presence, lost: None }
    }
}

/// Shows `visit` each form that values of a type have: the branches of unions, the outlines of what is opaque.
pub(crate) fn containers<'t>(view: View<'t>, visit: &mut impl FnMut(View<'t>)) {
    let mut seen = HashSet::new();
    let mut pending = vec![view];
    while let Some(view) = pending.pop() {
        if !seen.insert(view.key()) {
            continue;
        }
        match view.form() {
            Form::Union(union) => {
                pending.extend(union.branches.iter().rev().map(|branch| view.child(*branch)));
            }
            Form::Opaque(opaque) => pending.push(view.child(opaque.outline)),
            _ => visit(view),
        }
    }
}

impl<'t> Step<'t> {
    fn leads_nowhere(&self) -> bool {
        !self.any && self.types.is_empty() && self.constants.is_empty()
    }

    fn into_type(self) -> Type {
        if self.any {
            return Type::any();
        }
        let types = self.types.iter().map(|view| view.to_type());
        let constants = (!self.constants.is_empty()).then(|| Type::constants(self.constants.iter().cloned()));
        Type::union(types.chain(constants))
    }

    /// Adds what `segment` leads to in one form.
    fn go(&mut self, view: View<'t>, segment: &Segment) {
        match view.form() {
            Form::Any => {
                self.any = true;
                self.always = false;
            }
            Form::Object(object) => match segment.as_member() {
                Some(name) => self.member(view, object, name),
                None => self.always = false,
            },
            Form::Array(array) => self.element(view, array, segment),
            Form::Constants(constants) => {
                for value in &constants.values {
                    match segment.find(value) {
                        Some(value) => self.constants.push(value.clone()),
                        None => self.always = false,
                    }
                }
            }
            Form::Never => {}
            _ => self.always = false,
        }
    }

    fn add(&mut self, view: View<'t>, always: bool) {
        if view.is_never() {
            self.always = false;
            return;
        }
        self.always &= always;
        self.types.push(view);
    }

    fn member(&mut self, view: View<'t>, object: &'t ObjectForm, name: &str) {
        if let Some(property) = object.property(name) {
            return self.add(view.child(property.ty), property.required);
        }
        // Each pattern that matches holds for the value, so the type of any one contains it.
        let pattern = object.patterns.iter().find(|(pattern, _)| pattern.is_match(name));
        if let Some(ty) = pattern.map(|(_, ty)| *ty).or(object.additional) {
            self.add(view.child(ty), false);
        } else {
            self.always = false;
            self.any |= view.document.origin == Origin::Schema;
        }
    }

    fn element(&mut self, view: View<'t>, array: &'t ArrayForm, segment: &Segment) {
        let index = match segment {
            Segment::Member(_) => None,
            Segment::Element(index) => Some(*index),
            Segment::Digits(digits) => digits.parse().ok(),
        };
        let Some(index) = index else {
            self.always = false;
            return;
        };
        // The least length of an array that has this element.
        let needed = if index < 0 { index.unsigned_abs() } else { index.unsigned_abs().saturating_add(1) };
        if array.max.is_some_and(|max| max < needed) {
            self.always = false;
            return;
        }
        let always = array.min >= needed;
        // A negative index is a position for each length the array can have.
        let (first, last) = if index < 0 {
            (array.min.max(needed) - needed, array.max.map(|max| max - needed))
        } else {
            (index.unsigned_abs(), Some(index.unsigned_abs()))
        };
        let shown = array.prefix.len() as u64;
        for (position, ty) in (0_u64..).zip(&array.prefix) {
            if position >= first && last.is_none_or(|last| position <= last) {
                self.add(view.child(*ty), always);
            }
        }
        if last.is_none_or(|last| last >= shown) {
            self.add(view.child(array.rest), always);
        }
    }
}
