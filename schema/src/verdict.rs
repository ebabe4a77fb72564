//! Whether a subject is of a type, without a word on why not. It allocates nothing for structural types.

use crate::{
    equal::same_number,
    fuel::{self, Fuel},
    kind::{self, Kinds},
    material::{Material, canonical, materialize},
    numeral,
    opaque::OpaqueForm,
    subject::{Shape, Subject},
    text::Pattern,
    ty::{ArrayForm, ConstantsForm, Form, NumberForm, ObjectForm, UnionForm, View},
};
use serde_json::{Number, Value};
use std::{cmp::Ordering, collections::HashSet};

/// How deep a value may be, counting also the unions on the way.
pub(crate) const DEEPEST: usize = 320;

/// How many steps judging one value may take.
const STEPS: usize = 10_000_000;

/// How much work it is to show a validator one part of a value.
const VALIDATING: usize = 20;

/// Whether a subject is of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    /// It is not.
    No,
    /// Something in it is not known yet.
    Undecided,
    /// It is.
    Yes,
}

impl Verdict {
    fn when(accepted: bool) -> Verdict {
        if accepted { Verdict::Yes } else { Verdict::No }
    }
}

/// What is left of the work one judgement may take.
pub(crate) struct Budget {
    fuel: Fuel,
    /// What it costs to read strings counts, and to ask validators.
    metered: bool,
    /// A validator of a schema around this one has accepted the value, and so have those of the schemas within.
    pub(crate) validated: bool,
    /// Refinements do not count: bounds, multiples, lengths, patterns, formats, counts, and that a value is of one
    /// branch alone. What a validator refuses is undecided then.
    pub(crate) erased: bool,
}

impl Budget {
    pub(crate) fn new() -> Self {
        Budget::of(STEPS)
    }

    pub(crate) fn of(steps: usize) -> Self {
        Budget { fuel: Fuel::of(steps), metered: false, validated: false, erased: false }
    }

    /// With this fuel, of which all that judging costs is taken.
    pub(crate) fn metered(fuel: Fuel) -> Self {
        Budget { fuel, metered: true, validated: false, erased: false }
    }

    /// The same, for shapes alone.
    pub(crate) fn erased(self, erased: bool) -> Self {
        Budget { erased, ..self }
    }

    pub(crate) fn left(&self) -> usize {
        self.fuel.left()
    }

    pub(crate) fn into_fuel(self) -> Fuel {
        self.fuel
    }

    pub(crate) fn is_spent(&self) -> bool {
        self.fuel.is_spent()
    }

    /// Accounts for a step. False where there is none left.
    fn step(&mut self) -> bool {
        self.fuel.spend(1)
    }

    /// Accounts for a string being held against patterns. False where that is too much.
    pub(crate) fn read<'p>(&mut self, patterns: impl IntoIterator<Item = &'p Pattern>, text: &str) -> bool {
        let metered = self.metered;
        patterns.into_iter().all(|pattern| {
            if metered { self.fuel.spend_on_match(pattern, text.len()) } else { self.fuel.spend(1) }
        })
    }

    /// Accounts for a value being shown to a validator. False where that is too much.
    fn ask(&mut self, value: &Value) -> bool {
        !self.metered || self.fuel.spend(VALIDATING * fuel::size(value))
    }
}

/// Judges `subject`. Where the budget ends or the subject is too deep, the answer is no.
pub(crate) fn judge<'v, S: Subject<'v>>(
    view: View<'_>,
    subject: S,
    depth: usize,
    budget: &mut Budget,
) -> Verdict {
    if !budget.step() || depth > DEEPEST {
        return Verdict::No;
    }
    match view.form() {
        Form::Any => return Verdict::Yes,
        Form::Never | Form::Foreign(_) | Form::Same(_) => return Verdict::No,
        Form::Union(union) => return judge_union(view, union, subject, depth, budget),
        Form::Constants(constants) => return judge_constants(view, constants, subject, depth, budget),
        Form::Opaque(opaque) => return judge_opaque(view, opaque, subject, depth, budget),
        _ => {}
    }
    match (view.form(), subject.shape()) {
        (_, Shape::Hole) => Verdict::Undecided,
        (Form::Null, Shape::Null) | (Form::Boolean, Shape::Boolean(_)) => Verdict::Yes,
        (Form::Number(form), Shape::Number(number)) => Verdict::when(if budget.erased {
            accepts_kind(form, number)
        } else {
            accepts_number(form, number)
        }),
        (Form::String(form), Shape::String(text)) => Verdict::when(
            budget.erased || (budget.read(&form.patterns, &text) && form.misfit(&text).is_none()),
        ),
        (Form::String(form), Shape::Text) => {
            if form.is_plain() {
                Verdict::Yes
            } else {
                Verdict::Undecided
            }
        }
        (Form::Array(form), Shape::Array(elements)) => judge_array::<S>(view, form, elements, depth, budget),
        (Form::Object(form), Shape::Object(members)) => judge_object::<S>(view, form, members, depth, budget),
        _ => Verdict::No,
    }
}

