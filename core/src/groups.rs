//! Numbers in groups, all side by side in memory.

use std::ops::Index;

/// For each group, numbers in the order in which they were given.
#[derive(Debug)]
pub(crate) struct Groups {
    /// Where each group begins, and where the last one ends.
    begins: Vec<usize>,
    numbers: Vec<usize>,
}

impl Groups {
    /// So many groups, of pairs of a group and a number.
    pub(crate) fn new(groups: usize, pairs: impl Iterator<Item = (usize, usize)> + Clone) -> Self {
        let mut begins = vec![0; groups + 1];
        for (group, _) in pairs.clone() {
            begins[group + 1] += 1;
        }
        for group in 0..groups {
            begins[group + 1] += begins[group];
        }
        let mut numbers = vec![0; begins[groups]];
        let mut next = begins.clone();
        for (group, number) in pairs {
            numbers[next[group]] = number;
            next[group] += 1;
        }
        Groups { begins, numbers }
    }

    /// How many groups there are.
    pub(crate) fn len(&self) -> usize {
        self.begins.len() - 1
    }
}

impl Index<usize> for Groups {
    type Output = [usize];

    fn index(&self, group: usize) -> &[usize] {
        &self.numbers[self.begins[group]..self.begins[group + 1]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_in_their_groups_in_order() {
        let groups = Groups::new(4, [(2, 5), (0, 1), (2, 4), (3, 9), (2, 5)].into_iter());
        assert_eq!(
            (0..groups.len()).map(|group| groups[group].to_vec()).collect::<Vec<_>>(),
            [vec![1], vec![], vec![5, 4, 5], vec![9]]
        );
        assert_eq!(Groups::new(0, std::iter::empty()).len(), 0);
    }
}
