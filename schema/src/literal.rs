//! Everything that is wrong with a value, each at the element that is wrong.

use crate::{
    fault::{Checked, Expected, Fault, FaultKind, Found, Step, quoted, shorten},
    kind::{self, Kinds},
    material::{Material, canonical, materialize},
    numeral,
    opaque::OpaqueForm,
    subject::{Shape, Subject},
    suggest::nearest,
    text::{Misfit, StringForm},
    ty::{ArrayForm, ConstantsForm, Form, NumberForm, ObjectForm, Type, UnionForm, View},
    verdict::{self, Budget, DEEPEST, Verdict, judge, kind_of},
};
use serde_json::{Number, Value};
use std::collections::{HashMap, hash_map::Entry};

/// The most faults that are collected of one value.
const MOST_FAULTS: usize = 1000;

impl Type {
    /// Whether `subject` is of this type, as far as it is known: a value of which nothing is known yet is accepted.
    pub fn accepts<'v, S: Subject<'v>>(&self, subject: S) -> bool {
        judge(self.view(), subject, 0, &mut Budget::new()) != Verdict::No
    }

    /// Everything that is wrong with `subject`, each at the element that is wrong, at most 1000 faults.
    pub fn check<'v, S: Subject<'v>>(&self, subject: S) -> Checked {
        let mut budget = Budget::new();
        match judge(self.view(), subject, 0, &mut budget) {
            Verdict::Yes => Checked::default(),
            Verdict::Undecided => Checked { faults: Vec::new(), undecided: true },
            Verdict::No => {
                let mut check = Check { checked: Checked::default(), path: Vec::new(), budget };
                check.value(self.view(), subject, 0);
                if check.checked.faults.is_empty() {
                    check.fault(FaultKind::TooLarge);
                }
                check.checked
            }
        }
    }
}

/// A check under way.
struct Check {
    checked: Checked,
    path: Vec<Step>,
    budget: Budget,
}

impl Check {
    fn fault(&mut self, kind: FaultKind) {
        if self.checked.faults.len() < MOST_FAULTS {
            self.checked.faults.push(Fault { path: self.path.clone(), kind });
        }
    }

    fn is_over(&self) -> bool {
        self.checked.faults.len() >= MOST_FAULTS || self.budget.is_spent()
    }

    fn within(&mut self, step: Step, inner: impl FnOnce(&mut Self)) {
        self.path.push(step);
        inner(self);
        self.path.pop();
    }

    fn value<'v, S: Subject<'v>>(&mut self, view: View<'_>, subject: S, depth: usize) {
        if self.is_over() {
            return;
        }
        if depth > DEEPEST {
            self.fault(FaultKind::TooLarge);
            return;
        }
        match view.form() {
            Form::Any => {}
            Form::Union(union) => self.union(view, union, subject, depth),
            Form::Opaque(opaque) => self.opaque(view, opaque, subject, depth),
            Form::Constants(constants) => self.constants(view, constants, subject, depth),
            form => self.level(view, form, subject, depth),
        }
    }

    /// One level of a form that is neither a choice nor opaque.
    fn level<'v, S: Subject<'v>>(&mut self, view: View<'_>, form: &Form, subject: S, depth: usize) {
        match (form, subject.shape()) {
            (Form::Never, _) => self.wrong_type(view, subject),
            (_, Shape::Hole) => self.checked.undecided = true,
            (Form::Null, Shape::Null) | (Form::Boolean, Shape::Boolean(_)) => {}
            (Form::Number(form), Shape::Number(number)) => self.number(view, form, number),
            (Form::String(form), Shape::String(text)) => self.string(form, &text),
            (Form::String(form), Shape::Text) => self.checked.undecided |= !form.is_plain(),
            (Form::Array(form), Shape::Array(elements)) => self.array::<S>(view, form, elements, depth),
            (Form::Object(form), Shape::Object(members)) => self.object::<S>(view, form, members, depth),
            _ => self.wrong_type(view, subject),
        }
    }

