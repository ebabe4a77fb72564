//! Decision diagrams over variables that have several values each: what holds for which values.
//!
//! A node tests one variable and leads on by its value. Equal diagrams are one node. Variables with a higher number
//! stand nearer to the root: a condition on a new variable is added on top of what was known before, whatever that
//! is. All work is counted, and nothing recurses: an operation that would take too much has no result.

use crate::map::Map;
use std::rc::Rc;

/// What holds for some values of the variables, and not for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct When(u32);

/// Something that has one of several values, numbered from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Variable(u32);

/// How many steps one operation may take.
const MOST_STEPS: usize = 1 << 16;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Node {
    variable: Variable,
    /// One for each value; not all alike.
    children: Rc<[When]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Operation {
    And,
    Or,
    /// The one, and not the other.
    Without,
}

/// A pair of diagrams whose children are being put together.
#[derive(Clone, Copy)]
struct Pair {
    one: When,
    other: When,
    /// The variable of the two that stands nearer to the root.
    variable: Variable,
    next: usize,
}

/// The diagrams of one document.
#[derive(Debug)]
pub(super) struct Diagrams {
    /// How many values each variable has.
    sizes: Vec<usize>,
    /// The constants, then all others.
    nodes: Vec<Node>,
    numbers: Map<Node, When>,
    results: Map<(Operation, When, When), When>,
    possible: Map<(When, Variable), Rc<[bool]>>,
    /// The steps that are left to all operations.
    left: usize,
}

impl When {
    pub(super) const NEVER: When = When(0);
    pub(super) const ALWAYS: When = When(1);

    pub(super) fn constant(holds: bool) -> When {
        if holds { When::ALWAYS } else { When::NEVER }
    }
}

impl Diagrams {
    pub(super) fn new(steps: usize) -> Self {
        Diagrams {
            sizes: Vec::new(),
            nodes: Vec::new(),
            numbers: Map::default(),
            results: Map::default(),
            possible: Map::default(),
            left: steps,
        }
    }

    /// How many steps are left.
    #[cfg(test)]
    pub(super) fn left(&self) -> usize {
        self.left
    }

    /// A variable with this many values. Its number is above all others.
    pub(super) fn variable(&mut self, values: usize) -> Variable {
        let variable = Variable(u32::try_from(self.sizes.len()).unwrap_or(u32::MAX));
        self.sizes.push(values);
        variable
    }

    /// What nothing is known of: a variable of its own has the first of two values.
    pub(super) fn unknown(&mut self) -> When {
        let variable = self.variable(2);
        self.is_one_of(variable, |value| value == 0)
    }

    /// The variable has one of the values of which this is true.
    pub(super) fn is_one_of(&mut self, variable: Variable, is_one: impl Fn(usize) -> bool) -> When {
        let children = (0..self.size(variable)).map(|value| When::constant(is_one(value)));
        let children = children.collect();
        self.node(variable, children)
    }

    pub(super) fn and(&mut self, one: When, other: When) -> Option<When> {
        self.apply(Operation::And, one, other)
    }

    pub(super) fn or(&mut self, one: When, other: When) -> Option<When> {
        self.apply(Operation::Or, one, other)
    }

    pub(super) fn not(&mut self, when: When) -> Option<When> {
        self.without(When::ALWAYS, when)
    }

    /// The one, and not the other.
    pub(super) fn without(&mut self, one: When, other: When) -> Option<When> {
        self.apply(Operation::Without, one, other)
    }

    /// At least one of these; in pairs, so that many small ones never meet one that grows with each.
    pub(super) fn any(&mut self, mut of: Vec<When>) -> Option<When> {
        while of.len() > 1 {
            let mut pairs = Vec::with_capacity(of.len().div_ceil(2));
            for pair in of.chunks(2) {
                pairs.push(match *pair {
                    [one, other] => self.or(one, other)?,
                    [one, ..] => one,
                    [] => When::NEVER,
                });
            }
            of = pairs;
        }
        Some(of.pop().unwrap_or(When::NEVER))
    }

    /// Whether `other` certainly holds whenever `one` does.
    pub(super) fn implies(&mut self, one: When, other: When) -> bool {
        self.without(one, other) == Some(When::NEVER)
    }

    /// Which of the variable's values are possible when this holds; all, where that takes too long to find out.
    pub(super) fn possible(&mut self, when: When, variable: Variable) -> Rc<[bool]> {
        self.try_possible(when, variable)
            .unwrap_or_else(|| std::iter::repeat_n(true, self.size(variable)).collect())
    }

    fn try_possible(&mut self, when: When, variable: Variable) -> Option<Rc<[bool]>> {
        let mut spent = 0;
        let mut open = vec![when];
        while let Some(&when) = open.last() {
            let known = |child: When| {
                self.children_above(child, variable).is_empty()
                    || self.possible.contains_key(&(child, variable))
            };
            let children = self.children_above(when, variable);
            let before = open.len();
            if !known(when) {
                open.extend(children.iter().copied().filter(|child| !known(*child)));
            }
            if open.len() > before {
                continue;
            }
            open.pop();
            if known(when) {
                continue;
            }
            let size = self.size(variable);
            let mut possible = vec![false; size];
            for child in &*children {
                let of_child = self.possible_of(*child, variable);
                possible.iter_mut().zip(&*of_child).for_each(|(possible, of_child)| *possible |= of_child);
            }
            self.left = self.left.checked_sub(children.len() + size)?;
            spent += children.len() + size;
            if spent > MOST_STEPS {
                return None;
            }
            self.possible.insert((when, variable), possible.into());
        }
        Some(self.possible_of(when, variable))
    }

    /// The children of a node whose variable stands above another; none of any other.
    fn children_above(&self, when: When, variable: Variable) -> Rc<[When]> {
        match self.get(when) {
            Some(node) if node.variable > variable => Rc::clone(&node.children),
            _ => Rc::default(),
        }
    }

    /// What was found out before, or is plain to see of a node that does not stand above the variable.
    fn possible_of(&self, when: When, variable: Variable) -> Rc<[bool]> {
        if let Some(known) = self.possible.get(&(when, variable)) {
            return Rc::clone(known);
        }
        match self.get(when) {
            Some(node) if node.variable == variable => {
                node.children.iter().map(|child| *child != When::NEVER).collect()
            }
            _ => std::iter::repeat_n(when != When::NEVER, self.size(variable)).collect(),
        }
    }

    fn size(&self, variable: Variable) -> usize {
        self.sizes.get(variable.0 as usize).copied().unwrap_or(0)
    }

    fn get(&self, when: When) -> Option<&Node> {
        self.nodes.get((when.0 as usize).checked_sub(2)?)
    }

    fn node(&mut self, variable: Variable, children: Vec<When>) -> When {
        match children.first() {
            None => return When::NEVER,
            Some(first) if children.iter().all(|child| child == first) => return *first,
            Some(_) => {}
        }
        let node = Node { variable, children: children.into() };
        let next = When(u32::try_from(self.nodes.len() + 2).unwrap_or(u32::MAX));
        let nodes = &mut self.nodes;
        *self.numbers.entry(node).or_insert_with_key(|node| {
            nodes.push(node.clone());
            next
        })
    }

    /// Where a diagram leads on when a variable, its own or one above it, has a value.
    fn child(&self, when: When, variable: Variable, value: usize) -> When {
        match self.get(when) {
            Some(node) if node.variable == variable => node.children.get(value).copied().unwrap_or(when),
            _ => when,
        }
    }

    fn pair(&self, one: When, other: When) -> Option<Pair> {
        let variable = |when| self.get(when).map(|node| node.variable);
        let variable = variable(one).max(variable(other))?;
        Some(Pair { one, other, variable, next: 0 })
    }

    /// What comes of two diagrams, where that is plain or was found out before.
    fn known(&self, operation: Operation, one: When, other: When) -> Option<When> {
        use Operation::{And, Or, Without};
        match (operation, one, other) {
            (And | Without, When::NEVER, _) | (And, _, When::NEVER) | (Without, _, When::ALWAYS) => {
                Some(When::NEVER)
            }
            (Or, When::ALWAYS, _) | (Or, _, When::ALWAYS) => Some(When::ALWAYS),
            (And, When::ALWAYS, kept)
            | (Or, When::NEVER, kept)
            | (And, kept, When::ALWAYS)
            | (Or | Without, kept, When::NEVER) => Some(kept),
            (And | Or, one, other) if one == other => Some(one),
            (Without, one, other) if one == other => Some(When::NEVER),
            _ => self.results.get(&key(operation, one, other)).copied(),
        }
    }

    fn apply(&mut self, operation: Operation, one: When, other: When) -> Option<When> {
        if let Some(known) = self.known(operation, one, other) {
            return Some(known);
        }
        let most = self.left.min(MOST_STEPS);
        let mut steps = 0;
        let mut open: Vec<Pair> = self.pair(one, other).into_iter().collect();
        let mut done: Vec<When> = Vec::new();
        while let Some(pair) = open.last_mut() {
            let Pair { one, other, variable, next } = *pair;
            let size = self.sizes.get(variable.0 as usize).copied().unwrap_or(0);
            if next < size {
                pair.next += 1;
                steps += 1;
                if steps > most {
                    self.left -= most;
                    return None;
                }
                let (one, other) = (self.child(one, variable, next), self.child(other, variable, next));
                match self.known(operation, one, other) {
                    Some(known) => done.push(known),
                    None => open.extend(self.pair(one, other)),
                }
            } else {
                open.pop();
                let children = done.split_off(done.len() - size);
                let result = self.node(variable, children);
                self.results.insert(key(operation, one, other), result);
                done.push(result);
            }
        }
        self.left -= steps;
        // Every pair leaves its result behind; the first is the last to do so.
        done.pop()
    }
}

/// The order of two does not matter where the operation does not tell them apart.
fn key(operation: Operation, one: When, other: When) -> (Operation, When, When) {
    match operation {
        Operation::And | Operation::Or => (operation, one.min(other), one.max(other)),
        Operation::Without => (operation, one, other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_condition_and_its_opposite_are_all_there_is() {
        let mut diagrams = Diagrams::new(1_000);
        let variable = diagrams.variable(3);
        let first = diagrams.is_one_of(variable, |value| value == 0);
        let others = diagrams.not(first).unwrap();
        assert_eq!(others, diagrams.is_one_of(variable, |value| value != 0));
        assert_eq!(diagrams.or(first, others), Some(When::ALWAYS));
        assert_eq!(diagrams.and(first, others), Some(When::NEVER));
        assert_eq!(*diagrams.possible(others, variable), [false, true, true]);
        assert_eq!(diagrams.is_one_of(variable, |_| true), When::ALWAYS);
    }

    #[test]
    fn a_long_chain_of_conditions_is_cheap() {
        let mut diagrams = Diagrams::new(100_000);
        let mut chain = When::ALWAYS;
        for _ in 0..10_000 {
            let next = diagrams.unknown();
            let longer = diagrams.and(chain, next).unwrap();
            assert!(diagrams.implies(longer, chain));
            assert!(!diagrams.implies(chain, longer));
            chain = longer;
        }
    }

    #[test]
    fn what_takes_too_much_has_no_result() {
        let mut diagrams = Diagrams::new(0);
        let (one, other) = (diagrams.unknown(), diagrams.unknown());
        assert_eq!(diagrams.and(one, other), None);
        assert!(!diagrams.implies(one, other));
        // There are two values to look at, and two steps are enough.
        for (steps, is_found) in [(1, false), (2, true)] {
            let mut diagrams = Diagrams::new(steps);
            let (one, other) = (diagrams.unknown(), diagrams.unknown());
            assert_eq!(diagrams.and(one, other).is_some(), is_found);
            assert_eq!(diagrams.left(), 0);
        }
    }

    #[test]
    fn what_is_plain_takes_no_work() {
        let mut diagrams = Diagrams::new(100);
        let (one, other) = (diagrams.unknown(), diagrams.unknown());
        let both = diagrams.and(one, other).unwrap();
        let left = diagrams.left();
        for (operation, other, result) in [
            (Operation::And, When::ALWAYS, both),
            (Operation::And, When::NEVER, When::NEVER),
            (Operation::And, both, both),
            (Operation::Or, When::ALWAYS, When::ALWAYS),
            (Operation::Or, When::NEVER, both),
            (Operation::Or, both, both),
            (Operation::Without, When::ALWAYS, When::NEVER),
            (Operation::Without, When::NEVER, both),
            (Operation::Without, both, When::NEVER),
        ] {
            assert_eq!(diagrams.apply(operation, both, other), Some(result), "{operation:?} {other:?}");
            if operation != Operation::Without {
                assert_eq!(diagrams.apply(operation, other, both), Some(result), "{other:?} {operation:?}");
            }
        }
        assert_eq!(diagrams.apply(Operation::Without, When::NEVER, both), Some(When::NEVER));
        assert_eq!(diagrams.left(), left);
        // What was found out before is, in either order.
        assert_eq!((diagrams.and(other, one), diagrams.left()), (Some(both), left));
    }

    #[test]
    fn which_values_are_possible_takes_work_for_each_of_them() {
        let behind = |values: usize, conditions: usize| {
            let mut diagrams = Diagrams::new(1_000_000);
            let variable = diagrams.variable(values);
            let mut when = diagrams.is_one_of(variable, |value| value == 1);
            for _ in 0..conditions {
                let condition = diagrams.unknown();
                when = diagrams.and(when, condition).unwrap();
            }
            let left = diagrams.left();
            let possible = diagrams.possible(when, variable).iter().filter(|possible| **possible).count();
            (possible, left - diagrams.left())
        };
        assert_eq!(behind(3, 0), (1, 0));
        assert_eq!(behind(3, 1), (1, 3 + 2));
        assert_eq!(behind(3, 2), (1, 2 * (3 + 2)));
        // It is not found out where it would take too much.
        let most = MOST_STEPS - 2;
        assert_eq!(behind(most, 1), (1, MOST_STEPS));
        assert_eq!(behind(most / 2 - 1, 2), (1, MOST_STEPS));
        assert_eq!(behind(most + 1, 1).0, most + 1);
        assert_eq!(behind(most / 2, 2).0, most / 2);
    }

    /// A formula over three variables of two, three and two values.
    #[derive(Clone, Debug)]
    enum Form {
        IsOneOf(usize, u8),
        Not(Box<Form>),
        And(Box<Form>, Box<Form>),
        Or(Box<Form>, Box<Form>),
    }

    const SIZES: [usize; 3] = [2, 3, 2];

    impl Form {
        fn holds(&self, values: &[usize; 3]) -> bool {
            match self {
                Form::IsOneOf(variable, mask) => mask >> values[*variable] & 1 == 1,
                Form::Not(of) => !of.holds(values),
                Form::And(one, other) => one.holds(values) && other.holds(values),
                Form::Or(one, other) => one.holds(values) || other.holds(values),
            }
        }

        fn build(&self, diagrams: &mut Diagrams, variables: &[Variable]) -> When {
            match self {
                Form::IsOneOf(variable, mask) => {
                    diagrams.is_one_of(variables[*variable], |value| mask >> value & 1 == 1)
                }
                Form::Not(of) => {
                    let of = of.build(diagrams, variables);
                    diagrams.not(of).unwrap()
                }
                Form::And(one, other) | Form::Or(one, other) => {
                    let (a, b) = (one.build(diagrams, variables), other.build(diagrams, variables));
                    if matches!(self, Form::And(..)) { diagrams.and(a, b) } else { diagrams.or(a, b) }
                        .unwrap()
                }
            }
        }
    }

    fn form() -> impl Strategy<Value = Form> {
        let leaf = (0..3_usize, any::<u8>()).prop_map(|(variable, mask)| Form::IsOneOf(variable, mask));
        leaf.prop_recursive(4, 24, 2, |inner| {
            prop_oneof![
                inner.clone().prop_map(|of| Form::Not(Box::new(of))),
                (inner.clone(), inner.clone()).prop_map(|(a, b)| Form::And(Box::new(a), Box::new(b))),
                (inner.clone(), inner).prop_map(|(a, b)| Form::Or(Box::new(a), Box::new(b))),
            ]
        })
    }

    fn worlds() -> Vec<[usize; 3]> {
        let all = (0..SIZES[0])
            .flat_map(|a| (0..SIZES[1]).flat_map(move |b| (0..SIZES[2]).map(move |c| [a, b, c])));
        all.collect()
    }

    proptest! {
        #[test]
        fn a_diagram_says_what_its_formula_says(one in form(), other in form()) {
            let mut diagrams = Diagrams::new(100_000);
            let variables: Vec<Variable> = SIZES.iter().map(|size| diagrams.variable(*size)).collect();
            let (a, b) = (one.build(&mut diagrams, &variables), other.build(&mut diagrams, &variables));
            let implied = worlds().iter().all(|world| !one.holds(world) || other.holds(world));
            prop_assert_eq!(diagrams.implies(a, b), implied);
            prop_assert_eq!(a == b, worlds().iter().all(|world| one.holds(world) == other.holds(world)));
            for (at, variable) in variables.iter().enumerate() {
                let possible = (0..SIZES[at])
                    .map(|value| worlds().iter().any(|world| world[at] == value && one.holds(world)));
                prop_assert_eq!(diagrams.possible(a, *variable).to_vec(), possible.collect::<Vec<_>>());
            }
        }
    }
}