fn judge_opaque<'v, S: Subject<'v>>(
    view: View<'_>,
    opaque: &OpaqueForm,
    subject: S,
    depth: usize,
    budget: &mut Budget,
) -> Verdict {
    let outline = view.child(opaque.outline);
    if budget.validated {
        return judge(outline, subject, depth + 1, budget);
    }
    if !kind::of(outline).has(kind_of(subject)) {
        return Verdict::No;
    }
    match materialize(subject, depth) {
        Material::TooDeep => Verdict::No,
        Material::Unknown => judge(outline, subject, depth + 1, budget).min(Verdict::Undecided),
        Material::Value(value) => {
            if !budget.ask(&value) {
                return Verdict::No;
            }
            let erased = budget.erased.then(|| value.clone());
            if !opaque.accepts(view.document, value) {
                if erased.is_none_or(|value| opaque.refuses_shape(view.document, value)) {
                    return Verdict::No;
                }
                return judge(outline, subject, depth + 1, budget).min(Verdict::Undecided);
            }
            budget.validated = opaque.whole;
            let verdict = judge(outline, subject, depth + 1, budget);
            budget.validated = false;
            verdict
        }
    }
}

/// Whether the numbers of `form` include this one.
pub(crate) fn accepts_number(form: &NumberForm, number: &Number) -> bool {
    accepts_kind(form, number)
        && within(form, number)
        && form.multiples.iter().all(|factor| numeral::is_multiple(number, factor))
}

/// The same, bounds and multiples aside.
fn accepts_kind(form: &NumberForm, number: &Number) -> bool {
    let holds = |value| value >= numeral::INTEGERS.0 && value <= numeral::INTEGERS.1;
    !form.integer || numeral::integral(number).is_some_and(holds)
}

fn within(form: &NumberForm, number: &Number) -> bool {
    let above = form.min.as_ref().is_none_or(|min| match numeral::compare(number, &min.value) {
        Ordering::Greater => true,
        Ordering::Equal => !min.exclusive,
        Ordering::Less => false,
    });
    let below = form.max.as_ref().is_none_or(|max| match numeral::compare(number, &max.value) {
        Ordering::Less => true,
        Ordering::Equal => !max.exclusive,
        Ordering::Greater => false,
    });
    above && below
}

fn judge_array<'v, S: Subject<'v>>(
    view: View<'_>,
    form: &ArrayForm,
    elements: S::Elements,
    depth: usize,
    budget: &mut Budget,
) -> Verdict {
    let len = elements.len() as u64;
    if !budget.erased && (len < form.min || form.max.is_some_and(|max| len > max)) {
        return Verdict::No;
    }
    let mut verdict = Verdict::Yes;
    let mut seen = (form.unique && !budget.erased).then(HashSet::new);
    let rest = view.child(form.rest);
    for (position, element) in elements.enumerate() {
        let ty = form.prefix.get(position).map_or(rest, |id| view.child(*id));
        verdict = verdict.min(judge(ty, element, depth + 1, budget));
        if let Some(seen) = &mut seen {
            match materialize(element, depth + 1) {
                Material::Value(value) if seen.insert(canonical(&value)) => {}
                Material::Value(_) | Material::TooDeep => return Verdict::No,
                Material::Unknown => verdict = verdict.min(Verdict::Undecided),
            }
        }
        if verdict == Verdict::No {
            return verdict;
        }
    }
    verdict
}

fn judge_object<'v, S: Subject<'v>>(
    view: View<'_>,
    form: &ObjectForm,
    members: S::Members,
    depth: usize,
    budget: &mut Budget,
) -> Verdict {
    let mut verdict = Verdict::Yes;
    let mut count = 0_u64;
    let mut required = 0_usize;
    for (name, member) in members {
        count += 1;
        if let Some(property) = form.property(name) {
            required += usize::from(property.required);
            verdict = verdict.min(judge(view.child(property.ty), member, depth + 1, budget));
        } else {
            let mut matched = false;
            if !budget.read(form.patterns.iter().map(|(pattern, _)| pattern), name) {
                return Verdict::No;
            }
            for (pattern, ty) in &form.patterns {
                if pattern.is_match(name) {
                    matched = true;
                    verdict = verdict.min(judge(view.child(*ty), member, depth + 1, budget));
                }
            }
            if let (false, Some(additional)) = (matched, form.additional) {
                verdict = verdict.min(judge(view.child(additional), member, depth + 1, budget));
            }
        }
        if verdict == Verdict::No {
            return verdict;
        }
    }
    let missing = required < form.properties.iter().filter(|property| property.required).count();
    let miscounted = count < form.min || form.max.is_some_and(|max| count > max);
    if missing || (miscounted && !budget.erased) {
        return Verdict::No;
    }
    verdict
}

