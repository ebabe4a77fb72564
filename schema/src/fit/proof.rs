//! The proof that every value of one type is a value of others: structural, and coinductive where types recur.

use super::{array, goal::Goal, number, object, string};
use crate::{
    disjoint::disjoint,
    fuel::{self, Fuel},
    material::canonical,
    ty::{Form, NodeId, Type, UnionForm, View},
    verdict::{Budget, Verdict, judge},
};
use serde_json::Value;
use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

/// How deep a proof may go into a type.
const DEEPEST: usize = 128;

/// How much work one disjointness proof may be.
const APART: usize = 2_000;

/// From how many constants on they are looked up instead of compared one by one.
const MANY: usize = 32;

/// Every value, told apart by kind.
static ALL: LazyLock<Type> = LazyLock::new(|| {
    let kinds = [Type::null(), Type::boolean(), Type::number(), Type::string()];
    Type::union(kinds.into_iter().chain([Type::array(Type::any()), Type::object([], true)]))
});

static ANY: LazyLock<Type> = LazyLock::new(Type::any);

type Key = (usize, NodeId);

/// What is asked: whether the values of a type are all of these.
type Question = (Key, Vec<Key>);

/// What is known of a question.
#[derive(Clone, Copy)]
enum Known {
    /// It is being answered, this deep in the proof: assumed to be so.
    Assumed(usize),
    /// Proven, as long as the question that is being answered this deep is.
    Provisional(usize),
    Proven,
    NotProven,
}

/// A proof under way, about types that live for `'t`.
pub(crate) struct Prover<'t> {
    /// Refinements of what is expected do not count.
    pub(crate) erased: bool,
    fuel: Fuel,
    depth: usize,
    known: HashMap<Question, Known>,
    /// The questions that are answered provisionally.
    trail: Vec<Question>,
    /// How deep the outermost question is that the answers given since rest on.
    lowest: usize,
    marker: std::marker::PhantomData<View<'t>>,
}

/// Every value, as one branch for each kind.
pub(crate) fn all() -> View<'static> {
    ALL.view()
}

pub(crate) fn any() -> View<'static> {
    ANY.view()
}

impl<'t> Prover<'t> {
    pub(crate) fn new(fuel: usize, erased: bool) -> Self {
        Prover {
            erased,
            fuel: Fuel::of(fuel),
            depth: 0,
            known: HashMap::new(),
            trail: Vec::new(),
            lowest: usize::MAX,
            marker: std::marker::PhantomData,
        }
    }

    pub(crate) fn fuel(&mut self) -> &mut Fuel {
        &mut self.fuel
    }

    /// Accounts for work. False where there is none left to spend.
    pub(crate) fn spend(&mut self, work: usize) -> bool {
        self.fuel.spend(work)
    }

    /// Whether `value` is of a type; `Undecided` where that is not certain.
    pub(crate) fn judged(&mut self, view: View<'_>, value: &Value) -> Verdict {
        self.held_against(view, value, self.erased)
    }

    /// Whether `value` is of a type, or where it is `erased` whether it is so in shape.
    pub(crate) fn held_against(&mut self, view: View<'_>, value: &Value, erased: bool) -> Verdict {
        let mut budget = Budget::metered(std::mem::take(&mut self.fuel)).erased(erased);
        let verdict = judge(view, value, 0, &mut budget);
        self.fuel = budget.into_fuel();
        if self.fuel.is_spent() { Verdict::Undecided } else { verdict }
    }