    fn wrong_type<'v, S: Subject<'v>>(&mut self, view: View<'_>, subject: S) {
        let expected = view.to_type().to_string();
        let nearest = match subject.shape() {
            Shape::String(text) => nearest(&text, strings(view)).map(quoted),
            _ => None,
        };
        self.fault(FaultKind::WrongType { expected, found: found(subject), nearest });
    }

    fn out_of_range(&mut self, expected: String, found: Found) {
        self.fault(FaultKind::OutOfRange { expected, found });
    }

    fn number(&mut self, view: View<'_>, form: &NumberForm, number: &Number) {
        let found = || Found::Number(Some(number.to_string()));
        if form.integer && !numeral::is_whole(number) {
            let expected = view.to_type().to_string();
            self.fault(FaultKind::WrongType { expected, found: found(), nearest: None });
        } else if let Some(limits) = crate::display::limits_missed(form, number) {
            self.out_of_range(limits, found());
        } else if let Some(factor) =
            form.multiples.iter().find(|factor| !numeral::is_multiple(number, factor))
        {
            self.out_of_range(format!("a multiple of {factor}"), found());
        }
    }

    fn string(&mut self, form: &StringForm, text: &str) {
        let found = Found::string(text);
        match form.misfit(text) {
            None => {}
            Some(Misfit::Short) => self.out_of_range(counted("at least", form.min, "character"), found),
            Some(Misfit::Long) => {
                self.out_of_range(counted("at most", form.max.unwrap_or_default(), "character"), found);
            }
            Some(Misfit::Pattern(pattern)) => {
                let expected = Expected::Pattern(pattern.to_string());
                self.fault(FaultKind::BadFormat { expected, found });
            }
            Some(Misfit::Format(format)) => {
                let expected = Expected::Format(format.to_string());
                self.fault(FaultKind::BadFormat { expected, found });
            }
        }
    }

    fn array<'v, S: Subject<'v>>(
        &mut self,
        view: View<'_>,
        form: &ArrayForm,
        elements: S::Elements,
        depth: usize,
    ) {
        let len = elements.len();
        let found = || Found::Array(len);
        if (len as u64) < form.min {
            self.out_of_range(counted("at least", form.min, "element"), found());
        }
        if let Some(max) = form.max.filter(|max| len as u64 > *max) {
            self.out_of_range(counted("at most", max, "element"), found());
        }
        let mut seen: HashMap<String, usize> = HashMap::new();
        for (position, element) in elements.enumerate() {
            if self.is_over() {
                return;
            }
            let ty = view.child(form.prefix.get(position).copied().unwrap_or(form.rest));
            self.within(Step::Element(position), |check| {
                // An element that must not be there is one too many, which is said above.
                if !ty.is_never() {
                    check.value(ty, element, depth + 1);
                }
                if form.unique {
                    match materialize(element, depth + 1) {
                        Material::Value(value) => match seen.entry(canonical(&value)) {
                            Entry::Occupied(first) => {
                                check.fault(FaultKind::Repeated { first: *first.get() });
                            }
                            Entry::Vacant(vacant) => {
                                vacant.insert(position);
                            }
                        },
                        Material::Unknown => check.checked.undecided = true,
                        Material::TooDeep => check.fault(FaultKind::TooLarge),
                    }
                }
            });
        }
    }

