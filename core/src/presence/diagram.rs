//! Decision diagrams over variables that have several values each: what holds for which values.
//!
//! A node tests one variable and leads on by its value. Equal diagrams are one node, so that equality is a
//! comparison of numbers. Variables with a higher number stand nearer to the root: a condition on a new variable
//! is added on top of what was known before, whatever that is. All work is counted: an operation for which there
//! is not enough left has no result, and nothing here recurses.

#[cfg(test)]
mod tests;
mod work;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// How much one operation may take at least.
const STEPS_EACH: usize = 20_000;

/// What holds for some values of the variables, and not for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct When(u32);

impl When {
    pub(super) const NEVER: When = When(0);
    pub(super) const ALWAYS: When = When(1);

    fn constant(holds: bool) -> When {
        if holds { When::ALWAYS } else { When::NEVER }
    }
}

/// Something that has one of several values, numbered from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Variable(u32);

/// The values up to one, this one excluded, that do not belong to an earlier branch; and what holds for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Branch {
    end: u32,
    to: When,
}

/// Neighbouring branches lead to different nodes, and there are at least two.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Node {
    variable: Variable,
    branches: Rc<[Branch]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Operation {
    And,
    Or,
    /// The first and not the second.
    Without,
}

/// The values that a variable can have: ranges in order, each up to its end and without it.
type Values = Rc<[(u32, u32)]>;

/// The diagrams of a document.
#[derive(Debug)]
pub(super) struct Diagrams {
    /// How many values each variable has.
    sizes: Vec<u32>,
    /// Those from number 2 on.
    nodes: Vec<Node>,
    numbers: HashMap<Node, When>,
    results: HashMap<(Operation, When, When), When>,
    implied: HashSet<(When, When)>,
    values: HashMap<(When, Variable), Values>,
    /// The steps that are left to all operations.
    left: usize,
    /// The most that one operation may take.
    each: usize,
}

/// A node that is being made of two others.
struct Making {
    operation: Operation,
    of: (When, When),
    variable: Variable,
    /// The branches so far.
    branches: Vec<Branch>,
    /// The branches of each that come next.
    next: (usize, usize),
    /// Where the branch ends that is being made.
    end: u32,
}

impl Diagrams {
    /// With this many steps for all operations together; one alone may take a part of them.
    pub(super) fn new(steps: usize) -> Self {
        Diagrams::with_each(steps, steps.min(STEPS_EACH.max(steps / 16)))
    }

    fn with_each(steps: usize, each: usize) -> Self {
        Diagrams {
            sizes: Vec::new(),
            nodes: Vec::new(),
            numbers: HashMap::new(),
            results: HashMap::new(),
            implied: HashSet::new(),
            values: HashMap::new(),
            left: steps,
            each,
        }
    }

    /// A variable with this many values. Its number is above all others.
    pub(super) fn variable(&mut self, values: usize) -> Variable {
        let variable = Variable(u32::try_from(self.sizes.len()).unwrap_or(u32::MAX));
        self.sizes.push(u32::try_from(values).unwrap_or(u32::MAX));
        variable
    }

    /// What nothing is known of: a variable of its own has the first of two values.
    pub(super) fn unknown(&mut self) -> When {
        let variable = self.variable(2);
        self.is_one_of(variable, |value| value == 0)
    }

    /// The variable has one of the values of which this is true.
    pub(super) fn is_one_of(&mut self, variable: Variable, is_one: impl Fn(usize) -> bool) -> When {
        let mut branches = Vec::new();
        for value in 0..self.size(variable) {
            push(&mut branches, value + 1, When::constant(is_one(value as usize)));
        }
        self.node(variable, branches)
    }

    pub(super) fn not(&mut self, when: When) -> Option<When> {
        self.apply(Operation::Without, When::ALWAYS, when)
    }

    pub(super) fn and(&mut self, one: When, other: When) -> Option<When> {
        self.apply(Operation::And, one, other)
    }

    pub(super) fn or(&mut self, one: When, other: When) -> Option<When> {
        self.apply(Operation::Or, one, other)
    }

    /// At least one of these holds: in pairs, so that many small ones never meet one that grows with each.
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

    /// Whether the second certainly holds wherever the first does.
    pub(super) fn implies(&mut self, one: When, other: When) -> bool {
        self.implied(one, other).unwrap_or(false)
    }

    /// Which of the variable's values are possible when this holds; all, where that takes too much to find out.
    pub(super) fn possible(&mut self, when: When, variable: Variable) -> Vec<bool> {
        let size = self.size(variable);
        match self.values(when, variable) {
            None => vec![true; size as usize],
            Some(values) => {
                let is_possible =
                    |value: &u32| values.iter().any(|(begin, end)| (begin..end).contains(&value));
                (0..size).map(|value| is_possible(&value)).collect()
            }
        }
    }

    fn size(&self, variable: Variable) -> u32 {
        self.sizes.get(variable.0 as usize).copied().unwrap_or(0)
    }

    /// Counts steps of one operation, which has `steps` left.
    fn take(&mut self, steps: &mut usize, count: usize) -> Option<()> {
        *steps = steps.checked_sub(count)?;
        self.left = self.left.checked_sub(count)?;
        Some(())
    }

    fn get(&self, when: When) -> Option<&Node> {
        self.nodes.get((when.0 as usize).checked_sub(2)?)
    }

    /// The node with these branches, made where there is none yet.
    fn node(&mut self, variable: Variable, branches: Vec<Branch>) -> When {
        match branches[..] {
            [] => return When::NEVER,
            [Branch { to, .. }] => return to,
            _ => {}
        }
        let node = Node { variable, branches: branches.into() };
        let next = When(u32::try_from(self.nodes.len() + 2).unwrap_or(u32::MAX));
        let nodes = &mut self.nodes;
        *self.numbers.entry(node).or_insert_with_key(|node| {
            nodes.push(node.clone());
            next
        })
    }
}

/// Adds a branch behind others, which end where it begins.
fn push(branches: &mut Vec<Branch>, end: u32, to: When) {
    match branches.last_mut() {
        Some(last) if last.to == to => last.end = end,
        _ => branches.push(Branch { end, to }),
    }
}
