//! Values of one type that are of none of others, and values of a type at all.

use super::{
    array,
    goal::Goal,
    number, object,
    proof::{Prover, all},
    string,
};
use crate::{
    text::StringForm,
    ty::{Form, NodeId, NumberForm, UnionForm, View},
    verdict::Verdict,
};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// How deep a search may go into a type.
const DEEPEST: usize = 128;

/// How many values are tried where a validator has a say.
const SHIFTS: usize = 8;

type Key = (usize, NodeId);

/// A search for a value.
pub(crate) struct Search<'p, 't> {
    pub(crate) prover: &'p mut Prover<'t>,
    depth: usize,
    /// The types around the one that a value is looked for.
    open: HashSet<Key>,
    /// What is being sought, or was in vain.
    asked: HashSet<(Key, Vec<Key>)>,
    /// Which of several possible values to take.
    variant: usize,
}

impl<'p, 't> Search<'p, 't> {
    pub(crate) fn new(prover: &'p mut Prover<'t>, variant: usize) -> Self {
        Search { prover, depth: 0, open: HashSet::new(), asked: HashSet::new(), variant }
    }

    pub(crate) fn erased(&self) -> bool {
        self.prover.erased
    }

    pub(crate) fn spend(&mut self, work: usize) -> bool {
        self.prover.spend(work)
    }

    /// The same value again; `None` where that is too much work.
    pub(crate) fn copied(&mut self, value: &Value) -> Option<Value> {
        self.prover.fuel().spend_on_value(value).then(|| value.clone())
    }

    /// Whether `value` is certainly a value of `a`.
    pub(crate) fn is_value(&mut self, a: View<'_>, value: &Value) -> bool {
        self.prover.held_against(a, value, false) == Verdict::Yes
    }

    /// Whether `value` is certainly of none of these types.
    pub(crate) fn is_refused(&mut self, bs: &[View<'t>], value: &Value) -> bool {
        bs.iter().all(|b| self.prover.judged(*b, value) == Verdict::No)
    }

    /// A value of `a` that is of none of `bs`, where one is found.
    pub(crate) fn outside(&mut self, a: View<'t>, bs: &[View<'t>]) -> Option<Value> {
        if !self.spend(1) || self.depth > DEEPEST || self.prover.within(a, bs) {
            return None;
        }
        // A value that shows it needs no part that shows the same; and what was sought in vain is not sought again.
        let question = (a.key(), bs.iter().map(|b| b.key()).collect());
        if !self.asked.insert(question) {
            return None;
        }
        self.depth += 1;
        let found = self.search(a, bs);
        self.depth -= 1;
        if found.is_some() {
            self.asked.remove(&(a.key(), bs.iter().map(|b| b.key()).collect::<Vec<_>>()));
        }
        found
    }

