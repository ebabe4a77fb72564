//! The way to the value that a condition tests, rebuilt around what is known of it.

use super::{DEEPEST, FUEL, kept::Kept};
use crate::{
    Type,
    access::least_length,
    equal::same_number,
    kind::{self, Kinds},
    numeral,
    path::Segment,
    ty::{
        ArrayForm, ConstantsForm, Document, Form, Node, NodeId, NumberForm, ObjectForm, Origin, Property,
        Source, UnionForm, View, next_id,
    },
    verdict::{Budget, Verdict, canonical, judge},
};
use serde_json::{Number, Value};
use std::{collections::HashSet, sync::Arc};

/// Up to which position elements alike are told apart.
const MOST_PREFIXED: usize = 64;

/// How many cells are looked at for as much work as a step.
const LOOKED_AT: usize = 64;

pub(super) fn narrowed(ty: &Type, path: &[Segment], kept: &Kept) -> Type {
    let mut narrowing = Narrowing { kept, fuel: FUEL };
    match narrowing.at(ty.view(), path, 0) {
        Ok(Narrowed { ty: Some(narrowed), .. }) => narrowed,
        Ok(Narrowed { ty: None, .. }) | Err(Spent) => ty.clone(),
    }
}

/// The fuel is used up.
struct Spent;

/// What is left of a type.
struct Narrowed {
    /// `None` where that is the type itself.
    ty: Option<Type>,
    /// Whether the type has no value besides those that it was narrowed to.
    exact: bool,
}

impl Narrowed {
    fn to(ty: Type) -> Self {
        Narrowed { ty: Some(ty), exact: true }
    }

    fn same(exact: bool) -> Self {
        Narrowed { ty: None, exact }
    }

    fn never() -> Self {
        Narrowed::to(Type::never())
    }

    fn is_never(&self) -> bool {
        self.ty.as_ref().is_some_and(Type::is_never)
    }

    /// The same, where nothing but this type is needed of it.
    fn or(self, view: View<'_>) -> Type {
        self.ty.unwrap_or_else(|| view.to_type())
    }
}

struct Narrowing<'k> {
    kept: &'k Kept,
    fuel: usize,
}