fn judge_constants<'v, S: Subject<'v>>(
    view: View<'_>,
    constants: &ConstantsForm,
    subject: S,
    depth: usize,
    budget: &mut Budget,
) -> Verdict {
    let mut verdict = Verdict::No;
    for value in &constants.values {
        verdict = verdict.max(same(value, subject, depth, budget));
        if verdict == Verdict::Yes {
            break;
        }
    }
    match constants.guard {
        Some(guard) if verdict != Verdict::No => {
            verdict.min(judge(view.child(guard), subject, depth + 1, budget))
        }
        _ => verdict,
    }
}

/// Whether `subject` is this value.
pub(crate) fn same<'v, S: Subject<'v>>(
    value: &Value,
    subject: S,
    depth: usize,
    budget: &mut Budget,
) -> Verdict {
    if !budget.step() || depth > DEEPEST {
        return Verdict::No;
    }
    match (value, subject.shape()) {
        (_, Shape::Hole) | (Value::String(_), Shape::Text) => Verdict::Undecided,
        (Value::Null, Shape::Null) => Verdict::Yes,
        (Value::Bool(value), Shape::Boolean(found)) => Verdict::when(*value == found),
        (Value::Number(value), Shape::Number(found)) => Verdict::when(same_number(value, found)),
        (Value::String(value), Shape::String(found)) => Verdict::when(*value == *found),
        (Value::Array(values), Shape::Array(elements)) => {
            if values.len() != elements.len() {
                return Verdict::No;
            }
            let pairs = values.iter().zip(elements);
            pairs
                .map(|(value, element)| same(value, element, depth + 1, budget))
                .min()
                .unwrap_or(Verdict::Yes)
        }
        (Value::Object(values), Shape::Object(members)) => {
            let mut count = 0;
            let mut verdict = Verdict::Yes;
            for (name, member) in members {
                count += 1;
                let Some(value) = values.get(name) else { return Verdict::No };
                verdict = verdict.min(same(value, member, depth + 1, budget));
            }
            if count == values.len() { verdict } else { Verdict::No }
        }
        _ => Verdict::No,
    }
}

fn judge_union<'v, S: Subject<'v>>(
    view: View<'_>,
    union: &UnionForm,
    subject: S,
    depth: usize,
    budget: &mut Budget,
) -> Verdict {
    if let (Some(branch), false) = (tagged_branch(view, union, subject), union.exactly_one) {
        return judge(branch, subject, depth + 1, budget);
    }
    let kind = kind_of(subject);
    // What a validator has accepted is of exactly one, though without their validators several may seem to fit.
    let exactly_one = union.exactly_one && !budget.validated && !budget.erased;
    let (mut accepting, mut undecided) = (0, 0);
    for branch in &union.branches {
        let branch = view.child(*branch);
        if kind::of(branch).has(kind) {
            match judge(branch, subject, depth + 1, budget) {
                Verdict::Yes => accepting += 1,
                Verdict::Undecided => undecided += 1,
                Verdict::No => {}
            }
            if accepting > 0 && !exactly_one {
                return Verdict::Yes;
            }
        }
    }
    match (accepting, undecided) {
        (0, 0) | (2.., _) => Verdict::No,
        (1, 0) => Verdict::Yes,
        _ => Verdict::Undecided,
    }
}

/// The branch that the subject's tag chooses, where the union has one and the subject shows it.
pub(crate) fn tagged_branch<'t, 'v, S: Subject<'v>>(
    view: View<'t>,
    union: &UnionForm,
    subject: S,
) -> Option<View<'t>> {
    let tag = union.tag.as_ref()?;
    let Shape::Object(mut members) = subject.shape() else { return None };
    let (_, member) = members.find(|(name, _)| *name == &*tag.property)?;
    let Shape::String(text) = member.shape() else { return None };
    let branch = union.branches.get(tag.branch(&text)?)?;
    Some(view.child(*branch))
}

/// The kinds a subject can be of.
pub(crate) fn kind_of<'v, S: Subject<'v>>(subject: S) -> Kinds {
    match subject.shape() {
        Shape::Null => Kinds::NULL,
        Shape::Boolean(_) => Kinds::BOOLEAN,
        Shape::Number(number) if numeral::is_whole(number) => Kinds::INTEGER,
        Shape::Number(_) => Kinds::FRACTION,
        Shape::String(_) | Shape::Text => Kinds::STRING,
        Shape::Hole => Kinds::ALL,
        Shape::Array(_) => Kinds::ARRAY,
        Shape::Object(_) => Kinds::OBJECT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Origin, Type};
    use serde_json::{Map, json};

    #[test]
    fn names_are_held_against_patterns_for_steps() {
        let patterns: Map<String, Value> = (0..20).map(|n| (format!("^a{n}$"), json!(true))).collect();
        let ty =
            Type::parse(&json!({ "type": "object", "patternProperties": patterns }), Origin::Schema).unwrap();
        let value = Value::from((0..50).map(|n| (format!("b{n}"), json!(1))).collect::<Map<_, _>>());
        let steps = 20 * 50 + 1;
        assert_eq!(judge(ty.view(), &value, 0, &mut Budget::of(steps + 1)), Verdict::Yes);
        assert_eq!(judge(ty.view(), &value, 0, &mut Budget::of(steps)), Verdict::No);
    }
}
