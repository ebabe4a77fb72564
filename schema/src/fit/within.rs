//! The proof that every value of one type is a value of another: by structure, and by assumption where it recurs.

use super::split;
use crate::{
    disjoint::disjoint,
    kind::{self, Kinds},
    ty::{ArrayForm, Form, NodeId, ObjectForm, Property, Type, UnionForm, View},
    verdict::{Budget, Verdict, judge},
};
use std::collections::HashSet;

/// How deep types may lie within one another.
const DEEPEST: usize = 96;

/// How many pairs of types one proof may look at.
const PAIRS: usize = 60_000;

/// How much work the judgement of constants may take.
const STEPS: usize = 200_000;

/// How often an object may be split into its cases, one within the other.
const SPLITS: usize = 4;

type Key = (usize, NodeId);

/// A proof under way. What is not proven is not refuted.
pub(crate) struct Proof {
    pairs: usize,
    steps: usize,
    depth: usize,
    pub(super) splits: usize,
    /// Pairs that hold, or are assumed to while they are looked at; in the order in which they were met.
    held: HashSet<(Key, Key)>,
    trail: Vec<(Key, Key)>,
    /// Pairs that no assumption could help.
    failed: HashSet<(Key, Key)>,
    /// Types made on the way: no other may take their place in memory while pairs name them.
    kept: Vec<Type>,
}

impl Proof {
    pub(crate) fn new() -> Self {
        Proof {
            pairs: PAIRS,
            steps: STEPS,
            depth: 0,
            splits: SPLITS,
            held: HashSet::new(),
            trail: Vec::new(),
            failed: HashSet::new(),
            kept: Vec::new(),
        }
    }

    /// Keeps a type that was made for the proof.
    pub(super) fn keep(&mut self, ty: &Type) {
        self.kept.push(ty.clone());
    }

    /// Whether every value of `a` is proven to be one of `b`.
    pub(crate) fn within(&mut self, a: View<'_>, b: View<'_>) -> bool {
        if b.is_any() || a.is_never() || a.key() == b.key() {
            return true;
        }
        if self.pairs == 0 || self.depth >= DEEPEST || !kind::of(a).is_within(kind::of(b)) {
            return false;
        }
        self.pairs -= 1;
        if is_simple(a) && is_simple(b) {
            return self.by_form(a, b);
        }
        let pair = (a.key(), b.key());
        if self.failed.contains(&pair) {
            return false;
        }
        if !self.held.insert(pair) {
            return true;
        }
        let before = self.trail.len();
        self.trail.push(pair);
        self.depth += 1;
        let proven = self.by_form(a, b);
        self.depth -= 1;
        if !proven {
            // What was proven meanwhile may rest on this pair.
            for pair in self.trail.drain(before..) {
                self.held.remove(&pair);
            }
            self.failed.insert(pair);
        }
        proven
    }

    fn by_form(&mut self, a: View<'_>, b: View<'_>) -> bool {
        match (a.form(), b.form()) {
            (Form::Constants(constants), _) => self.judged(b, &constants.values),
            (_, Form::Opaque(_)) if same(a, b) => true,
            (Form::Union(own), Form::Union(other)) if other.exactly_one && own.exactly_one && same(a, b) => {
                true
            }
            (Form::Union(UnionForm { exactly_one: true, .. }) | Form::Opaque(_), Form::Union(union))
                if self.within_branch(a, b, union) =>
            {
                true
            }
            (Form::Union(union), _) => union.branches.iter().all(|branch| self.within(a.child(*branch), b)),
            (Form::Opaque(own), Form::Opaque(other)) if own.same_judge(a.document, other, b.document) => {
                self.within(a.child(own.outline), b.child(other.outline))
            }
            (Form::Opaque(opaque), _) => self.within(a.child(opaque.outline), b),
            (_, Form::Union(union)) => self.within_union(a, b, union),
            (Form::Boolean, Form::Constants(_)) => self.judged(b, &[true.into(), false.into()]),
            (Form::Null, Form::Constants(_)) => self.judged(b, &[serde_json::Value::Null]),
            (Form::Number(form), Form::Constants(_)) => {
                super::numbers::few(form).is_some_and(|values| self.judged(b, &values))
            }
            (Form::Null, Form::Null) | (Form::Boolean, Form::Boolean) => true,
            (Form::Number(a), Form::Number(b)) => super::numbers::within(a, b),
            (Form::String(a), Form::String(b)) => super::strings::within(a, b),
            (Form::Array(own), Form::Array(other)) => self.arrays((a, own), (b, other)),
            (Form::Object(own), Form::Object(other)) => self.objects((a, own), (b, other)),
            _ => false,
        }
    }