    /// Whether one of these types certainly has `value`.
    pub(crate) fn is_of_any(&mut self, value: &Value, bs: &[View<'t>]) -> bool {
        bs.iter().any(|b| self.judged(*b, value) == Verdict::Yes)
    }

    /// Of many values the first that lists of constants do not have, and those after it; `None` where it is not about such lists.
    pub(crate) fn unlisted<'v>(&mut self, values: &'v [Value], bs: &[View<'t>]) -> Option<&'v [Value]> {
        let lists = bs.iter().map(|b| match b.form() {
            Form::Constants(constants) => Some(&constants.values),
            _ => None,
        });
        let lists = lists.collect::<Option<Vec<_>>>().filter(|_| values.len() > MANY)?;
        let work = values.iter().chain(lists.iter().copied().flatten()).map(fuel::size).sum();
        if !self.spend(work) {
            return None;
        }
        let listed: HashSet<String> = lists.into_iter().flatten().map(canonical).collect();
        let first = values.iter().position(|value| !listed.contains(&canonical(value)));
        values.get(first.unwrap_or(values.len())..)
    }

    /// Whether no value is of both. False where that is not proven.
    pub(crate) fn apart(&mut self, left: View<'_>, right: View<'_>) -> bool {
        self.fuel.at_most(APART, |fuel| disjoint(left, right, fuel))
    }

    /// Whether every value of `a` is a value of one of `bs`. False where that is not proven.
    pub(crate) fn within(&mut self, a: View<'t>, bs: &[View<'t>]) -> bool {
        if !self.spend(1 + bs.len()) || self.depth > DEEPEST {
            return false;
        }
        if a.is_never() || bs.iter().any(|b| b.is_any() || b.key() == a.key()) {
            return true;
        }
        let a = if a.is_any() { all() } else { a };
        match (a.form(), bs) {
            (Form::Constants(constants), _) => {
                return match self.unlisted(&constants.values, bs) {
                    Some(unlisted) => unlisted.is_empty(),
                    None => constants.values.iter().all(|value| self.is_of_any(value, bs)),
                };
            }
            (Form::Null, _) => return self.is_of_any(&Value::Null, bs),
            (Form::Boolean, _) => {
                return bs.iter().any(|b| matches!(b.form(), Form::Boolean))
                    || [true, false].into_iter().all(|value| self.is_of_any(&Value::Bool(value), bs));
            }
            (Form::Number(own), [b]) if matches!(b.form(), Form::Number(_)) => {
                return number::within(self, own, bs);
            }
            (Form::String(own), [b]) if matches!(b.form(), Form::String(_)) => {
                return string::within(self, own, bs);
            }
            _ => {}
        }
        self.remembered(a, bs)
    }

    fn remembered(&mut self, a: View<'t>, bs: &[View<'t>]) -> bool {
        let mut others: Vec<Key> = bs.iter().map(|b| b.key()).collect();
        others.sort_unstable();
        others.dedup();
        let question = (a.key(), others);
        match self.known.get(&question) {
            Some(Known::Proven) => return true,
            Some(Known::NotProven) => return false,
            Some(Known::Assumed(depth) | Known::Provisional(depth)) => {
                self.lowest = self.lowest.min(*depth);
                return true;
            }
            None => {}
        }
        let depth = self.depth;
        let start = self.trail.len();
        let outer = std::mem::replace(&mut self.lowest, usize::MAX);
        self.known.insert(question.clone(), Known::Assumed(depth));
        self.depth += 1;
        let proven = self.decided(a, bs);
        self.depth -= 1;
        let lowest = std::mem::replace(&mut self.lowest, outer);
        if !proven {
            // What rested on the assumption that it is so is forgotten.
            for question in self.trail.drain(start..) {
                self.known.remove(&question);
            }
            self.known.insert(question, Known::NotProven);
        } else if lowest >= depth {
            for question in self.trail.drain(start..) {
                self.known.insert(question, Known::Proven);
            }
            self.known.insert(question, Known::Proven);
        } else {
            self.lowest = self.lowest.min(lowest);
            self.known.insert(question.clone(), Known::Provisional(lowest));
            self.trail.push(question);
        }
        proven
    }