    fn object<'v, S: Subject<'v>>(
        &mut self,
        view: View<'_>,
        form: &ObjectForm,
        members: S::Members,
        depth: usize,
    ) {
        let mut present = vec![false; form.properties.len()];
        let mut count = 0_u64;
        for (name, member) in members {
            if self.is_over() {
                return;
            }
            count += 1;
            let position = form.properties.binary_search_by(|property| (*property.name).cmp(name)).ok();
            let mut types = Vec::new();
            if let Some(property) = position.and_then(|position| form.properties.get(position)) {
                types.push(view.child(property.ty));
            } else {
                if !self.budget.read(form.patterns.iter().map(|(pattern, _)| pattern), name) {
                    return;
                }
                let matching = form.patterns.iter().filter(|(pattern, _)| pattern.is_match(name));
                types.extend(matching.map(|(_, ty)| view.child(*ty)));
                if types.is_empty() {
                    types.extend(form.additional.map(|id| view.child(id)));
                }
            }
            if let Some(present) = position.and_then(|position| present.get_mut(position)) {
                *present = true;
            }
            self.within(Step::Member(name.to_owned()), |check| {
                if types.iter().any(|ty| ty.is_never()) {
                    check.fault(unknown_member(view, form, name));
                } else {
                    for ty in types {
                        check.value(ty, member, depth + 1);
                    }
                }
            });
        }
        for (property, present) in form.properties.iter().zip(present) {
            if property.required && !present {
                let expected = view.child(property.ty).to_type().to_string();
                self.fault(FaultKind::MissingMember { name: property.name.to_string(), expected });
            }
        }
        if count < form.min {
            self.out_of_range(counted("at least", form.min, "member"), Found::Object);
        }
        if let Some(max) = form.max.filter(|max| count > *max) {
            self.out_of_range(counted("at most", max, "member"), Found::Object);
        }
    }

    fn constants<'v, S: Subject<'v>>(
        &mut self,
        view: View<'_>,
        constants: &ConstantsForm,
        subject: S,
        depth: usize,
    ) {
        let budget = &mut self.budget;
        let verdicts = constants.values.iter().map(|value| verdict::same(value, subject, depth, budget));
        match verdicts.max() {
            Some(Verdict::Yes) => {}
            Some(Verdict::Undecided) => self.checked.undecided = true,
            _ => self.wrong_type(view, subject),
        }
    }

    fn opaque<'v, S: Subject<'v>>(&mut self, view: View<'_>, opaque: &OpaqueForm, subject: S, depth: usize) {
        let outline = view.child(opaque.outline);
        if self.budget.validated {
            return self.value(outline, subject, depth + 1);
        }
        match materialize(subject, depth) {
            Material::TooDeep => self.fault(FaultKind::TooLarge),
            Material::Unknown => {
                self.checked.undecided = true;
                self.value(outline, subject, depth + 1);
            }
            Material::Value(value)
                if view.document.judges().is_some_and(|judges| judges.is_beyond(&value)) =>
            {
                self.fault(FaultKind::TooLarge);
            }
            Material::Value(value) => {
                let before = self.checked.faults.len();
                self.budget.validated = opaque.whole;
                self.value(outline, subject, depth + 1);
                self.budget.validated = false;
                let known: Vec<Vec<Step>> =
                    self.checked.faults.iter().skip(before).map(|fault| fault.path.clone()).collect();
                for objection in opaque.objections(view.document, value, MOST_FAULTS) {
                    let path: Vec<Step> = self.path.iter().cloned().chain(objection.path).collect();
                    // What is wrong there, or further in, has been said in better words.
                    if !known.iter().any(|known| known.starts_with(&path) || path.starts_with(known)) {
                        self.checked
                            .faults
                            .push(Fault { path, kind: FaultKind::Refused { keyword: objection.keyword } });
                    }
                }
                self.checked.faults.truncate(MOST_FAULTS);
            }
        }
    }

    fn union<'v, S: Subject<'v>>(&mut self, view: View<'_>, union: &UnionForm, subject: S, depth: usize) {
        if let Some(branch) = verdict::tagged_branch(view, union, subject) {
            return self.value(branch, subject, depth + 1);
        }
        let mut fits = Vec::new();
        let mut undecided = false;
        let mut possible = Vec::new();
        let kind = kind_of(subject);
        for branch in &union.branches {
            let branch = view.child(*branch);
            if !kind::of(branch).has(kind) {
                continue;
            }
            match judge(branch, subject, depth + 1, &mut self.budget) {
                Verdict::Yes => fits.push(branch),
                Verdict::Undecided => undecided = true,
                Verdict::No => possible.push(branch),
            }
        }
        match (fits.len(), union.exactly_one && !self.budget.validated) {
            (1.., false) => return,
            (2.., true) => {
                let fits = fits.into_iter().map(|branch| branch.to_type().to_string()).collect();
                return self.fault(FaultKind::Ambiguous { fits });
            }
            _ if undecided => {
                self.checked.undecided = true;
                return;
            }
            (1, true) => return,
            _ => {}
        }
        if kind == Kinds::OBJECT && self.tag(union, subject) {
            return;
        }
        match self.nearest_branch(&possible, subject, depth) {
            Some(faults) => self.checked.faults.extend(faults),
            None => self.wrong_type(view, subject),
        }
    }