    /// Whether all these values are of a type.
    pub(super) fn judged(&mut self, b: View<'_>, values: &[serde_json::Value]) -> bool {
        let mut budget = Budget::of(self.steps);
        let all = values.iter().all(|value| judge(b, value, 0, &mut budget) == Verdict::Yes);
        self.steps = budget.left();
        all && !budget.is_spent()
    }

    fn within_union(&mut self, a: View<'_>, b: View<'_>, union: &UnionForm) -> bool {
        if union.exactly_one {
            return self.within_one(a, b, union);
        }
        if let Some(branch) = split::tagged(a, b, union) {
            return self.within(a, branch);
        }
        if self.within_branch(a, b, union) {
            return true;
        }
        match a.form() {
            Form::Any => split::kinds().iter().all(|ty| self.within(ty.view(), b)),
            Form::Boolean => self.judged(b, &[true.into(), false.into()]),
            Form::Number(form) => {
                let branches = union.branches.iter().map(|branch| b.child(*branch));
                super::numbers::few(form).is_some_and(|values| self.judged(b, &values))
                    || super::numbers::covered(form, branches)
            }
            Form::String(form) => super::strings::covered(form, union.branches.iter().map(|id| b.child(*id))),
            Form::Object(object) => {
                let cases = self.cases(a, object, b, union);
                self.by_cases(cases, b)
            }
            Form::Array(array) => self.by_cases(split::lengths(a, array), b),
            _ => false,
        }
    }

    /// Within one branch of a union of any branch.
    fn within_branch(&mut self, a: View<'_>, b: View<'_>, union: &UnionForm) -> bool {
        let own = kind::of(a);
        let meets = |branch: &&NodeId| own.is_within(kind::of(b.child(**branch)));
        !union.exactly_one
            && union.branches.iter().filter(meets).any(|branch| self.within(a, b.child(*branch)))
    }

    /// An object as several, by a member that the branches of a union tell apart.
    fn cases(&mut self, a: View<'_>, own: &ObjectForm, b: View<'_>, union: &UnionForm) -> Option<Vec<Type>> {
        if self.splits == 0 {
            return None;
        }
        let mut differs = |property: &Property| {
            union.branches.iter().any(|branch| match b.child(*branch).form() {
                Form::Object(other) => other.property(&property.name).is_some_and(|expected| {
                    let absent = expected.required && !property.required;
                    absent || !self.within(a.child(property.ty), b.child(*branch).child(expected.ty))
                }),
                _ => false,
            })
        };
        split::best(a, own, &mut differs).map(|property| split::cases(a, own, property))
    }

    /// Whether each of several types, that together are one, is within `b`.
    fn by_cases(&mut self, cases: Option<Vec<Type>>, b: View<'_>) -> bool {
        let Some(cases) = cases.filter(|_| self.splits > 0) else { return false };
        self.splits -= 1;
        let all = cases.iter().all(|case| {
            self.keep(case);
            self.within(case.view(), b)
        });
        self.splits += 1;
        all
    }

    /// Within a union whose values are of exactly one branch.
    fn within_one(&mut self, a: View<'_>, b: View<'_>, union: &UnionForm) -> bool {
        let Some(at) = union.branches.iter().position(|branch| self.within(a, b.child(*branch))) else {
            return matches!(a.form(), Form::Boolean) && self.judged(b, &[true.into(), false.into()]);
        };
        let mut fuel = 2_000;
        let others = union.branches.iter().enumerate().filter(|(position, _)| *position != at);
        others.map(|(_, branch)| b.child(*branch)).all(|branch| disjoint(a, branch, &mut fuel))
    }

    fn arrays(&mut self, (a, own): (View<'_>, &ArrayForm), (b, other): (View<'_>, &ArrayForm)) -> bool {
        let most = own.max.unwrap_or(u64::MAX);
        if own.min < other.min || other.max.is_some_and(|max| most > max) {
            return false;
        }
        if other.unique && !own.unique && most > 1 {
            return false;
        }
        let shown = own.prefix.len().max(other.prefix.len());
        for position in 0..=shown {
            if position as u64 >= most {
                break;
            }
            let left = a.child(own.prefix.get(position).copied().unwrap_or(own.rest));
            let right = b.child(other.prefix.get(position).copied().unwrap_or(other.rest));
            if !self.within(left, right) {
                return false;
            }
        }
        true
    }
}

/// Whether two types have one structure.
fn same(a: View<'_>, b: View<'_>) -> bool {
    a.to_type() == b.to_type()
}

/// Whether a type has no types within it.
fn is_simple(view: View<'_>) -> bool {
    !kind::of(view).has(Kinds::ARRAY.or(Kinds::OBJECT))
        && !matches!(view.form(), Form::Union(_) | Form::Opaque(_))
}