impl Narrowing<'_> {
    fn spend(&mut self, work: usize) -> Result<(), Spent> {
        self.fuel = self.fuel.checked_sub(work).ok_or(Spent)?;
        Ok(())
    }

    /// The values of a type with a kept value at `path`.
    fn at(&mut self, view: View<'_>, path: &[Segment], depth: usize) -> Result<Narrowed, Spent> {
        self.spend(1)?;
        if depth > DEEPEST {
            return Err(Spent);
        }
        match view.form() {
            Form::Union(union) => return self.union(view, union, path, depth),
            Form::Constants(constants) => return self.constants(constants, path),
            Form::Opaque(opaque) => {
                let outline = self.at(view.child(opaque.outline), path, depth + 1)?;
                return Ok(match outline.ty {
                    Some(ty) if !ty.is_never() => {
                        let form = Form::Opaque(opaque.with_outline(NodeId(2)));
                        Narrowed { ty: Some(judged(view, form, ty)), exact: outline.exact }
                    }
                    _ => outline,
                });
            }
            _ => {}
        }
        let Some((segment, path)) = path.split_first() else { return self.here(view) };
        match view.form() {
            Form::Any => Ok(Narrowed::same(false)),
            Form::Object(object) => match segment.as_member() {
                Some(name) => self.member(view, object, name, path, depth),
                None => Ok(self.nowhere()),
            },
            Form::Array(array) => match segment.as_index() {
                Some(index) => self.element(view, array, index, path, depth),
                None => Ok(self.nowhere()),
            },
            _ => Ok(self.nowhere()),
        }
    }

    /// A type in whose values the path leads nowhere.
    fn nowhere(&self) -> Narrowed {
        if self.kept.absent { Narrowed::same(true) } else { Narrowed::never() }
    }

    fn union(
        &mut self,
        view: View<'_>,
        union: &UnionForm,
        path: &[Segment],
        depth: usize,
    ) -> Result<Narrowed, Spent> {
        self.spend(union.branches.len())?;
        let mut branches = Vec::new();
        let (mut exact, mut changed) = (true, false);
        for branch in &union.branches {
            let branch = view.child(*branch);
            let narrowed = self.at(branch, path, depth + 1)?;
            exact &= narrowed.exact;
            changed |= narrowed.ty.is_some();
            if !narrowed.is_never() {
                branches.push(narrowed.or(branch));
            }
        }
        if !changed {
            return Ok(Narrowed::same(exact));
        }
        if !union.exactly_one {
            return Ok(Narrowed { ty: Some(any_of(branches)), exact });
        }
        // A branch that keeps too much lets values of two branches seem to be of one.
        if !exact {
            return Ok(Narrowed::same(false));
        }
        Ok(Narrowed::to(union_of(branches, true)))
    }

    fn constants(&mut self, constants: &ConstantsForm, path: &[Segment]) -> Result<Narrowed, Spent> {
        self.spend(constants.values.len())?;
        let is_kept = |value: &&Value| {
            let found = path.iter().try_fold(*value, |value, segment| segment.find(value));
            found.map_or(self.kept.absent, |found| self.kept.has(found))
        };
        let values: Vec<&Value> = constants.values.iter().filter(is_kept).collect();
        if values.len() == constants.values.len() {
            return Ok(Narrowed::same(true));
        }
        Ok(Narrowed::to(listed(values.into_iter().cloned().collect())))
    }

    fn member(
        &mut self,
        view: View<'_>,
        object: &ObjectForm,
        name: &str,
        path: &[Segment],
        depth: usize,
    ) -> Result<Narrowed, Spent> {
        let found = object.properties.binary_search_by(|property| (*property.name).cmp(name));
        let known = found.ok().and_then(|at| object.properties.get(at));
        let (child, required) = match (known, self.of_no_property(view, object, name)?) {
            (Some(property), _) => (view.child(property.ty), property.required),
            (None, Some(child)) => (child, false),
            (None, None) => return Ok(Narrowed::same(false)),
        };
        let certain = required || !self.kept.absent;
        let narrowed = self.at(child, path, depth + 1)?;
        if narrowed.is_never() && certain {
            return Ok(Narrowed::never());
        }
        if narrowed.ty.is_none() && certain == required {
            return Ok(Narrowed::same(narrowed.exact));
        }
        let exact = narrowed.exact;
        self.spend(object.properties.len() + object.patterns.len())?;
        let mut rebuilt = Rebuilt::new(view);
        let mut form = object.clone();
        for property in &mut form.properties {
            property.ty = rebuilt.keep(property.ty);
        }
        for (_, ty) in &mut form.patterns {
            *ty = rebuilt.keep(*ty);
        }
        form.additional = form.additional.map(|additional| rebuilt.keep(additional));
        let property = Property { name: name.into(), ty: rebuilt.add(narrowed.or(child)), required: certain };
        match found {
            Ok(at) => {
                if let Some(known) = form.properties.get_mut(at) {
                    *known = property;
                }
            }
            Err(at) => form.properties.insert(at, property),
        }
        Ok(Narrowed { ty: Some(rebuilt.into_type(Form::Object(form))), exact })
    }

    /// The type of a member that is no property, where it is exactly known.
    fn of_no_property<'t>(
        &mut self,
        view: View<'t>,
        object: &ObjectForm,
        name: &str,
    ) -> Result<Option<View<'t>>, Spent> {
        if object.property(name).is_some() {
            return Ok(None);
        }
        self.spend(object.patterns.len())?;
        let mut matching = object.patterns.iter().filter(|(pattern, _)| pattern.is_match(name));
        Ok(match (matching.next(), matching.next()) {
            (Some((_, ty)), None) => Some(view.child(*ty)),
            (Some(_), Some(_)) => None,
            (None, _) => object.additional.map(|additional| view.child(additional)),
        })
    }

    fn element(
        &mut self,
        view: View<'_>,
        array: &ArrayForm,
        index: i64,
        path: &[Segment],
        depth: usize,
    ) -> Result<Narrowed, Spent> {
        let needed = least_length(index);
        if array.max.is_some_and(|max| max < needed) {
            return Ok(self.nowhere());
        }
        let mut form = array.clone();
        if !self.kept.absent {
            form.min = form.min.max(needed);
        }
        let position = usize::try_from(index).ok().filter(|position| *position < MOST_PREFIXED);
        let Some(position) =
            position.or_else(|| usize::try_from(index).ok().filter(|at| *at < array.prefix.len()))
        else {
            return self.longer(view, array, form);
        };
        let child = view.child(array.prefix.get(position).copied().unwrap_or(array.rest));
        let narrowed = self.at(child, path, depth + 1)?;
        if narrowed.is_never() {
            form.max = Some(form.max.map_or(needed - 1, |max| max.min(needed - 1)));
            if form.max < Some(form.min) {
                return Ok(Narrowed::never());
            }
            let changed = form.max != array.max;
            return if changed { self.longer_or_shorter(view, form) } else { Ok(Narrowed::same(true)) };
        }
        let Some(ty) = narrowed.ty else {
            let mut longer = self.longer(view, array, form)?;
            longer.exact = narrowed.exact;
            return Ok(longer);
        };
        self.spend(array.prefix.len() + position)?;
        let mut rebuilt = Rebuilt::new(view);
        let rest = rebuilt.keep(array.rest);
        form.prefix = array.prefix.iter().map(|id| rebuilt.keep(*id)).collect();
        while form.prefix.len() <= position {
            form.prefix.push(rest);
        }
        if let Some(known) = form.prefix.get_mut(position) {
            *known = rebuilt.add(ty);
        }
        form.rest = rest;
        Ok(Narrowed { ty: Some(rebuilt.into_type(Form::Array(form))), exact: narrowed.exact })
    }

    /// An array of which no more than its least length is known.
    fn longer(&mut self, view: View<'_>, array: &ArrayForm, form: ArrayForm) -> Result<Narrowed, Spent> {
        if form.min == array.min {
            return Ok(Narrowed::same(false));
        }
        let mut longer = self.longer_or_shorter(view, form)?;
        longer.exact = false;
        Ok(longer)
    }

    /// The same array with another length.
    fn longer_or_shorter(&mut self, view: View<'_>, mut form: ArrayForm) -> Result<Narrowed, Spent> {
        self.spend(form.prefix.len())?;
        let mut rebuilt = Rebuilt::new(view);
        form.rest = rebuilt.keep(form.rest);
        for id in &mut form.prefix {
            *id = rebuilt.keep(*id);
        }
        Ok(Narrowed::to(rebuilt.into_type(Form::Array(form))))
    }

    /// The values of a type that are kept themselves.
    fn here(&mut self, view: View<'_>) -> Result<Narrowed, Spent> {
        let kinds = kind::of(view);
        if !self.kept.others.has(kinds) {
            return self.listed_of(view);
        }
        let mut dropped = self.dropped(view)?;
        match view.form() {
            // What is not known at all stays so, or it would be refused where nobody said what it is.
            Form::Any => Ok(Narrowed::same(false)),
            Form::Number(form) if !dropped.is_empty() => {
                let mut form = form.clone();
                let mut excluded = 0;
                // From the ends inwards, as far as that leads.
                while let Some(next) = dropped
                    .iter()
                    .skip(excluded)
                    .position(|value| value.as_number().is_some_and(|number| exclude_end(&mut form, number)))
                {
                    dropped.swap(excluded, excluded + next);
                    excluded += 1;
                }
                if excluded == 0 {
                    return Ok(Narrowed::same(false));
                }
                let empty = match (&form.min, &form.max) {
                    (Some(min), Some(max)) => numeral::compare(&min.value, &max.value).is_gt(),
                    _ => false,
                };
                if empty {
                    return Ok(Narrowed::never());
                }
                let exact = excluded == dropped.len();
                Ok(Narrowed { ty: Some(Type::of_form(Form::Number(form))), exact })
            }
            Form::String(form) if dropped.iter().any(|value| value.as_str() == Some("")) => {
                let mut form = form.clone();
                form.min = form.min.max(1);
                Ok(Narrowed { ty: Some(Type::of_form(Form::String(form))), exact: dropped.len() == 1 })
            }
            Form::Array(form) if dropped.iter().any(|value| value.as_array().is_some_and(Vec::is_empty)) => {
                let mut form = form.clone();
                form.min = form.min.max(1);
                let mut narrowed = self.longer_or_shorter(view, form)?;
                narrowed.exact = dropped.len() == 1;
                Ok(narrowed)
            }
            _ => Ok(Narrowed::same(dropped.is_empty())),
        }
    }

    /// The values with a cell of their own that a type has, and that are not kept.
    fn dropped(&mut self, view: View<'_>) -> Result<Vec<Value>, Spent> {
        self.spend(self.kept.singles() / LOOKED_AT)?;
        let candidates: Vec<&Value> = self.kept.dropped(kind::of(view)).collect();
        let mut dropped = Vec::new();
        for value in candidates {
            if self.judge(view, value)? {
                dropped.push(value.clone());
            }
        }
        Ok(dropped)
    }

    /// Those of the kept values with a cell of their own that a type has.
    fn listed_of(&mut self, view: View<'_>) -> Result<Narrowed, Spent> {
        if view.is_never() {
            return Ok(Narrowed::same(true));
        }
        if view.is_any() && !self.kept.is_definite() && self.kept.values().next().is_some() {
            return Ok(Narrowed::same(false));
        }
        self.spend(self.kept.singles() / LOOKED_AT)?;
        let mut values = Vec::new();
        for value in self.kept.values() {
            if kind::of(view).has(Kinds::of_value(value)) {
                values.push(value.clone());
            }
        }
        let mut accepted = Vec::new();
        for value in values {
            if self.judge(view, &value)? {
                accepted.push(value);
            }
        }
        let all = match view.form() {
            Form::Null => 1,
            Form::Boolean => 2,
            _ => usize::MAX,
        };
        Ok(if accepted.len() == all { Narrowed::same(true) } else { Narrowed::to(listed(accepted)) })
    }

    fn judge(&mut self, view: View<'_>, value: &Value) -> Result<bool, Spent> {
        let mut budget = Budget::of(self.fuel);
        let verdict = judge(view, value, 0, &mut budget);
        self.fuel = budget.left();
        // Where the budget ends, the answer is no without being known.
        if budget.is_spent() { Err(Spent) } else { Ok(verdict == Verdict::Yes) }
    }
}

