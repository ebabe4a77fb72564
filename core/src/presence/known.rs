//! What is known where a ref stands: whether the action it names has completed, and what its value can still be.

use super::Sources;
use super::diagram::When;
use super::dominators::Dominators;
use super::edges::Edges;
use super::runs::{Runs, STEPS, STEPS_EACH};
use super::variables::Tested;
use crate::graph::{Edge, From};
use crate::map::Map;
use crate::template::{Place, Root};
use flowright_schema::{Access, Path, Presence as There, Segment, Type};
use std::cell::RefCell;
use std::rc::Rc;

/// How many tested places one value is narrowed by.
const MOST_NARROWED: usize = 32;

/// Which actions have completed, and what conditions say of values, wherever a ref can stand.
#[derive(Debug, Default)]
pub(crate) struct Presence {
    /// `None` where no edge has a condition: every action runs in every run that completes.
    branches: Option<Branches>,
}

#[derive(Debug)]
struct Branches {
    known: RefCell<Known>,
    dominators: Dominators,
    edges: Edges,
    ends: Vec<Option<Edge>>,
    conditional: Vec<bool>,
    /// Whether a condition was reported, or its ref: what it may have said is not known.
    faulty: bool,
}

#[derive(Debug)]
struct Known {
    runs: Runs,
    /// By the root, whose tests decide which values are told apart, and the type that was narrowed.
    narrowed: Map<(Root, (usize, u32)), Vec<Narrowed>>,
}

/// What comes of a type where the values at a path are of some cells only.
#[derive(Debug)]
struct Narrowed {
    path: Path,
    kept: Rc<[bool]>,
    ty: Type,
}

/// How many actions are asked for the edge that can skip another.
const MOST_ASKED: usize = 64;

/// Where something is known: in an action, behind all edges that lead to it; or at the start.
pub(crate) type Behind = Option<usize>;

impl Presence {
    /// `at` says what is at a place, where its producer completed.
    pub(crate) fn new(sources: &Sources<'_>, at: &dyn Fn(&Place) -> Access) -> Self {
        Presence::within(sources, at, STEPS + STEPS_EACH * (sources.rules.len() + sources.edges.len()))
    }

    /// The same, with so many steps of work at most.
    pub(super) fn within(sources: &Sources<'_>, at: &dyn Fn(&Place) -> Access, steps: usize) -> Self {
        if !sources.conditional.contains(&true) {
            return Presence { branches: None };
        }
        let actions = sources.rules.len();
        let edges = Edges::new(actions, sources.edges);
        let mut starts = vec![false; actions];
        for &edge in edges.starts() {
            starts[sources.edges[edge].map_or(0, |edge| edge.to)] = true;
        }
        let parents = |action: usize| {
            let parents =
                edges.leading_to(action).iter().filter_map(|edge| match sources.edges[*edge]?.from {
                    From::Source => None,
                    From::Action(from) => Some(from),
                });
            parents.collect()
        };
        let dominators = Dominators::new(sources.order, parents, &starts);
        let order = edges.way_by_way(sources.edges, sources.order);
        let sources = &Sources { order: &order, ..*sources };
        let runs = Runs::new(sources, &edges, &dominators, at, steps);
        let known = Known { runs, narrowed: Map::default() };
        Presence {
            branches: Some(Branches {
                known: RefCell::new(known),
                dominators,
                edges,
                ends: sources.edges.to_vec(),
                conditional: sources.conditional.to_vec(),
                faulty: sources.tests.iter().zip(sources.conditional).any(|(test, is)| match test {
                    Some(test) => at(&test.place).presence == There::Never,
                    None => *is,
                }),
            }),
        }
    }

    /// How many steps of work are left.
    #[cfg(test)]
    pub(super) fn steps_left(&self) -> usize {
        self.branches.as_ref().map_or(0, |branches| branches.known.borrow().runs.diagrams.left())
    }

    /// Whether an action has certainly completed; where it may have been skipped, the edge that can skip it, as far
    /// as that is known.
    pub(crate) fn completed(&self, action: usize, behind: Behind) -> Result<(), Option<usize>> {
        let Some(branches) = &self.branches else { return Ok(()) };
        if branches.surely(action, behind) { Ok(()) } else { Err(branches.skipping(action, behind)) }
    }

