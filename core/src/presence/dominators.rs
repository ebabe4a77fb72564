//! Actions that every way from the start to another leads through.

/// The nearest action that every way to an action leads through, for each; the start stands before all.
#[derive(Debug)]
pub(super) struct Dominators {
    /// The nearest; `None` where only the start is, or nothing is known.
    nearest: Vec<Option<usize>>,
    /// How many there are.
    depths: Vec<usize>,
    /// One far above, so that few steps lead up.
    jumps: Vec<Option<usize>>,
}

impl Dominators {
    /// By the parents of each action, in an order in which each comes after its parents. An action in `starts` is
    /// reached from the start directly, too.
    pub(super) fn new(order: &[usize], parents: impl Fn(usize) -> Vec<usize>, starts: &[bool]) -> Self {
        let actions = starts.len();
        let mut dominators =
            Dominators { nearest: vec![None; actions], depths: vec![0; actions], jumps: vec![None; actions] };
        for &action in order {
            let parents = parents(action);
            let common = match parents.split_first() {
                Some((&first, others)) if !starts[action] => {
                    others.iter().try_fold(first, |one, &other| dominators.common(one, other))
                }
                _ => None,
            };
            dominators.add(action, common);
        }
        dominators
    }

    fn add(&mut self, action: usize, nearest: Option<usize>) {
        self.nearest[action] = nearest;
        let Some(above) = nearest else { return };
        self.depths[action] = self.depths[above] + 1;
        // A jump that is as long as the two before it together, wherever those are alike.
        let further = self.jumps[above].and_then(|far| Some((far, self.jumps[far]?)));
        self.jumps[action] = Some(match further {
            Some((far, beyond))
                if self.depths[above] - self.depths[far] == self.depths[far] - self.depths[beyond] =>
            {
                beyond
            }
            _ => above,
        });
    }

    /// Whether every way to `action` leads through `other`.
    pub(super) fn leads_through(&self, action: usize, other: usize) -> bool {
        self.depths[action] > self.depths[other] && self.at_depth(action, self.depths[other]) == Some(other)
    }

    fn at_depth(&self, mut action: usize, depth: usize) -> Option<usize> {
        while self.depths[action] > depth {
            action = self.jumps[action].filter(|far| self.depths[*far] >= depth).or(self.nearest[action])?;
        }
        Some(action)
    }

    /// The nearest action that both are, or that every way to both leads through.
    fn common(&self, one: usize, other: usize) -> Option<usize> {
        let depth = self.depths[one].min(self.depths[other]);
        let (mut one, mut other) = (self.at_depth(one, depth)?, self.at_depth(other, depth)?);
        while one != other {
            // Both stand at one depth, so that their jumps are of one length.
            (one, other) = match (self.jumps[one], self.jumps[other]) {
                (Some(far), Some(others)) if far != others => (far, others),
                _ => (self.nearest[one]?, self.nearest[other]?),
            };
        }
        Some(one)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_way_through_a_chain_leads_through_each_of_it() {
        let order: Vec<usize> = (0..1_000).collect();
        let mut starts = vec![false; 1_000];
        starts[0] = true;
        let chain = Dominators::new(&order, |action| action.checked_sub(1).into_iter().collect(), &starts);
        assert!(
            (1..1_000).all(|action| chain.leads_through(action, 0) && chain.leads_through(999, action - 1))
        );
        assert!(!chain.leads_through(0, 0) && !chain.leads_through(5, 6));
    }

    #[test]
    fn ways_that_meet_again_lead_through_where_they_parted() {
        // A chain, two ways from its end that are alike, and where they meet.
        for (chain, way) in [(2, 2), (3, 1), (5, 9), (8, 3), (20, 20)] {
            let (parted, met) = (chain - 1, chain + 2 * way);
            let parents = |action: usize| match action {
                0 => Vec::new(),
                _ if action == met => vec![met - 1, met - 1 - way],
                _ if action == chain + way => vec![parted],
                _ => vec![action - 1],
            };
            let order: Vec<usize> = (0..=met).collect();
            let mut starts = vec![false; met + 1];
            starts[0] = true;
            let dominators = Dominators::new(&order, parents, &starts);
            assert_eq!(dominators.nearest[met], Some(parted), "{chain} and {way}");
        }
    }

    #[test]
    fn a_jump_is_as_long_as_the_two_before_it_where_those_are_alike() {
        let order: Vec<usize> = (0..16).collect();
        let mut starts = vec![false; 16];
        starts[0] = true;
        let chain = Dominators::new(&order, |action| action.checked_sub(1).into_iter().collect(), &starts);
        let far = [0, 1, 0, 3, 4, 3, 0, 7, 8, 7, 10, 11, 10, 7, 0];
        assert_eq!(chain.jumps[0], None);
        assert_eq!(chain.jumps[1..], far.map(Some));
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_cannot_be_gone_round(
            edges in proptest::collection::vec((0..9_usize, 0..9_usize), 0..24),
            mut starts in proptest::collection::vec(any::<bool>(), 9),
        ) {
            let mut parents = vec![Vec::new(); 9];
            for (one, other) in edges {
                if one != other {
                    parents[one.max(other)].push(one.min(other));
                }
            }
            for (action, parents) in parents.iter().enumerate() {
                starts[action] |= parents.is_empty();
            }
            let order: Vec<usize> = (0..9).collect();
            let dominators = Dominators::new(&order, |action| parents[action].clone(), &starts);
            for without in 0..9 {
                let mut reached = [false; 9];
                for action in 0..9 {
                    reached[action] = action != without
                        && (starts[action] || parents[action].iter().any(|parent| reached[*parent]));
                }
                for action in (0..9).filter(|action| *action != without) {
                    prop_assert_eq!(dominators.leads_through(action, without), !reached[action]);
                }
            }
        }
    }
}