/// Moves the bound that a number is, so that it is one no longer; whether it was one.
fn exclude_end(form: &mut NumberForm, number: &Number) -> bool {
    let NumberForm { integer, min, max, .. } = form;
    for (end, step) in [(min, 1), (max, -1)] {
        let Some(limit) = end.as_mut().filter(|limit| same_number(&limit.value, number)) else { continue };
        match numeral::integral(number).and_then(|value| numeral::from_integer(value + step)) {
            Some(next) if *integer => limit.value = next,
            _ => limit.exclusive = true,
        }
        return true;
    }
    false
}

/// These values, which are distinct, as the plainest type.
fn listed(values: Vec<Value>) -> Type {
    match values[..] {
        [] => Type::never(),
        [Value::Null] => Type::null(),
        _ => Type::of_form(Form::Constants(ConstantsForm { values, guard: None })),
    }
}

/// The union of what is left of a union's branches: with all constants in one branch, where the first stood.
fn any_of(left: Vec<Type>) -> Type {
    let mut branches: Vec<Type> = Vec::new();
    let mut place = None;
    let mut values = Vec::new();
    let mut seen = HashSet::new();
    let mut pending: Vec<Type> = left.into_iter().rev().collect();
    while let Some(branch) = pending.pop() {
        let view = branch.view();
        match view.form() {
            Form::Any => return Type::any(),
            Form::Never => continue,
            Form::Union(union) if !union.exactly_one => {
                pending.extend(union.branches.iter().rev().map(|branch| view.child(*branch).to_type()));
                continue;
            }
            Form::Constants(constants) => {
                let unseen = constants.values.iter().filter(|value| seen.insert(canonical(value)));
                values.extend(unseen.cloned());
                if place.is_some() {
                    continue;
                }
                place = Some(branches.len());
            }
            _ => {}
        }
        branches.push(branch);
    }
    if let Some(place) = place.and_then(|place| branches.get_mut(place)) {
        *place = listed(values);
    }
    union_of(branches, false)
}