    fn decided(&mut self, a: View<'t>, bs: &[View<'t>]) -> bool {
        let erased = self.erased;
        match a.form() {
            Form::Union(union) => {
                // Branches are often in the same order.
                let beside = |position: usize| match bs {
                    [b] => match b.form() {
                        Form::Union(other) if erased || !other.exactly_one => {
                            other.branches.get(position).map(|branch| b.child(*branch))
                        }
                        _ => None,
                    },
                    _ => None,
                };
                let within = union.branches.iter().enumerate().all(|(position, branch)| {
                    let branch = a.child(*branch);
                    beside(position).is_some_and(|other| self.within(branch, &[other]))
                        || self.within(branch, bs)
                });
                if within {
                    return true;
                }
                let mut exclusive = Vec::new();
                bs.iter().filter(|_| union.exactly_one).for_each(|b| choices(*b, &mut exclusive));
                return exclusive.into_iter().any(|b| self.one_into_one(a, union, b));
            }
            Form::Opaque(opaque) => {
                let goal = Goal::new(self, a, bs);
                return self.same_judges(a, opaque, &goal.opaque) || self.within(a.child(opaque.outline), bs);
            }
            _ => {}
        }
        let goal = Goal::new(self, a, bs);
        if goal.plain.iter().any(|b| b.key() == a.key() || b.is_any()) {
            return true;
        }
        let structural = match a.form() {
            Form::Number(own) => number::within(self, own, &goal.plain),
            Form::String(own) => string::within(self, own, &goal.plain),
            Form::Array(own) => array::within(self, a, own, &goal.plain),
            Form::Object(own) => object::within(self, a, own, &goal.plain),
            _ => false,
        };
        structural
            || self.is_empty(a)
            || self.finite(a).is_some_and(|values| values.iter().all(|value| self.is_of_any(value, bs)))
    }

    /// Whether no value is of this type. False where that is not proven.
    pub(crate) fn is_empty(&mut self, a: View<'_>) -> bool {
        self.fuel.at_most(APART, |fuel| crate::disjoint::is_empty(a, fuel))
    }

    fn same_judges(&mut self, a: View<'t>, opaque: &'t crate::opaque::OpaqueForm, bs: &[View<'t>]) -> bool {
        let outlines: Vec<View<'t>> = bs
            .iter()
            .filter_map(|b| match b.form() {
                Form::Opaque(other) if opaque.same_judge(a.document, other, b.document) => {
                    Some(b.child(other.outline))
                }
                _ => None,
            })
            .collect();
        let own = a.child(opaque.outline);
        outlines.into_iter().any(|outline| self.within(own, &[outline]))
    }

    /// Whether every value of one branch of `a` alone is of one branch of `b` alone: each branch is within one there, and
    /// whatever of it reaches into another branch there is of another branch here as well, so no value of `a`.
    fn one_into_one(&mut self, a: View<'t>, own: &'t UnionForm, b: View<'t>) -> bool {
        let Form::Union(other) = b.form() else { return false };
        // Branches are often in the same order.
        let from = |view: View<'t>, union: &'t UnionForm, position: usize| {
            let branches = union.branches.iter().map(move |branch| view.child(*branch)).enumerate();
            branches.cycle().skip(position).take(union.branches.len())
        };
        from(a, own, 0).all(|(here, branch)| {
            from(b, other, here).any(|(there, into)| {
                self.within(branch, &[into])
                    && from(b, other, 0).filter(|(position, _)| *position != there).all(
                        |(position, across)| {
                            let mut beside = from(a, own, position).filter(|(position, _)| *position != here);
                            self.apart(branch, across)
                                || beside.any(|(_, beside)| self.within(across, &[beside]))
                        },
                    )
            })
        })
    }

    /// Whether one of the types has few values, and none of them is of the other. False where that is not certain.
    pub(crate) fn few_apart(&mut self, a: View<'t>, b: View<'t>) -> bool {
        [(a, b), (b, a)].into_iter().any(|(few, other)| {
            let values = self.finite(few);
            values.is_some_and(|values| values.iter().all(|value| self.judged(other, value) == Verdict::No))
        })
    }

    /// All values of a type, where they are few.
    pub(crate) fn finite(&mut self, a: View<'t>) -> Option<Vec<Value>> {
        super::finite::values(self, a, 0)
    }
}

/// The unions of exactly one branch among the branches of `b`.
fn choices<'t>(b: View<'t>, found: &mut Vec<View<'t>>) {
    match b.form() {
        Form::Union(union) if union.exactly_one => found.push(b),
        Form::Union(union) => union.branches.iter().for_each(|branch| choices(b.child(*branch), found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
