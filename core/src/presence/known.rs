//! What is known where a ref stands: whether the action it names has completed, and what its value can still be.

use super::diagram::{Variable, When};
use super::dominators::Dominators;
use super::edges::Edges;
use super::runs::Runs;
use super::variables::Tested;
use super::{Behind, Sources};
use crate::graph::{Edge, From};
use crate::template::{Place, Root};
use flowright_schema::{Access, Path, Segment, Type};
use std::cell::RefCell;
use std::collections::HashMap;

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
    edges: Edges,
    ends: Vec<Option<Edge>>,
    conditional: Vec<bool>,
    /// Whether a condition was reported: what it may have said is not known.
    faulty: bool,
}

#[derive(Debug)]
struct Known {
    runs: Runs,
    possible: HashMap<(When, Variable), Vec<bool>>,
    narrowed: HashMap<(usize, u32), Vec<(Path, Vec<bool>, Type)>>,
}

impl Presence {
    /// `at` says what is at a place, where its producer completed.
    pub(crate) fn new(sources: &Sources<'_>, at: &dyn Fn(&Place) -> Access) -> Self {
        Presence::with_steps(sources, at, None)
    }

    /// The same with so many steps of work, or as many as are right for a document of this size.
    pub(super) fn with_steps(
        sources: &Sources<'_>,
        at: &dyn Fn(&Place) -> Access,
        steps: Option<usize>,
    ) -> Self {
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
        let runs = Runs::new(sources, &edges, dominators, at, steps);
        let known = Known { runs, possible: HashMap::new(), narrowed: HashMap::new() };
        Presence {
            branches: Some(Branches {
                known: RefCell::new(known),
                edges,
                ends: sources.edges.to_vec(),
                conditional: sources.conditional.to_vec(),
                faulty: sources.tests.iter().zip(sources.conditional).any(|(test, is)| *is && test.is_none()),
            }),
        }
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
        if here == When::NEVER {
            return None;
        }
        let known = &mut *branches.known.borrow_mut();
        let Known { runs, possible, narrowed } = known;
        let here = match root {
            Root::Event => here,
            // There is a value only where its producer completed.
            Root::Output(action) => runs.diagrams.and(here, runs.actions[action]).unwrap_or(here),
        };
        let mut result: Option<Type> = None;
        let relevant = runs.variables.of_root(root);
        let relevant = relevant.filter(|tested| concerns(ty, &tested.place.path, path)).take(MOST_NARROWED);
        for tested in relevant {
            let Tested { variable, cells, place, .. } = tested;
            let kept =
                possible.entry((here, *variable)).or_insert_with(|| runs.diagrams.possible(here, *variable));
            if kept.iter().all(|kept| *kept) {
                continue;
            }
            let from = result.as_ref().unwrap_or(ty);
            let before = narrowed.entry(from.identity()).or_default();
            let already = before.iter().find(|(path, cells, _)| *path == place.path && cells == kept);
            let narrower = match already {
                Some((_, _, narrower)) => narrower.clone(),
                None => {
                    let narrower = from.narrowed(&place.path, cells, kept);
                    before.push((place.path.clone(), kept.clone(), narrower.clone()));
                    narrower
                }
            };
            result = Some(narrower);
        }
        result
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
        self.known.borrow().runs.behind(behind)
    }

    fn surely(&self, action: usize, behind: Behind) -> bool {
        self.known.borrow_mut().runs.surely(action, behind)
    }

    /// The first condition above an action by which it is skipped although what stands behind runs.
    fn skipping(&self, action: usize, behind: Behind) -> Option<usize> {
        let mut at = action;
        loop {
            if self.faulty {
                return None;
            }
            let incoming = self.edges.leading_to(at);
            if let Some(edge) = incoming.iter().find(|edge| self.conditional[**edge]) {
                return Some(*edge);
            }
            let parents = incoming.iter().filter_map(|edge| match self.ends[*edge]?.from {
                From::Source => None,
                From::Action(from) => Some(from),
            });
            at = parents.into_iter().find(|parent| !self.surely(*parent, behind))?;
        }
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