fn union_of(mut branches: Vec<Type>, exactly_one: bool) -> Type {
    if branches.len() < 2 {
        return branches.pop().unwrap_or_else(Type::never);
    }
    let ids = (1..=branches.len()).map(next_id).collect();
    let union = UnionForm { branches: ids, exactly_one, tag: None };
    let forms = std::iter::once(Form::Union(union)).chain(branches.into_iter().map(Form::Foreign));
    crate::settle::tagged(Document::of_forms(forms.collect()))
}

/// What is opaque, with an outline that is the third node. It is not the first: that would be the whole schema.
fn judged(view: View<'_>, form: Form, outline: Type) -> Type {
    let source: Option<Arc<Source>> = view.document.source.clone();
    let nodes = [Form::Never, form, Form::Foreign(outline)].map(Node::from).into();
    let ty = crate::settle::tagged(Document { nodes, origin: view.document.origin, source });
    Type { id: NodeId(1), ..ty }
}

/// A container that is made anew, of parts that stay where they are and of new ones.
struct Rebuilt<'t> {
    view: View<'t>,
    nodes: Vec<Node>,
}

impl<'t> Rebuilt<'t> {
    fn new(view: View<'t>) -> Self {
        Rebuilt { view, nodes: vec![Node::from(Form::Never)] }
    }

    fn add(&mut self, ty: Type) -> NodeId {
        let id = next_id(self.nodes.len());
        self.nodes.push(Node::from(Form::Foreign(ty)));
        id
    }

    /// The id that a part of the old container has in the new one.
    fn keep(&mut self, id: NodeId) -> NodeId {
        self.add(self.view.child(id).to_type())
    }

    fn into_type(mut self, form: Form) -> Type {
        if let Some(first) = self.nodes.first_mut() {
            first.form = form;
        }
        let origin: Origin = self.view.document.origin;
        crate::settle::tagged(Document { nodes: self.nodes, origin, source: None })
    }
}
