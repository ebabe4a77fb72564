//! The way to the value that a condition tests, rebuilt around what is known of it.

use super::{
    DEEPEST, FUEL,
    kept::Kept,
    rebuilt::{Rebuilt, any_of, judged, listed, union_of},
};
use crate::{
    Type,
    access::least_length,
    path::Segment,
    ty::{ArrayForm, ConstantsForm, Form, NodeId, ObjectForm, Property, UnionForm, View},
};
use serde_json::Value;

/// Up to which position elements alike are told apart.
const MOST_PREFIXED: usize = 64;

pub(super) fn narrowed(ty: &Type, path: &[Segment], kept: &Kept) -> Type {
    let mut narrowing = Narrowing { kept, fuel: FUEL, depth: 0 };
    match narrowing.at(ty.view(), path) {
        Ok(Narrowed { ty: Some(narrowed), .. }) => narrowed,
        Ok(Narrowed { ty: None, .. }) | Err(Spent) => ty.clone(),
    }
}

/// The fuel is used up.
pub(super) struct Spent;

/// What is left of a type.
pub(super) struct Narrowed {
    /// `None` where that is the type itself.
    pub(super) ty: Option<Type>,
    /// Whether the type has no value besides those that it was narrowed to.
    pub(super) exact: bool,
}

impl Narrowed {
    pub(super) fn to(ty: Type) -> Self {
        Narrowed { ty: Some(ty), exact: true }
    }

    pub(super) fn same(exact: bool) -> Self {
        Narrowed { ty: None, exact }
    }

    pub(super) fn never() -> Self {
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

/// A path on the way through a type.
pub(super) struct Narrowing<'k> {
    pub(super) kept: &'k Kept,
    pub(super) fuel: usize,
    depth: usize,
}

impl Narrowing<'_> {
    pub(super) fn spend(&mut self, work: usize) -> Result<(), Spent> {
        self.fuel = self.fuel.checked_sub(work).ok_or(Spent)?;
        Ok(())
    }

    /// The values of a type with a kept value at `path`.
    fn at(&mut self, view: View<'_>, path: &[Segment]) -> Result<Narrowed, Spent> {
        self.spend(1)?;
        if self.depth > DEEPEST {
            return Err(Spent);
        }
        self.depth += 1;
        let narrowed = self.inside(view, path)?;
        self.depth -= 1;
        Ok(narrowed)
    }

    fn inside(&mut self, view: View<'_>, path: &[Segment]) -> Result<Narrowed, Spent> {
        match view.form() {
            Form::Union(union) => return self.union(view, union, path),
            Form::Constants(constants) => return self.constants(constants, path),
            Form::Opaque(opaque) => {
                let outline = self.at(view.child(opaque.outline), path)?;
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
                Some(name) => self.member(view, object, name, path),
                None => Ok(self.nowhere()),
            },
            Form::Array(array) => match segment.as_index() {
                Some(index) => self.element(view, array, index, path),
                None => Ok(self.nowhere()),
            },
            _ => Ok(self.nowhere()),
        }
    }

    /// A type in whose values the path leads nowhere.
    fn nowhere(&self) -> Narrowed {
        if self.kept.absent { Narrowed::same(true) } else { Narrowed::never() }
    }

    fn union(&mut self, view: View<'_>, union: &UnionForm, path: &[Segment]) -> Result<Narrowed, Spent> {
        self.spend(union.branches.len())?;
        let mut branches = Vec::new();
        let (mut exact, mut changed) = (true, false);
        for branch in &union.branches {
            let branch = view.child(*branch);
            let narrowed = self.at(branch, path)?;
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
    ) -> Result<Narrowed, Spent> {
        let found = object.properties.binary_search_by(|property| (*property.name).cmp(name));
        let known = found.ok().and_then(|at| object.properties.get(at));
        let (child, required) = match (known, self.of_no_property(view, object, name)?) {
            (Some(property), _) => (view.child(property.ty), property.required),
            (None, Some(child)) => (child, false),
            (None, None) => return Ok(Narrowed::same(false)),
        };
        let certain = required || !self.kept.absent;
        let narrowed = self.at(child, path)?;
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
    ) -> Result<Narrowed, Spent> {
        let needed = least_length(index);
        if array.max.is_some_and(|max| max < needed) {
            return Ok(self.nowhere());
        }
        let mut form = array.clone();
        if !self.kept.absent {
            form.min = form.min.max(needed);
        }
        let told_apart = array.prefix.len().max(MOST_PREFIXED);
        let Some(position) = usize::try_from(index).ok().filter(|position| *position < told_apart) else {
            return self.longer(view, array, form);
        };
        let child = view.child(array.prefix.get(position).copied().unwrap_or(array.rest));
        let narrowed = self.at(child, path)?;
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
    pub(super) fn longer_or_shorter(
        &mut self,
        view: View<'_>,
        mut form: ArrayForm,
    ) -> Result<Narrowed, Spent> {
        self.spend(form.prefix.len())?;
        let mut rebuilt = Rebuilt::new(view);
        form.rest = rebuilt.keep(form.rest);
        for id in &mut form.prefix {
            *id = rebuilt.keep(*id);
        }
        Ok(Narrowed::to(rebuilt.into_type(Form::Array(form))))
    }
}
