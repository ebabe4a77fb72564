//! Objects: every member that may be there is one that may be there, and all that must be are.

use super::within::Proof;
use crate::ty::{Form, NodeId, ObjectForm, Property, View};

/// An object with its document.
type Side<'t> = (View<'t>, &'t ObjectForm);

impl Proof {
    pub(super) fn objects(&mut self, a: Side<'_>, b: Side<'_>) -> bool {
        counts(a, b.1)
            && b.1.properties.iter().all(|property| self.property(a, b.0, property))
            && a.1
                .properties
                .iter()
                .all(|property| b.1.property(&property.name).is_some() || self.named((a.0, property), b))
            && self.unnamed(a, b)
    }

    /// A property that `b` names.
    fn property(&mut self, (a, own): Side<'_>, b: View<'_>, property: &Property) -> bool {
        let expected = b.child(property.ty);
        if let Some(found) = own.property(&property.name) {
            return (found.required || !property.required) && self.within(a.child(found.ty), expected);
        }
        if property.required {
            return false;
        }
        // Each pattern that matches holds for the value, so any one that is within the type proves it.
        let patterns = own.patterns.iter().filter(|(pattern, _)| pattern.is_match(&property.name));
        let matching: Vec<NodeId> = patterns.map(|(_, ty)| *ty).collect();
        if matching.is_empty() {
            return match own.additional {
                Some(additional) => self.within(a.child(additional), expected),
                None => expected.is_any(),
            };
        }
        matching.into_iter().any(|ty| self.within(a.child(ty), expected))
    }

    /// A property that only `a` names.
    fn named(&mut self, (a, property): (View<'_>, &Property), (b, other): Side<'_>) -> bool {
        let found = a.child(property.ty);
        if found.is_never() {
            return true;
        }
        let mut matched = false;
        for (_, ty) in other.patterns.iter().filter(|(pattern, _)| pattern.is_match(&property.name)) {
            matched = true;
            if !self.within(found, b.child(*ty)) {
                return false;
            }
        }
        matched || other.additional.is_none_or(|additional| self.within(found, b.child(additional)))
    }

    /// Members that neither names.
    fn unnamed(&mut self, (a, own): Side<'_>, (b, other): Side<'_>) -> bool {
        for (pattern, ty) in &other.patterns {
            let expected = b.child(*ty);
            let same = own.patterns.iter().find(|(known, _)| known == pattern);
            let proven = match same {
                Some((_, ty)) => self.within(a.child(*ty), expected),
                None => self.all_unnamed((a, own), expected, |_| false),
            };
            if !proven {
                return false;
            }
        }
        let Some(additional) = other.additional else { return true };
        let theirs =
            |known: &crate::text::Pattern| other.patterns.iter().any(|(pattern, _)| pattern == known);
        self.all_unnamed((a, own), b.child(additional), theirs)
    }

    /// Whether all that `a` may have beside its properties is within a type, but for the patterns to be skipped.
    fn all_unnamed(
        &mut self,
        (a, own): Side<'_>,
        expected: View<'_>,
        skipped: impl Fn(&crate::text::Pattern) -> bool,
    ) -> bool {
        if expected.is_any() {
            return true;
        }
        let patterns = own.patterns.iter().filter(|(pattern, _)| !skipped(pattern));
        let types: Vec<NodeId> = patterns.map(|(_, ty)| *ty).collect();
        types.into_iter().all(|ty| self.within(a.child(ty), expected))
            && own.additional.is_some_and(|additional| self.within(a.child(additional), expected))
    }
}

/// Whether the numbers of members follow.
fn counts((a, own): Side<'_>, other: &ObjectForm) -> bool {
    let required = own.properties.iter().filter(|property| property.required).count() as u64;
    if own.min.max(required) < other.min {
        return false;
    }
    let Some(max) = other.max else { return true };
    let possible = own.properties.iter().filter(|property| !a.child(property.ty).is_never()).count() as u64;
    let closed = own.additional.is_some_and(|additional| matches!(a.child(additional).form(), Form::Never));
    own.max.is_some_and(|own| own <= max)
        || (closed && own.patterns.iter().all(|(_, ty)| a.child(*ty).is_never()) && possible <= max)
}
