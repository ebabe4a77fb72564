//! Which actions run before which, on every order.

use crate::groups::Groups;
use std::cell::OnceCell;
use std::rc::Rc;

/// Answers most questions by position in a spanning tree, and the others from a table that is made only then.
#[derive(Debug)]
pub(crate) struct Ancestors {
    /// An order in which every action comes after its parents.
    order: Vec<usize>,
    parents: Rc<Groups>,
    places: Vec<Option<Place>>,
    table: OnceCell<Table>,
}

/// Where an action stands.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// In the order.
    position: usize,
    /// When a walk through the spanning tree enters it.
    enters: usize,
    /// When it leaves it, with all below it behind.
    leaves: usize,
}

/// A row of bits per action: one for each of its ancestors.
#[derive(Debug)]
struct Table {
    words: usize,
    bits: Vec<u64>,
}

impl Ancestors {
    /// Those of the actions in `order`, in which every action comes after its parents; any other has none.
    pub(crate) fn new(parents: Rc<Groups>, order: Vec<usize>) -> Self {
        let places = places(&parents, &order);
        Ancestors { order, parents, places, table: OnceCell::new() }
    }

    pub(crate) fn order(&self) -> &[usize] {
        &self.order
    }

    pub(crate) fn contains(&self, of: usize, ancestor: usize) -> bool {
        let place = |action: usize| self.places.get(action).copied().flatten();
        let (Some(below), Some(above)) = (place(of), place(ancestor)) else { return false };
        if above.position >= below.position {
            return false;
        }
        let on_the_tree = above.enters < below.enters && below.leaves <= above.leaves;
        on_the_tree
            || self.parents[of].contains(&ancestor)
            || self.table.get_or_init(|| Table::new(&self.parents, &self.order)).contains(of, ancestor)
    }
}

/// The place of each action of the order. Its parent in the spanning tree is the first of its parents.
fn places(parents: &Groups, order: &[usize]) -> Vec<Option<Place>> {
    let mut sizes = vec![1_usize; parents.len()];
    for &action in order.iter().rev() {
        if let Some(&parent) = parents[action].first() {
            sizes[parent] += sizes[action];
        }
    }
    // An action takes as many moments as there are actions in its tree, and hands them on to its children in turn.
    let mut free = vec![0_usize; parents.len()];
    let mut places = vec![None; parents.len()];
    let mut moment = 0;
    for (position, &action) in order.iter().enumerate() {
        let next = match parents[action].first() {
            Some(&parent) => &mut free[parent],
            None => &mut moment,
        };
        let enters = *next;
        *next += sizes[action];
        free[action] = enters + 1;
        places[action] = Some(Place { position, enters, leaves: enters + sizes[action] });
    }
    places
}

impl Table {
    fn new(parents: &Groups, order: &[usize]) -> Self {
        let words = parents.len().div_ceil(64);
        let mut bits = vec![0_u64; words * parents.len()];
        let mut row = vec![0_u64; words];
        for &action in order {
            row.fill(0);
            for &parent in &parents[action] {
                row[parent / 64] |= 1 << (parent % 64);
                for (word, inherited) in row.iter_mut().zip(&bits[parent * words..][..words]) {
                    *word |= inherited;
                }
            }
            bits[action * words..][..words].copy_from_slice(&row);
        }
        Table { words, bits }
    }

    fn contains(&self, of: usize, ancestor: usize) -> bool {
        self.bits.get(of * self.words + ancestor / 64).is_some_and(|word| word >> (ancestor % 64) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ancestors_are_parents_and_theirs() {
        let parents = Groups::new(70, (1..70).map(|action| (action, action - 1)));
        let ancestors = Ancestors::new(Rc::new(parents), (0..70).collect());
        assert!(ancestors.contains(69, 0) && ancestors.contains(69, 68) && ancestors.contains(1, 0));
        assert!(!ancestors.contains(0, 69) && !ancestors.contains(5, 5));
    }

    #[test]
    fn what_is_off_the_order_is_no_ancestor_and_has_none() {
        let ancestors =
            Ancestors::new(Rc::new(Groups::new(4, [(1, 2), (2, 1), (3, 0)].into_iter())), vec![0, 3]);
        assert!(ancestors.contains(3, 0));
        assert!(!ancestors.contains(2, 1) && !ancestors.contains(1, 0) && !ancestors.contains(0, 1));
    }

    proptest! {
        #[test]
        fn the_tree_and_the_table_agree(edges in proptest::collection::vec((0..12_usize, 0..12_usize), 0..30)) {
            let edges = edges.iter().filter(|(one, other)| one != other);
            let parents = Groups::new(12, edges.map(|(one, other)| (*one.max(other), *one.min(other))));
            let order: Vec<usize> = (0..12).collect();
            let table = Table::new(&parents, &order);
            let ancestors = Ancestors::new(Rc::new(parents), order);
            for (of, ancestor) in (0..12).flat_map(|of| (0..12).map(move |ancestor| (of, ancestor))) {
                prop_assert_eq!(ancestors.contains(of, ancestor), table.contains(of, ancestor));
            }
        }
    }
}