    /// The type of a value of the state, as far as conditions tell what is on the way along `path`, or below it.
    pub(crate) fn narrowed(&self, root: Root, ty: &Type, path: &Path, behind: Behind) -> Option<Type> {
        let branches = self.branches.as_ref()?;
        let here = branches.when(behind);
        let known = &mut *branches.known.borrow_mut();
        let Known { runs, narrowed } = known;
        // Where something is found at all, its producer completed.
        let here = match root {
            Root::Output(producer) => runs.diagrams.and(here, runs.actions[producer])?,
            Root::Event => here,
        };
        if here == When::NEVER || here == When::ALWAYS {
            return None;
        }
        let mut result: Option<Type> = None;
        let relevant = runs.variables.of_root(root);
        let relevant = relevant.filter(|tested| concerns(ty, &tested.place.path, path)).take(MOST_NARROWED);
        for tested in relevant {
            let Tested { variable, cells, place, .. } = tested;
            let kept = runs.diagrams.possible(here, *variable);
            if kept.iter().all(|kept| *kept) {
                continue;
            }
            let from = result.as_ref().unwrap_or(ty);
            let before = narrowed.entry((root, from.identity())).or_default();
            let already = before.iter().find(|known| known.path == place.path && known.kept == kept);
            let narrower = if let Some(known) = already {
                known.ty.clone()
            } else {
                let ty = from.narrowed(&place.path, cells, &kept);
                before.push(Narrowed { path: place.path.clone(), kept, ty: ty.clone() });
                ty
            };
            result = Some(narrower);
        }
        result
    }

    /// Whether an action runs in every run that completes, or in none; `None` where it may be skipped.
    pub(crate) fn runs(&self, action: usize) -> Option<bool> {
        let Some(branches) = &self.branches else { return Some(true) };
        if branches.surely(action, None) {
            return Some(true);
        }
        (branches.when(Some(action)) == When::NEVER).then_some(false)
    }

    /// Whether an edge's condition always holds where it is asked, or never does; `None` where it varies.
    pub(crate) fn constant(&self, edge: usize) -> Option<bool> {
        let branches = self.branches.as_ref()?;
        let behind = match branches.ends[edge]?.from {
            From::Source => None,
            From::Action(from) => Some(from),
        };
        let here = branches.when(behind);
        let runs = &mut branches.known.borrow_mut().runs;
        let taken = runs.edges[edge];
        // Of what never runs nothing is worth a word.
        if here == When::NEVER {
            return None;
        }
        if runs.diagrams.implies(here, taken) {
            return Some(true);
        }
        (runs.diagrams.and(here, taken) == Some(When::NEVER)).then_some(false)
    }
}

impl Branches {
    fn when(&self, behind: Behind) -> When {
        behind.map_or(When::ALWAYS, |action| self.known.borrow().runs.actions[action])
    }

    fn surely(&self, action: usize, behind: Behind) -> bool {
        let through = |site: usize| site == action || self.dominators.leads_through(site, action);
        if behind.is_some_and(through) {
            return true;
        }
        let here = self.when(behind);
        let runs = &mut self.known.borrow_mut().runs;
        let there = runs.actions[action];
        runs.diagrams.implies(here, there)
    }

    /// The nearest condition above an action whose falsity lets what stands behind run without it; else, or where that
    /// takes too much, the nearest.
    fn skipping(&self, action: usize, behind: Behind) -> Option<usize> {
        if self.faulty {
            return None;
        }
        let here = self.when(behind);
        let runs = &mut self.known.borrow_mut().runs;
        let without = runs.diagrams.without(here, runs.actions[action]);
        let mut nearest = None;
        let mut open = vec![action];
        let mut next = 0;
        while let Some(&at) = open.get(next).filter(|_| next < MOST_ASKED) {
            next += 1;
            for &edge in self.edges.leading_to(at) {
                let from = match self.ends[edge]?.from {
                    From::Source => None,
                    From::Action(from) => Some(from),
                };
                if self.conditional[edge] {
                    nearest = nearest.or(Some(edge));
                    let from = from.map_or(When::ALWAYS, |from| runs.actions[from]);
                    let untaken = runs.diagrams.without(from, runs.edges[edge]);
                    let both = without.zip(untaken).and_then(|(one, other)| runs.diagrams.and(one, other));
                    if both.is_some_and(|both| both != When::NEVER) {
                        return Some(edge);
                    }
                }
                open.extend(from.filter(|from| !open.contains(from)));
            }
        }
        nearest
    }
}

/// Whether what is known of a tested place can say something about what is at `path` of a value of type `ty`.
fn concerns(ty: &Type, tested: &Path, path: &Path) -> bool {
    let (tested, path) = (tested.segments(), path.segments());
    if path.starts_with(tested) || tested.starts_with(path) {
        return true;
    }
    // Beside the way, it may tell which branch of a union the value is of.
    let Some((_, around)) = tested.split_last() else { return true };
    path.starts_with(around) && (0..=around.len()).any(|length| is_union(ty, &around[..length]))
}

fn is_union(ty: &Type, path: &[Segment]) -> bool {
    ty.at(&path.iter().cloned().collect()).ty.branches().len() > 1
}