    /// Says what is wrong with the tag of an object, where the union has one.
    fn tag<'v, S: Subject<'v>>(&mut self, union: &UnionForm, subject: S) -> bool {
        let (Some(tag), Shape::Object(mut members)) = (&union.tag, subject.shape()) else { return false };
        let cases = Type::constants(tag.cases.iter().map(|(case, _)| Value::from(&**case)));
        match members.find(|(name, _)| *name == &*tag.property) {
            None => {
                let name = tag.property.to_string();
                self.fault(FaultKind::MissingMember { name, expected: cases.to_string() });
            }
            Some((name, member)) => match member.shape() {
                Shape::Hole | Shape::Text => return false,
                _ => self.within(Step::Member(name.to_owned()), |check| {
                    check.wrong_type(cases.view(), member);
                }),
            },
        }
        true
    }

    /// The faults of the branch that comes nearest. `None` where none comes near: each is wrong at the value itself.
    fn nearest_branch<'v, S: Subject<'v>>(
        &mut self,
        branches: &[View<'_>],
        subject: S,
        depth: usize,
    ) -> Option<Vec<Fault>> {
        let mut best: Option<(usize, usize, Vec<Fault>)> = None;
        for branch in branches.iter().take(MOST_BRANCHES) {
            let budget = std::mem::replace(&mut self.budget, Budget::new());
            let mut check = Check { checked: Checked::default(), path: self.path.clone(), budget };
            check.value(*branch, subject, depth + 1);
            self.budget = check.budget;
            let faults = check.checked.faults;
            let misses = faults.iter().filter(|fault| fault.path.len() == self.path.len()).count();
            let rank = (misses, faults.len());
            if best.as_ref().is_none_or(|best| rank < (best.0, best.1)) && !faults.is_empty() {
                best = Some((rank.0, rank.1, faults));
            }
        }
        let (_, _, faults) = best?;
        let at_itself = |fault: &Fault| {
            fault.path.len() == self.path.len() && matches!(fault.kind, FaultKind::WrongType { .. })
        };
        let vague = branches.len() > 1 && faults.iter().all(at_itself);
        (!vague).then_some(faults)
    }
}

/// How many branches are compared to find the nearest.
const MOST_BRANCHES: usize = 32;

fn unknown_member(view: View<'_>, form: &ObjectForm, name: &str) -> FaultKind {
    let known: Vec<String> = form
        .properties
        .iter()
        .filter(|property| !view.child(property.ty).is_never())
        .map(|property| property.name.to_string())
        .collect();
    let nearest = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
    FaultKind::UnknownMember { name: name.to_owned(), nearest, known }
}

/// The strings that a type lists.
fn strings(view: View<'_>) -> Vec<&str> {
    match view.form() {
        Form::Constants(constants) => constants.values.iter().filter_map(Value::as_str).collect(),
        Form::Union(union) => union.branches.iter().flat_map(|branch| strings(view.child(*branch))).collect(),
        _ => Vec::new(),
    }
}

fn found<'v, S: Subject<'v>>(subject: S) -> Found {
    match subject.shape() {
        Shape::Null => Found::Null,
        Shape::Boolean(value) => Found::Boolean(Some(value)),
        Shape::Number(number) => Found::Number(Some(shorten(&number.to_string()))),
        Shape::String(text) => Found::string(&text),
        Shape::Text | Shape::Hole => Found::Text,
        Shape::Array(elements) => Found::Array(elements.len()),
        Shape::Object(_) => Found::Object,
    }
}

fn counted(bound: &str, count: u64, what: &str) -> String {
    format!("{bound} {count} {what}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests;
