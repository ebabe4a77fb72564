//! Decision diagrams over variables that have several values each: what holds for which values.
//!
//! A node tests one variable and leads on by its value. Equal diagrams are one node. Variables with a higher number
//! stand nearer to the root: a condition on a new variable is added on top of what was known before, whatever that
//! is. All work is counted, and all recursion bounded: an operation that would take too much has no result.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// What holds for some values of the variables, and not for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct When(u32);

/// Something that has one of several values, numbered from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Variable(u32);

/// How deep one operation may go.
const DEEPEST: usize = 400;

/// How many nodes are looked at to find out which values a variable can have.
const LOOKED_AT: usize = 512;

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
}

/// The diagrams of one document.
#[derive(Debug)]
pub(super) struct Diagrams {
    /// How many values each variable has.
    sizes: Vec<usize>,
    /// The constants, then all others.
    nodes: Vec<Node>,
    numbers: HashMap<Node, When>,
    results: HashMap<(Operation, When, When), When>,
    implied: HashMap<(When, When), bool>,
    /// The steps that are left to all operations.
    left: usize,
}

impl When {
    pub(super) const NEVER: When = When(0);
    pub(super) const ALWAYS: When = When(1);

    fn constant(holds: bool) -> When {
        if holds { When::ALWAYS } else { When::NEVER }
    }
}

impl Diagrams {
    pub(super) fn new(steps: usize) -> Self {
        Diagrams {
            sizes: Vec::new(),
            nodes: Vec::new(),
            numbers: HashMap::new(),
            results: HashMap::new(),
            implied: HashMap::new(),
            left: steps,
        }
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
        self.apply(Operation::And, one, other, 0)
    }

    pub(super) fn or(&mut self, one: When, other: When) -> Option<When> {
        self.apply(Operation::Or, one, other, 0)
    }

    pub(super) fn not(&mut self, when: When) -> Option<When> {
        self.negated(when, &mut HashMap::new(), 0)
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
        self.implied(one, other, 0).unwrap_or(false)
    }

    /// Which of the variable's values are possible when this holds; all, where that takes too long to find out.
    pub(super) fn possible(&self, when: When, variable: Variable) -> Vec<bool> {
        let mut possible = vec![false; self.size(variable)];
        let mut seen = HashSet::from([when]);
        let mut open = vec![when];
        while let Some(when) = open.pop() {
            let Some(node) = self.get(when).filter(|node| node.variable >= variable) else {
                // Nothing below asks for it.
                if when != When::NEVER {
                    possible.fill(true);
                    return possible;
                }
                continue;
            };
            if node.variable == variable {
                for (value, child) in possible.iter_mut().zip(&*node.children) {
                    *value |= *child != When::NEVER;
                }
                continue;
            }
            open.extend(node.children.iter().copied().filter(|child| seen.insert(*child)));
            if seen.len() > LOOKED_AT {
                possible.fill(true);
                return possible;
            }
        }
        possible
    }

    fn size(&self, variable: Variable) -> usize {
        self.sizes.get(variable.0 as usize).copied().unwrap_or(0)
    }

    fn get(&self, when: When) -> Option<&Node> {
        self.nodes.get((when.0 as usize).checked_sub(2)?)
    }

    fn step(&mut self, depth: usize) -> Option<()> {
        self.left = self.left.checked_sub(1)?;
        (depth < DEEPEST).then_some(())
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

    /// The variable of the two that stands nearer to the root, and the children of each by its values.
    fn split(&self, one: When, other: When) -> Option<(Variable, Vec<(When, When)>)> {
        let variable =
            self.get(one).map(|node| node.variable).max(self.get(other).map(|node| node.variable))?;
        let child = |when: When, value: usize| match self.get(when) {
            Some(node) if node.variable == variable => node.children.get(value).copied().unwrap_or(when),
            _ => when,
        };
        let pairs = (0..self.size(variable)).map(|value| (child(one, value), child(other, value)));
        Some((variable, pairs.collect()))
    }

    fn apply(&mut self, operation: Operation, one: When, other: When, depth: usize) -> Option<When> {
        let (absorbs, neutral) = match operation {
            Operation::And => (When::NEVER, When::ALWAYS),
            Operation::Or => (When::ALWAYS, When::NEVER),
        };
        if one == absorbs || other == absorbs {
            return Some(absorbs);
        }
        if one == other || other == neutral {
            return Some(one);
        }
        if one == neutral {
            return Some(other);
        }
        let key = (operation, one.min(other), one.max(other));
        if let Some(known) = self.results.get(&key) {
            return Some(*known);
        }
        self.step(depth)?;
        let (variable, pairs) = self.split(one, other)?;
        let mut children = Vec::with_capacity(pairs.len());
        for (one, other) in pairs {
            children.push(self.apply(operation, one, other, depth + 1)?);
        }
        let result = self.node(variable, children);
        self.results.insert(key, result);
        Some(result)
    }

    fn negated(&mut self, when: When, known: &mut HashMap<When, When>, depth: usize) -> Option<When> {
        if when == When::NEVER || when == When::ALWAYS {
            return Some(When::constant(when == When::NEVER));
        }
        if let Some(known) = known.get(&when) {
            return Some(*known);
        }
        self.step(depth)?;
        let Node { variable, children } = self.get(when)?.clone();
        let mut negated = Vec::with_capacity(children.len());
        for child in &*children {
            negated.push(self.negated(*child, known, depth + 1)?);
        }
        let result = self.node(variable, negated);
        known.insert(when, result);
        Some(result)
    }

    fn implied(&mut self, one: When, other: When, depth: usize) -> Option<bool> {
        if one == When::NEVER || other == When::ALWAYS || one == other {
            return Some(true);
        }
        // Every other diagram holds for some values, and fails for some.
        if one == When::ALWAYS || other == When::NEVER {
            return Some(false);
        }
        if let Some(known) = self.implied.get(&(one, other)) {
            return Some(*known);
        }
        self.step(depth)?;
        let (_, pairs) = self.split(one, other)?;
        let mut implied = true;
        for (one, other) in pairs {
            if !self.implied(one, other, depth + 1)? {
                implied = false;
                break;
            }
        }
        self.implied.insert((one, other), implied);
        Some(implied)
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
        assert_eq!(diagrams.possible(others, variable), [false, true, true]);
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
                prop_assert_eq!(diagrams.possible(a, *variable), possible.collect::<Vec<_>>());
            }
        }
    }
}