    fn search(&mut self, a: View<'t>, bs: &[View<'t>]) -> Option<Value> {
        let a = if a.is_any() { all() } else { a };
        match a.form() {
            Form::Union(union) => {
                let found = union.branches.iter().find_map(|branch| {
                    let value = self.outside(a.child(*branch), bs)?;
                    (!union.exactly_one || self.is_value(a, &value)).then_some(value)
                });
                if found.is_some() || !union.exactly_one || self.erased() {
                    return found;
                }
                return self.reaching(a, union, bs).or_else(|| self.one_of_few(a, bs));
            }
            Form::Opaque(opaque) => {
                let outline = a.child(opaque.outline);
                let value = self.outside(outline, bs).filter(|value| self.is_value(a, value));
                return value.or_else(|| self.other_outside(a, outline, bs));
            }
            Form::Constants(constants) => {
                if let Some(unlisted) = self.prover.unlisted(&constants.values, bs) {
                    return unlisted.first().cloned();
                }
                return constants.values.iter().find(|value| self.is_refused(bs, value)).cloned();
            }
            Form::Null | Form::Boolean => {
                let values = [Value::Null, Value::Bool(true), Value::Bool(false)];
                return values
                    .into_iter()
                    .find(|value| self.is_value(a, value) && self.is_refused(bs, value));
            }
            _ => {}
        }
        let goal = Goal::new(self.prover, a, bs);
        // Outside all branches and outlines first, then where branches or a validator may be in the way.
        let mut wide = goal.plain.clone();
        for b in goal.exclusive.iter().chain(&goal.opaque) {
            widen(*b, &mut wide);
        }
        if let Some(value) = self.level(a, &wide).filter(|value| self.is_refused(bs, value)) {
            return Some(value);
        }
        if wide.len() == goal.plain.len() {
            return None;
        }
        self.level(a, &goal.plain)
            .filter(|value| self.is_refused(bs, value))
            .or_else(|| self.in_two(a, &goal.exclusive, bs))
    }

    /// A value of `a` that is of none of `bs`, where `a` has few values.
    fn one_of_few(&mut self, a: View<'t>, bs: &[View<'t>]) -> Option<Value> {
        self.prover.finite(a)?.into_iter().find(|value| self.is_refused(bs, value))
    }

    /// A value of one branch of `a` alone that reaches into several branches of a union of exactly one.
    fn reaching(&mut self, a: View<'t>, union: &'t UnionForm, bs: &[View<'t>]) -> Option<Value> {
        let branches: Vec<View<'t>> = union.branches.iter().map(|branch| a.child(*branch)).collect();
        for (position, branch) in branches.iter().enumerate() {
            let goal = Goal::new(self.prover, *branch, bs);
            for b in goal.exclusive {
                let Form::Union(expected) = b.form() else { continue };
                for other in &expected.branches {
                    let beside = branches.iter().enumerate().filter(|(other, _)| *other != position);
                    let beside: Vec<View<'t>> = beside.map(|(_, branch)| *branch).collect();
                    let (Some(Value::Object(own)), Some(Value::Object(mut joined))) =
                        (self.sample(*branch, &[]), self.outside(b.child(*other), &beside))
                    else {
                        continue;
                    };
                    joined.extend(own);
                    let joined = Value::Object(joined);
                    if self.is_value(a, &joined) && self.is_refused(bs, &joined) {
                        return Some(joined);
                    }
                }
            }
        }
        None
    }

    /// A value of `a`, which is `outline` judged by a validator, that is of none of `bs`.
    fn other_outside(&mut self, a: View<'t>, outline: View<'t>, bs: &[View<'t>]) -> Option<Value> {
        let variant = self.variant;
        let mut found = None;
        for shift in 0..SHIFTS {
            self.variant = variant + shift;
            let value = self.sample(outline, &[]);
            found = value.filter(|value| self.is_value(a, value) && self.is_refused(bs, value));
            if found.is_some() {
                break;
            }
        }
        self.variant = variant;
        found
    }

    /// A value of one form that is of none of `forms`.
    fn level(&mut self, a: View<'t>, forms: &[View<'t>]) -> Option<Value> {
        match a.form() {
            Form::Number(own) => {
                let listed: Vec<NumberForm> = forms.iter().flat_map(|b| number::listed(*b)).collect();
                let others = forms
                    .iter()
                    .filter_map(|b| if let Form::Number(form) = b.form() { Some(form) } else { None });
                let others: Vec<&NumberForm> = others.chain(&listed).collect();
                let candidates = number::candidates(own, &others, self.prover.fuel());
                self.first_refused(candidates, forms)
            }
            Form::String(own) => {
                let listed: Vec<StringForm> = forms.iter().filter_map(|b| string::listed(*b)).collect();
                let others = forms
                    .iter()
                    .filter_map(|b| if let Form::String(form) = b.form() { Some(form) } else { None });
                let others: Vec<&StringForm> = others.chain(&listed).collect();
                let candidates = string::candidates(own, &others, self.prover.fuel());
                self.first_refused(candidates, forms)
            }
            Form::Array(own) => array::outside(self, a, own, forms),
            Form::Object(own) => object::outside(self, a, own, forms),
            _ => None,
        }
    }

    fn first_refused(&mut self, candidates: Vec<Value>, forms: &[View<'t>]) -> Option<Value> {
        candidates.into_iter().find(|value| self.spend(1) && self.is_refused(forms, value))
    }

    /// A value of `a` that is of two branches of a union of exactly one.
    fn in_two(&mut self, a: View<'t>, exclusive: &[View<'t>], bs: &[View<'t>]) -> Option<Value> {
        for b in exclusive {
            let Form::Union(union) = b.form() else { continue };
            let branches: Vec<View<'t>> = union.branches.iter().map(|branch| b.child(*branch)).collect();
            for branch in &branches {
                let Some(value) = self.sample(a, &[*branch]) else { continue };
                if self.is_refused(bs, &value) {
                    return Some(value);
                }
                for other in &branches {
                    // What another branch asks for may be there as well.
                    let Some(more) = self.sample(*other, &[a]) else { continue };
                    if let (Value::Object(known), Value::Object(more)) = (&value, more) {
                        let mut joined: Map<String, Value> = more;
                        joined.extend(known.clone());
                        let joined = Value::Object(joined);
                        if self.is_value(a, &joined) && self.is_refused(bs, &joined) {
                            return Some(joined);
                        }
                    }
                }
            }
        }
        None
    }

    /// A value of `a`, of one of `likes` as well where that is easy.
    pub(crate) fn sample(&mut self, a: View<'t>, likes: &[View<'t>]) -> Option<Value> {
        self.sample_besides(a, likes, &[])
    }

    /// The same, and none of `avoided`.
    pub(crate) fn sample_besides(
        &mut self,
        a: View<'t>,
        likes: &[View<'t>],
        avoided: &[Value],
    ) -> Option<Value> {
        if !self.spend(1 + avoided.len()) || self.depth > DEEPEST || !self.open.insert(a.key()) {
            return None;
        }
        self.depth += 1;
        let found = self.sampled(a, likes, avoided);
        self.depth -= 1;
        self.open.remove(&a.key());
        found
    }

    fn sampled(&mut self, a: View<'t>, likes: &[View<'t>], avoided: &[Value]) -> Option<Value> {
        let candidates: Vec<Value> = match a.form() {
            Form::Any => {
                for like in likes {
                    if !like.is_any()
                        && let Some(value) = self.sample(*like, &[])
                        && !contains(avoided, &value)
                    {
                        return Some(value);
                    }
                }
                let numbers = (0..=avoided.len()).map(Value::from);
                numbers.chain([Value::Null]).rev().collect()
            }
            Form::Never | Form::Foreign(_) | Form::Same(_) => return None,
            Form::Null => vec![Value::Null],
            Form::Boolean => vec![Value::Bool(false), Value::Bool(true)],
            Form::Constants(constants) => return self.listed(&constants.values, likes, avoided),
            Form::Number(form) => {
                let mut candidates = number::candidates(form, &[], self.prover.fuel());
                candidates
                    .extend((0..avoided.len() * 2).map(Value::from).filter(|value| self.is_value(a, value)));
                candidates
            }
            Form::String(form) => {
                let mut candidates = string::candidates(form, &[], self.prover.fuel());
                let more = (0..avoided.len())
                    .map(|n| Value::from(format!("{n:0$}", usize::try_from(form.min).unwrap_or(0).min(64))));
                candidates.extend(more.filter(|value| self.is_value(a, value)));
                candidates
            }
            Form::Opaque(opaque) => {
                let value = self.sample_besides(a.child(opaque.outline), likes, avoided)?;
                vec![value]
            }
            Form::Union(union) => {
                let mut first = None;
                for branch in &union.branches {
                    let Some(value) = self.sample_besides(a.child(*branch), likes, avoided) else { continue };
                    if union.exactly_one && !self.is_value(a, &value) {
                        continue;
                    }
                    if likes.is_empty() || self.prover.is_of_any(&value, likes) {
                        return Some(value);
                    }
                    first = first.or(Some(value));
                }
                return first
                    .or_else(|| union.exactly_one.then(|| self.of_one_branch(a, union, avoided)).flatten());
            }
            Form::Array(_) | Form::Object(_) => return self.sampled_parts(a, likes, avoided),
        };
        let shift = if candidates.is_empty() { 0 } else { self.variant % candidates.len() };
        let mut candidates = candidates;
        candidates.rotate_left(shift);
        candidates.retain(|value| self.spend(1 + avoided.len() / 8) && !contains(avoided, value));
        if matches!(a.form(), Form::Opaque(_)) {
            candidates.retain(|value| self.is_value(a, value));
        }
        if !likes.is_empty()
            && let Some(position) = candidates.iter().position(|value| self.prover.is_of_any(value, likes))
        {
            return Some(candidates.swap_remove(position));
        }
        candidates.into_iter().next()
    }

    /// One of some constants.
    fn listed(&mut self, constants: &[Value], likes: &[View<'t>], avoided: &[Value]) -> Option<Value> {
        let shift = self.variant % constants.len().max(1);
        let mut first = None;
        for value in constants.iter().cycle().skip(shift).take(constants.len()) {
            if !self.spend(1 + avoided.len()) {
                return None;
            }
            if contains(avoided, value) {
                continue;
            }
            if likes.is_empty() || self.prover.is_of_any(value, likes) {
                return self.copied(value);
            }
            first = first.or(Some(value));
        }
        first.and_then(|value| self.copied(value))
    }

    /// A value of one branch that is of no other.
    fn of_one_branch(&mut self, a: View<'t>, union: &'t UnionForm, avoided: &[Value]) -> Option<Value> {
        let branches: Vec<View<'t>> = union.branches.iter().map(|branch| a.child(*branch)).collect();
        (0..branches.len()).find_map(|position| {
            let mut others = branches.clone();
            let branch = others.remove(position);
            let value = self.outside(branch, &others)?;
            (self.is_value(a, &value) && !contains(avoided, &value)).then_some(value)
        })
    }

    fn sampled_parts(&mut self, a: View<'t>, likes: &[View<'t>], avoided: &[Value]) -> Option<Value> {
        let value = match a.form() {
            Form::Array(form) => array::sample(self, a, form, likes)?,
            Form::Object(form) => object::sample(self, a, form, likes)?,
            _ => return None,
        };
        (!contains(avoided, &value)).then_some(value)
    }
}

fn contains(values: &[Value], value: &Value) -> bool {
    values.iter().any(|known| crate::equal::same_value(known, value))
}

/// The forms that the branches and the outline of `b` have.
fn widen<'t>(b: View<'t>, forms: &mut Vec<View<'t>>) {
    match b.form() {
        Form::Union(union) => union.branches.iter().for_each(|branch| widen(b.child(*branch), forms)),
        Form::Opaque(opaque) => widen(b.child(opaque.outline), forms),
        _ => forms.push(b),
    }
}

#[cfg(test)]
mod tests;
