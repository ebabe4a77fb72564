//! Operations on diagrams: each visits a pair of nodes once, and keeps its own stack.

use super::{Branch, Diagrams, Making, Operation, Values, Variable, When, push};
use std::collections::HashSet;
use std::rc::Rc;

impl Operation {
    /// The result, where it takes no work.
    fn at_once(self, one: When, other: When) -> Option<When> {
        match self {
            Operation::And if one == When::NEVER || other == When::NEVER => Some(When::NEVER),
            Operation::And if one == When::ALWAYS || one == other => Some(other),
            Operation::And if other == When::ALWAYS => Some(one),
            Operation::Or if one == When::ALWAYS || other == When::ALWAYS => Some(When::ALWAYS),
            Operation::Or if one == When::NEVER || one == other => Some(other),
            Operation::Or if other == When::NEVER => Some(one),
            Operation::Without if one == When::NEVER || other == When::ALWAYS || one == other => {
                Some(When::NEVER)
            }
            Operation::Without if other == When::NEVER => Some(one),
            _ => None,
        }
    }

    /// The operands in the order in which results are kept.
    fn sorted(self, one: When, other: When) -> (When, When) {
        match self {
            Operation::And | Operation::Or if other < one => (other, one),
            _ => (one, other),
        }
    }
}

impl Diagrams {
    pub(super) fn apply(&mut self, operation: Operation, one: When, other: When) -> Option<When> {
        let mut steps = self.each.min(self.left);
        let mut open: Vec<Making> = Vec::new();
        let mut of = operation.sorted(one, other);
        loop {
            let known = operation.at_once(of.0, of.1);
            let known = known.or_else(|| self.results.get(&(operation, of.0, of.1)).copied());
            let Some(mut result) = known else {
                open.push(self.begin(operation, of)?);
                of = self.next(open.last_mut()?, &mut steps)?;
                continue;
            };
            loop {
                let Some(making) = open.last_mut() else { return Some(result) };
                push(&mut making.branches, making.end, result);
                if making.end < self.size(making.variable) {
                    of = self.next(making, &mut steps)?;
                    break;
                }
                let made = open.pop()?;
                result = self.node(made.variable, made.branches);
                self.results.insert((made.operation, made.of.0, made.of.1), result);
            }
        }
    }

    fn begin(&self, operation: Operation, of: (When, When)) -> Option<Making> {
        let variable = |when| self.get(when).map(|node| node.variable);
        let variable = variable(of.0).max(variable(of.1))?;
        Some(Making { operation, of, variable, branches: Vec::new(), next: (0, 0), end: 0 })
    }

    /// The operands of the next branch.
    fn next(&mut self, making: &mut Making, steps: &mut usize) -> Option<(When, When)> {
        self.take(steps, 1)?;
        let one = self.branch(making.of.0, making.variable, making.next.0);
        let other = self.branch(making.of.1, making.variable, making.next.1);
        making.end = one.end.min(other.end);
        making.next.0 += usize::from(one.end == making.end);
        making.next.1 += usize::from(other.end == making.end);
        Some(making.operation.sorted(one.to, other.to))
    }

    /// A branch of a node on a variable; what does not depend on the variable has one branch.
    fn branch(&self, when: When, variable: Variable, position: usize) -> Branch {
        match self.get(when) {
            Some(node) if node.variable == variable => node.branches[position],
            _ => Branch { end: self.size(variable), to: when },
        }
    }

    /// Whether the second holds wherever the first does; `None` where that is too much work.
    pub(super) fn implied(&mut self, one: When, other: When) -> Option<bool> {
        let mut steps = self.each.min(self.left);
        let mut open = vec![(one, other)];
        let mut seen = HashSet::new();
        while let Some(of) = open.pop() {
            match Operation::Without.at_once(of.0, of.1) {
                Some(When::NEVER) => continue,
                // Every node but the one for never holds for some values.
                Some(_) => return Some(false),
                None => {}
            }
            if self.implied.contains(&of) || !seen.insert(of) {
                continue;
            }
            let mut making = self.begin(Operation::Without, of)?;
            while making.end < self.size(making.variable) {
                open.push(self.next(&mut making, &mut steps)?);
            }
        }
        self.implied.extend(seen);
        Some(true)
    }

    /// For which values of a variable something can hold; `None` where that is too much work.
    pub(super) fn values(&mut self, when: When, variable: Variable) -> Option<Values> {
        let size = self.size(variable);
        let all: Values = Rc::new([(0, size)]);
        let mut steps = self.each.min(self.left);
        // A node, and how many of its branches are done.
        let mut open = vec![(when, 0)];
        while let Some((at, done)) = open.pop() {
            let key = (at, variable);
            if self.values.contains_key(&key) {
                continue;
            }
            self.take(&mut steps, 1)?;
            let values = match self.get(at) {
                None if at == When::NEVER => Rc::new([]),
                Some(node) if node.variable == variable => possible(&node.branches),
                Some(node) if node.variable > variable => {
                    if let Some(branch) = node.branches.get(done) {
                        let to = branch.to;
                        open.push((at, done + 1));
                        open.push((to, 0));
                        continue;
                    }
                    let branches = Rc::clone(&node.branches);
                    let of_each =
                        branches.iter().filter_map(|branch| self.values.get(&(branch.to, variable)));
                    let ranges: Vec<(u32, u32)> = of_each.flat_map(|values| values.iter().copied()).collect();
                    self.take(&mut steps, ranges.len())?;
                    union(ranges)
                }
                _ => Rc::clone(&all),
            };
            self.values.insert(key, values);
        }
        self.values.get(&(when, variable)).cloned()
    }
}

/// The values whose branches lead to something that can hold.
fn possible(branches: &[Branch]) -> Values {
    let begins = std::iter::once(0).chain(branches.iter().map(|branch| branch.end));
    let ranges = begins.zip(branches).filter(|(_, branch)| branch.to != When::NEVER);
    union(ranges.map(|(begin, branch)| (begin, branch.end)).collect())
}

fn union(mut ranges: Vec<(u32, u32)>) -> Values {
    ranges.sort_unstable();
    let mut joined: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
    for (begin, end) in ranges {
        match joined.last_mut() {
            Some(last) if begin <= last.1 => last.1 = last.1.max(end),
            _ => joined.push((begin, end)),
        }
    }
    joined.into()
}
